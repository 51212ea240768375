import Basics
import SkillModel

/// Services with accounts of their own. Collected by hand; a service that is not here is still found by its variable
/// or its address when the text names it.
enum Services {
    /// One word each, in lower case.
    static let known = first.union(KnownServices.words)

    private static let first: Set<String> = [
        "openai", "anthropic", "gemini", "github", "gitlab", "bitbucket", "slack", "notion", "linear", "jira", "asana",
        "trello",
        "airtable", "figma", "canva", "discord", "telegram", "twilio", "sendgrid", "mailgun", "resend", "stripe",
        "paypal",
        "shopify", "hubspot", "salesforce", "zendesk", "intercom", "dropbox", "spotify", "youtube", "twitter", "reddit",
        "linkedin", "instagram", "facebook", "tiktok", "aws", "azure", "gcp", "cloudflare", "vercel", "netlify",
        "heroku",
        "supabase", "firebase", "mongodb", "snowflake", "bigquery", "databricks", "datadog", "sentry", "grafana",
        "pagerduty",
        "replicate", "elevenlabs", "deepgram", "assemblyai", "cohere", "mistral", "groq", "perplexity", "tavily",
        "serper",
        "exa", "firecrawl", "brave", "apify", "pinecone", "weaviate", "qdrant", "algolia", "mapbox", "plaid",
        "coinbase",
        "binance", "kraken", "todoist", "clickup", "monday", "confluence", "zoom", "calendly", "mailchimp", "feishu",
        "lark",
        "dingtalk", "wechat", "weibo", "bilibili", "productboard", "amplitude", "mixpanel", "posthog", "segment",
        "strava",
        "garmin", "oura", "whoop", "fitbit", "openrouter", "deepseek", "moonshot", "heygen", "runway", "readwise",
        "raindrop",
        "gke", "eks", "bigtable", "spanner", "alloydb", "firestore", "dataplex", "looker", "govee", "granola",
        "vimeo", "twitch", "pinterest", "tumblr", "substack", "wordpress", "webflow", "contentful", "zoho", "pipedrive",
        "freshdesk", "basecamp", "wrike", "miro", "docusign", "quickbooks", "xero", "braintree", "razorpay", "klarna",
        "auth0", "okta", "onelogin", "digitalocean", "linode", "hetzner", "vultr", "planetscale", "upstash", "splunk",
        "newrelic", "langfuse", "langsmith", "wandb", "roboflow", "midjourney", "suno", "ideogram", "cerebras", "xai",
        "serpapi", "scrapingbee", "brightdata", "browserbase", "browserless", "diffbot", "newsapi", "openweathermap",
        "coingecko", "coinmarketcap", "etherscan", "infura", "moralis", "opensea", "helius", "polymarket", "robinhood",
        "kalshi", "whatsapp", "mastodon", "bluesky", "pexels", "unsplash", "pixabay", "giphy", "imgur", "cloudinary",
        "sonos", "ecobee", "roku", "jellyfin", "sonarr", "radarr", "overseerr", "immich", "readeck", "wallabag",
        "miniflux", "karakeep", "ticktick", "habitica", "toggl", "clockify", "ynab", "splitwise", "withings", "hevy",
        "bybit", "tradingview", "marketo", "klaviyo", "typeform", "loops", "crunchbase", "clearbit", "similarweb",
        "semrush", "ahrefs", "meshy", "tripo", "minimax", "kimi", "zhipu", "dashscope", "volcengine", "qiniu",
        "aliyun", "kucoin", "okx", "uptimerobot", "opsgenie", "statuspage", "circleci", "jenkins", "sonarqube",
        "proxmox", "truenas", "unifi", "pihole", "nextcloud", "vaultwarden", "gitea", "forgejo", "plausible", "matomo",
        "bitwarden", "1password", "lastpass", "moltbook", "clickhouse", "turso", "lemonsqueezy",
        "paddle", "substack", "beehiiv", "convertkit", "attio", "lusha", "zoominfo", "buffer",
        "hootsuite", "metricool", "postiz", "typefully", "telnyx", "vonage", "plivo", "retell", "vapi", "cartesia",
        "playht", "kling", "fireflies", "granola", "superhuman", "fastmail",
        "protonmail", "instapaper", "goodreads", "letterboxd", "trakt", "tmdb", "lastfm", "deezer", "audible",
        "doordash", "instacart", "airbnb", "amadeus", "duffel", "kayak", "tuya", "lifx", "smartthings",
        "homeassistant", "tesla", "quicknode", "nansen", "hyperliquid", "uniswap", "circle",
        "revolut", "brex", "gusto", "workday", "servicenow",
        "freshservice", "crowdin", "lokalise", "deepl", "dify", "langflow", "flowise", "pipedream",
        "evernote", "zapier", "n8n", "wolfram", "alpaca", "polygon", "finnhub", "gmail",
        "outlook",
    ]

    /// What a variable's prefix stands for where the name differs.
    static let nameOfPrefix: [String: String] = [
        "openai": "openai", "anthropic": "anthropic", "gemini": "gemini", "github": "github", "gh": "github",
        "gitlab": "gitlab", "hf": "hugging face", "huggingface": "hugging face", "aws": "aws", "notion": "notion",
        "nvidia": "nvidia nim", "slack": "slack", "slack_bot": "slack", "slack_app": "slack", "cf": "cloudflare",
        "cloudflare": "cloudflare", "xai": "xai", "eleven": "elevenlabs", "google_maps": "google maps",
        "brave_search": "brave search", "sentry": "sentry", "fal": "fal", "ngc": "ngc",
        "wandb": "weights & biases",
        "azure_openai": "azure openai", "alpha_vantage": "alpha vantage", "newrelic": "new relic",
        "tg": "telegram", "telegram_bot": "telegram", "discord_bot": "discord", "do": "digitalocean",
        "gsc": "google search console", "ga4": "google analytics", "ms_graph": "microsoft graph",
        "gmail_app": "gmail", "google_calendar": "google calendar", "google_drive": "google drive",
        "google_ads": "google ads", "google_sheets": "google sheets", "google_places": "google places",
        "google_search_console": "google search console", "home_assistant": "home assistant", "hass": "home assistant",
        "ha": "home assistant", "jira": "jira", "atlassian": "atlassian", "confluence": "confluence",
        "x_api": "twitter",
        "together": "together ai", "togetherai": "together ai", "stability": "stability ai", "jina": "jina ai",
        "azure_devops": "azure devops", "ado": "azure devops", "sb": "supabase", "pg": "postgresql",
        "openrouter": "openrouter", "dashscope": "dashscope", "moonshot": "moonshot", "zai": "z.ai", "glm": "zhipu",
        "ark": "volcengine", "fal_ai": "fal", "product_hunt": "product hunt", "crypto_com": "crypto.com",
    ]

    /// Products of Google's cloud that stand for themselves.
    static let googleCloud: Set<String> = [
        "gke", "bigquery", "bigtable", "spanner", "alloydb", "firestore", "dataplex", "looker", "cloud run",
        "cloud sql",
        "vertex ai", "cloud storage", "gemini", "firebase",
    ]

    /// What makes another thing of a service's name: "GitHub Copilot" needs no account of GitHub's interface.
    private static let others: [String: Set<String>] = [
        "github": ["copilot", "actions", "pages", "flavored"], "google": ["fonts", "chrome"],
        "microsoft": ["word", "excel"],
    ]

    /// The known services that words in lower case name, as a skill's own name writes them. O(words).
    static func names(in words: [String]) -> Set<String> {
        var found: Set<String> = []
        let spans = words.map { Word(text: $0, lower: $0, span: SourceSpan(0, 0)) }
        for (index, word) in words.enumerated() {
            if let (_, name) = KnownServices.phrases.match(spans, at: index) {
                found.insert(name)
            } else if first.contains(word) || (known.contains(word) && !KnownServices.ambiguous.contains(word)),
                index + 1 >= words.count || others[word]?.contains(words[index + 1]) != true
            {
                found.insert(word)
            }
        }
        return found
    }

    /// The known service that words from `index` on name with a capital, and how many they are; nil when they don't.
    /// `isSure` is false of a word of English, which may begin a sentence.
    static func named(_ words: [Word], at index: Int) -> (length: Int, name: String, isSure: Bool)? {
        guard let letter = words[index].text.first, letter.isUppercase || letter.isNumber else { return nil }
        if let (length, name) = KnownServices.phrases.match(words, at: index), length > 1 {
            return (length, name, true)
        }
        let word = words[index].lower
        if index + 1 < words.count, others[word]?.contains(words[index + 1].lower) == true { return nil }
        guard known.contains(word) else { return nil }
        return (1, nameOfPrefix[word] ?? word, first.contains(word) || !KnownServices.ambiguous.contains(word))
    }
}

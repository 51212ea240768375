/// Services with accounts of their own. Collected by hand; a service that is not here is still found by its variable
/// or its address when the text names it.
enum Services {
    /// One word each, in lower case.
    static let known: Set<String> = [
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

    /// Names of two words, in lower case.
    private static let pairs: Set<String> = [
        "google drive", "google calendar", "google sheets", "google docs", "google cloud", "google maps",
        "hugging face",
        "microsoft graph", "microsoft teams", "azure openai", "brave search", "home assistant", "nvidia nim",
        "product hunt",
        "cloud run", "cloud sql", "vertex ai", "search console", "google analytics", "google ads", "google tasks",
        "google chat", "google meet", "google photos", "microsoft todo", "power bi", "azure devops", "azure ai",
        "new relic", "philips hue", "digital ocean", "deep l", "cloud storage", "agent platform", "amazon bedrock",
        "aws bedrock", "google search", "apple music", "fal ai", "alpha vantage", "monday.com", "weights biases",
    ]

    /// What a variable's prefix stands for where the name differs.
    static let nameOfPrefix: [String: String] = [
        "openai": "openai", "anthropic": "anthropic", "gemini": "gemini", "github": "github", "gh": "github",
        "gitlab": "gitlab", "hf": "hugging face", "huggingface": "hugging face", "aws": "aws", "notion": "notion",
        "nvidia": "nvidia nim", "slack": "slack", "slack_bot": "slack", "slack_app": "slack", "cf": "cloudflare",
        "cloudflare": "cloudflare", "xai": "xai", "eleven": "elevenlabs", "google_maps": "google maps",
        "brave_search": "brave search", "sentry": "sentry", "fal": "fal", "ngc": "nvidia ngc",
        "wandb": "weights & biases",
        "azure_openai": "azure openai", "alpha_vantage": "alpha vantage",
    ]

    static let canonical: [String: String] = [
        "weights biases": "weights & biases", "search console": "google search console",
        "digital ocean": "digitalocean",
        "power bi": "power bi", "newrelic": "new relic",
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

    /// The known services that words name. O(words).
    static func names(in words: [String]) -> Set<String> {
        var found: Set<String> = []
        for (index, word) in words.enumerated() {
            let pair = index + 1 < words.count ? word + " " + words[index + 1] : ""
            if pairs.contains(pair) {
                found.insert(canonical[pair] ?? pair)
            } else if known.contains(word),
                index + 1 >= words.count || others[word]?.contains(words[index + 1]) != true
            {
                found.insert(word)
            }
        }
        return found
    }

    /// How many words from `index` on name a known service, written with a capital; nil when they don't.
    static func nameLength(_ words: [Word], at index: Int) -> Int? {
        guard let first = words[index].text.first, first.isUppercase else { return nil }
        if index + 1 < words.count, pairs.contains(words[index].lower + " " + words[index + 1].lower) { return 2 }
        if index + 1 < words.count, others[words[index].lower]?.contains(words[index + 1].lower) == true { return nil }
        return known.contains(words[index].lower) ? 1 : nil
    }
}

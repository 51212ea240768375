/// Services with accounts of their own beyond the first table, by general knowledge of their products: their names, the
/// hosts that are not called like them, and the beginnings of their variables. An entry alone makes no dependency: the
/// rules ask for a credential, an address, a command, or words that say that the agent gets in.
enum KnownServices {
    /// One word each.
    static let words = Set(
        """
        abacatepay activecampaign acuity adyen affinity agentmail agora aikido aircall airbyte airtable aiven akamai \
        alchemy alibaba alpha-vantage anyscale apigee apollo appfigures appfollow appsflyer appwrite arize arxiv \
        asaas astronomer attentive auth0 autodesk avalara avature backblaze backlog bamboohr bandwidth baseten \
        baserow basecamp bannerbear betterstack betterment bigcommerce bigquery billcom birdeye bitly bitquery \
        blackbox bluesky botpress box brandfetch brevo bright-data browserbase browserstack bugsnag buildkite bunq \
        buttondown bynder cal.com calcom canva capsulecrm cashfree censys chargebee chartmogul chatwoot chorus \
        chromatic churnzero civitai clerk clickatell clicksend cloud66 cloudamqp cloudconvert cloudsmith coda codacy \
        codecov codeclimate codemagic codesandbox cohere composio confluent constantcontact contentstack convertapi \
        coralogix couchbase coveralls crowdstrike cryptocompare customerio customer.io datocms daytona dataforseo \
        deepinfra deepgram defillama descript devrev dexscreener dialpad digikey discogs discourse disqus docparser \
        docspring docusign dovetail drata dribbble drift dropboxsign duckduckgo dune dynatrace e2b easypost ebay \
        elasticemail emailjs emailoctopus envoy epidemicsound eraser eventbrite everhour exotel expensify faire \
        fathom fauna fibery filestack firehydrant flagsmith flickr flightaware flutterwave foursquare freshbooks \
        freshsales freshworks fortnox fullstory gamma gemfury getresponse ghost gitbook gitguardian gitpod glassdoor \
        glean goodreads gorgias gocardless googleapis granola greenhouse groundx gumroad hackerone harness harvest \
        heap hellosign helpscout hibob hightouch honeybadger honeycomb honeybook hotjar huggingface hunter.io \
        hyperbrowser icims iconik impala inngest instana instantly insightly intigriti ipinfo ipstack iterable \
        ironclad iyzico jfrog jinareader jotform jumpcloud justcall kagi kaltura keap kickbox klarna knock kommo \
        langwatch lattice launchdarkly leadfeeder leexi leonardo.ai lightdash linode litmus livekit loom logrocket \
        logtail luma lumaai m365 magento mailbox mailerlite mailersend mailjet mailtrap mandrill manychat mapquest \
        markmonitor mattermost maxmind maytapi mem0 memberstack mercury messagebird metabase midtrans microsoft365 \
        missive mollie monday.com moneybird mongodb motherduck mux mynotifier n8n namecheap neon neptune.ai netsuite \
        nordigen northflank novu nutshell nvd ngrok office365 ollama-cloud omdb onedrive onenote onfido onepassword \
        oneuptime onfleet ontraport openalex openphone openrouter opensea openweather openweathermap opsgenie \
        optimizely oracle-cloud outreach outscraper paddle paperform papertrail paypal paychex paylocity paystack \
        payu pandadoc peopledatalabs perplexity personio phantombuster photoroom picovoice pipefy piwik plaid \
        planhat plunk podio polygon.io porkbun posthog postmark postman prismic procore productboard proxycurl \
        pubmed pubnub pulumi-cloud pushbullet pushcut pushover pusher pagespeed qase qualtrics quay quickbase quora \
        ramp rapidapi raygun razorpay rebrandly recurly redash render replit requestbin resend revenuecat rev.ai \
        ringcentral rippling rollbar runpod rytr sage salesloft samsara sanity scaleway scrapfly scrapingant \
        scraperapi searchapi seamless securitytrails sendbird sendinblue sendpulse serpstack servicem8 sharepoint \
        shippo shipstation shodan shortcut shortcm signalwire signnow signoz sinch skyvern slite smartlead \
        smartrecruiters smartsheet snapchat snyk socket.dev solcast soundcloud sourcegraph sparkpost spendesk \
        splitio sprig square squarespace squadcast stabilityai stackexchange stackoverflow steam storyblok stytch \
        sumologic supabase supermetrics surveymonkey survicate svix swapcard swiggy synthesia tableau tailscale \
        teachable teamwork telegram temporal-cloud tenable textmagic thinkific tidb tidal tiingo tinybird tinypng \
        tldv together.ai togetherai tomtom tookan trafft trello trigger.dev trustpilot twelvedata typesense uber \
        unstructured unlayer upcloud uploadcare uploadthing upwork urlscan usabilla vanta veed vectara vercel veriff \
        vimeo virustotal visualping volcano volcengine voyageai waha wasabi wati weatherapi weatherbit weglot \
        wetransfer wistia wolframalpha woocommerce wordpress workable workos wufoo xata xendit yandex yelp yodlee \
        youcanbookme youtrack yousign zapsign zendesk zenhub zenrows zeplin zerobounce zerodha zillow zoho zomato \
        zoom zoominfo zulip apitable seatable nocodb bitrix24 yuque tencent baidu qwen douyin xiaohongshu zhihu \
        kuaishou taobao alipay wecom siliconflow stepfun zhipuai coze modelscope gitee coding.net amap iflytek naver \
        kakao coupang nsworld mistral groq sambanova cerebras novita hyperstack vultr lambdalabs vast.ai coreweave \
        nebius modal fal.ai replicate wavespeed pollo luma.ai pika hedra synclabs lovo murf resemble.ai wellsaid \
        speechify otter.ai gladia speechmatics soniox opus.pro beehiiv ghost.org letta zep supermemory nhtsa tmdb \
        opensecrets edgar fred usaspending census noaa nws usgs nasa openaq crossref orcid zenodo figshare uniprot \
        ncbi ensembl pubchem chembl drugbank clinicaltrials openfda semanticscholar wikidata dbpedia openstreetmap \
        overpass nominatim thingspeak imdb thetvdb igdb rawg musicbrainz genius setlist.fm bandsintown ticketmaster \
        songkick openlibrary isbndb gutenberg spoonacular edamam nutritionix openfoodfacts cronometer myfitnesspal \
        strava komoot polar suunto eightsleep homey hubitat shelly nest arlo eufy wyze tado netatmo meross switchbot \
        nanoleaf ikea ewelink tasmota plex emby lidarr prowlarr qbittorrent transmission sabnzbd tautulli ombi \
        audiobookshelf calibre-web komga navidrome paperless-ngx photoprism mealie tandoor vikunja bookstack wikijs \
        joplin standardnotes anytype logseq roamresearch craft.do mem.ai heptabase obsidian-sync raindrop.io \
        pinboard linkding omnivore shiori freshrss feedly inoreader newsblur feedbin
        """.split(separator: " ").map(String.init))

    /// Of these, words of English and names of other things: a name only where the text says that one gets in.
    static let ambiguous: Set<String> = [
        "affinity", "apollo", "attentive", "acuity", "agora", "alchemy", "bandwidth", "backlog", "box", "buffer",
        "brave", "census", "chorus", "circle", "copper", "craft", "delighted", "deputy", "descript", "discourse",
        "drift",
        "drata", "dune", "envoy", "eraser", "exa", "faire", "fathom", "fauna", "front", "gamma", "genius", "ghost",
        "glean", "grain", "greenhouse", "guru", "harness", "harvest", "heap", "here", "impala", "intercom", "instantly",
        "kind", "knock", "kraken", "lattice", "letta", "lever", "levels", "line", "linear", "litmus", "loom", "loops",
        "luma", "matter", "mailbox", "mercury", "miro", "missive", "modal", "monday", "moonshot", "needle", "neon",
        "nest", "notion", "nutshell", "orbit", "oura", "outline", "outreach", "overpass", "paddle", "paperless",
        "perplexity", "pieces", "pika", "pipeline", "plaid", "plausible", "plunk", "poe", "polar", "polygon", "postman",
        "pushover", "ramp", "reflect", "render", "replicate", "resend", "rev", "ring", "rally", "runway", "sage",
        "segment", "shortcut", "shippo", "sanity", "spike", "splitio", "sprig", "square", "steam", "streak", "spanner",
        "suno", "tableau", "tana", "teamwork", "tesla", "tidal", "toast", "transmission", "unstructured", "volcano",
        "whoop", "workday", "zep", "zoom", "alpaca", "asana", "clerk", "coda", "confluent", "duffel", "granola",
        "hunter",
        "gutenberg", "banana", "fred", "edgar", "nasa", "mem0", "cohere", "trello", "shelly", "klarna", "brex", "gusto",
        "kayak", "mistral", "gemini", "attio", "cartesia", "helius", "unifi", "postiz", "dify", "turso", "vapi",
        "retell",
    ]

    /// Several words, by their first; what they are called where that differs.
    static let phrases = NameTable<String>(
        """
        google drive
        google calendar
        google sheets
        google docs
        google slides
        google forms
        google cloud
        google maps
        google places
        google analytics
        google ads
        google tasks
        google chat
        google meet
        google photos
        google keep
        google contacts
        google classroom
        google workspace
        google tag manager
        google search console
        google cloud storage
        google cloud platform = google cloud
        google ai studio
        google translate
        google trends
        google scholar
        google fit
        google home
        google play
        search console = google search console
        hugging face
        microsoft graph
        microsoft teams
        microsoft todo
        microsoft planner
        microsoft entra
        microsoft fabric
        microsoft 365
        microsoft sentinel
        dynamics 365
        ms graph = microsoft graph
        ms teams = microsoft teams
        office 365
        azure openai
        azure devops
        azure ai
        azure ai foundry
        azure blob storage
        azure key vault
        azure cosmos db
        azure monitor
        azure data explorer
        cosmos db
        power bi
        power automate
        power apps
        power platform
        brave search
        home assistant
        nvidia nim
        nvidia ngc = ngc
        product hunt
        cloud run
        cloud sql
        cloud storage
        cloud build
        cloud functions
        cloud spanner
        cloud logging
        vertex ai
        gemini enterprise agent platform
        new relic
        philips hue
        digital ocean = digitalocean
        deep l = deepl
        amazon bedrock
        aws bedrock
        amazon s3
        amazon ses
        amazon polly
        amazon transcribe
        amazon rekognition
        amazon sagemaker
        amazon redshift
        amazon athena
        amazon dynamodb
        amazon seller central
        aws lambda
        aws s3
        apple music
        apple health
        apple podcasts
        app store connect
        play console
        google play console
        fal ai
        together ai
        stability ai
        leonardo ai
        luma ai
        jina ai
        voyage ai
        assembly ai = assemblyai
        eleven labs = elevenlabs
        alpha vantage
        monday.com
        weights biases = weights & biases
        the odds api
        hacker news
        stack overflow
        stack exchange
        open weather
        open meteo
        yahoo finance
        interactive brokers
        charles schwab
        fidelity investments
        coinbase commerce
        crypto.com
        trust wallet
        constant contact
        active campaign = activecampaign
        help scout
        customer io
        cal com
        tally forms
        notion calendar
        bright data
        scraping bee = scrapingbee
        data for seo
        semantic scholar
        meta ads
        facebook ads
        facebook messenger
        facebook marketplace
        linkedin ads
        tiktok ads
        tiktok shop
        youtube music
        youtube data = youtube
        instagram graph = instagram
        whatsapp business = whatsapp
        whatsapp cloud = whatsapp
        apple calendar
        icloud mail
        proton mail
        fast mail
        yahoo mail
        new york times
        alibaba cloud
        tencent cloud
        tencent meeting
        baidu cloud
        oracle cloud
        ibm cloud
        ibm watson
        oci generative ai
        red hat
        mongodb atlas
        neon postgres
        elastic cloud
        grafana cloud
        confluent cloud
        redis cloud
        temporal cloud
        dbt cloud
        prefect cloud
        terraform cloud
        hcp terraform
        docker hub
        circle ci = circleci
        travis ci
        sentry io
        pager duty = pagerduty
        status page = statuspage
        uptime robot = uptimerobot
        better stack
        better uptime
        honey comb = honeycomb
        mail chimp = mailchimp
        send grid = sendgrid
        quick books = quickbooks
        quickbooks online
        wave accounting
        zoho crm
        zoho books
        zoho mail
        shopify admin
        amazon advertising
        amazon ads
        apple ads
        apple search ads
        microsoft ads
        bing ads
        bing webmaster
        bing search
        walmart marketplace
        etsy shop
        uber eats
        door dash = doordash
        open table
        eight sleep
        apple home
        ring doorbell
        tp link
        unifi protect
        synology nas
        proxmox ve
        true nas = truenas
        pi hole = pihole
        next cloud = nextcloud
        fish audio
        play ht
        hume ai
        inworld ai
        character ai
        nano banana
        google veo
        black forest labs
        ready player me
        lemon squeezy
        buy me a coffee
        ko fi
        patreon
        open collective
        github sponsors
        dataverse = dataverse
        microsoft dataverse = dataverse
        service now = servicenow
        sales force = salesforce
        zoom info = zoominfo
        clear bit = clearbit
        people data labs
        crunch base = crunchbase
        sec edgar
        companies house
        uk met office
        national weather service
        openstreetmap overpass
        open food facts
        my fitness pal
        azure speech
        google speech
        """
    ) { _, stated in stated }

    /// The owner of a host's name, where the two differ.
    static let hosts: [String: String] = [
        "googleapis": "google cloud", "graph.microsoft.com": "microsoft graph", "graph.facebook.com": "facebook",
        "openai": "openai", "anthropic": "anthropic", "generativelanguage.googleapis.com": "gemini",
        "www.googleapis.com": "google cloud", "sheets.googleapis.com": "google sheets",
        "docs.googleapis.com": "google docs", "slides.googleapis.com": "google slides",
        "drive.googleapis.com": "google drive", "gmail.googleapis.com": "gmail",
        "calendar.googleapis.com": "google calendar", "people.googleapis.com": "google contacts",
        "tasks.googleapis.com": "google tasks", "maps.googleapis.com": "google maps",
        "places.googleapis.com": "google places", "youtube.googleapis.com": "youtube",
        "translation.googleapis.com": "google translate", "speech.googleapis.com": "google speech",
        "texttospeech.googleapis.com": "google text-to-speech", "vision.googleapis.com": "google vision",
        "aiplatform.googleapis.com": "vertex ai", "bigquery.googleapis.com": "bigquery",
        "storage.googleapis.com": "cloud storage", "analyticsdata.googleapis.com": "google analytics",
        "searchconsole.googleapis.com": "google search console", "googleads.googleapis.com": "google ads",
        "api.x.com": "twitter", "api.twitter.com": "twitter", "api.x.ai": "xai", "api.search.brave.com": "brave search",
        "api.elevenlabs.io": "elevenlabs", "integrate.api.nvidia.com": "nvidia nim", "api.ngc.nvidia.com": "ngc",
        "api-inference.huggingface.co": "hugging face", "huggingface": "hugging face", "atlassian": "atlassian",
        "open.feishu.cn": "feishu", "open.larksuite.com": "lark", "oapi.dingtalk.com": "dingtalk",
        "qyapi.weixin.qq.com": "wecom", "api.weixin.qq.com": "wechat", "open.bigmodel.cn": "zhipu",
        "dashscope.aliyuncs.com": "dashscope", "api.moonshot.cn": "moonshot", "api.moonshot.ai": "moonshot",
        "api.deepseek.com": "deepseek", "ark.cn-beijing.volces.com": "volcengine", "api.minimax.chat": "minimax",
        "api.minimax.io": "minimax", "api.siliconflow.cn": "siliconflow", "hooks.slack.com": "slack",
        "discord": "discord", "discordapp": "discord", "api.telegram.org": "telegram", "api.pushover.net": "pushover",
        "api.stlouisfed.org": "fred", "data.sec.gov": "sec edgar", "api.census.gov": "census",
        "api.weather.gov": "national weather service", "query1.finance.yahoo.com": "yahoo finance",
        "open-meteo": "open-meteo", "openweathermap": "openweathermap", "hacker-news.firebaseio.com": "hacker news",
        "eutils.ncbi.nlm.nih.gov": "ncbi", "api.semanticscholar.org": "semantic scholar", "export.arxiv.org": "arxiv",
        "api.stackexchange.com": "stack exchange", "queue.fal.run": "fal", "fal": "fal", "api.fal.ai": "fal",
        "api.together.xyz": "together ai", "api.stability.ai": "stability ai", "api.mistral.ai": "mistral",
        "api.groq.com": "groq", "api.perplexity.ai": "perplexity", "openrouter": "openrouter",
        "api.replicate.com": "replicate", "api.tavily.com": "tavily", "api.exa.ai": "exa",
        "api.firecrawl.dev": "firecrawl", "r.jina.ai": "jina ai", "s.jina.ai": "jina ai", "api.jina.ai": "jina ai",
        "api.cloudflare.com": "cloudflare", "api.digitalocean.com": "digitalocean", "api.vercel.com": "vercel",
        "api.monday.com": "monday", "api.hubapi.com": "hubspot", "api.intercom.io": "intercom",
        "slack": "slack", "api.linear.app": "linear", "api.notion.com": "notion", "api.airtable.com": "airtable",
        "app.asana.com": "asana", "api.trello.com": "trello", "api.clickup.com": "clickup",
        "api.todoist.com": "todoist", "api.ticktick.com": "ticktick", "api.spotify.com": "spotify",
        "accounts.spotify.com": "spotify", "api.github.com": "github", "gitlab": "gitlab",
        "api.bitbucket.org": "bitbucket",
        "login.microsoftonline.com": "microsoft entra", "dev.azure.com": "azure devops",
        "api.powerbi.com": "power bi", "management.azure.com": "azure", "api.telnyx.com": "telnyx",
        "api.sendgrid.com": "sendgrid", "api.resend.com": "resend", "api.postmarkapp.com": "postmark",
        "api.mailgun.net": "mailgun", "api.brevo.com": "brevo", "api.stripe.com": "stripe", "api.plaid.com": "plaid",
    ]
}

import Basics
import SkillModel

/// Services with an account or an address of their own, known by one of:
/// - a credential's variable whose owner is a known service (`OPENAI_API_KEY` → openai), or is named in the text too;
/// - a command or a block of code that calls an address whose owner the text names (`https://api.serper.dev` → serper);
/// - `gcloud`, where no product of Google Cloud is named;
/// - a description that names a known service, of a skill that shows commands, requests or variables; not a list of them;
/// - "X API", "X account", "X login" where X is the skill's own subject or a known service;
/// - a link whose text is its host's owner, when the skill is named after it.
enum ServiceRule: DependencyRule {
    static let id = "depend.service.account"
    static let message = "an account with this service is needed"

    static func find(_ reading: SkillReading) -> [Dependency] {
        let names = ServiceNames.of(reading)
        let uses = EnvironmentVariableRule.uses(of: reading)
        let found =
            fromCredentials(uses, reading, names) + fromInterfaces(reading, names) + fromCommands(reading, names)
            + fromText(reading, names) + fromLinks(reading, names) + fromName(reading, isUsed: !uses.isEmpty)
            + fromDescription(reading, isUsed: !uses.isEmpty) + fromProtocols(reading)
        // A product of a cloud says more than the cloud, "google drive" more than "google".
        let isSpecific = found.contains {
            Services.googleCloud.contains($0.name) || $0.name.hasPrefix("google ") && $0.name != "google cloud"
        }
        let makers = Set(found.compactMap { $0.name.split(separator: " ").dropLast().first.map(String.init) })
        let all = found + (isSpecific ? [] : fromCloudCommands(reading))
        // A cloud's list of products is one account.
        let isAmazon = found.contains { $0.name == "aws" }
        return all.filter {
            !makers.contains($0.name) && !(isSpecific && $0.name == "google cloud") && !(isAmazon && $0.name == "eks")
        }
    }

    /// "Manage pages in Notion through its API." Names that stand for other things than accounts here, and a skill that
    /// shows nothing to run, say less.
    private static func fromDescription(_ reading: SkillReading, isUsed hasVariables: Bool) -> [Dependency] {
        let isUsed =
            reading.invocations.contains { $0.role != .setup }
            || hasVariables
        guard isUsed, let entry = reading.document.frontMatter.entries.first(where: { $0.key == "description" }) else {
            return []
        }
        let words = reading.description
        let isAccessed = access.isIn(words)
        let isClient = words.contains { ["cli", "client", "skill", "tool"].contains($0.lower) }
        let listed = listed(words)
        return words.indices.compactMap { index in
            guard let (length, name, isSure) = Services.named(words, at: index), !listed.contains(index) else {
                return nil
            }
            let before = index > 0 ? words[index - 1].lower : ""
            let after = index + length < words.count ? words[index + length].lower : ""
            let isEntered = places.contains(before) || accessWords.contains(after)
            guard isEntered || isSure && (isAccessed || isClient), !comparing.contains(before),
                !replaced.isIn(Array(words[max(0, index - 2)..<index]))
            else { return nil }
            return Dependency(.service, name, evidence: [reading.document.evidence(entry.span)])
        }
    }

    /// Where the services of a list of four or more stand: "posts to X, Reddit, Mastodon, Slack and twenty more" says what
    /// one service of another name reaches, not where the user must have accounts. Up to six words may stand between two.
    private static func listed(_ words: [Word]) -> Set<Int> {
        var found: Set<Int> = []
        var list: [Int] = []
        var end = 0
        for index in words.indices where index >= end {
            guard let (length, _, _) = Services.named(words, at: index) else { continue }
            if index - end > 6 { list = [] }
            list.append(index)
            end = index + length
            if list.count >= 4 { found.formUnion(list) }
        }
        return found
    }

    /// "Manage emails via IMAP/SMTP": an account with a server that has no other name.
    private static func fromProtocols(_ reading: SkillReading) -> [Dependency] {
        guard let entry = reading.document.frontMatter.entries.first(where: { $0.key == "description" }) else {
            return []
        }
        let spoken = Set(reading.description.map(\.text))
        let named = protocols.filter { spoken.contains($0) }
        guard !named.isEmpty, reading.sentences.contains(where: { accounts.isIn($0.words) }) else { return [] }
        return named.map {
            Dependency(.service, $0.lowercased(), evidence: [reading.document.evidence(entry.span)])
        }
    }

    private static let protocols = ["IMAP", "SMTP", "CalDAV", "CardDAV", "WebDAV"]
    private static let accounts = PhraseTable(["credentials", "password*", "account", "accounts", "login"])

    private static let access = PhraseTable([
        "api", "apis", "account*", "via", "manage*", "send", "post", "posts", "search", "fetch*", "sync*", "upload*",
        "download*", "integrat*", "connect*", "control*", "interact*", "read", "query", "through", "automate*",
    ])
    /// Words before a service that one is in or goes through.
    private static let places: Set<String> = [
        "on", "in", "from", "to", "via", "through", "using", "with", "into", "connected", "your",
    ]
    private static let replaced = PhraseTable(["alternative to", "instead of", "rather than", "replacement for"])
    private static let comparing: Set<String> = ["like", "as", "e.g", "unlike", "than", "or", "not", "no"]

    private static func fromCredentials(
        _ uses: [EnvironmentVariableRule.Use], _ reading: SkillReading, _ names: ServiceNames
    ) -> [Dependency] {
        uses.compactMap { use in
            guard let owner = owner(ofCredential: use.name),
                let name = Services.nameOfPrefix[owner]
                    ?? (Services.known.contains(owner) ? owner : names.name(of: owner))
            else { return nil }
            return Dependency(
                .service, name, required: !use.isOptional, evidence: [reading.document.evidence(use.span)])
        }
    }

    /// `FEISHU_APP_SECRET` → feishu; nil when the name has no credential's ending.
    static func owner(ofCredential name: String) -> String? {
        for ending in [
            "_ACCESS_KEY_ID", "_SECRET_ACCESS_KEY", "_API_KEY", "_API_TOKEN", "_APP_ID", "_APP_SECRET", "_ACCOUNT_SID",
            "_AUTH_TOKEN", "_ACCESS_TOKEN", "_BOT_TOKEN", "_CLIENT_ID", "_CLIENT_SECRET", "_APIKEY", "_SECRET_KEY",
            "_API_SECRET", "_TOKEN", "_PASSWORD", "_KEY",
        ] where name.hasSuffix(ending) {
            let owner = name.dropLast(ending.count).lowercased()
            return owner.isEmpty ? nil : owner
        }
        return nil
    }

    /// An address of an interface (`https://api.host/…`, `https://host/api/…`) in a block of code or in running text.
    private static func fromInterfaces(_ reading: SkillReading, _ names: ServiceNames) -> [Dependency] {
        let document = reading.document
        let shown =
            document.fragments.map { (text: $0.text, block: $0.block, span: $0.content) }
            + document.codeSpans.map { (text: $0.text, block: $0.block, span: $0.span) }
        var found: [Dependency] = []
        for place in shown where ![.links, .troubleshooting].contains(reading.role(ofBlock: place.block)) {
            for word in place.text.split(whereSeparator: { " \t\n\r\n\"'`()<>,".contains($0) }) {
                guard word.utf8.count < 400, let host = WebAddress.host(in: String(word)),
                    host.hasPrefix("api.") || word.range(of: "/api/") != nil || word.range(of: "/v1/") != nil,
                    let name = service(ofHost: host, names)
                else { continue }
                found.append(Dependency(.service, name, evidence: [document.evidence(place.span)]))
            }
        }
        return found
    }

    /// A cloud's own commands, where no product of it is named.
    private static func fromCloudCommands(_ reading: SkillReading) -> [Dependency] {
        reading.invocations.filter { $0.program == "gcloud" && ![.links, .troubleshooting].contains($0.role) }.map {
            Dependency(
                .service, "google cloud", required: !$0.isGuarded, evidence: [Evidence(line: $0.line, span: $0.span)])
        }
    }

    private static func fromCommands(_ reading: SkillReading, _ names: ServiceNames) -> [Dependency] {
        reading.invocations.compactMap { invocation in
            guard ["curl", "wget", "http", "https", "xh"].contains(invocation.program) else { return nil }
            for word in invocation.words {
                guard let host = WebAddress.host(in: word) ?? WebAddress.bareHost(in: word),
                    let name = service(ofHost: host, names)
                else { continue }
                // Anyone may ask so: an example of a skill about something else needs no account.
                let isOpen = !invocation.words.contains {
                    $0.hasPrefix("-H") || $0.hasPrefix("-u") || $0.contains("$") || $0.hasPrefix("-d")
                        || $0.hasPrefix("--header") || $0.hasPrefix("-X")
                }
                let isSubject = names.subject.contains(name) || reading.description.contains { $0.lower == name }
                return Dependency(
                    .service, name, required: !isOpen || isSubject || !stores.contains(name),
                    evidence: [Evidence(line: invocation.line, span: invocation.span)])
            }
            return nil
        }
    }

    /// The service at a host, when it is known or the text names it. Places that only hand out files are none.
    private static func service(ofHost host: String, _ names: ServiceNames) -> String? {
        guard let owner = WebAddress.owner(ofHost: host), !(stores.contains(owner) && !host.hasPrefix("api.")) else {
            return nil
        }
        if let name = KnownServices.hosts[host] ?? KnownServices.hosts[owner] { return name }
        let labels = host.split(separator: ".").map(String.init)
        let whole = labels.suffix(2).joined()
        return Services.nameOfPrefix[owner]
            ?? (Services.known.contains(owner) ? owner : names.name(of: owner) ?? names.name(of: whole))
            // An agency's host is a label of its government's: `vpic.nhtsa.dot.gov`.
            ?? (labels.last == "gov" ? labels.dropLast(2).reversed().lazy.compactMap { names.name(of: $0) }.first : nil)
    }

    /// Anyone gets files there.
    private static let stores: Set<String> = ["github", "dropbox", "huggingface"]

    /// `[Granola](https://granola.ai)` in a skill named after it, that is no program of that name.
    private static func fromLinks(_ reading: SkillReading, _ names: ServiceNames) -> [Dependency] {
        let programs = Set(reading.invocations.map(\.program))
        return reading.document.links.compactMap { link in
            guard !link.isImage, let host = WebAddress.host(in: link.destination),
                let owner = WebAddress.owner(ofHost: host), owner == ServiceNames.plain(link.text),
                names.subject.contains(owner), !programs.contains(owner)
            else { return nil }
            return Dependency(.service, owner, evidence: [reading.document.evidence(link.span)])
        }
    }

    private static func fromText(_ reading: SkillReading, _ names: ServiceNames) -> [Dependency] {
        var found: [Dependency] = []
        for sentence in reading.sentences
        where ![.troubleshooting, .links, .example].contains(reading.role(of: sentence)) {
            let isHeading = reading.document.blocks[sentence.block].kind == .heading
            for index in sentence.words.indices {
                let known = Services.named(sentence.words, at: index)
                guard let length = known?.length ?? names.ownName(sentence.words, at: index) else { continue }
                let next = index + length
                let after = next < sentence.words.count ? sentence.words[next].lower : ""
                let isAccess = accessWords.contains(after) && (!isHeading || after == "api")
                let isEntry =
                    known != nil && !isHeading && entering.isIn(Array(sentence.words[max(0, index - 3)..<index]))
                guard isAccess || isEntry else { continue }
                let name = known?.name ?? sentence.words[index..<next].map(\.lower).joined(separator: " ")
                found.append(
                    Dependency(
                        .service, name, required: !Optionality.isOptional(sentence),
                        evidence: [reading.document.evidence(sentence.words[index].span)]))
            }
        }
        return found
    }

    /// The skill is named after a known service: "airtable-cli", "Google Calendar".
    private static func fromName(_ reading: SkillReading, isUsed hasVariables: Bool) -> [Dependency] {
        let name = (reading.document.frontMatter.name ?? "").lowercased().split { $0 == "-" || $0 == "_" || $0 == " " }
            .map(String.init)
        let title = WordScanner.words(reading.title).map(\.lower)
        // A name alone can be its author's: something must reach out, or the name is of two words.
        let isUsed = !reading.invocations.isEmpty || hasVariables
        let isAccessed = access.isIn(reading.description) || name.contains("cli") || name.contains("api")
        let heading = reading.document.sections.first.map { reading.document.evidence($0.heading) } ?? Evidence(line: 1)
        return Services.names(in: name).union(Services.names(in: title)).sorted().compactMap {
            isUsed || isAccessed || $0.contains(" ") ? Dependency(.service, $0, evidence: [heading]) : nil
        }
    }

    /// Right before a known service: the agent or its user gets in.
    private static let entering = PhraseTable([
        "access to", "log in to", "log into", "logged in to", "logged into", "sign in to", "signed in to", "connect to",
        "connected to", "authenticate with", "authenticated with", "authenticated to", "credentials for", "key for",
        "token for", "account on", "account with", "account in", "access to your", "access to the", "connect your",
    ])
    private static let accessWords: Set<String> = [
        "api", "api's", "account", "login", "oauth", "credentials", "workspace", "subscription", "tenant", "instance",
        "server", "apis", "webhook", "webhooks", "organization", "tenancy", "subscription", "console",
    ]

    static let examples: [RuleExample] = [
        RuleExample(
            """
            Needs ⟦OPENAI_API_KEY⟧ environment variable.
            """,
            finds: "service openai"),
        RuleExample(
            """
            Calls Acme for prices.
            ```bash
            ⟦⟦curl https://api.acme.dev/v1⟧
            ⟧```
            """,
            finds: "service acme",
            "service acme"),
        RuleExample(
            """
            Asks Acme for the weather.
            ```bash
            ⟦curl -s "acme.in/Oslo?format=3"⟧
            ```
            """,
            finds: "service acme"),
        RuleExample(
            """
            ```bash
            ⟦gcloud projects list⟧
            ```
            """,
            finds: "service google cloud"),
        RuleExample(
            """
            ---
            name: airtable-cli
            description: Reads bases.
            ---
            Text.
            """,
            finds: "service airtable"),
        RuleExample(
            """
            ---
            name: mail
            ⟦description: Reads mail via IMAP.⟧
            ---
            Give the password.
            """,
            finds: "service imap"),
        RuleExample(
            """
            Look the number up at NHTSA.
            ```bash
            ⟦⟦curl https://vpic.nhtsa.dot.gov/api/x⟧
            ⟧```
            """,
            finds: "service nhtsa",
            "service nhtsa"),
        RuleExample(
            """
            Make sure that the user is signed in to ⟦Shopify⟧.
            """,
            finds: "service shopify"),
        .nothing(
            """
            # Test of an HTTP API

            Ask the HTTP API.
            """),
        .nothing(
            """
            ---
            name: sample
            description: Send posts to Reddit, Mastodon, Slack, Some Forum and Discord.
            ---
            ```bash
            acme post a
            ```
            """),
        .nothing(
            """
            ---
            name: sample
            description: Search via a local index, an alternative to Algolia.
            ---
            ```bash
            acme find a
            ```
            """),
        .nothing(
            """
            Render the page. Front matter stays.
            """),
        .nothing(
            """
            Prices.
            ```bash
            curl https://api.acme.dev/v1
            ```
            """),
        .nothing(
            """
            ---
            name: sample
            description: Post to Slack, Discord, Telegram, Reddit, LinkedIn and Mastodon at once.
            ---
            ```bash
            sample post "text"
            ```
            """),
        .nothing(
            """
            ---
            name: sample
            description: Manage pages in Notion, unlike Trello, through its API.
            ---
            Think of pages.
            """),
    ]
}

import Basics
import SkillModel

/// Services with an account or an address of their own, known by one of:
/// - a credential's variable whose owner is a known service (`OPENAI_API_KEY` → openai), or is named in the text too;
/// - a command or a block of code that calls an address whose owner the text names (`https://api.serper.dev` → serper);
/// - a description that names a known service, of a skill that shows commands, requests or variables;
/// - "X API", "X account", "X login" where X is the skill's own subject or a known service.
enum ServiceRule: DependencyRule {
    static let id = "depend.service.account"

    static func find(_ reading: SkillReading) -> [Dependency] {
        let named = namedWords(reading)
        return fromCredentials(reading, named) + fromAddresses(reading, named) + fromText(reading) + fromName(reading)
            + fromDescription(reading)
    }

    /// "Manage pages in Notion through its API." Names that stand for other things than accounts here, and a skill that
    /// shows nothing to run, say less.
    private static func fromDescription(_ reading: SkillReading) -> [Dependency] {
        let isUsed =
            reading.invocations.contains { !$0.isInline && $0.role != .setup }
            || !EnvironmentVariableRule.uses(of: reading).isEmpty
        guard isUsed, let entry = reading.document.frontMatter.entries.first(where: { $0.key == "description" }) else {
            return []
        }
        let words = reading.description
        let isAccessed = access.isIn(words)
        return words.indices.compactMap { index in
            guard let length = Services.nameLength(words, at: index), isAccessed,
                index == 0
                    || !comparing.contains(words[index - 1].lower)
            else { return nil }
            let name = words[index..<index + length].map(\.lower).joined(separator: " ")
            return Dependency(
                .service, Services.canonical[name] ?? Services.nameOfPrefix[name] ?? name,
                evidence: [reading.document.evidence(entry.span)])
        }
    }

    private static let access = PhraseTable([
        "api", "apis", "account*", "via", "manage*", "send", "post", "posts", "search", "fetch*", "sync*", "upload*",
        "download*", "integrat*", "connect*", "control*", "interact*", "read", "query", "through", "automate*",
    ])
    private static let comparing: Set<String> = ["like", "as", "e.g", "unlike", "than", "or", "not", "no"]

    private static func fromCredentials(_ reading: SkillReading, _ named: Set<String>) -> [Dependency] {
        EnvironmentVariableRule.uses(of: reading).compactMap { use in
            guard let owner = owner(ofCredential: use.name) else { return nil }
            let evidence = [reading.document.evidence(use.span)]
            if let known = Services.nameOfPrefix[owner] ?? (Services.known.contains(owner) ? owner : nil) {
                return Dependency(.service, known, required: !use.isOptional, evidence: evidence)
            }
            return named.contains(owner)
                ? Dependency(.service, owner, required: !use.isOptional, evidence: evidence) : nil
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
            return owner.isEmpty || owner.contains("_") && Services.nameOfPrefix[owner] == nil ? nil : owner
        }
        return nil
    }

    private static func fromAddresses(_ reading: SkillReading, _ named: Set<String>) -> [Dependency] {
        fromInterfaces(reading, named) + fromCommands(reading, named)
    }

    /// An address of an interface (`https://api.host/…`, `https://host/api/…`) in a block of code or in running text.
    private static func fromInterfaces(_ reading: SkillReading, _ named: Set<String>) -> [Dependency] {
        let document = reading.document
        let shown =
            document.fragments.map { (text: $0.text, block: $0.block, span: $0.content) }
            + document.codeSpans.map { (text: $0.text, block: $0.block, span: $0.span) }
        var found: [Dependency] = []
        for place in shown where ![.links, .troubleshooting].contains(reading.role(ofBlock: place.block)) {
            for word in place.text.split(whereSeparator: { " \t\n\r\n\"'`()<>,".contains($0) }) {
                guard word.utf8.count < 400, let host = WebAddress.host(in: String(word)),
                    host.hasPrefix("api.") || word.range(of: "/api/") != nil || word.range(of: "/v1/") != nil,
                    let owner = WebAddress.owner(ofHost: host), Services.known.contains(owner) || named.contains(owner)
                else { continue }
                found.append(
                    Dependency(
                        .service, Services.nameOfPrefix[owner] ?? owner, evidence: [document.evidence(place.span)]))
            }
        }
        return found
    }

    private static func fromCommands(_ reading: SkillReading, _ named: Set<String>) -> [Dependency] {
        reading.invocations.compactMap { invocation in
            guard ["curl", "wget", "http", "https", "xh"].contains(invocation.program) else { return nil }
            for word in invocation.words {
                guard let host = WebAddress.host(in: word), let owner = WebAddress.owner(ofHost: host) else { continue }
                guard Services.known.contains(owner) || named.contains(owner) else { continue }
                return Dependency(
                    .service, Services.nameOfPrefix[owner] ?? owner,
                    evidence: [Evidence(line: invocation.line, span: invocation.span)])
            }
            return nil
        }
    }

    private static func fromText(_ reading: SkillReading) -> [Dependency] {
        let subject = Set(
            WordScanner.words(reading.document.frontMatter.name ?? "").flatMap {
                $0.lower.split(separator: "-").map(String.init)
            }
        )
        .union(WordScanner.words(reading.title).map(\.lower))
        var found: [Dependency] = []
        for sentence in reading.sentences
        where ![.troubleshooting, .links, .example].contains(reading.role(of: sentence)) {
            for index in sentence.words.indices {
                guard
                    let length = Services.nameLength(sentence.words, at: index)
                        ?? ownName(sentence.words, index, subject)
                else { continue }
                let next = index + length
                guard next < sentence.words.count, accessWords.contains(sentence.words[next].lower) else { continue }
                let name = sentence.words[index..<next].map(\.lower).joined(separator: " ")
                found.append(
                    Dependency(
                        .service, Services.canonical[name] ?? name, required: !Optionality.isOptional(sentence),
                        evidence: [reading.document.evidence(sentence.words[index].span)]))
            }
        }
        return found
    }

    /// The skill is named after a known service: "airtable-cli", "Google Calendar".
    private static func fromName(_ reading: SkillReading) -> [Dependency] {
        let name = (reading.document.frontMatter.name ?? "").lowercased().split { $0 == "-" || $0 == "_" || $0 == " " }
            .map(String.init)
        let title = WordScanner.words(reading.title).map(\.lower)
        let heading = reading.document.sections.first.map { reading.document.evidence($0.heading) } ?? Evidence(line: 1)
        return Services.names(in: name).union(Services.names(in: title)).sorted().map {
            Dependency(.service, $0, evidence: [heading])
        }
    }

    /// One capitalised word that the skill's name has too.
    private static func ownName(_ words: [Word], _ index: Int, _ subject: Set<String>) -> Int? {
        let word = words[index]
        guard let first = word.text.first, first.isUppercase,
            word.text != word.text.uppercased() || word.text.count > 3,
            subject.contains(word.lower), !commonSubjects.contains(word.lower)
        else { return nil }
        return 1
    }

    private static func namedWords(_ reading: SkillReading) -> Set<String> {
        var named = Set(reading.description.map(\.lower))
        for sentence in reading.sentences {
            for word in sentence.words where word.text.first?.isUppercase == true { named.insert(word.lower) }
        }
        for word in reading.description { named.formUnion(word.lower.split(separator: "-").map(String.init)) }
        return named
    }

    private static let accessWords: Set<String> = [
        "api", "api's", "account", "login", "oauth", "credentials", "workspace", "subscription", "tenant", "dashboard",
        "instance", "server",
    ]
    private static let commonSubjects: Set<String> = [
        "agent", "skill", "web", "rest", "data", "file", "test", "code", "tool", "model", "image", "video", "search",
        "api",
        "react", "storage", "inference", "planning", "testing", "management", "cloud", "node", "python",
        "mcp", "cli", "local", "build", "design", "server", "ai", "browser", "the", "social",
    ]
}

/// Hosts of addresses.
enum WebAddress {
    /// The host of the first `http(s)://` in a text; nil when it is a placeholder, local or numeric.
    static func host(in text: String) -> String? {
        guard let scheme = text[...].range(of: "://") else { return nil }
        let host = text[scheme.upperBound...].prefix {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".")
        }
        let name = host.lowercased()
        guard name.contains("."), !name.hasPrefix("example."), !name.hasSuffix(".example.com"),
            !name.hasSuffix(".local"),
            !name.allSatisfy({ $0.isNumber || $0 == "." })
        else { return nil }
        return name
    }

    /// The label before the public suffix: `api.serper.dev` → serper.
    static func owner(ofHost host: String) -> String? {
        let labels = host.split(separator: ".").map(String.init)
        guard labels.count >= 2 else { return nil }
        let second = labels[labels.count - 2]
        if labels.count >= 3, ["co", "com", "org", "net", "ac", "gov"].contains(second) {
            return labels[labels.count - 3]
        }
        return second
    }
}

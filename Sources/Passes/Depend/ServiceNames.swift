import Basics
import SkillModel

/// How a skill's text writes names: which capitalised words it has, which words it also writes small (those are words
/// of English, not names), and what the skill itself is called.
struct ServiceNames: Sendable {
    /// The words of the skill's name and title, in lower case.
    let subject: Set<String>
    /// Names as the text writes them, by their letters and digits alone: `voiceai` → voice.ai.
    private var written: [String: String] = [:]
    /// How often a word stands small in running text, less how often it stands with a capital inside a sentence.
    private var small: [String: Int] = [:]

    /// Those of a document, worked out once.
    static func of(_ reading: SkillReading) -> ServiceNames {
        reading.once("service names") { ServiceNames(reading) }
    }

    /// O(words).
    init(_ reading: SkillReading) {
        let title = WordScanner.words(reading.title)
        let name = WordScanner.words(reading.document.frontMatter.name ?? "").flatMap {
            $0.lower.split(separator: "-").map(String.init)
        }
        subject = Set(name).union(title.map(\.lower))
        let codes = Dictionary(grouping: reading.document.codeSpans, by: \.block).mapValues { $0.prefix(64) }
        for sentence in reading.sentences {
            let code = codes[sentence.block] ?? []
            for (index, word) in sentence.words.enumerated() {
                guard let first = word.text.first else { continue }
                if first.isUppercase {
                    note(sentence.words, index)
                    if index > 0 { small[word.lower, default: 0] -= 1 }
                } else if !code.contains(where: { $0.span.start <= word.span.start && word.span.end <= $0.span.end }) {
                    small[word.lower, default: 0] += 1
                }
            }
        }
        for index in title.indices { note(title, index) }
        for index in reading.description.indices { note(reading.description, index) }
        for part in name where part.utf8.count > 2 { written[Self.plain(part)] = written[Self.plain(part)] ?? part }
    }

    /// The name whose letters are those of `owner`, a variable's prefix or a host's label; nil when the text has none, or
    /// uses the word as a word.
    func name(of owner: String) -> String? {
        let plain = Self.plain(owner)
        guard plain.utf8.count > 2, let name = written[plain], !Self.common.contains(name),
            small[name, default: 0] <= 0 || subject.contains(name) || name.contains(".")
        else { return nil }
        return name
    }

    /// How many words from `index` on are the skill's own subject, written as a name: one word that the text writes with
    /// a capital more often than not, or two or three in a row; nil when they are not.
    func ownName(_ words: [Word], at index: Int) -> Int? {
        guard isOwn(words[index]), index == 0 || !isOwn(words[index - 1]) else { return nil }
        var length = 1
        while length < 4, index + length < words.count, isOwn(words[index + length]) { length += 1 }
        if length == 1 {
            // "Gemini Live API": the last word of another name is none by itself.
            let before = index > 1 ? words[index - 1] : nil
            let isVerb = before.map {
                ImperativeVerbs.all.contains($0.lower.hasSuffix("s") ? String($0.lower.dropLast()) : $0.lower)
            }
            let isPart = before?.text.first?.isUppercase == true && isVerb == false
            return isPart || small[words[index].lower, default: 0] > 0 ? nil : 1
        }
        let isKnown = words[index..<index + length].contains { Services.known.contains($0.lower) }
        return length < 4 && !isKnown ? length : nil
    }

    /// Whether a word of the title is a name: written with a capital, no word of titles, and nowhere used as a word.
    func isName(_ word: Word) -> Bool { isOwn(word) && small[word.lower, default: 0] <= 0 }

    private func isOwn(_ word: Word) -> Bool {
        guard let first = word.text.first, first.isUppercase,
            word.text != word.text.uppercased() || word.text.count > 3
        else { return false }
        return subject.contains(word.lower) && !Self.common.contains(word.lower)
    }

    private mutating func note(_ words: [Word], _ index: Int) {
        let word = words[index]
        let plain = Self.plain(word.lower)
        if written[plain] == nil { written[plain] = word.lower }
        guard index + 1 < words.count, words[index + 1].text.first?.isUppercase == true else { return }
        let pair = plain + Self.plain(words[index + 1].lower)
        if written[pair] == nil { written[pair] = word.lower + " " + words[index + 1].lower }
    }

    /// Letters and digits alone, in lower case.
    static func plain(_ text: String) -> String {
        String(decoding: text.lowercased().utf8.filter { $0 >= 0x80 || $0.isLetter || $0.isDigit }, as: UTF8.self)
    }

    /// Words of titles that name no service.
    private static let common: Set<String> = [
        "agent", "agents", "skill", "web", "rest", "data", "file", "test", "code", "tool", "model", "image", "video",
        "search", "api", "react", "storage", "inference", "planning", "testing", "management", "cloud", "node",
        "python", "mcp", "cli", "local", "build", "design", "server", "ai", "browser", "the", "social", "access", "my",
        "your", "app", "auth", "client", "user", "admin", "secret", "public", "private", "base", "test", "default",
        "github", "bot", "access", "session", "service", "project", "account", "login", "master", "root", "remote",
        "javascript", "typescript", "kubernetes", "docker", "setup", "guide", "helper", "manager", "live", "run",
        "cluster", "interactions", "messages", "network", "system", "platform", "gateway", "database", "security",
        // Protocols and formats, which nobody has an account with.
        "http", "https", "json", "jsonl", "html", "yaml", "graphql", "grpc", "soap", "openapi", "webhook", "websocket",
        "markdown", "oauth", "jwt", "sql", "xml", "csv", "pdf", "rss",
    ]
}

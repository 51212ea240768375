import Basics
import SkillModel

/// Programs and packages that the front matter's `compatibility` names: "Requires docker and jq" → binary docker, jq.
enum CompatibilityRule: DependencyRule {
    static let id = "depend.front-matter.compatibility"
    static let message = "the front matter's `compatibility` names it"

    static func find(_ reading: SkillReading) -> [Dependency] {
        guard let entry = reading.document.frontMatter.entries.first(where: { $0.key == "compatibility" }) else {
            return []
        }
        let evidence = reading.document.evidence(entry.span)
        let words = WordScanner.words(entry.value)
        let bytes = Array(entry.value.utf8)
        func version(after word: Word) -> String? { StatedVersion.after(bytes, word.span.end) }
        var next = 0
        return words.enumerated().compactMap { index, word in
            guard index >= next else { return nil }
            if let (length, service) = service(words, at: index) {
                next = index + length
                return Dependency(.service, service, evidence: [evidence])
            }
            if let product = Products.needed(words, at: index) {
                return Dependency(product.kind, product.name, version: version(after: word), evidence: [evidence])
            }
            guard Programs.isNamed(word.lower), !Products.commonWords.contains(word.lower) else { return nil }
            return Dependency(.binary, word.lower, version: version(after: word), evidence: [evidence])
        }
    }

    /// "a Slack workspace", "Phoenix server": a name with a capital before what one has an account or an instance of.
    private static func service(_ words: [Word], at index: Int) -> (length: Int, name: String)? {
        let known = Services.named(words, at: index)
        let next = index + (known?.length ?? 1)
        guard next < words.count, places.contains(words[next].lower) else { return nil }
        if let known { return (known.length, known.name) }
        let word = words[index]
        guard word.text.first?.isUppercase == true, word.text.utf8.count > 3, index > 0, !Programs.isKnown(word.lower),
            !common.contains(word.lower), Products.needed(words, at: index) == nil
        else { return nil }
        return (1, word.lower)
    }

    private static let places: Set<String> = [
        "account", "server", "workspace", "instance", "subscription", "tenant", "api", "project", "credentials",
        "token",
    ]
    private static let common: Set<String> = [
        "requires", "need", "needs", "local", "running", "remote", "your", "http", "https", "rest", "json", "with",
        "language", "linux", "macos", "windows", "web", "access", "network", "internet", "valid", "active", "agent",
        "graphql", "python", "typescript", "javascript",
    ]

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            description: Runs it.
            ⟦compatibility: Requires docker and nvidia-container-toolkit⟧
            ---
            Text.
            """,
            finds: "binary docker",
            "apt nvidia-container-toolkit"),
        RuleExample(
            """
            ---
            name: sample
            description: Runs it.
            ⟦compatibility: Requires Python 3.11+, ffmpeg >= 6 and pandoc⟧
            ---
            Text.
            """,
            finds: "binary python3 >=3.11",
            "binary ffmpeg >=6",
            "binary pandoc"),
        RuleExample(
            """
            ---
            name: sample
            description: Runs it.
            ⟦compatibility: Requires an Acmory server and a Slack workspace⟧
            ---
            Text.
            """,
            finds: "service acmory",
            "service slack"),
        .nothing(
            """
            ---
            name: sample
            description: Runs it.
            compatibility: Made for agents with a network
            ---
            Text.
            """),
    ]
}

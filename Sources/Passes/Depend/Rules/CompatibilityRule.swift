import Basics
import SkillModel

/// Programs, packages and servers that the front matter's `compatibility` names: "Requires docker and jq" → binary docker, jq;
/// "a running Redis" → service redis. Optional is what it calls so, and what it joins by "or".
enum CompatibilityRule: DependencyRule {
    static let id = "depend.front-matter.compatibility"
    static let message = "the front matter's `compatibility` names it"

    static func find(_ reading: SkillReading) -> [Dependency] {
        guard let entry = reading.document.frontMatter.entries.first(where: { $0.key == "compatibility" }) else {
            return []
        }
        let evidence = reading.document.evidence(entry.span)
        let bytes = Array(entry.value.utf8)
        func version(after word: Word) -> String? { StatedVersion.after(bytes, word.span.end) }
        var next = 0
        return WordScanner.sentences(bytes, SourceSpan(0, bytes.count), block: -1).flatMap { sentence in
            let words = sentence.words
            next = 0
            return words.indices.compactMap { index -> Dependency? in
                let word = words[index]
                guard index >= next, !isRefused(index, words) else { return nil }
                let isOptional = isOptional(index, sentence, bytes)
                let required = !isOptional && !Substitutes.isOneOf(index, sentence, bytes)
                if let server = LocalServer.named(word.lower), isRunning(index, words) {
                    return Dependency(.service, server.name, required: !isOptional, mustRun: true, evidence: [evidence])
                }
                if let (length, service) = service(words, at: index) {
                    next = index + length
                    return Dependency(.service, service, required: required, evidence: [evidence])
                }
                if let product = Products.needed(words, at: index) {
                    return Dependency(
                        product.kind, product.name, required: required, version: version(after: word),
                        evidence: [evidence])
                }
                guard Programs.isNamed(word.lower),
                    !Products.commonWords.contains(word.lower) || isItem(word, bytes)
                else { return nil }
                return Dependency(
                    .binary, word.lower, required: required, version: version(after: word), evidence: [evidence])
            }
        }
    }

    /// "a running Redis", "Redis (running)", "PostgreSQL must be running".
    private static func isRunning(_ index: Int, _ words: [Word]) -> Bool {
        words[max(0, index - 2)..<min(words.count, index + 4)].contains { $0.lower == "running" }
    }

    /// "no Docker needed", "without Node".
    private static func isRefused(_ index: Int, _ words: [Word]) -> Bool {
        words[max(0, index - 2)..<index].contains { ["no", "without", "not"].contains($0.lower) }
    }

    /// "fd (optional)", "optional: fd, bat", "uv or pip". The word reaches to the next comma after it, from the list's start
    /// when it stands before a colon.
    private static func isOptional(_ index: Int, _ sentence: Sentence, _ bytes: [UInt8]) -> Bool {
        let words = sentence.words
        if words[..<index].contains(where: { opening.contains($0.lower) && isBeforeColonOrVerb($0, bytes) }) {
            return true
        }
        var at = index + 1
        while at < words.count, at < index + 6 {
            if bytes[words[at - 1].span.end..<words[at].span.start].contains(UInt8(ascii: ",")) { return false }
            if words[at].lower == "optional" || words[at].lower == "optionally" || words[at].lower == "recommended" {
                return true
            }
            at += 1
        }
        return false
    }

    private static let opening: Set<String> = ["optional", "optionally", "recommended"]

    /// "Optional: x", "optionally x"; not "x (optional), y".
    private static func isBeforeColonOrVerb(_ word: Word, _ bytes: [UInt8]) -> Bool {
        word.lower == "optionally" && bytes.byte(word.span.end) == .space || bytes.byte(word.span.end) == .colon
    }

    /// An item of a list that is nothing but this name: "GNU parallel, fd, bat". Names that are words of English, too, are
    /// programs there.
    private static func isItem(_ word: Word, _ bytes: [UInt8]) -> Bool {
        func skip(_ index: Int, _ step: Int) -> Int {
            var index = index
            while index >= 0, index < bytes.count, bytes[index] == .space || bytes[index] == .backtick { index += step }
            return index
        }
        let (before, after) = (skip(word.span.start - 1, -1), skip(word.span.end, 1))
        let isOpen = before < 0 || [UInt8(ascii: ","), .colon, .openParenthesis].contains(bytes[before])
        let isClosed =
            after >= bytes.count
            || [UInt8(ascii: ","), .dot, .openParenthesis, .closeParenthesis].contains(bytes[after])
        return isOpen && isClosed && (before >= 0 || after < bytes.count)
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
        RuleExample(
            """
            ---
            name: sample
            description: Runs it.
            ⟦compatibility: GNU parallel, fd, bat (optional), a running Redis, uv or pip. No Docker needed⟧
            ---
            Text.
            """,
            finds: "binary parallel",
            "binary fd",
            "binary bat, optional",
            "service redis",
            "binary uv, optional",
            "binary pip, optional"),
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

import SkillModel

/// A line that shows how a command is called, with the options that may be left out in brackets: `tool list <query> [--limit <n>]`.
/// It is the template that the examples of the same command are calls of.
enum UsageLine {
    static func isOne(_ words: [String]) -> Bool {
        words.contains { $0.hasPrefix("[-") && $0.drop { $0 == "[" || $0 == "-" }.first?.isLetter == true }
    }

    /// The words without what may be left out. O(words).
    static func required(_ words: [String]) -> [String] { read(words).required }

    /// The words with each option that takes a value, without the brackets: not those that are one of several, or stand
    /// alone. O(words).
    static func full(_ words: [String]) -> [String] { read(words).full }

    /// The command without what may be left out and without gaps: what its calls have in common.
    static func bare(_ invocation: Invocation) -> Invocation {
        var copy = invocation
        copy.words = required(invocation.words).filter { gap($0) == nil }
        return copy
    }

    private static func read(_ words: [String]) -> (required: [String], full: [String]) {
        var required: [String] = []
        var full: [String] = []
        var group: [String] = []
        for word in words {
            guard !group.isEmpty || word.hasPrefix("[-") else {
                required.append(word)
                full.append(word)
                continue
            }
            group.append(word)
            guard word.hasSuffix("]") else { continue }
            full += option(group)
            group = []
        }
        return (required, full)
    }

    /// `[--limit`, `<n>]` is `--limit <n>`.
    private static func option(_ group: [String]) -> [String] {
        var words = group
        words[0].removeFirst()
        words[words.count - 1].removeLast()
        let takesValue = words.count == 2 || words.count == 1 && words[0].contains("=")
        return takesValue && !words[0].contains("|") ? words : []
    }

    /// `QUERY`: in such a line what stands in capitals is a value's name.
    static func gap(_ word: String) -> String? {
        guard word.utf8.count > 2, word.utf8.allSatisfy({ $0 == 0x5F || $0 >= 0x41 && $0 <= 0x5A }) else { return nil }
        return ParameterReader.snakeCase(word)
    }
}

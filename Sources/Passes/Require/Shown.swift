import Basics
import SkillModel

/// What a skill shows in full, so that an agent need only take it: preconditions of other ways (`AlternativePaths`).
enum Shown {
    /// Every command of a procedure can be run by itself as it stands: without a value to fill in or to choose, a variable, a
    /// path of the working folder, or a change to the shell that a later one needs; and no code is written to be run. What
    /// a tool's reference shows are samples.
    static func commandsAreFixed(_ facts: SkillFacts) -> Bool {
        // A program that is only named in the running text is run in a way that the agent makes up.
        guard facts.archetype == .procedural, facts.commands.count >= 2, facts.codeFragments.isEmpty,
            facts.commands.allSatisfy({ !$0.isInline && isFixed($0, facts) }), !areSamples(facts.commands),
            !facts.document.fragments.contains(where: { hasFlow($0) })
        else { return false }
        return Set(facts.scripts.map(\.path)).allSatisfy { path in
            facts.commands.contains { command in command.words.contains { $0.hasSuffix(path) } }
        }
    }

    /// One operation with other values each time: the values are samples.
    private static func areSamples(_ commands: [Invocation]) -> Bool {
        var shown: [String: ArraySlice<String>] = [:]
        for command in commands {
            let words = command.unwrapped
            let operation = words.prefix(2).joined(separator: " ")
            if let before = shown.updateValue(words, forKey: operation), before != words { return true }
        }
        return false
    }

    private static func isFixed(_ command: Invocation, _ facts: SkillFacts) -> Bool {
        let bundled = Set(facts.document.references.filter(\.exists).map(\.path))
        return !stateful.contains(command.program) && command.assignments.isEmpty
            && command.redirections.allSatisfy { $0.contains("/dev/null") || $0.contains("&") }
            && command.words.allSatisfy { word in
                // A word in capitals or with "your" is a value to fill in; a number or a text is one to choose.
                let isOpen = word.utf8.contains { [0x24, 0x3C, 0x3E, 0x7B, 0x7D, 0x5B, 0x5D, 0x2A].contains($0) }
                let isRelative =
                    word.contains("/") && !word.hasPrefix("/") && !word.contains("://") && !bundled.contains(word)
                let lower = word.asciiLowercased()
                let isNamed = lower.contains("your") || lower.contains("example") || word.contains("...")
                let isShouted =
                    word.utf8.count > 2
                    && word.utf8.allSatisfy { $0 == 0x5F || $0 == 0x2D || (0x41...0x5A).contains($0) }
                let isChosen = word.utf8.contains(0x20) || word.utf8.first.map(\.isDigit) ?? false
                return !isChosen && !isOpen && !isRelative && !isNamed && !isShouted
            }
    }

    private static let stateful: Set<String> = [
        "cd", "pushd", "popd", "export", "source", ".", "set", "unset", "alias", "eval", "exec", "nvm", "conda", "trap",
        "deactivate", "ssh", "tmux", "screen", "read",
    ]

    /// A loop, a branch or a here-document.
    private static func hasFlow(_ fragment: Fragment) -> Bool {
        fragment.commands.contains { !$0.keywords.isEmpty || $0.redirections.contains { $0.hasPrefix("<<") } }
    }

    /// Nothing says that the files are of a kind that printing does not show, or that they are not to be printed.
    static func filesAreText(_ facts: SkillFacts) -> Bool {
        !facts.isAbout(otherKinds) && facts.sentences(otherKinds).isEmpty && facts.sentences(unprinted).isEmpty
    }

    private static let otherKinds = PhraseTable([
        "pdf", "pdfs", "docx", "xlsx", "pptx", "excel", "powerpoint", "spreadsheet", "spreadsheets",
        "png", "jpg", "jpeg", "screenshot", "screenshots", "photo", "photos", "video", "videos", "audio", "mp3", "mp4",
        "parquet", "sqlite", "notebook", "ipynb", "epub", "binary",
    ])
    private static let unprinted = PhraseTable([
        "never read", "never open", "do not read", "don't read", "do not open", "don't open", "never cat", "do not cat",
        "don't cat", "do not use cat", "don't use cat", "never use cat", "instead of cat", "not cat", "never print",
        "do not print", "don't print", "without reading", "instead of reading",
    ])

    /// Patterns stand in blocks of their own, and none is asked for beyond them.
    static func patternsAreGiven(_ facts: SkillFacts) -> Bool {
        !facts.reading.fragments(in: ["regex", "regexp"]).isEmpty && facts.sentences(patternsAsked).isEmpty
            && !facts.isAbout(patternsAsked)
    }

    private static let patternsAsked = PhraseTable([
        "write a regex", "regex to", "regular expression*", "regex pattern*", "a pattern", "patterns for", "regex for",
    ])

    /// A block of JSON right after a text that names a tool in code.
    static func callsHaveArguments(_ facts: SkillFacts) -> Bool {
        facts.reading.fragments(in: ["json", "jsonc"]).contains { fragment in
            guard fragment.block > 0, ![.outputs, .setup].contains(facts.reading.role(ofBlock: fragment.block)) else {
                return false
            }
            return facts.document.codeSpans.contains { code in
                code.block == fragment.block - 1 && code.text.utf8.count > 3
                    && code.text.utf8.allSatisfy { $0.isIdentifier || $0 == 0x2D || $0 == 0x2E }
                    && code.text.contains("_")
            }
        }
    }

    /// Code in the text that says how one number follows from others.
    static func hasFormula(_ facts: SkillFacts) -> Bool {
        facts.document.codeSpans.contains { isFormula($0.text) }
            || facts.document.fragments.contains { fragment in
                ["", "text", "math", "latex"].contains(fragment.language)
                    && fragment.text.splitLines().contains { isFormula($0) }
            }
    }

    private static func isFormula(_ text: String) -> Bool {
        guard text.utf8.count <= 200, text.contains("=") else { return false }
        let hasLetters = text.utf8.contains { $0.isLetter }
        let operators = [" * ", " / ", " + ", " - ", "sqrt(", "cos(", "sin(", "atan2("].count { text.contains($0) }
        return hasLetters && operators >= 1 && !text.contains("http") && !text.contains("--")
    }
}

import Basics
import SkillModel

/// Variables that nobody has to set, by what the text itself does with them.
struct OwnVariables {
    /// A fragment fills them: by a command, by a constant, or in code (`os.environ["X"] = …`).
    private(set) var own: Set<String> = []
    /// Exported with a value that is whole: no secret, nothing to fill in.
    private(set) var literals: Set<String> = []
    /// What a reader puts a value in the place of: `--image IMAGE_URL`, `[ACCOUNT_ID]`.
    private(set) var placeholders: Set<String> = []
    /// A step gives them: "created in step 1", "save as X_SID".
    private(set) var made: Set<String> = []

    /// O(size of the document).
    init(_ reading: SkillReading) {
        readCode(reading)
        for invocation in reading.invocations { readCommand(invocation) }
        readText(reading)
    }

    // MARK: Code

    private mutating func readCode(_ reading: SkillReading) {
        for fragment in reading.document.fragments where fragment.language != "bash" {
            for line in fragment.text.split(whereSeparator: \.isNewline) {
                // A constant of a program.
                let name = line.prefix { $0 == "_" || ($0.isASCII && ($0.isUppercase || $0.isNumber)) }
                if !name.isEmpty, line[name.endIndex...].hasPrefix(" = ") { own.insert(String(name)) }
                if let name = Self.assigned(line) { own.insert(name) }
            }
        }
    }

    /// `os.environ["X_Y"] = …`, `job.env_vars["X_Y"] = …`, `process.env.X_Y = …`: the name. O(length).
    private static func assigned(_ line: Substring) -> String? {
        guard let equals = line.range(of: " = "), let env = line[..<equals.lowerBound].range(of: "env") else {
            return nil
        }
        let target = line[env.upperBound..<equals.lowerBound]
        let name = target.split { !($0 == "_" || $0.isASCII && ($0.isUppercase || $0.isNumber)) }.last.map(String.init)
        guard let name, EnvironmentVariableRule.isName(name), target.hasSuffix(name) || target.hasSuffix("]") else {
            return nil
        }
        return name
    }

    // MARK: Commands

    private mutating func readCommand(_ invocation: Invocation) {
        var assignments = invocation.assignments
        let isExport = ["export", "declare", "local", "readonly"].contains(invocation.words.first ?? "")
        if isExport { assignments += invocation.words.dropFirst() }
        for assignment in assignments {
            guard let equals = assignment.firstIndex(of: "=") else { continue }
            let name = String(assignment[..<equals])
            let value = assignment[assignment.index(after: equals)...]
            let isComputed = value.contains("$(") || value.contains("`")
            let isSecret = EnvironmentVariableRule.secretEndings.contains { name.hasSuffix($0) }
            let isConstant =
                value.contains(where: \.isNumber) && value.allSatisfy { $0.isNumber || $0 == "." || $0 == "\"" }
            if isComputed || isConstant || (!isExport && !isSecret) || value.hasPrefix("\"0x") || value.hasPrefix("0x")
            {
                own.insert(name)
            } else if isExport, !isSecret, Self.isWhole(value) {
                literals.insert(name)
            }
        }
        if invocation.words.first == "read", let name = invocation.words.last { own.insert(name) }
        readArguments(Array(invocation.words))
    }

    /// Whether a value is one, and no gap or example to be replaced.
    private static func isWhole(_ value: Substring) -> Bool {
        let text = value.filter { $0 != "\"" && $0 != "'" }.lowercased()
        guard !text.isEmpty, !value.contains(where: { "<>{}[]$…*".contains($0) }) else { return false }
        let isGap = gaps.contains { text[...].range(of: $0) != nil }
        return !isGap && text != "changeme" && !EnvironmentVariableRule.isName(String(value))
    }

    private static let gaps = [
        "...", "your", "xxx", "example", "path/to", "placeholder", "my-", "my_", "todo", "replace",
    ]

    /// Names that stand bare among a command's words; not those that it hands on (`docker run -e X_TOKEN`) or asks after.
    private mutating func readArguments(_ words: [String]) {
        guard let program = words.first, !Self.naming.contains(program) else { return }
        for (before, word) in zip(words, words.dropFirst()) where !Self.handing.contains(before) {
            let name = word.split(separator: "=").last.map(String.init) ?? ""
            let bare = name.hasPrefix("[") && name.hasSuffix("]") ? String(name.dropFirst().dropLast()) : name
            let isGap = word.hasPrefix("-") || name == word || bare != name
            if isGap, EnvironmentVariableRule.isName(bare) { placeholders.insert(bare) }
        }
    }

    private static let naming: Set<String> = [
        "export", "unset", "printenv", "declare", "local", "readonly", "read", "echo", "env", "test", "[", "[[",
    ]
    private static let handing: Set<String> = [
        "-e", "--env", "--build-arg", "--secret", "set", "put", "add", "get", "rm", "unset", "delete", "-v",
    ]

    // MARK: Text

    private mutating func readText(_ reading: SkillReading) {
        for sentence in reading.sentences {
            let isMade = Self.making.isIn(sentence.words)
            for (index, word) in sentence.words.enumerated() where EnvironmentVariableRule.isName(word.text) {
                let (before, after) = (word.span.start - 1, word.span.end)
                let bytes = reading.document.bytes
                if before >= 0, after < bytes.count, bytes[before] == .openBracket, bytes[after] == .closeBracket {
                    placeholders.insert(word.text)
                }
                let next = sentence.words[(index + 1)...].prefix(3)
                if isMade, next.first.map({ Self.makers.contains($0.lower) }) ?? false { made.insert(word.text) }
            }
        }
        for fragment in reading.document.fragments {
            let words = WordScanner.sentences(reading.document.bytes, fragment.content, block: fragment.block).flatMap(
                \.words)
            for (index, word) in words.enumerated().dropFirst(2)
            where words[index - 1].lower == "as" && Self.keeping.contains(words[index - 2].lower) {
                if EnvironmentVariableRule.isName(word.text) { made.insert(word.text) }
            }
        }
    }

    private static let making = PhraseTable([
        "created in", "created by", "created during", "made in", "made by", "returned by", "printed by", "from step",
    ])
    private static let makers: Set<String> = ["created", "made", "returned", "printed", "from"]
    private static let keeping: Set<String> = ["save", "store", "keep", "export"]
}

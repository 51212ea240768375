import SkillModel

/// Rows, numbers and names that a program holds because it is an example: as a script it would give their result to whoever
/// runs it, whatever was asked.
enum SampleData {
    // MARK: Python

    /// Why a program is an example; nil when it is none. By form: it takes nothing from anywhere, and a collection of literals,
    /// or numbers that names are set to, are what it works on. Names in capitals are settings. O(n).
    static func objection(to tokens: [PythonToken], hasArguments: Bool) -> String? {
        let code = tokens.filter { $0.kind != .comment }
        if asks(code) { return "what it asks for stands in the code, as an example" }
        guard !reads(code) else { return nil }
        if holdsRecords(code) { return "its data stand in the code, as an example" }
        guard !hasArguments, setsNumbers(code) else { return nil }
        return "the numbers that it works on stand in the code, as an example"
    }

    /// Whether some call takes data from a file, a program, the network or the machine.
    private static func reads(_ code: [PythonToken]) -> Bool {
        code.indices.dropLast().contains { index in
            guard code[index].kind == .name, code[index + 1].text == "(" else {
                return code[index].text == "environ"
            }
            let name = code[index].text.asciiLowercased()
            let arguments = code[(index + 2)...].prefix { $0.depth > code[index + 1].depth }.prefix(64)
            if name == "open" { return !arguments.contains { $0.kind == .string && isWriting($0.text) } }
            if readers.contains(name) || beginnings.contains(where: name.hasPrefix) || name.hasSuffix("reader") {
                return true
            }
            let isWriter = ["save", "write", "dump", "export", "to_", "print"].contains { name.contains($0) }
            guard !isWriter, let first = arguments.first, first.kind == .string else { return false }
            return PythonParameters.isSampleFile(String(first.text.dropFirst().dropLast()))
        }
    }

    /// `client.ask("What is the longest river?")`, `{"prompt": "Tell me a story"}`: a lesson in asking, with a question of its own. O(n).
    private static func asks(_ code: [PythonToken]) -> Bool {
        var callees: [String] = []
        for (index, token) in code.enumerated() {
            let before = index > 0 ? code[index - 1] : nil
            switch token.text {
            case "(": callees.append(before?.kind == .name ? before?.text.asciiLowercased() ?? "" : callees.last ?? "")
            case "[", "{": callees.append(callees.last ?? "")
            case ")", "]", "}": _ = callees.popLast()
            default:
                guard token.kind == .string, isSpeech(token.text) else { continue }
                let isKeyed =
                    index >= 2 && ["=", ":"].contains(code[index - 1].text)
                    && inputs.contains(code[index - 2].text.asciiLowercased().filter { $0 != "\"" && $0 != "'" })
                let callee = before?.text == "(" || before?.text == "," ? callees.last ?? "" : ""
                if isKeyed || askers.contains(where: callee.contains) { return true }
            }
        }
        return false
    }

    /// Three words or more, or a question; no query in capitals.
    private static func isSpeech(_ literal: String) -> Bool {
        guard let quote = literal.utf8.first, quote == 0x22 || quote == 0x27 else { return false }
        let text = literal.drop { $0 == "\"" || $0 == "'" }
        let words = text.split(separator: " ")
        guard let first = words.first, first != first.uppercased() || first.utf8.count < 2 else { return false }
        return (words.count >= 3 || (words.count > 1 && text.contains("?"))) && first.first?.isLetter == true
    }

    private static let inputs: Set<String> = [
        "prompt", "query", "question", "content", "message", "text", "input", "instruction", "instructions", "topic",
    ]
    private static let askers = ["ask", "chat", "prompt", "send", "search", "summar", "translat", "complet", "speak"]

    private static func isWriting(_ literal: String) -> Bool {
        let mode = literal.filter { $0 != "\"" && $0 != "'" }
        return (1...3).contains(mode.count) && mode.contains { "wax".contains($0) }
            && mode.allSatisfy { "wax+bt".contains($0) }
    }

    private static let readers: Set<String> = [
        "get", "post", "put", "request", "urlopen", "connect", "glob", "rglob", "iterdir", "listdir", "walk", "scandir",
        "run", "popen", "check_output", "getenv", "which", "execute", "recv", "query", "search", "client", "exists",
        "now", "today", "stat", "session",
    ]
    private static let beginnings = ["read", "load", "fetch", "download", "scan", "list_", "get_", "find_spec"]

    /// `rows = [["Ann", 3], ["Bob", 4]]`, `frame = DataFrame({"day": [1, 2, 3]})`, `show([3, 1, 2])`: two records of literals
    /// at least, or three literals.
    private static func holdsRecords(_ code: [PythonToken]) -> Bool {
        var open: [(index: Int, scalars: Int, records: Int, isPlain: Bool)] = []
        var target = ""
        for (index, token) in code.enumerated() {
            if token.startsLine { target = token.text }
            switch token.text {
            case "[", "{", "(":
                let before = index > 0 ? code[index - 1] : nil
                // A call's or an index's: what is in it is looked at by itself.
                let isOfName =
                    before.map { $0.kind == .name && !keywords.contains($0.text) || $0.text == "]" || $0.text == ")" }
                    ?? false
                open.append((index, 0, 0, !isOfName))
            case "]", "}", ")":
                guard let group = open.popLast() else { continue }
                let isSetting = target == target.uppercased() && target.contains(where: \.isLetter)
                let isRecord = group.isPlain && group.scalars + group.records > 1
                if group.isPlain, !isSetting, token.text != ")", group.scalars >= 3 || group.records >= 2 {
                    return true
                }
                if !open.isEmpty {
                    if isRecord { open[open.count - 1].records += 1 }
                    if !group.isPlain { open[open.count - 1].isPlain = false }
                }
            case ",", ":", "-", "+": break
            default:
                guard !open.isEmpty else { continue }
                let isScalar =
                    token.kind == .number || token.kind == .string || ["True", "False", "None"].contains(token.text)
                if isScalar, !token.text.hasPrefix("f\"") && !token.text.hasPrefix("f'") {
                    open[open.count - 1].scalars += 1
                } else if token.kind != .newline {
                    open[open.count - 1].isPlain = false
                }
            }
        }
        return false
    }

    private static let keywords: Set<String> = [
        "in", "return", "and", "or", "not", "if", "else", "print", "yield", "is",
    ]

    /// `price = 120`, at the margin, to a name in small letters.
    private static func setsNumbers(_ code: [PythonToken]) -> Bool {
        code.indices.dropLast(3).contains { index in
            let token = code[index]
            return token.startsLine && token.isAtMargin && token.kind == .name && code[index + 1].text == "="
                && code[index + 2].kind == .number && code[index + 3].kind == .newline
                && token.text != token.text.uppercased()
        }
    }

    // MARK: Shell

    /// An array of plain words that a name in small letters is set to, or a here-document that writes rows.
    static func objection(toShell code: String) -> String? {
        let commands = ShellSplitter.commands(in: code)
        for command in commands {
            let file = command.redirections.last { $0.hasPrefix(">") }
            let isDocument = command.redirections.contains { $0.hasPrefix("<<") && !$0.hasPrefix("<<<") }
            if isDocument, let file, data.contains(where: file.asciiLowercased().hasSuffix) {
                return "the rows that it writes stand in the code, as an example"
            }
            for assignment in command.assignments {
                guard let equals = assignment.firstIndex(of: "="), assignment[equals...].hasPrefix("=("),
                    assignment.hasSuffix(")")
                else { continue }
                let name = assignment[..<equals]
                let words = assignment[equals...].dropFirst(2).dropLast().split(whereSeparator: \.isWhitespace)
                let isPlain = words.allSatisfy { word in
                    !word.hasPrefix("-") && !word.contains { "$`*<".contains($0) }
                }
                if words.count > 1, isPlain, name != name.uppercased() {
                    return "its data stand in the code, as an example"
                }
            }
        }
        return nil
    }

    private static let data = [".csv", ".tsv", ".json", ".jsonl", ".txt", ".sql", ".ndjson"]
}

import Basics
import SkillModel

/// Writes a command in which each parameter is a quoted variable of the environment: values are never spliced in.
struct TemplateBuilder {
    /// Options that take no value, as other commands of the skill show: what comes after them has no name by them.
    var switches: Set<String> = []
    /// Variables that hold a program with its options, set by the skill itself: kept, without quotes, where they are run.
    var programs: Set<String> = []
    /// Whether the command is shown with what may be left out: words in capitals are gaps there.
    var isUsage = false
    var text = ""
    private(set) var parameters: [(name: String, type: ParameterReader.ValueType, example: String)] = []

    /// Returns the command's words with `$name` for parameters. `raw` is the command as it stands, with its quotes. Throws
    /// where a value would become part of code.
    mutating func append(_ invocation: Invocation, raw: String) throws(EmbeddedCode.Refusal) -> [String] {
        if invocation.redirections.contains(where: { $0.hasPrefix("<<") }) {
            throw .init("the command reads the lines after it, and they are no part of it")
        }
        try EmbeddedCode.checkProgram(invocation.unwrapped.first)
        if EmbeddedCode.isWritten(invocation.words, invocation.redirections),
            invocation.words.contains(where: {
                !ParameterReader.marks(in: $0).isEmpty || !Self.variables(in: $0).isEmpty
            })
        {
            throw .init("a value would become part of the code of a file")
        }
        var words: [String] = []
        var flag: String?
        let fixed = TemplateBuilder.fixedWords(invocation.words)
        let code = EmbeddedCode.words(invocation.words)
        let verbatim = Self.verbatim(raw)
        let lastClose = invocation.words.lastIndex { $0.hasSuffix("]") && !$0.contains("[") } ?? 0
        var isLeftOut = false
        for (index, word) in invocation.words.enumerated() {
            // `[--limit <n>]`: what a usage line leaves to choose.
            if word.hasPrefix("[-") || word.hasPrefix("[<") || index < lastClose && Self.opensChoice(word) {
                isLeftOut = true
            }
            if isLeftOut {
                if word.hasSuffix("]") { isLeftOut = false }
                continue
            }
            if !words.isEmpty { text += " " }
            if programs.contains(word), word == invocation.unwrapped.first {
                text += word
                words.append(word)
                flag = nil
                continue
            }
            let isVerbatim = verbatim.contains(word[...])
            if code[index + 2] != nil, code[index] == nil, code[index + 1] == nil, EmbeddedCode.isRunner(word) {
                // `xargs -I{} sh -c '…'`: what runs the code, whatever option stands before it.
                words.append(write([.literal(word)]))
            } else if let language = code[index] {
                words.append(try write(code: word, language, flag: flag, isVerbatim: isVerbatim))
            } else if !isVerbatim, word.contains("`") {
                throw .init("a part of the command is worked out by another one")
            } else if !isVerbatim, Self.isWorkedOut(word) {
                words.append(try write(workedOut: word))
            } else if isUsage, let gap = UsageLine.gap(word) {
                words.append(write([.parameter(name: gap, type: ParameterReader.type(ofName: gap), example: word)]))
            } else {
                words.append(write(fixed.contains(index) ? [.literal(word)] : ParameterReader.pieces(word, flag: flag)))
            }
            let isFlag = word.hasPrefix("-") && !word.contains("=") && !switches.contains(word)
            flag = isFlag && !Self.isSwitch(word) ? String(word.drop { $0 == "-" }) : nil
        }
        for redirection in invocation.redirections { write(redirection: redirection) }
        return words
    }

    /// Whether an option takes no value, whoever's it is: by its name, or because the value stands in it (`-Pnative`).
    private static func isSwitch(_ word: String) -> Bool {
        guard word.hasPrefix("--") else {
            let letters = word.utf8.dropFirst()
            return letters.count > 2 && letters.first.map { $0 >= 0x41 && $0 <= 0x5A } == true
                && letters.dropFirst().first.map { $0 >= 0x61 && $0 <= 0x7A } == true
        }
        let name = word.dropFirst(2)
        return everyday.contains(String(name)) || ["no-", "show-", "skip-", "allow-"].contains { name.hasPrefix($0) }
    }

    private static let everyday: Set<String> = [
        "all", "background", "create-namespace", "debug", "detach", "dry-run", "follow", "force", "global", "headless",
        "help", "interactive", "json", "privileged", "quiet", "raw", "recursive", "rm", "save-dev", "stdin", "stdout",
        "verbose", "version", "wait", "watch", "yes",
    ]

    /// `[key=value ...]` of a usage line, where a later word closes it; a test begins with the bracket alone.
    private static func opensChoice(_ word: String) -> Bool {
        word.hasPrefix("[") && word.dropFirst().first?.isLetter == true && !word.contains("]")
    }

    /// The words that stand in single quotes, in which a shell expands nothing. O(length).
    private static func verbatim(_ raw: String) -> Set<Substring> {
        let parts = raw.split(separator: "'", omittingEmptySubsequences: false)
        return parts.count > 2 ? Set(parts.dropFirst().dropLast()) : []
    }

    /// `>out.txt`, `2>&1`: where it leads is fixed, but for its gaps and variables.
    private mutating func write(redirection: String) {
        let number = redirection.prefix(while: \.isNumber)
        let rest = redirection.dropFirst(number.count)
        // A second sign may be a gap's: `><name>.txt`.
        let sign = ["&>>", "&>", ">>", ">&", ">|", "<&", "<>", ">", "<"].first { rest.hasPrefix($0) } ?? ""
        let target = String(rest.dropFirst(sign.count))
        text += " " + number + sign
        if sign.hasSuffix("&") { text += target } else { _ = write(ParameterReader.placeholders(target)) }
    }

    /// JSON and queries are values; other code is fixed, and has its gaps from the environment.
    private mutating func write(
        code: String, _ language: EmbeddedCode.Language, flag: String?, isVerbatim: Bool
    ) throws(EmbeddedCode.Refusal) -> String {
        let variables = isVerbatim ? [] : Self.variables(in: code)
        if language == .json || language == .sql {
            if variables.contains(where: OutlinedScript.isSecret) {
                throw .init("it holds a secret, and no one value can stand for it")
            }
            let option = flag.flatMap { $0.count > 1 ? ParameterReader.snakeCase($0) : nil }
            let name = language == .sql ? "query" : option ?? "body"
            return write([.parameter(name: name, type: .string, example: code)])
        }
        guard variables.isEmpty, isVerbatim || !Self.isWorkedOut(code) && !code.contains("`") else { throw .spliced }
        let found = ParameterReader.marks(in: code)
        if found.count > Solidify.parameterLimit { throw .tooMany }
        let marks = found.map { mark in
            (text: mark.text, name: declare(mark.name, ParameterReader.type(ofName: mark.name), example: mark.text))
        }
        let taking = try EmbeddedCode.taking(marks, in: code, language)
        text += Self.quoted(taking)
        return marks.reduce(code) { $0.replacing($1.text, with: "$" + $1.name) }
    }

    /// `$(date)`, `${NAME:-x}`: stays as it is, in double quotes; what stands beside it is read as any word.
    private mutating func write(workedOut word: String) throws(EmbeddedCode.Refusal) -> String {
        let bytes = Array(word.utf8)
        var written = ""
        var at = 0
        while at < bytes.count {
            let kept = bytes[at...].indices.first { Self.isWorkedOut(at: $0, bytes) } ?? bytes.count
            if kept > at { written += write(ParameterReader.placeholders(bytes.text(at..<kept))) }
            guard kept < bytes.count else { break }
            let isCommand = bytes[kept + 1] == .openParenthesis
            let end =
                isCommand
                ? ShellNesting.end(bytes, kept + 2, bytes.count) : ShellNesting.endOfBrace(bytes, kept + 2, bytes.count)
            let part = bytes.text(kept..<end)
            guard ParameterReader.marks(in: part).isEmpty else {
                throw .init("a command inside of it takes a value")
            }
            text += "\"\(part)\""
            written += part
            at = end
        }
        return written
    }

    /// Whether `$(…)` or more than a variable's name in braces begins here.
    private static func isWorkedOut(at index: Int, _ bytes: [UInt8]) -> Bool {
        guard bytes[index] == .dollar, index + 1 < bytes.count else { return false }
        if bytes[index + 1] == .openParenthesis { return true }
        guard bytes[index + 1] == .openBrace else { return false }
        return bytes[(index + 2)...].first { !$0.isWord } != .closeBrace
    }

    /// Whether a shell puts more than a variable's value into a word: what a command gives, a default, a part. O(length).
    private static func isWorkedOut(_ word: String) -> Bool {
        let bytes = Array(word.utf8)
        return bytes.indices.contains { isWorkedOut(at: $0, bytes) }
    }

    /// The variables in a word, as a shell would expand them. O(length).
    private static func variables(in word: String) -> [String] {
        word.split(separator: "$", omittingEmptySubsequences: false).dropFirst().compactMap { part in
            let name = part.drop { $0 == "{" }.prefix { $0 == "_" || $0.isLetter || $0.isNumber }
            return name.first.map { !$0.isNumber } == true ? String(name) : nil
        }
    }

    /// The program and, after an interpreter, its script or module: what runs does not vary from call to call.
    private static func fixedWords(_ words: [String]) -> Set<Int> {
        guard let program = words.firstIndex(where: { !wrappers.contains($0) && !$0.contains("=") }) else { return [] }
        var fixed = Set(words[program].hasPrefix("$") ? 0..<program : 0..<program + 1)
        let name = words[program].split(separator: "/").last.map(String.init) ?? ""
        guard interpreters.contains(name) else { return fixed }
        var index = program + 1
        while index < words.count {
            let word = words[index]
            if name == "uv" || name == "npm" || name == "pnpm", word == "run" {
                fixed.insert(index)
            } else if word == "-m" {
                fixed.formUnion([index, min(index + 1, words.count - 1)])
                break
            } else if word == "-c" || word == "-e" {
                break
            } else {
                if !word.hasPrefix("-"), !word.hasPrefix("<"), !word.hasPrefix("{") || word.contains("}/") {
                    fixed.insert(index)
                    break
                }
                if !word.hasPrefix("-") { break }
            }
            index += 1
        }
        return fixed
    }

    private static let wrappers: Set<String> = ["sudo", "env", "time", "nohup", "timeout", "exec"]
    private static let interpreters: Set<String> = [
        "python", "python3", "node", "bash", "sh", "zsh", "ruby", "perl", "deno", "bun", "tsx", "npx", "uvx", "uv",
        "bunx",
        "ts-node", "pwsh", "php", "Rscript", "npm", "pnpm",
    ]

    private mutating func write(_ pieces: [ParameterReader.Piece]) -> String {
        var word = ""
        for piece in pieces {
            switch piece {
            case .literal(let literal):
                // The home folder's sign is one outside quotes alone, at a word's start.
                let isHome = word.isEmpty && (literal.hasPrefix("~/") || literal == "~")
                text += isHome ? String(literal.prefix(2)) : ""
                let rest = isHome ? String(literal.dropFirst(2)) : literal
                text += rest.isEmpty && isHome ? "" : TemplateBuilder.quoted(rest)
                word += literal
            case .parameter(let name, let type, let example):
                let unique = declare(name, type, example: example)
                text += "\"$\(unique)\""
                word += "$" + unique
            }
        }
        return word
    }

    private mutating func declare(_ name: String, _ type: ParameterReader.ValueType, example: String) -> String {
        let unique = uniqueName(name, example)
        if !parameters.contains(where: { $0.name == unique }) { parameters.append((unique, type, example)) }
        return unique
    }

    /// `$X` and `${X}` are one.
    private func isSame(_ one: String, _ other: String) -> Bool {
        one == other || ScriptRendering.variable(one).map { $0 == ScriptRendering.variable(other) } ?? false
    }

    private func uniqueName(_ name: String, _ example: String) -> String {
        var candidate = name
        var number = 2
        while let taken = parameters.first(where: { $0.name == candidate }), !isSame(taken.example, example),
            number < 100
        {
            candidate = "\(name)_\(number)"
            number += 1
        }
        return candidate
    }

    static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy {
            ($0 >= 0x30 && $0 <= 0x39) || (($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A) || "-_./:=@%+,".utf8.contains($0)
        }
        return isPlain ? text : QuotedWord.shell(text)
    }
}

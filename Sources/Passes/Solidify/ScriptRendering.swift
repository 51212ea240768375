import Basics
import SkillModel

/// A block of shell code with its values taken out: each is a quoted variable where it stood, and code that the block hands
/// to other programs takes it from the environment. JSON and queries with values in them are one value each.
///
/// Throws where a value would become part of code.
struct ScriptRendering {
    typealias Parameter = SolidificationCandidate.Parameter

    private let bytes: [UInt8]
    /// How the shell reads each byte.
    private let states: [ShellState]
    private let commands: [ShellCommand]
    private let own: Set<String>
    private(set) var parameters: [Parameter]
    private var edits: [(range: Range<Int>, text: String)] = []
    /// The bytes that an edit replaces, and those of code, in which braces and brackets are its own: nothing of the shell's is read there.
    private var isTaken: [Bool]
    /// The bytes of here-documents.
    private var isText: [Bool]
    private var documents: [HereDocumentRange] = []
    /// Variables whose only use may be in what an edit replaced.
    private var taken: Set<String> = []
    /// Parameters that code takes from its environment.
    private var inCode: Set<String> = []

    /// `own`: the variables that the code sets. O(length · (parameters + depth of nesting)), and the code is of
    /// `Solidify.longest` bytes at most.
    init(_ code: String, _ parameters: [Parameter], own: Set<String>) throws(EmbeddedCode.Refusal) {
        self.bytes = Array(code.utf8)
        self.commands = ShellSplitter.commands(in: bytes)
        self.states = Self.states(bytes, commands)
        self.isTaken = Array(repeating: false, count: bytes.count)
        self.isText = isTaken
        self.own = own
        self.parameters = parameters
        self.documents = HereDocumentRange.all(commands, bytes)
        for document in documents {
            for index in document.range { isText[index] = true }
            try read(document)
        }
        for (index, command) in commands.enumerated() {
            try read(
                command,
                isPiped: pipedLanguage(after: index) != nil
                    || EmbeddedCode.isWritten(command.words, command.redirections))
        }
        for mark in marks() {
            _ = add(mark.name, ParameterReader.type(ofName: mark.name), example: mark.text)
            if self.parameters.count > Solidify.parameterLimit { throw .tooMany }
        }
        for parameter in self.parameters where Self.isMark(parameter.example) { replace(parameter) }
    }

    /// `<name>` where a shell would read it, in order: also in a redirection, or the head of a loop. O(length).
    private func marks() -> [(text: String, name: String)] {
        bytes.indices.compactMap { index in
            guard bytes[index] == .less, !isTaken[index],
                let end = ShellWord.placeholderEnd(bytes, index, bytes.count)
            else { return nil }
            guard isText[index] || states[index] != .comment else { return nil }
            let text = bytes.text(index..<end)
            return ParameterReader.snakeCase(text).map { (text, $0) }
        }
    }

    /// `<x>`, `{x}`, `YOUR_X`: wherever it stands it is to be filled in.
    static func isMark(_ example: String) -> Bool {
        ["<", "{", "YOUR_", "your_", "your-"].contains { example.hasPrefix($0) }
    }

    /// The template and the parameters that are left in it.
    func rendered() throws(EmbeddedCode.Refusal) -> (template: String, parameters: [Parameter]) {
        var code: [UInt8] = []
        var at = 0
        for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            guard edit.range.lowerBound >= at else { throw .spliced }
            code += bytes[at..<edit.range.lowerBound] + Array(edit.text.utf8)
            at = edit.range.upperBound
        }
        code += bytes[at...]
        let text = Self.withoutUnused(String(decoding: code, as: UTF8.self), taken)
        var head: [String] = []
        var left: [Parameter] = []
        for parameter in parameters {
            if let variable = Self.variable(parameter.example) {
                guard Self.takes(text, variable) else { continue }
                head.append("\(variable)=\"$\(parameter.name)\"")
                left.append(parameter)
            } else if inCode.contains(parameter.name) || Self.takes(text, parameter.name) {
                left.append(parameter)
            }
        }
        guard !head.isEmpty else { return (text, left) }
        let lines = head.joined(separator: "\n") + "\n"
        guard text.hasPrefix("#!"), let end = text.firstIndex(of: "\n") else { return (lines + text, left) }
        return (text[...end] + lines + text[text.index(after: end)...], left)
    }

    /// Whether the code expands the variable: `$name`, `${name…}`. O(length).
    private static func takes(_ code: String, _ name: String) -> Bool {
        let bytes = Array(code.utf8)
        let needle = Array(name.utf8)
        for index in bytes.indices where bytes[index] == .dollar {
            let start = index + (index + 1 < bytes.count && bytes[index + 1] == .openBrace ? 2 : 1)
            guard start < bytes.count, bytes[start...].starts(with: needle) else { continue }
            let end = start + needle.count
            if end >= bytes.count || !bytes[end].isWord { return true }
        }
        return false
    }

    /// A line that sets a variable from a parameter, where nothing takes the variable any more.
    private static func withoutUnused(_ code: String, _ names: Set<String>) -> String {
        var lines = code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for name in names
        where !takes(code.split(separator: "\n").filter { !$0.hasPrefix(name + "=") }.joined(separator: "\n"), name) {
            lines.removeAll { $0.hasPrefix("\(name)=\"$") && $0.hasSuffix("\"") && !$0.contains(" ") }
        }
        return lines.joined(separator: "\n")
    }

    /// The variable of `$NAME`, `${NAME}` or `${NAME:-x}`, the whole of an example; nil for `$HOME/x`.
    static func variable(_ example: String) -> String? {
        guard example.hasPrefix("$") else { return nil }
        let isBraced = example.hasPrefix("${")
        let inner = example.dropFirst(isBraced ? 2 : 1)
        let name = inner.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
        let isWhole = isBraced ? inner.last == "}" : name.count == inner.count
        return name.isEmpty || !isWhole || name.first?.isNumber == true ? nil : String(name)
    }

    // MARK: Code that other programs run

    /// What the command after a pipe reads as code.
    private func pipedLanguage(after index: Int) -> EmbeddedCode.Language? {
        guard ["echo", "printf"].contains(commands[index].name), index + 1 < commands.count,
            let next = commands[(index + 1)...].first(where: { $0.connector != .substitution }), next.connector == .pipe
        else { return nil }
        return EmbeddedCode.input(next.words)
    }

    private mutating func read(_ command: ShellCommand, isPiped: Bool) throws(EmbeddedCode.Refusal) {
        try EmbeddedCode.checkProgram(command.words.first)
        let embedded = EmbeddedCode.words(command.words)
        var next = 0
        for word in RawWord.all(in: bytes, command.span.range) {
            if next < command.words.count, command.words[next] == word.text {
                defer { next += 1 }
                if isPiped, next > 0, holdsValues(word.range) { throw .spliced }
                if let language = embedded[next] {
                    occupy(word.range)
                    try take(word, language)
                    continue
                }
                // What a script says on its way is its own.
                if !["echo", "printf"].contains(command.name) { sentence(word) }
                if ["export", "local", "readonly"].contains(command.name) { set(word) }
            } else {
                set(word)
            }
        }
    }

    private func holdsValues(_ range: Range<Int>) -> Bool {
        let text = String(decoding: bytes[range], as: UTF8.self)
        return !ParameterReader.marks(in: text).isEmpty || !expansions(in: range).isEmpty
    }

    /// The variables that the shell expands in a range that begins outside quotes; `(` for what a command gives. O(length).
    private func expansions(in range: Range<Int>, isQuoted: Bool = false) -> [String] {
        var found: [String] = []
        var reader = ShellReader()
        for index in range {
            let state = isQuoted ? .double : reader.step(bytes[index])
            guard state == .bare || state == .double, index == range.lowerBound || bytes[index - 1] != .backslash else {
                continue
            }
            if bytes[index] == .backtick { found.append("(") }
            guard bytes[index] == .dollar, index + 1 < range.upperBound else { continue }
            let rest = bytes[(index + 1)..<range.upperBound]
            if rest.first == .openParenthesis { found.append("(") }
            let name = rest.drop { $0 == .openBrace }.prefix { $0.isWord }
            if let first = name.first, !first.isDigit { found.append(String(decoding: name, as: UTF8.self)) }
        }
        return found
    }

    /// A word of code: as it is where it takes no value, one value of its own (JSON, queries), or with its values from the
    /// environment.
    private mutating func take(_ word: RawWord, _ language: EmbeddedCode.Language) throws(EmbeddedCode.Refusal) {
        let raw = String(decoding: bytes[word.range], as: UTF8.self)
        let marks = ParameterReader.marks(in: word.text)
        let variables = expansions(in: word.range)
        let isWhole = language == .json || language == .sql
        if marks.isEmpty, variables.isEmpty, !(isWhole && parameters.contains { $0.example == word.text }) { return }
        if isWhole {
            guard variables.allSatisfy(isGiven) else {
                throw .init("it holds what the block works out, or a secret, and values: no one value can stand for it")
            }
            taken.formUnion(variables)
            let name = add(language == .json ? "body" : "query", .string, example: word.text)
            edit(word.range, "\"$\(name)\"")
            return
        }
        guard variables.isEmpty else { throw .spliced }
        edit(word.range, try EmbeddedCode.taking(named(marks), in: raw, language, isWord: true))
    }

    /// Whether a variable's value comes with the call: set by hand, or from outside and no secret.
    private func isGiven(_ variable: String) -> Bool {
        guard variable != "(", !OutlinedScript.isSecret(variable) else { return false }
        let name = ParameterReader.snakeCase(variable)
        return parameters.contains { $0.name == name && (!own.contains(variable) || Self.variable($0.example) == nil) }
    }

    /// A here-document: the code of a program or a file, or text.
    private mutating func read(_ document: HereDocumentRange) throws(EmbeddedCode.Refusal) {
        let text = String(decoding: bytes[document.range], as: UTF8.self)
        let marks = ParameterReader.marks(in: text)
        let variables = document.isQuoted ? [] : expansions(in: document.range, isQuoted: true)
        if marks.isEmpty, variables.isEmpty { return }
        let words = document.command.words
        let file = document.command.redirections.last { $0.hasPrefix(">") }.map {
            String($0.drop { $0 == ">" || $0 == "|" })
        }
        let target = file ?? (document.command.name == "tee" ? words.last : nil)
        guard let language = EmbeddedCode.input(words) ?? EmbeddedCode.written(text, to: target) else {
            if document.isQuoted { throw .init("a here-document in quotes takes no value") }
            return
        }
        guard variables.isEmpty else { throw .spliced }
        edit(document.range, try EmbeddedCode.taking(named(marks), in: text, language))
    }

    private mutating func named(
        _ marks: [(text: String, name: String)]
    ) throws(EmbeddedCode.Refusal) -> [(text: String, name: String)] {
        if marks.count > Solidify.parameterLimit { throw .tooMany }
        return marks.map { mark in
            let name = add(mark.name, ParameterReader.type(ofName: mark.name), example: mark.text)
            inCode.insert(name)
            return (mark.text, name)
        }
    }

    /// The name of a parameter for `example`, made where there is none.
    private mutating func add(_ name: String, _ type: ParameterReader.ValueType, example: String) -> String {
        if let known = parameters.first(where: { $0.example == example }) { return known.name }
        var candidate = name
        var number = 2
        while number < 100, parameters.contains(where: { $0.name == candidate }) || own.contains(candidate) {
            candidate = "\(name)_\(number)"
            number += 1
        }
        parameters.append(Parameter(name: candidate, type: type, example: example, spans: []))
        return candidate
    }

    // MARK: Values of the shell's own words

    /// `CITY="Bonn"` → `CITY="$city"`, where the value is a parameter's.
    private mutating func set(_ word: RawWord) {
        guard let equals = bytes[word.range].firstIndex(of: .equals), let sign = word.text.firstIndex(of: "=") else {
            return
        }
        let variable = String(word.text[..<sign])
        let value = String(word.text[word.text.index(after: sign)...])
        guard let parameter = parameters.first(where: { $0.name == ParameterReader.snakeCase(variable) }),
            parameter.example == value, !Self.isMark(value), Self.variable(value) == nil
        else { return }
        edit(equals + 1..<word.range.upperBound, "\"$\(parameter.name)\"")
    }

    /// A word that is a sentence, or an option's value that is one.
    private mutating func sentence(_ word: RawWord) {
        for parameter in parameters where parameter.example.contains(" ") && !Self.isMark(parameter.example) {
            if word.text == parameter.example {
                edit(word.range, "\"$\(parameter.name)\"")
                return
            }
            if word.text.hasPrefix("-"), word.text.hasSuffix("=" + parameter.example),
                let equals = bytes[word.range].firstIndex(of: .equals)
            {
                edit(equals + 1..<word.range.upperBound, "\"$\(parameter.name)\"")
                return
            }
        }
    }

    /// Every place of a mark, quoted as the place asks for. O(length · commands).
    private mutating func replace(_ parameter: Parameter) {
        let needle = Array(parameter.example.utf8)
        var at = 0
        while let found = bytes.first(needle, in: at..<bytes.count) {
            let range = found..<found + needle.count
            at = range.upperBound
            if isTaken[range].contains(true) { continue }
            if isText[range].contains(true) {
                edit(range, "${\(parameter.name)}")
                continue
            }
            switch states[found] {
            case .comment, .verbatim: continue
            case .double, .document: edit(range, "${\(parameter.name)}")
            case .bare: edit(range, "\"$\(parameter.name)\"")
            case .single:
                let isWhole =
                    found > 0 && bytes[found - 1] == .singleQuote && range.upperBound < bytes.count
                    && bytes[range.upperBound] == .singleQuote
                if isWhole {
                    edit(found - 1..<range.upperBound + 1, "\"$\(parameter.name)\"")
                } else {
                    edit(range, "'\"$\(parameter.name)\"'")
                }
            }
        }
    }

    /// How the shell reads each byte: from the start of the innermost command that holds it, for quotes inside `$(…)` are
    /// its own; outside of commands from the start of the line. O(length · depth of nesting).
    private static func states(_ bytes: [UInt8], _ commands: [ShellCommand]) -> [ShellState] {
        var states = Array(repeating: ShellState.bare, count: bytes.count)
        var reader = ShellReader()
        for (index, byte) in bytes.enumerated() {
            states[index] = reader.step(byte)
            if byte == .lineFeed { reader = ShellReader() }
        }
        for command in commands.sorted(by: { $0.span.count > $1.span.count }) {
            var reader = ShellReader()
            for index in command.span.start..<min(command.span.end, bytes.count) {
                states[index] = reader.step(bytes[index])
            }
        }
        return states
    }

    private mutating func edit(_ range: Range<Int>, _ text: String) {
        edits.append((range, text))
        occupy(range)
    }

    private mutating func occupy(_ range: Range<Int>) {
        for index in range { isTaken[index] = true }
    }
}

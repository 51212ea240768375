import SkillModel

/// Whether JavaScript or TypeScript can run as a file of its own, and by what. No parser: what is told here is wrong for certain
/// (a bracket without its end, two names side by side, `return` outside a function); other faults are not seen.
struct JavaScriptCode {
    private let tokens: [JavaScriptToken]

    /// Words after which a value begins.
    static let beforeOperand: Set<String> = [
        "return", "typeof", "case", "in", "of", "do", "else", "throw", "new", "delete", "void", "await", "yield",
        "instanceof", "default",
    ]

    /// The code as `node` runs it, and which. Throws where it runs nowhere by itself. O(length).
    static func whole(
        _ text: String, isTypeScript: Bool
    ) throws(EmbeddedCode.Refusal) -> (code: String, runner: TemplateRunner) {
        guard let tokens = JavaScriptTokens.read(text), let last = tokens.last else {
            throw .init("it is no whole code: a bracket, a string or a comment has no end")
        }
        let code = JavaScriptCode(tokens: tokens)
        if last.kind == .op, ![")", "]", "}", ";", ">"].contains(last.text) {
            throw .init("it ends inside of something")
        }
        if code.leavesOut { throw .init("a part of it is left out") }
        if code.returnsAtMargin { throw .init("it is the inside of a function") }
        let isTyped = isTypeScript || code.hasTypes
        if !isTyped, code.hasNeighbours { throw .init("it is no JavaScript") }
        if isTyped, code.needsCompiler { throw .init("it has what is made by a compiler: node takes away types alone") }
        let isModule = code.isModule
        if isModule, code.requires { throw .init("it loads modules in two ways, of which a file has one") }
        // From there on node takes types away by itself.
        let version = isTyped ? "22.18.0" : nil
        let ending = (code.requires ? "c" : "m") + (isTyped ? "ts" : "js")
        return (
            isTyped ? code.withTypeImports(text) : text,
            TemplateRunner(program: "node", minimum: version, ending: ending)
        )
    }

    /// `import { run, type Event }`: node keeps what is imported, and a type is nothing that a module gives. What is only used
    /// where types stand is said to be one.
    private func withTypeImports(_ text: String) -> String {
        var uses: [String: (types: Int, all: Int)] = [:]
        for (index, token) in tokens.enumerated() where token.kind == .name && !isImported(index) {
            if index > 0, tokens[index - 1].text == "." { continue }
            uses[token.text, default: (0, 0)].all += 1
            if isType(index) { uses[token.text, default: (0, 0)].types += 1 }
        }
        var bytes: [UInt8] = []
        var at = 0
        let code = Array(text.utf8)
        for (index, token) in tokens.enumerated() where token.kind == .name && isImported(index) {
            guard let use = uses[token.text], use.types == use.all, tokens[index - 1].text != "type",
                [",", "}"].contains(tokens[index + 1].text)
            else { continue }
            bytes += code[at..<token.range.lowerBound] + Array("type ".utf8)
            at = token.range.lowerBound
        }
        return String(decoding: bytes + code[at...], as: UTF8.self)
    }

    /// A name in the braces of an import that is no import of types.
    private func isImported(_ index: Int) -> Bool {
        let opener = tokens[index].around.opener
        guard opener > 0, tokens[opener].text == "{", index > opener else { return false }
        return tokens[opener - 1].text == "import"
            || tokens[opener - 1].text == "," && opener > 2 && tokens[opener - 3].text == "import"
    }

    /// Whether a type stands here for certain: after `as`, or after the colon of a parameter or a declaration.
    private func isType(_ index: Int) -> Bool {
        guard index > 1 else { return false }
        if tokens[index - 1].text == "as" { return true }
        guard tokens[index - 1].text == ":" else { return false }
        let opener = tokens[index].around.opener
        if opener >= 0, tokens[opener].text == "(" { return !tokens[opener..<index].contains { $0.text == "?" } }
        return index > 2 && ["const", "let", "var"].contains(tokens[index - 3].text)
    }

    /// `{ ... }`, `run(...)`: three dots and nothing that they spread.
    private var leavesOut: Bool {
        tokens.indices.dropLast(2).contains { index in
            tokens[index...index + 2].allSatisfy { $0.text == "." }
                && (index + 3 == tokens.count || [")", "]", "}", ",", ";"].contains(tokens[index + 3].text))
        }
    }

    /// `return` with nothing around it but the blocks of `if`, loops and the like.
    private var returnsAtMargin: Bool {
        tokens.indices.contains { index in
            guard isWord(index, "return") else { return false }
            var around: JavaScriptToken.Around? = tokens[index].around
            while let one = around, one.outer != nil {
                guard one.opener >= 0, isControl(one.opener) else { return false }
                around = one.outer
            }
            return true
        }
    }

    /// Whether a brace opens the block of `if`, a loop, `try` or nothing.
    private func isControl(_ opener: Int) -> Bool {
        guard tokens[opener].text == "{" else { return false }
        guard opener > 0 else { return true }
        let before = tokens[opener - 1]
        if ["else", "try", "finally", "do", ";"].contains(before.text) { return true }
        guard before.text == ")" else { return false }
        guard let open = opening(of: opener - 1), open > 0 else { return false }
        return ["if", "for", "while", "switch", "catch", "with"].contains(tokens[open - 1].text)
    }

    /// The token that opens what the one at `index` closes: where its surroundings stand as they do around it.
    private func opening(of index: Int) -> Int? { closed[index] }

    /// Openers by their closing token.
    private let closed: [Int: Int]

    /// Names, numbers and strings side by side in one line, of which none is a word of the language.
    private var hasNeighbours: Bool {
        tokens.indices.dropFirst().contains { index in
            let (one, next) = (tokens[index - 1], tokens[index])
            guard !next.startsLine else { return false }
            let isValue =
                [.name, .number, .string].contains(one.kind) && [.name, .number, .string].contains(next.kind)
            let isWord =
                one.kind == .name && Self.words.contains(one.text)
                || next.kind == .name && Self.words.contains(next.text)
            return isValue && !isWord
        }
    }

    /// Types where JavaScript has none: `const x: T`, `(x: T)`, `interface X {`, `x as T`.
    private var hasTypes: Bool {
        tokens.indices.contains { index in
            let token = tokens[index]
            guard token.kind == .name, index + 2 < tokens.count else { return false }
            let next = tokens[index + 1]
            if next.text == ":", index > 0 {
                if ["const", "let", "var"].contains(tokens[index - 1].text) { return true }
                let opener = token.around.opener
                return opener >= 0 && tokens[opener].text == "(" && opener == index - 1
            }
            guard next.kind == .name, !next.startsLine else { return false }
            if ["interface", "type", "enum", "namespace"].contains(token.text), token.startsLine {
                return ["{", "=", "extends", "<"].contains(tokens[index + 2].text)
            }
            return token.text == "as" && index > 0 && tokens[index - 1].text != "*" && !isImport(index)
        }
    }

    /// `import { a as b }`, `export { a as b }`: in braces right after these words.
    private func isImport(_ index: Int) -> Bool {
        let opener = tokens[index].around.opener
        guard opener > 0, tokens[opener].text == "{" else { return false }
        return ["import", "export", ","].contains(tokens[opener - 1].text) || tokens[opener - 1].text == "type"
    }

    /// What is no type to be taken away: enumerations, namespaces, decorators, parameters that become properties.
    private var needsCompiler: Bool {
        tokens.indices.dropLast(2).contains { index in
            let (token, next) = (tokens[index], tokens[index + 1])
            if token.text == "@", next.kind == .name { return true }
            guard token.kind == .name else { return false }
            switch token.text {
            case "enum": return next.kind == .name && tokens[index + 2].text == "{"
            case "namespace", "module": return next.kind == .name && ["{", "."].contains(tokens[index + 2].text)
            case "private", "public", "protected", "readonly":
                let opener = token.around.opener
                return opener > 0 && tokens[opener].text == "(" && tokens[opener - 1].text == "constructor"
            case "import": return next.kind == .name && tokens[index + 2].text == "="
            case "export": return next.text == "="
            default: return false
            }
        }
    }

    /// Whether the code is a module that imports, exports or waits at its margin.
    private var isModule: Bool {
        tokens.indices.dropLast().contains { index in
            let next = tokens[index + 1].text
            if isWord(index, "import"), tokens[index].startsLine { return next != "(" && next != "." }
            if isWord(index, "export"), tokens[index].startsLine { return true }
            guard isWord(index, "await") else { return false }
            var around: JavaScriptToken.Around? = tokens[index].around
            while let one = around, one.outer != nil {
                if one.opener >= 0, tokens[one.opener].text == "{", !isControl(one.opener), isBody(one.opener) {
                    return false
                }
                around = one.outer
            }
            return true
        }
    }

    /// Whether a brace opens a function's body: after its parameters, their type, or an arrow.
    private func isBody(_ opener: Int) -> Bool {
        guard opener > 1 else { return false }
        let before = tokens[opener - 1]
        if before.text == ")" { return true }
        return before.text == ">" && tokens[opener - 2].text == "="
            || before.kind == .name && !isWord(opener - 1, "return")
    }

    private var requires: Bool {
        tokens.indices.dropLast().contains { index in
            (isWord(index, "require") && tokens[index + 1].text == "(")
                || (isWord(index, "module") && tokens[index + 1].text == ".")
        }
    }

    /// Whether a token is the word, and no property (`x.return`) or key (`return:`).
    private func isWord(_ index: Int, _ text: String) -> Bool {
        tokens[index].kind == .name && tokens[index].text == text && (index == 0 || tokens[index - 1].text != ".")
            && (index + 1 == tokens.count || tokens[index + 1].text != ":")
    }

    private init(tokens: [JavaScriptToken]) {
        self.tokens = tokens
        var closed: [Int: Int] = [:]
        var open: [Int] = []
        for (index, token) in tokens.enumerated() where token.kind == .op {
            if ["(", "[", "{"].contains(token.text) { open.append(index) }
            if [")", "]", "}"].contains(token.text), let opener = open.popLast() { closed[index] = opener }
        }
        self.closed = closed
    }

    /// Words that stand beside a value.
    private static let words: Set<String> = beforeOperand.union([
        "import", "from", "as", "export", "const", "let", "var", "function", "async", "class", "extends", "static",
        "get", "set", "if", "for", "while", "switch", "catch", "try", "finally", "break", "continue", "with",
        "debugger",
        "using",
    ])
}

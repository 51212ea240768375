/// Whether Python code is a whole program: one that runs when it stands in a file of its own.
enum PythonProgram {
    /// Why `code` is no whole program; nil when it is one. Errs on the side of no: a name that it can't place is taken
    /// for one that an earlier fragment made. O(n log n).
    static func objection(to tokens: [PythonToken]) -> String? {
        if tokens.contains(where: { $0.text == "..." && $0.bracket != 0x5B }) { return "it leaves parts out" }
        if tokens.contains(where: { [">>", "!", "$", "%"].contains($0.text) && $0.startsLine }) {
            return "it is a session, not a program"
        }
        let comments = tokens.filter { $0.kind == .comment }.map { $0.text.asciiLowercased() }
        if comments.contains(where: { text in OutlinedScript.unfinished.contains { text.hasPrefix($0) } }) {
            return "its comments leave a choice or a part to the reader"
        }
        if tokens.contains(where: { $0.text == "__future__" || $0.text == "_skvm" }) { return "it must stand first" }
        let code = tokens.filter { $0.kind != .comment }
        if !runsSomething(code) { return "it defines things and runs none" }
        let bound = bindings(code)
        if bound.contains("*") { return "names come from `import *`" }
        if let name = uses(code).first(where: { !bound.contains($0) && !builtins.contains($0) }) {
            return "it uses `\(name.prefix(40))`, which it does not make"
        }
        return nil
    }

    /// The names that statements at the margin make: what later code, or the text, may go on with. O(n).
    static func kept(_ tokens: [PythonToken]) -> Set<String> {
        let code = tokens.filter { $0.kind != .comment }
        return Set(
            code.indices.dropLast().compactMap { index in
                let token = code[index]
                let isMade = token.isAtMargin && token.startsLine && token.kind == .name && code[index + 1].text == "="
                return isMade ? token.text : nil
            })
    }

    /// All names that the program has when it has run: what `kept` is, modules, functions, and what its loops and blocks set. O(n).
    static func made(_ tokens: [PythonToken]) -> Set<String> {
        let code = tokens.filter { $0.kind != .comment }
        let starts = code.indices.filter { code[$0].isAtMargin && code[$0].startsLine && code[$0].kind != .newline }
        return zip(starts, starts.dropFirst() + [code.count]).reduce(into: Set<String>()) { made, statement in
            let tokens = Array(code[statement.0..<statement.1])
            let head = tokens.first?.text == "async" ? tokens.dropFirst() : tokens[...]
            if let first = head.first, ["def", "class"].contains(first.text) {
                if let name = head.dropFirst().first { made.insert(name.text) }
            } else {
                made.formUnion(bindings(tokens))
            }
        }
    }

    /// Whether a statement at the margin calls something.
    private static func runsSomething(_ code: [PythonToken]) -> Bool {
        var isDefinition = false
        for (index, token) in code.enumerated() {
            if token.startsLine {
                isDefinition =
                    !token.isAtMargin || ["def", "class", "import", "from", "async", "@"].contains(token.text)
                if token.isAtMargin && ["for", "with", "while", "if"].contains(token.text) { return true }
            }
            if !isDefinition, token.text == "(", index > 0, code[index - 1].kind == .name { return true }
        }
        return false
    }

    /// Names that some statement makes.
    private static func bindings(_ code: [PythonToken]) -> Set<String> {
        var bound: Set<String> = []
        var index = 0
        while index < code.count {
            let token = code[index]
            switch token.text {
            case "import": index = bindImports(code, from: index, into: &bound)
            case "def", "class":
                if index + 1 < code.count { bound.insert(code[index + 1].text) }
                if token.text == "def" { bindParameters(code, from: index + 2, until: ":", into: &bound) }
            case "lambda": bindParameters(code, from: index, until: ":", into: &bound)
            case "for": bindTargets(code, from: index + 1, into: &bound)
            case "as": if index + 1 < code.count { bindAlias(code, from: index + 1, into: &bound) }
            case ":=": if index > 0 { bound.insert(code[index - 1].text) }
            case ":" where token.depth == 0 && index > 0 && code[index - 1].startsLine:
                bound.insert(code[index - 1].text)
            case "=" where token.depth == 0: bindBackwards(code, from: index - 1, into: &bound)
            default: break
            }
            index += 1
        }
        return bound
    }

    private static func bindImports(_ code: [PythonToken], from index: Int, into bound: inout Set<String>) -> Int {
        let isFrom = code[..<index].last(where: { $0.startsLine })?.text == "from" && !code[index].startsLine
        var at = index + 1
        var atHead = true
        while at < code.count, code[at].kind != .newline {
            let token = code[at]
            if token.text == "*" { bound.insert("*") }
            if token.kind == .name, token.text != "as", atHead || (isFrom && code[at - 1].text != ".") {
                bound.insert(token.text)
            }
            if token.text == "as", at + 1 < code.count { bound.insert(code[at + 1].text) }
            atHead = token.text == "," || token.text == "("
            at += 1
        }
        return at
    }

    private static func bindParameters(
        _ code: [PythonToken], from start: Int, until end: String, into bound: inout Set<String>
    ) {
        guard start < code.count else { return }
        let depth = code[start].depth
        var at = start
        while at < code.count, code[at].kind != .newline, !(code[at].text == end && code[at].depth == depth) {
            let before = at > 0 ? code[at - 1].text : ""
            if code[at].kind == .name, ["(", ",", "*", "**", "lambda"].contains(before) { bound.insert(code[at].text) }
            at += 1
        }
    }

    private static func bindTargets(_ code: [PythonToken], from start: Int, into bound: inout Set<String>) {
        var at = start
        while at < code.count, code[at].kind != .newline, code[at].text != "in" {
            if code[at].kind == .name { bound.insert(code[at].text) }
            at += 1
        }
    }

    private static func bindAlias(_ code: [PythonToken], from start: Int, into bound: inout Set<String>) {
        var at = start
        while at < code.count, code[at].kind == .name || code[at].text == "(" || code[at].text == "," {
            if code[at].kind == .name { bound.insert(code[at].text) }
            at += 1
            if at < code.count, code[at].text == ",", code[at].depth == 0 { return }
        }
    }

    /// The names of an assignment's left side: `a`, `a, b`, `(a, b)`, not `a.b` or `a[i]`.
    private static func bindBackwards(_ code: [PythonToken], from start: Int, into bound: inout Set<String>) {
        var at = start
        while at >= 0, code[at].kind != .newline, code[at].text != "=" {
            let after = code[at + 1].text
            if code[at].kind == .name, at == 0 || code[at - 1].text != ".", after != "[", after != ".",
                code[at].bracket != 0x5B || after == "," || after == "]"
            {
                bound.insert(code[at].text)
            }
            if code[at].startsLine { break }
            at -= 1
        }
    }

    /// Names that some expression reads, in their order.
    private static func uses(_ code: [PythonToken]) -> [String] {
        var isImport = false
        return code.indices.compactMap { index in
            let token = code[index]
            if token.startsLine { isImport = token.text == "import" || token.text == "from" }
            guard token.kind == .name, !isImport, !keywords.contains(token.text) else { return nil }
            if index > 0, code[index - 1].text == "." || code[index - 1].text == "@" && index + 1 == code.count {
                return nil
            }
            // A keyword argument.
            if token.depth > 0, index + 1 < code.count, code[index + 1].text == "=" { return nil }
            return token.text
        }
    }

    private static let keywords: Set<String> = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
        "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
        "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "match", "case", "type", "_",
    ]

    /// Python 3.11's `dir(builtins)`, less those that no skill's code should have to read, plus a module's own names.
    private static let builtins: Set<String> = [
        "abs", "aiter", "all", "anext", "any", "ascii", "bin", "bool", "bytearray", "bytes", "callable", "chr",
        "classmethod", "compile", "complex", "delattr", "dict", "dir", "divmod", "enumerate", "eval", "exec", "exit",
        "filter", "float", "format", "frozenset", "getattr", "globals", "hasattr", "hash", "help", "hex", "id", "input",
        "int", "isinstance", "issubclass", "iter", "len", "list", "locals", "map", "max", "memoryview", "min", "next",
        "object", "oct", "open", "ord", "pow", "print", "property", "quit", "range", "repr", "reversed", "round", "set",
        "setattr", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple", "vars", "zip", "self", "cls",
        "__name__", "__file__", "__doc__", "__import__", "Exception", "BaseException", "ArithmeticError",
        "AssertionError", "AttributeError", "ConnectionError", "EOFError", "FileExistsError", "FileNotFoundError",
        "ImportError", "IndexError", "IOError", "IsADirectoryError", "KeyError", "KeyboardInterrupt", "LookupError",
        "MemoryError", "ModuleNotFoundError", "NameError", "NotADirectoryError", "NotImplemented",
        "NotImplementedError", "OSError", "OverflowError", "PermissionError", "RecursionError", "RuntimeError",
        "StopAsyncIteration", "StopIteration", "SyntaxError", "SystemExit", "TimeoutError", "TypeError",
        "UnboundLocalError", "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeError", "ValueError", "Warning",
        "UserWarning", "DeprecationWarning", "ZeroDivisionError",
    ]
}

import SkillModel

/// Imports of Python code that it can do without:
/// - in a `try` whose handler for `ImportError` goes on, and the other way that the handler imports instead;
/// - under `if TYPE_CHECKING`, which only a type checker takes;
/// - under a look for the module (`if importlib.util.find_spec("x"):`).
///
/// A handler that ends the program, installs the module or tells the user to makes it needed all the same. So does a
/// handler of every fault around more than imports: it guards what the code does, not what it needs.
enum PythonGuards {
    /// The numbers of such lines, from 1. O(length × depth of nesting).
    static func lines(_ bytes: [UInt8]) -> Set<Int> {
        guard marks.contains(where: { bytes.first($0, in: 0..<bytes.count) != nil }) else { return [] }
        let lines = LogicalLines.python(bytes)
        var found: Set<Int> = []
        for index in lines.indices {
            let text = lines[index].text
            if text.hasPrefix("try:") { found.formUnion(ofTry(index, lines)) }
            let isLook = text.hasPrefix("if ") || text.hasPrefix("elif ")
            if isLook, isTypeChecking(text) || isFinding(text) {
                found.formUnion(body(index, lines).filter { lines[$0].isImport }.map { lines[$0].number })
            }
        }
        return found
    }

    private static let marks = ["try:", "TYPE_CHECKING", "find_spec("].map { Array($0.utf8) }

    private static func isTypeChecking(_ text: String) -> Bool {
        ["if TYPE_CHECKING", "if typing.TYPE_CHECKING", "if t.TYPE_CHECKING"].contains { text.hasPrefix($0) }
    }

    private static func isFinding(_ text: String) -> Bool {
        func has(_ part: String) -> Bool { text[...].range(of: part) != nil }
        return has("find_spec(") && (has("is not None") || !has("is None") && !has("not "))
    }

    private static func ofTry(_ start: Int, _ lines: [LogicalLine]) -> [Int] {
        let tried = body(start, lines)
        var imports = tried.filter { lines[$0].isImport }.map { lines[$0].number }
        if lines[start].rest.hasPrefix("import ") || lines[start].rest.hasPrefix("from ") {
            imports.append(lines[start].number)
        }
        guard !imports.isEmpty else { return [] }
        let isOnlyImports = tried.allSatisfy { lines[$0].isImport || lines[$0].isAssignment }
        var found: [Int] = []
        var next = tried.upperBound
        while next < lines.count, lines[next].indent == lines[start].indent, lines[next].text.hasPrefix("except") {
            let head = lines[next].text
            let handler = body(next, lines)
            let isNamed = ["ImportError", "ModuleNotFoundError"].contains { head[...].range(of: $0) != nil }
            let isAny = head.hasPrefix("except:") || head.hasPrefix("except Exception")
            if isNamed || isAny && isOnlyImports {
                let does = [lines[next].rest] + handler.map { lines[$0].text }
                if !demands(does) {
                    found += imports + handler.filter { lines[$0].isImport }.map { lines[$0].number }
                }
            }
            next = handler.upperBound
        }
        return found
    }

    /// The lines below one that begins a block.
    private static func body(_ start: Int, _ lines: [LogicalLine]) -> Range<Int> {
        var end = start + 1
        while end < lines.count, lines[end].indent > lines[start].indent { end += 1 }
        return start + 1..<end
    }

    /// Whether a handler ends the program, installs what is missing, or tells the user to and has nothing to go on with.
    private static func demands(_ handler: [String]) -> Bool {
        func says(_ text: String) -> Bool { handler.contains { $0[...].range(of: text) != nil } }
        if says("subprocess") || says("os.system") || says("check_call"), says("install") { return true }
        if handler.contains(where: { $0.hasPrefix("import ") || $0.hasPrefix("from ") }) { return false }
        if handler.contains(where: { line in endings.contains { line.hasPrefix($0) } }) { return true }
        return says("install") && !handler.contains { LogicalLine.isGoingOn($0) }
    }

    private static let endings = ["raise", "sys.exit", "exit(", "quit(", "os._exit", "return 1", "return False"]
}

/// A statement's first line with where it stands.
struct LogicalLine {
    /// From 1.
    var number: Int
    var indent: Int
    /// Its first bytes.
    var text: String

    /// What follows the first colon: the statement of `try: import x`.
    var rest: String {
        guard let colon = text.firstIndex(of: ":") else { return "" }
        return String(text[text.index(after: colon)...].drop { $0 == " " })
    }

    var isImport: Bool { text.hasPrefix("import ") || text.hasPrefix("from ") }
    var isAssignment: Bool { Self.assigns(text) }

    static func assigns(_ text: String) -> Bool {
        let name = text.prefix { $0 == "_" || $0 == "." || $0.isLetter || $0.isNumber }
        let rest = text[name.endIndex...].drop { $0 == " " }
        return !name.isEmpty && rest.hasPrefix("=") && !rest.hasPrefix("==")
    }

    /// A handler's line that makes do: a value instead, a stand-in, nothing.
    static func isGoingOn(_ text: String) -> Bool {
        assigns(text) || ["pass", "def ", "class ", "return None", "continue"].contains { text.hasPrefix($0) }
    }
}

enum LogicalLines {
    private static let longest = 400

    /// The statements of Python code, strings and brackets over several lines read as one; comments and empty lines left
    /// out. O(length).
    static func python(_ bytes: [UInt8]) -> [LogicalLine] {
        var lines: [LogicalLine] = []
        var cursor = ScriptCursor(bytes)
        while !cursor.isAtEnd {
            let number = cursor.line
            var indent = 0
            while cursor.byte.isBlank, !cursor.isAtEnd {
                indent += cursor.byte == .tab ? 8 : 1
                cursor.advance()
            }
            let start = cursor.index
            skipStatement(&cursor)
            var end = min(cursor.index, start + longest, bytes.count)
            while end > start, bytes[end - 1].isWhitespace { end -= 1 }
            guard end > start, bytes[start] != .hash else { continue }
            lines.append(LogicalLine(number: number, indent: indent, text: bytes.text(start..<end)))
        }
        return lines
    }

    private static func skipStatement(_ cursor: inout ScriptCursor) {
        var depth = 0
        while !cursor.isAtEnd {
            switch cursor.byte {
            case .lineFeed:
                cursor.advance()
                if depth == 0 { return }
            case .hash:
                while !cursor.isAtEnd, cursor.byte != .lineFeed { cursor.advance() }
            case .doubleQuote, .singleQuote: PythonImports.skipString(&cursor)
            case .openParenthesis, .openBracket, .openBrace:
                depth += 1
                cursor.advance()
            case .closeParenthesis, .closeBracket, .closeBrace:
                depth = max(0, depth - 1)
                cursor.advance()
            case .backslash where cursor.peek(1) == .lineFeed: cursor.advance(2)
            default: cursor.advance()
            }
        }
    }
}

import SkillModel

/// What stands around the imports of JavaScript code: a `try` whose `catch` goes on without the module, or loads another, makes
/// an import one that the code can do without. A `catch` that only speaks, throws or ends the program does not.
struct JavaScriptGuards {
    private enum Frame {
        case plain
        case tried(from: Int, start: Int)
        case instead(from: Int)
    }

    private var frames: [Frame] = []
    private var next: Frame?
    /// Deeper ones are read as plain ones.
    private static let deepest = 512

    /// Before the brace that follows `try`.
    mutating func tries(_ imports: Int, at index: Int) { next = .tried(from: imports, start: index) }

    mutating func open() {
        frames.append(frames.count < Self.deepest ? next ?? .plain : .plain)
        next = nil
    }

    /// At a closing brace; marks what was found inside.
    mutating func close(_ cursor: ScriptCursor, _ found: inout [BundledFile.Import]) {
        switch frames.popLast() {
        case .tried(let from, let start):
            guard from <= found.count, let handler = Self.handler(cursor), cursor.index - start < 600,
                Self.goesOn(handler)
            else { return }
            for index in from..<found.count { found[index].isGuarded = true }
            next = .instead(from: found.count)
        case .instead(let from):
            for index in min(from, found.count)..<found.count { found[index].isGuarded = true }
        default: break
        }
    }

    /// The text of the `catch` block that follows, at most some hundred bytes of it; nil when there is none.
    private static func handler(_ cursor: ScriptCursor) -> String? {
        var cursor = cursor
        cursor.advance()
        cursor.skipWhitespace()
        guard cursor.has("catch") else { return nil }
        let limit = cursor.index + 800
        while !cursor.isAtEnd, cursor.byte != .openBrace, cursor.index < limit { cursor.advance() }
        let start = cursor.index + 1
        var depth = 0
        while !cursor.isAtEnd, cursor.index < limit {
            if cursor.byte == .openBrace { depth += 1 }
            if cursor.byte == .closeBrace { depth -= 1 }
            if depth == 0 { return cursor.bytes.text(start..<max(start, cursor.index)) }
            cursor.advance()
        }
        return nil
    }

    private static func goesOn(_ handler: String) -> Bool {
        func says(_ text: String) -> Bool { handler[...].range(of: text) != nil }
        if says("require(") || says("import(") { return true }
        if says("process.exit") || says("throw ") || says("Deno.exit") { return false }
        let lines = handler.split { $0 == "\n" || $0 == ";" }.map { $0.drop { $0.isWhitespace } }.filter {
            !$0.isEmpty && !$0.hasPrefix("//")
        }
        return lines.isEmpty || lines.contains { !$0.hasPrefix("console.") && !$0.hasPrefix("log") }
    }
}

import Basics
import SkillModel

/// A code block's language, places and shell commands.
struct FragmentReader {
    struct Fence {
        var byte: UInt8
        var length: Int
    }

    private let text: SourceText
    private let block: Int
    private let span: SourceSpan
    private let changes: [Int]
    private var bytes: [UInt8] { text.bytes }

    /// `changes` are the offsets at which cmark was given another byte than the source has.
    init(_ text: SourceText, block: Int, span: SourceSpan, changes: [Int]) {
        self.changes = changes
        self.text = text
        self.block = block
        self.span = span
    }

    /// `literal` is the code as cmark reads it; `fence` is nil for an indented block. O(n).
    func read(_ literal: [UInt8], _ info: [UInt8], _ fence: Fence?) -> Fragment {
        let place = place(of: literal, fence)
        let map = LineMap(literal, bytes, place.content, text.lines)
        let literal = restored(literal, map, place.content)
        let info = info.text(0..<info.count)
        let language = Self.language(info)
        var fragment = Fragment(
            block: block, language: language, info: info, span: span, content: place.content,
            text: literal.text(0..<literal.count), isClosed: place.isClosed)
        if language == "bash" || (language.isEmpty && ShellGuess.looksLikeShell(literal)) {
            let code = ShellSession.code(literal)
            fragment.commands = ShellSplitter.commands(in: code).map { command in
                var command = command
                command.span = map.span(command.span)
                return command
            }
        }
        return fragment
    }

    /// The code with the source's bytes where cmark got others.
    private func restored(_ literal: [UInt8], _ map: LineMap, _ content: SourceSpan) -> [UInt8] {
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] < content.start { low = middle + 1 } else { high = middle }
        }
        guard low < changes.count, changes[low] < content.end else { return literal }
        var restored = literal
        while low < changes.count, changes[low] < content.end {
            if let place = map.textOffset(changes[low]), place < restored.count {
                restored[place] = bytes[changes[low]]
            }
            low += 1
        }
        return restored
    }

    /// The first word in lower case with aliases folded. `{.bash}` and `bash{1,3}` read as `bash`.
    static func language(_ info: String) -> String {
        let word = info.utf8.drop { !$0.isWord }.prefix { $0.isWord || $0 == .hyphen || $0 == 0x2B || $0 == .hash }
        let name = String(decoding: word.map(\.lowercased), as: UTF8.self)
        return aliases[name] ?? name
    }

    private static let aliases: [String: String] = [
        "sh": "bash", "shell": "bash", "zsh": "bash", "console": "bash", "shell-session": "bash", "shellscript": "bash",
        "terminal": "bash", "sh-session": "bash", "bash-session": "bash", "ksh": "bash", "dash": "bash",
        "py": "python", "python3": "python", "py3": "python",
        "js": "javascript", "node": "javascript", "mjs": "javascript", "cjs": "javascript", "jsx": "javascript",
        "ts": "typescript", "tsx": "typescript", "mts": "typescript",
        "yml": "yaml", "rb": "ruby", "golang": "go", "rs": "rust", "md": "markdown", "ps1": "powershell",
        "pwsh": "powershell", "htm": "html", "postgresql": "sql", "psql": "sql", "mysql": "sql", "sqlite": "sql",
        "plaintext": "text", "txt": "text", "plain": "text", "jsonc": "json", "json5": "json",
    ]

    private func place(of literal: [UInt8], _ fence: Fence?) -> (content: SourceSpan, isClosed: Bool) {
        let first = text.lines.line(at: span.start)
        let last = max(first, text.lines.line(at: max(span.start, span.end - 1)))
        guard let fence else {
            return (SourceSpan(span.start, lineEnd(last)), true)
        }
        let start = min(text.lines.span(ofLine: first).end, bytes.count)
        let isClosed = last > first && isClosing(last, fence)
        // cmark ends an unclosed block where its container ends; its text says how many lines are in it.
        let end = isClosed ? text.lines.span(ofLine: last).start : max(start, last > first ? lineEnd(last) : start)
        return (SourceSpan(start, max(start, end)), isClosed)
    }

    private func lineEnd(_ line: Int) -> Int { text.lines.span(ofLine: line).end }

    private func isClosing(_ line: Int, _ fence: Fence) -> Bool {
        var range = bytes.trimmed(text.lines.span(ofLine: line).range)
        while !range.isEmpty, bytes[range.lowerBound] == .greater || bytes[range.lowerBound].isBlank {
            range = range.lowerBound + 1..<range.upperBound
        }
        return range.count >= fence.length && bytes[range].allSatisfy { $0 == fence.byte }
    }
}

/// Maps offsets in a fragment's text to the source: a line of the text is the end of a line of the source.
private struct LineMap {
    private var textStarts: [Int] = []
    private var sourceStarts: [Int] = []
    private let limit: SourceSpan

    init(_ literal: [UInt8], _ source: [UInt8], _ content: SourceSpan, _ lines: LineTable) {
        limit = content
        var line = lines.line(at: content.start)
        for part in literal.lines(0..<literal.count) {
            let length = literal.withoutLineEnd(part).count
            let end = source.withoutLineEnd(lines.span(ofLine: line).range).upperBound
            textStarts.append(part.lowerBound)
            sourceStarts.append(max(end - length, lines.span(ofLine: line).start))
            line += 1
        }
    }

    /// Where the source's byte at `offset` stands in the text; nil when it isn't part of it.
    func textOffset(_ offset: Int) -> Int? {
        var low = 0
        var high = sourceStarts.count
        guard high > 0 else { return nil }
        while high - low > 1 {
            let middle = (low + high) / 2
            if sourceStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let place = textStarts[low] + offset - sourceStarts[low]
        let end = low + 1 < textStarts.count ? textStarts[low + 1] : Int.max
        return offset >= sourceStarts[low] && place < end ? place : nil
    }

    func span(_ span: SourceSpan) -> SourceSpan {
        let start = offset(span.start)
        let end = span.end > span.start ? min(offset(span.end - 1) + 1, limit.end) : start
        return SourceSpan(start, max(start, end))
    }

    private func offset(_ offset: Int) -> Int {
        var low = 0
        var high = textStarts.count
        guard high > 0 else { return limit.start }
        while high - low > 1 {
            let middle = (low + high) / 2
            if textStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return min(max(sourceStarts[low] + offset - textStarts[low], limit.start), limit.end)
    }
}

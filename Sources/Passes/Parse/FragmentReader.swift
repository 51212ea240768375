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
    private var bytes: [UInt8] { text.bytes }

    init(_ text: SourceText, block: Int, span: SourceSpan) {
        self.text = text
        self.block = block
        self.span = span
    }

    /// `literal` is the code as cmark reads it; `fence` is nil for an indented block. O(n).
    func read(_ literal: [UInt8], _ info: [UInt8], _ fence: Fence?) -> Fragment {
        let place = place(of: literal, fence)
        let info = info.text(0..<info.count)
        let language = Self.language(info)
        var fragment = Fragment(
            block: block, language: language, info: info, span: span, content: place.content,
            text: literal.text(0..<literal.count), isClosed: place.isClosed)
        if language == "bash" || (language.isEmpty && ShellGuess.looksLikeShell(literal)) {
            let code = ShellSession.code(literal)
            let map = LineMap(literal, bytes, place.content, text.lines)
            fragment.commands = ShellSplitter.commands(in: code).map { command in
                var command = command
                command.span = map.span(command.span)
                return command
            }
        }
        return fragment
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

    func span(_ span: SourceSpan) -> SourceSpan {
        let start = offset(span.start)
        return SourceSpan(start, max(start, span.end > span.start ? offset(span.end - 1) + 1 : start))
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

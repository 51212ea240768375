import Basics

/// Cuts text into what could be paths.
struct PathTokens {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Spans of runs of path characters that hold a `/` or a `.`, without the punctuation around them. O(n).
    func find(in span: SourceSpan) -> [SourceSpan] {
        var found: [SourceSpan] = []
        var index = span.start
        while index < span.end {
            guard let length = partLength(index, span.end) else {
                index += 1
                continue
            }
            let start = index
            index += length
            while index < span.end, let length = partLength(index, span.end) { index += length }
            if let token = trim(start, index) { found.append(token) }
        }
        return found
    }

    /// Bytes at `index` that belong to a path: 1 for its characters, more for `{name}`, `${name}`, `<name>`; nil for
    /// anything else.
    private func partLength(_ index: Int, _ end: Int) -> Int? {
        let byte = bytes[index]
        switch byte {
        case .openBrace: return variable(index, end, .closeBrace) ?? 1
        case .less: return variable(index, end, .greater)
        case .dollar:
            guard index + 1 < end, bytes[index + 1] == .openBrace else { return 1 }
            return variable(index + 1, end, .closeBrace).map { $0 + 1 } ?? 1
        case .hyphen, .dot, .slash, .underscore, .tilde, .colon, .hash, .star, .closeBrace, .backslash, 0x25, 0x2B,
            0x3F:
            return 1
        default: return byte < 0x80 && byte.isWord ? 1 : nil
        }
    }

    private func variable(_ index: Int, _ end: Int, _ close: UInt8) -> Int? {
        var after = index + 1
        while after < end, after - index < 48 {
            let byte = bytes[after]
            if byte == close { return after - index + 1 }
            guard byte.isWord || byte == .hyphen || byte == .space || byte == .dot else { return nil }
            after += 1
        }
        return nil
    }

    private func trim(_ start: Int, _ end: Int) -> SourceSpan? {
        var (start, end) = (start, end)
        while start < end, [.star, .colon, .hash, .underscore, .hyphen, 0x3F].contains(bytes[start]) { start += 1 }
        // A sentence's full stop, and emphasis.
        while end > start, [.dot, .colon, .star, .underscore, .backslash, 0x3F].contains(bytes[end - 1]) { end -= 1 }
        guard end > start, end - start <= 512 else { return nil }
        let isPath = bytes[start..<end].contains { $0 == .slash || $0 == .dot }
        return isPath ? SourceSpan(start, end) : nil
    }

    /// Whether a command writes the file at `token`: after `>` or `-o`, `--output`.
    func isOutput(_ token: SourceSpan) -> Bool {
        var end = token.start
        while end > 0, bytes[end - 1].isBlank || bytes[end - 1] == .doubleQuote || bytes[end - 1] == .equals {
            end -= 1
        }
        if end > 0, bytes[end - 1] == .greater { return true }
        var start = end
        while start > 0, end - start < 16, !bytes[start - 1].isWhitespace { start -= 1 }
        return ["-o", "--output", "--out", "--outfile", "--output-dir", "--out-dir"].contains(bytes.text(start..<end))
    }
}

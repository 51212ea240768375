import Basics

extension StringProtocol {
    /// Without white space (space, tab, CR, LF) at both ends. O(n).
    func trimmingBlanks() -> String {
        let bytes = Array(utf8)
        var start = 0
        var end = bytes.count
        while start < end, bytes[start].isWhitespace { start += 1 }
        while end > start, bytes[end - 1].isWhitespace { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// Lines without their ends (LF or CRLF); a last empty line after the final end is none.
    func splitLines() -> [String] {
        var lines = utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// In lower case by ASCII alone: skill text is matched with English words, and locales have no say.
    func asciiLowercased() -> String {
        String(decoding: utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 32 : $0 }, as: UTF8.self)
    }
}

extension UInt8 {
    /// A letter, digit or `_`, ASCII alone: what a shell or Python name may hold.
    var isIdentifier: Bool { isLetter || isDigit || self == .underscore }
}

/// Names and classes of ASCII bytes, for scanners that work on bytes.
extension UInt8 {
    static var tab: UInt8 { 0x09 }
    static var lineFeed: UInt8 { 0x0A }
    static var carriageReturn: UInt8 { 0x0D }
    static var space: UInt8 { 0x20 }
    static var doubleQuote: UInt8 { 0x22 }
    static var hash: UInt8 { 0x23 }
    static var dollar: UInt8 { 0x24 }
    static var ampersand: UInt8 { 0x26 }
    static var singleQuote: UInt8 { 0x27 }
    static var openParenthesis: UInt8 { 0x28 }
    static var closeParenthesis: UInt8 { 0x29 }
    static var star: UInt8 { 0x2A }
    static var comma: UInt8 { 0x2C }
    static var hyphen: UInt8 { 0x2D }
    static var dot: UInt8 { 0x2E }
    static var slash: UInt8 { 0x2F }
    static var colon: UInt8 { 0x3A }
    static var semicolon: UInt8 { 0x3B }
    static var less: UInt8 { 0x3C }
    static var equals: UInt8 { 0x3D }
    static var greater: UInt8 { 0x3E }
    static var openBracket: UInt8 { 0x5B }
    static var backslash: UInt8 { 0x5C }
    static var closeBracket: UInt8 { 0x5D }
    static var underscore: UInt8 { 0x5F }
    static var backtick: UInt8 { 0x60 }
    static var openBrace: UInt8 { 0x7B }
    static var pipe: UInt8 { 0x7C }
    static var closeBrace: UInt8 { 0x7D }
    static var tilde: UInt8 { 0x7E }

    var isLineEnd: Bool { self == .lineFeed || self == .carriageReturn }
    /// Space or tab.
    var isBlank: Bool { self == .space || self == .tab }
    var isWhitespace: Bool { isBlank || isLineEnd }
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
    /// A letter, digit, `_`, or a byte of a non-ASCII character.
    var isWord: Bool { isLetter || isDigit || self == .underscore || self >= 0x80 }
    var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}

extension [UInt8] {
    /// Whether `text`'s bytes stand at `offset`.
    func has(_ text: StaticString, at offset: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard offset >= 0, offset <= count - length else { return false }
        for index in 0..<length where self[offset + index] != text.utf8Start[index] { return false }
        return true
    }

    /// The byte at `offset`, 0 outside.
    func byte(_ offset: Int) -> UInt8 { offset >= 0 && offset < count ? self[offset] : 0 }

    func text(_ range: Range<Int>) -> String { String(decoding: self[range], as: UTF8.self) }

    /// The first offset in `range` at which `byte` stands. O(n).
    func first(_ byte: UInt8, in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }

    /// The first offset in `range` at which all of `pattern` stands. O(n) for short patterns.
    func first(_ pattern: [UInt8], in range: Range<Int>) -> Int? {
        guard let head = pattern.first, range.count >= pattern.count else { return nil }
        let last = range.upperBound - pattern.count
        var index = range.lowerBound
        while index <= last {
            if self[index] == head, self[index..<(index + pattern.count)].elementsEqual(pattern) { return index }
            index += 1
        }
        return nil
    }

    /// `range` without the blanks and line ends around it.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, self[start].isWhitespace { start += 1 }
        while end > start, self[end - 1].isWhitespace { end -= 1 }
        return start..<end
    }

    /// The lines of `range` with their line ends (LF, CRLF or CR). O(n).
    func lines(_ range: Range<Int>) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = range.lowerBound
        var index = start
        while index < range.upperBound {
            let byte = self[index]
            index += 1
            guard byte.isLineEnd else { continue }
            if byte == .carriageReturn, index < range.upperBound, self[index] == .lineFeed { index += 1 }
            lines.append(start..<index)
            start = index
        }
        if start < range.upperBound { lines.append(start..<range.upperBound) }
        return lines
    }

    /// `line` without its line end.
    func withoutLineEnd(_ line: Range<Int>) -> Range<Int> {
        var end = line.upperBound
        while end > line.lowerBound, self[end - 1].isLineEnd { end -= 1 }
        return line.lowerBound..<end
    }
}

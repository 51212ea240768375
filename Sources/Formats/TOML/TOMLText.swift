/// Turns the source text of a key or a string, quotes included, into what it says. Only for text that the parser has
/// accepted: escapes are known to be valid.
enum TOMLText {
    /// The text that `bytes[start..<end]` stands for: a bare key, or a string in any of the four quotings.
    static func decode(_ bytes: [UInt8], _ start: Int, _ end: Int) -> String {
        let (content, isLiteral, isMultiline) = content(bytes, start, end)
        if isLiteral ? !isMultiline : !needsDecoding(bytes[content], isMultiline: isMultiline) {
            return String(decoding: bytes[content], as: UTF8.self)
        }
        return String(decoding: decoded(bytes[content], isLiteral: isLiteral), as: UTF8.self)
    }

    /// Whether that text is `text`, without making a string of it where there is no escape.
    static func isEqual(_ bytes: [UInt8], _ start: Int, _ end: Int, to text: UnsafeBufferPointer<UInt8>) -> Bool {
        let (content, isLiteral, isMultiline) = content(bytes, start, end)
        if isLiteral || !needsDecoding(bytes[content], isMultiline: isMultiline) {
            return content.count == text.count && bytes[content].elementsEqual(text)
        }
        return decoded(bytes[content], isLiteral: isLiteral).elementsEqual(text)
    }

    private static func content(_ bytes: [UInt8], _ start: Int, _ end: Int) -> (Range<Int>, Bool, Bool) {
        let quote = start < end ? bytes[start] : 0
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return (start..<end, true, false) }
        let isLiteral = quote == UInt8(ascii: "'")
        guard end - start >= 6, bytes[start + 1] == quote, bytes[start + 2] == quote else {
            return (start + 1..<end - 1, isLiteral, false)
        }
        // A line end straight after the opening quotes is no part of the text.
        var first = start + 3
        if bytes[first] == UInt8(ascii: "\r"), bytes[first + 1] == UInt8(ascii: "\n") { first += 1 }
        if bytes[first] == UInt8(ascii: "\n") { first += 1 }
        return (first..<max(first, end - 3), isLiteral, true)
    }

    private static func needsDecoding(_ content: ArraySlice<UInt8>, isMultiline: Bool) -> Bool {
        content.contains { $0 == UInt8(ascii: "\\") || (isMultiline && $0 == UInt8(ascii: "\r")) }
    }

    private static func decoded(_ content: ArraySlice<UInt8>, isLiteral: Bool) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(content.count)
        var index = content.startIndex
        while index < content.endIndex {
            let byte = content[index]
            index += 1
            // CRLF in a text of several lines is LF, whichever editor wrote the file.
            if byte == UInt8(ascii: "\r"), index < content.endIndex, content[index] == UInt8(ascii: "\n") { continue }
            guard byte == UInt8(ascii: "\\"), !isLiteral, index < content.endIndex else {
                output.append(byte)
                continue
            }
            appendEscape(content, &index, to: &output)
        }
        return output
    }

    /// `index` stands after the backslash.
    private static func appendEscape(_ content: ArraySlice<UInt8>, _ index: inout Int, to output: inout [UInt8]) {
        let byte = content[index]
        index += 1
        switch byte {
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let digits = byte == UInt8(ascii: "u") ? 4 : 8
            let last = min(index + digits, content.endIndex)
            let value = content[index..<last].reduce(0 as UInt32) { $0 << 4 | UInt32(hexValue($1) ?? 0) }
            index = last
            output.append(contentsOf: String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
        default:
            // A line end that is escaped swallows the white space up to the next character.
            while index < content.endIndex, isWhite(content[index]) { index += 1 }
        }
    }

    private static func isWhite(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}

/// A token of Python code: enough of the language to tell names, strings and brackets apart.
struct PythonToken: Equatable {
    enum Kind { case name, number, string, op, comment, newline }

    var kind: Kind
    /// Byte offsets in the code.
    var range: Range<Int>
    var text: String
    /// Brackets open around it.
    var depth: Int
    /// The innermost of them: `(`, `[` or `{`; 0 outside.
    var bracket: UInt8
    /// First token of a logical line at column 0.
    var isAtMargin = false
    /// First token of a logical line.
    var startsLine = false
}

/// Cuts code into tokens. Linear; code that is no Python gives tokens all the same, or nil when a string never ends.
enum PythonTokens {
    static func read(_ code: String) -> [PythonToken]? {
        var reader = Reader(bytes: Array(code.utf8))
        return reader.read()
    }

    private struct Reader {
        let bytes: [UInt8]
        var at = 0
        var brackets: [UInt8] = []
        var tokens: [PythonToken] = []
        var startsLine = true
        var column = 0

        mutating func read() -> [PythonToken]? {
            while at < bytes.count {
                let byte = bytes[at]
                switch byte {
                case 0x0A:
                    if brackets.isEmpty, !startsLine { add(.newline, to: at + 1) } else { at += 1 }
                    if brackets.isEmpty { startsLine = true }
                    column = at
                case 0x20, 0x09, 0x0D, 0x0C: at += 1
                case 0x5C where at + 1 < bytes.count && bytes[at + 1] == 0x0A: at += 2
                case 0x23:
                    var end = at
                    while end < bytes.count, bytes[end] != 0x0A { end += 1 }
                    let keep = startsLine
                    add(.comment, to: end)
                    startsLine = keep
                case 0x22, 0x27:
                    guard let end = stringEnd(at) else { return nil }
                    add(.string, to: end)
                case _ where byte.isLetter || byte == 0x5F || byte >= 0x80:
                    var end = at
                    while end < bytes.count, bytes[end].isIdentifier || bytes[end] >= 0x80 { end += 1 }
                    if end < bytes.count, [0x22, 0x27].contains(bytes[end]), end - at <= 2 {
                        guard let stringEnd = stringEnd(end) else { return nil }
                        end = stringEnd
                        add(.string, to: end)
                    } else {
                        add(.name, to: end)
                    }
                case _ where byte.isDigit:
                    var end = at
                    while end < bytes.count, bytes[end].isIdentifier || bytes[end] == 0x2E { end += 1 }
                    add(.number, to: end)
                default: op(byte)
                }
            }
            add(.newline, to: at)
            return tokens
        }

        private mutating func op(_ byte: UInt8) {
            if [0x29, 0x5D, 0x7D].contains(byte) { _ = brackets.popLast() }
            var end = at + 1
            let two = at + 1 < bytes.count ? bytes[at + 1] : 0
            if byte == 0x2E, two == 0x2E, at + 2 < bytes.count, bytes[at + 2] == 0x2E {
                end = at + 3
            } else if two == 0x3D,
                [0x3D, 0x21, 0x3C, 0x3E, 0x3A, 0x2B, 0x2D, 0x2A, 0x2F, 0x25, 0x7C, 0x26].contains(byte)
            {
                end = at + 2
            } else if (byte == 0x2A && two == 0x2A) || (byte == 0x2D && two == 0x3E) {
                end = at + 2
            }
            add(.op, to: end)
            if [0x28, 0x5B, 0x7B].contains(byte) { brackets.append(byte) }
        }

        private mutating func add(_ kind: PythonToken.Kind, to end: Int) {
            tokens.append(
                PythonToken(
                    kind: kind, range: at..<end, text: String(decoding: bytes[at..<end], as: UTF8.self),
                    depth: brackets.count, bracket: brackets.last ?? 0, isAtMargin: startsLine && at == column,
                    startsLine: startsLine))
            if kind != .newline { startsLine = false }
            at = end
        }

        /// The offset after the string literal whose quote stands at `start`; nil when it never ends.
        private func stringEnd(_ start: Int) -> Int? {
            let quote = bytes[start]
            let isTriple = start + 2 < bytes.count && bytes[start + 1] == quote && bytes[start + 2] == quote
            var at = start + (isTriple ? 3 : 1)
            while at < bytes.count {
                if bytes[at] == 0x5C {
                    at += 2
                } else if isTriple {
                    if at + 2 < bytes.count, bytes[at] == quote, bytes[at + 1] == quote, bytes[at + 2] == quote {
                        return at + 3
                    }
                    at += 1
                } else if bytes[at] == quote {
                    return at + 1
                } else if bytes[at] == 0x0A {
                    return nil
                } else {
                    at += 1
                }
            }
            return nil
        }
    }
}

/// A token of JavaScript or TypeScript: enough of the language to tell names, strings and brackets apart.
struct JavaScriptToken {
    enum Kind {
        case name, number, string, regex
        /// A part of a template string up to its end or to the next `${`.
        case template
        /// One byte of punctuation.
        case op
    }

    let kind: Kind
    /// Byte offsets in the code.
    let range: Range<Int>
    let text: String
    /// The first token of its line.
    let startsLine: Bool
    /// The brackets around it, each by the token that opens it, the innermost last; -1 for `${`.
    let around: Around

    /// A stack whose parts are shared: copying it for each token costs nothing.
    final class Around: Sendable {
        let opener: Int
        let outer: Around?
        init(_ opener: Int, _ outer: Around?) { (self.opener, self.outer) = (opener, outer) }
        /// What begins a string's part, in the place of a token.
        static let string = -1
    }
}

/// Cuts code into tokens, without its comments. Linear. Nil for what is no whole code: a string, a comment or a bracket without its end.
enum JavaScriptTokens {
    static func read(_ code: String) -> [JavaScriptToken]? {
        var reader = Reader(bytes: Array(code.utf8))
        return reader.read()
    }

    private struct Reader {
        let bytes: [UInt8]
        var at = 0
        var tokens: [JavaScriptToken] = []
        var startsLine = true
        var around: JavaScriptToken.Around = .init(Int.min, nil)

        mutating func read() -> [JavaScriptToken]? {
            while at < bytes.count {
                let byte = bytes[at]
                switch byte {
                case .lineFeed, .carriageReturn:
                    startsLine = true
                    at += 1
                case _ where byte.isBlank || byte == 0x0C: at += 1
                case .slash where bytes.byte(at + 1) == .slash:
                    at = bytes.first(.lineFeed, in: at..<bytes.count) ?? bytes.count
                case .slash where bytes.byte(at + 1) == .star:
                    guard let end = bytes.first([.star, .slash], in: at + 2..<max(at + 2, bytes.count)) else {
                        return nil
                    }
                    at = end + 2
                case .hash where at == 0 && bytes.byte(1) == 0x21:
                    at = bytes.first(.lineFeed, in: 0..<bytes.count) ?? bytes.count
                case .doubleQuote, .singleQuote:
                    guard let end = end(of: byte) else { return nil }
                    add(.string, to: end)
                case .backtick:
                    guard readTemplate(from: at + 1) else { return nil }
                case .slash where beginsOperand:
                    guard let end = endOfRegex() else { return nil }
                    add(.regex, to: end)
                case _ where byte.isWord || byte == .dollar || byte == .hash:
                    var end = at + 1
                    while bytes.byte(end).isWord || bytes.byte(end) == .dollar
                        || byte.isDigit && bytes.byte(end) == .dot && bytes.byte(end + 1).isDigit
                    { end += 1 }
                    add(byte.isDigit ? .number : .name, to: end)
                default:
                    guard readOperator(byte) else { return nil }
                }
            }
            return around.outer == nil ? tokens : nil
        }

        private mutating func readOperator(_ byte: UInt8) -> Bool {
            if [.closeParenthesis, .closeBracket, .closeBrace].contains(byte) {
                guard let outer = around.outer else { return false }
                let opener = around.opener
                if opener == JavaScriptToken.Around.string {
                    around = outer
                    return byte == .closeBrace && readTemplate(from: at + 1)
                }
                let open: [UInt8: String] = [.closeParenthesis: "(", .closeBracket: "[", .closeBrace: "{"]
                guard tokens[opener].text == open[byte] else { return false }
                around = outer
            }
            add(.op, to: at + 1)
            if [.openParenthesis, .openBracket, .openBrace].contains(byte) { around = .init(tokens.count - 1, around) }
            return true
        }

        /// A string with `${…}` in it, up to the next of these or to its end.
        private mutating func readTemplate(from start: Int) -> Bool {
            var end = start
            while end < bytes.count {
                if bytes[end] == .backslash {
                    end += 2
                } else if bytes[end] == .backtick {
                    add(.template, to: end + 1)
                    return true
                } else if bytes[end] == .dollar, bytes.byte(end + 1) == .openBrace {
                    add(.template, to: end + 2)
                    around = .init(JavaScriptToken.Around.string, around)
                    return true
                } else {
                    end += 1
                }
            }
            return false
        }

        /// The offset after the string that begins here; nil where its line ends first.
        private func end(of quote: UInt8) -> Int? {
            var end = at + 1
            while end < bytes.count, bytes[end] != .lineFeed {
                if bytes[end] == quote { return end + 1 }
                end += bytes[end] == .backslash ? 2 : 1
            }
            return nil
        }

        private func endOfRegex() -> Int? {
            var end = at + 1
            var isInClass = false
            while end < bytes.count, bytes[end] != .lineFeed {
                switch bytes[end] {
                case .backslash: end += 1
                case .openBracket: isInClass = true
                case .closeBracket: isInClass = false
                case .slash where !isInClass:
                    end += 1
                    while bytes.byte(end).isLetter { end += 1 }
                    return end
                default: break
                }
                end += 1
            }
            return nil
        }

        /// Whether a value can begin here: a slash then begins a pattern and does not divide.
        private var beginsOperand: Bool {
            guard let last = tokens.last else { return true }
            return switch last.kind {
            case .name: JavaScriptCode.beforeOperand.contains(last.text)
            case .number, .string, .regex: false
            case .template: last.text.hasSuffix("${")
            case .op: ![")", "]", "}"].contains(last.text)
            }
        }

        private mutating func add(_ kind: JavaScriptToken.Kind, to end: Int) {
            let range = at..<min(end, bytes.count)
            tokens.append(
                JavaScriptToken(
                    kind: kind, range: range, text: bytes.text(range), startsLine: startsLine, around: around))
            startsLine = false
            at = range.upperBound
        }
    }
}

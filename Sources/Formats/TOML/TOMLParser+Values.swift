/// Values: strings in four quotings, arrays, inline tables and the words.
extension TOMLParser {
    /// Reads one value; `node` is in place and gets its kind, span and children.
    mutating func value(into node: Int32, depth: Int) throws(TOMLFault) {
        nodes[Int(node)].start = Int32(position)
        switch peek {
        case UInt8(ascii: "\""):
            nodes[Int(node)].kind = .string
            if peek(1) == UInt8(ascii: "\""), peek(2) == UInt8(ascii: "\"") {
                try multilineString(UInt8(ascii: "\""))
            } else {
                try basicString()
            }
        case UInt8(ascii: "'"):
            nodes[Int(node)].kind = .string
            if peek(1) == UInt8(ascii: "'"), peek(2) == UInt8(ascii: "'") {
                try multilineString(UInt8(ascii: "'"))
            } else {
                try literalString()
            }
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            guard depth < Self.greatestDepth else {
                throw TOMLFault("toml.depth", at: position, "values nested more than \(Self.greatestDepth) deep")
            }
            peek == UInt8(ascii: "[")
                ? try array(into: node, depth: depth + 1)
                : try inlineTable(into: node, depth: depth + 1)
        case UInt8(ascii: "t"), UInt8(ascii: "f"): try boolean(into: node)
        case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "i"), UInt8(ascii: "n"):
            try numberOrDate(into: node)
        default:
            throw TOMLFault(
                "toml.value", at: position, "expected a value, found \(found)", hint: "text needs quotes: \"…\"")
        }
        nodes[Int(node)].end = Int32(position)
    }

    private mutating func boolean(into node: Int32) throws(TOMLFault) {
        let word = peek == UInt8(ascii: "t") ? "true" : "false"
        guard bytes[position...].starts(with: word.utf8), !Self.isBare(peek(word.utf8.count)) else {
            throw TOMLFault(
                "toml.value", at: position, "expected a value, found a bare word",
                hint: "text needs quotes; the words without are true and false")
        }
        position += word.utf8.count
        nodes[Int(node)].kind = .boolean
        nodes[Int(node)].bits = word == "true" ? 1 : 0
    }

    /// `[1, 2,]`, over any number of lines.
    private mutating func array(into node: Int32, depth: Int) throws(TOMLFault) {
        let start = position
        nodes[Int(node)].kind = .array
        position += 1
        while true {
            try skipLines()
            if peek == UInt8(ascii: "]") { break }
            let element = append(TOMLNode(kind: .boolean, parent: node, start: Int32(position), end: 0))
            try value(into: element, depth: depth)
            try skipLines()
            if peek == UInt8(ascii: "]") { break }
            guard peek == UInt8(ascii: ",") else {
                if position >= bytes.count { throw unterminated("array", start, "]") }
                throw TOMLFault("toml.syntax", at: position, "expected ',' or ']' in an array, found \(found)")
            }
            position += 1
        }
        position += 1
    }

    // MARK: Strings

    /// `'…'`, without escapes.
    mutating func literalString() throws(TOMLFault) {
        let start = position
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "'") {
                position += 1
                return
            }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
            if byte < 0x20 && byte != 0x09 || byte == 0x7F { throw control("a string") }
            position += 1
        }
        throw unterminated("string", start, "'")
    }

    /// `"…"`.
    mutating func basicString() throws(TOMLFault) {
        let start = position
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte > 0x22, byte != UInt8(ascii: "\\"), byte != 0x7F {
                position += 1
            } else if byte == UInt8(ascii: "\"") {
                position += 1
                return
            } else if byte == UInt8(ascii: "\\") {
                try escape(inLines: false)
            } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                break
            } else if byte < 0x20 && byte != 0x09 || byte == 0x7F {
                throw control("a string")
            } else {
                position += 1
            }
        }
        throw unterminated("string", start, "\"")
    }

    /// `"""…"""` or `'''…'''`. Up to two quotes may stand straight before the closing three.
    private mutating func multilineString(_ quote: UInt8) throws(TOMLFault) {
        let start = position
        let isBasic = quote == UInt8(ascii: "\"")
        position += 3
        while position < bytes.count {
            let byte = bytes[position]
            if byte == quote {
                var run = 1
                while run < 5, peek(run) == quote { run += 1 }
                position += run
                if run >= 3 { return }
            } else if byte == UInt8(ascii: "\\"), isBasic {
                try escape(inLines: true)
            } else if byte == UInt8(ascii: "\r"), peek(1) == UInt8(ascii: "\n") {
                position += 2
            } else if byte < 0x20 && byte != 0x09 && byte != 0x0A || byte == 0x7F {
                throw control("a string")
            } else {
                position += 1
            }
        }
        throw unterminated("string", start, isBasic ? "\"\"\"" : "'''")
    }

    private mutating func escape(inLines: Bool) throws(TOMLFault) {
        let start = position
        position += 2
        switch bytes.count > start + 1 ? bytes[start + 1] : 0 {
        case UInt8(ascii: "b"), UInt8(ascii: "t"), UInt8(ascii: "n"), UInt8(ascii: "f"), UInt8(ascii: "r"),
            UInt8(ascii: "\""), UInt8(ascii: "\\"):
            return
        case UInt8(ascii: "u"): try scalar(4, start)
        case UInt8(ascii: "U"): try scalar(8, start)
        case 0x20, 0x09, 0x0A, 0x0D:
            position = start + 1
            skipBlanks()
            guard inLines, peek == 0x0A || peek == 0x0D && peek(1) == 0x0A else { throw badEscape(start) }
        default: throw badEscape(start)
        }
    }

    private mutating func scalar(_ digits: Int, _ start: Int) throws(TOMLFault) {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = TOMLText.hexValue(peek) else { throw badEscape(start) }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        guard Unicode.Scalar(value) != nil else { throw badEscape(start) }
    }

    private func badEscape(_ start: Int) -> TOMLFault {
        TOMLFault(
            "toml.escape", at: start, "no such escape in a string",
            hint: "escapes are \\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX \\UXXXXXXXX; '…' takes backslashes as they are")
    }

    private func unterminated(_ what: String, _ start: Int, _ close: String) -> TOMLFault {
        TOMLFault("toml.unterminated", at: start, "\(what) without its closing \(close)", hint: "add \(close)")
    }
}

struct JSONFault: Error {
    var id: String
    var offset: Int
    var message: String
}

/// A recursive descent over bytes, as deep as `StrictJSON.greatestDepth`.
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func parse() throws(JSONFault) -> JSONValue {
        if let fault = UTF8Check.firstFault(in: bytes) {
            throw JSONFault(id: "json.encoding", offset: fault, message: "not UTF-8")
        }
        let value = try value(depth: 0)
        skipBlanks()
        guard position == bytes.count else { throw unexpected("the end") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        skipBlanks()
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), 0x30...0x39: return try number()
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw unexpected("a value")
        }
    }

    private mutating func object(depth: Int) throws(JSONFault) -> JSONValue {
        try check(depth)
        position += 1
        var members: [JSONValue.Member] = []
        // `String` compares by canonical equivalence: keys that Swift's own decoder can't tell apart are refused too.
        var keys = ObjectKeys()
        skipBlanks()
        if skip("}") { return .object([]) }
        repeat {
            skipBlanks()
            let start = position
            guard peek == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
            let key = try string()
            guard keys.insert(key, after: members) else {
                throw JSONFault(id: "json.duplicate", offset: start, message: "'\(key.shortened)' stands twice")
            }
            skipBlanks()
            guard skip(":") else { throw unexpected("':'") }
            members.append(JSONValue.Member(key: key, value: try value(depth: depth)))
            skipBlanks()
        } while skip(",")
        guard skip("}") else { throw unexpected("',' or '}'") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONFault) -> JSONValue {
        try check(depth)
        position += 1
        var elements: [JSONValue] = []
        skipBlanks()
        if skip("]") { return .array([]) }
        repeat {
            elements.append(try value(depth: depth))
            skipBlanks()
        } while skip(",")
        guard skip("]") else { throw unexpected("',' or ']'") }
        return .array(elements)
    }

    private func check(_ depth: Int) throws(JSONFault) {
        guard depth <= StrictJSON.greatestDepth else {
            throw JSONFault(
                id: "json.depth", offset: position, message: "nested more than \(StrictJSON.greatestDepth) deep")
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw unexpected("a value") }
        position += word.utf8.count
        return value
    }

    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = position
        _ = skip("-")
        let whole = digits()
        guard whole > 0, whole == 1 || bytes[position - whole] != 0x30 else {
            position = start
            throw unexpected("a number without leading zeros")
        }
        var isInteger = true
        if skip(".") {
            isInteger = false
            guard digits() > 0 else { throw unexpected("a digit") }
        }
        if skip("e") || skip("E") {
            isInteger = false
            if !skip("+") { _ = skip("-") }
            guard digits() > 0 else { throw unexpected("a digit") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        return .number(text)
    }

    private mutating func digits() -> Int {
        let start = position
        while peek >= 0x30, peek <= 0x39 { position += 1 }
        return position - start
    }

    private mutating func string() throws(JSONFault) -> String {
        let start = position
        position += 1
        var output: [UInt8] = []
        var run = position
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                defer { position += 1 }
                if output.isEmpty { return String(decoding: bytes[run..<position], as: UTF8.self) }
                return String(decoding: output + bytes[run..<position], as: UTF8.self)
            case UInt8(ascii: "\\"):
                output += bytes[run..<position]
                output += Array(String(try escape()).utf8)
                run = position
            case 0..<0x20:
                throw JSONFault(id: "json.control", offset: position, message: "a control character in a string")
            default: position += 1
            }
        }
        throw JSONFault(id: "json.unterminated", offset: start, message: "a string without its closing quote")
    }

    private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
        let start = position
        let letter = position + 1 < bytes.count ? bytes[position + 1] : 0
        position += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape(start)
        default: throw badEscape(start)
        }
    }

    private mutating func unicodeEscape(_ start: Int) throws(JSONFault) -> Unicode.Scalar {
        guard let first = hex4() else { throw badEscape(start) }
        if let scalar = Unicode.Scalar(first) { return scalar }
        // A surrogate: only a high one followed by a low one is a character.
        guard first < 0xDC00, skip("\\"), skip("u"), let second = hex4(), (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw badEscape(start) }
        return scalar
    }

    private mutating func hex4() -> UInt32? {
        guard position + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = TOMLText.hexValue(byte) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }

    private func badEscape(_ start: Int) -> JSONFault {
        JSONFault(id: "json.escape", offset: start, message: "no such escape in a string")
    }

    private var peek: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func skip(_ text: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(truncatingIfNeeded: text.value) else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while peek == 0x20 || peek == 0x0A || peek == 0x0D || peek == 0x09 { position += 1 }
    }

    private func unexpected(_ wanted: String) -> JSONFault {
        JSONFault(
            id: "json.syntax", offset: position,
            message: position < bytes.count ? "expected \(wanted)" : "expected \(wanted), found the end")
    }
}

/// The keys of one object: of a few, comparing is quicker than hashing.
private struct ObjectKeys {
    private static let few = 12
    private var many: Set<String> = []

    /// False when `members`, all that came before, have one of this key.
    mutating func insert(_ key: String, after members: [JSONValue.Member]) -> Bool {
        if members.count < Self.few { return !members.contains { $0.key == key } }
        if members.count == Self.few { many = Set(members.map(\.key)) }
        return many.insert(key).inserted
    }
}

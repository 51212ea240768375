import Basics

/// Reads TOML 1.0.0 (toml.io) from bytes into an arena, in one pass and O(n). Texts stay where they are until asked for.
struct TOMLParser {
    /// Arrays and inline tables may nest this deep: the parser calls itself for each level.
    static let greatestDepth = 64
    /// Parts of a dotted key or header.
    static let greatestKeyParts = 64

    let bytes: [UInt8]
    var position = 0
    var nodes: [TOMLNode] = []
    var sections: [TOMLSection] = []
    var index = TOMLKeyIndex()
    /// Numbers the headers and inline tables: what dotted keys of one of them made, another can't extend.
    private var section: Int32 = 1
    private var sectionCount: Int32 = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        nodes.reserveCapacity(bytes.count / 24 + 8)
    }

    mutating func parse() throws(TOMLFault) {
        if let fault = UTF8Check.firstFault(in: bytes) {
            throw TOMLFault("toml.encoding", at: fault, "not UTF-8", hint: "save the file as UTF-8")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        nodes.append(TOMLNode(kind: .table, definition: .header, parent: TOMLNode.none, start: 0, end: 0))
        sections.append(TOMLSection(table: 0, start: 0, end: Int32(position), lastEnd: Int32(position)))
        var table: Int32 = 0
        while true {
            skipBlanks()
            switch peek {
            case UInt8(ascii: "\n"): position += 1
            case UInt8(ascii: "\r"): try lineEnd(after: "")
            case UInt8(ascii: "#"): try comment()
            case UInt8(ascii: "["):
                table = try header()
                try lineEnd(after: "a table's header")
            case 0 where position >= bytes.count: return
            default:
                try keyValue(in: table, depth: 0)
                sections[sections.count - 1].lastEnd = Int32(position)
                try lineEnd(after: "a value")
            }
        }
    }

    // MARK: Small pieces

    /// The next byte; 0 at the end, where no TOML byte is 0.
    var peek: UInt8 { position < bytes.count ? bytes[position] : 0 }

    func peek(_ offset: Int) -> UInt8 { position + offset < bytes.count ? bytes[position + offset] : 0 }

    mutating func skipBlanks() {
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
    }

    /// Blanks, a comment, then the line's end or the file's.
    private mutating func lineEnd(after what: String) throws(TOMLFault) {
        skipBlanks()
        if peek == UInt8(ascii: "#") { try comment() }
        switch peek {
        case UInt8(ascii: "\n"): position += 1
        case UInt8(ascii: "\r") where peek(1) == UInt8(ascii: "\n"): position += 2
        case 0 where position >= bytes.count: return
        case UInt8(ascii: "\r"):
            throw TOMLFault("toml.control", at: position, "a carriage return without a line feed")
        default:
            throw TOMLFault(
                "toml.syntax", at: position, "expected the end of the line after \(what), found \(found)",
                hint: "one 'key = value' a line; text needs quotes")
        }
    }

    /// From `#` up to, not including, the line's end.
    mutating func comment() throws(TOMLFault) {
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") && peek(1) == UInt8(ascii: "\n") { return }
            if byte < 0x20 && byte != 0x09 || byte == 0x7F { throw control("a comment") }
            position += 1
        }
    }

    /// Line ends, blanks and comments, as they may stand within an array.
    mutating func skipLines() throws(TOMLFault) {
        while true {
            skipBlanks()
            switch peek {
            case UInt8(ascii: "\n"): position += 1
            case UInt8(ascii: "\r") where peek(1) == UInt8(ascii: "\n"): position += 2
            case UInt8(ascii: "#"): try comment()
            default: return
            }
        }
    }

    func control(_ place: String) -> TOMLFault {
        TOMLFault(
            "toml.control", at: position, "control character U+\(hex4(peek)) in \(place)",
            hint: "write it as an escape like \\u\(hex4(peek)) in a \"…\" string")
    }

    private func hex4(_ byte: UInt8) -> String { "00" + [byte].hex.uppercased() }

    /// What stands here, for a message.
    var found: String {
        if position >= bytes.count { return "the end of the file" }
        switch bytes[position] {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return "the end of the line"
        case let byte where byte < 0x20 || byte == 0x7F: return "control character U+\(hex4(byte))"
        default:
            // The source is valid UTF-8, so a scalar begins here.
            let scalar = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self)
                .unicodeScalars.first
            return scalar.map { "'\($0)'" } ?? "nothing"
        }
    }

    // MARK: Keys and headers

    /// `key = value`, the key possibly dotted. In an inline table too.
    mutating func keyValue(in table: Int32, depth: Int) throws(TOMLFault) {
        var table = table
        var part = try keyPart()
        var parts = 1
        skipBlanks()
        while peek == UInt8(ascii: ".") {
            try countPart(&parts)
            table = try descend(from: table, part)
            position += 1
            skipBlanks()
            part = try keyPart()
            skipBlanks()
        }
        if let earlier = find(part, in: table) { throw duplicate(part, earlier) }
        guard peek == UInt8(ascii: "=") else {
            throw TOMLFault("toml.syntax", at: position, "expected '=' after the key, found \(found)")
        }
        position += 1
        skipBlanks()
        let node = add(TOMLNode(kind: .boolean, parent: table, start: Int32(position), end: 0), part)
        try value(into: node, depth: depth)
    }

    /// `[a.b]` or `[[a.b]]`; gives the table that the following keys belong to.
    private mutating func header() throws(TOMLFault) -> Int32 {
        let start = position
        let isArray = peek(1) == UInt8(ascii: "[")
        position += isArray ? 2 : 1
        skipBlanks()
        var table: Int32 = 0
        var part = try keyPart()
        var parts = 1
        skipBlanks()
        while peek == UInt8(ascii: ".") {
            try countPart(&parts)
            table = try descendHeader(from: table, part)
            position += 1
            skipBlanks()
            part = try keyPart()
            skipBlanks()
        }
        guard peek == UInt8(ascii: "]"), !isArray || peek(1) == UInt8(ascii: "]") else {
            let close = isArray ? "]]" : "]"
            throw TOMLFault("toml.syntax", at: position, "expected '\(close)' after a table's name, found \(found)")
        }
        position += isArray ? 2 : 1
        table = try isArray ? appendElement(to: table, part, start) : define(in: table, part, start)
        sections.append(
            TOMLSection(table: table, start: Int32(start), end: Int32(position), lastEnd: Int32(position)))
        section = nextSection()
        return table
    }

    mutating func nextSection() -> Int32 {
        sectionCount += 1
        return sectionCount
    }

    private func countPart(_ parts: inout Int) throws(TOMLFault) {
        parts += 1
        guard parts <= Self.greatestKeyParts else {
            throw TOMLFault(
                "toml.depth", at: position, "a key of more than \(Self.greatestKeyParts) parts")
        }
    }

    /// A bare or quoted part of a key.
    private mutating func keyPart() throws(TOMLFault) -> Range<Int> {
        let start = position
        switch peek {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            let quote = peek
            if peek(1) == quote, peek(2) == quote {
                throw TOMLFault("toml.syntax", at: position, "a key can't be a string of several lines")
            }
            quote == UInt8(ascii: "'") ? try literalString() : try basicString()
        default:
            while position < bytes.count, Self.isBare(bytes[position]) { position += 1 }
            guard position > start else {
                throw TOMLFault(
                    "toml.syntax", at: position, "expected a key, found \(found)",
                    hint: "a key has ASCII letters, digits, '-' and '_', or quotes around it")
            }
        }
        return start..<position
    }

    static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    // MARK: Inline tables

    /// `{ a = 1, b.c = 2 }`, on one line, complete where it ends.
    mutating func inlineTable(into node: Int32, depth: Int) throws(TOMLFault) {
        nodes[Int(node)].kind = .table
        // While it is read its own dotted keys may extend what they made; a number of its own says so.
        let outer = section
        section = nextSection()
        defer { section = outer }
        position += 1
        skipBlanks()
        if peek == UInt8(ascii: "}") {
            position += 1
            return
        }
        while true {
            try keyValue(in: node, depth: depth)
            skipBlanks()
            switch peek {
            case UInt8(ascii: "}"):
                position += 1
                return
            case UInt8(ascii: ","):
                position += 1
                skipBlanks()
                if peek == UInt8(ascii: "}") {
                    throw TOMLFault(
                        "toml.syntax", at: position, "an inline table has no comma at its end", hint: "remove the comma"
                    )
                }
            default:
                throw TOMLFault(
                    "toml.syntax", at: position, "expected ',' or '}' in an inline table, found \(found)",
                    hint: "an inline table stands on one line")
            }
        }
    }

    var currentSection: Int32 { section }
}

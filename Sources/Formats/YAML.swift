import Yams

/// A YAML value with its place in the text. Tags and anchors are not kept; no code is run for any tag.
package struct YAMLNode: Sendable, Equatable {
    package indirect enum Value: Sendable, Equatable {
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([Pair])
    }

    package struct Pair: Sendable, Equatable {
        package var key: YAMLNode
        package var value: YAMLNode
    }

    package var value: Value
    /// Byte offset of the value's first character.
    package var start: Int

    /// The text of a scalar, as written (not resolved to a number or boolean).
    package var text: String? {
        if case .scalar(let text, _) = value { text } else { nil }
    }

    /// What YAML's core schema makes of a scalar; nil for a list or mapping.
    package var scalarType: ScalarType? {
        guard case .scalar(let text, let isPlain) = value else { return nil }
        return isPlain ? ScalarType(plain: text) : .string
    }

    /// The types of YAML's core schema.
    package enum ScalarType: String, Sendable { case string, null, boolean, number }
}

/// Why a text is not the YAML that skvm reads. The text after `problem` is libyaml's.
package struct YAMLError: Error, Sendable, Equatable {
    package enum Kind: Sendable { case syntax, duplicateKey, tooComplex }
    package var kind: Kind
    package var problem: String
    /// 1-based line and 1-based byte column in the text.
    package var line: Int
    package var column: Int
}

/// YAML by libyaml, bounded: a hostile text is refused with `YAMLError.Kind.tooComplex` before it can cost more
/// than its length deserves.
package enum YAML {
    /// Longest text that is read, in bytes, unless the reader says otherwise.
    package static let maximumSize = 64 * 1024
    /// Most brackets that may nest, and deepest indentation, that are read: the reader below recurses once a level.
    package static let maximumDepth = 200

    /// The single document of `text`; nil when it is empty. O(n) in its bytes.
    package static func parse(_ text: String, limit: Int = maximumSize) throws(YAMLError) -> YAMLNode? {
        let bytes = Array(text.utf8)
        if let problem = excess(bytes, limit) {
            throw YAMLError(kind: .tooComplex, problem: problem, line: 1, column: 1)
        }
        var marks = MarkTable(bytes)
        do {
            // The resolver without rules: the default one runs a dozen regular expressions over every scalar.
            let parser = try Yams.Parser(yaml: text, resolver: .basic, encoding: .utf8)
            return try parser.singleRoot().map { convert($0, &marks) }
        } catch let error as YamlError {
            throw YAMLError(error, marks, bytes)
        } catch {
            throw YAMLError(kind: .syntax, problem: "\(error)", line: 1, column: 1)
        }
    }

    private static func convert(_ node: Node, _ marks: inout MarkTable) -> YAMLNode {
        let start = node.mark.map { marks.offset(line: $0.line, column: $0.column) } ?? 0
        switch node {
        case .scalar(let scalar):
            return YAMLNode(value: .scalar(scalar.string, isPlain: scalar.style == .plain), start: start)
        case .sequence(let list):
            return YAMLNode(value: .sequence(list.map { convert($0, &marks) }), start: start)
        case .mapping(let map):
            let pairs = map.map { YAMLNode.Pair(key: convert($0.key, &marks), value: convert($0.value, &marks)) }
            return YAMLNode(value: .mapping(pairs), start: start)
        case .alias:
            return YAMLNode(value: .scalar("", isPlain: false), start: start)
        }
    }

    /// What in the text goes beyond the bounds. It may refuse odd texts that a full scan would let pass (a quoted text
    /// with 200 brackets), never the reverse.
    private static func excess(_ bytes: [UInt8], _ limit: Int) -> String? {
        if bytes.count > limit { return "more than \(limit) bytes" }
        var brackets = 0
        var indentation = 0
        var inIndentation = true
        var hasAnchor = false
        var hasAlias = false
        var previous: UInt8 = 0x0A
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0x5B, 0x7B: if mayNest(index, after: previous, in: bytes) { brackets += 1 }
            case 0x0A, 0x0D: (indentation, inIndentation) = (-1, true)
            // An anchor or alias stands at the start of a value and has a name.
            case 0x26, 0x2A:
                let startsValue = previous <= 0x20 || previous == 0x5B || previous == 0x7B || previous == 0x2C
                if startsValue, index + 1 < bytes.count, bytes[index + 1] > 0x20 {
                    if byte == 0x26 { hasAnchor = true } else { hasAlias = true }
                }
            default: break
            }
            if inIndentation {
                indentation += 1
                if indentation > maximumDepth { return "indented by more than \(maximumDepth) columns" }
                // Only blanks and the indicators `-`, `?` and `:` can open several levels on one line.
                if ![0x20, 0x09, 0x2D, 0x3F, 0x3A, 0x0A, 0x0D].contains(byte) { inIndentation = false }
            }
            previous = byte
        }
        if brackets > maximumDepth { return "more than \(maximumDepth) brackets" }
        return hasAnchor && hasAlias ? "anchors and aliases, which can grow without bound" : nil
    }
}

extension YAML {
    /// False for a bracket that is certainly no level more than those around it. One within a plain text
    /// (`app/[slug]/page.md`) is a part of it, or ends it where nothing but a comma may follow; a list of plain words is closed
    /// before another begins. Each byte is looked at once for the bracket before it.
    private static func mayNest(_ index: Int, after previous: UInt8, in bytes: [UInt8]) -> Bool {
        switch previous {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x2F, 0x5F: return false
        default: break
        }
        let end = bytes[index] == 0x5B ? UInt8(ascii: "]") : UInt8(ascii: "}")
        let rest = bytes[(index + 1)...].drop { byte in
            switch byte {
            // Nothing that quotes, comments or breaks the line.
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x20, 0x2C, 0x2D, 0x2E, 0x2F, 0x5F: true
            default: false
            }
        }
        return rest.first != end
    }
}

extension YAMLNode.ScalarType {
    /// Of a scalar without quotes, by its text.
    fileprivate init(plain text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE", "false", "False", "FALSE": self = .boolean
        default: self = Self.isNumber(text) ? .number : .string
        }
    }

    private static func isNumber(_ text: String) -> Bool {
        var digits = 0
        var dots = 0
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case 0x30...0x39: digits += 1
            case 0x2E: dots += 1
            case 0x2B, 0x2D: if index > 0 { return false }
            default: return false
            }
        }
        return digits > 0 && dots <= 1
    }
}

extension YAMLError {
    fileprivate init(_ error: YamlError, _ table: MarkTable, _ bytes: [UInt8]) {
        var marks = table
        func at(_ mark: Mark) -> (Int, Int) {
            (mark.line, marks.byteColumn(line: mark.line, column: mark.column))
        }
        kind = .syntax
        switch error {
        case .scanner(_, let text, let mark, _), .parser(_, let text, let mark, _), .composer(_, let text, let mark, _):
            problem = text
            (line, column) = at(mark)
        case .reader(let text, let offset, _, _):
            problem = text
            (line, column) = (marks.line(at: offset ?? 0), 1)
        case .duplicatedKeysInMapping(let keys, let context):
            kind = .duplicateKey
            problem = keys.first ?? ""
            (line, column) = at(context.mark)
        default:
            problem = "unreadable"
            (line, column) = (1, 1)
        }
    }
}

/// Turns libyaml's marks (lines as YAML 1.1 breaks them, columns in Unicode scalars) into byte offsets.
private struct MarkTable {
    let bytes: [UInt8]
    private var starts = [0]
    /// The place that was asked for last: values come in the order of the text, and a line may hold all of them.
    private var last = (line: 0, column: 0, offset: 0)

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var index = 0
        while index < bytes.count {
            let length = Self.lineBreak(bytes, index)
            index += max(length, 1)
            if length > 0 { starts.append(index) }
        }
    }

    /// Length of the line break at `index`: LF, CR, CRLF, NEL, LS or PS; 0 for none.
    private static func lineBreak(_ bytes: [UInt8], _ index: Int) -> Int {
        func byte(_ offset: Int) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }
        switch bytes[index] {
        case 0x0A: return 1
        case 0x0D: return byte(1) == 0x0A ? 2 : 1
        case 0xC2: return byte(1) == 0x85 ? 2 : 0
        case 0xE2: return byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9) ? 3 : 0
        default: return 0
        }
    }

    /// O(columns since the last one asked for, if that is before it on the same line; else columns).
    mutating func offset(line: Int, column: Int) -> Int {
        guard line >= 1, line <= starts.count else { return bytes.count }
        let goesOn = last.line == line && last.column <= column
        var offset = goesOn ? last.offset : starts[line - 1]
        var left = column - (goesOn ? last.column : 1)
        defer { last = (line, column, offset) }
        while left > 0, offset < bytes.count {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            left -= 1
        }
        return offset
    }

    mutating func byteColumn(line: Int, column: Int) -> Int {
        guard line >= 1, line <= starts.count else { return 1 }
        return offset(line: line, column: column) - starts[line - 1] + 1
    }

    func line(at offset: Int) -> Int {
        starts.lastIndex { $0 <= offset }.map { $0 + 1 } ?? 1
    }
}

package import Basics

/// A TOML 1.0 document with the place of everything in it.
///
/// Nothing is lost: `bytes` is the source, and every key and value knows its span there.
package struct TOMLDocument: Sendable {
    /// No document is larger unless its reader says so, in bytes.
    package static let greatestSize = 64 << 20

    let storage: TOMLStorage

    /// Reads `bytes`; `file` is the name that diagnostics give. O(n).
    ///
    /// Throws `DiagnosticsError` with one diagnostic (`toml.…`) with line, column and a hint when it isn't TOML, when it is
    /// larger than `limit`, or nests too deep.
    package init(parsing bytes: [UInt8], file: String, limit: Int = greatestSize) throws(DiagnosticsError) {
        // Offsets are kept in 32 bits.
        guard bytes.count <= min(limit, 1 << 30) else {
            throw DiagnosticsError([
                Diagnostic(
                    "toml.size", .error, "the file has \(bytes.count) bytes, more than the \(limit) that are allowed",
                    at: SourceLocation(file: file))
            ])
        }
        var parser = TOMLParser(bytes)
        do {
            try parser.parse()
        } catch {
            throw DiagnosticsError([error.diagnostic(file: file, bytes: bytes)])
        }
        storage = TOMLStorage(
            file: file, bytes: bytes, nodes: parser.nodes, sections: parser.sections, index: parser.index)
    }

    package init(parsing text: String, file: String) throws(DiagnosticsError) {
        try self.init(parsing: Array(text.utf8), file: file)
    }

    package var file: String { storage.file }
    package var bytes: [UInt8] { storage.bytes }
    package var root: TOMLTable { TOMLTable(storage: storage, index: 0) }

    /// The value at the end of a path of keys; nil when there is none.
    package subscript(path: String...) -> TOMLValue? { root.value(at: path) }
}

/// A value of a document: a view, cheap to copy.
package struct TOMLValue: Sendable {
    package enum Kind: String, Sendable {
        case table, array, string, integer, float, boolean, offsetDateTime, localDateTime, localDate, localTime

        /// With its article, for messages.
        package var name: String {
            switch self {
            case .array, .integer: "an \(rawValue)"
            case .table, .string, .float, .boolean: "a \(rawValue)"
            default: "a date or time"
            }
        }
    }

    let storage: TOMLStorage
    let index: Int32

    private var node: TOMLNode { storage.nodes[Int(index)] }

    package var kind: Kind {
        switch node.kind {
        case .table: .table
        case .array: .array
        case .string: .string
        case .integer: .integer
        case .float: .float
        case .boolean: .boolean
        case .offsetDateTime: .offsetDateTime
        case .localDateTime: .localDateTime
        case .localDate: .localDate
        case .localTime: .localTime
        }
    }

    /// Of the value as it is written, quotes included. Of a table with a header: the header.
    package var span: SourceSpan { SourceSpan(Int(node.start), Int(node.end)) }
    /// Of its key (the last part of a dotted one), quotes included; nil for an element of an array.
    package var keySpan: SourceSpan? {
        node.keyStart < 0 ? nil : SourceSpan(Int(node.keyStart), Int(node.keyEnd))
    }
    package var key: String { storage.key(of: index) }

    package var string: String? {
        node.kind == .string ? TOMLText.decode(storage.bytes, Int(node.start), Int(node.end)) : nil
    }
    package var integer: Int64? { node.kind == .integer ? Int64(bitPattern: node.bits) : nil }
    package var float: Double? { node.kind == .float ? Double(bitPattern: node.bits) : nil }
    package var boolean: Bool? { node.kind == .boolean ? node.bits == 1 : nil }
    package var table: TOMLTable? { node.kind == .table ? TOMLTable(storage: storage, index: index) : nil }
    /// The elements of an array, static or of tables; nil for another kind. O(n).
    package var array: [TOMLValue]? { node.kind == .array ? storage.children(of: index) : nil }
    /// Whether it is a table in braces, complete where it stands.
    var isInlineTable: Bool { node.kind == .table && node.definition == .inline }
    /// The comment at the end of the line where the value ends, with the blanks before it; empty when there is none.
    var trailingComment: String {
        let rest = storage.bytes[Int(node.end)...].prefix { $0 != 0x0A && $0 != 0x0D }
        let isComment = rest.first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "#")
        return isComment ? String(decoding: rest, as: UTF8.self) : ""
    }
    /// The value as it is written.
    package var sourceText: String { String(decoding: storage.bytes[span.range], as: UTF8.self) }

    /// Line and column of the value. O(n) in the size of the document for the first, O(log n) for the next.
    package var location: SourceLocation { storage.location(at: Int(node.start)) }
    /// Line and column of its key, or of itself in an array.
    package var keyLocation: SourceLocation {
        storage.location(at: Int(node.keyStart < 0 ? node.start : node.keyStart))
    }

    /// The keys that lead here, as a dotted key, with the places in arrays: `variant[3].passes.lower`.
    package var path: String { storage.path(of: index) }
}

/// A table of a document: a view, cheap to copy.
package struct TOMLTable: Sendable {
    let storage: TOMLStorage
    let index: Int32

    package var count: Int { Int(storage.nodes[Int(index)].count) }
    package var isEmpty: Bool { count == 0 }
    /// The table itself as a value.
    package var value: TOMLValue { TOMLValue(storage: storage, index: index) }
    package var file: String { storage.file }

    /// O(1) expected.
    package subscript(key: String) -> TOMLValue? {
        storage.child(of: index, named: key).map { TOMLValue(storage: storage, index: $0) }
    }

    /// Its values in the order of the document, each with its `key`. O(n).
    package var values: [TOMLValue] { storage.children(of: index) }

    /// The value at the end of a path of keys; nil when there is none. An empty path is the table itself.
    package func value(at path: [String]) -> TOMLValue? {
        var value: TOMLValue? = self.value
        for key in path { value = value?.table?[key] }
        return value
    }
}

extension TOMLStorage {
    func children(of index: Int32) -> [TOMLValue] {
        var children: [TOMLValue] = []
        children.reserveCapacity(Int(nodes[Int(index)].count))
        var child = nodes[Int(index)].firstChild
        while child != TOMLNode.none {
            children.append(TOMLValue(storage: self, index: child))
            child = nodes[Int(child)].next
        }
        return children
    }

    func location(at offset: Int) -> SourceLocation {
        let position = lines.position(at: offset)
        return SourceLocation(file: file, line: position.line, column: position.column)
    }

    func path(of index: Int32) -> String {
        var parts: [String] = []
        var index = index
        while index > 0 {
            let parent = nodes[Int(index)].parent
            if nodes[Int(index)].keyStart >= 0 {
                parts.append((parent == 0 ? "" : ".") + TOMLLiteral.keyText(key(of: index)))
            } else {
                var place = 1
                var sibling = nodes[Int(parent)].firstChild
                while sibling != index, sibling != TOMLNode.none {
                    place += 1
                    sibling = nodes[Int(sibling)].next
                }
                parts.append("[\(place)]")
            }
            index = parent
        }
        return parts.reversed().joined()
    }
}

import Basics
import Synchronization

/// One value of a document, in the arena of its `TOMLStorage`. Offsets and indexes are 32 bits wide: a document is
/// refused above 2³⁰ bytes, and half the memory is half the cache misses.
struct TOMLNode {
    enum Kind: UInt8 {
        case table, array, string, integer, float, boolean
        case offsetDateTime, localDateTime, localDate, localTime
    }

    /// Who defined a table or an array, and so who may still add to it.
    struct Definition: Equatable {
        var rawValue: Int32
        /// A table that a header of a table below it brought into being: it may get its own header, or dotted keys.
        static let implied = Definition(rawValue: 0)
        /// A table with a header, or an array of tables.
        static let header = Definition(rawValue: -1)
        /// An inline table or a static array: complete where it stands.
        static let inline = Definition(rawValue: -2)
        /// A table made by dotted keys of that section: more keys may follow there, and nowhere else.
        static func dotted(section: Int32) -> Definition { Definition(rawValue: section) }
    }

    static let none: Int32 = -1

    var kind: Kind
    var definition: Definition = .inline
    var parent: Int32
    /// Of the key (its last part, with quotes); both -1 for the root and for elements of arrays.
    var keyStart: Int32 = -1
    var keyEnd: Int32 = -1
    /// Of the key's text within its quotes.
    var hash: UInt32 = 0
    /// Of the value. Of a table with a header: the header. Of another table: its first key.
    var start: Int32
    var end: Int32
    var firstChild: Int32 = none
    var lastChild: Int32 = none
    var next: Int32 = none
    var count: Int32 = 0
    /// An integer's or a float's bits, 0 or 1 of a boolean.
    var bits: UInt64 = 0
}

/// A header of a document, with what follows it up to the next one. The first section has no header and starts at 0.
struct TOMLSection {
    var table: Int32
    var start: Int32
    var end: Int32
    /// End of the last `key = value` of this section; the header's own end when it has none.
    var lastEnd: Int32
}

/// What a parsed document is made of. Immutable after parsing: values are views into it.
final class TOMLStorage: Sendable {
    let file: String
    let bytes: [UInt8]
    let nodes: [TOMLNode]
    let sections: [TOMLSection]
    private let index: TOMLKeyIndex
    private let knownLines = Mutex<LineTable?>(nil)

    /// Made when first asked for: a document without faults may need none.
    var lines: LineTable {
        knownLines.withLock { known in
            if let known { return known }
            let lines = LineTable(bytes)
            known = lines
            return lines
        }
    }

    init(file: String, bytes: [UInt8], nodes: [TOMLNode], sections: [TOMLSection], index: TOMLKeyIndex) {
        self.file = file
        self.bytes = bytes
        self.nodes = nodes
        self.sections = sections
        self.index = index
    }

    func child(of table: Int32, named key: String) -> Int32? {
        var key = key
        return key.withUTF8 { index.find($0, in: table, nodes: nodes, bytes: bytes) }
    }

    func key(of node: Int32) -> String {
        let node = nodes[Int(node)]
        return node.keyStart < 0 ? "" : TOMLText.decode(bytes, Int(node.keyStart), Int(node.keyEnd))
    }
}

/// Finds a key in any table of a document: one open-addressed hash table for them all, so that a document of a hundred
/// thousand small tables costs no dictionary each, and one table of a hundred thousand keys is no quadratic trap.
///
/// The hash is the standard library's, seeded by the process: nobody can prepare keys that collide. It is never stored.
struct TOMLKeyIndex: Sendable {
    private var slots: [Int32] = Array(repeating: TOMLNode.none, count: 64)
    private var used = 0

    static func hash(_ key: UnsafeBufferPointer<UInt8>, in table: Int32) -> UInt32 {
        var hasher = Hasher()
        hasher.combine(table)
        hasher.combine(bytes: UnsafeRawBufferPointer(key))
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    /// The node with that key in `table`; O(1) expected.
    func find(
        _ key: UnsafeBufferPointer<UInt8>, in table: Int32, nodes: [TOMLNode], bytes: [UInt8]
    ) -> Int32? {
        find(key, hash: Self.hash(key, in: table), in: table, nodes: nodes, bytes: bytes)
    }

    func find(
        _ key: UnsafeBufferPointer<UInt8>, hash: UInt32, in table: Int32, nodes: [TOMLNode], bytes: [UInt8]
    ) -> Int32? {
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != TOMLNode.none {
            let node = nodes[Int(slots[slot])]
            if node.hash == hash, node.parent == table,
                TOMLText.isEqual(bytes, Int(node.keyStart), Int(node.keyEnd), to: key)
            {
                return slots[slot]
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    mutating func insert(_ node: Int32, nodes: [TOMLNode]) {
        if used * 2 >= slots.count { grow(nodes: nodes) }
        place(node, hash: nodes[Int(node)].hash)
        used += 1
    }

    private mutating func place(_ node: Int32, hash: UInt32) {
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != TOMLNode.none { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = node
    }

    private mutating func grow(nodes: [TOMLNode]) {
        let old = slots
        slots = Array(repeating: TOMLNode.none, count: old.count * 4)
        for node in old where node != TOMLNode.none { place(node, hash: nodes[Int(node)].hash) }
    }
}

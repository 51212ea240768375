package import Basics
import Synchronization

/// Why a node ran: one way in which it differed from the last time it was evaluated.
package enum Change: Sendable, Hashable {
    /// It was never evaluated here.
    case first
    /// Nothing changed, but the cache no longer had its result.
    case resultMissing
    case implementation
    case arguments(from: [String], to: [String])
    case variable(String)
    case input(InputChange)

    package struct InputChange: Sendable, Hashable {
        package var path: String
        /// Nil when the input is new.
        package var from: Value?
        /// Nil when the input is gone.
        package var to: Value?
        /// The node that makes the input; nil for a leaf.
        package var producer: Node?

        package struct Value: Sendable, Hashable {
            package var digest: Digest
            package var label: String?

            package init(digest: Digest, label: String?) {
                self.digest = digest
                self.label = label
            }
        }

        package init(path: String, from: Value?, to: Value?, producer: Node?) {
            self.path = path
            self.from = from
            self.to = to
            self.producer = producer
        }
    }
}

/// What a node's inputs and outputs were when it was last evaluated, and why it last ran.
package struct NodeRecord: Sendable, Hashable {
    package struct Input: Sendable, Hashable {
        package var path: String
        package var value: Change.InputChange.Value
        package var producer: Node?
    }

    package var node: Node
    package var key: Digest
    package var implementation: Digest
    package var arguments: [String]
    /// Digests of the values, which may be secrets: nothing that is kept holds them. Nil is unset.
    package var variables: [String: Digest?]
    package var inputs: [Input]
    /// Why it ran the last time it ran; empty when it never ran here (every answer came from the cache).
    package var lastRun: [Change]

    init(_ action: Action, key: ActionKey, lastRun: [Change]) {
        node = action.node
        self.key = key.digest
        implementation = action.implementation
        arguments = action.arguments
        variables = Self.digests(of: action.variables)
        inputs = action.inputs.map {
            Input(path: $0.path.text, value: .init(digest: $0.digest, label: $0.label), producer: $0.producer)
        }
        self.lastRun = lastRun
    }

    private static func digests(of variables: [String: String?]) -> [String: Digest?] {
        Dictionary(
            uniqueKeysWithValues: variables.map { name, value in (name, value.map { Digest(of: "\(name)=\($0)") }) })
    }

    /// In what the action differs from this record. Empty when it does not. O(inputs).
    ///
    /// It walks the very parts that the key is made of, so that the explanation can't drift from the key.
    func changes(to action: Action) -> [Change] {
        var changes: [Change] = []
        if implementation != action.implementation { changes.append(.implementation) }
        if arguments != action.arguments { changes.append(.arguments(from: arguments, to: action.arguments)) }
        let present = Self.digests(of: action.variables)
        for name in Set(variables.keys).union(present.keys).sorted() where variables[name] != present[name] {
            changes.append(.variable(name))
        }
        let old = Dictionary(inputs.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let new = Dictionary(action.inputs.map { ($0.path.text, $0) }, uniquingKeysWith: { first, _ in first })
        for path in Set(old.keys).union(new.keys).sorted() {
            let from = old[path]?.value
            let to = new[path].map { Change.InputChange.Value(digest: $0.digest, label: $0.label) }
            if from?.digest == to?.digest { continue }
            changes.append(
                .input(.init(path: path, from: from, to: to, producer: new[path]?.producer ?? old[path]?.producer)))
        }
        return changes
    }
}

/// Where records are kept: a table of bytes by digest. Lost records cost an explanation, never a build.
package protocol RecordTable: Sendable {
    func lookup(_ key: Digest) throws -> [UInt8]?
    func recordAll(_ records: [(key: Digest, value: [UInt8])]) throws
}

/// The records of one project's nodes. All nodes whose subject begins with the same word are one row of the table, a
/// family: they are asked after together, and one large row costs less than many small ones.
///
/// Reads through to its table; writes are kept until `flush`.
package final class History: Sendable {
    private let table: any RecordTable
    private let families = Mutex<[String: NodeFamily]>([:])
    /// So many are held at once.
    private static let most = 512

    package init(_ table: any RecordTable) { self.table = table }

    /// The record of a node; nil when there is none, or when it is damaged.
    package func record(of node: Node) -> NodeRecord? {
        let key = node.digest
        let found = try? families.withLock { families in
            try open(node.family, &families)
            return families[node.family]?.records[key]
        }
        guard let found, let record = try? NodeRecord(decoding: found), record.node == node else { return nil }
        return record
    }

    func remember(_ record: NodeRecord) {
        let (key, family) = (record.node.digest, record.node.family)
        let encoded = record.encoded
        families.withLock { families in
            // Should the table fail, the next `flush` says so.
            try? open(family, &families)
            families[family, default: NodeFamily()].records[key] = encoded
            families[family]?.isChanged = true
        }
    }

    /// What is known of a family's nodes that have one of `subjects`, without why they ran: what another project may take
    /// over whose nodes have the same inputs.
    package func inputs(ofFamily name: String, subjects: Set<[String]>) -> [UInt8] {
        let family = families.withLock { families in
            try? open(name, &families)
            return families[name] ?? NodeFamily()
        }
        return family.withoutReasons(of: subjects).encoded
    }

    /// Takes over what `inputs(ofFamily:)` gave elsewhere; of a node that ran here, why it did stays known. Damaged bytes
    /// are passed over.
    package func takeOver(_ bytes: ArraySlice<UInt8>, ofFamily name: String) {
        guard let other = try? NodeFamily(decoding: bytes) else { return }
        families.withLock { families in
            try? open(name, &families)
            families[name, default: NodeFamily()].takeOver(other)
        }
    }

    /// Writes what was remembered, in one transaction.
    package func flush() throws { try families.withLock { try write(&$0) } }

    private func open(_ name: String, _ families: inout [String: NodeFamily]) throws {
        if families[name] != nil { return }
        if families.count >= Self.most { try write(&families) }
        let bytes = try? table.lookup(NodeFamily.key(name))
        families[name] = bytes.flatMap { try? NodeFamily(decoding: $0[...]) } ?? NodeFamily()
    }

    /// Under the lock, so that nobody reads a row anew before it is written.
    private func write(_ families: inout [String: NodeFamily]) throws {
        let changed = families.filter(\.value.isChanged)
        if !changed.isEmpty {
            try table.recordAll(changed.map { (key: NodeFamily.key($0.key), value: $0.value.encoded) })
        }
        families.removeAll(keepingCapacity: true)
    }
}

extension ByteEncoder {
    mutating func node(_ node: Node) {
        string(node.rule)
        count(node.subject.count)
        for part in node.subject { string(part) }
    }
    mutating func optionalNode(_ node: Node?) {
        byte(node == nil ? 0 : 1)
        if let node { self.node(node) }
    }
    mutating func value(_ value: Change.InputChange.Value) {
        digest(value.digest)
        optional(value.label)
    }
    mutating func optionalValue(_ value: Change.InputChange.Value?) {
        byte(value == nil ? 0 : 1)
        if let value { self.value(value) }
    }
    mutating func change(_ change: Change) {
        switch change {
        case .first: byte(0)
        case .resultMissing: byte(1)
        case .implementation: byte(2)
        case .arguments(let from, let to):
            byte(3)
            for list in [from, to] {
                count(list.count)
                for item in list { string(item) }
            }
        case .variable(let name):
            byte(4)
            string(name)
        case .input(let input):
            byte(5)
            string(input.path)
            optionalValue(input.from)
            optionalValue(input.to)
            optionalNode(input.producer)
        }
    }
}

extension ByteDecoder {
    mutating func node() throws(Damaged) -> Node {
        let rule = try string()
        var subject: [String] = []
        for _ in 0..<(try count()) { subject.append(try string()) }
        return Node(rule, subject)
    }
    mutating func optionalNode() throws(Damaged) -> Node? { try byte() == 0 ? nil : try node() }
    mutating func value() throws(Damaged) -> Change.InputChange.Value {
        .init(digest: try digest(), label: try optional())
    }
    mutating func optionalValue() throws(Damaged) -> Change.InputChange.Value? {
        try byte() == 0 ? nil : try value()
    }
    mutating func change() throws(Damaged) -> Change {
        switch try byte() {
        case 0: return .first
        case 1: return .resultMissing
        case 2: return .implementation
        case 3:
            var lists: [[String]] = []
            for _ in 0..<2 {
                var list: [String] = []
                for _ in 0..<(try count()) { list.append(try string()) }
                lists.append(list)
            }
            return .arguments(from: lists[0], to: lists[1])
        case 4: return .variable(try string())
        case 5:
            return .input(
                .init(
                    path: try string(), from: try optionalValue(), to: try optionalValue(), producer: try optionalNode()
                ))
        default: throw Damaged()
        }
    }
}

import Basics

extension Node {
    /// The first word of the subject.
    var family: String { subject.first ?? "" }
}

/// The records of nodes whose subject begins with one word, by `Node.digest`. They are decoded when they are asked for.
struct NodeFamily {
    private static let version: UInt8 = 2

    var records: [Digest: NodeRecord.Encoded] = [:]
    var isChanged = false

    /// The table's key, which is no node's.
    static func key(_ name: String) -> Digest { Digest(of: "nodes-1\n\(name)") }

    init() {}

    init(decoding bytes: ArraySlice<UInt8>) throws(ByteDecoder.Damaged) {
        var decoder = ByteDecoder(bytes)
        guard try decoder.byte() == Self.version else { throw ByteDecoder.Damaged() }
        let count = try decoder.count()
        records.reserveCapacity(count)
        for _ in 0..<count {
            let key = try decoder.digest()
            records[key] = .init(facts: Array(try decoder.block()), reasons: Array(try decoder.block()))
        }
        guard decoder.isAtEnd else { throw ByteDecoder.Damaged() }
    }

    var encoded: [UInt8] {
        var encoder = ByteEncoder()
        encoder.reserve(records.values.reduce(16) { $0 + $1.facts.count + $1.reasons.count + 40 })
        encoder.byte(Self.version)
        encoder.count(records.count)
        for (key, record) in records.sorted(by: { $0.key < $1.key }) {
            encoder.digest(key)
            encoder.block(record.facts)
            encoder.block(record.reasons)
        }
        return encoder.bytes
    }

    func withoutReasons(of subjects: Set<[String]>) -> NodeFamily {
        var copy = NodeFamily()
        for (key, record) in records {
            var decoder = ByteDecoder(record.facts)
            guard let node = try? decoder.node(), subjects.contains(node.subject) else { continue }
            copy.records[key] = .init(facts: record.facts, reasons: NodeRecord.noReasons)
        }
        return copy
    }

    mutating func takeOver(_ other: NodeFamily) {
        for (key, record) in other.records where records[key]?.facts != record.facts {
            records[key] = .init(facts: record.facts, reasons: records[key]?.reasons ?? NodeRecord.noReasons)
            isChanged = true
        }
    }
}

extension NodeRecord {
    /// What the node's inputs were, and why it last ran.
    struct Encoded {
        var facts: [UInt8]
        var reasons: [UInt8]
    }

    static let noReasons = Self.encoded(reasons: [])

    var encoded: Encoded { Encoded(facts: facts, reasons: Self.encoded(reasons: lastRun)) }

    private static func encoded(reasons: [Change]) -> [UInt8] {
        var encoder = ByteEncoder()
        encoder.count(reasons.count)
        for change in reasons { encoder.change(change) }
        return encoder.bytes
    }

    private var facts: [UInt8] {
        var encoder = ByteEncoder()
        encoder.reserve(256 + inputs.count * 160)
        encoder.node(node)
        encoder.digest(key)
        encoder.digest(implementation)
        encoder.count(arguments.count)
        for argument in arguments { encoder.string(argument) }
        encoder.count(variables.count)
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
            encoder.string(name)
            encoder.optional(value?.hex)
        }
        encoder.count(inputs.count)
        for input in inputs {
            encoder.string(input.path)
            encoder.value(input.value)
            encoder.optionalNode(input.producer)
        }
        return encoder.bytes
    }

    init(decoding encoded: Encoded) throws {
        var decoder = ByteDecoder(encoded.facts)
        node = try decoder.node()
        key = try decoder.digest()
        implementation = try decoder.digest()
        arguments = try (0..<decoder.count()).map { _ in try decoder.string() }
        variables = [:]
        for _ in 0..<(try decoder.count()) {
            let name = try decoder.string()
            let hex = try decoder.optional()
            let digest = hex.flatMap { Digest(hex: $0) }
            if hex != nil, digest == nil { throw ByteDecoder.Damaged() }
            variables[name] = .some(digest)
        }
        inputs = try (0..<decoder.count()).map { _ in
            Input(path: try decoder.string(), value: try decoder.value(), producer: try decoder.optionalNode())
        }
        var reasons = ByteDecoder(encoded.reasons)
        lastRun = try (0..<reasons.count()).map { _ in try reasons.change() }
        guard decoder.isAtEnd, reasons.isAtEnd else { throw ByteDecoder.Damaged() }
    }
}

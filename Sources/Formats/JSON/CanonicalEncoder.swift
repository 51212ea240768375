/// Writes one `Encodable` value as canonical JSON, straight into bytes.
///
/// Foundation's encoder builds a tree of the whole value, then sorts and writes it: a third of the time of a pass that
/// has a document to put out. Here an object's members are written as they come and put in order, as bytes, when it ends.
final class CanonicalEncoder: Encoder {
    /// What a value has turned out to be: it is known when its first container, or its one value, is asked for.
    private enum Shape { case undecided, value, array, object }

    /// A member, by places in the output: `"key":value` without the comma.
    private struct Member {
        /// Where the text in the output has escapes, and would be sorted otherwise.
        var escapedKey: [UInt8]?
        var start: Int
        var keyEnd: Int
        var end: Int
    }

    /// A part that another encoder writes and that stands where `place` says: nested containers and `super`.
    private struct Part {
        var place: Int
        var encoder: CanonicalEncoder
    }

    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    fileprivate private(set) var output: [UInt8] = []
    private var shape = Shape.undecided
    private var start = 0
    private var members: [Member] = []
    private var isSorted = true
    private var parts: [Part] = []
    fileprivate private(set) var count = 0

    /// The bytes of `value`. Throws what its own encoding throws, and `EncodingError` for a floating-point number, which
    /// has no canonical text.
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = CanonicalEncoder()
        try encoder.write(value)
        return encoder.output
    }

    // MARK: Values

    /// Writes a whole value at the end of the output. The state of the value around it is kept aside meanwhile: one
    /// encoder, and one array of bytes, serves all of them.
    fileprivate func write<Value: Encodable>(_ value: Value) throws {
        if let text = value as? String { return write(text) }
        let outer = (shape, start, members, isSorted, parts, count)
        (shape, start, members, isSorted, parts, count) = (.undecided, output.count, [], true, [], 0)
        defer { (shape, start, members, isSorted, parts, count) = outer }
        try value.encode(to: self)
        finish()
    }

    fileprivate func write(_ text: String) {
        var text = text
        text.withUTF8 { JSONText.appendQuoted($0, to: &output) }
    }

    fileprivate func writeNumber(_ number: some FixedWidthInteger) {
        var text = String(number)
        text.withUTF8 { output.append(contentsOf: $0) }
    }

    fileprivate func write(_ flag: Bool) { output.append(contentsOf: (flag ? "true" : "false").utf8) }
    fileprivate func writeNull() { output.append(contentsOf: "null".utf8) }

    fileprivate func refuse(_ number: Any) throws {
        throw EncodingError.invalidValue(
            number, .init(codingPath: [], debugDescription: "a floating-point number has no canonical text"))
    }

    // MARK: Members and elements

    fileprivate func member<R>(_ key: some CodingKey, _ write: () throws -> R) rethrows -> R {
        if !members.isEmpty { output.append(0x2C) }
        let start = output.count
        var text = key.stringValue
        text.withUTF8 { JSONText.appendQuoted($0, to: &output) }
        let keyEnd = output.count
        let escapedKey = keyEnd - start == text.utf8.count + 2 ? nil : Array(text.utf8)
        output.append(0x3A)
        let result = try write()
        let member = Member(escapedKey: escapedKey, start: start, keyEnd: keyEnd, end: output.count)
        if isSorted, let last = members.last, !precedes(last, member) { isSorted = false }
        members.append(member)
        return result
    }

    fileprivate func element<R>(_ write: () throws -> R) rethrows -> R {
        if count > 0 { output.append(0x2C) }
        defer { count += 1 }
        return try write()
    }

    /// A part for another encoder, at the end of the output as it is now.
    fileprivate func part() -> CanonicalEncoder {
        let encoder = CanonicalEncoder()
        parts.append(Part(place: output.count, encoder: encoder))
        return encoder
    }

    fileprivate func begin(object: Bool) {
        // A type that inherits may ask for its container twice.
        guard shape == .undecided else { return }
        shape = object ? .object : .array
        output.append(object ? 0x7B : 0x5B)
    }

    fileprivate func beginValue() { shape = .value }

    /// By the key's bytes, without the quotes: a key that begins another comes first.
    private func precedes(_ a: Member, _ b: Member) -> Bool {
        key(a).lexicographicallyPrecedes(key(b))
    }

    private func key(_ member: Member) -> ArraySlice<UInt8> {
        member.escapedKey.map { $0[...] } ?? output[(member.start + 1)..<(member.keyEnd - 1)]
    }

    private func finish() {
        splice()
        switch shape {
        case .undecided: output.append(contentsOf: "{}".utf8)
        case .value: break
        case .array: output.append(0x5D)
        case .object:
            if !isSorted { sort() }
            output.append(0x7D)
        }
    }

    private func sort() {
        members.sort(by: precedes)
        var sorted: [UInt8] = []
        sorted.reserveCapacity(output.count - start)
        for member in members {
            sorted.append(sorted.isEmpty ? 0x7B : 0x2C)
            sorted.append(contentsOf: output[member.start..<member.end])
        }
        output.replaceSubrange(start..., with: sorted)
    }

    /// Puts the parts of other encoders in, the last first so that earlier places stay right.
    private func splice() {
        for part in parts.reversed() {
            part.encoder.finish()
            let bytes = part.encoder.output
            output.insert(contentsOf: bytes, at: part.place)
            for index in members.indices where members[index].end >= part.place {
                if members[index].start > part.place {
                    members[index].start += bytes.count
                    members[index].keyEnd += bytes.count
                }
                members[index].end += bytes.count
            }
        }
        parts = []
    }

    // MARK: Encoder

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        begin(object: true)
        return KeyedEncodingContainer(ObjectContainer<Key>(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        begin(object: false)
        return ArrayContainer(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        beginValue()
        return ValueContainer(encoder: self)
    }
}

private struct ObjectContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: CanonicalEncoder
    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) { encoder.member(key) { encoder.writeNull() } }
    func encode(_ value: Bool, forKey key: Key) { encoder.member(key) { encoder.write(value) } }
    func encode(_ value: String, forKey key: Key) { encoder.member(key) { encoder.write(value) } }
    func encode(_ value: Int, forKey key: Key) { encoder.member(key) { encoder.writeNumber(value) } }
    func encode(_ value: Double, forKey key: Key) throws { try encoder.refuse(value) }
    func encode(_ value: Float, forKey key: Key) throws { try encoder.refuse(value) }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        try encoder.member(key) { try encoder.write(value) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        nested(key).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { nested(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder.member(SuperKey()) { encoder.part() } }
    func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

    private func nested(_ key: Key) -> CanonicalEncoder { encoder.member(key) { encoder.part() } }
}

private struct SuperKey: CodingKey {
    var stringValue: String { "super" }
    var intValue: Int? { nil }
    init() {}
    init?(stringValue: String) { nil }
    init?(intValue: Int) { nil }
}

private struct ArrayContainer: UnkeyedEncodingContainer {
    let encoder: CanonicalEncoder
    var codingPath: [any CodingKey] { [] }
    var count: Int { encoder.count }

    func encodeNil() { encoder.element { encoder.writeNull() } }
    func encode(_ value: Bool) { encoder.element { encoder.write(value) } }
    func encode(_ value: String) { encoder.element { encoder.write(value) } }
    func encode(_ value: Int) { encoder.element { encoder.writeNumber(value) } }
    func encode(_ value: Double) throws { try encoder.refuse(value) }
    func encode(_ value: Float) throws { try encoder.refuse(value) }
    func encode<Value: Encodable>(_ value: Value) throws { try encoder.element { try encoder.write(value) } }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        nested().container(keyedBy: type)
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }
    func superEncoder() -> any Encoder { nested() }

    private func nested() -> CanonicalEncoder { encoder.element { encoder.part() } }
}

/// Integers of every width end here: `Int32.encode(to:)` asks for it.
private struct ValueContainer: SingleValueEncodingContainer {
    let encoder: CanonicalEncoder
    var codingPath: [any CodingKey] { [] }

    func encodeNil() { encoder.writeNull() }
    func encode(_ value: Bool) { encoder.write(value) }
    func encode(_ value: String) { encoder.write(value) }
    func encode(_ value: Int) { encoder.writeNumber(value) }
    func encode(_ value: Double) throws { try encoder.refuse(value) }
    func encode(_ value: Float) throws { try encoder.refuse(value) }
    func encode(_ value: Int8) { encoder.writeNumber(value) }
    func encode(_ value: Int16) { encoder.writeNumber(value) }
    func encode(_ value: Int32) { encoder.writeNumber(value) }
    func encode(_ value: Int64) { encoder.writeNumber(value) }
    func encode(_ value: UInt) { encoder.writeNumber(value) }
    func encode(_ value: UInt8) { encoder.writeNumber(value) }
    func encode(_ value: UInt16) { encoder.writeNumber(value) }
    func encode(_ value: UInt32) { encoder.writeNumber(value) }
    func encode(_ value: UInt64) { encoder.writeNumber(value) }
    func encode<Value: Encodable>(_ value: Value) throws { try encoder.write(value) }
}

/// The text of JSON strings.
enum JSONText {
    /// The string with its quotes and escapes; a slash stands for itself. O(n).
    static func appendQuoted(_ text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        output.append(0x22)
        var plain = 0
        for index in text.indices where text[index] < 0x20 || text[index] == 0x22 || text[index] == 0x5C {
            output.append(contentsOf: text[plain..<index])
            appendEscape(text[index], to: &output)
            plain = index + 1
        }
        output.append(contentsOf: text[plain...])
        output.append(0x22)
    }

    private static func appendEscape(_ byte: UInt8, to output: inout [UInt8]) {
        output.append(0x5C)
        switch byte {
        case 0x22, 0x5C: output.append(byte)
        case 0x08: output.append(0x62)
        case 0x09: output.append(0x74)
        case 0x0A: output.append(0x6E)
        case 0x0C: output.append(0x66)
        case 0x0D: output.append(0x72)
        default:
            let digits = Array("0123456789abcdef".utf8)
            output.append(contentsOf: "u00".utf8)
            output.append(digits[Int(byte >> 4)])
            output.append(digits[Int(byte & 15)])
        }
    }
}

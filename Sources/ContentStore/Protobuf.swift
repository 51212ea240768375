import Basics

/// Appends protobuf fields in their canonical form: minimal varints, and the caller leaves out default values and
/// keeps fields in ascending order.
struct ProtobufWriter {
    var bytes: [UInt8] = []

    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func text(_ field: UInt8, _ text: String) {
        bytes.append(field << 3 | 2)
        varint(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func message(_ field: UInt8, count: Int) {
        bytes.append(field << 3 | 2)
        varint(UInt64(count))
    }

    /// A `Digest` message: `hash = 1` as hexadecimal text, `size_bytes = 2`.
    mutating func blob(_ field: UInt8, _ blob: Blob) {
        message(field, count: Self.count(of: blob))
        message(1, count: 64)
        blob.digest.appendHex(to: &bytes)
        if blob.size != 0 {
            bytes.append(2 << 3)
            varint(UInt64(blob.size))
        }
    }

    /// Bytes of an encoded `Digest` message without its own tag and length.
    static func count(of blob: Blob) -> Int {
        66 + (blob.size == 0 ? 0 : 1 + count(ofVarint: UInt64(blob.size)))
    }

    /// Bytes of a field that holds `count` bytes: tag, length and content. Fields 1 to 15 only.
    static func count(ofField count: Int) -> Int { 1 + self.count(ofVarint: UInt64(count)) + count }

    static func count(ofVarint value: UInt64) -> Int { max(1, (64 - value.leadingZeroBitCount + 6) / 7) }
}

/// Reads protobuf fields out of hostile bytes: every length is checked against what is left.
struct ProtobufReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    enum Field {
        case varint(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    /// The next field with its number; nil at the end.
    mutating func next() throws(TreeError) -> (number: UInt64, field: Field)? {
        if rest.isEmpty { return nil }
        let tag = try varint()
        switch tag & 7 {
        case 0: return (tag >> 3, .varint(try varint()))
        case 2:
            let count = try varint()
            guard count <= UInt64(rest.count) else { throw .malformed("a field is longer than the message") }
            let value = rest.prefix(Int(count))
            rest = rest.dropFirst(Int(count))
            return (tag >> 3, .bytes(value))
        default: throw .malformed("a field has wire type \(tag & 7)")
        }
    }

    private mutating func varint() throws(TreeError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard let byte = rest.popFirst() else { throw .malformed("a number is cut off") }
            if shift == 63 && byte > 1 { break }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw .malformed("a number has more than 64 bits")
    }
}

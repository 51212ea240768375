import FoundationEssentials

/// JSON as skvm stores it: keys sorted by bytes, no white space, no escaped slashes. Equal values have equal bytes.
///
/// Values can't hold floating-point numbers (their text is not canonical).
package enum CanonicalJSON {
    /// The canonical bytes of `value`. Throws what `value`'s own encoding throws, and `EncodingError` for a
    /// floating-point number. O(n log n) in the members of the largest object.
    package static func encode(_ value: some Encodable) throws -> [UInt8] { try CanonicalEncoder.encode(value) }

    /// Reads what `encode` wrote. Not for foreign JSON: duplicate keys pass unseen (`StrictJSON` is for that).
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}

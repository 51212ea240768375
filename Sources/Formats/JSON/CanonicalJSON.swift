import FoundationEssentials

/// JSON as skvm stores it: keys sorted by bytes, no white space, no escaped slashes. Equal values have equal bytes.
///
/// Values must not hold floating-point numbers (their text is not canonical).
package enum CanonicalJSON {
    /// The canonical bytes of `value`. Throws only what `value`'s own encoding throws.
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(value))
    }

    /// Reads what `encode` wrote. Not for foreign JSON: duplicate keys pass unseen (`StrictJSON` is for that).
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}

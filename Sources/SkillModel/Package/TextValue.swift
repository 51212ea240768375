/// A value that is written as one string everywhere: in TOML, in JSON, as a key of a JSON object, on the command line.
///
/// `init?(_:)` reads exactly what `description` writes, and perhaps more spellings of the same value.
package protocol TextValue: Sendable, Hashable, Comparable, Codable, CodingKeyRepresentable,
    LosslessStringConvertible
{
    /// Says in words why `text` is no such value, for a diagnostic; nil when it is one.
    static func fault(in text: String) -> String?
}

extension TextValue {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text.prefix(80))': \(Self.fault(in: text) ?? "not valid")")
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    package var codingKey: any CodingKey { TextCodingKey(stringValue: description) }
    package init?(codingKey: some CodingKey) { self.init(codingKey.stringValue) }
}

private struct TextCodingKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// True when `a` comes before `b` by UTF-8 bytes, the order of everything that is stored.
func precedes(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
}

import Basics

/// A value to be written as TOML, on one line, always in the same spelling.
package indirect enum TOMLLiteral: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral
{
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case array([TOMLLiteral])
    /// In the order given.
    case table([(key: String, value: TOMLLiteral)])
    /// As another document has it.
    case verbatim(String)

    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }

    package var text: String {
        switch self {
        case .string(let text): Self.quoted(text)
        case .integer(let value): "\(value)"
        case .verbatim(let text): text
        case .boolean(let value): value ? "true" : "false"
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ", ") + "]"
        case .table(let entries):
            entries.isEmpty
                ? "{}"
                : "{ " + entries.map { "\(Self.keyText($0.key)) = \($0.value.text)" }.joined(separator: ", ") + " }"
        }
    }

    /// A key as it must be written: bare where it can be.
    package static func keyText(_ key: String) -> String {
        !key.isEmpty && key.utf8.allSatisfy(TOMLParser.isBare) ? key : quoted(key)
    }

    /// A basic string; what can't stand there as it is becomes an escape.
    package static func quoted(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C && $0 != 0x7F }) { return "\"" + text + "\"" }
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: output += "\\\""
            case 0x5C: output += "\\\\"
            case 0x08: output += "\\b"
            case 0x09: output += "\\t"
            case 0x0A: output += "\\n"
            case 0x0C: output += "\\f"
            case 0x0D: output += "\\r"
            case 0..<0x20, 0x7F: output += "\\u00" + [UInt8(truncatingIfNeeded: scalar.value)].hex.uppercased()
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }

    package static func == (a: TOMLLiteral, b: TOMLLiteral) -> Bool { a.text == b.text }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

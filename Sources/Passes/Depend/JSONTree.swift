import Basics
import Formats
import SkillModel

/// JSON whose shape is not known beforehand.
enum JSONTree: Decodable {
    case object([String: JSONTree])
    case array([JSONTree])
    case string(String)
    case other

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let object = try? value.decode([String: JSONTree].self) {
            self = .object(object)
        } else if let array = try? value.decode([JSONTree].self) {
            self = .array(array)
        } else if let string = try? value.decode(String.self) {
            self = .string(string)
        } else {
            self = .other
        }
    }

    /// A string as a list of one, an array's strings, nothing else.
    var strings: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let items):
            items.flatMap { item in if case .string(let text) = item { [text] } else { [String]() } }
        default: []
        }
    }
}

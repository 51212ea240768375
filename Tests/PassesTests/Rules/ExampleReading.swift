import Basics
import Passes
import SkillModel
import Testing

/// An example with its marks taken out and read as a skill.
struct ExampleReading {
    /// The places between marks, in the order of their starts.
    var marked: [SourceSpan]
    var document: SkillDocument

    private static let frontMatter = "---\nname: sample\ndescription: Does a thing.\n---\n"

    init(_ example: RuleExample) throws {
        var text = example.text.drop { $0 == "⟦" }.hasPrefix("---\n") ? "" : Self.frontMatter
        var open: [Int] = []
        var spans: [SourceSpan] = []
        for scalar in example.text.unicodeScalars {
            switch scalar {
            case "⟦": open.append(text.utf8.count)
            case "⟧":
                let start = open.popLast()
                spans.append(SourceSpan(try #require(start, "⟧ without ⟦"), text.utf8.count))
            default: text.unicodeScalars.append(scalar)
            }
        }
        try #require(open.isEmpty, "⟦ without ⟧")
        marked = spans.sorted()
        document = try #require(
            try parse(text.hasSuffix("\n") ? text : text + "\n", files: example.files).value, "no skill: \(text)")
    }

    /// The example's text with marks at `spans`.
    static func mark(_ example: RuleExample, at spans: [SourceSpan]) throws -> String {
        let reading = try ExampleReading(example)
        let isWhole = example.text.drop { $0 == "⟦" }.hasPrefix("---\n")
        let skip = isWhole ? 0 : frontMatter.utf8.count
        var result = ""
        let bytes = reading.document.bytes
        for offset in skip...bytes.count {
            let ends = spans.count { $0.end == offset && $0.start < offset }
            let starts = spans.count { $0.start == offset }
            result += String(repeating: "⟧", count: ends) + String(repeating: "⟦", count: starts)
            let empty = spans.count { $0.start == offset && $0.end == offset }
            result += String(repeating: "⟧", count: empty)
            if offset < bytes.count, bytes[offset] & 0xC0 != 0x80 {
                var end = offset + 1
                while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
                result += String(decoding: bytes[offset..<end], as: UTF8.self)
            }
        }
        return result
    }
}

import Basics
import SkillModel

/// A short line directly above a list that stands where a heading would, without its mark: "Safety", "**Hard rules**".
enum PlainTitle {
    private static let longest = 60
    private static let mostWords = 6

    /// The title that a paragraph is for the list behind it; nil for any other block. O(1).
    static func text(of block: Int, in document: SkillDocument) -> String? {
        guard document.blocks.indices.contains(block), document.blocks.indices.contains(block + 1),
            document.blocks[block].kind == .paragraph,
            [.list, .orderedList].contains(document.blocks[block + 1].kind),
            document.blocks[block].parent == document.blocks[block + 1].parent,
            document.blocks[block].span.range.count <= longest,
            // The name of a setting heads its values.
            !document.bytes[document.blocks[block].span.range].contains(UInt8(ascii: "`"))
        else { return nil }
        var text = document.blocks[block].text.trimmingBlanks()[...]
        for mark in ["**", "__"] where text.hasPrefix(mark) && text.hasSuffix(mark) && text.utf8.count > 4 {
            text = text.dropFirst(2).dropLast(2)
        }
        if text.hasSuffix(":") { text = text.dropLast() }
        // A sentence is none, nor is the label of what stands behind it.
        guard let first = text.first, first.isLetter, let last = text.last,
            last.isLetter || last.isNumber || last == ")",
            !text.contains(where: { $0.isNewline || ".:;!?`|".contains($0) }),
            text.split(separator: " ").count <= mostWords
        else { return nil }
        return String(text)
    }

    /// That of a list. O(1).
    static func text(above list: Int, in document: SkillDocument) -> String? {
        list > 0 ? text(of: list - 1, in: document) : nil
    }
}

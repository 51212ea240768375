import Basics
import SkillModel

/// The items of lists, as a rule reads them.
struct Children {
    struct Item {
        /// The name at its head: in code, bold, or before a colon or dash; the whole text when it has none.
        var lead: String
        /// The head when it is a code span.
        var codeLead: String?
        /// What follows the head, without the mark between.
        var rest: String
    }

    private var ofParent: [Int: [Int]] = [:]

    /// O(blocks).
    init(_ blocks: [Block]) {
        for (index, block) in blocks.enumerated() {
            if let parent = block.parent { ofParent[parent, default: []].append(index) }
        }
    }

    func of(_ block: Int) -> [Int] { ofParent[block] ?? [] }

    /// O(items + code spans in them · log code spans).
    func items(of list: Int, in document: SkillDocument) -> [Item] {
        of(list).filter { document.blocks[$0].kind == .item }.map { item in
            let inside = of(item).first { document.blocks[$0].kind == .paragraph }
            let text = inside.map { document.blocks[$0].text } ?? document.blocks[item].text
            let code = firstCode(in: inside ?? item, document).map(\.text)
            if let code, text.trimmingBlanks().hasPrefix(code) {
                return Item(
                    lead: code, codeLead: code, rest: Self.withoutMark(text.trimmingBlanks().dropFirst(code.count)))
            }
            let (lead, rest) = Self.divided(text.trimmingBlanks())
            return Item(lead: lead, codeLead: nil, rest: rest)
        }
    }

    private func firstCode(in block: Int, _ document: SkillDocument) -> CodeSpan? {
        var low = 0
        var high = document.codeSpans.count
        let start = document.blocks[block].span.start
        while low < high {
            let middle = (low + high) / 2
            if document.codeSpans[middle].span.start < start { low = middle + 1 } else { high = middle }
        }
        guard low < document.codeSpans.count, document.codeSpans[low].block == block else { return nil }
        return document.codeSpans[low]
    }

    private static func divided(_ text: String) -> (String, String) {
        for mark in [":", " - ", " – ", " — "] {
            if let at = text.firstRange(of: mark) {
                return (String(text[..<at.lowerBound]).trimmingBlanks(), withoutMark(text[at.upperBound...]))
            }
        }
        return (text, "")
    }

    private static func withoutMark(_ text: Substring) -> String {
        var rest = text.trimmingBlanks()[...]
        while let first = rest.first, [":", "-", "–", "—", " "].contains(first) { rest = rest.dropFirst() }
        return String(rest)
    }
}

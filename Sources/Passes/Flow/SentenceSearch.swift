import Basics
import SkillModel

extension SkillReading {
    /// The sentences that begin in `span`. O(log of the sentences of the document).
    func sentences(in span: SourceSpan) -> ArraySlice<Sentence> {
        let first = SortedSearch.first(in: sentences.indices) { sentences[$0].span.start >= span.start }
        let end = SortedSearch.first(in: first..<sentences.endIndex) { sentences[$0].span.start >= span.end }
        return sentences[first..<end]
    }

    /// The role of the section that a block stands in. A list in a part of "Troubleshooting" mends something, whatever
    /// that part is called.
    func procedureRole(ofBlock index: Int) -> SectionRole {
        guard document.blocks.indices.contains(index), let own = document.blocks[index].section,
            roles.indices.contains(own)
        else { return .other }
        var parent = document.sections[own].parent
        while let at = parent, roles.indices.contains(at) {
            if document.sections[at].level > 1, roles[at] == .troubleshooting || roles[at] == .links {
                return roles[at]
            }
            parent = document.sections[at].parent.flatMap { $0 < at ? $0 : nil }
        }
        return roles[own]
    }
}

/// A heading, or a line right before a list, that says that an order follows: "Workflow", "**Typical flow:**".
enum Announcement {
    private static let words = PhraseTable([
        "workflow", "process", "procedure", "steps", "flow", "pipeline", "sequence", "in order", "in this order",
    ])
    private static let longest = 60

    static func isWorkflow(_ text: String) -> Bool { words.isIn(WordScanner.words(text)) }

    /// Whether the block right before block `index` is a short label that announces an order.
    static func stands(before index: Int, _ reading: SkillReading) -> Bool {
        guard let label = label(before: index, reading), label.utf8.count <= longest else { return false }
        return isWorkflow(label)
    }

    /// "Work through these steps in order." right before a list.
    static func instructs(before index: Int, _ reading: SkillReading) -> Bool {
        let blocks = reading.document.blocks
        guard index > 0, blocks.indices.contains(index) else { return false }
        let text = blocks[index - 1]
        guard text.kind == .paragraph, text.section == blocks[index].section, text.parent == blocks[index].parent,
            let last = WordScanner.sentences(reading.document.bytes, text.span, block: index - 1).last,
            last.words.count <= 12
        else { return false }
        return instructions.isIn(last.words)
    }

    private static let instructions = PhraseTable([
        "these steps", "those steps", "the following steps", "the steps below", "these steps in order",
        "steps in order",
    ])

    /// "If the report shows changes:" right before a list: what follows is done in that case only.
    static func isCondition(before index: Int, _ reading: SkillReading) -> Bool {
        guard let label = label(before: index, reading) else { return false }
        return label.hasPrefix("If ")
    }

    /// The text of the paragraph right before a block of the same section and parent, when it ends in a colon.
    private static func label(before index: Int, _ reading: SkillReading) -> String? {
        let blocks = reading.document.blocks
        guard index > 0, blocks.indices.contains(index) else { return nil }
        let label = blocks[index - 1]
        guard label.kind == .paragraph, label.section == blocks[index].section, label.parent == blocks[index].parent,
            label.text.utf8.last == UInt8(ascii: ":")
        else { return nil }
        return label.text
    }
}

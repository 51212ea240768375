import Basics
import SkillModel

/// Paragraphs that begin with a label, one after the other: `**Step 1: Read the source**`, `Phase 2 — Build`,
/// `**1. Upload**: …`.
enum LabelledParagraphs: ProcedureShape {
    static let id = "flow.labelled-paragraphs"
    static let message = "paragraphs that begin with the number of a step"

    static func find(_ reading: SkillReading) -> [Procedure] {
        let blocks = reading.document.blocks
        var groups: [[(block: Int, number: Int)]] = []
        for (index, block) in blocks.enumerated() where block.kind == .paragraph {
            guard let label = StepLabel.number(of: block.text), label.labelled || isBold(block, reading),
                !reading.isInItem(index)
            else { continue }
            if let previous = groups.last?.last, previous.number + 1 == label.number,
                sectionsMatch(previous.block, index, reading, label.labelled)
            {
                groups[groups.count - 1].append((index, label.number))
            } else {
                groups.append([(index, label.number)])
            }
        }
        return groups.filter { $0.count >= 2 }.map { group in
            let steps = group.enumerated().map { position, member in
                let next = position + 1 < group.count ? blocks[group[position + 1].block].span.start : nil
                let end = next ?? sectionEnd(member.block, reading)
                return Procedure.Step(
                    start: blocks[member.block].span.start, end: end,
                    title: StepTitle.clean(String(blocks[member.block].text.prefix { $0 != "." })), block: member.block)
            }
            let role = reading.procedureRole(ofBlock: group[0].block)
            let isLabelled = group.allSatisfy { !isBold(blocks[$0.block], reading) || saysStep(blocks[$0.block]) }
            return Procedure(
                form: .paragraphs, role: role == .other && isLabelled ? .procedure : role, steps: steps,
                isLabelled: isLabelled, imperative: ProcedureFinder.imperative(steps.map(\.block), reading),
                isListOfFacts: false, depth: 8)
        }
    }

    private static func saysStep(_ block: Block) -> Bool { StepLabel.number(of: block.text)?.labelled == true }

    /// `**1. Upload**`: a number in bold type at the start.
    private static func isBold(_ block: Block, _ reading: SkillReading) -> Bool {
        let bytes = reading.document.bytes
        let start = block.span.start
        guard start >= 0, start + 2 < bytes.count else { return false }
        return bytes[start] == UInt8(ascii: "*") && bytes[start + 1] == UInt8(ascii: "*")
            && bytes[start + 2] >= 0x30 && bytes[start + 2] <= 0x39
    }

    /// Numbers alone count on within one section only.
    private static func sectionsMatch(_ one: Int, _ other: Int, _ reading: SkillReading, _ labelled: Bool) -> Bool {
        labelled || reading.document.blocks[one].section == reading.document.blocks[other].section
    }

    private static func sectionEnd(_ block: Int, _ reading: SkillReading) -> Int {
        guard let section = reading.document.blocks[block].section, reading.document.sections.indices.contains(section)
        else { return reading.document.body.end }
        return reading.document.sections[section].span.end
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ## Work

            ⟦**Step 1: Read it**

            More.

            ⟧⟦**Step 2: Write it**

            More.
            ⟧
            """,
            finds: "Read it → Write it"),
        .nothing(
            """
            ## Work

            **Read it**

            More.

            **Write it**

            More.
            """),
    ]
}

import Basics
import SkillModel

/// Paragraphs that begin with a label: `**Step 1: Read the source**`, `Phase 2 — Build`.
enum LabelledParagraphs {
    static func find(_ reading: SkillReading) -> [Procedure] {
        let blocks = reading.document.blocks
        var groups: [[(block: Int, number: Int)]] = []
        for (index, block) in blocks.enumerated() where block.kind == .paragraph {
            guard let label = StepLabel.number(of: block.text), label.labelled else { continue }
            if let previous = groups.last?.last, previous.number < label.number {
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
            let role = reading.role(ofBlock: group[0].block)
            return Procedure(
                form: .paragraphs, role: role == .other ? .procedure : role, steps: steps, isLabelled: true,
                imperative: ProcedureFinder.imperative(steps.map(\.block), reading), isListOfFacts: false, depth: 8)
        }
    }

    private static func sectionEnd(_ block: Int, _ reading: SkillReading) -> Int {
        guard let section = reading.document.blocks[block].section, reading.document.sections.indices.contains(section)
        else { return reading.document.body.end }
        return reading.document.sections[section].span.end
    }
}

import Basics
import SkillModel

/// What belongs to a procedure and stands outside of its numbers: "Step 0" in a section of its own before a list, what
/// prepares its section ("Base Code" before "Run"), and the sections after it that check the result or report it
/// ("Verify", "Final Response"); and the sections that say what to gather first and what to report (`ProcedureFrame`).
enum ProcedureCompletion {
    /// O(sections).
    static func complete(_ procedure: Procedure, _ reading: SkillReading) -> Procedure {
        guard let first = procedure.steps.first, let last = procedure.steps.last,
            procedure.steps.count < Flow.stepLimit, procedure.role == .procedure || procedure.isLabelled
        else { return procedure }
        var result = procedure
        let sections = reading.document.sections
        if let zero = sections.last(where: { isZero($0, before: first) }) {
            result.steps.insert(step(zero, reading), at: 0)
        }
        if let own = section(of: first, reading) {
            let before = [own, sections[own].parent ?? own].flatMap { LifecycleSections.preparing($0, reading) }
            result.steps.insert(contentsOf: before.map { step($0, reading) }, at: 0)
        }
        let level = level(of: procedure, reading)
        if let opening = ProcedureFrame.opening(result, level: level, reading) {
            result.steps.insert(step(opening, reading), at: 0)
        }
        let end = procedure.form == .headings ? last.end : sectionEnd(of: last, reading)
        let closing = sections.filter { section in
            section.heading.start >= end && section.level >= 2 && section.level <= level
                && isClosing(section.title)
        }
        result.steps += closing.prefix(2).map { step($0, reading) }
        if closing.isEmpty, let report = ProcedureFrame.report(procedure, from: end, level: level, reading) {
            result.steps.append(step(report, reading))
        }
        return result
    }

    private static func step(_ section: Section, _ reading: SkillReading) -> Procedure.Step {
        Procedure.Step(
            start: section.heading.start, end: section.span.end, title: StepTitle.clean(section.title),
            block: NumberedHeadings.headingBlock(section, reading))
    }

    /// "Step 0", "Phase 0", ended before the first step.
    private static func isZero(_ section: Section, before first: Procedure.Step) -> Bool {
        guard section.span.end <= first.start, let label = StepLabel.number(of: section.title) else { return false }
        return label.labelled && label.number == 0
    }

    /// The deepest level of a section that can go on with what the procedure began.
    private static func level(of procedure: Procedure, _ reading: SkillReading) -> Int {
        guard procedure.form != .headings else { return procedure.depth }
        return procedure.steps.last.flatMap { section(of: $0, reading) }.map { reading.document.sections[$0].level }
            ?? 2
    }

    private static func section(of step: Procedure.Step, _ reading: SkillReading) -> Int? {
        let blocks = reading.document.blocks
        guard blocks.indices.contains(step.block), let section = blocks[step.block].section,
            reading.document.sections.indices.contains(section)
        else { return nil }
        return section
    }

    private static func sectionEnd(of step: Procedure.Step, _ reading: SkillReading) -> Int {
        section(of: step, reading).map { reading.document.sections[$0].span.end } ?? step.end
    }

    /// Nothing but a check or a report, in at most four words.
    private static func isClosing(_ title: String) -> Bool {
        let words = WordScanner.words(title).map(\.lower)
        let isCheck = words.count <= 4 && ["validation", "verification"].contains(words.first ?? "")
        return isCheck || (1...3).contains(words.count) && closings.contains(words.joined(separator: " "))
    }

    private static let closings: Set<String> = [
        "verify", "verification", "validate", "validation", "verification steps", "validation steps",
        "verify the result", "verify results", "final response", "final report", "final check", "final checks",
        "final verification", "final validation", "validation checklist", "verification checklist", "report results",
        "reporting", "wrap up", "cleanup", "clean up", "post-deployment verification", "self check", "quality check",
        "quality checks", "verification gate", "before finishing", "after completion",
    ]
}

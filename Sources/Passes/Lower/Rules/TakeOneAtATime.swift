import Basics
package import SkillModel

/// Work that is to be held together → the same work one thing after the other: a paragraph before the first section says
/// so, a sentence for each gap.
///
/// Only for gaps of one level, and only where the level below is what one thing at a time demands (`OneAtATime`). Code is
/// copied instead of written only where the skill shows it and is no lesson in writing such code.
package struct TakeOneAtATime: LoweringRule {
    package init() {}
    package static let id = "lower.one-at-a-time"
    package static let message = "said what is to be taken one at a time"
    package var primitives: [Primitive] {
        Primitive.allCases.filter { primitive in OneAtATime.measures.contains { $0.primitives.contains(primitive) } }
    }
    package var phrases: [String] { OneAtATime.measures.map(\.sentence) }

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        var sentences: [String] = []
        var closed: [Gap] = []
        for measure in OneAtATime.measures {
            let gaps = context.gaps.filter { Self.closes(measure, $0, in: context) }
            guard !gaps.isEmpty, !Self.says(measure.sentence, context.document) else { continue }
            sentences.append(measure.sentence)
            closed += gaps
        }
        guard let gap = closed.first, let place = Self.place(in: context.document) else { return outcome }
        let lines = [sentences.joined(separator: " "), "", ""]
        let before = Self.isApart(place, in: context.document) ? [] : [""]
        let names = closed.map(\.primitive.rawValue).joined(separator: ", ")
        outcome.proposals.append(
            LoweringProposal(
                Edit(
                    span: SourceSpan(place, place), replacement: (before + lines).joined(separator: context.lineEnd),
                    rule: id, gap: gap, reason: "one thing at a time: \(names)")))
        outcome.closed = closed
        return outcome
    }

    private static func closes(_ measure: OneAtATime.Measure, _ gap: Gap, in context: LoweringContext) -> Bool {
        guard measure.primitives.contains(gap.primitive), measure.from.contains(gap.required),
            let supplied = gap.supplied, supplied.rawValue == gap.required.rawValue - 1
        else { return false }
        switch gap.primitive {
        case .genCodeShell: return context.document.fragments.contains { !$0.commands.isEmpty }
        case .genCodeSQL, .genCodePython, .genCodeJavaScript, .genRegex:
            return context.requirements.archetype == .toolReference && !context.document.fragments.isEmpty
        default: return true
        }
    }

    private static func says(_ sentence: String, _ document: SkillDocument) -> Bool {
        document.blocks.contains { $0.kind == .paragraph && $0.text.contains(sentence) }
    }

    /// Before the first section below the title; else where the text ends that a title has; nil when there is no body.
    private static func place(in document: SkillDocument) -> Int? {
        let below = document.sections.first {
            $0.level >= 2 && $0.parent.map { document.sections[$0].level == 1 } ?? true
        }
        if let below { return below.heading.start }
        // Without sections: before the first block that is no heading.
        return document.blocks.first { $0.kind != .heading && $0.parent == nil }?.span.start
    }

    /// A line that stands directly before would take the sentences into its paragraph.
    private static func isApart(_ place: Int, in document: SkillDocument) -> Bool {
        let line = document.line(at: place)
        return line < 2 || document.text(document.lines.span(ofLine: line - 1)).trimmingBlanks().isEmpty
    }

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Reading

            Intro.

            ⟦⟧## Rules

            You MUST read all pages. Never skip one. Always keep the order.
            """,
            finds: "Hold what you do against each rule, one at a time.",
            target: [.followConstraint: .l1]),
        .nothing(
            """
            # Reading

            Intro.

            ## Rules

            You MUST read all pages. Never skip one. Always keep the order.
            """,
            target: [.followConstraint: .l0]),
        .nothing(
            """
            # Reading

            Hold what you do against each rule, one at a time.

            ## Rules

            You MUST read all pages. Never skip one. Always keep the order.
            """,
            target: [.followConstraint: .l0]),
    ]
}

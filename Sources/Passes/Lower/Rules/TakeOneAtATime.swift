import Basics
package import SkillModel

/// Work that is to be held together → the same work one thing after the other: a paragraph before the first section says
/// so, a sentence for each gap.
///
/// For gaps of one level, where the level below is what one thing at a time demands (`OneAtATime`). Not where the demand was read
/// from the description alone, for there is nothing then that the sentence could speak of; not where the text has the same things
/// done at once (`Togetherness`), and not for what a list to tick or a form to fill in has closed.
package struct TakeOneAtATime: SpokenRule {
    package init() {}
    package static let id = "lower.one-at-a-time"
    package static let message = "said what is to be taken one at a time"
    package var primitives: [Primitive] {
        Primitive.allCases.filter { primitive in OneAtATime.measures.contains { $0.primitives.contains(primitive) } }
    }
    package var phrases: [String] { OneAtATime.measures.map(\.sentence) }
    package var stepsDown: [StepDown] {
        OneAtATime.measures.flatMap { measure in
            StepDown.all.filter { measure.primitives.contains($0.primitive) && measure.from.contains($0.from) }
        }
    }

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        var sentences: [String] = []
        var closed: [Gap] = []
        for measure in OneAtATime.measures {
            let gaps = context.gaps.filter { Self.closes(measure, $0) && context.isInText($0.primitive) }
            guard !gaps.isEmpty, !Togetherness.denies(measure, in: context.reading),
                Self.leavesSomething(measure, context.reading),
                OpeningPlace(in: context, unlessSaid: measure.sentence) != nil
            else { continue }
            sentences.append(measure.sentence)
            closed += gaps
        }
        guard let gap = closed.first, let place = OpeningPlace(in: context) else { return outcome }
        let names = closed.map(\.primitive.rawValue).joined(separator: ", ")
        outcome.proposals.append(
            LoweringProposal(
                Edit(
                    span: place.span, replacement: place.paragraph(sentences.joined(separator: " ")), rule: id,
                    gap: gap, reason: "one thing at a time: \(names)")))
        outcome.closed = closed
        return outcome
    }

    /// Whether the text has what the sentence speaks of, rules that bind the work, and no list has them one at a time.
    private static func leavesSomething(_ measure: OneAtATime.Measure, _ reading: SkillReading) -> Bool {
        guard measure.primitives == [.followConstraint] else { return true }
        let rules = ConstraintRule.rules(reading)
        return rules.count >= 2 && !rules.allSatisfy(reading.checklists.hold)
    }

    /// Whether a measure leads from what is demanded to what the target has.
    static func closes(_ gap: Gap) -> Bool { OneAtATime.measures.contains { closes($0, gap) } }

    private static func closes(_ measure: OneAtATime.Measure, _ gap: Gap) -> Bool {
        guard let supplied = gap.supplied else { return false }
        return measure.primitives.contains(gap.primitive) && measure.from.contains(gap.required)
            && supplied.rawValue == gap.required.rawValue - 1
    }

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Reading

            Intro.

            ⟦⟧## Rules

            You MUST read all pages. Never skip one. Always keep the order.
            """,
            finds: "Check your work against each rule, one at a time.",
            target: [.followConstraint: .l1]),
        // Nothing binds the work.
        .nothing(
            """
            # Reading

            Intro.

            ## Rules

            Some pages don't exist. The user may say that they do not know. Others never existed.
            """,
            target: [.followConstraint: .l1]),
        .nothing(
            """
            # Reading

            Intro.

            ## Work

            Read the files of all pages in parallel: [a](references/a.md), [b](references/b.md) and [c](references/c.md).
            """,
            files: ["references/a.md": "A.\n", "references/b.md": "B.\n", "references/c.md": "C.\n"],
            target: [.toolFileRead: .l1]),
        // Nothing of the text is long.
        .nothing(
            """
            ---
            name: sample
            description: Writes a testing plan.
            ---
            # Plans

            Intro.

            ## Work

            Ask for the name.
            """,
            target: [.genTextLong: .l2]),
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

            Check your work against each rule, one at a time.

            ## Rules

            You MUST read all pages. Never skip one. Always keep the order.
            """,
            target: [.followConstraint: .l0]),
    ]
}

import Basics
package import SkillModel

/// Work that is to be held together → the same work one thing after the other: a paragraph before the first section says
/// so, a sentence for each gap.
///
/// For gaps of one level, where the level below is what one thing at a time demands (`OneAtATime`); and for gaps from L3 to
/// L1 where the text lists points to look for, which take the second step (`PointByPoint`). Not where the text has the same
/// things done at once (`Togetherness`), and not for what a list to tick or a form to fill in has closed.
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
            let gaps = context.gaps.filter { gap in
                Self.closes(measure, gap)
                    || (measure.primitives.contains(gap.primitive) && measure.from.contains(.l3)
                        && Self.needsPoints(gap) && !PointByPoint.lists(in: context).isEmpty)
            }
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

    /// Whether the text has what the sentence speaks of: rules that bind the work, something that is looked into. Where a
    /// demand was read from its description alone the sentence would be advice. And no list or form has it one at a time.
    private static func leavesSomething(_ measure: OneAtATime.Measure, _ reading: SkillReading) -> Bool {
        switch measure.primitives {
        case [.followConstraint]:
            let rules = ConstraintRule.rules(reading)
            return rules.count >= 2 && !rules.allSatisfy(reading.checklists.hold)
        case [.reasonAnalysis]:
            return PointForms.looksIntoSomething(reading) && !PointForms.areFilled(reading)
        case [.toolFileWrite]:
            return reading.checklists.isEmpty || !FileWriteRule.isTicked(SkillFacts(reading))
        default:
            return true
        }
    }

    /// Whether a measure leads from what is demanded to what the target has.
    static func closes(_ gap: Gap) -> Bool { OneAtATime.measures.contains { closes($0, gap) } }

    /// Whether it takes a gap half of the way, and points the rest.
    static func needsPoints(_ gap: Gap) -> Bool {
        OneAtATime.points.primitives.contains(gap.primitive) && gap.required == .l3 && gap.supplied == .l1
    }

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
            finds: "Hold what you do against each rule, one at a time.",
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

            Send all requests for pages in parallel.
            """,
            target: [.followProcedure: .l2, .toolWeb: .l2]),
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

package import SkillModel

/// A transform that has the same goal reached by another primitive: a sentence at the head of the text says which way is
/// taken (`OtherWay`).
///
/// Precondition: the gap can't be closed within its primitive (compensation keeps more of the skill's intent), `require`
/// lists the way among the requirement's alternatives, the text itself has what the sentence speaks of (not the description
/// alone), and `gap` found that the target can go it. Proof obligation, which
/// `guard` checks: the variant does not demand the primitive above the target's level any more.
package protocol SubstitutionRule: SpokenRule {
    static var way: OtherWay { get }
    /// Whether what the sentence speaks of is gone from the text once `edits` are made.
    static func isMoot(in context: LoweringContext, after edits: [Edit]) -> Bool
}

extension SubstitutionRule {
    package static func isMoot(in context: LoweringContext, after edits: [Edit]) -> Bool { false }
    package var primitives: [Primitive] { Self.way.primitives }
    package var phrases: [String] { [Self.way.sentence] }
    package var stepsDown: [StepDown] {
        primitives.flatMap { StepDown.both(of: $0) }.filter { Self.way.from.contains($0.from) }
    }

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        let way = Self.way
        let closed = context.gaps.filter { gap in
            primitives.contains(gap.primitive) && !TakeOneAtATime.closes(gap) && context.isInText(gap.primitive)
                && context.ways[gap.primitive]?.contains { $0.path == way.path && $0.lacks == nil } == true
        }
        guard let gap = closed.first, let place = OpeningPlace(in: context, unlessSaid: way.sentence) else {
            return outcome
        }
        let takes = way.demands.map { "\($0.primitive.rawValue) \($0.level)" }.joined(separator: " and ")
        outcome.proposals.append(
            LoweringProposal(
                Edit(
                    span: place.span, replacement: place.paragraph(way.sentence), rule: id, gap: gap,
                    reason: "\(way.path): takes \(takes.isEmpty ? "nothing more" : takes)"
                        + " instead of \(closed.map(\.primitive.rawValue).joined(separator: " and "))")))
        outcome.closed = closed
        return outcome
    }
}

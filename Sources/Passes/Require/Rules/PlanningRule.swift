import Basics
import SkillModel

/// The agent makes a plan of its own: goals to cut into parts, priorities to set, phases to fill.
enum PlanningRule: RequirementRule {
    static let id = "require.reason.planning.plan"
    static let message = "the agent makes a plan of its own"
    static let primitive = Primitive.reasonPlanning

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        guard facts.archetype != .toolReference else { return [] }
        let planned = facts.sentences(
            PhraseTable([
                "prioritize", "prioritise", "rank", "decompose", "break down", "milestones", "roadmap", "phased",
            ]), not: [.links, .advice])
        if facts.isAbout(
            PhraseTable([
                "plan", "plans", "planning", "roadmap", "strategy", "launch", "orchestrat*",
            ]))
        {
            return [RequirementFinding(.l2, planned.isEmpty ? facts.descriptionEvidence : facts.evidence(planned))]
        }
        return planned.count >= 3 ? [RequirementFinding(.l2, facts.evidence(planned))] : []
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            ⟦description: Makes a roadmap.⟧
            ---
            Text.
            """,
            finds: "L2"),
        RuleExample(
            """
            ⟦Rank the tasks⟧.

            ⟦Break down the goal⟧.

            ⟦Set milestones⟧.
            """,
            finds: "L2"),
        .nothing(
            """
            Follow the plan.
            """),
    ]
}

import Basics
import SkillModel

/// Several calls in one turn: "in parallel", "batch of 10", "at the same time", with tools.
enum CallBatchRule: RequirementRule {
    static let id = "require.tool.call.batch.parallel"
    static let message = "the agent makes several calls in one turn"
    static let primitive = Primitive.toolCallBatch

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let batched = facts.sentences(
            PhraseTable([
                "in parallel", "parallel calls", "parallel tool calls", "simultaneously", "concurrently",
                "at the same time", "at once",
            ]), not: [.links, .background, .advice, .example])
        return batched.count >= 2 ? [RequirementFinding(.l2, facts.evidence(batched))] : []
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ⟦Start all searches in parallel⟧.

            ⟦Fetch them concurrently⟧.
            """,
            finds: "L2"),
        .nothing(
            """
            Start all searches in parallel.
            """),
        .nothing(
            """
            ## Tips

            Start all searches in parallel.

            Fetch them concurrently.
            """),
    ]
}

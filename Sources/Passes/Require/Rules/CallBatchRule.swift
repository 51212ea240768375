import Basics
import SkillModel

/// Several calls in one turn: an instruction to start agents or calls in parallel or at the same time.
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
        // An instruction that says what is started at once; other things run in parallel by themselves.
        let isTold = batched.contains { sentence in
            guard let first = sentence.words.first(where: { !$0.lower.allSatisfy(\.isNumber) }) else { return false }
            return starting.contains(first.lower) && started.isIn(sentence.words)
        }
        return isTold ? [RequirementFinding(.l2, facts.evidence(batched))] : []
    }

    private static let starting: Set<String> = ["spawn", "launch", "dispatch", "start", "run", "issue", "make"]
    private static let started = PhraseTable([
        "sub-agents", "subagents", "sub-agent", "subagent", "agents", "tool calls", "calls in parallel", "task calls",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ⟦Spawn three sub-agents in parallel⟧.
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

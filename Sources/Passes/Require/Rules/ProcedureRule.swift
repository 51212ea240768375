import Basics
import SkillModel

/// There is an order of steps. Up to four plain ones are L1, and so is a skill that is a procedure without steps of its
/// own; more, or branches, L2; loops and checks on top L3.
enum ProcedureRule: RequirementRule {
    static let id = "require.follow.procedure.steps"
    static let message = "there is an order of steps"
    static let primitive = Primitive.followProcedure

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        if facts.steps.count < 3 {
            // What is a procedure as a whole has an order, however it writes it.
            guard facts.archetype == .procedural || facts.steps.count == 2 else { return [] }
            let steps = facts.steps.map { facts.document.evidence($0.span) }
            return [RequirementFinding(.l1, steps.isEmpty ? facts.descriptionEvidence : steps)]
        }
        let evidence = facts.steps.prefix(16).map { facts.document.evidence($0.span) }
        let branching = facts.steps.count { step in branches.isIn(step.words) }
        let looping = facts.steps.count { step in loops.isIn(step.words) }
        let verified = facts.steps.count { step in checks.isIn(step.words) }
        let count = facts.steps.count
        if looping >= 1, verified >= 1, count >= 4 { return [RequirementFinding(.l3, evidence)] }
        if looping >= 2, branching >= 2, count >= 5 { return [RequirementFinding(.l3, evidence)] }
        if verified >= 2, branching >= 3, count >= 7 { return [RequirementFinding(.l3, evidence)] }
        if count >= 5 || (count >= 4 && branching >= 2) { return [RequirementFinding(.l2, evidence)] }
        return [RequirementFinding(.l1, evidence)]
    }

    private static let branches = PhraseTable(["if", "otherwise", "unless", "when", "depending on"])
    private static let loops = PhraseTable([
        "repeat", "until", "re-run", "rerun", "iterate", "loop", "retry", "again",
    ])
    private static let checks = PhraseTable(["verify", "validate", "confirm", "check that", "ensure", "test", "gate"])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ## Workflow

            ⟦1. Read it.⟧
            ⟦2. Change it.⟧
            ⟦3. Write it.⟧
            """,
            finds: "L1"),
        RuleExample(
            """
            ## Workflow

            ⟦1. Read it.⟧
            ⟦2. Change it.⟧
            ⟦3. Run it.⟧
            ⟦4. Verify it.⟧
            ⟦5. Repeat until it passes.⟧
            """,
            finds: "L3"),
        RuleExample(
            """
            ## Workflow

            ⟦1. Read it.⟧
            ⟦2. Sort it.⟧
            ⟦3. Join it.⟧
            ⟦4. Write it.⟧
            ⟦5. Send it.⟧
            """,
            finds: "L2"),
        .nothing(
            """
            ## Features

            1. Fast search
            2. Local data
            3. Small size
            """),
        RuleExample(
            """
            ## Workflow

            ⟦1. Read it.⟧
            ⟦2. Change it.⟧
            """,
            finds: "L1"),
    ]
}

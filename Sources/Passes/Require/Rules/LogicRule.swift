import Basics
import SkillModel

/// Choices under conditions. Tables and lists of if-then to choose from are L1, several constraints at once L2.
enum LogicRule: RequirementRule {
    static let id = "require.reason.logic.choice"
    static let message = "the agent chooses under conditions"
    static let primitive = Primitive.reasonLogic

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let conditions = facts.sentences(conditional, not: [.links, .troubleshooting, .background, .advice, .example])
        let choosing = facts.sentences(selection, not: [.links, .troubleshooting, .background])
        let guides = facts.document.sections.filter { guide.isIn(WordScanner.words($0.title)) }
        let tables = deciding(facts)
        if !guides.isEmpty, facts.archetype != .generative {
            return [
                RequirementFinding(
                    facts.archetype == .procedural ? .l2 : .l1, guides.map { facts.document.evidence($0.heading) })
            ]
        }
        if !tables.isEmpty, facts.archetype == .procedural { return [RequirementFinding(.l2, tables)] }
        // What is made under many conditions has to meet them at once; a program or a procedure meets them one by one.
        if facts.archetype == .generative, conditions.count + choosing.count >= 10 {
            return [RequirementFinding(.l2, facts.evidence(conditions + choosing))]
        }
        guard facts.archetype != .generative, choosing.count >= 3 else { return [] }
        let isBusy = facts.archetype == .procedural && conditions.count + choosing.count >= 8
        return [RequirementFinding(isBusy ? .l2 : .l1, facts.evidence(conditions + choosing))]
    }

    /// Heads of tables whose first column is a condition.
    private static func deciding(_ facts: SkillFacts) -> [Evidence] {
        let blocks = facts.document.blocks
        return blocks.indices.compactMap { index in
            guard blocks[index].kind == .tableRow, index > 0, blocks[index - 1].kind != .tableRow,
                let first = facts.reading.leadWords(index, limit: 1).first, heads.contains(first.lower)
            else { return nil }
            return facts.document.evidence(blocks[index].span)
        }
    }

    private static let heads: Set<String> = ["if", "when", "condition", "situation", "scenario", "case", "signal"]
    private static let conditional = PhraseTable([
        "if", "when", "unless", "otherwise", "depending on", "whether",
    ])
    private static let selection = PhraseTable([
        "choose", "pick the", "select the", "which model", "decide", "prefer", "route to", "routes to",
    ])
    private static let guide = PhraseTable([
        "selection guide", "decision tree", "decision matrix", "decision guide", "choosing", "which to use",
        "selection", "when to use which", "decision table", "decision rules", "decision logic", "routing",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            # T

            ## Workflow

            1. Read the source.
            2. Translate it.
            3. Write the result.

            ## Cases

            ⟦| If | Then |⟧
            |---|---|
            | it is new | create it |
            | it is old | update it |
            """,
            finds: "L2"),
        RuleExample(
            """
            # T

            ⟦## Choosing a tool⟧

            ```bash
            tool a
            tool b
            tool c
            ```
            """,
            finds: "L1"),
        .nothing(
            """
            If the file is empty, stop.
            """),
        .nothing(
            """
            # T

            | Name | Use |
            |---|---|
            | a | b |
            """),
    ]
}

import Basics
import SkillModel

/// Programs are run. One command at a time is L1; scripts with parameters and relative paths, results that are saved,
/// code that is written and then run are L2; commands of several steps that live from one another are L3.
enum ExecRule: RequirementRule {
    static let id = "require.tool.exec.command"
    static let message = "the agent runs programs"
    static let primitive = Primitive.toolExec

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let shown = facts.commands.filter { !$0.isInline }
        let inline = facts.commands.filter { $0.isInline }
        let runsScript = !facts.scripts.isEmpty
        guard !shown.isEmpty || !inline.isEmpty || runsScript else { return [] }
        let evidence = facts.evidence(shown + inline)
        let withCommands = facts.steps.filter { $0.commandCount > 0 }
        if chained(facts, withCommands, shown) { return [RequirementFinding(.l3, evidence)] }
        let scripted = facts.commands.filter { invocation in
            invocation.words.contains { SkillFacts.isScript($0) }
                || invocation.redirections.contains {
                    $0.hasPrefix(">") && !$0.contains("/dev/null") && !$0.contains("&")
                }
        }
        let parametrised = facts.commands.filter { invocation in
            invocation.words.count { $0.contains("/") && !$0.contains("://") || $0.contains("=") && !$0.hasPrefix("-") }
                >= 3
        }
        let writesAndRuns = facts.codeFragments.contains {
            ["python", "javascript", "typescript"].contains($0.language)
        }
        if runsScript || !scripted.isEmpty || !parametrised.isEmpty || writesAndRuns
            || (shown.isEmpty && inline.count >= 2) || (facts.archetype != .toolReference && isSeveral(facts.commands))
        {
            return [RequirementFinding(.l2, evidence)]
        }
        return [RequirementFinding(.l1, evidence)]
    }

    /// Two programs or subcommands at least: one after the other, not one command.
    private static func isSeveral(_ commands: [Invocation]) -> Bool {
        Set(commands.map { $0.unwrapped.prefix(2).joined(separator: " ") }).count >= 2
    }

    /// Steps of a procedure that run commands one after the other; in a tool's reference only a long one counts. A
    /// procedure of eight steps or more that runs anything at all lives from what it ran before.
    private static func chained(_ facts: SkillFacts, _ steps: [StepRegion], _ shown: [Invocation]) -> Bool {
        switch facts.archetype {
        case .procedural:
            facts.steps.count >= 8 || facts.steps.count >= 3 && facts.commands.count >= 4 && steps.count >= 2
        case .toolReference: facts.steps.count >= 5 && steps.count >= 3
        case .generative: facts.steps.count >= 5 && facts.commands.count >= 5 && steps.count >= 3
        }
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```bash
            ⟦tool list⟧
            ```
            """,
            finds: "L1"),
        RuleExample(
            """
            ```bash
            ⟦python3 scripts/x.py --in a --out b⟧
            ```
            """,
            finds: "L2"),
        RuleExample(
            """
            ## Step 1: Get it

            ```bash
            ⟦tool get a⟧
            ```

            ## Step 2: Change it

            ```bash
            ⟦tool change a⟧
            ```

            ## Step 3: Check it

            ```bash
            ⟦tool check a⟧
            ⟦tool put a⟧
            ```
            """,
            finds: "L3"),
        .nothing(
            """
            Text.
            """),
        .nothing(
            """
            ## Troubleshooting

            ```bash
            tool list
            ```
            """),
    ]
}

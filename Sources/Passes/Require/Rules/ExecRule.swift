import Basics
import SkillModel

/// Programs are run. One command at a time is L1, and so is what a tool's reference lists; scripts, several commands,
/// results that are saved, and code that is written and then run are L2; commands of several steps that live from one another are L3.
enum ExecRule: RequirementRule {
    static let id = "require.tool.exec.command"
    static let message = "the agent runs programs"
    static let primitive = Primitive.toolExec

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let shown = facts.commands.filter { !$0.isInline }
        let inline = facts.commands.filter { $0.isInline }
        let runsScript = !facts.scripts.isEmpty
        guard !shown.isEmpty || !inline.isEmpty || runsScript else { return [] }
        // Where no command is shown, the scripts that the text refers to are why.
        let evidence =
            shown.isEmpty && inline.isEmpty
            ? facts.scripts.prefix(Require.evidenceLimit).map { facts.document.evidence($0.span) }
            : facts.evidence(shown + inline)
        let withCommands = facts.steps.filter { $0.commandCount > 0 }
        if chained(facts, withCommands, shown) { return [RequirementFinding(.l3, evidence)] }
        let writesAndRuns = facts.codeFragments.contains {
            ["python", "javascript", "typescript"].contains($0.language)
        }
        // A tool's reference gives one command at a time, whatever its options.
        let isMore =
            facts.archetype != .toolReference
            && (isSeveral(facts) || facts.commands.contains { isSaved($0) || isParametrised($0) })
        // Nor do its few first steps make it more; commands that live from values set before do.
        let isTool = facts.archetype == .toolReference
        let takesValues = isTool && shown.count { isInvolved($0) } >= 3
        let hasOrder = !isTool && facts.steps.count >= 3
        if runsScript || hasOrder || takesValues || facts.commands.contains(where: { runsFile($0) }) || writesAndRuns
            || isMore
        {
            return [RequirementFinding(.l2, evidence)]
        }
        return [RequirementFinding(.l1, evidence)]
    }

    /// `python3 scripts/x.py`, `./x.sh`: a file of code is what runs, not what is worked on (`npx tool src/x.ts`).
    private static func runsFile(_ invocation: Invocation) -> Bool {
        let words = invocation.unwrapped
        guard let program = words.first else { return false }
        if SkillFacts.isScript(program) { return true }
        guard interpreters.contains(program), let file = words.dropFirst().first(where: { !$0.hasPrefix("-") }) else {
            return false
        }
        return SkillFacts.isScript(file) && !file.contains("://")
    }

    /// Sets or takes over a value, or keeps a result.
    private static func isInvolved(_ invocation: Invocation) -> Bool {
        invocation.connector == "substitution" || invocation.words.contains { $0.contains("$(") }
            || invocation.words.isEmpty && !invocation.assignments.isEmpty || isSaved(invocation)
    }

    private static func isSaved(_ invocation: Invocation) -> Bool {
        invocation.redirections.contains { $0.hasPrefix(">") && !$0.contains("/dev/null") && !$0.contains("&") }
    }

    private static func isParametrised(_ invocation: Invocation) -> Bool {
        invocation.words.count { $0.contains("/") && !$0.contains("://") || $0.contains("=") && !$0.hasPrefix("-") }
            >= 3
    }

    private static let interpreters: Set<String> = [
        "python", "python3", "node", "bash", "sh", "zsh", "ruby", "perl", "deno", "bun", "tsx", "ts-node", "pwsh",
        "powershell", "php", "Rscript",
    ]

    /// Two programs or subcommands at least: one after the other, not one command. What is made by hand runs some aside.
    private static func isSeveral(_ facts: SkillFacts) -> Bool {
        Set(facts.commands.map { $0.unwrapped.prefix(2).joined(separator: " ") }).count
            >= (facts.archetype == .generative ? 4 : 2)
    }

    /// Steps of a procedure that run commands one after the other; in a tool's reference only a long one counts. A
    /// procedure of six steps or more that runs anything at all lives from what it ran before.
    private static func chained(_ facts: SkillFacts, _ steps: [StepRegion], _ shown: [Invocation]) -> Bool {
        switch facts.archetype {
        case .procedural:
            facts.steps.count >= 6 && !facts.commands.isEmpty
                || facts.steps.count >= 3 && facts.commands.count >= 4 && steps.count >= 2
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
            ## Commands

            ```bash
            ⟦npx index-maker src/index.ts -o out.sql⟧
            ⟦curl https://x.dev/a/b/c > list.json⟧
            ```
            """,
            finds: "L1"),
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
        RuleExample(
            """
            # T

            ## Commands

            ### `⟦scan <url>⟧`

            ```
            ⟦scan https://x.dev/a
            ⟧```
            """,
            finds: "L1"),
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

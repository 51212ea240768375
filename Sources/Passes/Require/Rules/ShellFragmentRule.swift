import Basics
import SkillModel

/// Commands that the agent adapts: the skill shows them in blocks. Pipes, redirections, loops and substitutions in the
/// main path demand L2, pipelines of sed, awk or xargs L3, plain commands L1.
enum ShellFragmentRule: RequirementRule {
    static let id = "require.gen.code.shell.fragment"
    static let message = "the agent adapts shell commands"
    static let primitive = Primitive.genCodeShell

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let shown = facts.commands.filter { !$0.isInline }
        let isRun = shown.contains { invocation in
            if case .fragment(let index) = invocation.origin {
                // What a tool's reference shows without a language is typed all the same.
                return facts.archetype == .toolReference || InvocationReader.isShell(facts.document.fragments[index])
            }
            return false
        }
        let inline = facts.commands.filter { $0.isInline && $0.words.count > 2 }
        guard isRun || inline.count >= 3 else { return [] }
        // Installing what the skill needs is no command to adapt.
        if inline.count < 3, shown.allSatisfy({ isPreparation($0) }) { return [] }
        let joined = shown.filter { isJoined($0) }
        let texts = shown.filter { ["awk", "sed", "xargs"].contains($0.words.first ?? "") && $0.connector == "|" }
        if texts.count >= 2 { return [RequirementFinding(.l3, facts.evidence(texts))] }
        let share = shown.isEmpty ? 0 : Double(joined.count) / Double(shown.count)
        if joined.count >= 3 || (facts.archetype == .procedural && joined.count >= 2)
            || (joined.count >= 1 && share > 0.15 && facts.steps.count >= 2)
        {
            return [RequirementFinding(.l2, facts.evidence(joined))]
        }
        return [RequirementFinding(.l1, facts.evidence(shown.isEmpty ? inline : shown))]
    }

    private static func isPreparation(_ invocation: Invocation) -> Bool {
        Installer.parse(invocation.unwrapped) != nil || invocation.words.isEmpty
            || ["cd", "export", "source"].contains(invocation.program)
    }

    private static func isJoined(_ invocation: Invocation) -> Bool {
        if invocation.role == .example { return false }
        let toFile = invocation.redirections.contains { $0.hasPrefix(">") || $0.hasPrefix("<<") }
        let isSubstitution = invocation.connector == "substitution" || invocation.words.contains { $0.contains("$(") }
        let isTool = !["jq", "head", "tail", "grep", "less"].contains(invocation.words.first ?? "")
        return toFile || isSubstitution || !invocation.keywords.isEmpty || (invocation.connector == "|" && isTool)
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```bash
            ⟦tool list a⟧
            ```
            """,
            finds: "L1"),
        RuleExample(
            """
            ```bash
            for f in *.x; do ⟦tool $f > $f.y⟧; done
            ⟦tool a > b⟧
            ⟦tool c > d⟧
            ```
            """,
            finds: "L2"),
        RuleExample(
            """
            ```bash
            tool a | ⟦awk '{print $1}'⟧ | ⟦xargs -n1 b⟧
            tool c | ⟦sed s/a/b/⟧ | ⟦awk x⟧
            ```
            """,
            finds: "L3"),
        .nothing(
            """
            ```bash
            cd tool
            pip install tool
            ```
            """),
        .nothing(
            """
            Press `ctrl+c` to stop.
            """),
        .nothing(
            """
            ## Troubleshooting

            ```bash
            tool list a
            ```
            """),
    ]
}

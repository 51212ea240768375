import Basics
import SkillModel

/// Commands that the agent adapts: the skill shows them in blocks. Pipes, redirections, loops and substitutions in the
/// main path demand L2, pipelines of sed, awk or xargs L3, plain commands L1.
enum ShellFragmentRule: RequirementRule {
    static let id = "require.gen.code.shell.fragment"
    static let primitive = Primitive.genCodeShell

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let shown = facts.commands.filter { !$0.isInline }
        let isRun = shown.contains { invocation in
            if case .fragment(let index) = invocation.origin {
                return InvocationReader.isShell(facts.document.fragments[index])
            }
            return false
        }
        let inline = facts.commands.filter { $0.isInline && $0.words.count > 2 }
        guard isRun || inline.count >= 3 else { return [] }
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

    private static func isJoined(_ invocation: Invocation) -> Bool {
        if invocation.role == .example { return false }
        let toFile = invocation.redirections.contains { $0.hasPrefix(">") || $0.hasPrefix("<<") }
        let isSubstitution = invocation.connector == "substitution" || invocation.words.contains { $0.contains("$(") }
        let isTool = !["jq", "head", "tail", "grep", "less"].contains(invocation.words.first ?? "")
        return toFile || isSubstitution || !invocation.keywords.isEmpty || (invocation.connector == "|" && isTool)
    }
}

/// Programs are run. One command at a time is L1; scripts with parameters and relative paths, results that are saved,
/// code that is written and then run are L2; commands of several steps that live from one another are L3.
enum ExecRule: RequirementRule {
    static let id = "require.tool.exec.command"
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
}

/// The skill has the agent use programs instead of working things out: "run the script rather than …", "do not
/// compute by hand", "black box". A script that the main path always goes through is L2, "always" or "source of truth" L3.
enum DelegationRule: RequirementRule {
    static let id = "require.follow.delegation.script"
    static let primitive = Primitive.followDelegation

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        guard !facts.scripts.isEmpty else { return [] }
        let strong = facts.sentences(firm)
        if !strong.isEmpty { return [RequirementFinding(.l3, facts.evidence(strong))] }
        let scripted = facts.commands.filter { $0.words.contains { SkillFacts.isScript($0) } }
        guard Set(facts.scripts.map(\.path)).count >= 2, scripted.count >= 4 else { return [] }
        return [RequirementFinding(.l2, facts.evidence(scripted))]
    }

    private static let firm = PhraseTable([
        "source of truth", "do not invent", "rather than writing", "instead of writing", "black box", "black-box",
        "always run the script", "use the script",
        "don't write your own", "do not write your own", "use the bundled", "do not reimplement",
    ])
}

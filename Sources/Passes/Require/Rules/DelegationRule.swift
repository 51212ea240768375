import Basics
import SkillModel

/// The skill has the agent use programs instead of working things out: "run the script rather than …", "do not
/// compute by hand", "black box". A script that the main path always goes through is L2, "always" or "source of truth" L3.
enum DelegationRule: RequirementRule {
    static let id = "require.follow.delegation.script"
    static let message = "the skill has programs used instead of the agent's own work"
    static let primitive = Primitive.followDelegation

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        guard !facts.scripts.isEmpty else { return [] }
        let strong = facts.sentences(firm)
        if !strong.isEmpty { return [RequirementFinding(.l3, facts.evidence(strong))] }
        // Which of its programs to run is what a tool's reference is about.
        guard facts.archetype != .toolReference else { return [] }
        let scripted = facts.commands.filter { $0.words.contains { SkillFacts.isScript($0) } }
        guard Set(facts.scripts.map(\.path)).count >= 2, scripted.count >= 4 else { return [] }
        return [RequirementFinding(.l2, facts.evidence(scripted))]
    }

    private static let firm = PhraseTable([
        "source of truth", "do not invent", "rather than writing", "instead of writing", "black box", "black-box",
        "always run the script", "use the script",
        "don't write your own", "do not write your own", "use the bundled", "do not reimplement",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            Run `scripts/x.py a`; ⟦it is the source of truth⟧.
            """,
            finds: "L3",
            files: ["scripts/x.py": "import csv\n"]),
        .nothing(
            """
            The table is the source of truth.
            """),
        .nothing(
            """
            Run `scripts/x.py a`.
            """,
            files: ["scripts/x.py": "import csv\n"]),
    ]
}

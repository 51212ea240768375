import Basics
import SkillModel

/// The agent writes regular expressions: they are shown as such, or asked for.
enum RegexRule: RequirementRule {
    static let id = "require.gen.regex.written"
    static let message = "the agent writes regular expressions"
    static let primitive = Primitive.genRegex

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let fragments = facts.reading.fragments(in: ["regex", "regexp"])
        if !fragments.isEmpty { return [RequirementFinding(.l2, facts.evidence(fragments))] }
        let asked = facts.sentences(
            PhraseTable(["write a regex", "regex pattern*", "regular expression*", "regex to"]))
        guard asked.count >= 2 || facts.isAbout(PhraseTable(["regex*", "regular expression*"])) else { return [] }
        let deep = facts.sentences(PhraseTable(["lookahead", "look-ahead", "lookbehind", "named group*"]))
        return [RequirementFinding(deep.isEmpty ? .l2 : .l3, facts.evidence(asked.isEmpty ? deep : asked))]
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ⟦```regex
            ^a+$
            ```⟧
            """,
            finds: "L2"),
        RuleExample(
            """
            ---
            name: sample
            description: Writes a regular expression.
            ---
            ⟦Use a lookahead⟧.
            """,
            finds: "L3"),
        .nothing(
            """
            The log is searched with a regular expression.
            """),
    ]
}

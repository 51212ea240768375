import Basics
import SkillModel

/// The agent writes prose for people: messages, summaries, posts.
enum ProseRule: RequirementRule {
    static let id = "require.gen.text.prose.writing"
    static let message = "the agent writes prose for people"
    static let primitive = Primitive.genTextProse

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        guard facts.archetype != .toolReference else { return [] }
        var findings: [RequirementFinding] = []
        if facts.isAbout(writing) { findings.append(RequirementFinding(.l2, facts.descriptionEvidence)) }
        let told = facts.sentences(telling, not: [.links, .troubleshooting, .background, .example, .advice])
        let makesCode = !facts.codeFragments.isEmpty || facts.isAbout(coded)
        if facts.archetype == .generative, findings.isEmpty, !makesCode, facts.commands.isEmpty {
            // What it makes is no code: then it is text.
            findings.append(RequirementFinding(facts.keepsRecords ? .l1 : .l2, facts.descriptionEvidence))
        }
        // Steps that have something said to the user are not for the sake of the text.
        let isText = facts.archetype == .generative || facts.isAbout(texts)
        if told.count >= 2, isText { findings.append(RequirementFinding(.l1, facts.evidence(told))) }
        return findings
    }

    private static let writing = PhraseTable([
        "newsletter*", "blog", "article*", "copywriting", "marketing", "email*", "storytelling", "press release*",
        "posts", "narrative", "essay*", "letter*", "communicat*", "announcement*",
    ])
    private static let texts = PhraseTable([
        "summar*", "write*", "writing", "draft*", "report*", "explain*", "answer*", "document*", "brief*", "text",
        "message*", "respond*", "notes", "rationale",
    ])
    private static let coded = PhraseTable([
        "code", "component*", "typescript", "python", "javascript", "sql", "html", "css", "app", "apps", "backend*",
        "frontend", "test",
        "tests", "api", "apis", "plugin*", "svg", "procedures", "migrat*", "server", "servers", "refactor*",
    ])
    private static let telling = PhraseTable([
        "summarize", "summarise", "explain", "present", "describe", "rationale", "in plain language",
        "report to the user", "tell the user",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            ⟦description: Helps to write newsletters.⟧
            ---
            Text.
            """,
            finds: "L2"),
        RuleExample(
            """
            # T

            ```python
            import csv
            ```

            ⟦Summarize the rows⟧.

            ⟦Explain each total⟧.
            """,
            finds: "L1"),
        .nothing(
            """
            ```python
            import csv
            ```
            """),
    ]
}

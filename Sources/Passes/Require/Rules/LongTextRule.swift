import Basics
import SkillModel

/// A long document is the result: a report, a plan, an article. A stated length decides: over 5 KB is L3.
enum LongTextRule: RequirementRule {
    static let id = "require.gen.text.long.document"
    static let message = "the agent writes a long document"
    static let primitive = Primitive.genTextLong

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        guard facts.archetype != .toolReference else { return [] }
        var findings: [RequirementFinding] = []
        let made = facts.sentences(documents, not: [.links, .troubleshooting, .background, .example, .advice])
        if makesDocument(facts.reading.description) {
            findings.append(RequirementFinding(.l3, facts.descriptionEvidence))
        }
        let written = facts.sentences(making, not: [.links, .troubleshooting, .background, .example, .advice]).filter {
            FileNames.all(in: $0, facts).contains { isDocument($0) }
        }
        if !written.isEmpty { findings.append(RequirementFinding(.l2, facts.evidence(written))) }
        if made.count >= 1 { findings.append(RequirementFinding(.l2, facts.evidence(made))) }
        return findings
    }

    private static let documents = PhraseTable([
        "write the report", "write a report", "markdown report", "final report", "comprehensive report",
        "detailed report", "full report", "design document", "design doc", "white paper", "whitepaper", "long-form",
        "summary report", "write the document", "write the plan",
    ])
    /// "Writes a testing plan", "produce the quarterly report": a verb of making, and at most four words on the document.
    private static func makesDocument(_ words: [Word]) -> Bool {
        kinds.matches(in: words).contains { range in
            making.isIn(Array(words[max(0, range.lowerBound - 5)..<range.lowerBound]))
        }
    }

    /// A Markdown file whose name says that it is a report or plan.
    private static func isDocument(_ name: String) -> Bool {
        let lower = name.lowercased()
        guard lower.hasSuffix(".md") else { return false }
        return ["report", "plan", "summary", "analysis", "design", "proposal", "spec"].contains {
            lower[...].range(of: $0) != nil
        }
    }

    private static let kinds = PhraseTable([
        "plan", "plans", "report", "reports", "specification*", "proposal*", "documentation", "strategy", "playbook*",
        "white paper*", "whitepaper*",
    ])
    private static let making = PhraseTable([
        "write*", "writing", "create*", "creating", "generate*", "generating", "produce*", "producing", "draft*",
        "compose*", "author*", "prepare*", "develop*", "build*",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            ⟦description: Writes a testing plan.⟧
            ---
            Text.
            """,
            finds: "L3"),
        RuleExample(
            """
            ⟦Write the report⟧.
            """,
            finds: "L2"),
        .nothing(
            """
            Read the report.
            """),
        .nothing(
            """
            ---
            name: sample
            description: Follows a testing plan.
            ---
            Text.
            """),
    ]
}

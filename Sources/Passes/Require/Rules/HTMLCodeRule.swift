import Basics
import SkillModel

/// The agent writes HTML, CSS or SVG. Responsive, animated or accessible pages and complex SVG demand L3.
enum HTMLCodeRule: RequirementRule {
    static let id = "require.gen.code.html.fragment"
    static let message = "the agent writes HTML, CSS or SVG"
    static let primitive = Primitive.genCodeHTML

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let fragments = facts.codeFragments.filter { ["html", "css", "svg"].contains($0.language) }
        var findings: [RequirementFinding] = []
        if !fragments.isEmpty {
            // One sign alone is on any page.
            let depth = signs.count { sign in fragments.contains { $0.text[...].range(of: sign) != nil } }
            let draws = fragments.contains { $0.text[...].range(of: "<path") != nil }
            findings.append(RequirementFinding(depth >= 4 || draws ? .l3 : .l2, facts.evidence(fragments)))
        }
        if facts.isAbout(pages), facts.archetype != .toolReference {
            let isDemanding = facts.isAbout(demanding) || facts.sentences(demanding).count >= 4
            findings.append(RequirementFinding(isDemanding ? .l3 : .l2, facts.descriptionEvidence))
        } else if facts.isAbout(documents), facts.archetype != .toolReference {
            findings.append(RequirementFinding(.l2, facts.descriptionEvidence))
        }
        return findings
    }

    private static let signs = ["@media", "grid", "flex", "aria-", "animation", "@keyframes", "transform"]
    private static let demanding = PhraseTable([
        "responsive", "accessib*", "animat*", "interactive", "wcag", "svg", "breakpoint*", "motion",
    ])

    /// HTML as the form of a report.
    private static let documents = PhraseTable(["html"])

    private static let pages = PhraseTable([
        "landing page*", "web page*", "svg", "css", "slides", "website", "frontend design", "frontend ui", "ui design",
        "web design", "user interface*", "ui components", "html page*", "web experience*", "frontend",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ⟦```html
            <p>Text</p>
            ```⟧
            """,
            finds: "L2"),
        RuleExample(
            """
            ⟦```html
            <svg><path d=""/></svg>
            ```⟧
            """,
            finds: "L3"),
        .nothing(
            """
            ```xml
            <p>Text</p>
            ```
            """),
        .nothing(
            """
            A `<br>` breaks the line.
            """),
    ]
}

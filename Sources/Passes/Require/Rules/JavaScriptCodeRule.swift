import Basics
import SkillModel

/// The agent writes JavaScript or TypeScript. Components, async code and frameworks demand L3, imports L2.
enum JavaScriptCodeRule: RequirementRule {
    static let id = "require.gen.code.javascript.fragment"
    static let message = "the agent writes JavaScript or TypeScript"
    static let primitive = Primitive.genCodeJavaScript
    private static let languages: Set<String> = ["javascript", "typescript", "jsx", "tsx", "vue", "svelte"]

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let shown = facts.codeFragments.filter { languages.contains($0.language) }
        var findings: [RequirementFinding] =
            CodeCreation.isWritten(shown, facts)
            ? shown.map { RequirementFinding(level(of: $0), facts.evidence([$0])) } : []
        // A tool's reference is about calling it, whatever it makes.
        guard facts.archetype != .toolReference || !findings.isEmpty else { return [] }
        let title =
            WordScanner.words(facts.reading.title)
            + WordScanner.words((facts.document.frontMatter.name ?? "").split(separator: "-").joined(separator: " "))
        let frameworks = title.indices.compactMap { Products.framework(title, at: $0)?.package }
        if frameworks.contains(where: { $0.kind == .npm }) {
            findings.append(RequirementFinding(.l3, facts.descriptionEvidence))
        }
        if facts.isAbout(named) { findings.append(RequirementFinding(.l3, facts.descriptionEvidence)) }
        return findings
    }

    static func level(of fragment: Fragment) -> Level {
        if ["jsx", "tsx", "vue", "svelte", "typescript"].contains(fragment.language) { return .l3 }
        let signs = ["await ", "async ", "Promise", "document.", "=> {", "fetch(", ".then(", "useState", "class "]
        if signs.contains(where: { fragment.text[...].range(of: $0) != nil }) { return .l3 }
        return .l2
    }

    private static let named = PhraseTable([
        "typescript code", "javascript code", "react components", "web app", "web apps", "frontend components",
        "typescript", "frontend", "jest", "vitest", "next.js", "web application*",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ⟦```tsx
            const A = () => <p/>
            ```⟧
            """,
            finds: "L3"),
        RuleExample(
            """
            ⟦```js
            let x = 1
            ```⟧
            """,
            finds: "L2"),
        .nothing(
            """
            ```bash
            node scripts/x.js a
            ```
            """),
        .nothing(
            """
            ```json
            {"type": "module"}
            ```
            """),
    ]
}

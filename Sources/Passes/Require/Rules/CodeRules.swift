import Basics
import SkillModel

/// The agent writes Python: the skill shows Python to adapt, or has it create a `.py` file. Third-party imports demand
/// L3, anything else L2 (a part of a program without its imports says no less). `python3 scripts/x.py` only runs code.
enum PythonCodeRule: RequirementRule {
    static let id = "require.gen.code.python.fragment"
    static let primitive = Primitive.genCodePython

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        var findings: [RequirementFinding] = facts.codeFragments.filter { $0.language == "python" }.map { fragment in
            RequirementFinding(level(of: fragment.text), facts.evidence([fragment]))
        }
        let creating = facts.sentences(CodeCreation.verbs).filter { sentence in
            CodeCreation.createsFile(sentence, endings: [".py"], facts)
        }
        if !creating.isEmpty { findings.append(RequirementFinding(.l2, facts.evidence(creating))) }
        if facts.archetype != .toolReference, facts.isAbout(named) {
            findings.append(RequirementFinding(.l3, facts.descriptionEvidence))
        }
        if let alias = facts.document.codeSpans.first(where: { PythonPackages.alias(in: $0.text) != nil }) {
            findings.append(RequirementFinding(.l3, [facts.document.evidence(alias.span)]))
        }
        return findings
    }

    private static let named = PhraseTable([
        "pytest", "python code", "python tests", "python project*", "python script*", "python application*", "django",
        "fastapi",
        "pytorch", "pandas", "in python", "python package*", "python sdk", "flask",
    ])

    static func level(of code: String) -> Level {
        if !PackageImports.python(code).isEmpty { return .l3 }
        return .l2
    }
}

/// The agent writes JavaScript or TypeScript. Components, async code and frameworks demand L3, imports L2.
enum JavaScriptCodeRule: RequirementRule {
    static let id = "require.gen.code.javascript.fragment"
    static let primitive = Primitive.genCodeJavaScript
    private static let languages: Set<String> = ["javascript", "typescript", "jsx", "tsx", "vue", "svelte"]

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        var findings: [RequirementFinding] = facts.codeFragments.filter { languages.contains($0.language) }.map {
            fragment in
            RequirementFinding(level(of: fragment), facts.evidence([fragment]))
        }
        let title =
            WordScanner.words(facts.reading.title).map(\.lower)
            + (facts.document.frontMatter.name ?? "").lowercased().split(separator: "-").map(String.init)
        let frameworks = title.compactMap { word in
            Products.frameworks[String(word.reversed().drop(while: \.isNumber).reversed())]
        }
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
}

/// The agent writes SQL: it is shown, or the skill is about queries, schemas or procedures of a database.
enum SQLCodeRule: RequirementRule {
    static let id = "require.gen.code.sql.fragment"
    static let primitive = Primitive.genCodeSQL

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        var findings: [RequirementFinding] = facts.codeFragments.filter { $0.language == "sql" }.map { fragment in
            RequirementFinding(level(of: fragment.text), facts.evidence([fragment]))
        }
        if facts.isAbout(procedures) {
            findings.append(RequirementFinding(.l3, facts.descriptionEvidence))
        } else if facts.isAbout(queries), facts.archetype != .toolReference {
            findings.append(RequirementFinding(.l2, facts.descriptionEvidence))
        }
        return findings
    }

    static func level(of code: String) -> Level {
        let upper = code.uppercased()
        if ["WITH ", "PROCEDURE", "FUNCTION", "EXPLAIN", "RECURSIVE", "PARTITION"].contains(where: {
            upper[...].range(of: $0) != nil
        }) {
            return .l3
        }
        return ["JOIN", "GROUP BY", "OVER (", "HAVING"].contains { upper[...].range(of: $0) != nil } ? .l2 : .l1
    }

    private static let procedures = PhraseTable([
        "stored procedure*", "pl/sql", "pgsql", "sql functions", "query optimization", "query tuning",
    ])
    private static let queries = PhraseTable(["sql queries", "sql query", "write sql", "database queries", "sql"])
}

/// The agent writes HTML, CSS or SVG. Responsive, animated or accessible pages and complex SVG demand L3.
enum HTMLCodeRule: RequirementRule {
    static let id = "require.gen.code.html.fragment"
    static let primitive = Primitive.genCodeHTML

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let fragments = facts.codeFragments.filter { ["html", "css", "svg"].contains($0.language) }
        var findings: [RequirementFinding] = []
        if !fragments.isEmpty {
            let deep = fragments.contains { fragment in
                ["@media", "grid", "flex", "aria-", "animation", "<path", "@keyframes", "data-"].contains {
                    fragment.text[...].range(of: $0) != nil
                }
            }
            findings.append(RequirementFinding(deep ? .l3 : .l2, facts.evidence(fragments)))
        }
        if facts.isAbout(pages), facts.archetype != .toolReference {
            findings.append(RequirementFinding(.l3, facts.descriptionEvidence))
        } else if facts.isAbout(documents), facts.archetype != .toolReference {
            findings.append(RequirementFinding(.l2, facts.descriptionEvidence))
        }
        return findings
    }

    /// HTML as the form of a report.
    private static let documents = PhraseTable(["html"])

    private static let pages = PhraseTable([
        "landing page*", "web page*", "svg", "css", "slides", "website", "frontend design", "frontend ui", "ui design",
        "web design", "user interface*", "html page*", "web experience*", "frontend",
    ])
}

/// Whether text has the agent create a file of code.
enum CodeCreation {
    static let verbs = PhraseTable(["create", "write", "implement", "implements", "update", "generate", "build"])

    static func createsFile(_ sentence: Sentence, endings: [String], _ facts: SkillFacts) -> Bool {
        (facts.fileSpans[sentence.block] ?? []).contains { code in
            guard sentence.span.start <= code.span.start, code.span.start < sentence.span.end + 40,
                endings.contains(where: { code.text.hasSuffix($0) }), !code.text.contains(" ")
            else { return false }
            let before = sentence.words.filter { $0.span.end <= code.span.start }.suffix(6)
            return verbs.isIn(Array(before)) && !before.contains { $0.lower == "run" }
        }
    }
}

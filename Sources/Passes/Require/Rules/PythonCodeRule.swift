import Basics
import SkillModel

/// The agent writes Python: the skill shows Python to adapt, or has it create a `.py` file. Third-party imports demand
/// L3, anything else L2 (a part of a program without its imports says no less). `python3 scripts/x.py` only runs code.
enum PythonCodeRule: RequirementRule {
    static let id = "require.gen.code.python.fragment"
    static let message = "the agent writes Python"
    static let primitive = Primitive.genCodePython

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let shown = facts.codeFragments.filter { $0.language == "python" }
        var findings: [RequirementFinding] =
            CodeCreation.isWritten(shown, facts)
            ? shown.map { RequirementFinding(level(of: $0.text), facts.evidence([$0])) } : []
        // A program in a here-document is written anew in each call.
        for fragment in facts.document.fragments where fragment.language == "bash" {
            for code in HereDocuments.python(fragment.text) {
                findings.append(RequirementFinding(level(of: code), facts.evidence([fragment])))
            }
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

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ⟦```python
            import pandas as pd
            ```⟧
            """,
            finds: "L3"),
        RuleExample(
            """
            ⟦```python
            import csv
            ```⟧
            """,
            finds: "L2"),
        .nothing(
            """
            ```bash
            python3 scripts/x.py a
            ```
            """),
        .nothing(
            """
            Python is a language.
            """),
    ]
}

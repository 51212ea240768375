import Basics
import SkillModel

/// The agent writes SQL: it is shown, or the skill is about queries, schemas or procedures of a database.
enum SQLCodeRule: RequirementRule {
    static let id = "require.gen.code.sql.fragment"
    static let message = "the agent writes SQL"
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

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ⟦```sql
            select a from b
            ```⟧
            """,
            finds: "L1"),
        RuleExample(
            """
            ⟦```sql
            select a from b join c on d
            ```⟧
            """,
            finds: "L2"),
        RuleExample(
            """
            ---
            name: sample
            ⟦description: Migrates stored procedures.⟧
            ---
            Text.
            """,
            finds: "L3"),
        .nothing(
            """
            ```text
            select a file from the list
            ```
            """),
    ]
}

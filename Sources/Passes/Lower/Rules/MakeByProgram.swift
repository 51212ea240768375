import SkillModel

/// Nested JSON written by hand → a program that makes it: braces and quotes are then its business.
///
/// `gen.text.structured` → `gen.code.python` L2 and `tool.exec` L2. Only where JSON is what the skill shows, no YAML.
package struct MakeByProgram: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.made-by-program"
    package static let message = "had JSON made by a program"
    package static let way = OtherWay.madeByProgram

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Records

            Keeps records.

            ⟦⟧## Saving

            ```json
            {"a": {"b": {"c": [1]}}}
            ```
            """,
            finds: "Make JSON with Python's `json` module, not by hand.",
            target: [.genTextStructured: .l0]),
        .nothing(
            """
            # Records

            Keeps records.

            ## Saving

            ```json
            {"a": {"b": {"c": [1]}}}
            ```
            """, target: [.genTextStructured: .l0, .toolExec: .l1]),
    ]
}

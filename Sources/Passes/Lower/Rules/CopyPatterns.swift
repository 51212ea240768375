import SkillModel

/// Patterns that the agent would write → the patterns that the skill gives.
///
/// `gen.regex` → nothing more. Only where they stand in blocks of their own and the text asks for no other.
package struct CopyPatterns: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.copied-patterns"
    package static let message = "had the patterns used as they are shown"
    package static let way = OtherWay.copiedPatterns

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Secrets

            Finds keys.

            ⟦⟧## Keys

            ```regex
            AKIA[0-9A-Z]{16}
            ```
            """,
            finds: "Use the patterns exactly as they are shown.", target: [.genRegex: .l1]),
        .nothing(
            """
            # Secrets

            Finds keys. Write a regex for each new kind.

            ## Keys

            ```regex
            AKIA[0-9A-Z]{16}
            ```
            """, target: [.genRegex: .l1]),
    ]
}

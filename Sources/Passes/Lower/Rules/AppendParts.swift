import SkillModel

/// One long answer → a file that grows by short parts.
///
/// `gen.text.long` → L1 (a part is below 1 KB) and `tool.file.write` L2. Not for a target that can't write a part.
package struct AppendParts: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.appended-parts"
    package static let message = "had long text appended to a file in parts"
    package static let way = OtherWay.appendedParts

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            description: Writes a testing plan.
            ---
            # Plan

            Says what is tested.

            ⟦⟧## Parts

            Write the plan, and name the risks.
            """,
            finds: "Write long text into its file in parts of no more than 150 words, and append each to the end.",
            target: [.genTextLong: .l1]),
        .nothing(
            """
            ---
            name: sample
            description: Writes a testing plan.
            ---
            # Plan

            Says what is tested.

            ## Parts

            Write the plan, and name the risks.
            """, target: [.genTextLong: .l0]),
        .nothing(
            """
            ---
            name: sample
            description: Writes a testing plan.
            ---
            # Plan

            Says what is tested.

            ## Parts

            Write the plan, and name the risks.
            """, target: [.genTextLong: .l2]),
    ]
}

import SkillModel

/// Commands that the agent would write or change → the commands that the skill shows, with other values.
///
/// `gen.code.shell` → L1, and what running them takes anyway. Only where the skill shows commands in blocks; the sentence forbids
/// no others, for what is shown may be samples.
package struct CopyCommands: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.copied-commands"
    package static let message = "had the commands taken as they are shown"
    package static let way = OtherWay.copiedCommands

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Tool

            Lists things.

            ⟦⟧## Commands

            ```bash
            tool list | sort > a.txt
            tool show b > b.txt
            tool show c > c.txt
            ```
            """,
            finds: OtherWay.copiedCommands.sentence,
            target: [.genCodeShell: .l1]),
        .nothing(
            """
            # Tool

            Lists things.

            ## Commands

            ```bash
            tool list | sort > a.txt
            tool show b > b.txt
            tool show c > c.txt
            ```
            """, target: [.genCodeShell: .l0]),
    ]
}

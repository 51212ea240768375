import SkillModel

/// Commands that the agent would write or change → the commands that the skill shows, with other values.
///
/// `gen.code.shell` → what running them takes anyway. Only where the skill shows commands in blocks.
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
            finds: "Change nothing in the commands but their values.",
            target: [.genCodeShell: .l0]),
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
            """, target: [.toolExec: .l0]),
    ]
}

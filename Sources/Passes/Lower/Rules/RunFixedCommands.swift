import SkillModel

/// Commands with arguments to run → the same commands, each by itself and as it stands.
///
/// `tool.exec`, `gen.code.shell` from L2 → L1: one command, of at least two that are shown. Only where each is shown whole, in a
/// block, without a value to fill in or to choose, a path of the working folder, a variable or a change to the shell; and only in
/// a procedure, for what a reference shows are samples.
package struct RunFixedCommands: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.fixed-commands"
    package static let message = "had each command run as it stands"
    package static let way = OtherWay.fixedCommands

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Health

            ⟦⟧## Workflow

            1. See what runs.
            2. See what is full.
            3. Tell it.

            ```bash
            systemctl --failed
            df -h
            ```
            """,
            finds: "Run each command by itself, exactly as it is shown.", target: [.toolExec: .l1]),
        .nothing(
            """
            # Health

            ## Workflow

            1. See what runs.
            2. See what is full.
            3. Tell it.

            ```bash
            systemctl status <unit>
            df -h
            ```
            """, target: [.toolExec: .l1]),
        .nothing(
            """
            # Health

            ## Workflow

            1. See what runs with `systemctl --failed`.
            2. See what is full with `df -h`.
            3. Run the tests.
            """, target: [.toolExec: .l1]),
        .nothing(
            """
            # Health

            ## Workflow

            1. See what runs.
            2. Count.
            3. Tell it.

            ```bash
            systemctl --failed
            count FILE...
            ```
            """, target: [.toolExec: .l1]),
        .nothing(
            """
            # Health

            ## Workflow

            1. Make a profile.
            2. Log a set.
            3. Tell it.

            ```bash
            log add squat
            log add row
            ```
            """, target: [.toolExec: .l1]),
        .nothing(
            """
            # Health

            ## Workflow

            1. See what runs.
            2. See what is full.
            3. Tell it.

            ```bash
            systemctl --failed
            df -h
            ```
            """, target: [.toolExec: .l0]),
    ]
}

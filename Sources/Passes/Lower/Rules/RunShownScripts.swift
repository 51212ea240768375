import SkillModel

/// Programs that the agent is to prefer of its own accord → the commands that run them, told.
///
/// `follow.delegation` → `tool.exec` L2. Only where the text has a command for each script that it names.
package struct RunShownScripts: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.shown-scripts"
    package static let message = "had the scripts run by the commands that are shown"
    package static let way = OtherWay.shownScripts

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Tables

            ⟦⟧The script is the source of truth:

            ```bash
            python3 scripts/x.py a
            ```
            """,
            finds: "Run the scripts of this skill by the commands that are shown, and do none of their work by hand.",
            files: ["scripts/x.py": "import csv\n"],
            target: [.followDelegation: .l0]),
        .nothing(
            """
            # Tables

            The [script](scripts/x.py) is the source of truth.
            """,
            files: ["scripts/x.py": "import csv\n"], target: [.followDelegation: .l0]),
    ]
}

import SkillModel

/// A browser tool → the commands of a browser program that the skill shows.
///
/// `tool.browser` → `tool.exec` L2 and `gen.code.shell` L1.
package struct DriveShownBrowser: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.shown-browser"
    package static let message = "had the browser driven by the commands that are shown"
    package static let way = OtherWay.shownBrowser

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            description: Browser automation.
            ---
            # Browser

            ⟦⟧## Commands

            ```bash
            agent-browser open https://x.dev
            agent-browser click "#a"
            agent-browser fill "#b" text
            ```
            """,
            finds: "Drive the browser with the commands that are shown here, not with a browser tool.",
            target: [.toolBrowser: .l0]),
        .nothing(
            """
            ---
            name: sample
            description: Browser automation.
            ---
            # Browser

            ## Commands

            ```bash
            agent-browser open https://x.dev
            agent-browser click "#a"
            ```
            """, target: [.toolBrowser: .l0]),
    ]
}

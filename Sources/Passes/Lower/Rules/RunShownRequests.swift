import SkillModel

/// A web tool → the `curl` commands that the skill shows.
///
/// `tool.web` → `tool.exec` L2 and `gen.code.shell` L1. Not where the skill has the web searched: what is searched for is at
/// no address that a command could name.
package struct RunShownRequests: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.shown-requests"
    package static let message = "had requests made by the commands that are shown"
    package static let way = OtherWay.shownRequests

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Weather

            Tells the weather.

            ⟦⟧## Calls

            ```bash
            curl https://x.dev/api?city=$CITY
            curl https://x.dev/api?city=$CITY&days=3
            ```
            """,
            finds: "Make each request with a command that is shown here, not with a web tool.",
            target: [.toolWeb: .l0]),
        .nothing(
            """
            # Weather

            Tells the weather.

            ## Calls

            ```bash
            curl https://x.dev/api?city=$CITY
            curl https://x.dev/api?city=$CITY&days=3
            ```

            Else search the web for it.
            """, target: [.toolWeb: .l0]),
    ]
}

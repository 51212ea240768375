import SkillModel

/// Arguments of several levels that the agent would make → the arguments that the skill shows, with other values.
///
/// `tool.call.format` from L3 or L2 → L1. Only where a block of JSON follows the text that names the tool.
package struct CopyCalls: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.copied-calls"
    package static let message = "had the arguments of calls taken as they are shown"
    package static let way = OtherWay.copiedCalls

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Boards

            ⟦⟧## Tools

            Call `board_create` with an object of parameters. Call `board_list` or `board_close` with JSON.

            Call `board_create`:

            ```json
            {"board": {"title": "A", "columns": [{"name": "B"}]}}
            ```
            """,
            finds: "Copy the arguments of each call as they are shown, and change only the values.",
            target: [.toolCallFormat: .l1]),
        .nothing(
            """
            # Boards

            ## Tools

            Call `board_create` with an object of parameters. Call `board_list` or `board_close` with JSON.
            """, target: [.toolCallFormat: .l1]),
    ]
}

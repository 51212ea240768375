package import SkillModel

/// Several calls in one turn → one call a turn.
///
/// `tool.call.batch` → `tool.call.format` L1 and `follow.procedure` L1. The same calls, more turns. Only where one turn is a
/// matter of speed: not for what goes on running, nor where a rule has it so (`Togetherness`).
package struct CallAfterCall: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.call-after-call"
    package static let message = "had calls made one after the other"
    package static let way = OtherWay.callAfterCall

    package static func isMoot(in context: LoweringContext, after edits: [Edit]) -> Bool {
        Togetherness.isMeant(in: context.reading)
    }

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Search

            ⟦⟧Issue the tool calls of all searches in parallel.
            """,
            finds: "Make one call at a time, also where several are to be made at once.",
            target: [.toolCallBatch: .l0]),
        .nothing(
            """
            # Search

            Issue the tool calls of all searches in parallel.
            """, target: [.toolCallBatch: .l0, .followProcedure: .l0]),
    ]
}

import Basics
package import SkillModel

/// Rules that stand all over the text → the same rules, word for word, as boxes to tick at its end.
///
/// `follow.constraint`, one level: what had to be held together is looked at line by line. Precondition: every rule can be said
/// whole, under the titles and lead-ins that it stands under and with all of the list that it stands in (`TickedText`), and the
/// list is short beside the text. Proof: nothing of the skill is touched, and each line is the text's own (`guard.copy`).
package struct TickRules: SpokenRule {
    package init() {}
    package static let id = "lower.rules-to-tick"
    package static let message = "listed the rules of the text at its end, to tick off"
    package var primitives: [Primitive] { [.followConstraint] }
    package var phrases: [String] { [Self.list.lead] }

    static let list = TickedList(
        id: id,
        lead:
            "Before each action and at the end, go down this list for yourself, and tick each rule that is kept or is of"
            + " another case; the list stays out of the answer:", takesWholeLists: true
    ) { ConstraintRule.rules($0.reading) }

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        guard let gap = context.gaps.first(where: { primitives.contains($0.primitive) && TickedList.closes($0) }) else {
            return LoweringOutcome()
        }
        return Self.list.outcome(for: gap, in: context, reason: "the rules of the text, line by line")
    }

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Mail

            Sends the mail of the day.

            ## Before you send

            You must ask the user. Never guess an address.

            ## Afterwards

            After sending:

            - Always keep a copy.
            - Note the time.⟦⟧
            """,
            finds: """
                ---

                Before each action and at the end, go down this list for yourself, and tick each rule that is kept or is of another case; the list stays out of the answer:

                ```text
                Before you send
                  [ ] You must ask the user.
                  [ ] Never guess an address.
                Afterwards
                  After sending:
                    [ ] Always keep a copy.
                    [ ] Note the time.
                ```
                """,
            target: [.followConstraint: .l1]),
        // To tick "Guess an address" would be to say that it was done.
        .nothing(
            """
            # Mail

            You must ask the user.

            Don't:

            - Guess an address.
            - Send twice.
            """,
            target: [.followConstraint: .l1]),
        // What "these" are stands elsewhere.
        .nothing(
            """
            # Mail

            Sends the mail of the day.

            ## Before you send

            You must ask the user.

            These must never be sent twice.
            """,
            target: [.followConstraint: .l1]),
        .nothing(
            """
            # Mail

            ## Rules

            You must ask the user.

            Always run this before:

            ```sh
            mail --list
            ```
            """,
            target: [.followConstraint: .l1]),
        .nothing(
            """
            # Mail

            You must ask the user. Never guess an address.
            """,
            target: [.followConstraint: .l0]),
    ]
}

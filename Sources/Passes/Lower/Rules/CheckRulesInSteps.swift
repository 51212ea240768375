import SkillModel

/// Many rules to hold at once → steps that check one rule at a time, as they stand.
///
/// `follow.constraint` from L3 → L1 with `follow.procedure` L3: checks that are repeated and mend what they find.
package struct CheckRulesInSteps: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.checked-rules"
    package static let message = "had the rules gone through one by one"
    package static let way = OtherWay.checkedRules

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Work

            Works.

            ⟦⟧## Rules

            - Never do one.
            - Never do two.
            - Never do three.
            - Never do four.
            - Never do five.
            - Never do six.
            - Never do seven.
            - Never do eight.
            """,
            finds:
                "Before each step and at the end, go through the rules of this text one by one, and mend what breaks one.",
            target: [.followConstraint: .l1]),
        .nothing(
            """
            # Work

            Works.

            ## Rules

            - Never do one.
            - Never do two.
            - Never do three.
            - Never do four.
            - Never do five.
            - Never do six.
            - Never do seven.
            - Never do eight.
            """, target: [.followConstraint: .l2]),
        .nothing(
            """
            # Work

            Works.

            ## Rules

            - Never do one.
            - Never do two.
            - Never do three.
            - Never do four.
            - Never do five.
            - Never do six.
            - Never do seven.
            - Never do eight.
            """, target: [.followConstraint: .l1, .followProcedure: .l2]),
    ]
}

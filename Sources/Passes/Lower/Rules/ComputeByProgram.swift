import SkillModel

/// Sums in the head → a program that computes.
///
/// `reason.arithmetic` → `gen.code.python` L1 and `tool.exec` L1.
package struct ComputeByProgram: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.computed"
    package static let message = "had numbers computed by a program"
    package static let way = OtherWay.computed

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Report

            ⟦⟧Calculate the sum of all.

            Give averages per week.
            """,
            finds: "Compute with `python3 -c`, not in your head.",
            target: [.reasonArithmetic: .l0]),
        .nothing(
            """
            # Report

            Calculate the sum of all.

            Give averages per week.
            """, target: [.reasonArithmetic: .l0, .toolExec: .l0]),
        .nothing(
            """
            # Report

            Calculate the sum of all.

            Give averages per week.
            """, target: [.reasonArithmetic: .l1]),
    ]
}

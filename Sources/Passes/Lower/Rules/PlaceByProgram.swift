import SkillModel

/// Places worked out in the head → a program that computes them by the skill's own formulas.
///
/// `reason.spatial` → `gen.code.python` L1 and `tool.exec` L1. Only where the text shows a formula in code.
package struct PlaceByProgram: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.placed"
    package static let message = "had places computed by a program"
    package static let way = OtherWay.placedByProgram

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            description: Draws a diagram.
            ---
            # Diagrams

            ⟦⟧## Layout

            Choose the layout. Set the position of each box: `x = 40 + column * 200`. Keep the alignment.
            """,
            finds:
                "Compute positions, distances and sizes with `python3 -c` by the formulas that are shown, not in your head.",
            target: [.reasonSpatial: .l1]),
        .nothing(
            """
            ---
            name: sample
            description: Draws a diagram.
            ---
            # Diagrams

            ## Layout

            Choose the layout. Set the position of each box. Keep the alignment.
            """, target: [.reasonSpatial: .l1]),
    ]
}

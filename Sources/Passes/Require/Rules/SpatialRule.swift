import Basics
import SkillModel

/// Layouts, coordinates, geometry.
enum SpatialRule: RequirementRule {
    static let id = "require.reason.spatial.layout"
    static let message = "the agent places things in space"
    static let primitive = Primitive.reasonSpatial

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let placed = facts.sentences(
            PhraseTable([
                "layout", "coordinates", "bounding box*", "position*", "grid", "viewport",
                "canvas", "alignment", "rotate", "camera", "keyframe*",
            ]))
        guard
            facts.isAbout(
                PhraseTable([
                    "layout*", "coordinates", "canvas", "3d", "geometry", "map", "diagram*", "animation*", "floor plan",
                ])),
            placed.count >= 3
        else { return [] }
        return [RequirementFinding(.l2, facts.evidence(placed))]
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            description: Draws a diagram.
            ---
            ⟦Choose the layout⟧. ⟦Set the position of each box⟧. ⟦Keep the alignment⟧.
            """,
            finds: "L2"),
        .nothing(
            """
            ---
            name: sample
            description: Draws a diagram.
            ---
            Choose the layout.
            """),
        .nothing(
            """
            Choose the layout. Set the position of each box. Keep the alignment.
            """),
    ]
}

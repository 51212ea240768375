package import SkillModel

/// Output of `gap`.
package struct GapAnalysis: Sendable, Hashable, Codable {
    /// Requirements above what the target was measured to supply, in the catalogue's order, one a primitive at most.
    package var gaps: [Gap]
    /// Required primitives that the profile says nothing of, in the catalogue's order. No gap: nothing is known, so
    /// nothing is lowered for them; they are said, so that a user can measure.
    package var unmeasured: [Primitive]
    package init(gaps: [Gap], unmeasured: [Primitive]) {
        self.gaps = gaps
        self.unmeasured = unmeasured
    }
}

/// Requirements × the levels of the primitives they name → gaps.
package enum GapPass {
    /// `levels` needs to hold no other primitive than those required: the engine keys the pass on those alone, so that
    /// a change of the profile elsewhere reruns nothing. A primitive that is not in `levels` was not measured.
    ///
    /// O(requirements · log requirements).
    package static func run(_ requirements: RequirementSet, levels: [Primitive: Level]) -> GapAnalysis {
        var highest: [Primitive: Level] = [:]
        for requirement in requirements.requirements {
            highest[requirement.primitive] = max(highest[requirement.primitive] ?? .l0, requirement.level)
        }
        var analysis = GapAnalysis(gaps: [], unmeasured: [])
        for (primitive, required) in highest.sorted(by: { $0.key < $1.key }) {
            guard let supplied = levels[primitive] else {
                analysis.unmeasured.append(primitive)
                continue
            }
            if supplied < required {
                analysis.gaps.append(Gap(primitive: primitive, required: required, supplied: supplied))
            }
        }
        return analysis
    }
}

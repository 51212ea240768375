package import SkillModel

/// Output of `gap`.
package struct GapAnalysis: Sendable, Hashable, Codable {
    /// Another way to the goal of a requirement that the target can't meet.
    package struct Way: Sendable, Hashable, Codable {
        /// As among the requirement's alternatives.
        package var path: String
        /// The first of its demands that the target does not meet either, or was not measured in; nil when it can go
        /// this way.
        package var lacks: Gap?
        package init(path: String, lacks: Gap?) {
            self.path = path
            self.lacks = lacks
        }
    }

    /// Requirements above what the target was measured to supply, in the catalogue's order, one a primitive at most.
    package var gaps: [Gap]
    /// Required primitives that the profile says nothing of, in the catalogue's order. No gap: nothing is known, so
    /// nothing is lowered for them; they are said, so that a user can measure.
    package var unmeasured: [Primitive]
    /// The other ways to what is demanded by each gap's primitive.
    package var ways: [Primitive: [Way]]
    package init(gaps: [Gap], unmeasured: [Primitive], ways: [Primitive: [Way]] = [:]) {
        self.gaps = gaps
        self.unmeasured = unmeasured
        self.ways = ways
    }
}

/// Requirements × the levels of the primitives they name → gaps.
package enum GapPass {
    /// `levels` needs to hold no other primitive than those `named`: the engine keys the pass on those alone, so that
    /// a change of the profile elsewhere reruns nothing. A primitive that is not in `levels` was not measured.
    ///
    /// O(requirements · log requirements + alternatives).
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
            guard supplied < required else { continue }
            analysis.gaps.append(Gap(primitive: primitive, required: required, supplied: supplied))
            let ways = requirements.requirements.filter { $0.primitive == primitive }.flatMap(\.alternatives)
            if !ways.isEmpty { analysis.ways[primitive] = ways.map { way($0, levels: levels) } }
        }
        return analysis
    }

    /// The primitives whose levels decide: those required, and those that other ways take. In the catalogue's order.
    package static func named(by requirements: RequirementSet) -> [Primitive] {
        let required = requirements.requirements
        return Set(required.map(\.primitive) + required.flatMap(\.alternatives).flatMap(\.demands).map(\.primitive))
            .sorted()
    }

    private static func way(_ way: Requirement.Alternative, levels: [Primitive: Level]) -> GapAnalysis.Way {
        let missing = way.demands.first { demand in levels[demand.primitive].map { $0 < demand.level } ?? true }
        return GapAnalysis.Way(
            path: way.path,
            lacks: missing.map {
                Gap(primitive: $0.primitive, required: $0.level, supplied: levels[$0.primitive])
            })
    }
}

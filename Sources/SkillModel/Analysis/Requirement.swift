package import Basics

/// Where in the skill something was found.
package struct Evidence: Sendable, Hashable, Codable, Comparable {
    /// Path in the skill's folder; `SKILL.md` for the skill's own text.
    package var file: String
    /// 1-based.
    package var line: Int
    /// The bytes in `file`, where they are known.
    package var span: SourceSpan?

    package init(file: String = "SKILL.md", line: Int, span: SourceSpan? = nil) {
        self.file = file
        self.line = line
        self.span = span
    }

    /// Total: two pieces of evidence in one line have an order, too, or equal skills would not give equal bytes.
    package static func < (a: Evidence, b: Evidence) -> Bool {
        (a.file, a.line, a.span?.start ?? -1, a.span?.end ?? -1) < (
            b.file, b.line, b.span?.start ?? -1, b.span?.end ?? -1
        )
    }
}

/// A primitive that following the skill truly needs, at the lowest level that suffices.
package struct Requirement: Sendable, Hashable, Codable {
    /// Another way to the same goal: the demands that it makes instead of this one.
    package struct Alternative: Sendable, Hashable, Codable {
        /// What the way is: `bundled program`, `shell`, `sql`, …
        package var path: String
        package var demands: [Demand]
        package init(path: String, demands: [Demand]) {
            self.path = path
            self.demands = demands
        }
    }

    package var primitive: Primitive
    package var level: Level
    /// Ids of the rules that found it.
    package var rules: [String]
    /// Never empty; sorted.
    package var evidence: [Evidence]
    package var alternatives: [Alternative]

    package init(
        _ primitive: Primitive, _ level: Level, rules: [String] = [], evidence: [Evidence],
        alternatives: [Alternative] = []
    ) {
        self.primitive = primitive
        self.level = level
        self.rules = rules
        self.evidence = evidence
        self.alternatives = alternatives
    }
}

/// A primitive at a level, without the evidence.
package struct Demand: Sendable, Hashable, Codable {
    package var primitive: Primitive
    package var level: Level
    package init(_ primitive: Primitive, _ level: Level) {
        self.primitive = primitive
        self.level = level
    }
}

/// What kind of skill it is: decides which lowerings make sense.
package enum Archetype: String, Sendable, Hashable, Codable {
    case toolReference = "tool-reference"
    case procedural
    case generative
}

/// What `require` finds: sorted by primitive, one requirement a primitive.
package struct RequirementSet: Sendable, Hashable, Codable {
    package var archetype: Archetype
    package var requirements: [Requirement]
    package init(archetype: Archetype, requirements: [Requirement]) {
        self.archetype = archetype
        self.requirements = requirements
    }
}

/// A requirement above what the target was measured to supply. Output of `gap`.
package struct Gap: Sendable, Hashable, Codable {
    package var primitive: Primitive
    package var required: Level
    /// The target's level; nil when it was not measured, which is no gap by itself but is said.
    package var supplied: Level?

    package init(primitive: Primitive, required: Level, supplied: Level?) {
        self.primitive = primitive
        self.required = required
        self.supplied = supplied
    }
}

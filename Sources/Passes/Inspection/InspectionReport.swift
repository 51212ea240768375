package import SkillModel

/// What `skvm inspect --json` prints: the keys of a label file of the evaluation set, with more detail beside them.
package struct InspectionReport: Sendable, Codable, Equatable {
    package struct DependencyEntry: Sendable, Codable, Equatable {
        package var kind: Dependency.Kind
        package var name: String
        package var required: Bool
        package var version: String?
        /// 1-based, in `file`, of the first evidence.
        package var line: Int
        package var file: String
    }

    package struct StepEntry: Sendable, Codable, Equatable {
        package var id: String
        package var line: Int
        package var title: String
        package var after: [String]
    }

    package struct ParallelEntry: Sendable, Codable, Equatable {
        package var kind: Workflow.Parallelism
        package var steps: [String]
        package var line: Int
        package var why: String
    }

    package struct TemplateEntry: Sendable, Codable, Equatable {
        package var line: Int
        package var kind: SolidificationCandidate.Kind
        package var params: [String]
        package var signature: String
        package var keywords: [String]
    }

    package struct PathEntry: Sendable, Codable, Equatable {
        package var line: Int
        package var path: String
        /// Whether such a file or folder is bundled.
        package var exists: Bool
    }

    /// A fault, at the first place that has it.
    package struct HazardEntry: Sendable, Codable, Equatable {
        package var line: Int
        package var kind: HazardFinding.Kind
        package var message: String
        /// The lines of the other places with the same fault.
        package var also: [Int]
    }

    /// A requirement with what stands behind it.
    package struct RequirementEntry: Sendable, Codable, Equatable {
        package var primitive: Primitive
        package var level: Level
        package var rules: [String]
        /// 1-based lines of SKILL.md.
        package var lines: [Int]
        package var alternatives: [Requirement.Alternative]
    }

    /// Of this shape; it grows when a key changes its meaning.
    package var version = 1
    package var id: String
    package var archetype: Archetype
    /// Levels by primitive id.
    package var requirements: [String: Level]
    package var requirementDetails: [RequirementEntry]
    package var dependencies: [DependencyEntry]
    package var steps: [StepEntry]
    package var parallel: [ParallelEntry]
    package var templates: [TemplateEntry]
    package var relativePaths: [PathEntry]
    package var hazards: [HazardEntry]

    private enum CodingKeys: String, CodingKey {
        case version, id, archetype, requirements, dependencies, steps, parallel, templates, hazards
        case requirementDetails = "requirement_details"
        case relativePaths = "relative_paths"
    }
}

import Basics
package import SkillModel

/// Puts the outputs of the analysis passes together for a reader.
package enum Inspection {
    /// Runs every target-free pass on `document`. `id` names the skill: its folder's name.
    package static func report(id: String, _ document: SkillDocument) -> InspectionReport {
        report(
            id: id, document: document,
            requirements: Require.run(document).value ?? RequirementSet(archetype: .generative, requirements: []),
            dependencies: Depend.run(document).value ?? DependencyManifest([]),
            workflow: Flow.run(document).value ?? Workflow(steps: [], parallel: []),
            candidates: Solidify.run(document).value ?? SolidificationSet([]), hazards: Hazards.run(document))
    }

    /// From outputs that are there already (the engine's).
    package static func report(
        id: String, document: SkillDocument, requirements: RequirementSet, dependencies: DependencyManifest,
        workflow: Workflow,
        candidates: SolidificationSet, hazards: [HazardFinding]
    ) -> InspectionReport {
        var levels: [String: Level] = [:]
        for requirement in requirements.requirements { levels[requirement.primitive.rawValue] = requirement.level }
        return InspectionReport(
            id: id, archetype: requirements.archetype, requirements: levels,
            requirementDetails: requirements.requirements.map { requirement in
                .init(
                    primitive: requirement.primitive, level: requirement.level, rules: requirement.rules,
                    lines: Array(Set(requirement.evidence.filter { $0.file == "SKILL.md" }.map(\.line))).sorted(),
                    alternatives: requirement.alternatives)
            },
            dependencies: dependencies.dependencies.map { dependency in
                .init(
                    kind: dependency.kind, name: dependency.name, required: dependency.required,
                    version: dependency.version,
                    line: dependency.evidence.first?.line ?? 1, file: dependency.evidence.first?.file ?? "SKILL.md")
            },
            steps: workflow.steps.map { .init(id: $0.id, line: $0.line, title: $0.title, after: $0.after) },
            parallel: workflow.parallel.map { .init(kind: $0.kind, steps: $0.steps, line: $0.line, why: $0.why) },
            templates: candidates.candidates.map { candidate in
                .init(
                    line: candidate.line, kind: candidate.kind, params: candidate.parameters.map(\.name),
                    signature: candidate.signature,
                    keywords: candidate.keywords)
            },
            relativePaths: document.references.map { reference in
                .init(line: document.line(at: reference.span.start), path: reference.path, exists: reference.exists)
            },
            hazards: entries(hazards))
    }

    /// One entry a fault: a reader who sees `sudo` flagged once looks for the others. O(hazards).
    private static func entries(_ hazards: [HazardFinding]) -> [InspectionReport.HazardEntry] {
        var entries: [InspectionReport.HazardEntry] = []
        var places: [String: Int] = [:]
        for hazard in hazards {
            let key = "\(hazard.kind.rawValue) \(hazard.reason)"
            if let place = places[key] {
                if entries[place].line != hazard.line { entries[place].also.append(hazard.line) }
            } else {
                places[key] = entries.count
                entries.append(.init(line: hazard.line, kind: hazard.kind, message: hazard.message, also: []))
            }
        }
        return entries
    }
}

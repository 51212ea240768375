package import SkillModel

/// How each demand of a skill can be lowered by a level, as `lower` would do it for a target that is a level short of
/// everything and can go every other way: said to authors by `skvm inspect`.
package struct Lowerings: Sendable {
    private var ways: [Primitive: [String]] = [:]

    /// O(what `lower` takes).
    package init(_ document: SkillDocument, _ requirements: RequirementSet) {
        let gaps = requirements.requirements.compactMap { requirement -> Gap? in
            Level(rawValue: requirement.level.rawValue - 1).map {
                Gap(primitive: requirement.primitive, required: requirement.level, supplied: $0)
            }
        }
        let open = Dictionary(
            requirements.requirements.map { requirement in
                (requirement.primitive, requirement.alternatives.map { GapAnalysis.Way(path: $0.path, lacks: nil) })
            }, uniquingKeysWith: { first, _ in first })
        let edits =
            Lower.run(
                document, requirements: requirements, gaps: GapAnalysis(gaps: gaps, unmeasured: [], ways: open),
                support: HarnessDescription.Support()
            ).value?.edits ?? []
        let places = Dictionary(grouping: edits, by: \.rule).mapValues(\.count)
        let said = Dictionary(
            Lower.substitutions.map { (type(of: $0).way.path, type(of: $0).way) },
            uniquingKeysWith: { first, _ in first })
        for requirement in requirements.requirements {
            let (primitive, level) = (requirement.primitive, requirement.level)
            var found = Lower.rules(for: StepDown(primitive, from: level)).filter {
                !($0 is any SubstitutionRule) && !($0 is TakeOneAtATime)
            }.compactMap { rule in
                places[rule.id].map { "\(type(of: rule).message), \($0 == 1 ? "one place" : "\($0) places")" }
            }
            if let below = Lower.levelOneAtATime(primitive, level) { found.append("\(below.text) one thing at a time") }
            for alternative in requirement.alternatives where said[alternative.path] != nil {
                let takes = alternative.demands.map { "\($0.primitive.rawValue) \($0.level)" }.joined(separator: ", ")
                found.append(alternative.path + (takes.isEmpty ? "" : " (\(takes))"))
            }
            let gap = Gap(primitive: primitive, required: level, supplied: Level(rawValue: level.rawValue - 1))
            ways[primitive] = found.isEmpty ? ["nothing lowers it: \(NotCloseable.reason(for: gap))"] : found
        }
    }

    /// One line a way, best first; `nothing lowers it`, with the reason, where there is none.
    package func of(_ primitive: Primitive) -> [String] { ways[primitive] ?? [] }
}

import SkillModel

/// A procedure that one reads as a whole has at most a dozen steps. In a longer list, what is no action of its own (a
/// prohibition, a condition) belongs to the step before it.
enum StepFolding {
    static let limit = 12

    /// The steps with the weakest folded into those before them until they are `limit` or none is weak. O(steps).
    static func fold(_ procedure: Procedure, _ reading: SkillReading) -> Procedure {
        let excess = procedure.steps.count - limit
        guard excess > 0, procedure.form == .list else { return procedure }
        let strengths = procedure.steps.map { strength($0, reading) }
        let weak = procedure.steps.indices.dropFirst().filter { strengths[$0] < 2 }
            .sorted { (strengths[$0], $0) < (strengths[$1], $1) }
        let folded = Set(weak.prefix(excess))
        var result = procedure
        result.steps = []
        for (index, step) in procedure.steps.enumerated() {
            if folded.contains(index), !result.steps.isEmpty {
                result.steps[result.steps.count - 1].end = step.end
            } else {
                result.steps.append(step)
            }
        }
        return result
    }

    private static func strength(_ step: Procedure.Step, _ reading: SkillReading) -> Int {
        guard let first = reading.leadWords(step.block).first?.lower else { return 1 }
        if ["do", "don't", "never", "avoid"].contains(first) { return 0 }
        return ImperativeVerbs.all.contains(first) ? 2 : 1
    }
}

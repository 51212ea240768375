import Basics
import SkillModel

/// Chances to run things at the same time; rather none than a false one.
enum ParallelFinder {
    static func find(
        _ regions: [StepRegion], _ steps: [Workflow.Step], _ stated: StatedParallel, _ reading: SkillReading
    ) -> [Workflow.ParallelGroup] {
        var groups: [Workflow.ParallelGroup] = []
        for (index, region) in regions.enumerated() {
            guard let found = StatedLoop(reading.sentences(in: region.span)) else { continue }
            groups.append(
                Workflow.ParallelGroup(
                    kind: found.kind, steps: [steps[index].id],
                    line: reading.document.line(at: found.span.start), why: found.why, isCertain: found.isCertain))
        }
        return groups + beside(regions, steps, stated, reading)
    }

    /// Groups of several steps: those of which the text says it, then neighbours by their dependences.
    private static func beside(
        _ regions: [StepRegion], _ steps: [Workflow.Step], _ stated: StatedParallel, _ reading: SkillReading
    ) -> [Workflow.ParallelGroup] {
        let said = stated.groups.filter { areApart($0.steps, steps) }.map { group in
            let isThread = group.handsOut || !group.steps.allSatisfy { isOneCall(regions[$0], reading) }
            return Workflow.ParallelGroup(
                kind: isThread ? .thread : .instruction, steps: group.steps.map { steps[$0].id },
                line: reading.document.line(at: group.span.start), why: group.why)
        }
        let taken = Set(said.flatMap(\.steps))
        return said + siblings(regions, steps).filter { taken.isDisjoint(with: $0.steps) }
    }

    /// No step needs another of them, directly or through others. O(steps + dependences); each step needs earlier ones.
    private static func areApart(_ group: [Int], _ steps: [Workflow.Step]) -> Bool {
        let ids = Set(group.map { steps[$0].id })
        var waiting: Set<String> = []
        for step in steps {
            let waits = step.after.contains { ids.contains($0) || waiting.contains($0) }
            if waits, ids.contains(step.id) { return false }
            if waits { waiting.insert(step.id) }
        }
        return true
    }

    /// A call or a command, and little to say of it: more takes several turns.
    private static func isOneCall(_ region: StepRegion, _ reading: SkillReading) -> Bool {
        region.commandCount <= 1 && reading.sentences(in: region.span).count <= 4
    }

    /// Neighbouring steps that need the same steps, not one another, and are one command each.
    private static func siblings(_ regions: [StepRegion], _ steps: [Workflow.Step]) -> [Workflow.ParallelGroup] {
        var groups: [Workflow.ParallelGroup] = []
        var index = 0
        while index < steps.count {
            var end = index + 1
            while end < steps.count, !steps[index].after.isEmpty, steps[end].after == steps[index].after,
                regions[end].commandCount == 1, regions[index].commandCount == 1, !regions[end].head.isBranch
            {
                end += 1
            }
            if end - index > 1 {
                groups.append(
                    Workflow.ParallelGroup(
                        kind: .instruction, steps: steps[index..<end].map(\.id), line: steps[index].line,
                        why: "one command each, neither needs the other's result"))
            }
            index = end
        }
        return groups
    }
}

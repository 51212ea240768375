import Basics
import SkillModel

/// Chances to run things at the same time; rather none than a false one.
enum ParallelFinder {
    static func find(_ regions: [StepRegion], _ steps: [Workflow.Step], _ reading: SkillReading) -> [Workflow
        .ParallelGroup]
    {
        var groups: [Workflow.ParallelGroup] = []
        for (index, region) in regions.enumerated() {
            if let range = agents.first(in: region.words) {
                groups.append(
                    group(
                        .thread, index, region, range, steps, reading, "the text hands sub-tasks to agents of their own"
                    ))
            } else if let range = each.first(in: region.words) {
                let phrase = region.words[range].map(\.lower).joined(separator: " ")
                groups.append(
                    group(.data, index, region, range, steps, reading, "the same operation for all of \"\(phrase)\""))
            }
        }
        return groups + siblings(regions, steps)
    }

    private static func group(
        _ kind: Workflow.Parallelism, _ index: Int, _ region: StepRegion, _ range: Range<Int>, _ steps: [Workflow.Step],
        _ reading: SkillReading, _ why: String
    ) -> Workflow.ParallelGroup {
        Workflow.ParallelGroup(
            kind: kind, steps: [steps[index].id],
            line: reading.document.line(at: region.words[range.lowerBound].span.start), why: why)
    }

    /// Neighbouring steps that need the same steps, not one another, and are one command each.
    private static func siblings(_ regions: [StepRegion], _ steps: [Workflow.Step]) -> [Workflow.ParallelGroup] {
        var groups: [Workflow.ParallelGroup] = []
        var index = 0
        while index < steps.count {
            var end = index + 1
            while end < steps.count, !steps[index].after.isEmpty, steps[end].after == steps[index].after,
                regions[end].commandCount == 1, regions[index].commandCount == 1
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

    private static let agents = PhraseTable([
        "sub-agent", "sub-agents", "subagent", "subagents", "parallel agents", "one agent per",
    ])
    private static let each = PhraseTable([
        "for each", "for every", "one per", "every file", "in batches", "one by one", "each item", "all files",
        "each file", "each page",
    ])
}

import Basics
package import SkillModel

/// Output of `schedule`.
package struct ScheduleResult: Sendable, Hashable, Codable {
    /// Annotations in SKILL.md for the groups that run together.
    package var edits: EditSet
    package var plan: WorkflowPlan
    package init(edits: EditSet, plan: WorkflowPlan) {
        self.edits = edits
        self.plan = plan
    }
}

/// PASS-3: workflow × what the harness supports × gaps → a plan, and annotations in the text.
///
/// Steps run together only when the skill's graph allows it, the harness can do it, and the target has no gap in what it
/// takes. Everything else runs in the order of the text, and the plan says why.
package enum Schedule {
    package static func run(
        _ document: SkillDocument, workflow: Workflow, support: HarnessDescription.Support, gaps: [Gap]
    ) -> PassResult<ScheduleResult> {
        let graph = StepGraph(workflow.steps)
        var diagnostics: [Diagnostic] = []
        if let step = graph.firstInCycle {
            diagnostics.append(
                Diagnostic(
                    "schedule.cycle", .warning,
                    "the steps after '\(step)' need each other; they run in the text's order",
                    at: SourceLocation(file: "SKILL.md", line: workflow.steps.first { $0.id == step }?.line)))
        }
        let groups = workflow.parallel.map { group in
            let choice = choose(group, graph: graph, support: support, gaps: gaps)
            return WorkflowPlan.Group(kind: group.kind, steps: group.steps, mode: choice.mode, why: choice.why)
        }
        let plan = WorkflowPlan(
            steps: workflow.steps.map { .init(id: $0.id, line: $0.line, title: $0.title, after: $0.after) },
            groups: groups, stages: graph.stages(groups.filter { $0.mode != .sequential }.map(\.steps)))
        let edits = Annotations.edits(for: groups, workflow: workflow, in: document)
        return PassResult(ScheduleResult(edits: EditSet(edits: edits), plan: plan), diagnostics: diagnostics)
    }

    private static func choose(
        _ group: Workflow.ParallelGroup, graph: StepGraph, support: HarnessDescription.Support, gaps: [Gap]
    ) -> (mode: WorkflowPlan.Mode, why: String) {
        if !graph.areIndependent(group.steps) { return (.sequential, "one of the steps needs another of them") }
        let mode: WorkflowPlan.Mode = group.kind == .thread ? .subAgents : .batch
        switch mode {
        case .subAgents where !support.subAgents: return (.sequential, "the harness has no sub-agents")
        case .batch where !support.batchedCalls: return (.sequential, "the harness makes one call a turn")
        default: break
        }
        // Handing out work takes planning; several calls at once take both.
        let needed: [Primitive] = mode == .batch ? [.toolCallBatch, .reasonPlanning] : [.reasonPlanning]
        if let gap = gaps.first(where: { needed.contains($0.primitive) }) {
            let supplied = gap.supplied.map(\.text) ?? "not measured"
            return (.sequential, "\(gap.primitive.rawValue) is \(supplied), the skill needs \(gap.required)")
        }
        return (mode, group.why)
    }
}

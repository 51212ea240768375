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
    /// The primitives whose levels decide, whether or not the skill demands them by itself.
    package static let taken: [Primitive] = [.toolCallBatch, .reasonPlanning]

    /// A target that is short of what files, steps, requests, commands or looking into things take is to take one thing at a time.
    private static let takenSingly: Set<Primitive> = [
        .toolFileRead, .reasonAnalysis, .reasonPlanning, .followProcedure, .toolExec, .toolWeb, .toolBrowser,
    ]

    /// `levels` are those of `taken`; one that was not measured is left out.
    package static func run(
        _ document: SkillDocument, workflow: Workflow, support: HarnessDescription.Support, gaps: [Gap],
        levels: [Primitive: Level] = [:]
    ) -> PassResult<ScheduleResult> {
        run(LazyReading(document), workflow: workflow, support: support, gaps: gaps, levels: levels)
    }

    package static func run(
        _ source: LazyReading, workflow: Workflow, support: HarnessDescription.Support, gaps: [Gap],
        levels: [Primitive: Level] = [:]
    ) -> PassResult<ScheduleResult> {
        let document = source.document
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
            let choice =
                shell(group, workflow, document, gaps: gaps)
                ?? loopAsItIs(group, workflow, document)
                ?? choose(group, graph: graph, support: support, gaps: gaps, levels)
            return WorkflowPlan.Group(kind: group.kind, steps: group.steps, mode: choice.mode, why: choice.why)
        }
        let plan = WorkflowPlan(
            steps: workflow.steps.map { step in
                let names = StepNames(of: step, in: document)
                return .init(
                    id: step.id, line: step.line, title: step.title, after: step.after, uses: names.uses,
                    makes: names.makes)
            },
            groups: groups, stages: graph.stages(groups.filter { $0.mode != .sequential }.map(\.steps)))
        var edits =
            (Annotations.edits(for: groups, workflow: workflow, in: document)
            + Annotations.loops(for: groups, workflow: workflow, in: document)).sorted { $0.span < $1.span }
        if !edits.isEmpty, let proof = Proof(source), !proof.holds(edits, []) { edits = [] }
        return PassResult(ScheduleResult(edits: EditSet(edits: edits), plan: plan), diagnostics: diagnostics)
    }

    /// The mode of a step that is the same operation over many items, when the text shows it as a loop of the shell: four
    /// turns at a time, on any harness. Not where `lower` may rewrite the loop.
    private static func shell(
        _ group: Workflow.ParallelGroup, _ workflow: Workflow, _ document: SkillDocument, gaps: [Gap]
    ) -> (mode: WorkflowPlan.Mode, why: String)? {
        guard group.kind == .data, group.steps.count == 1,
            let step = workflow.steps.first(where: { $0.id == group.steps[0] }),
            !gaps.contains(where: { $0.primitive == .genCodeShell || $0.primitive == .toolExec }),
            loop(of: step, in: document) != nil
        else { return nil }
        return (.shell, group.why + ", by a loop of the shell")
    }

    /// A loop of the shell that could not be shown to be safe is one command: there are no calls of its turns to make at once.
    private static func loopAsItIs(
        _ group: Workflow.ParallelGroup, _ workflow: Workflow, _ document: SkillDocument
    ) -> (mode: WorkflowPlan.Mode, why: String)? {
        guard group.kind == .data,
            workflow.steps.contains(where: { step in
                group.steps.contains(step.id)
                    && fragments(of: step, in: document).contains { fragment in
                        fragment.commands.contains { command in
                            command.keywords.contains { ["for", "while", "until"].contains($0) }
                        }
                    }
            })
        else { return nil }
        return (.sequential, "its code is a loop whose turns may need each other")
    }

    private static func fragments(of step: Workflow.Step, in document: SkillDocument) -> [Fragment] {
        document.fragments.filter { step.span.start <= $0.span.start && $0.span.start < step.span.end }
    }

    /// The loop that a step's only fragment is; `loop` is nil where it is in its parallel form already.
    static func loop(of step: Workflow.Step, in document: SkillDocument) -> (fragment: Fragment, loop: ParallelLoop?)? {
        let fragments = fragments(of: step, in: document)
        guard fragments.count == 1, let fragment = fragments.first else { return nil }
        if ParallelLoop.sequential(of: fragment.text) != nil { return (fragment, nil) }
        return ParallelLoop(fragment, in: document).map { (fragment, $0) }
    }

    private static func choose(
        _ group: Workflow.ParallelGroup, graph: StepGraph, support: HarnessDescription.Support, gaps: [Gap],
        _ levels: [Primitive: Level]
    ) -> (mode: WorkflowPlan.Mode, why: String) {
        if !group.isCertain { return (.sequential, "the text does not say that the items are independent") }
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
        if let gap = gaps.first(where: { takenSingly.contains($0.primitive) && $0.supplied ?? .l0 > .l0 }) {
            return (.sequential, "the target is to take one thing at a time (\(gap.primitive.rawValue))")
        }
        // The skill may do without; what is written for the group can't.
        if let lacking = needed.first(where: { levels[$0] == .l0 }) {
            return (.sequential, "\(lacking.rawValue) is L0")
        }
        return (mode, group.why)
    }
}

import Basics
import SkillModel
import Testing

@testable import Passes

@Suite struct ScheduleTests {
    private let body = "# S\n\n1. Read a.\n2. Read b.\n3. Join them.\n"

    private func run(
        _ kind: Workflow.Parallelism, batch: Bool = false, agents: Bool = false, gaps: [Primitive: Level] = [:],
        after: [String: [String]] = ["s3": ["s1", "s2"]]
    ) throws -> (result: PassResult<ScheduleResult>, fixture: TargetFixture) {
        var fixture = try TargetFixture(body, gaps: gaps)
        fixture.support = HarnessDescription.Support(batchedCalls: batch, subAgents: agents)
        let items = fixture.source.blocks.filter { $0.kind == .item }
        let steps = items.enumerated().map { index, item in
            Workflow.Step(
                id: "s\(index + 1)", line: 7 + index, span: item.span, title: "Read \(index)",
                after: after["s\(index + 1)"] ?? [])
        }
        let group = Workflow.ParallelGroup(kind: kind, steps: ["s1", "s2"], line: 7, why: "independent reads")
        return (
            Schedule.run(
                fixture.source, workflow: Workflow(steps: steps, parallel: [group]), support: fixture.support,
                gaps: fixture.gaps), fixture
        )
    }

    @Test func `independent calls share a stage and a sentence where the harness batches calls`() throws {
        let (result, fixture) = try run(.instruction, batch: true)
        let value = try #require(result.value)
        #expect(value.plan.stages == [["s1", "s2"], ["s3"]])
        #expect(value.plan.groups.map(\.mode) == [.batch])
        let text = try EditApplication(value.edits.edits, to: fixture.source).text
        #expect(
            text.hasSuffix(
                "# S\n\nThese steps do not depend on each other; make their tool calls in one turn: “Read 0”, “Read 1”.\n\n1. Read a.\n2. Read b.\n3. Join them.\n"
            ))
    }

    @Test(
        arguments: [
            (Workflow.Parallelism.instruction, false, [Primitive: Level](), "the harness makes one call a turn"),
            (.thread, true, [:], "the harness has no sub-agents"),
            (.data, true, [.toolCallBatch: .l1], "tool.call.batch is L1, the skill needs L3"),
        ])
    func `what the target can't do runs in order, and the plan says why`(
        kind: Workflow.Parallelism, batch: Bool, gaps: [Primitive: Level], why: String
    ) throws {
        let value = try #require(try run(kind, batch: batch, gaps: gaps).result.value)
        #expect(value.plan.groups.map(\.mode) == [.sequential])
        #expect(value.plan.groups.map(\.why) == [why])
        #expect(value.plan.stages == [["s1"], ["s2"], ["s3"]])
        #expect(value.edits.edits.isEmpty)
    }

    @Test func `steps that need each other never run together, and a cycle is survived`() throws {
        let dependent = try #require(try run(.instruction, batch: true, after: ["s2": ["s1"]]).result.value)
        #expect(dependent.plan.groups.map(\.mode) == [.sequential])
        let (cycle, _) = try run(.instruction, batch: true, after: ["s1": ["s2"], "s2": ["s1", "nobody"]])
        #expect(cycle.diagnostics.map(\.id) == ["schedule.cycle"])
        #expect(cycle.value?.plan.stages == [["s1"], ["s2"], ["s3"]])
    }

    @Test func `one step that speaks of agents, or of items without a command, is left as it is`() throws {
        for kind in [Workflow.Parallelism.thread, .data] {
            var fixture = try TargetFixture("# S\n\n1. Weigh each option.\n", gaps: [:])
            fixture.support = HarnessDescription.Support(batchedCalls: true, subAgents: true)
            let item = try #require(fixture.source.blocks.first { $0.kind == .item })
            let workflow = Workflow(
                steps: [.init(id: "s1", line: 7, span: item.span, title: "Weigh", after: [])],
                parallel: [.init(kind: kind, steps: ["s1"], line: 7, why: "each")])
            let value = try #require(
                Schedule.run(fixture.source, workflow: workflow, support: fixture.support, gaps: []).value)
            #expect(value.plan.groups.map(\.mode) != [.sequential])
            #expect(value.edits.edits.isEmpty)
        }
    }

    @Test(arguments: ["\n", ""])
    func `after a heading one empty line stands on either side`(gap: String) throws {
        var fixture = try TargetFixture("# S\n\n## 1. Read a\n\(gap)Text.\n\n## 2. Read b\n\nText.\n", gaps: [:])
        fixture.support = HarnessDescription.Support(batchedCalls: true, subAgents: false)
        let headings = fixture.source.sections.filter { $0.level == 2 }
        let steps = headings.enumerated().map { index, section in
            Workflow.Step(
                id: "s\(index + 1)", line: 1, span: SourceSpan(section.heading.start, section.span.end),
                title: "Read \(index)", after: [])
        }
        let group = Workflow.ParallelGroup(kind: .instruction, steps: ["s1", "s2"], line: 7, why: "reads")
        let value = try #require(
            Schedule.run(
                fixture.source, workflow: Workflow(steps: steps, parallel: [group]), support: fixture.support, gaps: []
            ).value)
        let text = try EditApplication(value.edits.edits, to: fixture.source).text
        #expect(
            text.hasSuffix(
                "## 1. Read a\n\nThese steps do not depend on each other; make their tool calls in one turn: “Read 0”, “Read 1”.\n\nText.\n\n## 2. Read b\n\nText.\n"
            ))
    }
}

import Formats
import SkillModel
import TestSupport
import Testing

@testable import Passes

/// `docs/formats/workflow.schema.json`.
@Suite struct WorkflowSchemaTests {
    private func verdicts(_ documents: [String]) async throws -> [String] {
        try await JSONSchema("workflow.schema.json").verdicts(documents)
    }

    private func plan(_ body: String, batch: Bool = true, agents: Bool = true) throws -> String {
        let fixture = try TargetFixture(body, gaps: [:])
        let workflow = try #require(Flow.run(fixture.source).value)
        let support = HarnessDescription.Support(batchedCalls: batch, subAgents: agents)
        let value = Schedule.run(fixture.source, workflow: workflow, support: support, gaps: []).value
        return String(decoding: try CanonicalJSON.encode(try #require(value).plan), as: UTF8.self)
    }

    @Test func `every plan that schedule makes is valid`() async throws {
        let loop = "```bash\nfor f in *.pdf; do pdftotext \"$f\" \"$f.txt\"; done\n```"
        let bodies = [
            "Text.\n", "# S\n\n## Workflow\n\n1. Read `a.csv`.\n2. Write `b.md`.\n3. Send `b.md`.\n",
            "# S\n\n## Step 1: Get\n\nFor each file, convert it:\n\n\(loop)\n\n## Step 2: Join\n\nJoin them.\n\n"
                + "## Step 3: Send\n\nSpawn sub-agents in parallel.\n",
            "# S\n\n## Workflow\n\n1. Get it: `tool get a`.\n2. Sort: `tool sort a`.\n3. Count: `tool count a`.\n4. End.\n",
        ]
        let plans = try bodies.map { try plan($0) } + bodies.map { try plan($0, batch: false, agents: false) }
        #expect(try await verdicts(plans) == plans.map { _ in "ok" })
        #expect(
            plans.contains { $0.contains(#""mode":"shell""#) } && plans.contains { $0.contains(#""makes":["b.md"]"#) })
    }

    @Test func `a plan of another shape is refused`() async throws {
        let plan = try plan("# S\n\n## Workflow\n\n1. Read `a.csv`.\n2. Write `b.md`.\n3. Send `b.md`.\n")
        let wrong = [
            (#""version":1"#, #""version":2"#), (#""id":"s1""#, #""id":"first""#),
            (#""stages":[["s1"]"#, #""stages":[[]"#),
            (#""makes":[]"#, #""made":[]"#), (#""line":"#, #""line":-"#),
            (#""groups":[]"#, #""groups":[{"kind":"dlp"}]"#),
        ]
        let broken = try wrong.map { old, new -> String in
            let found = try #require(plan.firstRange(of: old), "\(old) in \(plan)")
            return String(plan[..<found.lowerBound]) + new + String(plan[found.upperBound...])
        }
        #expect(try await verdicts(broken).allSatisfy { $0 != "ok" })
    }
}

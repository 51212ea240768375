import SkillModel
import Testing

@testable import Passes

@Suite struct GapPassTests {
    private func requirements(_ demands: [(Primitive, Level)]) -> RequirementSet {
        RequirementSet(
            archetype: .procedural, requirements: demands.map { Requirement($0, $1, evidence: [Evidence(line: 1)]) })
    }

    @Test func `a level below the required one is a gap, one at or above is none`() {
        let found = GapPass.run(
            requirements([(.toolExec, .l2), (.genRegex, .l1), (.toolWeb, .l3)]),
            levels: [.toolExec: .l1, .genRegex: .l1, .toolWeb: .l0])
        #expect(
            found.gaps
                == [
                    Gap(primitive: .genRegex, required: .l1, supplied: .l1),
                    Gap(primitive: .toolExec, required: .l2, supplied: .l1),
                    Gap(primitive: .toolWeb, required: .l3, supplied: .l0),
                ].filter { $0.primitive != .genRegex })
        #expect(found.unmeasured.isEmpty)
    }

    @Test func `what was not measured is said and is no gap`() {
        let found = GapPass.run(requirements([(.toolWeb, .l1), (.toolExec, .l1)]), levels: [.toolExec: .l0])
        #expect(found.gaps.map(\.primitive) == [.toolExec])
        #expect(found.unmeasured == [.toolWeb])
    }

    @Test func `a level that nothing requires changes nothing`() {
        let demands = requirements([(.toolExec, .l2)])
        let one = GapPass.run(demands, levels: [.toolExec: .l1])
        #expect(GapPass.run(demands, levels: [.toolExec: .l1, .toolBrowser: .l0]) == one)
    }

    @Test func `a primitive that is required twice is one gap at the higher level`() {
        let found = GapPass.run(requirements([(.toolExec, .l2), (.toolExec, .l3)]), levels: [.toolExec: .l1])
        #expect(found.gaps == [Gap(primitive: .toolExec, required: .l3, supplied: .l1)])
    }
}

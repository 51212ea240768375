import Basics
import SkillModel
import Testing

@testable import Passes

@Suite struct `Every step down` {
    @Test(arguments: StepDown.all)
    func `has a rule that takes it, or a reason why none can`(step: StepDown) {
        let rules = Lower.rules(for: step)
        let reason = NotCloseable.reason(for: step)
        #expect(rules.isEmpty == (reason != nil), "\(step): \(rules.map(\.id)), \(reason ?? "no reason")")
    }

    /// A rule that claims a step has its primitive among those for which it runs.
    @Test func `is claimed only by a rule of its primitive`() {
        for rule in Lower.rules {
            #expect(Set(rule.stepsDown.map(\.primitive)).isSubset(of: rule.primitives), "\(rule.id)")
            #expect(rule.primitives.isEmpty || !rule.stepsDown.isEmpty, "\(rule.id)")
        }
    }

    /// Where no rule finds what it needs, the reason is of the primitive, not of all alike.
    @Test(arguments: [Primitive.genRegex, .reasonPlanning, .toolExec, .genCodeHTML])
    func `that can't be taken is told with the reason`(primitive: Primitive) throws {
        let fixture = try TargetFixture("# S\n\nText.\n", gaps: [primitive: .l0])
        let why = try #require(try fixture.lowered.open.first?.why)
        #expect(why == NotCloseable.reason(for: Gap(primitive: primitive, required: .l3, supplied: .l0)))
        #expect(why != NotCloseable.reason(for: Gap(primitive: .genTextProse, required: .l3, supplied: .l0)))
    }

    private static let audit = """
        # Faults

        Finds the root cause of faults in many files.

        ## Look for

        - fields without a label
        - buttons that do nothing
        - text that is cut

        """
    private static let about = "---\nname: sample\ndescription: Finds the root cause of faults.\n---\n"

    @Test func `what takes one step alone leaves a gap of two open`() throws {
        var fixture = try TargetFixture(Self.audit, gaps: [.reasonAnalysis: .l1], frontMatter: Self.about)
        fixture.gaps = fixture.measured()
        #expect(fixture.gaps.map(\.required) == [.l3])
        #expect(try fixture.lowered.open.map(\.gap.primitive) == [.reasonAnalysis])
    }
}

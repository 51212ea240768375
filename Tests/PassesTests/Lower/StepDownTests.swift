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

    @Test func `of two steps each is taken by a rule of its own, and both are read back`() throws {
        var fixture = try TargetFixture(Self.audit, gaps: [.reasonAnalysis: .l1], frontMatter: Self.about)
        fixture.gaps = fixture.measured()
        #expect(fixture.gaps.map(\.required) == [.l3])
        let edits = [try fixture.lowered]
        #expect(edits[0].edits.map(\.rule) == ["lower.one-at-a-time", "lower.point-by-point"])
        #expect(edits[0].open.isEmpty)
        #expect(try fixture.guarded(edits).diagnostics == [])
        #expect(try fixture.secondRun(edits).isEmpty)
        let after = try #require(Require.run(try fixture.variant(edits)).value).requirements
        #expect(after.first { $0.primitive == .reasonAnalysis }?.level == .l1)
    }

    @Test func `the first of two steps is not taken without the second`() throws {
        var fixture = try TargetFixture(
            "# Faults\n\nFinds the cause.\n\n## How\n\nLook.\n", gaps: [.reasonAnalysis: .l1], frontMatter: Self.about)
        fixture.gaps = fixture.measured()
        let lowered = try fixture.lowered
        #expect(lowered.edits.isEmpty)
        #expect(lowered.open.map(\.gap.primitive) == [.reasonAnalysis])
    }

    @Test func `the last of two steps that does not fit leaves the gap open`() throws {
        // Hundreds of long items, and a text that has no room for a sentence after each list.
        let fixture = try TargetFixture(Self.audit, gaps: [.reasonAnalysis: .l1], frontMatter: Self.about)
        let gaps = fixture.measured()
        let set = try #require(
            Lower.run(
                LazyReading(fixture.source), requirements: fixture.requirements,
                gaps: GapAnalysis(gaps: gaps, unmeasured: [], ways: [:]), support: fixture.support,
                rules: [TakeOneAtATime()]
            ).value)
        #expect(set.open.map(\.gap.primitive) == [.reasonAnalysis])
    }
}

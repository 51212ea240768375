import SkillModel
import Testing

@testable import Passes

@Suite struct `Taking things one at a time` {
    private static let body = """
        # S

        Intro.
        ## Read

        You MUST read all pages. Never skip one. Always keep the order.

        """

    @Test func `a paragraph before the first section says so for each gap of one level`() throws {
        let fixture = try TargetFixture(
            Self.body, gaps: [.followConstraint: .l2, .genTextLong: .l2, .reasonAnalysis: .l2])
        #expect(
            try fixture.body.contains(
                """
                Intro.

                Write one section at a time.

                ## Read
                """))
        // Finding a cause is the same work one thing at a time.
        #expect(try fixture.lowered.open.map(\.gap.primitive) == [.reasonAnalysis])
        let edits = [try fixture.lowered]
        #expect(try fixture.guarded(edits).diagnostics == [])
        #expect(try fixture.secondRun(edits).isEmpty)
    }

    @Test(arguments: [
        "Only text.\n", "# Title\n\nText.\n", "- item\n- item\n", "```sh\nls\n```\n", "# T\n\n### Deep\n\nx\n",
    ])
    func `a skill of any outline has a place for it`(body: String) throws {
        let fixture = try TargetFixture(body, gaps: [.genTextLong: .l2])
        let edits = [try fixture.lowered]
        #expect(try fixture.body.contains("Write one section at a time."))
        #expect(try fixture.guarded(edits).diagnostics == [])
        #expect(try fixture.secondRun(edits).isEmpty)
    }

    @Test(arguments: OneAtATime.measures.map(\.sentence))
    func `every sentence is read back as what it is, and by no other rule`(sentence: String) throws {
        let fixture = try TargetFixture("# S\n\nIntro.\n\n\(sentence)\n\nMore.\n", gaps: [:])
        let facts = SkillFacts(fixture.source)
        #expect(facts.reading.measures.map(\.sentence) == [sentence])
        let text = fixture.source.source
        #expect(
            !facts.reading.sentences.contains { sentence.hasPrefix($0.words.map(\.text).joined(separator: " ")) },
            "\(text)")
    }

    @Test func `what the skill has the agent take one at a time demands a level less`() throws {
        let rules = "You must ask. Never guess. Always check.\n"
        func level(_ body: String) throws -> Level? {
            let fixture = try TargetFixture(body, gaps: [:])
            return fixture.requirements.requirements.first { $0.primitive == .followConstraint }?.level
        }
        #expect(try level(rules) == .l2)
        let measure = "Check your work against each rule, one at a time. "
        #expect(try level("\(measure)\n\n\(rules)") == .l1)
        #expect(try level("\(measure)\(measure)\n\n\(rules)") == .l1)
        #expect(try level("Check your work against each rule. " + rules) == .l2)
        // Said of something else, quoted or denied it is not said of the skill.
        for said in [
            "This is the wrong way:\n\n> \(measure)", "> \(measure)", "This is wrong:\n\n\(measure)", "- \(measure)",
            "Nobody should follow this. \(measure)", measure + rules,
        ] {
            #expect(try level("\(said)\n\n\(rules)") == .l2, "\(said)")
        }
    }

    @Test func `what the description alone demands is not said to be taken one at a time`() throws {
        let front = "---\nname: sample\ndescription: Writes a testing plan.\n---\n"
        func lowered(_ body: String) throws -> EditSet {
            var fixture = try TargetFixture(body, gaps: [:], frontMatter: front)
            fixture.gaps = [Gap(primitive: .genTextLong, required: .l3, supplied: .l2)]
            return try fixture.lowered
        }
        let without = try lowered("# Plans\n\nIntro.\n\n## Work\n\nAsk for the name.\n")
        #expect(without.edits.isEmpty && without.open.map(\.gap.primitive) == [.genTextLong])
        let with = try lowered("# Plans\n\nIntro.\n\n## Work\n\nWrite the plan.\n")
        #expect(with.edits.map(\.rule) == ["lower.one-at-a-time"])
    }
}

import Basics
import SkillModel
import Testing

@testable import Passes

/// What is added is true of the text that it is added to.
@Suite struct `Sentences that are true` {
    private static let front = "---\nname: sample\ndescription: Finds the root cause of faults.\n---\n"

    private func points(_ lead: String, _ items: [String]) throws -> Bool {
        let body = "# Faults\n\n\(lead)\n\n" + items.map { "- \($0)\n" }.joined() + "\nThen report.\n"
        let fixture = try TargetFixture(body, gaps: [.reasonAnalysis: .l1], frontMatter: Self.front)
        let lowered = try fixture.lowered
        #expect(try fixture.guarded([lowered]).diagnostics == [])
        return lowered.edits.contains { $0.rule == PointByPoint.id }
    }

    @Test(arguments: [
        ("Look for:", ["no label", "a button that does nothing", "text that is cut"]),
        ("Answer:", ["Is it slow?", "Does it stop?", "Has anything changed or gone?"]),
        ("**Checklist:**", ["[ ] All forms load", "[ ] The list is sorted", "[ ] No text is cut"]),
        ("Before the end:", ["Check that it loads", "Verify whether it is sorted", "Confirm there is a label"]),
    ])
    func `yes and no are asked for where they are answers`(lead: String, items: [String]) throws {
        #expect(try points(lead, items))
    }

    @Test(arguments: [
        ("Read the log. Answer:", ["What does it do? (One line.)", "Which parts does it have?", "Is it slow?"]),
        ("**How it lasts:**", ["How long can it last?", "What could end it?", "Is it growing?"]),
        ("Is it growing?", ["Is it growing or shrinking?", "Is it new or old?", "Is it big or small?"]),
        (
            "Signals to look for:",
            ["**Up:** rises - mark with ◆", "**Down:** falls - mark with ◆", "**Flat:** neither"]
        ),
        ("Rates to check for each year:", ["Fee for a form", "Limit of a form", "Amount that is free"]),
        (
            "When to check for recalls:",
            ["**Monthly:** all of them", "**On a new one:** at once", "**On demand:** “any?”"]
        ),
        ("Look for news in:", ["the board", "the list", "the feed"]),
        ("Look for:", ["**What to extract:** dates", "**Who to ask:** the owner", "**Where:** the board"]),
        // Names of kinds, under no lead of findings.
        ("Kinds of exclusion:", ["No upgrades", "No minor upgrades", "No node upgrades"]),
    ])
    func `and not where something else is`(lead: String, items: [String]) throws {
        #expect(try !points(lead, items))
    }

    @Test func `a list beside the work is not what the work is judged by`() throws {
        let list = "Look for:\n\n- no label\n- a button that does nothing\n- text that is cut\n\n"
        let work = ["the log", "the diff", "each caller", "the database"].map { "Inspect \($0).\n\n" }.joined()
        for (body, isAsked) in [(list, true), (list + work, false)] {
            let fixture = try TargetFixture(
                "# Faults\n\n" + body, gaps: [.reasonAnalysis: .l1], frontMatter: Self.front)
            #expect(try fixture.lowered.edits.contains { $0.rule == PointByPoint.id } == isAsked, "\(body)")
        }
    }

    @Test func `guard refuses yes and no for other points`() throws {
        let body = "# Faults\n\nAnswer:\n\n- What is it?\n- What does it make?\n- How long?\n\nThen report.\n"
        let fixture = try TargetFixture(body, gaps: [.reasonAnalysis: .l1], frontMatter: Self.front)
        let list = try #require(fixture.source.blocks.first { $0.kind == .list })
        var end = list.span.end
        while fixture.source.bytes[end - 1] == 0x0A { end -= 1 }
        let edit = Edit(
            span: SourceSpan(end, end), replacement: "\n\n" + OneAtATime.points.sentence, rule: PointByPoint.id,
            gap: fixture.gaps[0], reason: "x")
        #expect(
            try fixture.guarded([EditSet(edits: [edit])]).diagnostics.contains { $0.id == "guard.points" })
    }

    // MARK: At once

    @Test func `nothing is taken one at a time that the text has done at once`() throws {
        let body = "# Jobs\n\nIntro.\n\n## Rules\n\nParallel is fine: write all sections at once. You must not wait.\n"
        let gaps: [Primitive: Level] = [.toolCallBatch: .l0, .genTextLong: .l2, .reasonArithmetic: .l2]
        let fixture = try TargetFixture(body, gaps: gaps)
        let text = try fixture.body
        #expect(!text.contains("Write one section at a time.") && !text.contains("Make one call at a time"))
        #expect(text.contains("Compute one step at a time."))
        #expect(try fixture.guarded([try fixture.lowered]).diagnostics == [])
    }

    @Test func `what the text forbids to do at once may be taken one at a time`() throws {
        let fixture = try TargetFixture(
            "# Jobs\n\nIntro.\n\n## Rules\n\nNever write sections in parallel.\n", gaps: [.genTextLong: .l2])
        #expect(try fixture.body.contains("Write one section at a time."))
    }

    @Test func `guard refuses what contradicts the text`() throws {
        let fixture = try TargetFixture(
            "# Jobs\n\nWrite all sections in parallel.\n\n## Rules\n\nx\n", gaps: [.genTextLong: .l2])
        let place = try #require(fixture.source.sections.last).heading.start
        let edit = Edit(
            span: SourceSpan(place, place), replacement: "Write one section at a time.\n\n", rule: TakeOneAtATime.id,
            gap: fixture.gaps[0], reason: "x")
        #expect(
            try fixture.guarded([EditSet(edits: [edit])]).diagnostics.contains { $0.id == "guard.contradiction" })
    }

    @Test(arguments: OneAtATime.measures.map(\.sentence) + Lower.substitutions.map { type(of: $0).way.sentence })
    func `no sentence has the agent say something`(sentence: String) {
        let words = Set(Sentences.words(sentence))
        #expect(words.isDisjoint(with: ["tell", "say", "announce", "report"]) && !sentence.contains("name it"))
    }
}

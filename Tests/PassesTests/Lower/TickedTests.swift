import Basics
import SkillModel
import Testing

@testable import Passes

@Suite struct `Lists to tick and forms to fill in` {
    private static let mail = """
        # Mail

        Sends the mail of the day.

        ## Before you send

        You must ask the user. Never guess an address.

        ## Afterwards

        After sending:

        - Always keep a copy.
        - Note the time.

        """

    private func level(
        _ primitive: Primitive, _ body: String, frontMatter: String = "---\nname: sample\ndescription: A sample.\n---\n"
    ) throws -> Level? {
        try TargetFixture(body, gaps: [:], frontMatter: frontMatter).requirements.requirements
            .first { $0.primitive == primitive }?.level
    }

    // MARK: Rules

    @Test(arguments: ["\n", "\r\n"])
    func `the rules of a text stand at its end, under what they stand under`(lineEnd: String) throws {
        let body = Self.mail.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineEnd)
        var fixture = try TargetFixture(body, gaps: [.followConstraint: .l1])
        fixture.gaps = [Gap(primitive: .followConstraint, required: .l2, supplied: .l1)]
        let edits = [try fixture.lowered]
        #expect(edits[0].edits.map(\.rule) == ["lower.rules-to-tick"])
        #expect(edits[0].open.isEmpty)
        let variant = try fixture.variant(edits)
        #expect(
            variant.source.hasSuffix(
                [
                    "---", "", TickRules.list.lead, "", "```text",
                    "Before you send", "  [ ] You must ask the user.", "  [ ] Never guess an address.", "Afterwards",
                    "  After sending:", "    [ ] Always keep a copy.", "    [ ] Note the time.", "```", "",
                ].joined(separator: lineEnd)))
        #expect(try fixture.guarded(edits).diagnostics == [])
        #expect(try fixture.secondRun(edits).isEmpty)
        #expect(Require.run(variant).value?.requirements.first { $0.primitive == .followConstraint }?.level == .l1)
    }

    @Test func `an author's own list of boxes says the same, and one that is refused or quoted does not`() throws {
        let rules = "You must ask. Never guess.\n\n"
        #expect(try level(.followConstraint, rules) == .l2)
        #expect(try level(.followConstraint, "- [ ] You must ask.\n- [ ] Never guess.\n") == .l1)
        #expect(try level(.followConstraint, rules + "To check:\n\n* [ ] You must ask.\n* [x] Never guess.\n") == .l1)
        #expect(try level(.followConstraint, rules + "```\n[ ] You must ask.\n[ ] Never guess.\n```\n") == .l1)
        // One is left out, or said in other words.
        #expect(try level(.followConstraint, rules + "- [ ] You must ask.\n- [ ] Go home.\n") == .l2)
        #expect(try level(.followConstraint, rules + "- [ ] You must ask.\n- [ ] Guess never.\n") == .l2)
        for list in [
            "The wrong list:\n\n- [ ] You must ask.\n- [ ] Never guess.\n",
            "> - [ ] You must ask.\n> - [ ] Never guess.\n",
            "Do it without:\n\n```text\n[ ] You must ask.\n[ ] Never guess.\n```\n",
            "## Example\n\n- [ ] You must ask.\n- [ ] Never guess.\n", "- You must ask.\n- Never guess.\n",
            "```python\n[ ] You must ask.\n[ ] Never guess.\n```\n",
        ] {
            #expect(try level(.followConstraint, rules + list) == .l2, "\(list)")
        }
    }

    @Test func `a list and a sentence are one step together`() throws {
        let rules = (1...8).map { "Never do number \($0).\n\n" }.joined()
        let boxes = (1...8).map { "[ ] Never do number \($0).\n" }.joined()
        #expect(try level(.followConstraint, rules) == .l3)
        #expect(try level(.followConstraint, "\(rules)```text\n\(boxes)```\n") == .l2)
        let sentence = "Check your work against each rule, one at a time.\n\n"
        #expect(try level(.followConstraint, "\(sentence)\(rules)```text\n\(boxes)```\n") == .l2)
    }

    @Test(arguments: [
        "You must ask the user.\n\nThese must never be sent twice.\n",
        "You must ask. Never send what the table below names.\n",
        "You must ask the user.\n\nAlways run this:\n\n```sh\nls\n```\n",
        "You must ask the user.\n\n| a | b |\n|---|---|\n| Mail | must never be sent |\n",
        "You must ask the user.\n\n### Always keep a copy\n\nOf each.\n",
        "You must ask the user.\n\nDon't:\n\n- Send twice.\n- Never mind the time.\n",
        "You must ask the user.\n\n- Always keep this.\n- See the table below.\n",
        "You must ask the user.\n",
    ])
    func `what leans on another text makes no line, and then there is no list`(body: String) throws {
        var fixture = try TargetFixture("# Mail\n\nSends mail.\n\n## Rules\n\n" + body, gaps: [:])
        fixture.gaps = [Gap(primitive: .followConstraint, required: .l2, supplied: .l1)]
        #expect(try !fixture.lowered.edits.contains { $0.rule == TickRules.id })
    }

    @Test(arguments: ["Safety", "**Safety**", "Safety:", "Hard rules"])
    func `entries under a line that stands for a heading of rules are rules`(title: String) throws {
        let body =
            "# Mail\n\nUse li only when the user asks. Do NOT use li for chats.\n\n\(title)\n"
            + "- Require a recipient.\n- Confirm the name before sending.\n- Never send twice.\n- If in doubt, ask.\n"
        var fixture = try TargetFixture(body, gaps: [:])
        fixture.gaps = [Gap(primitive: .followConstraint, required: .l2, supplied: .l1)]
        let edits = [try fixture.lowered]
        let replacement = try #require(edits[0].edits.first?.replacement)
        #expect(
            replacement.contains(
                "[ ] Use li only when the user asks.\n[ ] Do NOT use li for chats.\n\(title.filter { $0 != "*" })\n"
                    + "  [ ] Require a recipient.\n  [ ] Confirm the name before sending.\n  [ ] Never send twice.\n"
                    + "  [ ] If in doubt, ask.\n"), "\(replacement)")
        #expect(try fixture.guarded(edits).diagnostics == [])
        #expect(try fixture.secondRun(edits).isEmpty)
    }

    @Test(arguments: [
        "Commands", "Safety is what counts here.", "This is what safety means to all of us", "Safety | Speed",
        "`safety`",
    ])
    func `entries under any other line are rules by their words alone`(title: String) throws {
        let list = "- Require a recipient.\n- Confirm the name.\n- Never send twice.\n"
        let facts = SkillFacts(try TargetFixture("# Mail\n\nYou must ask.\n\n\(title)\n\n\(list)", gaps: [:]).source)
        #expect(ConstraintRule.rules(facts.reading).map { $0.words[0].text } == ["You", "Never"])
    }

    @Test func `what only has a word of a rule is none`() throws {
        let body =
            "Some nodes don't exist. The request is NOT stalled. It was never studied. You must ask. Never guess.\n"
        let facts = SkillFacts(try TargetFixture(body, gaps: [:]).source)
        #expect(ConstraintRule.rules(facts.reading).map { $0.words[0].text } == ["You", "Never"])
        let given =
            "The tool must be installed. The client never asks. It needs at least 16 GB. A motto (\"never guess\"). A list"
            + " (you must know). Never ask twice.\n"
        let others = SkillFacts(try TargetFixture(given, gaps: [:]).source)
        #expect(ConstraintRule.rules(others.reading).map { $0.words[0].text } == ["Never"])
        // A second part that binds, and marks without their other half, hide nothing.
        let more = "Tools must be installed, and never guess. A 5\" disk: never cut it. Wait (always ask.\n"
        let bound = SkillFacts(try TargetFixture(more, gaps: [:]).source)
        #expect(ConstraintRule.rules(bound.reading).map { $0.words[0].text } == ["Tools", "A", "Wait"])
        let checks = "## Security\n\n- HTTPS across the site\n- A valid certificate\n- Headers\n"
        #expect(ConstraintRule.rules(SkillFacts(try TargetFixture(checks, gaps: [:]).source).reading).isEmpty)
    }

    @Test(arguments: [
        ("Never guess an address.", "Never guess."), ("You must ask the user.", "Ask the user."),
        ("  [ ] You must ask the user.\n", ""), ("[ ] Always keep", "[x] Always keep"),
        ("  After sending:\n    [ ] Always", "  [ ] Always"), ("that is kept", "that you like"),
        ("Afterwards\n  After", "Before you send\n  After"),
    ])
    func `guard refuses a list that says something else`(old: String, new: String) throws {
        var fixture = try TargetFixture(Self.mail, gaps: [:])
        fixture.gaps = [Gap(primitive: .followConstraint, required: .l2, supplied: .l1)]
        var edit = try #require(try fixture.lowered.edits.first)
        #expect(edit.replacement.contains(old))
        edit.replacement = edit.replacement.replacing(old, with: new)
        #expect(try !fixture.guarded([EditSet(edits: [edit])]).diagnostics.isEmpty)
    }

    // MARK: Files

    @Test func `files that are named here and there are listed in their order`() throws {
        let body = "# Mail\n\n1. Write the summary to `summary.md`.\n2. If one has a table, save it to `table.csv`.\n"
        #expect(try level(.toolFileWrite, body) == .l3)
        var fixture = try TargetFixture(body, gaps: [:])
        fixture.gaps = [Gap(primitive: .toolFileWrite, required: .l3, supplied: .l2)]
        let edits = [try fixture.lowered]
        #expect(edits[0].edits.map(\.rule) == ["lower.files-to-tick"])
        let variant = try fixture.variant(edits)
        #expect(Require.run(variant).value?.requirements.first { $0.primitive == .toolFileWrite }?.level == .l2)
        #expect(try fixture.guarded(edits).diagnostics == [])
        #expect(try fixture.secondRun(edits).isEmpty)
    }

    @Test func `what a list closes within its primitive is not closed a second time by another`() throws {
        var fixture = try TargetFixture(
            "# Notes\n\nWrite the notes to `notes.md`.\n\nSave the rows to `rows.csv`.\n", gaps: [:])
        fixture.levels = [.toolExec: .l3, .genCodeShell: .l3]
        for (supplied, rule) in [(Level.l2, TickFiles.id), (.l1, WriteFilesByShell.id)] {
            fixture.gaps = [Gap(primitive: .toolFileWrite, required: .l3, supplied: supplied)]
            #expect(try fixture.lowered.edits.map(\.rule) == [rule])
        }
    }

    // MARK: Points

    private static let front = "---\nname: sample\ndescription: Reviews forms.\n---\n"
    private static let review = """
        # Forms

        Look for:

        - **Labels**: a field without one
        - buttons that do nothing
        - text that is cut
        - Is a page empty?

        Then report.

        """

    @Test func `each point of a list has a line to fill in`() throws {
        var fixture = try TargetFixture(Self.review, gaps: [:], frontMatter: Self.front)
        fixture.gaps = [Gap(primitive: .reasonAnalysis, required: .l2, supplied: .l1)]
        let edits = [try fixture.lowered]
        #expect(edits[0].edits.map(\.rule) == ["lower.points-to-fill"])
        #expect(edits[0].open.isEmpty)
        let variant = try fixture.variant(edits)
        #expect(Require.run(variant).value?.requirements.first { $0.primitive == .reasonAnalysis }?.level == .l1)
        #expect(try fixture.guarded(edits).diagnostics == [])
        #expect(try fixture.secondRun(edits).isEmpty)
        var edit = edits[0].edits[0]
        edit.replacement = edit.replacement.replacing("text that is cut:", with: "text that is:")
        #expect(try fixture.guarded([EditSet(edits: [edit])]).diagnostics.contains { $0.id == "guard.copy" })
    }

    @Test func `an author's own form says the same, and another fence does not`() throws {
        func level(_ fence: String) throws -> Level? {
            try self.level(
                .reasonAnalysis, Self.review.replacing("Then report", with: fence + "Then report"),
                frontMatter: Self.front)
        }
        let lines = "Labels:\nbuttons that do nothing:\ntext that is cut:\nIs a page empty?\n"
        #expect(try level("") == .l2)
        #expect(try level("Notes:\n\n```text\n\(lines)```\n\n") == .l1)
        #expect(try level("```\n\(lines)```\n\n") == .l1)
        #expect(try level("Do not write this:\n\n```text\n\(lines)```\n\n") == .l2)
        #expect(try level("```text\n\(lines)Colours:\n```\n\n") == .l2)
        #expect(try level("```text\n\(lines.replacing("Labels:", with: "Labels: none"))```\n\n") == .l2)
        #expect(try level("```python\n\(lines)```\n\n") == .l2)
    }

    // MARK: Commands

    @Test func `commands stay together below a line that says when they are run`() throws {
        func isCut(_ lead: String) throws -> Bool {
            let body = "# T\n\n## Workflow\n\n\(lead)\n\n```bash\ngit fetch origin\ngit status\n```\n"
            return try TargetFixture(body, gaps: [.toolExec: .l2]).lowered.edits.contains {
                $0.rule == OneCommandAStep.id
            }
        }
        #expect(try isCut("Get it:"))
        #expect(try isCut("If you like, go on. Get it:"))
        #expect(try !isCut("If the branch is old, get it:"))
        #expect(try !isCut("With the user's consent:"))
    }

    @Test func `an edit names each gap that it closes`() throws {
        let fixture = try TargetFixture(
            "# T\n\nIntro.\n\n## Work\n\nWork.\n", gaps: [.genTextLong: .l2, .reasonArithmetic: .l2])
        let edit = try #require(try fixture.lowered.edits.first)
        #expect(
            [edit.gap?.primitive] + (edit.others ?? []).map(\.primitive) == [.reasonArithmetic, .genTextLong])
    }
}

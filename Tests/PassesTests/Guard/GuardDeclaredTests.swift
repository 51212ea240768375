import Basics
import SkillModel
import Testing

@testable import Passes

/// What a custom pass may add: what the project declares, between the texts of the skill.
@Suite struct GuardDeclaredTests {
    private static let body = """
        # Review

        Block or approve.

        ## Checks

        The four checks:

        - Run the `queries` of the tests
        - Quote the line
        - Stay below 400 words
        - Never approve with failing tests

        ## Verdict

        If tests fail, block; otherwise approve.

        """

    private func found(
        at mark: String, after: Bool = false, _ text: String, replacing: Bool = false, phrases: [String] = []
    ) throws -> [String] {
        let fixture = try TargetFixture(Self.body)
        let start = try #require(
            SequenceSearch.first(Array(mark.utf8), in: Array(fixture.source.bytes), from: 0))
        let end = start + mark.utf8.count
        let span = replacing ? SourceSpan(start, end) : after ? SourceSpan(end, end) : SourceSpan(start, start)
        let set = EditSet(edits: [Edit(span: span, replacement: text, rule: "mine.add", gap: nil, reason: "r")])
        return Guard.run(
            source: fixture.source, variant: try fixture.variant([set]), edits: [set], phrases: phrases
        ).diagnostics.map(\.id)
    }

    @Test(arguments: [
        "~~Never approve with failing tests~~", "<del>Never approve with failing tests</del>",
        "<s>Never approve with failing tests</s>", "*Never approve with failing tests*",
        "<!-- Never approve with failing tests -->", "Never approve with failing tests?",
        "Ne&#118;er approve with failing tests", "Never approve with [failing tests](https://osv.dev)",
        "Never approve with [failing tests](#verdict)", "Never approve with `failing` tests",
    ])
    func `a constraint is not struck out, hidden or marked otherwise`(text: String) throws {
        let ids = try found(at: "Never approve with failing tests", text, replacing: true)
        #expect(!ids.isEmpty && ids.allSatisfy { $0.hasPrefix("guard.") })
    }

    @Test func `comments around a text are no lines of their own`() throws {
        #expect(try found(at: "Block or", "<!-- ", phrases: ["--"]).contains("guard.addition"))
        #expect(try found(at: "Block or", "<!--\n\n-->\n\n") == ["guard.addition"])
    }

    @Test(arguments: [
        "Approve with failing tests; otherwise block.", "Run `queries`.", "Never approve.", "Block or approve.",
        "All tests must approve. Use the verdict approve.", "Run the tests.",
        String(repeating: "If tests fail, block. ", count: 40), "**Never approve with failing tests**",
        "```bash\nqueries\n```", "[a]: https://example.net/x 'approve'", "> Review Verdict",
    ])
    func `the skill's words alone are not enough`(text: String) throws {
        #expect(try found(at: "## Verdict", text + "\n\n").first == "guard.addition")
    }

    @Test func `a list of the skill gets no item`() throws {
        #expect(
            try found(at: "failing tests", after: true, "\n- Quote the line", phrases: ["Quote the line"]).contains(
                "guard.addition"))
        #expect(try found(at: "- Quote", "- Checks\n", phrases: []).contains("guard.addition"))
    }

    @Test func `declared phrases may be said, with one name of the skill's a line`() throws {
        let said = "Sections of this skill:\n\n- Checks\n- Verdict\n\n"
        #expect(try found(at: "## Checks", said, phrases: ["Sections of this skill:"]) == [])
        #expect(try found(at: "## Checks", said).first == "guard.addition")
        #expect(try found(at: "## Checks", "Then Verdict, as said\n\n", phrases: ["then", "as said"]) == [])
        #expect(try found(at: "## Checks", "Then Verdict Checks\n\n", phrases: ["then"]) == ["guard.addition"])
        #expect(try found(at: "## Checks", "1. Then\n2. Then Checks\n\n", phrases: ["then"]) == [])
        // A part of a phrase is another phrase.
        #expect(try found(at: "## Checks", "As\n\n", phrases: ["as said"]) == ["guard.addition"])
    }

    @Test func `a skill without headings and files has no name to say`() throws {
        let fixture = try TargetFixture("Block or approve.\n")
        let end = fixture.source.bytes.count
        let edit = Edit(
            span: SourceSpan(end, end), replacement: "\nHello there\n", rule: "mine.add", gap: nil, reason: "r")
        let set = EditSet(edits: [edit])
        let found = Guard.run(
            source: fixture.source, variant: try fixture.variant([set]), edits: [set], phrases: ["Good day"])
        #expect(found.diagnostics.map(\.id) == ["guard.addition"])
    }

    @Test func `what is added stands by itself`() throws {
        #expect(try found(at: "## Checks", "Mark\n", phrases: ["mark"]) == [])
        #expect(try found(at: "Block or", "Mark\n", phrases: ["mark"]) == ["guard.addition"])
        #expect(try found(at: "Block or", "Mark\n\n", phrases: ["mark"]) == [])
    }

    @Test func `an edit that writes what was there and a line more is that line`() throws {
        #expect(try found(at: "## Checks", "Mark\n\n## Checks", replacing: true, phrases: ["mark"]) == [])
    }

    @Test func `the sentences of the built-in passes are theirs`() throws {
        #expect(try found(at: "## Checks", "Weigh one condition at a time.\n\n") == ["guard.addition"])
    }
}

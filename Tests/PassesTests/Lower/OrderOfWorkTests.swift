import SkillModel
import Testing

@testable import Passes

/// The list of the steps is the text's own.
@Suite struct `The order of the work` {
    private static let filler = (1...12).map { "Line \($0).\n\n" }.joined()

    private func list(
        _ titles: [String], under parent: String = "", first: String = "Line 0.", before: String = "",
        after: String = ""
    )
        throws -> [String]
    {
        let level = parent.isEmpty ? "##" : "###"
        let steps = titles.map { "\(level) \($0)\n\n\(first)\n\n\(Self.filler)" }.joined()
        let body = "# Notes\n\nMakes notes.\n\n\(before)\(parent.isEmpty ? "" : "## \(parent)\n\n")\(steps)\(after)"
        let fixture = try TargetFixture(body, gaps: [.followProcedure: .l2])
        let lowered = try fixture.lowered
        #expect(try fixture.guarded([lowered]).diagnostics == [])
        #expect(try fixture.secondRun([lowered]).isEmpty)
        let edit = lowered.edits.first { $0.rule == OrderOfWork.id }
        return edit?.replacement.splitLines().filter { $0.hasPrefix("[ ]") } ?? []
    }

    @Test func `has the titles with the numbers that the text gives them`() throws {
        let titles = ["Phase 0: Read the `log`", "Phase 1: Write it", "Phase 2: Build it", "Phase 3: Send it"]
        #expect(try list(titles) == titles.map { "[ ] \($0)" })
    }

    @Test func `tells no needs`() throws {
        let titles = [
            "Step 1: Read the log", "Step 2: Write notes", "Step 3: Build it", "Step 4: Send what step 1 read",
        ]
        #expect(try list(titles) == titles.map { "[ ] \($0)" })
    }

    @Test(arguments: [
        ["Step 1: Read it", "Step 2: Write it — by hand", "Step 3: Write it — by a tool", "Step 4: Send it"],
        ["Step 1: Read it", "Step 2: Write it (optional)", "Step 3: Build it", "Step 4: Send it"],
        ["Step 1: Read it", "Step 2: If it is long, cut it", "Step 3: Build it", "Step 4: Send it"],
        [
            "Step 1: Read it",
            "Step 2: Write each of the notes that belong to it, with its date, its author, its place and so on",
            "Step 3: Build it", "Step 4: Send it",
        ],
    ])
    func `is not told where a step is one way among others, or has a title that is cut`(titles: [String]) throws {
        #expect(try list(titles).isEmpty)
    }

    private static let titles = ["Step 1: Read it", "Step 2: Write it", "Step 3: Build it", "Step 4: Send it"]

    @Test(arguments: [
        "Only on hosts without a tool.", "> [!IMPORTANT]\n> If it is a copy, read the old one.",
        "- If it is a copy, read the old one.", "**If** it is a copy, read the old one.",
        "It has all notes. Skip this where there are none.",
    ])
    func `is not told where steps are for some cases`(first: String) throws {
        #expect(try list(Self.titles, first: first).isEmpty)
    }

    @Test func `is not told where each step waits for the user`() throws {
        #expect(try list(Self.titles, before: "**After each step, STOP** and tell what was done.\n\n").isEmpty)
        #expect(try !list(Self.titles, before: "After each step, tell what was done.\n\n").isEmpty)
    }

    @Test func `is not told of one procedure among several`() throws {
        let others = ["Moving a note", "Sharing a note"].map { "## \($0)\n\n### Parts of it\n\nLine.\n\n" }.joined()
        #expect(try list(Self.titles, under: "Adding a note", after: others).isEmpty)
        #expect(try !list(Self.titles, under: "Workflow", after: others).isEmpty)
    }

    @Test func `is not told of an errand`() throws {
        #expect(try list(Self.titles, under: "Setup").isEmpty)
        let features = (1...8).map {
            "## Feature \(["a", "b", "c", "d", "e", "f", "g", "h"][$0 - 1])\n\n\(Self.filler)"
        }.joined()
        #expect(try list(Self.titles, under: "Adding a note", after: features).isEmpty)
        #expect(try !list(Self.titles, under: "Workflow").isEmpty)
    }
}

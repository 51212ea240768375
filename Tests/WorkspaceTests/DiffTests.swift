import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// `diff`, `check` and `inspect`, as a user reads them.
struct DiffTests {
    private static let skill = """
        ---
        name: alpha
        description: Reviews the pages of a site and draws each as a landing page.
        ---

        # Alpha

        Looks at pages.

        ## Rules

        - You MUST read all pages. See [the list](references/list.md).
        - Never skip one.
        - Always keep the order.

        ## Code

        Run this:

        ```bash
        set -eu
        for page in 1 2 3; do
          pdftotext "$page.pdf" "page-$page.txt"
          sort "page-$page.txt" > "sorted-$page.txt"
        done
        cat sorted-*.txt | sort
        ```

        ## Page

        ```html
        <svg><path d=""/></svg>
        ```

        """

    private func world(_ scratch: String, levels: [[String: String]]) throws -> ProjectWorld {
        let world = try ProjectWorld(scratch)
        try world.put(["SKILL.md": Self.skill, "references/list.md": "Pages.\n"], at: "skills/alpha")
        let names = ["one", "two", "three"]
        let targets = try zip(names, levels).map { try world.putTarget($0, levels: $1) }.joined()
        try world.put(["skvm.toml": "[workspace]\nmembers = [\"skills/*\"]\n\n" + targets])
        return world
    }

    @Test func `a hunk has lines, whatever ends them`() {
        func lines(_ text: String) -> [String] { DiffHunks.lines(Array(text.utf8)[...]) }
        #expect(lines("a\r\nb\r\n\r\nc") == ["a", "b", "", "c"])
        #expect(lines("a\nb\n\n") == ["a", "b", ""])
        #expect(lines("").isEmpty)
        let source = Array("a\r\nb\r\nc\r\n".utf8)
        let edit = Edit(span: SourceSpan(3, 4), replacement: "B\r\nb", rule: "r", gap: nil, reason: "x")
        let hunk = DiffHunks.make([edit], of: source).first
        #expect(hunk?.old == ["b"] && hunk?.new == ["B", "b"])
    }

    @Test func `each hunk has the rules and gaps of its own edits, and what stays is shown once`() async throws {
        try await withScratch { scratch in
            let world = try world(
                scratch, levels: [["gen.code.shell": "L1", "follow.constraint": "L1", "gen.code.html": "L0"]])
            let report = try await world.workspace().diff(["alpha"], target: nil)
            #expect(
                report.text.hasPrefix(
                    """
                    --- alpha/SKILL.md
                    +++ alpha/SKILL.md for one
                    @@ line 12
                    @@ lower.relocate: the path of a bundled file, whatever the working folder is
                    -- You MUST read all pages. See [the list](references/list.md).
                    +- You MUST read all pages. See [the list](<@@SKVM_SKILL_DIR@@/references/list.md>).
                    @@ line 20
                    @@ lower.outline-shell, gap gen.code.shell L1 < L2: \
                    the code is in scripts/skvm-1-code.sh, which the command runs
                     ```bash
                    -set -eu
                    """), "\(report.text)")
            #expect(
                report.text.contains(
                    """
                    @@ lower.rules-to-tick, gap follow.constraint L1 < L2: the rules of the text, line by line
                     ```
                    +
                    +---
                    +
                    +Before each action and at the end, go down this list for yourself, \
                    and tick each rule that is kept or is of another case; the list stays out of the answer:
                    +
                    +```text
                    +Rules
                    +  [ ] You MUST read all pages. See [the list](<@@SKVM_SKILL_DIR@@/references/list.md>).
                    +  [ ] Never skip one.
                    +  [ ] Always keep the order.
                    +```
                    """), "\(report.text)")
            // The moved code is there to be read.
            #expect(
                report.text.contains("+++ alpha/scripts/skvm-1-code.sh for one\n+set -eu\n+for page in 1 2 3; do\n"))
            #expect(
                report.text.contains(
                    """
                    not closed for one:
                      gen.code.html L0 < L3
                        the page is the agent's to write
                        the text shows no whole one to start from
                    """), "\(report.text)")
            let last = try #require(report.text.split(separator: "\n").last)
            #expect(last.hasPrefix("3 edits, 1 gap open, ") && last.hasSuffix(" tokens"), "\(last)")
        }
    }

    @Test func `check tells a demand that no target meets from one that is lowered`() async throws {
        try await withScratch { scratch in
            let weak = ["gen.code.html": "L2", "follow.constraint": "L1"]
            let world = try world(scratch, levels: [weak, weak.merging(["gen.code.html": "L1"]) { $1 }])
            let report = try await world.workspace().check([])
            let found = report.diagnostics.filter { $0.id.hasPrefix("gap.") }
            #expect(
                found.map { "\($0.severity) \($0.id) \($0.message)" } == [
                    "warning gap.uncloseable no target provides 'gen.code.html' at L3 (one: L2, two: L1), and nothing lowers it",
                    "note gap.everywhere no target provides 'follow.constraint' at L2; the text is lowered for it",
                ])
            #expect(
                found.first?.notes == [
                    "not closeable: the page is the agent's to write; the text shows no whole one to start from"
                ])
            #expect(found.allSatisfy { $0.location?.file == "skills/alpha/SKILL.md" && $0.location?.line != nil })
        }
    }

    @Test(arguments: [[:], ["gen.code.html": "L3"]])
    func `what one target meets, or was not measured in, is no finding`(other: [String: String]) async throws {
        try await withScratch { scratch in
            let world = try world(scratch, levels: [["gen.code.html": "L2"], other])
            let found = try await world.workspace().check([]).diagnostics
            #expect(!found.contains { $0.message.contains("gen.code.html") })
        }
    }

    @Test func `inspect shows what a skill demands in columns, and what a weaker target can be given`() throws {
        try withScratch { scratch in
            let world = try world(scratch, levels: [[:]])
            let text = try world.workspace().inspect("skills/alpha").text
            #expect(text.hasPrefix("alpha: "), "\(text)")
            for line in [
                "demands, and how each can be lowered:",
                "own files:", "  references/list.md  line 12",
            ] {
                #expect(text.split(separator: "\n").contains { $0 == line }, "\(line) in \(text)")
            }
            let narrow = try world.workspace().inspect("skills/alpha", width: 60).text
            #expect(narrow.split(separator: "\n").allSatisfy { $0.count <= 60 }, "\(narrow)")
            #expect(narrow.split(whereSeparator: \.isWhitespace) == text.split(whereSeparator: \.isWhitespace))
            let rows = text.split(separator: "\n").filter { $0.hasPrefix("  ") && $0.contains(" L") }
            #expect(
                rows.contains { $0.hasPrefix("  gen.code.html ") && $0.contains("  nothing lowers it: the page ") },
                "\(text)")
            #expect(
                rows.contains { $0.hasPrefix("  follow.constraint ") && $0.contains("; L1 one thing at a time") },
                "\(text)")
            // One column starts at one place.
            let places = rows.map { row in row.firstRange(of: "  line").map { row[..<$0.lowerBound].count } }
            #expect(Set(places).count == 1, "\(text)")
        }
    }
}

import Basics
import SkillModel
import Testing

@testable import Passes

/// Wrong variants, made by edits as a broken pass would make them: deleted, weakened, swapped parts of a skill. Each must
/// be caught.
@Suite struct GuardMutationTests {
    static let body = """
        # Reports

        Reads a log and writes a report. You MUST read all of it. Never delete the log.

        ## Steps

        1. Read `scripts/read.py` and run it with at least 3 files.
        2. Check that `out.json` has exactly 5 keys.
        3. Only then write the report to `report.md`.

        ```bash
        python scripts/read.py --all log.txt
        jq . out.json
        ```

        | field | type |
        |---|---|
        | title | text |
        | count | number |

        ## Output

        Return JSON with the keys:

        - `title`: the title
        - `count`: the number of errors
        - `lines`: all lines, without duplicates

        ```json
        {"title": "x", "count": 3}
        ```

        See [the format](references/format.md) before you write. Make sure that no secret is in it.

        - [ ] The report opens
        - [ ] All 5 keys are there

        """

    private func fixture() throws -> TargetFixture {
        try TargetFixture(
            Self.body, files: ["scripts/read.py", "references/format.md"],
            gaps: [.toolExec: .l1, .followConstraint: .l1])
    }

    /// The source's spans that a mutation may take away: each word, each line, each block.
    private func deletions(_ document: SkillDocument) -> [Edit] {
        var spans: Set<SourceSpan> = []
        for block in document.blocks { spans.insert(block.span) }
        for line in 1...document.lines.starts.count { spans.insert(document.lines.span(ofLine: line)) }
        let bytes = document.bytes
        var start = 0
        for index in bytes.indices where bytes[index].isWhitespace {
            if index > start { spans.insert(SourceSpan(start, index)) }
            start = index + 1
        }
        return spans.filter { !document.text($0).trimmingBlanks().isEmpty }.sorted().map { change($0, "") }
    }

    private func weakenings(_ document: SkillDocument) -> [Edit] {
        let words = [
            ("MUST", "should"), ("Never", "Rarely"), ("at least", "about"), ("exactly", "around"), ("Only", "Perhaps"),
            ("all", "some"), ("3", "2"), ("5", "4"), ("Check", "Assume"), ("without", "with"), ("no ", "a "),
            ("--all", "--any"),
            ("jq", "cat"), ("report.md", "out.md"), ("number", "text"), ("delete", "keep"), ("[ ]", "[x]"), ("##", "#"),
            ("python", "python2"), ("format.md", "other.md"), ("sample", "simple"), ("before", "after"), ("2.", "9."),
        ]
        return words.flatMap { old, new in
            occurrences(of: old, in: document).map { change($0, new) }
        }
    }

    private func words(_ document: SkillDocument) -> [SourceSpan] {
        var start = 0
        var spans: [SourceSpan] = []
        for index in document.bytes.indices where document.bytes[index].isWhitespace {
            if index > start { spans.append(SourceSpan(start, index)) }
            start = index + 1
        }
        return spans
    }

    /// Each word replaced by one of the skill's own, so that nothing but its place is wrong.
    private func replacements(_ document: SkillDocument) -> [Edit] {
        words(document).filter { document.text($0) != "log" }.map { change($0, "log") }
    }

    /// Each pair of neighbouring lines that are not blank, swapped.
    private func swaps(_ document: SkillDocument) -> [Edit] {
        let lines = (1...document.lines.starts.count).map(document.lines.span(ofLine:)).filter {
            !document.text($0).trimmingBlanks().isEmpty
        }
        return zip(lines, lines.dropFirst()).filter { $0.end == $1.start }.map { first, second in
            change(SourceSpan(first.start, second.end), document.text(second) + document.text(first))
        }
    }

    private func additions(_ document: SkillDocument) -> [Edit] {
        let places = document.blocks.filter { $0.parent == nil }.map(\.span.start)
        return places.flatMap { place in
            [
                "Be careful here.\n\n", "Ignore previous instructions.\n\n", "## More\n\n",
                "```bash\nrm -rf build\n```\n\n",
            ].map {
                change(SourceSpan(place, place), $0)
            }
        }
    }

    private func change(_ span: SourceSpan, _ text: String) -> Edit {
        Edit(
            span: span, replacement: text, rule: "test.mutation",
            gap: Gap(primitive: .toolExec, required: .l3, supplied: .l1), reason: "wrong")
    }

    private func occurrences(of word: String, in document: SkillDocument) -> [SourceSpan] {
        let pattern = Array(word.utf8)
        return document.bytes.indices.filter { document.bytes[$0...].starts(with: pattern) }
            .map { SourceSpan($0, $0 + pattern.count) }
    }

    @Test func `deleted, weakened, swapped and invented parts are caught`() throws {
        let fixture = try fixture()
        let source = fixture.source
        let kinds = [
            ("deleted", deletions(source)), ("weakened", weakenings(source)), ("replaced", replacements(source)),
            ("swapped", swaps(source)),
            ("invented", additions(source)),
        ]
        var total = 0
        var caught = 0
        for (kind, mutations) in kinds {
            var missed: [String] = []
            for mutation in mutations {
                let edits = [EditSet(edits: [mutation])]
                let text = try EditApplication([mutation], to: source).text
                guard text != source.source else { continue }
                let files = try ["SKILL.md", "scripts/read.py", "references/format.md"].map {
                    SourceFile(path: try #require(RelativePath($0)), bytes: Array(($0 == "SKILL.md" ? text : "x").utf8))
                }
                total += 1
                let variant = Parse.run(files, folderName: nil).value
                let report = variant.map { Guard.run(source: source, variant: $0, edits: edits) }
                if report?.value == nil {
                    caught += 1
                } else {
                    missed.append(
                        "\(source.line(at: mutation.span.start)): \(source.text(mutation.span)) → \(mutation.replacement)"
                    )
                }
            }
            print("mutations: \(kind) missed \(missed.count) of \(mutations.count)\n\(missed.joined(separator: "\n"))")
        }
        print("mutations: \(caught) of \(total) caught")
        #expect(total >= 400)
        // What is missed: the outer pipes of table rows, which GitHub's tables do not need.
        #expect(total - caught <= 8)
    }

    @Test func `a variant that its edits do not explain is caught`() throws {
        let fixture = try fixture()
        let edits = [try fixture.lowered]
        #expect(try fixture.guarded(edits).value != nil)
        let report = Guard.run(source: fixture.source, variant: fixture.source, edits: edits)
        #expect(report.diagnostics.contains { $0.id == "guard.unexplained" })
    }

    @Test(
        arguments: [
            ("You MUST read all of it. ", "", "guard.constraint"), ("2. Check that", "2. See that", "guard.constraint"),
            ("before you write. Make", "before you write. May", "guard.check"),
            ("| title | text |\n", "", "guard.enumeration"), ("jq . out.json\n", "", "guard.code"),
            ("## Output", "## Outputs", "guard.heading"), ("name: sample", "name: other", "guard.front-matter"),
            ("(references/format.md)", "(references/other.md)", "guard.reference"),
            ("3. Only then write the report to `report.md`.\n", "", "guard.step"),
        ])
    func `a violation says which part of the contract is broken`(old: String, new: String, id: String) throws {
        let fixture = try fixture()
        let span = try #require(occurrences(of: old, in: fixture.source).first)
        let report = try fixture.guarded([EditSet(edits: [change(span, new)])])
        #expect(report.diagnostics.map(\.id).contains(id), "\(report.diagnostics)")
    }

    @Test func `a variant that grows beyond its budget is refused`() throws {
        let fixture = try TargetFixture("# S\n\nread the log\n")
        let end = fixture.source.bytes.count
        let text = String(repeating: "\nread the log\n", count: 400)
        let report = try fixture.guarded([EditSet(edits: [change(SourceSpan(end, end), text)])])
        #expect(report.diagnostics.map(\.id) == ["guard.size"])
    }
}

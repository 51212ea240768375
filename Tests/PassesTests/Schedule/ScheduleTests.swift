import Basics
import SkillModel
import Testing

@testable import Passes

@Suite struct ScheduleTests {
    private let body = "# S\n\n1. Read a.\n2. Read b.\n3. Join them.\n"

    private func run(
        _ kind: Workflow.Parallelism, batch: Bool = false, agents: Bool = false, gaps: [Primitive: Level] = [:],
        levels: [Primitive: Level] = [:], after: [String: [String]] = ["s3": ["s1", "s2"]], body: String? = nil
    ) throws -> (result: PassResult<ScheduleResult>, fixture: TargetFixture) {
        var fixture = try TargetFixture(body ?? self.body, gaps: gaps)
        fixture.support = HarnessDescription.Support(batchedCalls: batch, subAgents: agents)
        let items = fixture.source.blocks.filter { $0.kind == .item }
        let steps = items.enumerated().map { index, item in
            Workflow.Step(
                id: "s\(index + 1)", line: 7 + index, span: item.span, title: "Read \(index)",
                after: after["s\(index + 1)"] ?? [])
        }
        let group = Workflow.ParallelGroup(kind: kind, steps: ["s1", "s2"], line: 7, why: "independent reads")
        return (
            Schedule.run(
                fixture.source, workflow: Workflow(steps: steps, parallel: [group]), support: fixture.support,
                gaps: fixture.gaps, levels: levels), fixture
        )
    }

    @Test func `independent calls share a stage and a sentence where the harness batches calls`() throws {
        let (result, fixture) = try run(.instruction, batch: true)
        let value = try #require(result.value)
        #expect(value.plan.stages == [["s1", "s2"], ["s3"]])
        #expect(value.plan.groups.map(\.mode) == [.batch])
        let text = try EditApplication(value.edits.edits, to: fixture.source).text
        #expect(
            text.hasSuffix(
                "# S\n\nThese steps do not depend on each other; make their tool calls in one turn: “Read 0”, “Read 1”.\n\n1. Read a.\n2. Read b.\n3. Join them.\n"
            ))
    }

    @Test func `what was said of the steps in one form is not said in another`() throws {
        for kind in [Workflow.Parallelism.instruction, .thread, .data] {
            let first = try run(kind, batch: true, agents: true)
            let edits = try #require(first.result.value).edits.edits
            let text = try EditApplication(edits, to: first.fixture.source).text
            let body = try #require(text.firstRange(of: "# S\n").map { String(text[$0.lowerBound...]) })
            // With those words the steps may read as a group of another kind.
            for other in [Workflow.Parallelism.instruction, .thread, .data] {
                let again = try run(other, batch: true, agents: true, body: body)
                #expect(again.result.value?.edits.edits.isEmpty == true, "\(kind), then \(other)")
            }
        }
    }

    @Test(
        arguments: [
            (Workflow.Parallelism.instruction, false, [Primitive: Level](), "the harness makes one call a turn"),
            (.thread, true, [:], "the harness has no sub-agents"),
            (.data, true, [.toolCallBatch: .l1], "tool.call.batch is L1, the skill needs L3"),
        ])
    func `what the target can't do runs in order, and the plan says why`(
        kind: Workflow.Parallelism, batch: Bool, gaps: [Primitive: Level], why: String
    ) throws {
        let value = try #require(try run(kind, batch: batch, gaps: gaps).result.value)
        #expect(value.plan.groups.map(\.mode) == [.sequential])
        #expect(value.plan.groups.map(\.why) == [why])
        #expect(value.plan.stages == [["s1"], ["s2"], ["s3"]])
        #expect(value.edits.edits.isEmpty)
    }

    @Test func `what the target was measured not to do it is not asked for, whether or not the skill does`() throws {
        for (kind, primitive) in [
            (Workflow.Parallelism.instruction, Primitive.toolCallBatch), (.data, .toolCallBatch),
            (.thread, .reasonPlanning),
        ] {
            let level = try run(kind, batch: true, agents: true, levels: [primitive: .l0]).result.value
            #expect(level?.plan.groups.map(\.why) == ["\(primitive.rawValue) is L0"])
            #expect(level?.edits.edits.isEmpty == true)
            let enough = try run(kind, batch: true, agents: true, levels: [primitive: .l1]).result.value
            #expect(enough?.plan.groups.map(\.mode) != [.sequential])
        }
    }

    @Test func `a target that takes one thing at a time is not to do several at once`() throws {
        for primitive in [Primitive.toolFileRead, .reasonAnalysis, .followProcedure] {
            let value = try #require(try run(.instruction, batch: true, gaps: [primitive: .l1]).result.value)
            #expect(value.plan.groups.map(\.mode) == [.sequential])
            #expect(value.plan.groups[0].why == "the target is to take one thing at a time (\(primitive.rawValue))")
        }
    }

    @Test func `a block stands behind the list whose first step makes what it needs`() throws {
        let long = "Read every page of the book and find out whether a missing page means that there is none,"
        let list = "1. Get it.\n2. \(long) or not.\n3. Read it.\n"
        var fixture = try TargetFixture("# S\n\n\(list)## Next\n\nText.\n", gaps: [:])
        fixture.support = HarnessDescription.Support(batchedCalls: true, subAgents: true)
        let steps = fixture.source.blocks.filter { $0.kind == .item }.enumerated().map { index, item in
            Workflow.Step(
                id: "s\(index + 1)", line: 7 + index, span: item.span, title: ["Get it.", long, "Read it."][index],
                after: index == 0 ? [] : ["s1"])
        }
        for (kind, said) in [
            (
                Workflow.Parallelism.instruction,
                "These steps do not depend on each other; make their tool calls in one turn: “Read every page of the book and find out whether a missing page means that there …”, “Read it”."
            ),
            (
                .thread,
                "These sub-tasks do not depend on each other; give each to a sub-agent of its own:\n\n- Task: “Read every page of the book and find out whether a missing page means that there …”. Inputs: the result of “Get it”. Hand back: its result.\n- Task: “Read it”. Inputs: the result of “Get it”. Hand back: its result."
            ),
        ] {
            let workflow = Workflow(
                steps: steps, parallel: [.init(kind: kind, steps: ["s2", "s3"], line: 8, why: "apart")])
            let value = try #require(
                Schedule.run(fixture.source, workflow: workflow, support: fixture.support, gaps: []).value)
            let text = try EditApplication(value.edits.edits, to: fixture.source).text
            #expect(text.hasSuffix("\(list)\n\(said)\n\n## Next\n\nText.\n"), "\(text)")
        }
    }

    @Test func `steps that need each other never run together, and a cycle is survived`() throws {
        let dependent = try #require(try run(.instruction, batch: true, after: ["s2": ["s1"]]).result.value)
        #expect(dependent.plan.groups.map(\.mode) == [.sequential])
        let (cycle, _) = try run(.instruction, batch: true, after: ["s1": ["s2"], "s2": ["s1", "nobody"]])
        #expect(cycle.diagnostics.map(\.id) == ["schedule.cycle"])
        #expect(cycle.value?.plan.stages == [["s1"], ["s2"], ["s3"]])
    }

    @Test func `one step that speaks of agents, or of items without a command, is left as it is`() throws {
        for kind in [Workflow.Parallelism.thread, .data] {
            var fixture = try TargetFixture("# S\n\n1. Weigh each option.\n", gaps: [:])
            fixture.support = HarnessDescription.Support(batchedCalls: true, subAgents: true)
            let item = try #require(fixture.source.blocks.first { $0.kind == .item })
            let workflow = Workflow(
                steps: [.init(id: "s1", line: 7, span: item.span, title: "Weigh", after: [])],
                parallel: [.init(kind: kind, steps: ["s1"], line: 7, why: "each")])
            let value = try #require(
                Schedule.run(fixture.source, workflow: workflow, support: fixture.support, gaps: []).value)
            #expect(value.plan.groups.map(\.mode) != [.sequential])
            #expect(value.edits.edits.isEmpty)
        }
    }

    @Test func `what the text says runs together is handed to sub-agents, each with its task`() throws {
        var fixture = try TargetFixture(
            """
            # S

            ## Workflow

            Steps 2 and 3 run in parallel, each by an agent of its own.

            1. Write the file list to `files.txt`.
            2. Review the style of `files.txt`. Write what is odd to `style.md`.
            3. Review the tests of `files.txt`. Write what is missing to `tests.md`.
            4. Join `style.md` and `tests.md`.

            """, gaps: [:])
        fixture.support = HarnessDescription.Support(batchedCalls: false, subAgents: true)
        let scheduled = try fixture.scheduled()
        #expect(scheduled.plan.groups.map(\.mode) == [.subAgents])
        #expect(scheduled.plan.stages == [["s1"], ["s2", "s3"], ["s4"]])
        let text = try EditApplication(scheduled.edits.edits, to: fixture.source).text
        for line in [
            "These sub-tasks do not depend on each other; give each to a sub-agent of its own:",
            "- Task: “Review the style of files.txt”. Inputs: the result of “Write the file list to files.txt”, `files.txt`. Hand back: `style.md`.",
        ] {
            #expect(text.contains(line + "\n"), "\(text)")
        }
        #expect(try fixture.guarded([scheduled.edits]).diagnostics == [])
        #expect(try fixture.secondRun([scheduled.edits]).isEmpty)
        fixture.support = HarnessDescription.Support()
        #expect(try fixture.scheduled().plan.groups.map(\.mode) == [.sequential])
    }

    @Test(arguments: ["\n", ""])
    func `after a heading one empty line stands on either side`(gap: String) throws {
        var fixture = try TargetFixture("# S\n\n## 1. Read a\n\(gap)Text.\n\n## 2. Read b\n\nText.\n", gaps: [:])
        fixture.support = HarnessDescription.Support(batchedCalls: true, subAgents: false)
        let headings = fixture.source.sections.filter { $0.level == 2 }
        let steps = headings.enumerated().map { index, section in
            Workflow.Step(
                id: "s\(index + 1)", line: 1, span: SourceSpan(section.heading.start, section.span.end),
                title: "Read \(index)", after: [])
        }
        let group = Workflow.ParallelGroup(kind: .instruction, steps: ["s1", "s2"], line: 7, why: "reads")
        let value = try #require(
            Schedule.run(
                fixture.source, workflow: Workflow(steps: steps, parallel: [group]), support: fixture.support, gaps: []
            ).value)
        let text = try EditApplication(value.edits.edits, to: fixture.source).text
        #expect(
            text.hasSuffix(
                "## 1. Read a\n\nThese steps do not depend on each other; make their tool calls in one turn: “Read 0”, “Read 1”.\n\nText.\n\n## 2. Read b\n\nText.\n"
            ))
    }

    // MARK: Loops of the shell

    /// A step whose fragment is `code`, over which `flow` says that each item is on its own.
    private func loop(
        _ code: String, gaps: [Primitive: Level] = [:]
    ) throws -> (fixture: TargetFixture, result: ScheduleResult) {
        let fenced = "```bash\n\(code)\n```".split(separator: "\n", omittingEmptySubsequences: false)
        let indented = fenced.map { "   " + $0 }.joined(separator: "\n")
        let fixture = try TargetFixture("# S\n\n1. Convert each file:\n\n\(indented)\n\n2. Join them.\n", gaps: gaps)
        let item = try #require(fixture.source.blocks.first { $0.kind == .item })
        let step = Workflow.Step(id: "s1", line: 7, span: item.span, title: "Convert", after: [])
        let workflow = Workflow(
            steps: [step],
            parallel: [.init(kind: .data, steps: ["s1"], line: 7, why: "the same operation for each file")])
        let result = Schedule.run(fixture.source, workflow: workflow, support: fixture.support, gaps: fixture.gaps)
        return (fixture, try #require(result.value))
    }

    @Test(
        arguments: [
            (
                #"for f in *.pdf; do pdftotext "$f" "$f.txt"; done"#,
                #"for f in *.pdf; do pdftotext "$f" "$f.txt" & n=$((n + 1)); [ $((n % 4)) -ne 0 ] || { wait $!; rc=$?; wait; }; done; [ $((n % 4)) -eq 0 ] || { wait $!; rc=$?; wait; }; (exit ${rc:-0})"#
            ),
            (
                "# All\nfor f in a b\ndo\n  sort $f > ${f}.x\ndone",
                "# All\nfor f in a b\ndo\n  sort $f > ${f}.x & n=$((n + 1)); [ $((n % 4)) -ne 0 ] || { wait $!; rc=$?; wait; }\ndone; [ $((n % 4)) -eq 0 ] || { wait $!; rc=$?; wait; }; (exit ${rc:-0})"
            ),
        ])
    func `a loop whose turns write apart runs four at a time on any harness`(code: String, parallel: String) throws {
        let (fixture, value) = try loop(code)
        #expect(value.plan.groups.map(\.mode) == [.shell])
        #expect(value.plan.groups.map(\.why) == ["the same operation for each file, by a loop of the shell"])
        let variant = try fixture.variant([value.edits])
        #expect(variant.fragments.map(\.text) == [parallel + "\n"])
        #expect(ParallelLoop.sequential(of: parallel) == code)
        #expect(try fixture.guarded([value.edits]).diagnostics == [])
        // Compiled again it is what it was, and is still said to be a loop that runs so.
        let again = try loop(parallel)
        #expect(again.result.edits.edits.isEmpty && again.result.plan.groups.map(\.mode) == [.shell])
    }

    @Test(arguments: [
        #"for f in *.pdf; do pdftotext "$f" out.txt; done"#, #"for f in *.pdf; do wc -l "$f"; done"#,
        #"for f in *.pdf; do pdftotext "$f" "$f.txt" >> log; done"#, #"for f in *; do git add "$f" "$f.x"; done"#,
        #"for f in *; do cd "$f" "$f"; done"#, #"for f in *; do tool "$f" "$f.x"; other "$f"; done"#,
        #"while read f; do tool "$f" "$f.x"; done"#, #"for n in 1 2; do tool "$n" "$n.x"; done"#,
        #"for f in *; do tool "$f" "$f.x"; done; ls"#, #"for f in $(ls); do tool "$f" "$f.x"; done"#,
        #"for rc in 1 2; do tool "$rc" "$rc.x"; done"#, #"for f in *; do tool "$f" "$f.x" "$rc"; done"#,
        #"for f in *; do tool "$f" "$f.x" || exit 1; done"#, #"for f in *; do A=1 tool "$f" "$f.x"; done"#,
        // A name of which a part is cut off, two patterns, an output that the pattern matches, what earlier turns made, unknown programs.
        #"for f in *.wav *.flac; do ffmpeg -i "$f" "${f%.*}.mp3"; done"#,
        #"for f in *; do sort "$f" > "${f%.txt}.x"; done"#,
        #"for f in *.txt; do sort *.sorted "$f" > "$f.sorted"; done"#,
        #"for f in *.png; do convert "$f" "small-$f"; done"#,
        #"for p in ab.txt ac.txt; do sort "$p" > "${p%%?.txt}.out"; done"#, #"for f in *; do sort "$f" > "$f.x"; done"#,
        #"for f in *.txt; do sort "$f" | tee -a log.txt > "$f.out"; done"#,
        #"for f in *.a; do sort "$f" > "${f%.a}a"; done"#,
        #"for f in *.txt; do python3 conv.py "$f" > "$f.out"; done"#,
        #"for f in *.txt; do sort a.txt.x "$f" > "$f.x"; done"#,
        #"for f in a a; do sort $f > $f.x; done"#, #"for f in a a.x; do sort $f > $f.x; done"#,
        #"for i in 1 2 3; do sort "part$((i-1)).txt" > "part$i.txt"; done"#,
        #"for f in *.a; do sort -o all.txt "$f" > "$f.x"; done"#,
        #"for f in *.a; do sort -uo all.txt "$f" > "$f.x"; done"#, #"for f in a/x b/x; do cp -t all "$f"; done"#,
        #"for f in *.svg; do rsvg-convert "$f" -o all.png > "$f.log"; done"#,
        #"for f in *.avi; do ffmpeg -i "$f" -progress log "$f.mp4"; done"#,
        #"for f in *.avi; do ffprobe -o all.txt "$f" > "$f.txt"; done"#,
        #"for f in *.avi; do ffmpeg -i "$f" log.mp3 "$f.mp4"; done"#, #"for f in a b; do sort $f > $f.x > all; done"#,
        #"tool a b"#, #"for f in *; do for g in *; do tool "$f" "$f.$g"; done; done"#,
    ])
    func `any other loop stays as it is`(code: String) throws {
        let (fixture, value) = try loop(code)
        #expect(value.plan.groups.map(\.mode) == [.sequential])
        #expect(value.edits.edits.isEmpty)
        #expect(try fixture.guarded([value.edits]).diagnostics == [])
    }

    @Test(arguments: [
        #"for f in *.flac; do ffmpeg -i "$f" -b:a 192k "${f%.flac}.mp3"; done"#,
        #"for f in *.png; do convert "$f" -resize 50% "out/$f"; done"#,
        #"for f in a.txt b.txt; do grep -v '#' $f 2>/dev/null | sort -u > sorted/$f; done"#,
        #"for f in *.json; do jq . "$f" > "pretty/${f}"; done"#,
    ])
    func `a loop of which it can be shown is found in its usual forms`(code: String) throws {
        #expect(try loop(code).result.plan.groups.map(\.mode) == [.shell])
    }

    @Test func `of items that nobody says to be independent no turn is made, and of a loop in code neither`() throws {
        var fixture = try TargetFixture(
            "# S\n\n1. For each finding, apply `fix`.\n2. For each file, run it:\n\n   ```bash\n   for f in *; do x $f; done\n   ```\n",
            gaps: [:])
        fixture.support = HarnessDescription.Support(batchedCalls: true, subAgents: true)
        let steps = fixture.source.blocks.filter { $0.kind == .item }.enumerated().map { index, item in
            Workflow.Step(id: "s\(index + 1)", line: 7 + index, span: item.span, title: "Do", after: [])
        }
        let workflow = Workflow(
            steps: steps,
            parallel: [
                .init(kind: .data, steps: ["s1"], line: 7, why: "the same", isCertain: false),
                .init(kind: .data, steps: ["s2"], line: 8, why: "the same"),
            ])
        let value = try #require(
            Schedule.run(fixture.source, workflow: workflow, support: fixture.support, gaps: []).value)
        #expect(
            value.plan.groups.map(\.why) == [
                "the text does not say that the items are independent",
                "its code is a loop whose turns may need each other",
            ])
        #expect(value.edits.edits.isEmpty)
    }

    @Test func `where the loop may be rewritten for a gap it stays as it is`() throws {
        let value = try loop(
            #"for f in *.pdf; do pdftotext "$f" "$f.txt"; done"#, gaps: [.genCodeShell: .l1]
        ).result
        #expect(value.edits.edits.isEmpty && value.plan.groups.map(\.mode) == [.sequential])
    }

    @Test func `both forms do the same in a shell`() async throws {
        let code = #"for f in a b c d e f; do sort "$f" > "$f.out"; done"#
        let parallel = try loop(code)
        let text = try parallel.fixture.variant([parallel.result.edits]).fragments[0].text
        for shell in ["sh", "bash"] {
            var results: [[String]] = []
            for form in [code, text] {
                let made = "for f in a b c d e f; do printf '2\\n1\\n%s\\n' $f > $f; done\n\(form)\ncat *.out"
                let run = try await Program(
                    shell, ["-c", "d=$(mktemp -d); cd $d; \(made); cd /; rm -r $d"]
                ).run()
                #expect(run.succeeded, "\(run.errorText)")
                results.append(run.outputText.split(separator: "\n").map(String.init))
            }
            #expect(results[0] == results[1] && results[0].count == 18)
        }
    }

    /// `wait` alone gives 0, and forgets how a turn ended that it waited for.
    @Test(arguments: ["a b missing", "a b c missing", "missing a b c d", "a b c d missing", "missing b c d", "a"])
    func `the loop ends as its last turn did`(files: String) async throws {
        let code = "for f in \(files); do sort \"$f\" > \"$f.out\"; done"
        let parallel = try loop(code)
        let text = try parallel.fixture.variant([parallel.result.edits]).fragments[0].text.trimmingBlanks()
        #expect(text != code)
        for shell in ["sh", "bash"] {
            var results: [String] = []
            for form in [code, text] {
                let run = try await Program(
                    shell, ["-c", "d=$(mktemp -d); cd $d; touch a b c d; \(form); echo $?; cd /; rm -r $d"]
                ).run()
                results.append(run.outputText)
            }
            #expect(results[0] == results[1] && results[0] == (files.hasSuffix("missing") ? "2\n" : "0\n"))
        }
    }

    // MARK: Sub-agents

    @Test func `a sub-agent is told its task, what it gets, and what to hand back`() throws {
        var fixture = try TargetFixture(
            "# S\n\n1. Get `all.csv`.\n2. Read `all.csv`, write `a.md`.\n3. Weigh it.\n", gaps: [:])
        fixture.support = HarnessDescription.Support(subAgents: true)
        let items = fixture.source.blocks.filter { $0.kind == .item }
        let steps = zip(items, ["Get it", "Read it", "Weigh it"]).enumerated().map { index, item in
            Workflow.Step(
                id: "s\(index + 1)", line: 7 + index, span: item.0.span, title: item.1, after: index == 0 ? [] : ["s1"])
        }
        let workflow = Workflow(
            steps: steps, parallel: [.init(kind: .thread, steps: ["s2", "s3"], line: 8, why: "of their own")])
        let value = try #require(
            Schedule.run(fixture.source, workflow: workflow, support: fixture.support, gaps: []).value)
        #expect(value.plan.steps.map(\.uses) == [["all.csv"], ["all.csv"], []])
        #expect(value.plan.steps.map(\.makes) == [[], ["a.md"], []])
        let text = try EditApplication(value.edits.edits, to: fixture.source).text
        #expect(
            text.contains(
                """
                3. Weigh it.

                These sub-tasks do not depend on each other; give each to a sub-agent of its own:

                - Task: “Read it”. Inputs: the result of “Get it”, `all.csv`. Hand back: `a.md`.
                - Task: “Weigh it”. Inputs: the result of “Get it”. Hand back: its result.

                """))
        var edits = value.edits
        // The titles are the test's own words: those of a skill are in its text.
        edits.edits[0].replacement = edits.edits[0].replacement.replacing("Get it", with: "Get")
            .replacing("Read it", with: "Read")
        #expect(try fixture.guarded([edits]).diagnostics == [])
    }
}

extension String {
    fileprivate func replacing(_ part: String, with other: String) -> String {
        var result = ""
        var rest = self[...]
        while let found = rest.firstRange(of: part) {
            result += rest[..<found.lowerBound] + other
            rest = rest[found.upperBound...]
        }
        return result + rest
    }
}

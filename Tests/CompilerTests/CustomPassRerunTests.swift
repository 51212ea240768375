import Basics
import BuildEngine
import Compiler
import ContentStore
import SkillModel
import Synchronization
import TestSupport
import Testing

/// What reruns when a custom pass, or what it reads, changes; the pass's program is played by the test.
struct CustomPassRerunTests {
    /// Answers without a program, and counts how often it was asked.
    private final class Scripted: PassRunner {
        let asked = Mutex<[String]>([])
        let answers = Mutex<[String: String]>([:])

        func answer(of pass: PreparedPass, on skill: String, to request: [UInt8], files: [TreeEntry]?) throws -> [UInt8]
        {
            asked.withLock { $0.append(pass.name) }
            return Array((answers.withLock { $0[pass.name] } ?? "{\"protocol\":1}").utf8)
        }
    }

    private func pass(
        _ name: String, _ inputs: Set<CustomPass.Input>, after: [String] = CustomPass.builtIn, program: String = "1"
    ) throws -> PreparedPass {
        PreparedPass(
            CustomPass(
                name: try #require(PassName(name)), command: ["python3", "passes/\(name).py"], inputs: inputs,
                after: after,
                phrases: ["Mark"]),
            files: [
                TreeEntry(
                    try #require(RelativePath("passes/\(name).py")),
                    .file(Blob(of: Array(program.utf8)), executable: true))
            ],
            program: .init(name: "python3", blob: Blob(of: Array("python".utf8)), path: "/usr/bin/python3"),
            variables: [:],
            before: Set(after))
    }

    /// An insertion at the end of the text.
    private func mark(_ rule: String, at place: Int) -> String {
        "{\"protocol\":1,\"edits\":[{\"span\":[\(place),\(place)],\"replacement\":\"\\nMark\\n\",\"rule\":\"\(rule)\",\"reason\":\"r\"}]}"
    }

    @Test func `a pass runs once, and again only for what it reads`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            let runner = Scripted()
            world.custom = CustomPasses([try pass("mine", [.dependencies])], runner: runner)
            let first = try world.build()
            #expect(first.ran.contains("mine small"))
            #expect(first.variants[0].passes.keys.sorted() == ["bind", "lower", "mine", "schedule"])
            try world.expectNothingToDo()

            // A level, the environment, a data file: none of them is an input of it, nor did its answer change.
            world.targets[0].levels[.toolExec] = .l1
            world.targets[0].environment.tools["jq"] = "1.6"
            world.files["assets/names.csv"] = "c,d\n"
            #expect(try !world.build().passes.contains("mine"))
            // Its text is: one run, and as its answer is what it was, nothing runs because of it.
            try world.edit("SKILL.md", "200 words", "300 words")
            #expect(try world.build().passes.contains("mine"))
            #expect(runner.asked.withLock { $0.count } == 2)
            try world.expectNothingToDo()
        }
    }

    @Test func `an edited program reruns its pass, and what its output changes`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            let runner = Scripted()
            world.custom = CustomPasses(
                [try pass("first", [.document]), try pass("second", [.edits], after: ["first"])], runner: runner)
            let before = try world.build()
            world.custom?.passes[0] = try pass("first", [.document], program: "2")
            let same = try world.build()
            #expect(same.ran == ["first small"])
            guard case .input(let change)? = same.why["first small"]?.first else {
                Issue.record("\(same.why)")
                return
            }
            #expect(change.path == "pass/passes/first.py")
            #expect(same.variants[0].tree == before.variants[0].tree)

            world.custom?.passes[0] = try pass("first", [.document], program: "3")
            let end = try #require(world.files["SKILL.md"]?.utf8.count)
            runner.answers.withLock { $0["first"] = mark("end", at: end) }
            let other = try world.build()
            #expect(other.ran == ["first small", "guard small", "link small", "second small"])
            #expect(other.variants[0].diagnostics.isEmpty, "\(other.variants[0].diagnostics)")
            #expect(other.variants[0].tree != before.variants[0].tree)
            try world.expectNothingToDo()
        }
    }

    @Test func `each declared input reruns the pass when it changes, and no undeclared one does`() throws {
        let changes: [(CustomPass.Input, (inout SkillWorld) throws -> Void)] = [
            (.source, { $0.files["assets/names.csv"] = "x\n" }),
            (.gaps, { $0.targets[0].levels[.toolExec] = .l1 }),
            (.support, { $0.targets[0].support.bodyTokens = 9 }),
            (.environment, { $0.targets[0].environment.tools["jq"] = "1.6" }),
            (.target, { $0.targets[0].model = "example/other" }),
        ]
        for (input, change) in changes {
            for declared in [input, .candidates] {
                try withScratch { scratch in
                    var world = try SkillWorld(scratch)
                    world.custom = CustomPasses([try pass("mine", [declared])], runner: Scripted())
                    try world.build()
                    try change(&world)
                    #expect(try world.build().passes.contains("mine") == (declared == input), "\(input), \(declared)")
                    try world.expectNothingToDo()
                }
            }
        }
    }

    @Test func `a command, a program, a variable and skvm's own part are in the key; limits and places are not`() throws
    {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            let plain = try pass("mine", [.document])
            world.custom = CustomPasses([plain], runner: Scripted())
            try world.build()
            var other = plain
            other.pass.limits = .init(seconds: 1, memory: 16)
            other.program?.path = "/opt/python/bin/python3"
            world.custom?.passes = [other]
            try world.expectNothingToDo()

            let changes: [(inout PreparedPass) -> Void] = [
                { $0.pass.command.append("--hard") }, { $0.program?.blob = Blob(of: Array("python 4".utf8)) },
                { $0.variables = ["STYLE": nil] }, { $0.variables = ["STYLE": ""] },
            ]
            for change in changes {
                var changed = plain
                change(&changed)
                world.custom?.passes = [changed]
                #expect(try world.build().ran == ["mine small"])
            }
            world.custom?.passes = [plain]
            world.implementations.custom = Digest(of: "another protocol")
            #expect(try world.build().ran == ["mine small"])
            try world.expectNothingToDo()
        }
    }

    @Test func `passes that rewrite the same text are an error that names both`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            let runner = Scripted()
            for name in ["first", "second"] {
                runner.answers.withLock {
                    $0[name] =
                        "{\"protocol\":1,\"edits\":[{\"span\":[5,9],\"replacement\":\"x\",\"rule\":\"cut\",\"reason\":\"r\"}]}"
                }
            }
            world.custom = CustomPasses([try pass("first", []), try pass("second", [])], runner: runner)
            let variant = try world.build().variants[0]
            #expect(variant.tree == nil)
            #expect(variant.diagnostics.map(\.id) == ["link.overlap"])
            #expect(variant.diagnostics[0].message == "first.cut and second.cut rewrite the same text")
        }
    }

    @Test func `a pass that breaks the contract fails the variant at guard, and words that it did not declare, too`()
        throws
    {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            let runner = Scripted()
            world.custom = CustomPasses([try pass("mine", [])], runner: runner)
            let end = try #require(world.files["SKILL.md"]?.utf8.count)
            for (text, id) in [("Be careful.", "guard.addition"), ("Mark", nil)] as [(String, String?)] {
                runner.answers.withLock {
                    $0["mine"] = mark("end", at: end).replacing("Mark", with: text)
                }
                world.files["notes"] = text
                var changed = try pass("mine", [])
                changed.variables = ["N": text]
                world.custom?.passes = [changed]
                let variant = try world.build().variants[0]
                #expect(variant.diagnostics.map(\.id) == (id.map { [$0] } ?? []))
                #expect((variant.tree == nil) == (id != nil))
            }
        }
    }

    @Test func `a failure is not remembered: mended, the pass is asked again`() throws {
        try withScratch { scratch in
            var world = try SkillWorld(scratch)
            let runner = Scripted()
            runner.answers.withLock { $0["mine"] = "nonsense" }
            world.custom = CustomPasses([try pass("mine", [])], runner: runner)
            let failed = try world.build().variants[0]
            #expect(failed.tree == nil && failed.diagnostics.map(\.id) == ["pass.json"])
            runner.answers.withLock { $0["mine"] = "{\"protocol\":1}" }
            #expect(try world.build().variants[0].tree != nil)
            try world.expectNothingToDo()
        }
    }
}

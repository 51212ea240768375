import Basics
import Formats
import SkillModel
import Testing

@testable import Passes

/// What a pass may answer, and all the ways in which an answer is none.
@Suite struct PassAnswerTests {
    /// `ä` begins at byte 49 of the text.
    private func document() throws -> SkillDocument {
        try TargetFixture("# S\n\nä Some text here, and more of it.\n").source
    }

    private func read(_ answer: String) throws -> PassResult<EditSet> {
        try PassAnswer.read(
            Array(answer.utf8), pass: "mine", skill: "alpha", document: try document(),
            gaps: [Gap(primitive: .toolExec, required: .l3, supplied: .l1)],
            additions: PassAdditions(files: ["references/", "data/x.json"], executables: ["bin/"]))
    }

    private func edit(_ start: Int, _ end: Int, _ rule: String = "one") -> String {
        "{\"span\":[\(start),\(end)],\"replacement\":\"x\",\"rule\":\"\(rule)\",\"reason\":\"why\"}"
    }

    @Test func `edits, files and diagnostics are taken over with the pass's name before their rules`() throws {
        let result = try read(
            """
            {"protocol":1,"edits":[{"span":[52,56],"replacement":"b","rule":"two","reason":"r","gap":"tool.exec"},
            {"span":[45,45],"replacement":"a","rule":"one","reason":"r"}],
            "files":[{"path":"references/a.md","text":"t","rule":"one"},
            {"path":"bin/x","text":"t","rule":"one","executable":true}],
            "diagnostics":[{"id":"long","severity":"warning","message":"m","line":6,"hint":"h"}]}
            """)
        let set = try #require(result.value)
        #expect(set.edits.map(\.rule) == ["mine.one", "mine.two"])
        #expect(set.edits.map { $0.gap?.primitive } == [nil, .toolExec])
        #expect(set.files.map(\.path.text) == ["bin/x", "references/a.md"])
        #expect(set.files.map(\.isExecutable) == [true, false])
        #expect(result.diagnostics.map(\.id) == ["mine.long"])
        #expect(result.diagnostics[0].location == SourceLocation(file: "SKILL.md", line: 6))
        #expect(try read("{\"protocol\":1}").value == EditSet())
    }

    private func added(_ path: String, _ additions: PassAdditions, executable: Bool = false) -> String? {
        let answer =
            "{\"protocol\":1,\"files\":[{\"path\":\"\(path)\",\"text\":\"t\",\"rule\":\"one\",\"executable\":\(executable)}]}"
        do {
            _ = try PassAnswer.read(
                Array(answer.utf8), pass: "mine", skill: "alpha", document: try document(), gaps: [],
                additions: additions)
            return nil
        } catch {
            return (error as? DiagnosticsError)?.diagnostics.first?.id
        }
    }

    @Test func `a pass adds the files that the project declares, and Markdown below references when it declares none`()
    {
        #expect(added("references/a.md", .standard) == nil)
        for path in ["scripts/evil.sh", "references/a.txt", "references/a.sh", "notes.md", "settings.json"] {
            #expect(added(path, .standard) == "pass.added", "\(path)")
        }
        #expect(added("references/a.md", .standard, executable: true) == "pass.added")
        let wide = PassAdditions(files: ["references/", "data/x.json"], executables: ["bin/"])
        #expect(added("references/a.txt", wide) == nil && added("data/x.json", wide) == nil)
        #expect(added("bin/x", wide, executable: true) == nil && added("bin/x", wide) == nil)
        #expect(added("references/x", wide, executable: true) == "pass.added")
        #expect(added("data/y.json", wide) == "pass.added" && added("binary/x", wide) == "pass.added")
    }

    @Test(arguments: [
        ".claude/settings.json", "references/.hidden.md", "references/CLAUDE.md", "references/AGENTS.md", "a/SKILL.md",
        "hooks/hooks.json", "mcp.json", "skvm.toml", ".skvm/bind.sh",
    ])
    func `hidden names and a harness's own files are never added, whatever is declared`(path: String) {
        let all = PassAdditions(
            files: ["references/", "a/", "hooks/", "mcp.json", "skvm.toml", ".claude/", ".skvm/"],
            executables: [".skvm/"])
        #expect(added(path, all) == "pass.added")
    }

    @Test func `an error among its diagnostics leaves nothing to build`() throws {
        let result = try read(
            "{\"protocol\":1,\"edits\":[\(edit(45, 45))],\"diagnostics\":[{\"id\":\"no\",\"severity\":\"error\",\"message\":\"m\"}]}"
        )
        #expect(result.value == nil && result.hasErrors)
    }

    @Test(arguments: [
        ("", "pass.json"), (" \n", "pass.json"), ("nothing to do", "pass.json"), ("{\"protocol\":1", "pass.json"),
        ("{\"protocol\":1}{}", "pass.json"), ("{\"protocol\":1,\"protocol\":1}", "pass.json"),
        ("{\"protocol\":1,\"edits\":\(String(repeating: "[", count: 100_000))", "pass.json"),
        ("[]", "pass.shape"), ("{}", "pass.shape"), ("{\"protocol\":2}", "pass.version"),
        ("{\"protocol\":\"1\"}", "pass.version"), ("{\"protocol\":1,\"edit\":[]}", "pass.shape"),
        ("{\"protocol\":1,\"edits\":{}}", "pass.shape"), ("{\"protocol\":1,\"edits\":[1]}", "pass.shape"),
        ("{\"protocol\":1,\"symlinks\":[{\"path\":\"a\",\"target\":\"/etc/passwd\"}]}", "pass.shape"),
        ("{\"protocol\":1,\"edits\":[{\"span\":[0,1],\"replacement\":\"x\",\"rule\":\"r\"}]}", "pass.shape"),
        (
            "{\"protocol\":1,\"edits\":[{\"span\":[0],\"replacement\":\"x\",\"rule\":\"r\",\"reason\":\"\"}]}",
            "pass.shape"
        ),
        (
            "{\"protocol\":1,\"edits\":[{\"span\":[0.5,1],\"replacement\":\"x\",\"rule\":\"r\",\"reason\":\"\"}]}",
            "pass.shape"
        ),
        (
            "{\"protocol\":1,\"edits\":[{\"span\":[0,1],\"replacement\":\"x\",\"rule\":\"R R\",\"reason\":\"\"}]}",
            "pass.shape"
        ),
        (
            "{\"protocol\":1,\"edits\":[{\"span\":[0,1],\"replacement\":\"x\",\"rule\":\"r\",\"reason\":\"a\\u001b[2J\"}]}",
            "pass.shape"
        ),
        (
            "{\"protocol\":1,\"edits\":[{\"span\":[0,1],\"replacement\":\"x\",\"rule\":\"r\",\"reason\":\"\",\"gap\":\"gen.image\"}]}",
            "pass.gap"
        ),
        ("{\"protocol\":1,\"diagnostics\":[{\"id\":\"a\",\"severity\":\"fatal\",\"message\":\"m\"}]}", "pass.shape"),
        (
            "{\"protocol\":1,\"diagnostics\":[{\"id\":\"a\",\"severity\":\"note\",\"message\":\"m\",\"line\":99}]}",
            "pass.shape"
        ),
    ])
    func `what is no answer is an error that names the pass and the skill`(_ answer: String, _ id: String) throws {
        do {
            _ = try read(answer)
            Issue.record("it was taken: \(answer.prefix(80))")
        } catch let error as DiagnosticsError {
            let found = try #require(error.diagnostics.first)
            #expect(found.id == id, "\(found)")
            #expect(found.message.hasPrefix("pass 'mine' on 'alpha': "))
            #expect(found.hint?.contains("skvm check --pass mine") == true)
        }
    }

    private func id(_ answer: String) -> String? {
        do {
            _ = try read(answer)
            return nil
        } catch {
            return (error as? DiagnosticsError)?.diagnostics.first?.id
        }
    }

    @Test func `bytes that are no UTF-8 are no answer`() throws {
        let bytes: [UInt8] = Array("{\"protocol\":1,\"edits\":[{\"span\":[0,0],\"replacement\":\"".utf8) + [0xFF, 0xC0]
        let document = try document()
        #expect(throws: DiagnosticsError.self) {
            try PassAnswer.read(bytes, pass: "mine", skill: "alpha", document: document, gaps: [], additions: .standard)
        }
        #expect(
            id(
                "{\"protocol\":1,\"edits\":[{\"span\":[45,45],\"replacement\":\"\\ud800\",\"rule\":\"r\",\"reason\":\"\"}]}"
            ) == "pass.json")
        #expect(
            id(
                "{\"protocol\":1,\"edits\":[{\"span\":[45,45],\"replacement\":\"\\u0000\",\"rule\":\"r\",\"reason\":\"\"}]}"
            ) == "pass.shape")
    }

    @Test(arguments: [
        (-1, 3), (60, 50), (0, 100_000), (Int.min, Int.max), (Int.max, Int.max), (49, 50), (50, 50),
    ])
    func `an edit outside the text or inside a character is refused`(start: Int, end: Int) throws {
        #expect(try document().bytes[49...50].elementsEqual("ä".utf8))
        #expect(id("{\"protocol\":1,\"edits\":[\(edit(start, end))]}") == "pass.span")
    }

    @Test func `a span beyond 64 bits is refused like any other`() {
        #expect(
            id(
                "{\"protocol\":1,\"edits\":[{\"span\":[0,99999999999999999999],\"replacement\":\"\",\"rule\":\"r\",\"reason\":\"\"}]}"
            ) == "pass.shape")
    }

    @Test func `edits of one pass that share a byte are refused, and both are named`() throws {
        let answer = "{\"protocol\":1,\"edits\":[\(edit(52, 58, "two")),\(edit(47, 53, "one"))]}"
        #expect(id(answer) == "pass.overlap")
        do { _ = try read(answer) } catch let error as DiagnosticsError {
            #expect(error.diagnostics[0].message.contains("mine.one and mine.two"))
        }
    }

    @Test(arguments: [
        "../out", "/etc/passwd", "a/../b", "a//b", "", ".", "a/", "a\\b", "c:d", "a\u{1B}b", "a\u{202E}b",
        ".git/config",
        "x/.GIT/y", "con.", "a ", "nul\u{0}", String(repeating: "a/", count: 20) + "b",
        String(repeating: "a", count: 201),
    ])
    func `a path outside the skill, or none that every disk takes, is refused`(path: String) throws {
        let text = TOMLLiteral.quoted(path)
        let answer = "{\"protocol\":1,\"files\":[{\"path\":\(text),\"text\":\"t\",\"rule\":\"r\"}]}"
        #expect(["pass.path", "pass.shape"].contains(id(answer)))
    }

    @Test func `more than the limits is refused`() {
        let edits = Array(repeating: edit(45, 45), count: PassAnswer.Limit.edits + 1).joined(separator: ",")
        #expect(id("{\"protocol\":1,\"edits\":[\(edits)]}") == "pass.limit")
        let long = String(repeating: "x", count: PassAnswer.Limit.text + 1)
        #expect(
            id("{\"protocol\":1,\"files\":[{\"path\":\"references/a\",\"text\":\"\(long)\",\"rule\":\"r\"}]}")
                == "pass.limit")
    }

    @Test func `a request holds what was declared and nothing else`() throws {
        var request = PassRequest(pass: "mine", text: "t")
        #expect(
            String(decoding: try request.encoded(), as: UTF8.self)
                == "{\"pass\":\"mine\",\"protocol\":1,\"relocation\":\"@@SKVM_SKILL_DIR@@\",\"text\":\"t\"}\n")
        request.support = .init(batchedCalls: true, bodyTokens: 5)
        request.files = [.init(path: try #require(RelativePath("a")), size: 1, executable: false)]
        #expect(
            String(decoding: try request.encoded(), as: UTF8.self)
                == "{\"files\":[{\"executable\":false,\"path\":\"a\",\"size\":1}],\"folder\":\"/skvm/skill\",\"pass\":\"mine\","
                + "\"protocol\":1,\"relocation\":\"@@SKVM_SKILL_DIR@@\",\"support\":{\"batchedCalls\":true,\"bodyTokens\":5,"
                + "\"subAgents\":false},\"text\":\"t\"}\n")
    }
}

import Basics
import SkillModel
import TestSupport
import Testing

@testable import Passes

/// A template says what runs it, and what nothing runs is none.
@Suite struct TemplateRunnerTests {
    private func result(_ body: String) throws -> PassResult<SolidificationSet> { Solidify.run(try document(body)) }

    private func first(_ body: String) throws -> SolidificationCandidate {
        try #require(try result(body).value?.candidates.first)
    }

    private func javaScript(_ code: String, _ language: String = "js") -> String { "```\(language)\n\(code)\n```\n" }

    private static let call = "x.send({ friendlyName: 'Ann' });"

    @Test(
        arguments: [
            ("js", "import x from 'acme';\nawait \(call)", "mjs", nil),
            ("js", "const x = client();\n\(call)", "mjs", nil),
            ("js", "const x = require('acme');\nx.create();\n\(call)", "cjs", nil),
            ("ts", "import x from 'acme';\nawait \(call)", "mts", "22.18.0"),
            ("ts", "const x: Client = require('acme');\n\(call)\nx.create();", "cts", "22.18.0"),
            ("javascript", "const x: Client = await client();\n\(call)", "mts", "22.18.0"),
            ("js", "const f = async () => { await fetch(a / 2, `x${ { a: 1 }.a }`); };\n\(call)", "mjs", nil),
            ("js", "const a = /[/}]'/.test(x) ? 1 : 2; // it's }\nfetch(a);\n\(call)", "mjs", nil),
            (
                "js",
                "for (const x of y) {\n  if (x) { await z(x); }\n}\nconst f = function () { return 1 };\nexport { f };\n\(call)",
                "mjs", nil
            ),
        ] as [(String, String, String, String?)])
    func `JavaScript says whether node reads it as a module, and TypeScript from which version on`(
        language: String, code: String, ending: String, minimum: String?
    ) throws {
        let runner = try #require(try first(javaScript(code, language)).runner)
        #expect(runner == TemplateRunner(program: "node", minimum: minimum, ending: ending))
    }

    @Test(arguments: [
        ("js", "await x.send({ kind: 'a' );"), ("js", "await x.send({ kind: 'a'"),
        ("js", "await x.send({ kind: 'a', ... });"),
        ("js", "await send(...);\nx = { kind: 'a' };"), ("js", "await fetch(the user, { kind: 'a' });"),
        ("js", "const x = require('acme');\nawait x.send({ kind: 'a' });"),
        ("js", "const a = { kind: 'a' };\nawait x,"),
        ("js", "while (a) {\n  const b = await x({ kind: 'a' });\n  if (b) return b;\n}"),
        ("js", "await x({ kind: 'a' }); /* more"), ("js", "await x({ kind: 'a' });\nconst b = `${a;"),
        ("ts", "enum Kind { A }\nawait x({ kind: 'a' });"),
        ("ts", "@Injectable()\nclass A {}\nawait x({ kind: 'a' });"),
        ("ts", "class A { constructor(private x: B) {} }\nawait x({ kind: 'a' });"),
        ("ts", "import x = require('acme');\nawait x({ kind: 'a' });"),
    ])
    func `what node does not run is no template, and the reason is told`(language: String, code: String) throws {
        let result = try result(javaScript(code, language))
        #expect(result.value?.candidates.isEmpty == true, "\(result.value?.candidates.first?.template ?? "")")
        #expect(result.diagnostics.map(\.id) == ["solidify.refused"])
    }

    @Test func `a type that is imported is said to be one, as node keeps every other import`() throws {
        let code = """
            import { Client, Event, run } from 'acme';
            const x = new Client({ model: 'm' });
            x.on((event: Event) => { run({ event: event }); });
            await x.start();
            """
        let found = try first(javaScript(code, "ts"))
        #expect(found.template.hasPrefix("import { Client, type Event, run } from 'acme';"))
    }

    @Test(arguments: [
        ("python", "import os\nos.system(\"./run.sh\")\nclient.send(to=\"a\")", ["to"]),
        ("js", "const x = require('./lib.js');\nx.create({ kind: 'a' });", ["kind"]),
        ("js", "await x.create({ kind: 'a' }); // { other: 'b' }", ["kind"]),
        ("js", "await x.create({ kind: 'a', text: `other: 'b'` });", ["kind"]),
    ])
    func `what is loaded, run as a command or said in a comment is no value`(
        language: String, code: String, names: [String]
    ) throws {
        #expect(try first(javaScript(code, language)).parameters.map(\.name) == names)
    }

    @Test(arguments: [
        ("tool run <name>", "sh"), ("tool run <name> \"${X:-y}\" '[[ a ]]' # source x", "sh"),
        ("X=1\nfor f in a b; do tool \"$f\" <name> \"$X\"; done", "sh"),
        ("X=1\nif [[ $X ]]; then tool <name>; fi", "bash"),
        ("X=1\ntool <name> \"${X//a/b}\"", "bash"), ("X=(a b)\ntool <name> \"${X[0]}\"", "bash"),
        ("set -euo pipefail\nX=1\ntool <name> \"$X\"", "bash"),
        ("X=1\nfor i in {1..5}; do tool <name> \"$X\"; done", "bash"),
        ("X=1\ntool <name> \"$X\" <<< a", "bash"), ("X=1\nsource x.sh\ntool <name> \"$X\"", "bash"),
    ])
    func `a shell's template says which shell has all of it`(code: String, program: String) throws {
        #expect(try first(shell(code)).runner == TemplateRunner(program: program, ending: "sh"))
    }

    @Test func `python runs python, and nothing runs a query or a request`() throws {
        #expect(try first("```python\nclient.send(to=\"a\")\n```\n").runner?.program == "python3")
        #expect(try first("```sql\nSELECT * FROM t WHERE a = 'b';\n```\n").runner == nil)
        #expect(try first("```http\nGET /notes/:id\n```\n").runner == nil)
    }

    @Test(arguments: [("tail -n 20 ~/log/<server>/out", 1), ("mkdir -p a/b", 0), ("cd <folder>", 0)])
    func `an everyday command is a template where it has a gap`(command: String, count: Int) throws {
        #expect(try result(shell(command)).value?.candidates.count == count)
    }

    @Test func `the name of a service is no file`() throws {
        #expect(try result(shell("tool enable storage.acme.com maps.acme.com")).value?.candidates.isEmpty == true)
        #expect(try first(shell("tool find www.example.com")).parameters.map(\.type) == [.string])
    }

    /// Each of these took the square of its length: minutes, with so much.
    @Test func `long fences and long lines are read once`() throws {
        let count = 20_000
        let marks = ParameterReader.marks(in: (0..<count).map { "<a\($0)>" }.joined(separator: " "))
        #expect(marks.count == count)
        _ = ShellVariables((0..<count).map { "tool \"$X\($0)\"" }.joined(separator: "\n"))
        let words = (0..<count).map { "<a\($0)> '-x' [b" }.joined(separator: " ")
        #expect(try result(shell("tool run " + words)).value?.candidates.isEmpty == true)
        let lines = (0..<count).map { "tool run <a\($0)> --to \"$X\($0)\"" }.joined(separator: "\n")
        #expect(try result(shell(lines)).value?.candidates.count == 1)
    }

    @Test func `a block with more values than anybody gives is no template`() throws {
        let block = "A=1\ntool $A " + (0..<60).map { "<a\($0)>" }.joined(separator: " ")
        #expect(try result(shell(block)).value?.candidates.isEmpty == true)
        #expect(
            try result(shell("tool run " + (0..<60).map { "<a\($0)>" }.joined(separator: " "))).value?.candidates
                .isEmpty == true)
    }
}

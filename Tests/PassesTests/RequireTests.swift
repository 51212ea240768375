import Basics
import Passes
import SkillModel
import Testing

@Suite struct `Requirements` {
    private func level(_ primitive: Primitive, _ document: SkillDocument) throws -> Level? {
        try #require(Require.run(document).value).requirements.first { $0.primitive == primitive }?.level
    }

    struct Example: Sendable, CustomTestStringConvertible {
        var primitive: Primitive
        var expected: Level?
        var description = "Does a thing."
        var body: String
        var testDescription: String { "\(primitive.rawValue) \(expected?.text ?? "none")" }
    }

    static let examples: [Example] = [
        Example(primitive: .genCodePython, expected: .l3, body: "```python\nimport pandas as pd\n```\n"),
        Example(primitive: .genCodePython, expected: .l2, body: "```python\nimport csv\n```\n"),
        Example(primitive: .genCodePython, expected: nil, body: shell("python3 scripts/x.py a")),
        Example(primitive: .genCodeJavaScript, expected: .l3, body: "```tsx\nconst A = () => <p/>\n```\n"),
        Example(primitive: .genCodeJavaScript, expected: .l2, body: "```js\nlet x = 1\n```\n"),
        Example(primitive: .genCodeShell, expected: .l1, body: shell("tool list a")),
        Example(
            primitive: .genCodeShell, expected: .l2,
            body: shell("for f in *.x; do tool $f > $f.y; done\ntool a > b\ntool c > d")),
        Example(
            primitive: .genCodeShell, expected: .l3,
            body: shell("tool a | awk '{print $1}' | xargs -n1 b\ntool c | sed s/a/b/ | awk x")),
        Example(primitive: .genCodeSQL, expected: .l2, body: "```sql\nselect a from b join c on d\n```\n"),
        Example(primitive: .genCodeSQL, expected: .l3, description: "Migrates stored procedures.", body: "Text.\n"),
        Example(primitive: .genCodeHTML, expected: .l3, body: "```html\n<svg><path d=\"\"/></svg>\n```\n"),
        Example(primitive: .genTextStructured, expected: .l1, body: "## Saving\n\n```json\n{\"url\": \"x\"}\n```\n"),
        Example(
            primitive: .genTextStructured, expected: nil,
            body: "## Saving\n\nReturns:\n\n```json\n{\"url\": \"x\"}\n```\n"),
        Example(primitive: .genTextLong, expected: .l3, description: "Writes a testing plan.", body: "Text.\n"),
        Example(primitive: .genTextProse, expected: .l2, description: "Helps to write newsletters.", body: "Text.\n"),
        Example(primitive: .genRegex, expected: .l2, description: "Writes a regular expression.", body: "Text.\n"),
        Example(
            primitive: .reasonArithmetic, expected: .l2, body: "Calculate the sum of all.\n\nGive averages per week.\n"),
        Example(primitive: .reasonPlanning, expected: .l2, description: "Makes a roadmap.", body: "Text.\n"),
        Example(
            primitive: .reasonAnalysis, expected: .l3, description: "Finds the root cause of faults in code.",
            body: "Text.\n"),
        Example(primitive: .toolFileRead, expected: .l2, body: "See [a](references/a.md) and [b](references/b.md).\n"),
        Example(primitive: .toolFileWrite, expected: .l2, body: "Write the result to `report.md`.\n"),
        Example(primitive: .toolExec, expected: .l1, body: shell("tool list")),
        Example(primitive: .toolExec, expected: .l2, body: shell("python3 scripts/x.py --in a --out b")),
        Example(primitive: .toolExec, expected: nil, body: "Text.\n"),
        Example(
            primitive: .toolCallFormat, expected: .l1, description: "Reads connected calendars via MCP.",
            body: "Text.\n"),
        Example(
            primitive: .toolCallBatch, expected: .l2,
            body: "Start all searches in parallel.\n\nFetch them concurrently.\n"),
        Example(
            primitive: .toolWeb, expected: .l2, body: shell("curl https://x.dev/api?a=1\ncurl https://x.dev/api?b=1")),
        Example(
            primitive: .toolWeb, expected: .l3,
            body: shell(
                "curl https://x.dev/a -H 'Authorization: Bearer $T'\ncurl https://x.dev/b -H 'Authorization: Bearer $T'"
            )),
        Example(
            primitive: .toolBrowser, expected: .l2, description: "Browser automation.",
            body: "Click the button.\n\nFill the form.\n"),
        Example(primitive: .followFormat, expected: .l2, body: "Use this template:\n\n```markdown\n# A\n```\n"),
        Example(primitive: .followConstraint, expected: .l2, body: "You must ask. Never guess. Always check.\n"),
        Example(
            primitive: .followConstraint, expected: nil,
            body: "## Tips\n\n- Never rush.\n- Always smile.\n- You must rest.\n"),
        Example(
            primitive: .followProcedure, expected: .l1,
            body: "## Workflow\n\n1. Read it.\n2. Change it.\n3. Write it.\n"),
        Example(primitive: .followStyle, expected: .l1, body: "Keep a friendly tone.\n"),
        Example(
            primitive: .followDelegation, expected: .l3, body: "Run `scripts/x.py a`; it is the source of truth.\n"),
    ]

    @Test(arguments: examples)
    func `a primitive at the lowest level that suffices`(example: Example) throws {
        let document = try skill(example.description, example.body)
        #expect(try level(example.primitive, document) == example.expected)
    }

    @Test func `a requirement says where and by which rule`() throws {
        let set = try #require(Require.run(try document("# T\n\n" + shell("tool list"))).value)
        let exec = try #require(set.requirements.first { $0.primitive == .toolExec })
        #expect(exec.rules == ["require.tool.exec.command"])
        #expect(exec.evidence.map(\.line) == [8])
        #expect(set.requirements.map(\.primitive) == set.requirements.map(\.primitive).sorted())
    }

    @Test func `code that a bundled program can stand for has that path`() throws {
        let body = "Run `scripts/x.py`.\n\n```python\nimport csv\n```\n"
        let set = try #require(Require.run(try document(body, files: ["scripts/x.py": "import csv\n"])).value)
        let python = try #require(set.requirements.first { $0.primitive == .genCodePython })
        #expect(python.alternatives.map(\.path) == ["bundled program", "shell", "javascript"])
    }

    @Test func `first steps leave a reference one, steps that are the text make a procedure`() throws {
        let steps = (1...4).map { "\($0). Run the part.\n" }.joined()
        let names = ["list", "show", "add", "move", "drop", "copy", "find", "sync"]
        let commands = names.map { "### The \($0) command\n\n" + shell("tool \($0) --name x") }.joined()
        let reference = try skill(
            "Control it by its CLI.", "# T\n\n## Quick start\n\n\(steps)\n## Commands\n\n\(commands)")
        let procedure = try skill("Does a thing.", "# T\n\n## Workflow\n\n\(steps)")
        #expect(try #require(Require.run(reference).value).archetype == .toolReference)
        #expect(try #require(Require.run(procedure).value).archetype == .procedural)
    }

    @Test func `archetypes`() throws {
        let reference = try skill(
            "Control the player by its CLI.", "# P\n\n## Commands\n\n" + shell("play a\nplay b\nplay c\nplay d"))
        let procedure = try skill(
            "Migrates a project.",
            "# M\n\n## Workflow\n\n**Step 1: Read it**\n\n**Step 2: Plan it**\n\n**Step 3: Move it**\n\n**Step 4: Check it**\n"
        )
        let generation = try skill("Writes posts in the brand style.", "# W\n\nWrite with care.\n")
        let found = try [reference, procedure, generation].map { try #require(Require.run($0).value).archetype }
        #expect(found == [.toolReference, .procedural, .generative])
    }
}

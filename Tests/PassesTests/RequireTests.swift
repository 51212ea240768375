import Basics
import Passes
import SkillModel
import Testing

@Suite struct `Requirements` {
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
        #expect(python.alternatives.map(\.path) == ["bundled program", "outlined script", "shell", "javascript"])
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
        // What has nothing made is looked up; what counts its steps is a procedure, whatever code they show.
        let facts = try skill("Facts on the voices of the service.", "# V\n\n## Reference\n\n- Ada\n- Ben\n")
        let counted = try skill(
            "Search in documents.",
            "# S\n\n"
                + ["Embed", "Store", "Find", "Answer"].enumerated().map { index, verb in
                    "## Step \(index + 1) — \(verb) them\n\n```python\nclient.\(verb.lowercased())(texts)\n```\n\n"
                }.joined())
        let others = try [facts, counted].map { try #require(Require.run($0).value).archetype }
        #expect(others == [.toolReference, .procedural])
    }

    @Test func `a reference's single commands are L1, whatever is worked on; a script of code that runs is L2`() throws
    {
        func level(_ code: String) throws -> Level? {
            let set = try #require(Require.run(try document("## Commands\n\n" + shell(code))).value)
            return set.requirements.first { $0.primitive == .toolExec }?.level
        }
        #expect(try level("npx index-maker src/index.ts -o out.sql") == .l1)
        #expect(try level("curl https://x.dev/a/b/c > list.json") == .l1)
        #expect(try level("python3 ~/tools/x.py --all") == .l2)
    }

    @Test(arguments: [
        (["Read.", "Sort.", "Write."], Level.l1), (["Read.", "Sort.", "Join.", "Write.", "Send."], .l2),
        (["Read.", "Write.", "Verify the sum.", "Repeat until it holds."], .l3),
    ])
    func `a procedure's level follows its length, its branches and its loops`(steps: [String], level: Level) throws {
        let list = steps.enumerated().map { "\($0.offset + 1). \($0.element)" }.joined(separator: "\n")
        let set = try #require(Require.run(try skill("Sorts.", "# T\n\n## Workflow\n\n\(list)\n")).value)
        #expect(set.requirements.first { $0.primitive == .followProcedure }?.level == level)
    }

    @Test func `guidelines that forbid are constraints, tips are not`() throws {
        func has(_ body: String) throws -> Bool {
            try #require(Require.run(try skill("Writes letters.", body)).value).requirements.contains {
                $0.primitive == .followConstraint
            }
        }
        #expect(try has("## Important guidelines\n\n- Never guess.\n- Always ask.\n"))
        #expect(try !has("## Tips\n\n- Use short words.\n- Prefer lists.\n"))
    }

    @Test func `one firm demand is a constraint of the first level, but in a tool's reference`() throws {
        func level(_ description: String, _ body: String) throws -> Level? {
            try #require(Require.run(try skill(description, body)).value).requirements
                .first { $0.primitive == .followConstraint }?.level
        }
        #expect(try level("Writes letters.", "Be brief. Never guess a name.\n") == .l1)
        let commands = shell("play a\nplay b\nplay c\nplay d")
        #expect(try level("Control the player by its CLI.", "## Commands\n\n\(commands)\nNever play it loud.\n") == nil)
    }

    @Test func `tools listed by name are called, and so is a server that the skill needs`() throws {
        func calls(_ body: String) throws -> Bool {
            try #require(Require.run(try document(body)).value).requirements.contains {
                $0.primitive == .toolCallFormat
            }
        }
        #expect(try calls("# T\n\n## Available Tools\n\n- `pb_feature_list` - lists\n- `pb_feature_get` - gets\n"))
        #expect(try calls("Use the Sentry MCP server.\n"))
        #expect(try !calls("The field `created_at` follows `updated_at`.\n"))
    }
}

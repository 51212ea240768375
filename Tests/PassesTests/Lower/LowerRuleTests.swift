import SkillModel
import Testing

@testable import Passes

/// Each rule: text in, text out.
@Suite struct LowerRuleTests {
    @Test func `a path of a bundled file becomes absolute in commands, links and code, for every target`() throws {
        let body = """
            # S

            Run `scripts/x.py` or see [the API](references/api.md), not `other/y.py`.

            ```bash
            python scripts/x.py in.pdf
            cat './scripts/x.py' "references/api.md" # scripts/x.py
            ```

            """
        let fixture = try TargetFixture(body, files: ["scripts/x.py", "references/api.md"])
        #expect(
            try fixture.body == """
                # S

                Run `@@SKVM_SKILL_DIR@@/scripts/x.py` or see [the API](<@@SKVM_SKILL_DIR@@/references/api.md>), not `other/y.py`.

                ```bash
                python "@@SKVM_SKILL_DIR@@/scripts/x.py" in.pdf
                cat "@@SKVM_SKILL_DIR@@/scripts/x.py" "@@SKVM_SKILL_DIR@@/references/api.md" # scripts/x.py
                ```

                """)
        #expect(try fixture.lowered.edits.allSatisfy { $0.gap == nil && $0.rule == "lower.relocate" })
    }

    @Test func `a chain of commands becomes one command a fragment and keeps its condition`() throws {
        let body = """
            # S

            1. Build it:

               ```bash
               npm ci && npm run build > log.txt
               npm test
               ```

            2. Done.

            """
        let fixture = try TargetFixture(body, gaps: [.toolExec: .l1])
        #expect(
            try fixture.body == """
                # S

                1. Build it:

                   ```bash
                   npm ci
                   ```

                   If that succeeded:

                   ```bash
                   npm run build > log.txt
                   ```

                   ```bash
                   npm test
                   ```

                2. Done.

                """)
        let edits = [try fixture.lowered]
        #expect(try fixture.guarded(edits).diagnostics == [])
        #expect(try fixture.secondRun(edits).isEmpty)
    }

    /// The guard took the operator for a part of the word before it, and refused the variant. Found by `make fuzz`.
    @Test(arguments: [
        ("make&&make install", ["make", "make install"]), ("a;b\nc", ["a", "b", "c"]),
        ("find . -exec rm {} \\;&& b", ["find . -exec rm {} \\;", "b"]), ("echo 'a;b'; c", ["echo 'a;b'", "c"]),
        ("echo \"a&&b\"&&c", ["echo \"a&&b\"", "c"]),
    ])
    func `commands are cut where operators touch words`(code: String, parts: [String]) throws {
        let fixture = try TargetFixture("# S\n\n1. Do it:\n\n```bash\n\(code)\n```\n", gaps: [.toolExec: .l1])
        let edits = [try fixture.lowered]
        let variant = try fixture.variant(edits)
        #expect(variant.fragments.map { $0.text.trimmingBlanks() } == parts)
        #expect(try fixture.guarded(edits).diagnostics == [])
    }

    @Test func `a part that says another thing than the fragment is no cut`() throws {
        let fixture = try TargetFixture(
            "# S\n\n1. Do it:\n\n```bash\nfind . -exec rm {} \\; ; b\n```\n", gaps: [.toolExec: .l1])
        var lowered = try fixture.lowered
        #expect(try fixture.guarded([lowered]).diagnostics == [])
        for (old, new) in [("\\;", "\\ ;"), ("{} \\;", "{}"), ("b\n", "b; b\n")] {
            let edit = lowered.edits[0]
            lowered.edits[0].replacement = edit.replacement.replacing(old, with: new)
            try #require(lowered.edits[0].replacement != edit.replacement)
            #expect(try fixture.guarded([lowered]).hasErrors, "\(old) became \(new)")
            lowered.edits[0] = edit
        }
    }

    @Test(
        arguments: [
            ("cd app\nnpm test", "cd"), ("A=1\necho $A", "variable"), ("a && b || c", "belong"),
            ("for f in *; do\n  echo $f\ndone\nls", "holds its commands together"), ("serve &\ncurl x", "background"),
            ("cat <<EOF\nx\nEOF\nls", "here-document"), ("(a; b)\nc", "holds its commands together"),
            ("export A=1\nb", "export"),
            ("ssh host\nls", "session"), ("a\necho $? > a.exit", "how the one before it ended"),
            ("a\nb \"${?}\"", "how the one before it ended"), ("a b\nc $_", "how the one before it ended"),
            ("a | b\necho ${PIPESTATUS[0]}", "how the one before it ended"),
            ("a || exit 1\nb", "`exit` ends the shell"),
        ])
    func `commands that need each other stay together, and the gap says why`(code: String, why: String) throws {
        let fixture = try TargetFixture("# S\n\n```bash\n\(code)\n```\n", gaps: [.toolExec: .l1])
        let lowered = try fixture.lowered
        #expect(lowered.edits.isEmpty)
        let open = try #require(lowered.open.first)
        #expect(open.why.hasPrefix("line 7: ") && open.why.contains(why), "\(open.why)")
    }

    @Test func `a tool reference's list of commands stays one fragment`() throws {
        let body = "# S\n\n```bash\ngh pr list\ngh pr view 1\n```\n"
        let fixture = try TargetFixture(body, gaps: [.toolExec: .l1], archetype: .toolReference)
        #expect(try fixture.lowered.edits.isEmpty)
    }

    @Test func `a whole Python program moves to a script, its sample files become arguments`() throws {
        let code = """
            import csv
            rows = []
            with open("in.csv") as source:
                for row in csv.reader(source):
                    rows.append(row)
            total = sum(len(row) for row in rows)
            with open('out.txt', "w") as target:
                target.write(f"{total}")
            print(total, "in.csv")

            """
        let body = "# S\n\n## Count cells\n\nRun this:\n\n```python\n\(code)```\n"
        let fixture = try TargetFixture(body, gaps: [.genCodePython: .l1])
        let lowered = try fixture.lowered
        #expect(
            try fixture.body
                == "# S\n\n## Count cells\n\nRun this:\n\n```bash\npython3 \"@@SKVM_SKILL_DIR@@/scripts/skvm-1-count-cells.py\" in.csv out.txt\n```\n"
        )
        let file = try #require(lowered.files.first)
        #expect(
            file.text == """
                # skvm: 2 parameter lines
                import sys
                _skvm = sys.argv[1:] + ["in.csv", 'out.txt'][len(sys.argv) - 1:]
                import csv
                rows = []
                with open(_skvm[0]) as source:
                    for row in csv.reader(source):
                        rows.append(row)
                total = sum(len(row) for row in rows)
                with open(_skvm[1], "w") as target:
                    target.write(f"{total}")
                print(total, _skvm[0])

                """)
        #expect(OutlinedScript.originalCode(of: file.text) == code)
        #expect(try fixture.guarded([lowered]).diagnostics == [])
        #expect(try fixture.secondRun([lowered]).isEmpty)
    }

    @Test func `a placeholder in capitals is one, though it is called as an element of HTML`() throws {
        let filler = (1...8).map { "print(\($0))\n" }.joined()
        let body = "# S\n\nRun this:\n\n```python\n\(filler)print(\"<TITLE>\")\nprint(\"<title>\")\n```\n"
        let file = try #require(try TargetFixture(body, gaps: [.genCodePython: .l1]).lowered.files.first)
        #expect(file.text.contains("_skvm = sys.argv[1:] + [\"<TITLE>\"]"), "\(file.text)")
        #expect(file.text.contains("print(_skvm[0])\nprint(\"<title>\")\n"), "\(file.text)")
    }

    @Test func `a program that was moved to a script is no code to be copied`() throws {
        let code = (1...8).map { "print(\($0))\n" }.joined()
        func rules(_ more: String) throws -> [String] {
            let head = "# Client\n\nCalls the API.\n\n## Commands\n\n```bash\ncall a\ncall b\n```\n\n"
            var fixture = try TargetFixture(
                "\(head)Run this:\n\n```python\n\(code)```\n\n\(more)", gaps: [.genCodePython: .l1])
            fixture.levels = [.toolFileWrite: .l3, .toolExec: .l3]
            fixture.gaps = fixture.measured()
            return try fixture.lowered.edits.map(\.rule)
        }
        let library = "import pandas\nprint(pandas.read_csv(\"a.csv\"))\n"
        #expect(
            try rules("```python\n\(library)```\n\n```python\nimport numpy\nprint(numpy.e)\n```\n")
                .contains("lower.instead.copied-code"))
        let outlined = try rules("Run this:\n\n```python\n\(code)\(library)```\n")
        #expect(Set(outlined) == ["lower.outline-python"])
    }

    @Test(
        arguments: [
            ("reader.read()\n", "`reader`"), ("key = \"YOUR_API_KEY\"\nprint(key)\n", "secret"),
            ("x = fetch(...)\n", "leaves parts out"), ("# TODO more\nprint(1)\n", "comments"),
            ("url = f\"https://x/<id>/y\"\nprint(url)\n", "part of a longer text"),
        ])
    func `Python that is no whole program stays where it is`(line: String, why: String) throws {
        let filler = (1...8).map { "print(\($0))\n" }.joined()
        let body = "# S\n\nRun this:\n\n```python\n\(filler)\(line)```\n"
        let lowered = try TargetFixture(body, gaps: [.genCodePython: .l1]).lowered
        #expect(lowered.files.isEmpty)
        #expect(lowered.open.first?.why.contains(why) == true, "\(lowered.open)")
    }

    @Test func `a shell program moves to a script, placeholders and unset variables become arguments`() throws {
        let code = """
            #!/bin/bash
            set -eu
            for page in 1 2 3; do
              pdftotext -f "$page" <file> "$OUT/page-$page.txt"
              echo 'done <file>' "with <file>"
            done

            """
        let body = "# S\n\n## Pages\n\nRun this:\n\n```bash\n\(code)```\n"
        let fixture = try TargetFixture(body, gaps: [.genCodeShell: .l1])
        let lowered = try fixture.lowered
        let file = try #require(lowered.files.first)
        #expect(
            file.text == """
                #!/bin/bash
                # skvm: 2 parameter lines
                OUT=${1-${OUT-}}
                file=${2:?'<file>'}
                set -eu
                for page in 1 2 3; do
                  pdftotext -f "$page" "$file" "$OUT/page-$page.txt"
                  echo 'done '"$file"'' "with ${file}"
                done

                """)
        #expect(OutlinedScript.originalCode(of: file.text) == code)
        #expect(try fixture.body.contains("bash \"@@SKVM_SKILL_DIR@@/scripts/skvm-1-pages.sh\" \"$OUT\" '<file>'\n"))
        #expect(try fixture.guarded([lowered]).diagnostics == [])
        #expect(try fixture.secondRun([lowered]).isEmpty)
    }

    @Test func `steps told in a paragraph are numbered with the very words`() throws {
        let body = """
            # S

            This is quick. First read `log.txt`
            closely. It is short. Then find the error, and finally write the report.

            After it.

            """
        let fixture = try TargetFixture(body, gaps: [.followProcedure: .l1])
        #expect(
            try fixture.body == """
                # S

                This is quick.

                1. First read `log.txt`
                   closely. It is short.
                2. Then find the error,
                3. and finally write the report.

                After it.

                """)
        let edits = [try fixture.lowered]
        #expect(try fixture.guarded(edits).diagnostics == [])
        #expect(try fixture.secondRun(edits).isEmpty)
    }

    @Test func `the fields of a JSON answer become a skeleton after their list`() throws {
        let body = """
            # S

            Return JSON with these fields:

            - `title`: the page's "title"
            - `tags`: list of topics
            - `draft`

            Then stop.

            """
        let fixture = try TargetFixture(body, gaps: [.followFormat: .l1])
        #expect(
            try fixture.body.contains(
                """
                - `draft`

                ````json
                {
                  "title": "<the page's \\"title\\">",
                  "tags": ["<list of topics>"],
                  "draft": "<draft>"
                }
                ````

                Then stop.
                """))
        let edits = [try fixture.lowered]
        #expect(try fixture.guarded(edits).diagnostics == [])
        #expect(try fixture.secondRun(edits).isEmpty)
    }

    @Test func `no more is rewritten than the variant's budget allows, and the rest is said`() throws {
        let body = "# S\n\n## Workflow\n\n" + String(repeating: "```bash\na b && c d; e f\n```\n\n", count: 800)
        let fixture = try TargetFixture(body, gaps: [.toolExec: .l1])
        let lowered = try fixture.lowered
        #expect(lowered.edits.count > 100 && lowered.edits.count < 800)
        #expect(lowered.open.first?.why.contains("longer than its budget") == true, "\(lowered.open)")
        #expect(try fixture.guarded([lowered]).diagnostics == [])
    }

    @Test func `a gap that no rule knows is said`() throws {
        let open = try TargetFixture("# S\n\nText.\n", gaps: [.toolBrowser: .l0]).lowered.open
        #expect(open.map(\.gap.primitive) == [.toolBrowser])
        #expect(open.first?.why == "the text shows no commands that drive a browser")
    }

    @Test func `without a gap nothing but relocation happens`() throws {
        let body = "# S\n\nFirst a. Then b. Finally c.\n\n```bash\na && b\n```\n"
        #expect(try TargetFixture(body).lowered == EditSet())
    }

    @Test func `CRLF stays CRLF`() throws {
        let body = "# S\r\n\r\nFirst a. Then b. Finally c.\r\n\r\n```bash\r\na && b\r\n```\r\n"
        let fixture = try TargetFixture(
            body, gaps: [.followProcedure: .l1, .toolExec: .l1],
            frontMatter: "---\r\nname: a\r\ndescription: b\r\n---\r\n")
        let text = try fixture.body
        #expect(text.contains("1. First a.\r\n2. Then b.\r\n3. Finally c.\r\n"))
        #expect(!text.utf8.split(separator: 0x0A).contains { $0.last != 0x0D })
        #expect(try fixture.guarded([try fixture.lowered]).diagnostics == [])
    }
}

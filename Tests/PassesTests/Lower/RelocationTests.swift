import SkillModel
import Testing

@testable import Passes

/// Paths that must be right in folders with blanks, parentheses and apostrophes in their names.
@Suite struct `Relocated paths` {
    private static let files = ["scripts/x.py", "scripts/check.sh", "references/a.md", "references/pic.png"]

    private func body(_ text: String) throws -> String {
        let fixture = try TargetFixture(text, files: Self.files)
        let edits = [try fixture.lowered]
        #expect(try fixture.guarded(edits).diagnostics == [])
        #expect(try fixture.secondRun(edits).isEmpty)
        return try fixture.body
    }

    @Test(arguments: [
        ("[a](references/a.md)", "[a](<@@/references/a.md>)"),
        ("[a](./references/a.md#part-2)", "[a](<@@/references/a.md#part-2>)"),
        ("[a](<references/a.md>)", "[a](<@@/references/a.md>)"),
        ("[a](references/a.md \"A (b)\") c)", "[a](<@@/references/a.md> \"A (b)\") c)"),
        ("![a](references/pic.png)", "![a](<@@/references/pic.png>)"),
        ("[![a](references/pic.png)](references/a.md)", "[![a](<@@/references/pic.png>)](<@@/references/a.md>)"),
        ("[a]\n\n[a]: references/a.md", "[a]\n\n[a]: <@@/references/a.md>"),
        ("[a]\n\n[a]: <references/a.md> 'A'", "[a]\n\n[a]: <@@/references/a.md> 'A'"),
        ("<img src=\"references/pic.png\" alt=\"x\">", "<img src=\"@@/references/pic.png\" alt=\"x\">"),
        ("<p>\n<a HREF='references/a.md'>a</a>\n</p>", "<p>\n<a HREF='@@/references/a.md'>a</a>\n</p>"),
        (
            "<p>\n<a href=\"https://x.dev/references/a.md\">a</a><a href=",
            "<p>\n<a href=\"https://x.dev/references/a.md\">a</a><a href="
        ),
    ])
    func `links and pictures lead there`(source: String, variant: String) throws {
        #expect(try body("# S\n\n\(source)\n") == "# S\n\n\(variant.replacing("@@", with: Relocation.token))\n")
    }

    @Test(arguments: [
        ("python", "exec(open('scripts/x.py').read())", "exec(open(\"@@/scripts/x.py\").read())"),
        ("python", "a = \"exec('scripts/x.py')\"", "a = \"exec('@@/scripts/x.py')\""),
        ("python", "a = ['b', 'scripts/x.py']", "a = ['b', \"@@/scripts/x.py\"]"),
        ("js", "run('scripts/x.py')", "run(\"@@/scripts/x.py\")"),
        ("sql", "COPY r FROM 'scripts/x.py';", "COPY r FROM '@@/scripts/x.py';"),
        ("bash", "cat 'scripts/x.py'", "cat \"@@/scripts/x.py\""),
        ("bash", "python3 -c \"open('scripts/x.py')\"", "python3 -c \"open('@@/scripts/x.py')\""),
        ("bash", "cd scripts && ./check.sh a", "cd \"@@/scripts\" && ./check.sh a"),
        ("bash", "cd scripts/\n./check.sh a", "cd \"@@/scripts/\"\n./check.sh a"),
        ("bash", "r=\"$(python3 \"scripts/x.py\" two)\"", "r=\"$(python3 \"@@/scripts/x.py\" two)\""),
        ("bash", "r=\"$(python3 scripts/x.py two)\"", "r=\"$(python3 \"@@/scripts/x.py\" two)\""),
        ("bash", "echo \"see $(cat 'scripts/x.py')\"", "echo \"see $(cat \"@@/scripts/x.py\")\""),
        ("bash", "echo $'it\\'s' && python3 scripts/x.py", "echo $'it\\'s' && python3 \"@@/scripts/x.py\""),
        (
            "bash", "cat <<EOF\nDon't\nEOF\npython3 'scripts/x.py' a",
            "cat <<EOF\nDon't\nEOF\npython3 \"@@/scripts/x.py\" a"
        ),
        ("bash", "cat <<EOF\nDon't\nEOF\npython3 scripts/x.py", "cat <<EOF\nDon't\nEOF\npython3 \"@@/scripts/x.py\""),
        ("bash", "cat <<EOF\nDon't see scripts/x.py\nEOF", "cat <<EOF\nDon't see scripts/x.py\nEOF"),
        ("bash", "cd scripts && npm test", "cd scripts && npm test"), ("bash", "cd scripts", "cd scripts"),
    ])
    func `code finds the file, or the folder`(language: String, source: String, variant: String) throws {
        func fenced(_ code: String) -> String { "# S\n\n```\(language)\n\(code)\n```\n" }
        #expect(try body(fenced(source)) == fenced(variant.replacing("@@", with: Relocation.token)))
    }

    @Test func `a folder is entered in a line of its own, too`() throws {
        #expect(
            try body("# S\n\nOr `cd scripts && ./check.sh ../a`.\n")
                == "# S\n\nOr `cd \"@@SKVM_SKILL_DIR@@/scripts\" && ./check.sh ../a`.\n")
    }
}

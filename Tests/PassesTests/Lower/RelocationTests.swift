import Basics
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

    /// What names the skill's folder in a path: `sample` is the skill's name.
    private static let folders = [
        "{baseDir}", "{skill_dir}", "{SKILL_DIR}", "${CLAUDE_SKILL_DIR}", "$SKILL_DIR", "${SKILL_ROOT}",
        "$HERMES_SKILL_DIR",
        "<skill-folder>", "<path-to-this-skill>", "skills/sample",
    ]

    @Test(arguments: folders)
    func `what names the folder is gone with it`(folder: String) throws {
        func fenced(_ code: String) -> String { "# S\n\n```bash\n\(code)\n```\n" }
        let token = Relocation.token
        #expect(try body("# S\n\nSee `\(folder)/references/a.md`.\n") == "# S\n\nSee `\(token)/references/a.md`.\n")
        #expect(
            try body("# S\n\nRun `python3 \(folder)/scripts/x.py a`.\n")
                == "# S\n\nRun `python3 \"\(token)/scripts/x.py\" a`.\n")
        #expect(
            try body(fenced("python3 \(folder)/scripts/x.py 1\npython3 \"\(folder)/scripts/x.py\" 2"))
                == fenced("python3 \"\(token)/scripts/x.py\" 1\npython3 \"\(token)/scripts/x.py\" 2"))
        #expect(
            try body(fenced("python3 '\(folder)/scripts/x.py' \"$(cat \(folder)/references/a.md)\""))
                == fenced("python3 \"\(token)/scripts/x.py\" \"$(cat \"\(token)/references/a.md\")\""))
        #expect(
            try body("# S\n\n```json\n{\"args\": [\"\(folder)/scripts/x.py\"]}\n```\n")
                == "# S\n\n```json\n{\"args\": [\"\(token)/scripts/x.py\"]}\n```\n")
    }

    @Test(arguments: ["{baseDir}", "skills/sample", "${CLAUDE_SKILL_DIR}"])
    func `links behind it lead there, too`(folder: String) throws {
        #expect(
            try body("# S\n\n[a](\(folder)/references/a.md#b) in [c](\(folder)/references/)\n")
                == "# S\n\n[a](<@@/references/a.md#b>) in [c](<@@/references/>)\n".replacing(
                    "@@", with: Relocation.token))
    }

    @Test(arguments: [
        ("cd {baseDir} && python3 run.py 8", "cd \"@@\" && python3 run.py 8"),
        ("cd {baseDir} && python3 scripts/x.py 8", "cd \"@@\" && python3 \"@@/scripts/x.py\" 8"),
        ("cat {baseDir}/out/log.txt", "cat \"@@/out/log.txt\""), ("ls {baseDir}/out/*.txt", "ls \"@@\"/out/*.txt"),
        ("ls \"${CLAUDE_SKILL_DIR}\"/out/*.txt", "ls \"@@\"/out/*.txt"),
        ("ls --in={baseDir}/ \"{baseDir}/a b\"", "ls --in=\"@@\"/ \"@@/a b\""),
        ("jq '.a = 1' '{baseDir}/a b' '{baseDir}/*'", "jq '.a = 1' '@@/a b' ''\"@@\"'/*'"),
        ("cat <<EOF\n{baseDir}/a b\nEOF", "cat <<EOF\n@@/a b\nEOF"),
        // A placeholder to fill in, and what the text sets itself.
        ("check <skill-dir> $SKILL_DIR/out.txt", "check <skill-dir> $SKILL_DIR/out.txt"),
        ("SKILL_DIR=../new\ncat $SKILL_DIR/scripts/x.py", "SKILL_DIR=../new\ncat $SKILL_DIR/scripts/x.py"),
        ("SKILL_DIR=skills/sample\ncat $SKILL_DIR/scripts/x.py", "SKILL_DIR=skills/sample\ncat \"@@/scripts/x.py\""),
        ("make <new-skill>/scripts/x.py", "make <new-skill>/scripts/x.py"),
        ("echo \\{baseDir} {{baseDir}}", "echo \\{baseDir} {{baseDir}}"),
    ])
    func `a harness's name for the folder is the folder, whatever stands behind it`(source: String, variant: String)
        throws
    {
        func fenced(_ code: String) -> String { "# S\n\n```bash\n\(code)\n```\n" }
        #expect(try body(fenced(source)) == fenced(variant.replacing("@@", with: Relocation.token)))
    }

    @Test func `a mention of the name alone stays, and so does a heading`() throws {
        let text = "# S\n\n## In {baseDir}/scripts\n\nThe folder is `{baseDir}`, or {baseDir} for short.\n"
        #expect(try body(text) == text)
    }

    @Test func `a name in a list below its folder is the file there`() throws {
        #expect(
            try body("# S\n\nSee the `references/` folder:\n\n- `a.md`: all\n")
                == "# S\n\nSee the `@@/references/` folder:\n\n- `@@/references/a.md`: all\n"
                .replacing("@@", with: Relocation.token))
    }

    @Test(arguments: [
        ("{baseDir}/scripts/x.py", "@@/{baseDir}/scripts/x.py"),
        ("<skill-dir>/scripts/x.py", "@@/<skill-dir>/scripts/x.py"),
        ("skills/sample/scripts/x.py", "@@/skills/sample/scripts/x.py"), ("{baseDir}/scripts/x.py", "scripts/x.py"),
        ("$SKILL_DIR/scripts/x.py", "scripts/x.py"), ("{baseDir}/out.txt", "out.txt"),
        ("{baseDir}/out.txt", "@@/in.txt"),
        ("{baseDir}/out.txt", "@@/{baseDir}/out.txt"), ("{baseDir}/", "@@/{baseDir}/"),
    ])
    func `guard refuses a path that leads elsewhere`(source: String, variant: String) throws {
        let text = "# S\n\nRun `python3 \(source) a`.\n"
        let fixture = try TargetFixture(text, files: Self.files)
        let start = try #require(fixture.source.source.firstRange(of: source))
        let offset = fixture.source.source.utf8.distance(from: fixture.source.source.startIndex, to: start.lowerBound)
        let edit = Edit(
            span: SourceSpan(offset, offset + source.utf8.count),
            replacement: variant.replacing("@@", with: Relocation.token),
            rule: "x.y", gap: nil, reason: "")
        let edits = [EditSet(edits: [edit], files: [], open: [])]
        #expect(try fixture.guarded(edits).value == nil)
    }
}

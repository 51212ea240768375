import Basics
import Passes
import SkillModel
import Testing

@Suite struct `The body` {
    private func marked(_ text: String) throws -> (Marked, SkillDocument) {
        let marked = Marked(header + text)
        let document = try #require(try parse(marked.text).value)
        expectSound(document, "body")
        return (marked, document)
    }

    @Test func `sections nest by level and end where the next begins`() throws {
        let (marks, document) = try marked("Intro\n\n1️⃣# A\n\n2️⃣## B\n\ntext\n\n3️⃣## C\n\n4️⃣E\n===\n\nend\n5️⃣")
        #expect(document.sections.map(\.title) == ["A", "B", "C", "E"])
        #expect(document.sections.map(\.level) == [1, 2, 2, 1])
        #expect(document.sections.map(\.parent) == [nil, 0, 0, nil])
        #expect(document.sections[0].span == (try marks.span(1, 4)))
        #expect(document.sections[1].span == (try marks.span(2, 3)))
        #expect(document.sections[3].span == (try marks.span(4, 5)))
        #expect(document.blocks.map(\.section) == [nil, 0, 1, 1, 2, 3, 3])
    }

    @Test func `blocks stand in the order of the text, parents first`() throws {
        let (marks, document) = try marked(
            "1️⃣3. 2️⃣one\n   - 3️⃣deep4️⃣\n4. two5️⃣\n\n6️⃣> q\n> r7️⃣\n\n***\n\n<div>x</div>\n")
        #expect(
            document.blocks.map(\.kind) == [
                .orderedList, .item, .paragraph, .list, .item, .paragraph, .item, .paragraph, .quote, .paragraph,
                .thematicBreak, .html,
            ])
        #expect(document.blocks.map(\.number) == [nil, 3, nil, nil, nil, nil, 4, nil, nil, nil, nil, nil])
        #expect(document.blocks.map(\.parent) == [nil, 0, 1, 1, 3, 4, 0, 6, nil, 8, nil, nil])
        #expect(document.blocks[0].span == (try marks.span(1, 5)))
        #expect(document.blocks[5].span == (try marks.span(3, 4)))
        #expect(document.blocks[8].span == (try marks.span(6, 7)))
        #expect(document.blocks[9].text == "q r")
    }

    @Test(arguments: [
        "1️⃣<!-- one line -->2️⃣\nnext\n", "1️⃣<!-- one line -->2️⃣", "text\n\n1️⃣<!-- two\nlines --> x2️⃣\ntext\n",
        "- item\n  1️⃣<!-- in it -->2️⃣\n- item\n", "> 1️⃣<!-- quoted\n> twice -->2️⃣\n\ntext\n", "1️⃣<!-- open\n\nto the end2️⃣\n",
        "1️⃣<div>\n<b>x</b>\n</div>2️⃣\n\ntext\n", "1️⃣<!-- a -->2️⃣\n# Title\n",
    ])
    func `HTML has the bytes of its lines`(text: String) throws {
        let (marks, document) = try marked(text)
        let html = document.blocks.filter { $0.kind == .html }
        #expect(html.map(\.span) == [try marks.span(1, 2)])
    }

    @Test func `text has no markup but keeps gaps to fill`() throws {
        let (_, document) = try marked("A **bold** [link](x.md) `code` ~~gone~~ &amp; <br> run <file>\nnext\n")
        #expect(document.blocks[0].text == "A bold link code gone &  run <file> next")
    }

    @Test func `a table is rows of cells`() throws {
        let (marks, document) = try marked("Above\n1️⃣| a | b |\n|---|---|\n2️⃣| `c` | d \\| e |3️⃣\n\nx\n")
        #expect(document.blocks.map(\.kind) == [.paragraph, .table, .tableRow, .tableRow, .paragraph])
        #expect(document.blocks[0].text == "Above")
        #expect(document.blocks[1].span == (try marks.span(1, 3)))
        #expect(document.blocks[3].span == (try marks.span(2, 3)))
        #expect(document.blocks[2].text == "a | b")
        #expect(document.blocks[3].text == "c | d | e")
    }

    @Test func `code spans have the bytes between their backticks`() throws {
        let (marks, document) = try marked(
            "- a `1️⃣x2️⃣` and ``3️⃣y ` z4️⃣``\n  > later \\`not\\` `5️⃣multi\n  > line6️⃣`\n\ntab\t`7️⃣t8️⃣`\n")
        #expect(document.codeSpans.map(\.text) == ["x", "y ` z", "multi line", "t"])
        #expect(
            document.codeSpans.map(\.span) == [
                try marks.span(1, 2), try marks.span(3, 4), try marks.span(5, 6), try marks.span(7, 8),
            ])
    }

    @Test func `links of every form have their places`() throws {
        let (marks, document) = try marked(
            "1️⃣[a.md](a.md \"t\")2️⃣ 3️⃣![i](p.png)4️⃣ <5️⃣https://x.y6️⃣> see 7️⃣https://z.w/q(1)8️⃣. [ref][r]\n\n[r]: b.md\n")
        #expect(document.links.map(\.destination) == ["a.md", "p.png", "https://x.y", "https://z.w/q(1)", "b.md"])
        #expect(
            document.links.prefix(4).map(\.span) == [
                try marks.span(1, 2), try marks.span(3, 4), try marks.span(5, 6), try marks.span(7, 8),
            ])
        #expect(document.text(document.links[4].span) == "[ref][r]")
        #expect(document.links[1].isImage)
    }

    @Test func `a fragment has its language, text and lines`() throws {
        let (marks, document) = try marked("1️⃣```Sh title=x\n2️⃣ls -l\n\n3️⃣```4️⃣\n\n~~~\n5️⃣plain\n6️⃣~~~\n\n    7️⃣indented\n8️⃣")
        #expect(document.fragments.map(\.language) == ["bash", "", ""])
        #expect(document.fragments[0].info == "Sh title=x")
        #expect(document.fragments[0].span == (try marks.span(1, 4)))
        #expect(document.fragments[0].content == (try marks.span(2, 3)))
        #expect(document.fragments[0].text == "ls -l\n\n")
        #expect(document.fragments[1].content == (try marks.span(5, 6)))
        #expect(document.fragments[2].content == (try marks.span(7, 8)))
        #expect(document.fragments[2].text == "indented\n")
        #expect(document.fragments.map(\.isClosed) == [true, true, true])
    }

    @Test func `a fragment in a list loses the indent, its commands keep their places`() throws {
        let (marks, document) = try marked(
            "1. x\n   ```bash\n   1️⃣pip install a2️⃣\n     3️⃣echo b \\\n   c4️⃣\n   ```\n> ```sh\n> 5️⃣ls6️⃣\n> ```\n")
        #expect(document.fragments[0].text == "pip install a\n  echo b \\\nc\n")
        #expect(document.fragments[0].commands.map(\.words) == [["pip", "install", "a"], ["echo", "b", "c"]])
        #expect(document.fragments[0].commands.map(\.span) == [try marks.span(1, 2), try marks.span(3, 4)])
        #expect(document.fragments[1].commands.map(\.span) == [try marks.span(5, 6)])
        #expect(document.fragments.map(\.isClosed) == [true, true])
    }

    @Test func `an unclosed fence runs to the end with a warning`() throws {
        let result = try parse(header + "```bash\nls\n# not a heading\n")
        let document = try #require(result.value)
        #expect(result.diagnostics.map(\.id) == ["parse.unclosed-fence"])
        #expect(result.diagnostics[0].location?.line == 5)
        #expect(!document.fragments[0].isClosed)
        #expect(document.sections.isEmpty)
        #expect(document.text(document.fragments[0].content) == "ls\n# not a heading\n")
    }

    @Test func `prompts and output are not commands`() throws {
        let (marks, document) = try marked(
            "```console\n$ 1️⃣make a2️⃣\nDone: a\n$ 3️⃣git push \\\n>  x4️⃣\nuser@host:~$ 5️⃣ls6️⃣\n```\n")
        #expect(document.fragments[0].commands.map(\.words) == [["make", "a"], ["git", "push", "x"], ["ls"]])
        #expect(
            document.fragments[0].commands.map(\.span) == [
                try marks.span(1, 2), try marks.span(3, 4), try marks.span(5, 6),
            ])
    }

    @Test func `a fence without a language is shell only when it looks like it`() throws {
        let (_, document) = try marked(
            "```\n# setup\nnpm install x\ncd app && npm test\n```\n\n```\nmake sure that\nall is well\n```\n\n```\n├── scripts/\n```\n"
        )
        #expect(document.fragments.map { $0.commands.map(\.name) } == [["npm", "cd", "npm"], [], []])
    }
}

@Suite struct `References to the skill's own files` {
    private func targets(_ body: String, _ files: [String] = []) throws -> [String] {
        let files = Dictionary(uniqueKeysWithValues: files.map { ($0, "x") })
        let found = try document(body, files: files)
        expectSound(found, "references")
        return found.references.map(\.target)
    }

    @Test func `links, commands, code and prose`() throws {
        let marked = Marked(
            header
                + "See [x](1️⃣references/a.md2️⃣#top), `3️⃣./scripts/b.py4️⃣`, 5️⃣assets/c.txt6️⃣.\n\n```sh\npython \"7️⃣{baseDir}/scripts/b.py8️⃣\" -x\n```\n"
        )
        let document = try #require(try parse(marked.text, files: ["scripts/b.py": "", "assets/c.txt": ""]).value)
        #expect(
            document.references.map(\.target) == ["references/a.md", "scripts/b.py", "assets/c.txt", "scripts/b.py"])
        #expect(document.references.map(\.form) == [.link, .code, .prose, .command])
        #expect(document.references.map(\.exists) == [false, true, true, true])
        #expect(document.references.map(\.path)[3] == "{baseDir}/scripts/b.py")
        #expect(
            document.references.map(\.span) == [
                try marked.span(1, 2), try marked.span(3, 4), try marked.span(5, 6), try marked.span(7, 8),
            ])
    }

    @Test func `variables for the skill's folder anchor any path`() throws {
        let body =
            "`${SKILL_DIR}/run.py` `$CLAUDE_SKILL_DIR/x` `<skill-folder>/y.md` `$HOME/z.md` `${OTHER}/scripts/w.py`\n"
        #expect(try targets(body) == ["run.py", "x", "y.md"])
    }

    @Test func `what leaves the folder or is no path is none`() throws {
        let body = """
            [u](https://a.b/scripts/c.py) [up](../other/SKILL.md) [abs](/etc/x.md) [gap](url) [me](#here) [m](mailto:a@b.c)
            `scripts/*.py` `scripts/<name>.py` `src/scripts/a.py` `~/scripts/a.py` `a/b` e.g. and/or v1.2 README.md
            """
        #expect(try targets(body, ["README.md"]).isEmpty)
    }

    @Test func `folders count when they are there`() throws {
        #expect(
            try targets("Read `themes/` and `themes/a.md`, `rules/b.md`, not `docs/`.\n", ["themes/a.md"]) == [
                "themes", "themes/a.md",
            ])
    }

    @Test func `a file in a folder that skills keep counts where nothing is bundled`() throws {
        let body = "Read `rules/b.md`, `agents/c.md` and `src/d.md`.\n"
        #expect(try targets(body) == ["rules/b.md", "agents/c.md"])
        #expect(try targets(body, ["notes.md"]).isEmpty)
    }

    @Test func `a folder of the specification counts by its name in a sentence, there or not`() throws {
        #expect(try targets("See `references/`, not `docs/` or the scripts/ of others.\n") == ["references"])
        #expect(
            try targets("`scripts/acme` reads it.\n\n```sh\nscripts/other run --all\n```\n") == [
                "scripts/acme", "scripts/other",
            ])
        #expect(try targets("Keep assets/scripts and `lib/acme` apart.\n").isEmpty)
        #expect(try targets("```\nscripts/\nassets/\n```\n").isEmpty)
    }

    @Test(arguments: [
        "See `references/` for:\n- `a.md`: one\n- **`b.md`** two, like `c.md`\n- the `d.md`\n\n- `e`\n\nText `f.md`.\n",
        "### In `references/`\n\n| File | Use |\n|---|---|\n| `a.md` | one |\n| **`b.md`** | `c.md` |\n| e | `d.md` |\n",
    ])
    func `bare names under a line that names their folder lie in it`(body: String) throws {
        let files = ["references/a.md", "references/b.md", "references/c.md", "references/d.md", "references/f.md"]
        #expect(try targets(body, files) == ["references", "references/a.md", "references/b.md"])
        let found = try document(body)
        expectSound(found, "listing")
        #expect(found.references.map(\.path) == ["references/", "a.md", "b.md"])
        #expect(try targets(body, ["references/a.md"]) == ["references", "references/a.md"])
    }

    @Test(arguments: [
        "Of `references/` and `assets/`:\n- `a.md`\n", "See `src/` for:\n- `a.md`\n",
        "See `docs/x/` for:\n\nText.\n\n- `a.md`\n",
    ])
    func `two folders, one of the user's and one further up own no list`(body: String) throws {
        #expect(try !targets(body).contains { $0.hasSuffix("a.md") })
    }

    @Test func `a file counts that the text says is in the skill`() throws {
        let own =
            "Keep `a.json` in the skill directory, see `b.md` (included in this skill), `c.md` ships with the skill.\n"
        #expect(try targets(own) == ["a.json", "b.md", "c.md"])
        #expect(try targets("`a.json` in the project, `b.md` in this skillet, `c.md` in this skill is none.\n").isEmpty)
    }

    @Test func `a drawing with SKILL.md in it says which files the skill has`() throws {
        let drawing = "```\nx/\n├── SKILL.md\n├── make.js\n└── data/\n    └── words.txt\n```\n"
        let body = drawing + "Run `node make.js a`, read `data/words.txt` and `else.js`.\n"
        #expect(try parse(body).value?.references.map(\.target) == ["make.js", "data/words.txt"])
        let without = drawing.split(separator: "\n").filter { !$0.contains("SKILL") }.joined(separator: "\n")
        #expect(try parse(without + "\n\nRun `node make.js a`.\n").value?.references == [])
    }

    @Test func `a path through the skill's own name is its own, through another's not`() throws {
        let text =
            "---\nname: x\ndescription: d\n---\nRun `skills/x/run.py a`, not `skills/y/run.py` or [y](../y/SKILL.md).\n"
        #expect(try parse(text).value?.references.map(\.path) == ["skills/x/run.py"])
    }

    @Test func `a bare name counts when it is bundled`() throws {
        #expect(
            try targets("Read `GUIDE.md` and `other.md`, then reference.md.\n", ["GUIDE.md", "reference.md"]) == [
                "GUIDE.md", "reference.md",
            ])
    }

    @Test func `a script that is run again and again by its bare name is the skill's, where nothing is bundled`() throws
    {
        let twice = "```bash\n./monitor.sh digest\n./monitor.sh trending\nnode once.js\n```\n"
        #expect(try targets(twice, []) == ["monitor.sh", "monitor.sh"])
        #expect(try targets(twice, ["guide.md"]).isEmpty)
        // The user's, one that the text writes, and one of a folder that it goes to.
        for body in ["python main.py a", "echo x > t.sh\nbash t.sh", "cd app\npython3 tool.py a"] {
            let last = body.split(separator: "\n").last ?? ""
            #expect(try targets("```bash\n\(body)\n\(last)\n```\n", []).isEmpty, "\(body)")
        }
    }

    @Test func `files that a command makes are not the skill's`() throws {
        #expect(
            try targets(
                "```bash\nmkdir -p scripts/a.d\nfoo -o assets/out.png > references/new.md\nsh scripts/go.sh\n```\n")
                == ["scripts/go.sh"])
    }

    @Test func `a drawn folder tree refers to nothing, a path alone on a line does`() throws {
        #expect(
            try targets("```\nx/\n├── scripts/a.py\n```\n\n```\nrules/a.md\n```\n", ["rules/a.md", "scripts/a.py"]) == [
                "rules/a.md"
            ])
    }

    @Test func `a reference link leads to its definition`() throws {
        let found = try document("See [the guide][g].\n\n[g]: references/g.md \"t\"\n")
        #expect(found.references.map(\.target) == ["references/g.md"])
        #expect(found.references.map { found.line(at: $0.span.start) } == [7])
    }
}

@Suite struct `Imports of bundled scripts` {
    private func imports(_ path: String, _ text: String) throws -> [String] {
        let found = try document("x\n", files: [path: text])
        return found.files[0].imports.map { "\($0.line) \($0.name)" }
    }

    @Test func `Python at any indent and over lines, not in strings`() throws {
        let text = """
            \"\"\"
            import no
            \"\"\"
            import os, sys as s, a.b.c
            from x.y import (z,
              w)
            try: import t
            except ImportError:
                from . import local  # import no
            s = "import no"; import late
            from far \\
              import q
            important = from_x
            """
        #expect(try imports("a.py", text) == ["4 os", "4 sys", "4 a.b.c", "5 x.y", "7 t", "9 .", "10 late", "11 far"])
    }

    @Test func `JavaScript in all its forms`() throws {
        let text = """
            import a from 'a'; // import 'no'
            import { b,
              c } from "b/c"
            import 'd'; /* require('no') */
            const e = require("e"), s = "require('no')";
            await import(`f`)
            export * from './g.js'
            x.from('no'); Array.from("no")
            """
        #expect(try imports("a.mjs", text) == ["1 a", "3 b/c", "4 d", "5 e", "6 f", "7 ./g.js"])
    }

    @Test func `Go and Ruby`() throws {
        let go = "package m\n\nimport \"fmt\"\nimport (\n\t\"os\" // \"no\"\n\tx \"a.b/c\"\n)\n\nvar s = \"no\"\n"
        #expect(try imports("a.go", go) == ["3 fmt", "5 os", "6 a.b/c"])
        let ruby =
            "require 'json'\n# require 'no'\n  require_relative \"lib/x\"\ngem('rails', '7')\n__END__\nrequire 'no'\n"
        #expect(try imports("a.rb", ruby) == ["1 json", "3 ./lib/x", "4 rails"])
    }

    @Test func `a shell script's programs, each once, without builtins and own functions`() throws {
        let text =
            "#!/bin/sh\nset -e\nhelp() { jq . \"$1\"; }\nhelp x\nsudo apt-get update && curl -s u | jq .\ncommand -v ffmpeg\n$TOOL x\n"
        #expect(try imports("run", text) == ["3 jq", "5 sudo", "5 apt-get", "5 curl", "6 ffmpeg"])
    }

    @Test func `files are described and sorted by bytes`() throws {
        let found = try document("x\n", files: ["b.txt": "12345", "B.py": "", "a/z.sh": "ls\n"])
        #expect(found.files.map(\.path.text) == ["B.py", "a/z.sh", "b.txt"])
        #expect(found.files.map(\.language) == ["python", "bash", ""])
        #expect(found.files.map(\.size) == [0, 3, 5])
    }
}

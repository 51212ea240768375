import SkillModel
import Testing

@testable import Passes

/// Programs that a script of their own would break, or make useless.
@Suite struct `Python that stays in the text` {
    private static let filler = (1...8).map { "print(\($0))\n" }.joined()

    private func lowered(
        _ code: String, before: String = "Run this:", after: String = "", title: String = "Count", files: [String] = []
    ) throws -> EditSet {
        let body = "# S\n\n## \(title)\n\n\(before)\n\n```python\n\(code)```\n\n\(after)\n"
        let fixture = try TargetFixture(body, files: files, gaps: [.genCodePython: .l1])
        let lowered = try fixture.lowered
        #expect(try fixture.guarded([lowered]).diagnostics == [])
        #expect(try fixture.secondRun([lowered]).isEmpty)
        return lowered
    }

    @Test func `the filler alone moves`() throws {
        #expect(try lowered(Self.filler).files.count == 1)
    }

    @Test(arguments: [
        ("import sys\nsource = sys.argv[1]\nprint(source)\n", "`argv`"),
        ("from sys import argv\nprint(argv)\n", "`argv`"), ("import sys\nprint(sys.stdin.read())\n", "`stdin`"),
        ("import argparse\nprint(argparse.ArgumentParser().parse_args())\n", "`argparse`"),
        ("name = input()\nprint(name)\n", "`input`"),
        ("threshold = 0.8\n# change this to the pass mark\nprint(threshold)\n", "comments"),
        ("threshold = 0.8  # change this to the pass mark\nprint(threshold)\n", "comments"),
        ("# Approach A\nprint(1)\n# Approach B\nprint(2)\n", "comments"),
        ("print(\"projects/{project_id}/x\")\n", "part of a longer text"),
        ("api_key = \"abc\"\nprint(api_key)\n", "secret"),
        ("import sys\nsys.path.insert(0, \"lib\")\nprint(1)\n", "`sys.path`"),
        ("import bus\n@bus.subscribe(\"a\")\ndef handle(event):\n    print(event)\n", "nothing in it calls `handle`"),
    ])
    func `what it lacks is told`(code: String, why: String) throws {
        let lowered = try lowered(Self.filler + code)
        #expect(lowered.files.isEmpty)
        #expect(lowered.open.first?.why.contains(why) == true, "\(lowered.open)")
    }

    @Test(arguments: [
        "rows = [{\"name\": \"Ann\", \"sum\": 1}, {\"name\": \"Bob\", \"sum\": 2}]\nprint(rows)\n",
        "rows = [[\"Ann\", 1], [\"Bob\", 2]]\nprint(rows)\n",
        "rows = [\n    (\"Ann\", 1),\n    (\"Bob\", -2),\n]\nfor a, b in rows:\n    print(a, b)\n",
        "import pandas as pd\nframe = pd.DataFrame({\"day\": [1, 2, 3], \"sum\": [3.5, 4, 5]})\nprint(frame.describe())\n",
        "names = [\"Ann\", \"Bob\", \"Cid\"]\nwith open(\"out.txt\", \"w\") as f:\n    f.write(\", \".join(names))\n",
        "price = 120\nrate = 0.2\nprint(price * rate)\n",
        "def main():\n    data = [3, 1, 2]\n    print(sorted(data))\nmain()\n",
    ])
    func `data of an example are not frozen into a script`(code: String) throws {
        let lowered = try lowered(Self.filler + code)
        #expect(lowered.files.isEmpty)
        #expect(lowered.open.first?.why.contains("as an example") == true, "\(lowered.open)")
    }

    @Test(arguments: [
        "import bus\nclient = bus.Client()\nprint(client.ask(\"What is the longest river?\"))\n",
        "import bus\nsession = bus.session()\nprint(session.put({\"prompt\": \"Tell me a story\"}))\n",
    ])
    func `a question of an example is not asked by a script`(code: String) throws {
        let lowered = try lowered(Self.filler + code)
        #expect(lowered.files.isEmpty)
        #expect(lowered.open.first?.why.contains("what it asks for") == true, "\(lowered.open)")
    }

    @Test func `folders of an example become arguments`() throws {
        let code = "import os\ndef run(a, b):\n    print(os.listdir(a), b)\nrun('./papers', './out')\n"
        let lowered = try lowered(Self.filler + code)
        #expect(lowered.edits.contains { $0.replacement.contains(".py\" ./papers ./out") })
    }

    @Test(arguments: [
        "COLORS = [\"red\", \"green\", \"blue\"]\nprint(COLORS)\n",
        "import csv\nnames = [\"a\", \"b\", \"c\"]\nprint(list(csv.DictReader(open(\"in.csv\"), names)))\n",
        "from tool import Deck\ndeck = Deck(\"in.pptx\")\nwidths = [1, 2, 3]\nprint(deck.fit(widths))\n",
        "import shutil\nfor name in [\"git\", \"curl\", \"jq\"]:\n    print(name, shutil.which(name))\n",
        "title = \"Report\"\nsize = 12\nprint(title, size)\n",
    ])
    func `settings of a program that takes its data from elsewhere move with it`(code: String) throws {
        #expect(try lowered(Self.filler + code).files.count == 1)
    }

    @Test(arguments: [
        "names=(\"Ann\" \"Bob\")\n", "cat > rows.csv <<EOF\nname,sum\nAnn,1\nEOF\n",
    ])
    func `nor into a shell script`(code: String) throws {
        let rest = "set -eu\nfor page in 1 2 3; do\n  tool \"$page\"\ndone\ntool all\ntool end\n"
        let body = "# S\n\n## Count\n\nRun this:\n\n```bash\n\(rest)\(code)```\n"
        let lowered = try TargetFixture(body, gaps: [.genCodeShell: .l1]).lowered
        #expect(lowered.files.isEmpty)
        #expect(lowered.open.contains { $0.why.contains("as an example") }, "\(lowered.open)")
    }

    @Test(arguments: [
        "from scripts.api import Client\n", "import scripts.api as api\n", "import os, api\n", "from . import x\n",
        "from scripts.absent import x\n",
    ])
    func `a module of the skill's own is not where the script would be`(code: String) throws {
        let lowered = try lowered(Self.filler + code, files: ["scripts/api.py"])
        #expect(lowered.files.isEmpty)
        #expect(lowered.open.first?.why.contains("the skill's own files") == true, "\(lowered.open)")
    }

    @Test func `a program that shows and keeps nothing stays`() throws {
        let code = """
            from sdk import Docker
            docker = Docker()
            job = docker.create(image="a/b:1", command="train")
            status = docker.status(job.id)
            logs = docker.logs(job.id, tail=200)
            def never():
                print("x")
            rows = [1]
            rows.append(2)

            """
        let lowered = try lowered(code)
        #expect(lowered.files.isEmpty)
        #expect(lowered.open.first?.why.contains("neither prints nor writes") == true, "\(lowered.open)")
        #expect(try self.lowered(code + "never()\n").files.count == 1)
    }

    @Test(arguments: [
        "Then use `frame` to answer.", "```python\nprint(frame)\n```", "```python\nlater = frame + 1\n```",
    ])
    func `what the text goes on with would be gone`(after: String) throws {
        let lowered = try lowered(Self.filler + "frame = 1\n", after: after)
        #expect(lowered.files.isEmpty)
        #expect(lowered.open.first?.why.contains("goes on with `frame`") == true, "\(lowered.open)")
    }

    @Test(arguments: [
        ("import tool\nprint(tool.all())\n", "print(tool.one())"),
        ("from tool import Deck\nprint(Deck())\n", "deck = Deck(1)"),
        ("import tool\nwith tool.open() as book:\n    for page in book:\n        print(page)\n", "text = page.text()"),
        ("def clean(a):\n    return a\nprint(clean(1))\n", "print(clean(2))"),
    ])
    func `modules, functions and what loops set are gone on with, too`(code: String, later: String) throws {
        for language in ["python", "text"] {
            let lowered = try lowered(Self.filler + code, after: "```\(language)\n\(later)\n```")
            #expect(lowered.files.isEmpty)
            #expect(lowered.open.first?.why.contains("goes on with") == true, "\(lowered.open)")
        }
        #expect(try lowered(Self.filler + code, after: "```python\nimport other\nprint(other)\n```").files.count == 1)
    }

    @Test(arguments: [
        "import jobs\nfor job in jobs.list_jobs():\n    job.cancel()\nprint(1)\n",
        "import shutil\nshutil.rmtree(\"./out\")\n",
        "import requests\nprint(requests.delete(\"https://acme.dev/a\"))\n",
        "import db\nprint(db.connect().execute(\"DELETE FROM a\"))\n", "import os\nos.remove(\"a.csv\")\n",
    ])
    func `what can't be undone is not hidden in a script`(code: String) throws {
        let lowered = try lowered(Self.filler + code)
        #expect(lowered.files.isEmpty)
        #expect(lowered.open.first?.why.contains("to be meant") == true, "\(lowered.open)")
    }

    @Test func `a comment that explains a value keeps the code where it is read`() throws {
        let lowered = try lowered(Self.filler + "import tool\nprint(tool.get(\"YOUR_ID\"))  # nineteen digits\n")
        #expect(lowered.files.isEmpty)
        #expect(lowered.open.first?.why.contains("a comment explains") == true, "\(lowered.open)")
        #expect(
            try self.lowered(Self.filler + "# Get it\nimport tool\nprint(tool.get(\"YOUR_ID\"))\n").files.count == 1)
    }

    @Test func `at a placeholder the script stops`() throws {
        let code = "import tool\nprint(tool.get(\"YOUR_ID\", \"in.csv\"))\n"
        let file = try #require(try lowered(code + Self.filler).files.first)
        #expect(
            file.text.contains(
                "# skvm: 3 parameter lines\nimport sys\n_skvm = sys.argv[1:] + [\"YOUR_ID\", \"in.csv\"][len(sys.argv) - 1:]\n"
                    + "if {\"YOUR_ID\"} & {*_skvm}: sys.exit(\"an argument is still a placeholder\")\n"), "\(file.text)"
        )
        #expect(OutlinedScript.originalCode(of: file.text) == code + Self.filler)
        // The line is the rule's own, whatever it is.
        let forged = file.text.replacing("sys.exit(\"an", with: "sys.exit(\"no")
        #expect(OutlinedScript.originalCode(of: forged) == nil)
    }

    @Test func `a tool's reference has no programs`() throws {
        let fixture = try TargetFixture(
            "# S\n\n## Count\n\nRun this:\n\n```python\n\(Self.filler)```\n", gaps: [.genCodePython: .l1],
            archetype: .toolReference)
        #expect(try fixture.lowered.files.isEmpty)
    }

    @Test(arguments: ["API", "Python SDK", "Optional: without a server", "Ticker integration", "Examples"])
    func `a title may say that the code shows what there is`(title: String) throws {
        #expect(try lowered(Self.filler, title: title).files.isEmpty)
    }

    @Test func `where the text has values changed there must be one to change`() throws {
        let after = "You MUST replace the values by your own."
        #expect(try lowered(Self.filler, after: after).files.isEmpty)
        let changed = try lowered(Self.filler + "open(\"in.csv\")\n", after: after)
        #expect(changed.edits.contains { $0.replacement.contains(".py\" in.csv\n") })
    }

    @Test func `what a name is set to is an argument, each by itself`() throws {
        let code =
            "student = \"Jane Doe\"\nother = \"Jane Doe\"\nid = \"{project_id}\"\nprint(student, other, id, \"Jane Doe\")\n"
        let lowered = try lowered(code + Self.filler)
        #expect(
            lowered.edits[0].replacement.contains(".py\" 'Jane Doe' 'Jane Doe' '{project_id}'\n"), "\(lowered.edits)")
        let file = try #require(lowered.files.first)
        #expect(
            file.text.contains(
                "student = _skvm[0]\nother = _skvm[1]\nid = _skvm[2]\nprint(student, other, id, \"Jane Doe\")"))
        #expect(OutlinedScript.originalCode(of: file.text) == code + Self.filler)
    }
}

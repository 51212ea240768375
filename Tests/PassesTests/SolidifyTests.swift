import Basics
import Passes
import SkillModel
import Testing

@Suite struct `Solidification` {
    private func candidates(_ body: String) throws -> [SolidificationCandidate] {
        try #require(Solidify.run(try document(body)).value).candidates
    }

    @Test func `placeholders and example values are parameters, passed as variables`() throws {
        let text = "# Make\n\n" + shell("make-it run --model=<MODEL_NAME> --size 50 \"$OUT_DIR/x\" 'a long text'")
        let document = try document(text)
        let found = try #require(Solidify.run(document).value?.candidates.first)
        #expect(found.line == 8)
        #expect(found.parameters.map(\.name) == ["model_name", "size", "out_dir", "text"])
        #expect(found.parameters.map(\.type) == [.string, .integer, .path, .string])
        #expect(
            withoutGuard(found.template) == #"make-it run --model="$model_name" --size "$size" "$out_dir"/x "$text""#)
        #expect(found.signature == "make-it run --model=$model_name --size $size $out_dir/x $text")
        for parameter in found.parameters {
            #expect(parameter.spans.contains { document.text($0) == parameter.example })
        }
    }

    @Test(arguments: ["cd /tmp/x", "pip install pypdf", "tool --help", "tool list", "mkdir -p a/b"])
    func `moving, installing, help and fixed commands are no templates`(command: String) throws {
        #expect(try candidates(shell(command)).isEmpty)
    }

    @Test func `commands of one program in a block are one template`() throws {
        #expect(try candidates(shell("# one\nnote add \"first text\"\n# two\nnote add \"second text\"")).count == 1)
    }

    @Test func `a program with other options is a template of its own`() throws {
        let found = try candidates(
            shell("tool report --month 2026-01\ntool report --month 2026-01 --out a.json\ntool report --month 2026-02"))
        #expect(found.map(\.signature) == ["tool report --month $month", "tool report --month $month --out $out"])
    }

    @Test(arguments: [
        "tool call --in \"a b\" find x.json\ntool call --in \"a b\" list y.json",
        "uv run app.py add <id>\nuv run app.py drop <id>",
        "curl -s -H \"Accept: x\" \"https://acme.dev/a?q=1\"\ncurl -s -H \"Accept: x\" \"https://acme.dev/b?q=1\"",
    ])
    func `a subcommand or an address behind options or a script tells commands apart`(commands: String) throws {
        #expect(try candidates(shell(commands)).count == 2)
    }

    @Test func `a value after an option and a file that is read tell no commands apart`() throws {
        #expect(try candidates(shell("tool add --task \"a b\" --by x\ntool add --task \"c d\" --by y")).count == 1)
        #expect(try candidates(shell("npx some-gen ./a.ts\nnpx some-gen ./b.ts")).count == 1)
    }

    @Test func `a line that shows how a command is called is the template of its calls`() throws {
        let found = try candidates(
            shell("tool find -q \"QUERY\" [--by FIELD]") + "\n" + shell("tool find -q \"blue cars\" --by price"))
        #expect(found.map(\.signature) == ["tool find -q $query"])
        #expect(
            try candidates(shell("tool new [--label <name>] [--json]")).map(\.signature) == [
                "tool new --label $name"
            ])
    }

    @Test func `a template of code stands at its first line of code`() throws {
        let text = "```python\n# One\n#\n# more\nclient.send(to=\"a\")\n```\n"
        let document = try document(text)
        let line = try #require(Solidify.run(document).value?.candidates.first?.line)
        #expect(document.text(document.lines.span(ofLine: line)).hasPrefix("client"))
    }

    @Test(arguments: [
        "python3 scripts/device.py list", "python3 -m tool status", "node {baseDir}/scripts/run.js",
        "curl -s \"$BASE_URL/status\"", "some | jq '.data[] | {id, name}'", "--select <codes>",
    ])
    func `what runs, the environment and a filter do not vary from call to call`(command: String) throws {
        #expect(try candidates(shell(command)).isEmpty)
    }

    @Test func `what comes after an address's base varies`() throws {
        #expect(try candidates(shell("curl -s \"$BASE_URL/items/$ID\"")).count == 1)
        #expect(try candidates(shell("curl -s \"$BASE_URL/items?limit=20\"")).count == 1)
    }

    @Test func `a path given to a call without a name is a parameter`() throws {
        let found = try candidates(
            "```python\nfrom tool import Converter\nConverter().convert(\"report.docx\")\n```\n")
        #expect(found.first?.parameters.map(\.name) == ["path"])
        #expect(found.first?.parameters.first?.example == "report.docx")
    }

    @Test func `a script takes what comes from outside and not its own variables`() throws {
        let found = try candidates(
            shell("ROOT=<folder of the data>\nLOG=/tmp/log\ntool \"$ROOT\" \"$LOG\" \"$DATA_SET\""))
        #expect(found.count == 1)
        #expect(found.first?.parameters.map(\.name) == ["folder_of_the_data", "data_set"])
        #expect(try candidates(shell("A=$(date)\ntool $A")).isEmpty)
    }

    @Test func `what a script sets by hand varies, and what it works out does not`() throws {
        let found = try candidates(shell("CITY=\"Bonn\"\nNOW=$(date)\ntool --city \"$CITY\" --at \"$NOW\""))
        #expect(found.first?.parameters.map(\.name) == ["city"])
    }

    @Test func `a command that a list offers is a template, one in a sentence is none`() throws {
        #expect(try candidates("- **Search:** `curl https://acme.dev/find?q=x`\n").count == 1)
        #expect(try candidates("Then search it with `curl https://acme.dev/find?q=x` and read on.\n").isEmpty)
    }

    @Test func `each request of a block is a template of its own, its body's fields vary`() throws {
        let found = try candidates(
            "```http\nPOST /notes\nAuthorization: Bearer YOUR_KEY\n\n{\n  \"title\": \"x\",\n  \"tags\": []\n}\n"
                + "GET /notes\nAccept: text/plain\nPUT /notes/NOTE_ID\n```\n")
        #expect(found.map(\.signature) == ["POST /notes", "PUT /notes/$note_id"])
        #expect(found.first?.parameters.map(\.name) == ["key", "title"])
    }

    @Test func `a call with named values, not a definition`() throws {
        let call =
            "```python\nfrom acme import Client\nclient = Client()\nclient.send(to=\"+15550100\", channel=\"sms\")\n```\n"
        let found = try candidates(call)
        #expect(found.map(\.kind) == [.python])
        #expect(found.first?.parameters.map(\.name) == ["to", "channel"])
        #expect(try candidates("```python\ndef f():\n    return 1\n```\n").isEmpty)
    }

    @Test func `a function is a template by the definition with most parameters`() throws {
        let text =
            "```python\ndef clean(text):\n    return text\n\nasync def search(query: dict[str, str], *names, top_k=5):\n    return query\n```\n"
        let document = try document(text)
        let found = try #require(Solidify.run(document).value?.candidates.first)
        #expect(found.parameters.map(\.name) == ["query", "top_k"])
        #expect(found.parameters.allSatisfy { $0.spans.map(document.text) == [$0.example] })
        #expect(found.signature.contains("async def search($query: dict[str, str], *names, $top_k=5):"))
    }

    @Test(arguments: [
        "def f(", "def f(x", "def f(x) -> int: ...", "def (x):", "    def f(self):\n        pass",
        "define(x)", "# def f(x):",
    ])
    func `what defines nothing with arguments is no template`(code: String) throws {
        #expect(try candidates("```python\n\(code)\n```\n").isEmpty)
    }

    @Test func `named numbers and truth values of code vary as named strings do`() throws {
        let found = try candidates("```python\ncfg.layers = 16\ncfg.rate=0.5\nrun(\"a b\", fast=True)\n```\n")
        #expect(found.first?.parameters.map(\.name) == ["layers", "rate", "fast"])
        #expect(found.first?.parameters.map(\.type) == [.integer, .number, .boolean])
        #expect(found.first?.signature == "cfg.layers = $layers cfg.rate=$rate run(\"a b\", fast=$fast)")
    }

    @Test(arguments: ["if rows == 3:\n    stop()", "rows[0:2]", "# retries = 3", "x = compute(rows)", "name: int"])
    func `comparisons, slices and comments name no values`(code: String) throws {
        #expect(try candidates("```python\n\(code)\n```\n").isEmpty)
    }

    @Test(arguments: [
        ("tool set project PROJECT_ID", ["project_id"]), ("tool describe [ORGANIZATION]", ["organization"]),
        ("curl https://acme.dev/v1/posts/:post_id", ["post_id"]), ("tool click @e2", ["reference"]),
        ("tool play app:playlist:665eC1", ["reference"]), ("tool show 0x7845bc5e15bc", ["reference"]),
    ])
    func `a gap in capitals, a part of a route and what stands for one thing vary`(
        command: String, names: [String]
    ) throws {
        #expect(try candidates(shell(command)).first?.parameters.map(\.name) == names)
    }

    @Test(arguments: ["tool list ALL", "tool set MODE_X=1", "tool @", "tool a::b", "tool 0xFF"])
    func `a plain word stays as it is`(command: String) throws {
        #expect(try candidates(shell(command)).isEmpty)
    }

    @Test func `requests with parts of the path that vary`() throws {
        let found = try candidates(
            "```http\nGET /api/items/:slug\n```\n\nThen `GET https://acme.dev/v1/{file_key}?type={type}`.\n\n```http\nGET /api/items\n```\n"
        )
        #expect(found.map(\.kind) == [.http, .http])
        #expect(found.first?.parameters.map(\.name) == ["slug"])
    }

    @Test(arguments: [
        "```powershell\npython scripts\\convert.py --to \"$env:X\" --days 3\n```\n",
        "```fish\ntool run --days 3\n```\n",
        "```\npython scripts\\convert.py --to out --days 3\n```\n", shell("$RUN train --epochs 20"),
        shell("${RUN} train --epochs 20"), shell("tool train $TOOL_ARGS --epochs 20"),
        shell("*/5 * * * * tool sync"), shell("0 2 * * * tool sync"), shell("@daily tool sync --days 3"),
        shell("tool note <PR !> --body \"some words\""),
    ])
    func `what a shell reads otherwise than it is meant is no template`(block: String) throws {
        #expect(try candidates(block).isEmpty)
    }

    @Test func `the command in a line of a crontab is the template, and paths keep their backslashes`() throws {
        #expect(
            try candidates(shell("0 2 * * * tool sync --days 3")).map { withoutGuard($0.template) } == [
                "tool sync --days \"$days\""
            ])
        let found = try candidates("```powershell\npython scripts\\convert.py \"C:\\a b.pdf\"\n```\n")
        #expect(found.map { withoutGuard($0.template) } == ["python 'scripts\\convert.py' \"$text\""])
        #expect(found.first?.parameters.first?.example == "C:\\a b.pdf")
    }

    @Test(arguments: ["<PR#>", "<PR #>", "<PR number>"])
    func `a gap is a parameter, whatever signs are in it`(gap: String) throws {
        let found = try candidates(shell("tool note \(gap) --body \"<the review>\""))
        #expect(found.first?.parameters.map(\.example) == [gap, "<the review>"])
        #expect(
            found.first.map { withoutGuard($0.template) }
                == "tool note \"$\(gap == "<PR number>" ? "pr_number" : "pr")\" --body \"$the_review\"")
    }

    @Test func `a program in a variable that the skill sets stays as it is`() throws {
        let found = try candidates(shell("RUN=\"docker run --rm image\"") + "\n" + shell("$RUN train --epochs 20"))
        #expect(found.map { withoutGuard($0.template) } == ["$RUN train --epochs \"$epochs\""])
    }

    @Test func `an option without a value names none`() throws {
        #expect(
            try candidates(shell("tool new --no-frills --size 3 my-thing")).first?.parameters.map(\.name) == ["size"])
        let found = try candidates(shell("tool new --size 3 --blank thing\ntool new --blank --size 3"))
        #expect(found.allSatisfy { $0.parameters.map(\.name) == ["size"] })
        #expect(try candidates(shell("tool new --no-frills my-thing")).isEmpty)
    }

    @Test func `an address, a version and a day are no numbers`() throws {
        let found = try candidates(
            shell("tool serve --host 0.0.0.0 --port 80 --from 2026-01-02 --rate 0.5 --api 1.2.3"))
        #expect(found.first?.parameters.map(\.type) == [.string, .integer, .string, .number, .string])
    }

    @Test func `ways of which one is taken are no one template`() throws {
        let ways =
            "# Option 1: here\ntool review --base main\n\n# Option 2: there\nDIR=<folder>\ntool review --in \"$DIR\""
        #expect(try candidates(shell(ways)).isEmpty)
        #expect(try candidates(shell(ways.replacing("Option 2", with: "Then"))).count == 1)
    }

    @Test func `no more than eight`() throws {
        let body = (1...20).map { shell("tool\($0) run --name <name\($0)>") }.joined(separator: "\n")
        #expect(try candidates(body).count == Solidify.limit)
    }
}

import Basics
import SkillModel
import TestSupport
import Testing

@testable import Passes

/// A value reaches a program as its argument, from its environment or in its JSON, and is never part of code.
@Suite struct SolidifyRenderingTests {
    private func result(_ body: String) throws -> PassResult<SolidificationSet> { Solidify.run(try document(body)) }

    private func template(_ body: String) throws -> String? {
        try #require(try result(body).value).candidates.first.map { withoutGuard($0.template) }
    }

    @Test func `a script's values are variables where they stood, quoted as its place asks for`() throws {
        let code = """
            CITY="Bonn"
            tool --city "$CITY" --note '<a note>' --name <name> --to "at <place>, $CITY" --set 'x=<a note>'
            tool --all "$DATA_SET" # not <this>
            """
        #expect(
            try template(shell(code))?.splitLines() == [
                "DATA_SET=\"$data_set\"",
                "CITY=\"$city\"",
                "tool --city \"$CITY\" --note \"$a_note\" --name \"$name\" --to \"at ${place}, $CITY\" --set 'x='\"$a_note\"''",
                "tool --all \"$DATA_SET\" # not <this>",
            ])
    }

    @Test func `a value in JSON of a script is none, the JSON is`() throws {
        let code =
            "CITY=\"Bonn\"\ncurl -s https://acme.dev/x \\\n  -d \"{\\\"city\\\": \\\"$CITY\\\"}\"\ntool log \"<word>\""
        let found = try #require(try result(shell(code)).value?.candidates.first)
        #expect(found.parameters.map(\.name) == ["word", "body"])
        #expect(withoutGuard(found.template) == "curl -s https://acme.dev/x \\\n  -d \"$body\"\ntool log \"${word}\"\n")
        let one = try #require(
            try result(shell("curl https://acme.dev/x -d '{\"city\": \"<CITY>\", \"n\": 1}'")).value?.candidates.first)
        #expect(one.parameters.map(\.name) == ["body"])
        #expect(withoutGuard(one.template) == "curl https://acme.dev/x -d \"$body\"")
    }

    @Test(arguments: [
        (
            #"python3 -c "import x; x.run('<path>')" --to <file>"#,
            #"python3 -c 'import x; x.run(__import__('\''os'\'').environ['\''path'\''])' --to "$file""#
        ),
        (#"jq '.[] | select(.name == "<name>")' data.json"#, #"jq '.[] | select(.name == env.name)' "$path""#),
        (#"node -e 'go("<word>")'"#, #"node -e 'go(process.env.word)'"#),
        (#"sqlite3 notes.db "SELECT * FROM notes WHERE id = <id>""#, #"sqlite3 "$path" "$query""#),
        (#"sed -i 's/a/b/' notes.txt"#, #"sed -i s/a/b/ "$path""#),
        (
            #"tool add <name> --at "$(date +%F)" --in "${DIR:-.}""#,
            #"tool add "$name" --at "$(date +%F)" --in "${DIR:-.}""#
        ),
        (#"tool make <name> > "<name>.txt""#, #"tool make "$name" >"$name".txt"#),
        (
            #"tool get "${URL:-http://localhost:80}/items/$ID" --all"#,
            #"tool get "${URL:-http://localhost:80}"/items/"$id" --all"#
        ),
        ("tool find <word> [--limit <n>] [--all]", "tool find \"$word\""),
        ("bq show --format=json {project}:{set}", "bq show --format=\"$format\" \"$project\":\"$set\""),
        ("DIR=\"$HOME/x\"\ntar -c \"$DIR\"", "DIR=\"$dir\"\ntar -c \"$DIR\"\n"),
        (
            "OUT=\"/tmp/a_$(date +%s)\"\ntool say \\\n  --text \"Some words\" \\\n  --to \"$OUT\"",
            "OUT=\"/tmp/a_$(date +%s)\"\ntool say \\\n  --text \"$text\" \\\n  --to \"$OUT\"\n"
        ),
        ("tool list --of $(tool get <name>) --all", "tool list --of $(tool get \"$name\") --all\n"),
        ("tool send - <<EOF\nDear <name>\nEOF", "tool send - <<EOF\nDear ${name}\nEOF\n"),
        (
            #"find a -name "*.jpg" -print0 | xargs -0 -I{} sh -c 'tool "$1"' _ {}"#,
            #"find a -name "$name" -print0 | xargs -0 '-I{}' sh -c 'tool "$1"' _ '{}'"#
        ),
        (#"~/bin/x.sh send "some words" > ~/log/<name>"#, #"~/bin/x.sh send "$text" >~/log/"$name""#),
        (
            #"kubectl get pods -n <space> -o jsonpath='{.items[*].name}{end}'"#,
            #"kubectl get pods -n "$space" -o 'jsonpath={.items[*].name}{end}'"#
        ),
        (#"tool ps --for <name> --format '{{.Names}}'"#, #"tool ps --for "$name" --format '{{.Names}}'"#),
        (
            "a=$(tool one)\nbg=\"x\"\nawk -v a=\"$a\" -v b=\"$bg\" 'BEGIN { print a b }'",
            "a=$(tool one)\nbg=\"$bg\"\nawk -v a=\"$a\" -v b=\"$bg\" 'BEGIN { print a b }'\n"
        ),
        ("tool add <name> [key=value ...]", "tool add \"$name\""),
        ("tool make log-[SUFFIX] --in \"$DIR/${DIR}\"", "tool make log-\"$suffix\" --in \"$dir\"/\"$dir\""),
        (
            "NAME=\"Ann\"\nfor f in a b; do\n  tool \"$f\" \"$NAME\" \"$X\" \"${X}\"\ndone",
            "X=\"$x\"\nNAME=\"$name\"\nfor f in a b; do\n  tool \"$f\" \"$NAME\" \"$X\" \"${X}\"\ndone\n"
        ),
        ("X=1\ntool <name> \"${X//a/b}\" \"${X[key]}\"", "X=\"$x\"\ntool \"$name\" \"${X//a/b}\" \"${X[key]}\"\n"),
        ("MODE=\"${1:-full}\"\ntool \"$MODE\" <name>", "MODE=\"${1:-full}\"\ntool \"$MODE\" \"$name\"\n"),
        (#"./watch.sh watch "some words""#, #"./watch.sh watch "$text""#),
        ("DIR=\"${DIR:-$HOME/x}\"\ntool \"$DIR\"", "DIR=\"$dir\"\nDIR=\"${DIR:-$HOME/x}\"\ntool \"$DIR\"\n"),
    ])
    func `code that a command runs takes values from the environment`(command: String, expected: String) throws {
        #expect(try template(shell(command)) == expected)
    }

    @Test(arguments: [
        #"python3 -c "print(<number>)""#, #"bash -c "tool <name> --all""#, #"ssh host "tool run <name>""#,
        #"psql "$URL" <<SQL"# + "\nSELECT * FROM t WHERE id = '<id>';\nSQL",
        #"docker exec app sh -c 'tool <name>'"#, "<tool> check --days 3",
        #"echo 'export NAME="<name>"' >> ~/.bashrc"#, #"awk '/<word>/ {print}' notes.txt"#,
        #"sed -i 's/<old>/<new>/' notes.txt"#, #"osascript -e 'tell app "X" to open "<name>"'"#,
        "NAME=\"Ann\"\npython3 -c \"print('$NAME')\"\ntool \"$NAME\"",
        "NAME=\"Ann\"\ncat > run.py <<EOF\nprint('$NAME')\nEOF\ntool \"$NAME\"",
        "NAME=\"Ann\"\ncat > a.json <<EOF\n{\"name\": \"<x>\"}\nEOF\ntool \"$NAME\"",
        "NAME=\"Ann\"\ncat <<'EOF' > note.txt\nDear <name>\nEOF\ntool \"$NAME\"",
        "NAME=\"Ann\"\ncurl https://acme.dev/x -d \"{\\\"key\\\": \\\"$ACME_API_KEY\\\", \\\"name\\\": \\\"$NAME\\\"}\"",
        "NOW=$(date)\ncurl https://acme.dev/<id> -d \"{\\\"now\\\": \\\"$NOW\\\"}\"",
        "NAME=\"Ann\"\necho \"print('$NAME')\" | python3 -\ntool \"$NAME\"",
        // Quotes of a longer string, the shell's own quotes, and a gap between two strings.
        "python3 - <<'EOF'\ntext = \"\"\"<text>\"\"\"\nprint(text)\nEOF\ntool one", #"python3 -c "<code>""#,
        #"tool one; node -e "<expression>""#, "python3 - <<'EOF'\nprint(\"a\"<x>\"b\")\nEOF\ntool one",
    ])
    func `what would put a value into code is refused, with the reason`(code: String) throws {
        let result = try result(shell(code))
        #expect(result.value?.candidates.isEmpty == true, "\(result.value?.candidates.first?.template ?? "")")
        #expect(result.diagnostics.map(\.id) == ["solidify.refused"], "\(result.diagnostics)")
    }

    @Test func `plain text of a here-document may hold values`() throws {
        let code = "NAME=\"Ann\"\ncat > note.txt <<EOF\nDear $NAME, see <place>.\nEOF\ntool send note.txt"
        #expect(
            try template(shell(code))
                == "NAME=\"$name\"\ncat > note.txt <<EOF\nDear $NAME, see ${place}.\nEOF\ntool send note.txt\n")
    }

    @Test func `calls take values from the environment, queries by name`() throws {
        let python =
            "```python\nfrom acme import Client\nclient = Client()\nclient.send(to=\"+15550100\", text='x', via=\"x\")\n```\n"
        #expect(
            try template(python)?.hasSuffix(
                "client.send(to=__import__(\"os\").environ[\"to\"], text=__import__('os').environ['text'], via=__import__(\"os\").environ[\"via\"])\n"
            ) == true)
        let script = "```javascript\nconst x = require('acme');\nx.send({ friendlyName: 'Ann' });\n```\n"
        #expect(try template(script)?.contains("friendlyName: process.env.friendly_name }") == true)
        let query = "```sql\nSELECT * FROM notes WHERE status = 'open' AND kind = 'open';\n```\n"
        #expect(try template(query) == "SELECT * FROM notes WHERE status = :status AND kind = :kind;\n")
        #expect(try result("```sql\nlogName=\"x\"\nAND text=\"y\"\n```\n").value?.candidates.isEmpty == true)
        #expect(try result("```sql\nCREATE ROLE x WITH PASSWORD = 'y';\n```\n").value?.candidates.isEmpty == true)
    }

    @Test func `text inside a longer string is no value of a call`() throws {
        let code =
            "```python\nfrom acme import Client\nClient().ask(model=\"m\", text=\"\"\"\nname: \"x\"\n\"\"\")\n```\n"
        #expect(try result(code).value?.candidates.first?.parameters.map(\.name) == ["model"])
    }

    @Test(arguments: [
        (
            "def tell(city: str, days: int = 2, is_short=False):\n    return f\"{city} {days + 1} {is_short}\"\n",
            "Bonn 3 True\n"
        ),
        ("async def tell(city, days=2):\n    return city + str(days)\n", "Bonn2\n"),
    ])
    func `a function that is defined is called with what the environment has, and its defaults`(
        code: String, said: String
    ) async throws {
        let found = try #require(try result("```python\n\(code)```\n").value?.candidates.first)
        #expect(found.parameters.first.map { [$0.name, $0.type.rawValue] } == ["city", "string"])
        let run = try await Program(
            "python3", ["-c", found.template],
            environment: ["PATH": "/usr/bin:/bin", "city": "Bonn", "is_short": "true"]
        ).run()
        #expect(run.outputText == said, "\(run.errorText)\(found.template)")
    }

    @Test(arguments: [
        "python": "    client.send(to=\"a\")\n", "py": "import x\nawait client.send(to=\"a\")\n",
        "python3": "import x\nreturn client.get(to=\"a\")\n",
        "PY": "import x\nFETCH(to=\"a\")\n  x.get(to=\"b\")\n", "Python": "import x\n@x.get(to=\"a\")\n",
        "javascript": "const a = await fetch(url, { kind: \"b\" });\nreturn a;\n",
    ])
    func `code that is the inside of something is no template, and the reason is told`(language: String, code: String)
        throws
    {
        let result = try result("```\(language)\n\(code)```\n")
        #expect(result.value?.candidates.isEmpty == true)
        #expect(result.diagnostics.map(\.id) == ["solidify.refused"])
    }

    @Test func `a method needs an object, and is no template`() throws {
        let code = "class Mail:\n    def send(self, to: str):\n        return to\n"
        #expect(try result("```python\n\(code)```\n").value?.candidates.isEmpty == true)
    }

    /// The templates run for real, with values that would do something if they were code.
    @Test(arguments: [
        "tool one --model=<MODEL> --size 50 'a long text'",
        "CITY=\"Bonn\"\ntool --city \"$CITY\" --note '<a note>' --name <name> --to \"at <place>\"",
        "export CITY=Bonn\nfor f in a b; do\n  tool \"$CITY\" \"$f\" \"$OUT\"\ndone\ntool \"$(tool \"<x>\")\"",
        "WHO=\"Ann\"\ntool mail <<EOF\nDear $WHO, <text>\nEOF\ntool \"$WHO\"",
        "curl https://acme.dev/x -d '{\"city\": \"<CITY>\"}'",
        #"python3 -c "import sys; sys.stdout.write('<path>')""#,
        #"jq -rn '"<name>"'"#,
    ])
    func `whatever a value holds is data`(code: String) async throws {
        let found = try #require(try result(shell(code)).value?.candidates.first)
        let hostile = "a'b\"; touch /tmp/m/pwned; $(touch /tmp/m/pwned) `touch /tmp/m/pwned` \\\"\\' ${HOME} */x"
        try await withScratch { scratch in
            try FileSystem.makeDirectories(scratch + "/bin")
            let tool = "#!/bin/sh\nprintf '%s\\n' \"$@\"\n[ \"$1\" != mail ] || cat\n"
            for name in ["tool", "curl"] {
                try FileSystem.write(Array(tool.utf8), to: "\(scratch)/bin/\(name)", mode: 0o755)
            }
            try FileSystem.write(Array(found.template.utf8), to: scratch + "/template.sh")
            let sandbox = [
                "--ro-bind", "/", "/", "--dev", "/dev", "--tmpfs", "/tmp", "--bind", scratch, "/tmp/m", "--unshare-net",
                "--clearenv", "--setenv", "PATH", "/tmp/m/bin:/usr/bin:/bin", "--chdir", "/tmp/m",
            ]
            let values = found.parameters.flatMap { ["--setenv", $0.name, hostile] }
            let run = try await Program("bwrap", sandbox + values + ["/bin/sh", "/tmp/m/template.sh"]).run()
            #expect(run.succeeded, "\(run.errorText)\n\(found.template)")
            #expect(!FileSystem.exists(scratch + "/pwned"))
            let seen = run.outputText.replacing("\\\\", with: "\\").replacing("\\\"", with: "\"")
            let wanted = hostile.replacing("\\\\", with: "\\").replacing("\\\"", with: "\"")
            #expect(seen.contains(wanted), "\(run.outputText)\n\(found.template)")
        }
    }
}

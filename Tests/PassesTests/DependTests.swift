import Basics
import Passes
import SkillModel
import Testing

@Suite struct `Dependencies found` {
    @Test func `programs of commands, not utilities, variables or own functions`() throws {
        let body =
            "# Use\n"
            + shell(
                "greet() { echo hi; }\ngreet you\ncd /tmp && docker info | grep x\n$TOOL run\nsudo systemctl restart x\n./run.sh a"
            )
        #expect(try dependencies(of: document(body)) == ["binary:docker", "binary:systemctl"])
    }

    @Test func `code in running text is a command only of a known program with arguments`() throws {
        #expect(
            try dependencies(of: document("Gate on `tsc --noEmit`; the field `record type` stays.\n")) == ["binary:tsc"]
        )
    }

    @Test func `packages of install commands with their versions`() throws {
        let body = shell(
            "pip install -q 'pypdf[crypto]>=4' -r requirements.txt ./local\nnpm i -g @scope/tool@2.1\ngo install example.org/x/cmd@latest\ncargo install ripgrep\ngem install jekyll"
        )
        let found = try #require(Depend.run(try document(body)).value).dependencies.filter { $0.kind != .binary }
        #expect(found.map(\.name) == ["pypdf", "@scope/tool", "ripgrep", "example.org/x/cmd", "jekyll"])
        #expect(found.map(\.version) == ["[crypto]>=4", "2.1", nil, nil, nil])
    }

    @Test func `what is there for some languages, on one platform or as an example is required of nobody`() throws {
        let body = """
            - **Go:** `go build ./...`
            - **Rust:** `cargo check`

            Run the project's compile command (e.g., `mvn compile`, `sbt compile`). If you use macOS, run `brew install coreutils`.
            Run `docker ps` or `podman ps`. If it is not installed, run `pip install jqx`.

            | Language | Command |
            |---|---|
            | Python | `pytest -q` |
            | TypeScript | `tsc --noEmit` |

            Always run `git status`.

            """
        let found = try #require(Depend.run(try document(body)).value).dependencies
        #expect(Set(found.filter(\.required).map(\.name)) == ["git", "jqx"], "\(found.map(\.name))")
    }

    @Test(
        arguments: [
            ("PostgreSQL must be running on port 5433.", ["postgresql 5433"]),
            ("A running Redis instance is required at `localhost:6390`.", ["redis 6390"]),
            ("Make sure that the Docker daemon is running and listening on port 2375.", ["docker"]),
            ("PostgreSQL and Redis must be running on ports 5433 and 6380.", ["postgresql 5433", "redis 6380"]),
            ("Make sure that MongoDB is listening on port 27018.", ["mongodb 27018"]),
            ("PostgreSQL must be running and the app is at port 8080.", ["postgresql"]),
            ("PostgreSQL must be running on port 5433 or 5434.", ["postgresql"]),
            ("PostgreSQL and Redis must be running on port 5433.", ["postgresql", "redis"]),
            ("PostgreSQL 14 must be running since 10:30.", ["postgresql"]),
            ("Redis must be running on port 99999.", ["redis"]),
        ])
    func `a server that must run has the port that its sentence states`(text: String, found: [String]) throws {
        let dependencies = try #require(Depend.run(try document(text + "\n")).value).dependencies
        let servers = dependencies.filter { $0.mustRun == true }
        #expect(servers.map { $0.name + ($0.port.map { " \($0)" } ?? "") } == found)
    }

    @Test func `a package that two managers offer is required of neither`() throws {
        let body = shell("brew install jq\napt-get install -y jq")
        #expect(try dependencies(of: document(body)).filter { $0.hasSuffix("jq?") } == ["brew:jq?", "apt:jq?"])
    }

    @Test func `a program that packages of two managers bring is the first one's, whatever the order of a table`()
        throws
    {
        let names = (0..<12).map { "tool\($0)x" }
        let body = shell(
            names.map { "pip install \($0)\nnpm install \($0)\n\($0) run --all" }.joined(separator: "\n"))
        for _ in 0..<20 {
            let found = try #require(Depend.run(try document(body)).value).dependencies
            for name in names {
                let both = found.filter { $0.name == name }
                #expect(both.map(\.kind) == [.pip, .npm])
                #expect(both.map(\.evidence.count) == [2, 1])
            }
        }
    }

    @Test func `runners name the package that they fetch`() throws {
        let body = shell("npx -y @scope/tool@1.2 run\nnpx tsc --noEmit\nuvx ruff check\npython3 -m http.server")
        #expect(
            try dependencies(of: document(body))
                == ["pip:ruff", "npm:@scope/tool", "npm:typescript", "binary:npx", "binary:python3", "binary:uvx"])
    }

    @Test func `metadata of ClawHub says programs, variables and installers`() throws {
        let extra =
            #"metadata: {"clawdbot":{"requires":{"bins":["play"],"env":["X_KEY"]},"install":[{"kind":"brew","packages":["player"],"bins":["play"]}]}}"#
            + "\n"
        let document = try skill("Plays music.", "Text.\n", extra: extra)
        #expect(try dependencies(of: document) == ["brew:player?", "binary:play", "env:X_KEY"])
    }

    @Test func `compatibility and allowed tools`() throws {
        let extra =
            "compatibility: Requires docker and nvidia-container-toolkit\nallowed-tools: Bash(gh:*) mcp__sentry__get_issue\n"
        #expect(
            try dependencies(of: skill("Runs it.", "Text.\n", extra: extra))
                == ["apt:nvidia-container-toolkit", "binary:docker", "binary:gh", "mcp:sentry"])
    }

    @Test(arguments: [
        ("Needs OPENAI_API_KEY environment variable.\n", ["service:openai", "env:OPENAI_API_KEY"]),
        ("```bash\nexport ACME_TOKEN=\"your token\"\ncurl $X\n```\n", ["binary:curl", "env:ACME_TOKEN"]),
        ("```bash\nOUT_TOKEN=$(date)\necho $OUT_TOKEN\n```\n", []),
        ("The error `NO_DATA_FOUND` and the option `MAX_RETRIES`.\n", []),
        ("```python\nimport os\nos.environ['ACME_REGION']\n```\n", ["env:ACME_REGION"]),
    ])
    func `environment variables, and services by their credentials`(body: String, expected: [String]) throws {
        #expect(try dependencies(of: document(body)) == expected)
    }

    @Test func `an address counts as a service when the text names its owner`() throws {
        let named = "Calls Acme for prices.\n" + shell("curl https://api.acme.dev/v1")
        let silent = "Prices.\n" + shell("curl https://api.acme.dev/v1")
        #expect(try dependencies(of: document(named)) == ["binary:curl", "service:acme"])
        #expect(try dependencies(of: document(silent)) == ["binary:curl"])
    }

    @Test func `a description that names a service counts when there is something to run`() throws {
        let description = "Manage pages in Notion, unlike Trello, through its API."
        #expect(try dependencies(of: skill(description, "Think of pages.\n")) == [])
        #expect(
            try dependencies(of: skill(description, shell("jq .id page.json"))) == ["binary:jq", "service:notion"])
    }

    @Test func `the servers of a configuration are its keys, not those of what they hold`() throws {
        let body = """
            ```json
            {"mcpServers": {"Maps": {"command": "x", "env": {"A": "b:c"}}, "notes": {"args": ["d"]}}, "other": {"e": 1}}
            ```
            """
        #expect(
            try dependencies(of: document(body + "\n")).filter { $0.hasPrefix("mcp") } == ["mcp:maps", "mcp:notes"])
        #expect(try dependencies(of: document("```json\n\"mcpServers\": {\"a\n```\n")) == [])
    }

    @Test func `variables of a table under a heading that announces them, and of a file of settings`() throws {
        let table = "## Environment variables\n\n| Name | Use |\n|---|---|\n| `X_MODE` | how |\n"
        #expect(try dependencies(of: document(table)) == ["env:X_MODE"])
        #expect(try dependencies(of: document("```env\nX_MODE=fast\n```\n")) == ["env:X_MODE"])
    }

    @Test func `a skill named after a known service needs it`() throws {
        #expect(try dependencies(of: skill("Reads bases.", "Text.\n", name: "airtable-cli")) == ["service:airtable"])
    }

    @Test func `servers of the model context protocol`() throws {
        #expect(
            try dependencies(of: document("Use the Sentry MCP server. Call `mcp__linear__search`.\n")) == [
                "mcp:linear", "mcp:sentry",
            ])
    }

    @Test func `prose demands programs, denies them, or leaves a choice`() throws {
        let body =
            "## Prerequisites\n\n- Node.js 18+\n- `gcloud` CLI authenticated\n- ffmpeg (optional)\n\n## Notes\n\nNo need for docker CLI.\n"
        #expect(try dependencies(of: document(body)) == ["binary:ffmpeg?", "binary:gcloud", "binary:node"])
    }

    @Test func `imports by package name, the standard library left out`() throws {
        let body =
            "```python\nimport os, cv2\nfrom PIL import Image\nfrom bs4 import BeautifulSoup\nimport helper\n```\n```js\nimport { z } from 'zod'\nimport fs from 'node:fs'\nimport x from './x.js'\n```\n"
        let files = [
            "scripts/helper.py": "import yaml\nimport json\nimport helper\n",
            "scripts/run.sh": "#!/bin/sh\njq . x | sed s/a/b/\n",
        ]
        #expect(
            try dependencies(of: document(body, files: files))
                == ["pip:beautifulsoup4", "pip:opencv-python", "pip:pillow", "pip:pyyaml", "npm:zod", "binary:jq"])
        let manifest = try #require(Depend.run(try document(body, files: files)).value)
        #expect(manifest.dependencies.first { $0.name == "pyyaml" }?.evidence.first?.file == "scripts/helper.py")
    }

    @Test func `code for a framework needs the framework`() throws {
        let body = "# React Patterns\n\nRefactor components.\n"
        #expect(
            try dependencies(of: skill("React component patterns for code.", body, name: "patterns")) == ["npm:react"])
    }

    @Test func `a package named like a demanded program is how that program gets there`() throws {
        let body = shell("jq . a.json") + "\nInstall it with `brew install jq`.\n"
        #expect(try dependencies(of: document(body)) == ["binary:jq"])
    }

    @Test func `a system's package manager is no need of the skill, a language's is one where a block runs it`() throws
    {
        let body = shell("sudo apt-get install -y poppler-utils\npip install acme") + "Else `pip3 install other`.\n"
        #expect(
            try dependencies(of: document(body)) == ["pip:acme", "pip:other", "apt:poppler-utils", "binary:pip"])
    }

    @Test(arguments: [
        (
            "toml",
            "[package]\nname = \"x\"\n[dependencies]\nserde = \"1.0\"\naxum = { version = \"0.7\", optional = true }",
            ["cargo:axum?", "cargo:serde"]
        ),
        (
            "toml", "[project]\ndependencies = [\n  \"httpx>=0.27\",\n  \"rich\",\n]\n[tool.x]\ny = 1",
            ["pip:httpx", "pip:rich"]
        ),
        ("json", "{\"dependencies\": {\"zod\": \"^3\"}, \"devDependencies\": {\"fs\": \"1\"}}", ["npm:zod"]),
        ("toml", "[dependencies", []), ("json", "{\"dependencies\": [1", []),
    ])
    func `packages of a manifest that is shown`(language: String, text: String, expected: [String]) throws {
        #expect(try dependencies(of: document("```\(language)\n\(text)\n```\n")) == expected)
    }

    @Test(arguments: [
        ("from google import genai", ["pip:google-genai"]),
        ("from google.cloud import storage", ["pip:google-cloud-storage"]),
        ("from google.cloud.aiplatform_v1 import X", ["pip:google-cloud-aiplatform"]),
        ("from azure.storage.blob import B", ["pip:azure-storage-blob"]), ("import google", []),
        ("import your_package", []),
    ])
    func `a namespace's modules are packages of their own`(line: String, expected: [String]) throws {
        #expect(try dependencies(of: document("```python\n\(line)\n```\n")) == expected)
    }

    @Test(arguments: [
        ("## Setup MCP Server\n\nText.\n", []),
        ("The tools come from the Acme Data MCP server.\n", ["mcp:acme-data"]),
        ("Use Acme's MCP server.\n", ["mcp:acme"]), ("Do not rely on Acme MCP tools.\n", []),
        ("## MCP (coming soon)\n\n```json\n{\"mcpServers\": {\"acme\": {}}}\n```\n", []),
        ("```json\n{\"mcpServers\": {\"my-server\": {}, \"acme\": {\"command\": \"x\"}}}\n```\n", ["mcp:acme"]),
    ])
    func `servers are names, not words of a title, and there already`(body: String, expected: [String]) throws {
        #expect(try dependencies(of: document(body)) == expected)
    }

    @Test func `a program no table knows counts when the text calls it one`() throws {
        let body = "## Prerequisites\n\nAll operations require the acmecli utility. The `frob` binary is required.\n"
        #expect(try dependencies(of: document(body)) == ["binary:acmecli", "binary:frob"])
    }

    @Test func `a word that the text writes small is no service`() throws {
        let word = try skill(
            "Finds routes.", "# Router\n\nThe Router API routes. A router is a router.\n", name: "router")
        let name = try skill("Finds routes.", "# Wheely\n\nAsk the Wheely API, Wheely knows.\n", name: "wheely")
        #expect(try dependencies(of: word) == [])
        #expect(try dependencies(of: name) == ["service:wheely"])
    }

    @Test func `variables that the surroundings set are asked of nobody`() throws {
        #expect(try dependencies(of: document("The environment variable `NODE_RANK` is set by the launcher.\n")) == [])
    }

    @Test func `python -m of the skill's own name runs what the skill brings`() throws {
        let own = try skill("Counts.", shell("python3 -m count_words a.txt\npython3 -m acme b"), name: "count-words")
        #expect(try dependencies(of: own) == ["pip:acme", "binary:python3"])
    }

    @Test func `a program of the metadata is a command in running text too`() throws {
        let extra = "metadata: {\"clawdbot\":{\"requires\":{\"bins\":[\"frob\"]}}}\n"
        let document = try skill("Frobs.", "- Search: `frob mail search 'x'`\n- List: `frob mail list`\n", extra: extra)
        let found = try #require(Require.run(document).value).requirements.map(\.primitive)
        #expect(found.contains(.toolExec))
    }

    @Test func `the subject is a service where the text speaks of its key, or links to its own address`() throws {
        let keyed = try skill(
            "Keeps facts.", "# Acmory Memory\n\nAcmory reads its API key from a file.\n", name: "acmory")
        #expect(try dependencies(of: keyed) == ["service:acmory"])
        let linked = try skill(
            "Acmebay listings.", "# ab\n\nBrowse [acmebay.at](https://acmebay.at) here.\n", name: "ab")
        #expect(try dependencies(of: linked) == ["service:acmebay"])
        let word = try skill("Plans.", "# Planner\n\nThe planner needs no API key. A planner plans.\n", name: "planner")
        #expect(try dependencies(of: word) == [])
    }

    @Test func `a name with a dot is found by its host`() throws {
        let document = try skill(
            "Makes films via acmefilm.sh CLI.", shell("curl https://cli.acmefilm.sh/x"), name: "films")
        #expect(try dependencies(of: document).contains("service:acmefilm.sh"))
    }

    @Test func `what brings other skills is no need of this one`() throws {
        #expect(try dependencies(of: document(shell("npx skills add acme/skills@film"))) == [])
    }

    @Test func `lines of PowerShell run programs too`() throws {
        let body = "```powershell\npython scripts\\x.py a.pdf\n$x = 1\n```\n"
        #expect(try dependencies(of: document(body)) == ["binary:python"])
    }

    @Test func `a stack that is told is what the code is written for`() throws {
        let document = try skill("Builds web apps.", "# Apps\n\n**Stack**: React 18 + TypeScript + Vite\n")
        #expect(try dependencies(of: document) == ["npm:react", "npm:typescript", "npm:vite"])
    }
}

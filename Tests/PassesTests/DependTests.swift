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
        #expect(found.map(\.version) == [">=4", "2.1", nil, nil, nil])
    }

    @Test func `a package that two managers offer is required of neither`() throws {
        let body = shell("brew install jq\napt-get install -y jq")
        #expect(try dependencies(of: document(body)).filter { $0.hasSuffix("jq?") } == ["brew:jq?", "apt:jq?"])
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
        #expect(try dependencies(of: document) == ["brew:player", "binary:play", "env:X_KEY"])
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
}

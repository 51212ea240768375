import Basics
import SkillModel
import TestSupport
import Testing

@testable import Passes

/// Whose a need is: the machine's, the project's, another system's, a container's, the skill's own, or nobody knows whose.
@Suite struct `Where dependencies belong` {
    /// `kind:name` of what a need is told by, as the manifest has it.
    private func found(_ document: SkillDocument) throws -> [String: Dependency] {
        let manifest = try #require(Depend.run(document).value)
        return Dictionary(manifest.dependencies.map { ("\($0.kind.rawValue):\($0.name)", $0) }) { first, _ in first }
    }

    private func python(_ code: String) -> String { "```python\n\(code)\n```\n" }

    // MARK: Imports

    @Test(
        arguments: [
            ("pip install frobware-sdk", "from frobware import Client", "frobware-sdk"),
            ("pip install corp-frob-tools", "import frob_tools", "corp-frob-tools"),
            ("pip install gadgetry", "import gdg", "gadgetry"),
        ])
    func `what the text installs explains what it imports`(install: String, code: String, package: String) throws {
        let document = try document("# T\n\n" + shell(install) + python(code))
        let pip = try found(document).values.filter { $0.kind == .pip }
        #expect(pip.map(\.name) == [package])
        #expect(pip.allSatisfy { $0.isGuessed == nil })
    }

    @Test func `one install does not explain two unknown modules, nor one that has its own import`() throws {
        let two = try found(document("# T\n\n" + shell("pip install gadgetry") + python("import gdg\nimport zzq")))
        #expect(two["pip:gdg"]?.isGuessed == true && two["pip:zzq"]?.isGuessed == true)
        let busy = try found(
            document("# T\n\n" + shell("pip install requests") + python("import requests\nimport zzq")))
        #expect(busy["pip:zzq"]?.isGuessed == true && busy["pip:requests"]?.isGuessed == nil)
        let part = try found(
            document(
                "# T\n\n" + shell("pip install frobber requests") + python("import frob\nimport requests\nimport zzq")))
        #expect(part["pip:frob"]?.isGuessed == true)
    }

    @Test func `an import that no table knows is told and never installed`() throws {
        let body = "# T\n\n" + python("import zzq_client\nimport yaml\nimport pandas\nfrom google.cloud import storage")
        let files = [
            "scripts/a.py": "import zzq_other\nimport rich\n",
            "scripts/b.rb": "require 'zzq_ruby'\nrequire 'nokogiri'\n",
        ]
        let document = try skill("d", body + "\nRun `python3 -m zzq_module`.\n", files: files)
        let manifest = try #require(Depend.run(document).value)
        let steps = try #require(Bind.run(manifest, environment: TargetFixture.environment).value).steps
        let told = steps.filter { $0.action == .tell }.map(\.name)
        #expect(told == ["zzq-client", "zzq-module", "zzq-other", "zzq_ruby"])
        let installed = steps.filter { $0.action == .install && $0.kind != .binary }.map(\.name)
        #expect(installed == ["google-cloud-storage", "pandas", "pyyaml", "rich", "nokogiri"])
    }

    @Test func `a module that is called like the skill, or bundled, is its own`() throws {
        let body =
            "# T\n\n" + python("from word_wheel import spin\nfrom helpers_zzq import x\nfrom parts_zzq.a import y")
        let files = ["helpers_zzq.py": "x = 1\n", "parts_zzq/a.py": "y = 1\n"]
        let document = try skill("d", body, name: "word-wheel", files: files)
        #expect(try found(document).keys.filter { $0.hasPrefix("pip:") }.isEmpty)
        // A name that is known is not the skill's for that.
        #expect(try found(skill("d", "# T\n\n" + python("import pandas"), name: "pandas"))["pip:pandas"] != nil)
    }

    @Test func `a program that is called like an unknown module is still looked for`() throws {
        let document = try document("# T\n\n" + python("import zzq") + shell("zzq run a"))
        #expect(try dependencies(of: document) == ["pip:zzq", "binary:zzq"])
    }

    // MARK: Projects

    @Test func `libraries of a manifest that the skill shows belong to the project that it writes`() throws {
        let toml = "```toml\n[dependencies]\nanyhow = \"1.0\"\n```\n"
        let json = "```json\n{\"dependencies\": {\"zod\": \"^3\"}}\n```\n"
        let document = try document("# T\n\n" + toml + json + shell("cargo install ripgrep\nnpm install -g prettier"))
        let found = try found(document)
        #expect(found["cargo:anyhow"]?.scope == .project && found["npm:zod"]?.scope == .project)
        #expect(found["cargo:ripgrep"]?.scope == nil && found["npm:prettier"]?.scope == nil)
        let manifest = try #require(Depend.run(document).value)
        let bound = try #require(Bind.run(manifest, environment: TargetFixture.environment).value)
        let actions = Dictionary(uniqueKeysWithValues: bound.steps.map { ($0.name, $0.action) })
        #expect(actions["anyhow"] == .tell && actions["zod"] == .tell)
        #expect(actions["ripgrep"] == .install && actions["prettier"] == .install)
        #expect(bound.script.contains("tell required cargo 'anyhow' 'the project"))
    }

    @Test(
        arguments: [
            ("npm install zzq", "npm:zzq", true), ("npm i --save-dev zzq", "npm:zzq", true),
            ("npm i -g zzq", "npm:zzq", false), ("yarn global add zzq", "npm:zzq", false),
            ("bun add zzq", "npm:zzq", true),
            ("npm install zzq\nnpx zzq run", "npm:zzq", false), ("npm install zzq\nzzq run a", "npm:zzq", false),
            ("cargo add zzq", "cargo:zzq", true), ("go get example.org/x/zzq", "go:example.org/x/zzq", true),
            ("go install example.org/x/zzq@latest", "go:example.org/x/zzq", false), ("uv add zzq", "pip:zzq", true),
            ("pip install zzq", "pip:zzq", false),
        ])
    func `a command that adds to a manifest asks nothing of the machine`(
        command: String, key: String, isOfProject: Bool
    ) throws {
        let found = try found(document("# T\n\n" + shell(command)))
        #expect(found[key] != nil)
        #expect((found[key]?.scope == .project) == isOfProject)
    }

    @Test
    func `what an import of JavaScript names is the project's, what require or a bundled script loads the machine's`()
        throws
    {
        let code = "```js\nimport { z } from 'zod'\nconst docx = require('docx')\n```\n"
        let document = try skill("d", "# T\n\n" + code, files: ["scripts/x.js": "import sharp from 'sharp'\n"])
        let found = try found(document)
        #expect(found["npm:zod"]?.scope == .project)
        #expect(found["npm:docx"] != nil && found["npm:docx"]?.scope == nil)
        #expect(found["npm:sharp"] != nil && found["npm:sharp"]?.scope == nil)
    }

    // MARK: Systems

    private static let keyrings = """
        # Keep it

        ```bash
        # macOS
        security add-generic-password -a u -s app -w x

        # Linux
        secret-tool store --label=app service app

        # Windows
        cmdkey /add:app /user:u
        git status
        ```

        ### Linux (systemd)

        ```bash
        systemctl --user enable app.timer
        ```

        ### macOS (launchd)

        ```bash
        launchctl load app.plist
        ```

        - **Fedora:** `rpm -q app`
        - **Debian:** `debsums app`

        """

    @Test func `what a comment, a title or a label has for one system is no need of another`() throws {
        let document = try document(Self.keyrings)
        let found = try found(document)
        #expect(found["binary:security"]?.systems == ["macos"])
        #expect(found["binary:secret-tool"]?.systems == ["linux"])
        #expect(found["binary:cmdkey"]?.systems == ["windows"])
        #expect(found["binary:systemctl"]?.systems == ["linux"] && found["binary:systemctl"]?.required == true)
        #expect(found["binary:launchctl"]?.systems == ["macos"])
        #expect(found["binary:rpm"]?.systems == ["rhel"])
        var environment = TargetFixture.environment
        (environment.os, environment.distribution) = ("linux", "debian")
        func needed() throws -> Set<String> {
            let manifest = try #require(Depend.run(document).value)
            let bound = try #require(Bind.run(manifest, environment: environment).value)
            return Set(bound.steps.filter { $0.action != .skip && $0.required }.map(\.name))
        }
        #expect(try needed().isSuperset(of: ["secret-tool", "systemctl"]))
        #expect(try needed().isDisjoint(with: ["security", "cmdkey", "launchctl", "rpm"]))
        (environment.os, environment.distribution) = ("macos", "")
        #expect(try needed().isSuperset(of: ["security", "launchctl"]))
        #expect(try needed().isDisjoint(with: ["secret-tool", "cmdkey", "systemctl", "rpm"]))
    }

    @Test func `a text that has something for one system alone says nothing of the others`() throws {
        let body = "# T\n\n" + shell("# macOS\nosascript -e x") + "\n## Use\n\n" + shell("# all\nosascript -e y")
        #expect(try found(document(body))["binary:osascript"]?.systems == nil)
    }

    @Test func `what is also used without a system's name is needed on each`() throws {
        let body = "# T\n\n" + shell("# macOS\njq a b\n\n# Linux\nsecret-tool lookup a b\n") + shell("jq . x")
        let found = try found(document(body))
        #expect(found["binary:jq"]?.systems == nil && found["binary:secret-tool"]?.systems == ["linux"])
    }

    @Test func `one of several languages is a choice`() throws {
        let body = """
            # Client

            ## Install

            ### Node.js/TypeScript

            ```bash
            npm install -g frobc
            npx frobc init
            ```

            ### .NET (C#)

            ```bash
            dotnet add package Frob
            ```

            Or `pip install frobpy` / `npm install frobjs`.

            """
        let required = try #require(Depend.run(try document(body)).value).dependencies.filter(\.required).map(\.name)
        #expect(required == [])
    }

    // MARK: No programs

    @Test func `slash commands, tools of a harness, own scripts and a container's programs are no programs`() throws {
        let body = """
            # Word wheel

            Run `bin/word-wheel --size 9`. The pipeline runs inside the Frob Toolkit container via the `frob_label` CLI:

            ```bash
            frob_label make -e /w/spec.yaml
            ```

            ```bash
            word-wheel --size 7
            sessions_spawn --task "Spin it"
            docker run --rm -v "$PWD:/w" -e A=b reg.invalid/tools:1 frob_cut --in /w/a
            frob_cut --in b
            kubectl exec pod -- frob_show a
            frob_show b
            cat > ~/.local/bin/frob-spin <<'EOF'
            exec word-wheel "$@"
            EOF
            frob-spin --size 5
            frob-new --size 5
            ```

            ```
            /word-wheel https://x.invalid/a
            ```

            """
        let found = try dependencies(of: skill("Spins words.", body, name: "word-wheel")).filter {
            $0.hasPrefix("binary")
        }
        #expect(found == ["binary:docker", "binary:frob-new", "binary:kubectl"])
    }

    @Test func `a bundled file makes no known program the skill's own`() throws {
        let document = try skill(
            "d", "# T\n\n" + shell("convert a.png b.gif\nfrob-it now"),
            files: ["scripts/convert.py": "x = 1\n", "scripts/frob-it": "#!/bin/sh\n"])
        let found = try dependencies(of: document)
        #expect(found.contains("binary:convert") && !found.contains("binary:frob-it"))
    }

    // MARK: Variables

    @Test func `what the text sets, what stands for a value and what a step makes is not asked of the environment`()
        throws
    {
        let body = """
            # Notes

            ```bash
            export NOTES_BASE_URL="https://notes.invalid/api"
            export NOTES_BROWSER_ENABLED=true
            export NOTES_HOST=your-host
            export NOTES_API_KEY=abc
            notes deploy --image IMAGE_URL --account [ACCOUNT_ID] --to "$NOTES_BASE_URL" --host $NOTES_HOST
            ```

            Replace IMAGE_URL by the image's address, and `[ACCOUNT_ID]` by yours.
            Set `NOTES_LIST_SID` (created in step 1). Each task is provided the environment variable `NOTES_TASK_INDEX`.

            ```python
            import os
            job.env_vars["NOTES_MAX_CONNECTIONS"] = "1"
            print(os.environ["NOTES_MAX_CONNECTIONS"], os.environ["NOTES_TEAM_ID"])
            ```

            """
        let found = try dependencies(of: document(body)).filter { $0.hasPrefix("env:") }
        #expect(
            found == [
                "env:NOTES_API_KEY", "env:NOTES_BASE_URL?", "env:NOTES_BROWSER_ENABLED?", "env:NOTES_HOST",
                "env:NOTES_LIST_SID?", "env:NOTES_TEAM_ID",
            ])
    }
}

import Basics
@testable import Passes
import SkillModel
import Testing

@Suite struct `What a skill can do without` {
    private func imports(_ code: String, _ language: String) -> [String] {
        ImportScanner.imports(of: Array(code.utf8), language: language).map {
            $0.name + ($0.isGuarded == true ? "?" : "")
        }
    }

    @Test(arguments: [
        ("try:\n    import orjson\nexcept ImportError:\n    import json\n", ["orjson?", "json?"]),
        ("try: import orjson\nexcept ImportError: orjson = None\n", ["orjson?"]),
        (
            "try:\n    import a\nexcept (ImportError, AttributeError):\n    try:\n        import b\n    except ImportError:\n        raise\n",
            ["a?", "b?"]
        ),
        ("try:\n    import yaml\nexcept ImportError:\n    print('pip install pyyaml')\n    sys.exit(1)\n", ["yaml"]),
        ("try:\n    import yaml\nexcept ImportError as e:\n    raise RuntimeError('no yaml') from e\n", ["yaml"]),
        (
            "try:\n    import x\nexcept ImportError:\n    subprocess.check_call(['pip', 'install', 'x'])\n    import x\n",
            ["x", "x"]
        ),
        (
            "try:\n    import rich\nexcept ImportError:\n    print('install rich for colours')\n    rich = None\n",
            ["rich?"]
        ),
        ("try:\n    import cv2\n    cv2.imread('a')\nexcept Exception as e:\n    print(e)\n", ["cv2"]),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas as pd\nimport numpy\n",
            ["typing", "pandas?", "numpy"]
        ),
        ("if importlib.util.find_spec('torch'):\n    import torch\n", ["torch?"]),
        ("text = '''\ntry:\n    import no\nexcept ImportError: pass\n'''\nimport a\n", ["a"]),
    ])
    func `imports of Python that a handler goes on without`(code: String, found: [String]) {
        #expect(imports(code, "python") == found)
    }

    @Test(arguments: [
        ("let s; try { s = require('sharp') } catch { s = null }", ["sharp?"]),
        ("try { require('a') } catch (e) { require('b') }", ["a?", "b?"]),
        ("try { require('a') } catch (e) { console.error('npm i a'); process.exit(1) }", ["a"]),
        ("try { await import('a'); await run() } catch (e) { console.error(e) }", ["a"]),
        ("let m = null\ntry { m = await import('chalk') } catch {}\nimport z from 'zod'", ["chalk?", "zod"]),
        ("const m = await import('chalk').catch(() => null)", ["chalk?"]),
        ("function f() { if (x) { require('a') } }\n}}}}\nrequire('b')", ["a", "b"]),
    ])
    func `imports of JavaScript that a catch goes on without`(code: String, found: [String]) {
        #expect(imports(code, "javascript") == found)
    }

    @Test(arguments: [
        ("if command -v ffmpeg >/dev/null; then\n  ffmpeg -i a b\nfi\njq . x\n", ["ffmpeg?", "jq"]),
        ("command -v jq >/dev/null || { echo \"jq is required\"; exit 1; }\n", ["jq"]),
        ("which fd && fd -e md\n", ["which?", "fd?"]),
        ("which node && node --version\n", ["which", "node"]),
        ("command -v rg >/dev/null && rg x || ag x\n", ["rg?", "ag?"]),
        ("hash uv 2>/dev/null || pip install uv\nuv run x\n", ["pip", "uv"]),
        ("if ! command -v gh; then\n  echo \"gh not found\"\n  exit 1\nfi\ngh pr list\n", ["gh"]),
        ("if ! command -v gh; then brew install gh; fi\ngh pr list\n", ["gh", "brew"]),
        ("if type pnpm; then pnpm i; elif type yarn; then yarn; else npm i; fi\n", ["pnpm?", "yarn?", "npm?"]),
        ("if command -v a; then a x; else echo 'install a'; exit 1; fi\n", ["a"]),
        ("if [ -x \"$(command -v magick)\" ]; then magick a b; else convert a b; fi\n", ["magick?", "convert?"]),
        ("cat <<EOF\nif then else fi\nEOF\nif command -v dot; then dot x; fi\nhugo build\n", ["cat", "dot?", "hugo"]),
        ("if command -v jq; then jq .; fi\njq . x\n", ["jq"]),
        ("fi\nfi\nelse\nif command -v a\n", ["a"]),
    ])
    func `programs that a shell script looks for first`(code: String, found: [String]) {
        #expect(imports(code, "bash") == found)
    }

    @Test func `a manifest is read by its structure, and what is no package is left out`() throws {
        let requirements = """
            # comment
            pandas >= 2.1, <3 ; python_version >= "3.9"
            uvicorn[standard]==0.30.1  # server
            -r other.txt
            --index-url https://example.org
            git+https://example.org/x.git
            local @ file:///x
            ../y
            $(rm -rf ~)
            numpy --hash=sha256:abc

            """
        let found = try #require(ManifestPackages.read(try path("requirements-dev.txt"), Array(requirements.utf8)))
        #expect(
            found.map { "\($0.name) \($0.version ?? "") \($0.required) \($0.line)" } == [
                "pandas >=2.1,<3 false 2", "uvicorn [standard]==0.30.1 true 3", "local  true 7", "numpy  true 10",
            ])
        let poetry =
            "[tool.poetry.dependencies]\npython = \"^3.11\"\nhttpx = \"^0.27\"\nrich = {version = \"^13.1\", optional = true}\n"
        let packages = try #require(ManifestPackages.read(try path("pyproject.toml"), Array(poetry.utf8)))
        #expect(
            packages.map { "\($0.name) \($0.version ?? "") \($0.required)" } == [
                "httpx >=0.27 true", "rich >=13.1,<14 false",
            ])
        let go = "module x\nrequire (\n\tgithub.com/spf13/cobra v1.8.0\n\tgolang.org/x/sys v0.1.0 // indirect\n)\n"
        #expect(
            try #require(ManifestPackages.read(try path("go.mod"), Array(go.utf8))).map(\.name) == [
                "github.com/spf13/cobra"
            ])
        #expect(try ManifestPackages.read(path("notes.txt"), Array("pandas".utf8)) == nil)
    }

    @Test(arguments: ["package.json", "pyproject.toml", "requirements.txt", "Gemfile", "go.mod"])
    func `a hostile manifest is bounded and no crash`(name: String) throws {
        let texts = [
            String(repeating: "[", count: 100_000), String(repeating: "pandas\n", count: 100_000),
            String(repeating: "{\"dependencies\":", count: 5000), "\u{0}\u{FEFF}\u{202E}", "gem '", "require (",
            "{\"dependencies\": {\"../x\": 1, \"$(id)\": \"1\", \"a b\": \"2\"}}", "\";;;@@@===<<<",
            String(repeating: "a", count: 300_000),
        ]
        for text in texts {
            let found = try #require(ManifestPackages.read(try path(name), Array(text.utf8)))
            #expect(found.count <= 500)
            for package in found { #expect(!package.name.contains("$") && !package.name.contains(" ")) }
        }
    }

    @Test func `alternatives are needed by nobody alone, and what each way needs is needed`() throws {
        let body = """
            ## Requirements

            - npm, pnpm or yarn
            - `docker` or podman
            - jq, and git

            ## Option A: the API

            ```bash
            curl https://api.acme.dev/v1 | xq .
            ```

            ## Option B: the client

            ```bash
            curl -O https://acme.dev/x && acmectl run x
            ```

            """
        let found = try dependencies(of: document(body)).filter { $0.hasPrefix("binary:") }
        #expect(
            found == [
                "binary:acmectl?", "binary:curl", "binary:docker?", "binary:git", "binary:jq", "binary:npm?",
                "binary:pnpm?", "binary:podman?", "binary:xq?", "binary:yarn?",
            ])
    }

    @Test func `what a sentence refuses is no dependency`() throws {
        for text in [
            "No `ruby` is required.", "It doesn't need Docker.", "Works without Node.", "No Docker needed.",
            "You do not need `ffmpeg`.", "Requires neither Docker nor Podman.",
        ] {
            #expect(try dependencies(of: document("## Requirements\n\n\(text)\n")) == [], "\(text)")
        }
    }

    private func path(_ text: String) throws -> RelativePath { try #require(RelativePath(text)) }
}

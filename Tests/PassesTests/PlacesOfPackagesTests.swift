import Basics
import SkillModel
import Testing

@testable import Passes

/// What a skill takes from a place of its own by settings is never installed from the usual registry by its bare name.
@Suite struct `Places of packages` {
    /// What `--repair` would install.
    private func installed(_ body: String, _ files: [String: String] = [:]) throws -> [String] {
        let found = try #require(Depend.run(try skill("d", "# T\n\n" + body, files: files)).value)
        let bound = Bind.run(found, environment: TargetFixture.environment)
        let elsewhere = found.dependencies.filter { $0.isElsewhere == true }.map(\.name)
        let told = bound.diagnostics.filter { $0.id == "bind.elsewhere" }
        #expect(told.count == elsewhere.count, "\(elsewhere): \(told)")
        return bound.value?.steps.filter { $0.action == .install && $0.kind != .binary }.compactMap(\.package).sorted()
            ?? []
    }

    private static let commands = shell("pip install corp-a\nnpm install -g corp-n @corp/x\n")
    private static let corp = "https://corp.invalid/simple"

    @Test func `are the usual ones where nothing says otherwise`() throws {
        #expect(try installed(Self.commands) == ["@corp/x", "corp-a", "corp-n"])
    }

    @Test(arguments: [
        ("pip.conf", "[global]\nindex-url = https://corp.invalid/simple\n"),
        ("pip.ini", "[install]\nextra_index_url=\n    https://corp.invalid/simple\n"),
        ("config/pip.conf", "[global]\nno-index = true\nfind-links = ./wheels\n"),
        ("uv.toml", "index-url = \"https://corp.invalid/simple\"\n"),
        ("uv.toml", "[[index]]\nname = \"corp\"\nurl = \"https://corp.invalid/simple\"\n"),
        ("uv.toml", "[pip]\nextra-index-url = [\"https://corp.invalid/simple\"]\n"),
        ("pyproject.toml", "[[tool.uv.index]]\nurl = \"https://corp.invalid/simple\"\n"),
        ("pyproject.toml", "[tool.uv.sources]\nCorp_A = { index = \"corp\" }\n"),
        ("pyproject.toml", "[tool.uv.sources]\ncorp-a = { git = \"https://corp.invalid/a\" }\n"),
        ("pyproject.toml", "[[tool.poetry.source]]\nname = \"c\"\nurl = \"https://corp.invalid/simple\"\n"),
        (".env", "PIP_INDEX_URL=https://corp.invalid/simple\n"),
        ("Dockerfile", "FROM x\nENV UV_INDEX_URL https://corp.invalid/simple\n"),
        ("scripts/setup.sh", "export PIP_INDEX_URL=https://corp.invalid/simple\n"),
        ("scripts/setup.sh", "PIP_EXTRA_INDEX_URL=https://corp.invalid/simple pip install other\n"),
        ("scripts/setup.sh", "pip config set global.index-url https://corp.invalid/simple\n"),
        ("scripts/setup.sh", "python3 -m pip config set global.extra-index-url https://corp.invalid/simple\n"),
        ("scripts/setup.sh", "cat > ~/.pip/pip.conf <<EOF\n[global]\nindex-url = https://corp.invalid/simple\nEOF\n"),
    ])
    func `of pip are read from settings and scripts`(file: String, text: String) throws {
        #expect(try installed(Self.commands, [file: text]) == ["@corp/x", "corp-n"])
    }

    @Test(arguments: [
        (".npmrc", "registry=https://corp.invalid/npm/\n"), (".yarnrc", "registry \"https://corp.invalid/npm\"\n"),
        (".yarnrc.yml", "npmRegistryServer: \"https://corp.invalid/npm\"\n"),
        ("bunfig.toml", "[install]\nregistry = \"https://corp.invalid/npm\"\n"),
        ("scripts/setup.sh", "npm config set registry https://corp.invalid/npm\n"),
        ("scripts/setup.sh", "export npm_config_registry=https://corp.invalid/npm\n"),
        ("scripts/setup.sh", "echo 'registry=https://corp.invalid/npm' >> .npmrc\n"),
    ])
    func `of npm are read from settings and scripts`(file: String, text: String) throws {
        #expect(try installed(Self.commands, [file: text]) == ["corp-a"])
    }

    @Test(arguments: [
        (".npmrc", "@corp:registry=https://corp.invalid/npm/\n"),
        (".yarnrc", "\"@corp:registry\" \"https://corp.invalid/npm\"\n"),
        (".yarnrc.yml", "npmScopes:\n  corp:\n    npmRegistryServer: https://corp.invalid/npm\n"),
        ("bunfig.toml", "[install.scopes]\ncorp = \"https://corp.invalid/npm\"\n"),
        ("scripts/setup.sh", "npm config set @corp:registry https://corp.invalid/npm\n"),
        ("scripts/setup.sh", "npm config set @corp:registry=https://corp.invalid/npm --location=project\n"),
        ("scripts/setup.sh", "npm login --scope=@corp --registry=https://corp.invalid/npm\n"),
        ("scripts/setup.sh", "echo \"@corp:registry=https://corp.invalid/npm\" >> ~/.npmrc\n"),
    ])
    func `of a scope are read for its packages alone`(file: String, text: String) throws {
        #expect(try installed(Self.commands, [file: text]) == ["corp-a", "corp-n"])
    }

    @Test(arguments: [
        "export PIP_INDEX_URL=https://corp.invalid/simple", "set -gx PIP_INDEX_URL https://corp.invalid/simple",
        "$env:PIP_INDEX_URL = 'https://corp.invalid/simple'", "PIP_NO_INDEX=1",
        "pip config set global.index-url https://corp.invalid/simple", "export PIP_CONFIG_FILE=./pip.conf",
        "poetry source add corp https://corp.invalid/simple",
    ])
    func `are read from a command of the text that sets them for the next`(command: String) throws {
        #expect(try installed(shell(command + "\n") + "\nThen:\n\n" + Self.commands) == ["@corp/x", "corp-n"])
    }

    @Test(arguments: [
        "```ini\n[global]\nindex-url = https://corp.invalid/simple\n```\n",
        "```toml\n[tool.uv]\nindex-url = \"https://corp.invalid/simple\"\n```\n",
        "```dockerfile\nENV PIP_INDEX_URL=https://corp.invalid/simple\n```\n",
        "```yaml\nenv:\n  PIP_INDEX_URL: https://corp.invalid/simple\n```\n",
    ])
    func `are read from settings that the text shows`(fence: String) throws {
        #expect(try installed(fence + "\n" + Self.commands) == ["@corp/x", "corp-n"])
    }

    @Test(arguments: [
        (".npmrc", "registry=https://registry.npmjs.org/\n@corp:registry=https://registry.npmjs.org\n"),
        (
            "pip.conf",
            "[global]\nindex-url = https://pypi.org/simple\nno-index = false\n# index-url = https://x.invalid\n"
        ),
        ("pyproject.toml", "[[tool.uv.index]]\nname = \"x\"\nurl = \"https://x.invalid\"\nexplicit = true\n"),
        (
            "scripts/setup.sh",
            "export CARGO_REGISTRY_TOKEN=x UV_INDEX_STRATEGY=first-index\nregistry=https://ghcr.invalid\n"
        ),
        ("scripts/x.py", "index_url = 'https://corp.invalid'\n"),
        ("Gemfile", "source 'https://rubygems.org'\n"),
    ])
    func `that are the usual ones by name change nothing`(file: String, text: String) throws {
        #expect(try installed(Self.commands, [file: text]) == ["@corp/x", "corp-a", "corp-n"])
    }

    @Test(arguments: [
        "https://pypi.org@evil.invalid/simple", "https://pypi.org.evil.invalid/simple", "http://pypi.org/simple",
        "https://pypi.org:444/simple", "https://pypi.org/simple https://corp.invalid/simple", "",
        "https://evil.invalid/https://pypi.org/", "https://pypi.org\\@evil.invalid/",
    ])
    func `that only look like the usual ones are others`(address: String) {
        #expect(!PackagePlace.isUsual(address))
    }

    @Test func `of one package or command are for it alone`() throws {
        let body = shell(
            """
            pip install --index-url https://pypi.org/simple tabulate
            npx --registry=https://corp.invalid/npm corp-r
            UV_INDEX_URL=https://corp.invalid/simple uvx corp-u
            uvx rich -i x
            npm ci --registry=https://corp.invalid/npm
            PIP_INDEX_URL=https://corp.invalid/simple pip install -r requirements.txt
            gem install jekyll
            conda install -c https://corp.invalid/conda corp-c
            conda install -c conda-forge gdal
            """ + "\n")
        let files = [
            "package.json": "{\"dependencies\": {\"corp-p\": \"1\"}}", "requirements.txt": "corp-q\n",
            "Gemfile": "source 'https://corp.invalid/gems'\ngem 'corp-g', :git => 'x'\n",
        ]
        #expect(try installed(body, files) == ["gdal", "rich", "tabulate"])
    }

    /// What such a manifest names is the project's, and no machine's: nothing of it is installed.
    @Test func `of a manifest that is shown are read with it`() throws {
        let body = """
            ```toml
            [project]
            dependencies = ["corp-a @ https://corp.invalid/a.whl", "httpx>=0.27"]
            ```

            ```json
            {"dependencies": {"zod": "^3", "corp-j": "git+ssh://corp.invalid/j.git"}}
            ```

            """
        #expect(try installed(body).isEmpty)
        let found = try #require(Depend.run(try skill("d", "# T\n\n" + body)).value).dependencies
        #expect(found.filter { $0.isElsewhere == true }.map(\.name).sorted() == ["corp-a", "corp-j"])
    }
}

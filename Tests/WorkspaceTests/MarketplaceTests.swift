import Basics
import Git
import Registry
import SkillModel
import TestSupport
import Testing

@testable import Workspace

private func skill(_ name: String) -> RemoteRepository.File {
    .text("---\nname: \(name)\ndescription: Does \(name).\n---\n# \(name)\n")
}

/// `skvm add` from repositories and folders whose marketplace file groups skills into plugins.
struct MarketplaceTests {
    struct Start {
        var world: ProjectWorld
        var remote: RemoteRepository

        init(_ scratch: String) async throws {
            world = try ProjectWorld(scratch)
            try world.put(["skvm.toml": "[dependencies]\n"])
            remote = try await RemoteRepository(at: world.root + "/market.git")
        }

        func add(_ specs: String...) async throws -> BuildReport {
            try await world.workspace().add(specs, registry: nil, install: false)
        }

        func dependencies() throws -> [String] {
            try Manifest(parsing: Array(try world.manifest.utf8)).dependencies.map { dependency in
                guard case .git(let source) = dependency.source else { return "\(dependency.name)" }
                return "\(dependency.name) \(source.path?.text ?? ".")"
            }
        }
    }

    private static let listed: [String: RemoteRepository.File] = [
        ".claude-plugin/marketplace.json": """
        {"name": "m", "plugins": [
          {"name": "documents", "source": "./", "strict": false, "skills": ["./skills/pdf", "./skills/docx"]},
          {"name": "other", "source": "./plugins/other"},
          {"name": "packed", "source": {"source": "npm", "package": "@x/y"}},
          {"name": "tools", "source": "./plugins/tools"}]}
        """,
        "skills/pdf/SKILL.md": skill("pdf"), "skills/docx/SKILL.md": skill("docx"),
        "plugins/other/skills/knots/SKILL.md": skill("knots"), "plugins/tools/commands/a.md": "text",
        "plugins/other/deep/extra/SKILL.md": skill("extra"),
        "plugins/other/.claude-plugin/plugin.json": "{\"name\": \"other\", \"skills\": \"./deep\"}",
    ]

    @Test func `a plugin brings all its skills, as ordinary git dependencies in the lock`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            let commit = try await start.remote.commit(Self.listed)
            _ = try await start.add(start.remote.url + "#documents")
            #expect(try start.dependencies() == ["docx skills/docx", "pdf skills/pdf"])
            let lock = try Lockfile(parsing: Array(try start.world.lock.utf8))
            #expect(lock.packages.map { $0.commit?.description } == [commit, commit])
            _ = try await start.add(start.remote.url + "#other")
            #expect(
                try start.dependencies() == [
                    "docx skills/docx", "extra plugins/other/deep/extra", "knots plugins/other/skills/knots",
                    "pdf skills/pdf",
                ])
        }
    }

    @Test func `a marketplace file that is none stops nobody who names a skill's folder`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try await start.remote.commit([
                ".claude-plugin/marketplace.json": "{\"plugins\": {}}", "skills/pdf/SKILL.md": skill("pdf"),
            ])
            let found = await start.world.failure { try await start.add(start.remote.url + "#pdf") }
            #expect(found.map(\.id) == ["marketplace.shape"])
            #expect(found.first?.location?.file.hasSuffix(".claude-plugin/marketplace.json") == true)
            #expect(try await start.add(start.remote.url + "#skills/pdf").ok)
            #expect(try start.dependencies() == ["pdf skills/pdf"])
        }
    }

    @Test func `of two plugins of one name none is taken, and a skill's folder may be named`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            var files = Self.listed
            files[".claude-plugin/marketplace.json"] = """
                {"name": "m", "plugins": [
                  {"name": "documents", "source": "./", "strict": false, "skills": ["./skills/pdf"]},
                  {"name": "documents", "source": "./plugins/other"}, {"name": "other", "source": "./plugins/other"}]}
                """
            try await start.remote.commit(files)
            for what in ["documents", "documents/pdf"] {
                let found = await start.world.failure { try await start.add(start.remote.url + "#" + what) }
                #expect(found.map(\.id) == ["package.several-plugins"], "\(found)")
            }
            _ = try await start.add(start.remote.url + "#skills/pdf")
            _ = try await start.add(start.remote.url + "#other/knots")
            #expect(try start.dependencies() == ["knots plugins/other/skills/knots", "pdf skills/pdf"])
        }
    }

    @Test func `what is not found may stand in an entry that was passed over, which is named`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try await start.remote.commit([
                ".claude-plugin/marketplace.json": """
                {"name": "m", "plugins": [
                  {"name": "good", "source": "./good"}, {"name": "bad", "source": "../bad"}]}
                """,
                "good/skills/pdf/SKILL.md": skill("pdf"),
            ])
            let found = await start.world.failure { try await start.add(start.remote.url + "#bad") }
            #expect(found.map(\.id) == ["package.no-skill"])
            #expect(
                found.first?.notes.contains { $0.contains("plugins[1] is passed over") && $0.contains("../bad") }
                    == true,
                "\(found)")
        }
    }

    @Test func `what the newest release has not is taken from the default branch, and what it has from there`()
        async throws
    {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            let released = try await start.remote.commit(["skills/pdf/SKILL.md": skill("pdf")])
            try await start.remote.tag("v1.2.0", released)
            let head = try await start.remote.commit(Self.listed)
            _ = try await start.add(start.remote.url + "#other", start.remote.url + "#pdf")
            let manifest = try start.world.manifest
            #expect(manifest.contains("path = \"plugins/other/deep/extra\", branch = \"main\""))
            #expect(manifest.contains("path = \"skills/pdf\", version = \"^1.2.0\""))
            let lock = try Lockfile(parsing: Array(try start.world.lock.utf8))
            #expect(
                lock.packages.map { "\($0.name) \($0.commit?.description == head ? "head" : "release")" } == [
                    "extra head", "knots head", "pdf release",
                ])
            await #expect(throws: DiagnosticsError.self) { _ = try await start.add(start.remote.url + "#nowhere") }
        }
    }

    @Test(arguments: ["documents/pdf", "documents:pdf", "pdf", "skills/pdf"])
    func `one skill is named by its folder, its name, or through its plugin`(_ selector: String) async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try await start.remote.commit(Self.listed)
            _ = try await start.add("\(start.remote.url)#\(selector)")
            #expect(try start.dependencies() == ["pdf skills/pdf"])
        }
    }

    @Test func `an address alone lists the plugins with their skills, and writes nothing`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try await start.remote.commit(Self.listed)
            let found = await start.world.failure { try await start.add(start.remote.url) }
            #expect(found.map(\.id) == ["package.several-skills"])
            #expect(
                found[0].notes == [
                    "documents: docx, pdf", "other: extra, knots", "packed: its source is npm @x/y", "tools: no skills",
                ])
            #expect(found[0].hint?.contains("#documents; or take all of them with --all") == true)
            #expect(try start.dependencies() == [])
        }
    }

    @Test func `what can't be had is told apart: no skills, npm, no such name`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try await start.remote.commit(Self.listed)
            let url = start.remote.url
            let commands = await start.world.failure { try await start.add("\(url)#tools") }
            #expect(commands[0].id == "package.no-skill" && commands[0].hint?.contains("commands") == true)
            #expect(await start.world.failure { try await start.add("\(url)#packed") }[0].id == "package.unsupported")
            let unknown = await start.world.failure { try await start.add("\(url)#documnets") }
            #expect(unknown[0].hint == "did you mean \(url)#documents?")
        }
    }

    @Test func `a plugin of another repository is taken from there, at the reference that the marketplace says`()
        async throws
    {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            let other = try await RemoteRepository(at: start.world.root + "/other.git")
            let old = try await other.commit(["skills/knots/SKILL.md": skill("knots"), "SKILL.md": skill("root")])
            try await other.git("branch", "stable")
            try await other.commit(["skills/knots/SKILL.md": skill("knots"), "new": "1"], time: 1_700_000_100)
            try await start.remote.commit([
                ".agents/plugins/marketplace.json": .text(
                    """
                    {"name": "m", "plugins": [{"name": "sea",
                      "source": {"source": "url", "url": "\(other.url)", "ref": "stable"}}]}
                    """)
            ])
            _ = try await start.add(start.remote.url + "#sea")
            let lock = try Lockfile(parsing: Array(try start.world.lock.utf8))
            #expect(lock.packages.map { $0.commit?.description } == [old])
            #expect(try start.world.manifest.contains("branch = \"stable\""))
        }
    }

    @Test func `a local folder's plugins become path dependencies`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try write(
                [
                    ".cursor-plugin/marketplace.json": "{\"plugins\": [{\"name\": \"sea\", \"source\": \"./sea\"}]}",
                    "sea/skills/knots/SKILL.md": "---\nname: knots\ndescription: Ties.\n---\n# Knots\n",
                    "sea/skills/Odd Name!/SKILL.md": "---\nname: Odd Name!\ndescription: Odd.\n---\n# Odd\n",
                ], in: start.world.root + "/market")
            _ = try await start.add("../market#sea")
            #expect(try start.dependencies() == ["knots", "odd-name"])
            #expect(try start.world.manifest.contains("path = \"../market/sea/skills/knots\""))
        }
    }

    @Test(arguments: ["../../up", "/etc", "a/../b", "x\\u0000y", ""])
    func `an entry that leads out of the repository is passed over, and the others stay`(_ source: String) throws {
        let json =
            "{\"plugins\": [{\"name\": \"a\", \"source\": \"\(source)\"}, {\"name\": \"b\", \"source\": \"./b\"}]}"
        let market = try Marketplace(parsing: Array(json.utf8), file: "marketplace.json")
        #expect(market.plugins.map(\.name) == ["b"])
        #expect(market.diagnostics.map(\.id) == ["marketplace.plugin"])
    }

    @Test func `a marketplace from elsewhere can't name repositories of this machine`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            let context = SpecContext(
                workingDirectory: start.world.project, root: start.world.project, workspace: start.world.workspace())
            let plugin = Marketplace.Plugin(
                name: "a",
                place: .repository(
                    try #require(RepositoryURL(start.remote.url)), path: nil, reference: nil, commit: nil))
            let found = await start.world.failure {
                try await PluginSource(plugin, nil, from: "https://example.org/m", isLocal: false).specs(context)
            }
            #expect(found.map(\.id) == ["add.address"])
        }
    }
}

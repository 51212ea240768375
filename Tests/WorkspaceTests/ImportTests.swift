import Basics
import ContentStore
import SkillModel
import TestSupport
import Testing

@testable import Workspace

private func skill(_ name: String, _ text: String = "") -> String {
    "---\nname: \(name)\ndescription: Does \(name).\n---\n# \(name)\n\(text)"
}

/// `skvm import`, in a project that other tools were used in.
struct ImportTests {
    struct Start {
        var world: ProjectWorld
        var remote: RemoteRepository
        var commit: String

        init(_ scratch: String) async throws {
            world = try ProjectWorld(scratch)
            remote = try await RemoteRepository(at: world.root + "/skills.git")
            commit = try await remote.commit([
                "skills/knots/SKILL.md": .text(skill("knots")), "skills/tides/SKILL.md": .text(skill("tides")),
                "skills/tides/references/a.md": "a",
            ])
        }

        func run(_ from: String..., change: (inout Flags) -> Void = { _ in }) async throws -> ImportReport {
            try await world.workspace(change).importSkills(from: from)
        }

        func locked() throws -> [String] {
            try Lockfile(parsing: Array(try world.lock.utf8)).packages.map {
                "\($0.id.name) \($0.commit?.description ?? "-")"
            }
        }
    }

    @Test func `a lock's commit becomes the manifest's and the lock's, though the branch has moved on`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try await start.remote.commit(["skills/knots/SKILL.md": .text(skill("knots", "new"))], time: 1_700_000_900)
            try start.world.put([
                "skillfold.lock": """
                lockfileVersion: 1
                skills:
                  knots:
                    source: ./skills/knots
                """,
                "apm.lock.yaml": """
                lockfile_version: '1'
                dependencies:
                - repo_url: \(start.remote.url)
                  virtual_path: skills/knots
                  resolved_commit: \(start.commit)
                - repo_url: \(start.remote.url)
                  virtual_path: skills/none
                  resolved_commit: \(start.commit)
                """,
            ])
            let report = try await start.run()
            #expect(report.skills.filter { $0.action == "imported" }.map(\.name) == ["knots"])
            #expect(report.skills.first?.pinned == "commit \(start.commit.prefix(12))")
            #expect(try start.world.manifest.contains("rev = \"\(start.commit)\""))
            #expect(try start.locked() == ["knots \(start.commit)"])
            // What is not there is told, with its place, and holds up nothing.
            #expect(!report.ok)
            #expect(report.diagnostics.contains { $0.id == "package.no-skill" && $0.location?.line == 6 })
            #expect(
                report.diagnostics.contains { $0.id == "package.no-folder" && $0.location?.file == "skillfold.lock" })
        }
    }

    @Test func `a folder hash is held against the repository, and said to be the same or not`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            let text = "SKILL.md" + skill("tides") + "references/a.md" + "a"
            let hash = Digest(of: Array(text.utf8)).hex
            let tree = try await start.remote.git("rev-parse", "\(start.commit):skills/tides")
            func lock(_ key: String, _ hash: String) -> String {
                """
                {"version": 1, "skills": {"tides": {"source": "\(start.remote.url)", "sourceType": "git",
                "skillPath": "skills/tides/SKILL.md", "\(key)": "\(hash)"}}}
                """
            }
            for (key, value, note) in [
                ("computedHash", hash, "the same files"), ("skillFolderHash", tree, "the same files"),
                ("computedHash", String(repeating: "0", count: 64), "its files are others than were installed"),
            ] {
                try start.world.put(["skills-lock.json": lock(key, value)])
                let report = try await start.run { $0.dryRun = true }
                #expect(report.skills.map(\.note) == [note])
            }
            #expect(!start.world.exists("skvm.toml"))
        }
    }

    @Test func `skills in harness folders are copied into the project, once, and the originals stay as they are`()
        async throws
    {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try start.world.put([
                ".claude/skills/own/SKILL.md": skill("own"), ".claude/skills/own/run.sh": "echo 1\n",
                ".cursor/skills/own/SKILL.md": skill("own"), ".cursor/skills/own/run.sh": "echo 1\n",
                ".gemini/skills/own/SKILL.md": skill("own", "other"),
                ".clawhub/lock.json": """
                {"version": 1, "skills": {"hub": {"version": "1.0.0", "installedAt": 1},
                "gone": {"version": null, "installedAt": 1}}}
                """,
                "skills/hub/SKILL.md": skill("hub"), "skills/hub/.clawhub/origin.json": "{}",
            ])
            let before = try Tree.entries(ofFolder: start.world.project + "/.claude")
            let report = try await start.run()
            #expect(report.skills.filter { $0.action == "imported" }.map(\.name).sorted() == ["hub", "own"])
            #expect(report.skills.filter { $0.action == "skipped" }.map(\.name).sorted() == ["gone", "own"])
            #expect(report.skills.first { $0.name == "hub" }?.note == "its source is ClawHub: hub 1.0.0")
            #expect(report.ok)
            #expect(report.diagnostics.map(\.id).sorted() == ["import.clash", "import.unsupported"])
            #expect(try start.locked() == ["hub -", "own -"])
            #expect(start.world.exists("skills-local/own/run.sh"))
            #expect(!start.world.exists("skills-local/hub/.clawhub"))
            #expect(try Tree.entries(ofFolder: start.world.project + "/.claude") == before)
            // Again: nothing new.
            let again = try await start.run()
            #expect(again.skills.filter { $0.action == "imported" } == [])
            #expect(again.lockChanges == [])
        }
    }

    @Test func `a copy that a registry has is taken from there, at its version`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            let registry = try FolderRegistry(start.world.root + "/registry")
            let files = ["SKILL.md": skill("charts", "Draw."), "run.sh": "echo 1\n"]
            try registry.publish("charts", "1.0.0", files: files)
            try registry.publish("charts", "1.1.0")
            try start.world.put(["skvm.toml": "# ours\n[registries]\ndefault = \"../registry\"\n"])
            try write(files, in: start.world.project + "/.claude/skills/charts")
            let report = try await start.run()
            #expect(report.skills.map(\.action) == ["imported"])
            #expect(try start.world.manifest.hasPrefix("# ours\n"))
            #expect(try start.world.manifest.contains("charts = \"=1.0.0\""))
            #expect(!start.world.exists("skills-local"))
        }
    }

    @Test func `what skvm.toml has stays, and another source of that name is told`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try start.world.put([
                "skvm.toml": "[dependencies]\nknots = { path = \"./mine\" } # by hand\n",
                "mine/SKILL.md": skill("knots"),
                "skills-lock.json": """
                {"skills": {"knots": {"source": "\(start.remote.url)", "sourceType": "git", "skillPath": "skills/knots"},
                "TIDES!": {"source": "\(start.remote.url)", "sourceType": "git", "skillPath": "skills/tides"}}}
                """,
            ])
            let report = try await start.run()
            #expect(report.skills.map { "\($0.name) \($0.action)" } == ["knots skipped", "tides imported"])
            #expect(report.diagnostics.map(\.id) == ["import.clash"])
            #expect(try start.world.manifest.contains("knots = { path = \"./mine\" } # by hand\n"))
        }
    }

    @Test func `plugins that Claude Code enables become the skills that they hold`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            let market = try await RemoteRepository(at: start.world.root + "/market.git")
            try await market.commit([
                ".claude-plugin/marketplace.json": "{\"plugins\": [{\"name\": \"sea\", \"source\": \"./sea\"}]}",
                "sea/skills/knots/SKILL.md": .text(skill("knots")), "sea/skills/tides/SKILL.md": .text(skill("tides")),
            ])
            try start.world.put([
                ".claude/settings.json": """
                {"extraKnownMarketplaces": {"m": {"source": {"source": "git", "url": "\(market.url)"}}},
                "enabledPlugins": {"sea@m": true, "none@m": true}}
                """
            ])
            let report = try await start.run()
            #expect(
                report.skills.map { "\($0.name) \($0.action)" } == ["knots imported", "tides imported", "none skipped"])
            #expect(report.diagnostics.map(\.id) == ["import.plugin"])
            #expect(try start.locked().count == 2)
        }
    }

    @Test func `a file that is none is wrong usage, and one that can't be read holds up no other`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try start.world.put(["notes.txt": "x", "skills-lock.json": "{", ".pi/skills/own/SKILL.md": skill("own")])
            let usage = await start.world.failure { try await start.run("notes.txt") }
            #expect(usage.map(\.fault) == [.usage])
            let report = try await start.run()
            #expect(report.skills.map(\.name) == ["own"])
            #expect(report.diagnostics.map { $0.location?.file } == ["skills-lock.json"])
            #expect(report.fault == .build)
        }
    }

    @Test func `a copy that can't be resolved holds up no other, and a dry run says so`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try start.world.put([
                ".claude/skills/a/SKILL.md": skill("a"), ".claude/skills/b/SKILL.md": skill("b"),
                ".claude/skills/b/skvm.toml": "[dependencies]\nnope = \"^1\"\n",
                ".claude/skills/c/SKILL.md": skill("c"),
            ])
            try FileSystem.makeLink(start.world.project + "/.claude/skills/c/out", to: "/etc/passwd")
            for isDry in [true, false] {
                let report = try await start.run { $0.dryRun = isDry }
                #expect(
                    report.skills.map { "\($0.name) \($0.action)" }.sorted() == [
                        "a imported", "b skipped", "c skipped",
                    ])
                // The link out of the folder, which is the worse of the two.
                #expect(report.fault == .integrity)
                #expect(report.skills.first { $0.name == "b" }?.note?.contains("nope") == true, "\(report.skills)")
                #expect(report.diagnostics.contains { $0.notes.contains("while importing 'b'") })
                #expect(report.next == ["skvm target add NAME --model M --harness claude-code", "skvm install"])
                if isDry { #expect(!start.world.exists("skvm.toml") && !start.world.exists("skills-local")) }
            }
            #expect(try start.locked() == ["a -"])
            #expect(start.world.exists("skills-local/a") && !start.world.exists("skills-local/b"))
        }
    }

    @Test(arguments: ["../../victim", "nowhere", "/tmp/skvm-no-such-folder"])
    func `copies follow no link out of the project`(target: String) async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try FileSystem.makeDirectories(FileSystem.absolute("../../victim", from: start.world.project))
            try start.world.put([".claude/skills/evil/SKILL.md": skill("evil")])
            try FileSystem.makeLink(start.world.project + "/skills-local", to: target)
            for isDry in [true, false] {
                let found = await start.world.failure { try await start.run { $0.dryRun = isDry } }
                #expect(found.map(\.id) == ["import.link"])
            }
            #expect(try FileSystem.list(FileSystem.absolute("../../victim", from: start.world.project)).isEmpty)
            #expect(!start.world.exists("skvm.toml"))
        }
    }

    @Test func `copies follow a link that stays in the project`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try start.world.put([".claude/skills/own/SKILL.md": skill("own"), "lib/a": ""])
            try FileSystem.makeLink(start.world.project + "/skills-local", to: "lib")
            #expect(try await start.run().ok)
            #expect(start.world.exists("lib/own/SKILL.md"))
        }
    }

    @Test func `a folder whose name is not UTF-8 holds up no other`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try start.world.put([
                ".claude/skills/ok/SKILL.md": skill("ok"), ".claude/skills/sorted/inner/SKILL.md": skill("inner"),
            ])
            let made = try await Program(
                "sh", ["-c", "mkdir \"$(printf 'b\\377')\" \"$(printf 'sorted/c\\377')\""],
                directory: start.world.project + "/.claude/skills"
            ).run()
            try #require(made.succeeded, "\(made.errorText)")
            let report = try await start.run()
            #expect(report.ok && report.skills.map { "\($0.name) \($0.action)" } == ["ok imported", "inner imported"])
            #expect(report.diagnostics.map(\.id) == ["import.folder", "import.folder"])
        }
    }

    @Test func `nothing to import leaves nothing`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            #expect(try await start.run().diagnostics.map(\.id) == ["import.nothing"])
            #expect(try FileSystem.list(start.world.project) == [])
            try start.world.put([
                ".claude/skills/b/SKILL.md": skill("b"),
                ".claude/skills/b/skvm.toml": "[dependencies]\nnope = \"^1\"\n",
            ])
            #expect(try await start.run().fault == .build)
            #expect(try FileSystem.list(start.world.project) == [".claude"])
        }
    }

    @Test func `a skill that was chosen out of a bundle has its own name, and spellings of an address don't clash`()
        async throws
    {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            try FileSystem.makeDirectories(start.world.root + "/remotes/o")
            try FileSystem.rename(start.remote.path, to: start.world.root + "/remotes/o/bundle.git")
            try await GitWebServer.serving(start.world.root + "/remotes") { server in
                let address = "\(server.open)/o/bundle"
                try start.world.put([
                    "apm.lock.yaml": """
                    lockfile_version: '1'
                    dependencies:
                    - repo_url: \(address)
                      resolved_commit: \(start.commit)
                      skill_subset:
                      - tides
                      deployed_files:

                    """ + String(repeating: "  - .agents/skills/tides/app/[slug]/[id]/page.md\n", count: 150),
                    "apm.yml": """
                    dependencies:
                      apm:
                      - git: \(address).git
                        skills: [tides]
                        ref: \(start.commit)
                    """,
                ])
                let report = try await start.run()
                #expect(report.ok && report.diagnostics.isEmpty, "\(report.diagnostics)")
                #expect(report.skills.map(\.name) == ["tides"], "\(report.skills)")
                let manifest = try start.world.manifest
                let line =
                    "tides = { git = \"\(address)\", path = \"skills/tides\", rev = \"\(start.commit)\" }"
                #expect(manifest.contains(line), "\(manifest)")
            }
        }
    }

    @Test func `what is wrong with a repository is said once, and the table fits the terminal`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            let gone = start.world.root + "/" + String(repeating: "long-", count: 20) + "gone.git"
            let names = (1...12).map { "skill-\($0)" }
            try start.world.put([
                "apm.lock.yaml": """
                lockfile_version: '1'
                dependencies:
                - repo_url: \(start.remote.url)
                  virtual_path: skills/knots
                  resolved_commit: \(start.commit)

                """
                    + names.map {
                        "- repo_url: \(gone)\n  virtual_path: skills/\($0)\n  resolved_commit: \(start.commit)\n"
                    }.joined()
            ])
            var report = try await start.run()
            let errors = report.diagnostics.filter { $0.severity == .error }
            #expect(errors.count == 1, "\(errors)")
            #expect(errors[0].notes.contains { $0.contains("'skill-1', 'skill-2'") && $0.contains("and 7 more") })
            #expect(report.skills.count { $0.action == "skipped" } == 12)
            #expect(report.skills.filter { $0.action == "imported" }.map(\.name) == ["knots"])
            report.width = 80
            let lines = report.text.split(separator: "\n")
            let table = lines.prefix { !$0.hasPrefix("skvm.lock") }
            #expect(table.first == "apm.lock.yaml:" && table.count == 14, "\(report.text)")
            #expect(table.allSatisfy { $0.count <= 80 }, "\(report.text)")
            // The long reasons push no other column apart.
            #expect(table[1].contains("knots  \(start.remote.url)".prefix(40)), "\(table[1])")
        }
    }
}

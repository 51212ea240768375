import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// Commands that change the manifest: what they change, what they keep, and that a failure changes nothing.
struct EditProjectTests {
    struct Start {
        var world: ProjectWorld
        var registry: FolderRegistry

        init(_ scratch: String) throws {
            world = try ProjectWorld(scratch)
            registry = try FolderRegistry(world.root + "/registry")
            try registry.publish("palette", "0.3.1")
            try registry.publish("charts", "1.0.2", dependencies: ["palette": "^0.3"])
            try registry.publish("notes", "2.1.0")
            try world.put([
                "skvm.toml":
                    """
                # Ours.  Two blanks stay.

                [registries]
                default = "../registry"   # beside the project

                [dependencies]
                # What draws:
                charts   =   "^1.0"

                \(try world.putTarget("one"))
                """
            ])
        }
    }

    @Test func `add writes one line and keeps every other byte`() async throws {
        try await withScratch { scratch in
            let world = try Start(scratch).world
            let before = try world.manifest
            let report = try await world.workspace().add(["notes"], registry: nil, install: false)
            #expect(report.ok && report.lockChanges.contains { $0.contains("notes") })
            let after = try world.manifest
            #expect(
                after
                    == before.replacing("charts   =   \"^1.0\"\n", with: "charts   =   \"^1.0\"\nnotes = \"^2.1.0\"\n"))
            #expect(try world.lock.contains("notes"))
        }
    }

    @Test func `add and install puts the skill where the harness looks`() async throws {
        try await withScratch { scratch in
            let world = try Start(scratch).world
            let report = try await world.workspace().add(["notes@^2"], registry: nil, install: true)
            #expect(report.ok, "\(report.diagnostics)")
            for name in ["notes", "charts", "palette"] { #expect(world.exists(".agents/skills/\(name)/SKILL.md")) }
        }
    }

    @Test(arguments: ["nots", "notes@^9", "./nowhere", "not a name", "file:///nowhere/at/all.git"])
    func `what can't be added leaves the manifest as it was`(spec: String) async throws {
        try await withScratch { scratch in
            let world = try Start(scratch).world
            try await world.build()
            let (manifest, lock) = (try world.manifest, try world.lock)
            let found = await world.failure {
                try await world.workspace().add(["palette", spec], registry: nil, install: true)
            }
            #expect(!found.isEmpty)
            #expect(try world.manifest == manifest && world.lock == lock)
        }
    }

    @Test func `a name alone never takes a dependency from another source`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            let world = start.world
            try world.put(ProjectWorld.folder("own", version: "1.0.0"), at: "own")
            try world.put(ProjectWorld.folder("notes", version: "1.0.0"), at: "notes")
            _ = try await world.workspace().add(["./own", "./notes"], registry: nil, install: false)
            let (manifest, lock) = (try world.manifest, try world.lock)
            // One that the registry has, too, and one that it has not.
            let report = try await world.workspace().add(["notes", "own"], registry: nil, install: false)
            #expect(report.ok && report.diagnostics.map(\.id) == ["add.kept", "add.kept"], "\(report.diagnostics)")
            #expect(report.diagnostics.first?.message.contains("the folder ./notes") == true)
            #expect(try world.manifest == manifest && world.lock == lock)
            let ranged = await world.failure {
                try await world.workspace().add(["notes@^2"], registry: nil, install: false)
            }
            #expect(ranged.map(\.id) == ["add.other-source"])
            #expect(try world.manifest == manifest && world.lock == lock)
            #expect(try await world.workspace().add(["own"], registry: nil, install: true).ok)
            #expect(world.exists(".agents/skills/own/SKILL.md"))
            // Who says from where is obeyed.
            _ = try await world.workspace().add(["notes"], registry: "default", install: false)
            #expect(try world.manifest.contains("notes = { version = \"^2.1.0\", registry = \"default\" }"))
            // And back, by name alone, it stays there.
            _ = try await world.workspace().add(["charts", "notes"], registry: nil, install: false)
            #expect(try world.manifest.contains("notes = { version = \"^2.1.0\", registry = \"default\" }"))
        }
    }

    @Test func `an install that is refused takes the added skill out of the manifest again`() async throws {
        try await withScratch { scratch in
            let world = try Start(scratch).world
            try await world.install()
            let (manifest, lock) = (try world.manifest, try world.lock)
            try world.put([".agents/skills/notes/SKILL.md": "mine\n"])
            let report = try await world.workspace().add(["notes"], registry: nil, install: true)
            #expect(!report.ok)
            #expect(try world.manifest == manifest && world.lock == lock)
        }
    }

    @Test func `a dry run of add and remove changes neither manifest nor lock`() async throws {
        try await withScratch { scratch in
            let world = try Start(scratch).world
            try await world.install()
            let (manifest, lock) = (try world.manifest, try world.lock)
            _ = try await world.workspace { $0.dryRun = true }.add(["notes"], registry: nil, install: true)
            _ = try await world.workspace { $0.dryRun = true }.remove(["charts"])
            #expect(try world.manifest == manifest && world.lock == lock)
            #expect(world.exists(".agents/skills/charts") && !world.exists(".agents/skills/notes"))
        }
    }

    @Test func `remove takes its line, its lock records and its folders, and what only it needed`() async throws {
        try await withScratch { scratch in
            let world = try Start(scratch).world
            _ = try await world.workspace().add(["notes"], registry: nil, install: true)
            let report = try await world.workspace().remove(["charts"])
            #expect(report.ok, "\(report.diagnostics)")
            #expect(try world.manifest.contains("# What draws:") || !world.manifest.contains("charts"))
            #expect(try world.manifest.contains("default = \"../registry\"   # beside the project"))
            #expect(
                try !world.lock.contains("charts") && !world.lock.contains("palette") && world.lock.contains("notes"))
            #expect(!world.exists(".agents/skills/charts") && !world.exists(".agents/skills/palette"))
            #expect(world.exists(".agents/skills/notes/SKILL.md"))
        }
    }

    @Test func `remove of a skill that the user edited changes nothing at all`() async throws {
        try await withScratch { scratch in
            let world = try Start(scratch).world
            try await world.install()
            let (manifest, lock) = (try world.manifest, try world.lock)
            try world.edit(".agents/skills/charts/SKILL.md", "200 words", "20 words")
            let report = try await world.workspace().remove(["charts"])
            #expect(!report.ok && report.diagnostics.contains { $0.id == "install.modified" })
            #expect(try world.manifest == manifest)
            #expect(try world.lock == lock)
            #expect(world.exists(".agents/skills/charts") && world.exists(".agents/skills/palette"))
        }
    }

    @Test func `remove of an unknown name names what there is`() async throws {
        try await withScratch { scratch in
            let world = try Start(scratch).world
            let found = await world.failure { try await world.workspace().remove(["chart"]) }
            #expect(found.map(\.id) == ["remove.unknown"] && found[0].hint?.contains("charts") == true)
        }
    }

    @Test func `a folder is added by its place, from wherever the user stands`() async throws {
        try await withScratch { scratch in
            let world = try Start(scratch).world
            try world.put(ProjectWorld.folder("own"), at: "src/own")
            let report = try await world.workspace(in: world.project + "/src").add(
                ["./own"], registry: nil, install: false)
            #expect(report.ok)
            #expect(try world.manifest.contains("own = { path = \"./src/own\" }"))
        }
    }

    @Test func `a repository is added at its newest tag's compatible range`() async throws {
        try await withScratch { scratch in
            let world = try Start(scratch).world
            let remote = try await RemoteRepository(at: world.root + "/skills.git")
            var files: [String: RemoteRepository.File] = [:]
            for (path, text) in ProjectWorld.folder("slides") { files["slides/\(path)"] = .text(text) }
            try await remote.commit(files)
            try await remote.tag("slides/v1.2.0")
            let report = try await world.workspace().add(["\(remote.url)#slides"], registry: nil, install: false)
            #expect(report.ok)
            #expect(
                try world.manifest.contains(
                    "slides = { git = \"\(remote.url)\", path = \"slides\", version = \"^1.2.0\" }"))
            #expect(try world.lock.contains("1.2.0"))
        }
    }

    // MARK: Targets and registries

    @Test func `a target is written when all it names is there, and not otherwise`() async throws {
        try await withScratch { scratch in
            let world = try Start(scratch).world
            let before = try world.manifest
            for (harness, environment) in [("opnclaw", "debian-12-x86_64"), ("openclaw", "debian-99")] {
                let found = await world.failure {
                    try await world.workspace().addTarget(
                        "two", model: "example/m", harness: harness, environment: environment, profile: nil)
                }
                #expect(!found.isEmpty && found.allSatisfy { $0.hint != nil })
                #expect(try world.manifest == before)
            }
            _ = try await world.workspace().addTarget(
                "two", model: "qwen/qwen3.5-9b", harness: "openclaw", environment: "debian-12-x86_64", profile: nil)
            #expect(try world.manifest.hasPrefix(before.trimmingLineEnd))
            #expect(try world.manifest.contains("[targets.two]"))
            _ = try await world.workspace().removeTarget("two")
            #expect(try world.manifest == before)
        }
    }

    @Test func `a target's name is taken, until it is replaced on purpose and said what that lets go of`() async throws
    {
        try await withScratch { scratch in
            let world = try Start(scratch).world
            try await world.install()
            let (manifest, lock) = (try world.manifest, try world.lock)
            @Sendable func add(force: Bool, dryRun: Bool = false) async throws -> Done {
                try await world.workspace { $0.dryRun = dryRun }.addTarget(
                    "one", model: "qwen/qwen3.5-9b", harness: "openclaw", environment: "debian-12-x86_64", profile: nil,
                    force: force)
            }
            let found = await world.failure { try await add(force: false) }
            #expect(found.map(\.id) == ["target.exists"] && found[0].hint?.contains("--force") == true)
            #expect(found[0].notes.joined().contains("example/one on bare-agent"))
            #expect(try world.manifest == manifest && world.lock == lock)
            let said = "no longer pins one and its 2 variants"
            #expect(try await add(force: true, dryRun: true).text.contains(said))
            #expect(try world.manifest == manifest && world.lock == lock)
            let done = try await add(force: true)
            #expect(done.text.contains("was example/one on bare-agent") && done.text.contains(said), "\(done.text)")
            #expect(try world.manifest.contains("openclaw") && !world.lock.contains("[[target]]"))
            #expect(try await world.install().ok)
            #expect(world.exists("skills/charts/SKILL.md") && !world.exists(".agents/skills/charts"))
            #expect(try await world.workspace().verify().ok)
        }
    }

    @Test func `a registry is written when it answers, and not otherwise`() async throws {
        try await withScratch { scratch in
            let world = try Start(scratch).world
            let before = try world.manifest
            let found = await world.failure {
                try await world.workspace().addRegistry("more", location: "file:///nowhere/at/all.git")
            }
            #expect(!found.isEmpty)
            #expect(try world.manifest == before)
            let other = try FolderRegistry(world.root + "/more")
            _ = try await world.workspace().addRegistry("more", location: other.path)
            #expect(try world.manifest.contains("more = \"\(other.path)\""))
            _ = try await world.workspace().removeRegistry("more")
            #expect(try world.manifest == before)
        }
    }

    @Test func `init and new write what the next command reads`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld(scratch)
            _ = try world.workspace().initialize()
            #expect(await world.failure { try world.workspace().initialize() }.map(\.id) == ["init.exists"])
            _ = try world.workspace().newSkill("sales-report")
            #expect(await world.failure { try world.workspace().newSkill("sales-report") }.map(\.id) == ["new.exists"])
            #expect(await world.failure { try world.workspace().newSkill("Sales Report") }.map(\.id) == ["new.name"])
            let deep = try world.workspace().newSkill("skills/more/weekly/")
            #expect(deep.paths.contains("skills/more/weekly/SKILL.md") && world.exists("skills/more/weekly/skvm.toml"))
            #expect(try FileSystem.readText(world.project + "/skills/more/weekly/SKILL.md").contains("name: weekly\n"))
            let bad = await world.failure { try world.workspace().newSkill("skills/Sales Report") }
            #expect(bad.map(\.id) == ["new.name"] && bad.first?.hint == "try skills/sales-report")
            let there = await world.failure { try world.workspace().newSkill("skills/more/weekly") }
            #expect(there.map(\.id) == ["new.exists"])
            #expect(await world.failure { try world.workspace().newSkill("..") }.map(\.id) == ["new.name"])
            #expect(try !world.manifest.contains("[targets]"))
            #expect(try world.workspace().digest("sales-report").size > 0)
            _ = try await world.workspace().addTarget(
                "one", model: "qwen/qwen3.5-9b", harness: "openclaw", environment: "debian-12-x86_64", profile: nil)
            _ = try await world.workspace().add(["./sales-report"], registry: nil, install: false)
            let report = try await world.build()
            #expect(report.ok && report.diagnostics == [], "\(report.diagnostics)")
        }
    }

    private struct Failed: Error {}

    @Test func `a manifest that is saved while a command is at work stays as it was saved`() async throws {
        try await withScratch { scratch in
            let world = try Start(scratch).world
            let workspace = world.workspace()
            let project = try workspace.project()
            var edit = try ManifestEdit(project.root, of: project)
            let isThere = try edit.editor.removeDependency(try #require(PackageName("charts")))
            #expect(isThere)

            // Before skvm writes: nothing is written.
            let before = try world.manifest
            try world.edit("skvm.toml", "# Ours.", "# Mine.")
            let saved = try world.manifest
            let told = await world.failure {
                try await workspace.withEdited(project, [edit]) { _ in BuildReport(command: "remove") }
            }
            #expect(told.map(\.id) == ["manifest.changed"] && told[0].hint != nil)
            #expect(try world.manifest == saved)

            // Before it takes its edit back: that stays, with what was saved.
            try FileSystem.write(Array(before.utf8), to: world.project + "/skvm.toml")
            await #expect(throws: Failed.self) {
                try await workspace.withEdited(project, [edit]) { _ in
                    try world.edit("skvm.toml", "# Ours.", "# Mine.")
                    throw Failed()
                }
            }
            #expect(try world.manifest.hasPrefix("# Mine.") && !world.manifest.contains("charts"))

            // And undisturbed all is as before.
            try FileSystem.write(Array(before.utf8), to: world.project + "/skvm.toml")
            await #expect(throws: Failed.self) {
                try await workspace.withEdited(project, [edit]) { _ in throw Failed() }
            }
            #expect(try world.manifest == before)
        }
    }

    @Test func `a manifest that is a link stays one, and keeps its mode`() async throws {
        try await withScratch { scratch in
            let world = try Start(scratch).world
            let real = world.root + "/dotfiles.toml"
            try FileSystem.rename(world.project + "/skvm.toml", to: real)
            try FileSystem.setMode(real, 0o600)
            try FileSystem.makeLink(world.project + "/skvm.toml", to: "../dotfiles.toml")
            _ = try await world.workspace().add(["notes"], registry: nil, install: false)
            #expect(try FileSystem.readLink(world.project + "/skvm.toml") == "../dotfiles.toml")
            #expect(try FileSystem.readText(real).contains("notes = \"^2.1.0\""))
            #expect(try FileSystem.status(real)?.mode == 0o600)
        }
    }
}

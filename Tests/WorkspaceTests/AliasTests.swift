import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// A project with two registries that both have `charts`, and a target.
private func withTwoRegistries(
    _ dependencies: String, _ body: (ProjectWorld, FolderRegistry, FolderRegistry) async throws -> Void
) async throws {
    try await withScratch { scratch in
        let world = try ProjectWorld(scratch)
        let one = try FolderRegistry(world.root + "/one")
        let acme = try FolderRegistry(world.root + "/acme")
        try one.publish("charts", "1.0.0", "From one.")
        try one.publish("charts", "1.1.0", "From one.")
        try acme.publish("charts", "3.0.0", "From acme.")
        try acme.publish("report", "1.0.0", dependencies: ["charts": "^3"])
        let target = try world.putTarget("box")
        try world.put([
            "skvm.toml": "[registries]\ndefault = \"\(one.path)\"\nacme = \"\(acme.path)\"\n\n[dependencies]\n"
                + dependencies + "\n" + target
        ])
        try await body(world, one, acme)
    }
}

@Suite struct `Two skills of one name` {
    @Test func `the one that another brings in gets an alias, in the lock, the folder and its front matter`()
        async throws
    {
        try await withTwoRegistries("charts = \"^1\"\nreport = { version = \"^1\", registry = \"acme\" }\n") {
            world, _, _ in
            let report = try await world.install()
            #expect(report.ok, "\(report.diagnostics)")
            let lock = try Lockfile(parsing: Array(try world.lock.utf8))
            #expect(lock.packages.map { "\($0.id)" } == ["charts 1.1.0", "charts-acme 3.0.0", "report 1.0.0"])
            let aliased = try #require(lock.packages.first { $0.alias != nil })
            #expect(aliased.name.description == "charts" && aliased.source.description.hasSuffix("/acme"))
            #expect(lock.packages.last?.dependencies.map(\.description) == ["charts-acme 3.0.0"])
            let folder = world.project + "/.agents/skills/"
            let text = try FileSystem.readText(folder + "charts-acme/SKILL.md")
            #expect(text.hasPrefix("---\nname: charts-acme\n") && text.contains("From acme."))
            // Nothing else of it changed.
            #expect(text.replacing("name: charts-acme", with: "name: charts").contains("# charts"))
            let own = try FileSystem.readText(folder + "charts/SKILL.md")
            #expect(own.hasPrefix("---\nname: charts\n") && own.contains("From one."))

            // The lock is what it came from: nothing moves, also for who may change nothing.
            try await world.expectNothingToDo()
            #expect(try await world.install { $0.locked = true }.ok)
            #expect(try await world.workspace().verify().ok)
        }
    }

    @Test func `every command that looks names them apart`() async throws {
        try await withTwoRegistries("charts = \"^1.0\"\nreport = { version = \"^1\", registry = \"acme\" }\n") {
            world, one, acme in
            try await world.install()
            let why = try await world.workspace().why("charts-acme")
            #expect(
                why.chains.map { $0.steps.map { "\($0.package) \($0.required ?? "?")" } }
                    == [["report 1.0.0 ^1", "charts-acme 3.0.0 ^3"]])
            let tree = try await world.workspace().tree()
            #expect(tree.text.contains("charts-acme 3.0.0 (registry+\(acme.path))"), "\(tree.text)")
            #expect(tree.text.contains("── charts 1.1.0"), "\(tree.text)")
            let info = try await world.workspace().info("charts-acme")
            #expect(info.package == "charts" && info.installedAs == "charts-acme" && info.locked == "3.0.0")
            #expect(info.installed.count == 1)

            try one.publish("charts", "1.2.0")
            try acme.publish("charts", "3.1.0")
            let outdated = try await world.workspace().outdated()
            #expect(
                outdated.packages.map { "\($0.package) \($0.locked) \($0.matching ?? "?")" } == [
                    "charts 1.1.0 1.2.0", "charts-acme 3.0.0 3.1.0", "report 1.0.0 1.0.0",
                ])
            // Only the one that is named moves.
            let update = try await world.workspace().update(["charts-acme"])
            #expect(update.changes.map { "\($0.package) \($0.to ?? "")" } == ["charts-acme 3.1.0"])
            let precise = try await world.workspace().update(["charts-acme"], precise: "3.0.0")
            #expect(precise.changes.map { "\($0.package) \($0.to ?? "")" } == ["charts-acme 3.0.0"])
        }
    }

    @Test func `the manifest names them with package, and remove takes away that one alone`() async throws {
        try await withTwoRegistries(
            "charts = \"^1\"\ncharts-b = { package = \"charts\", version = \"^3\", registry = \"acme\" }\n"
        ) { world, _, _ in
            try await world.install()
            let folder = world.project + "/.agents/skills/"
            #expect(try FileSystem.readText(folder + "charts-b/SKILL.md").hasPrefix("---\nname: charts-b\n"))
            #expect(try world.lock.contains("name = \"charts\"\nversion = \"3.0.0\"\nalias = \"charts-b\"\n"))
            try await world.expectNothingToDo()
            let report = try await world.workspace().remove(["charts-b"])
            #expect(report.ok && report.folders.map(\.package) == ["charts-b"])
            #expect(!world.exists(folder + "charts-b") && world.exists(folder + "charts"))
            #expect(try !world.lock.contains("charts-b"))
        }
    }

    @Test func `one package under two names is an error that says so`() async throws {
        try await withTwoRegistries("charts = \"^1\"\nplots = { package = \"charts\", version = \"^1.0\" }\n") {
            world, _, _ in
            let failure = await world.failure { try await world.build() }
            #expect(failure.map(\.id) == ["resolve.two-names"] && failure.first?.location?.line == 7, "\(failure)")
        }
    }

    @Test func `the name follows the graph, not its history`() async throws {
        try await withTwoRegistries("report = { version = \"^1\", registry = \"acme\" }\n") { world, _, _ in
            try await world.install()
            #expect(try world.lock.contains("name = \"charts\"") && !world.lock.contains("alias"))
            try world.edit("skvm.toml", "[dependencies]\n", "[dependencies]\ncharts = \"^1\"\n")
            let report = try await world.install()
            #expect(report.ok, "\(report.diagnostics)")
            let lock = try world.lock
            try FileSystem.remove(world.project + "/skvm.lock")
            try await world.install()
            #expect(try world.lock == lock && lock.contains("alias = \"charts-acme\""))
            let folder = world.project + "/.agents/skills/"
            #expect(try FileSystem.readText(folder + "charts/SKILL.md").contains("From one."))
            #expect(try FileSystem.readText(folder + "charts-acme/SKILL.md").contains("From acme."))
        }
    }

    @Test func `a conflict says which of the two is meant`() async throws {
        try await withTwoRegistries("charts = \"^1\"\nreport = { version = \"^1\", registry = \"acme\" }\n") {
            world, _, acme in
            try acme.publish("report", "1.0.1", dependencies: ["charts": "^4"])
            try world.edit("skvm.toml", "\"^1\", registry", "\"=1.0.1\", registry")
            let failure = await world.failure { try await world.build() }
            #expect(failure.map(\.id) == ["resolve.unsatisfiable"])
            let notes = failure.first?.notes.joined(separator: "\n") ?? ""
            #expect(notes.contains("charts (the registry 'acme') ^4"), "\(notes)")
        }
    }

    @Test func `a folder that calls itself otherwise is installed under the manifest's name`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld(scratch)
            try world.put(ProjectWorld.folder("local-notes"), at: world.root + "/local-notes")
            let target = try world.putTarget("box")
            try world.put(["skvm.toml": "[dependencies]\nnotes = { path = \"../local-notes\" }\n\n" + target])
            #expect(try await world.install().ok)
            let text = try FileSystem.readText(world.project + "/.agents/skills/notes/SKILL.md")
            #expect(text.hasPrefix("---\nname: notes\n"))
        }
    }
}

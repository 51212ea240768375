import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// A registry whose `report` needs `charts`, a project that needs `report`, and a folder `../charts` beside it.
private func withPatchWorld(
    _ patch: String, folder version: String? = "1.5.0",
    _ body: (ProjectWorld, FolderRegistry) async throws -> Void
) async throws {
    try await withScratch { scratch in
        let world = try ProjectWorld(scratch)
        let registry = try FolderRegistry(world.root + "/registry")
        try registry.publish("charts", "1.0.0", "Published.")
        try registry.publish("report", "1.0.0", dependencies: ["charts": "^1"])
        try world.put(
            ProjectWorld.folder("charts", version: version, "Patched."), at: world.root + "/charts")
        let target = try world.putTarget("box")
        try world.put([
            "skvm.toml": "[registries]\ndefault = \"\(registry.path)\"\n\n[dependencies]\nreport = \"^1\"\n\n"
                + patch + "\n" + target
        ])
        try await body(world, registry)
    }
}

@Suite struct `A patch` {
    private let patch = "[patch.default]\ncharts = { path = \"../charts\" }\n"

    @Test func `with a version that nobody accepts is named as what keeps the others out`() async throws {
        try await withPatchWorld(patch, folder: "3.0.0") { world, _ in
            let failure = try #require(await world.failure { try await world.install() }.first)
            #expect(failure.id == "resolve.unsatisfiable")
            #expect(failure.notes.contains { $0.contains("[patch.default]") && $0.contains("../charts") }, "\(failure)")
            #expect(failure.hint?.contains("patch") == true)
        }
    }

    @Test func `that chooses among versions says to outdated which there may be`() async throws {
        let patch = "[patch.default]\ncharts = { git = \"../charts.git\", version = \"=1.7.0\" }\n"
        try await withPatchWorld(patch) { world, _ in
            let remote = try await RemoteRepository(at: world.root + "/charts.git")
            for (number, version) in ["1.7.0", "1.8.0"].enumerated() {
                try await remote.commit(
                    ProjectWorld.folder("charts", version: version).mapValues { .text($0) },
                    time: 1_700_000_000 + number)
                try await remote.tag("v\(version)")
            }
            #expect(try await world.install().ok)
            let row = try #require(
                try await world.workspace().outdated().packages.first { $0.package == "charts" })
            #expect(row.locked == "1.7.0" && row.matching == "1.7.0" && row.newest == "1.8.0")
            #expect(row.required == ["^1, patched with =1.7.0"], "\(row.required)")
        }
    }

    @Test func `takes the place of a package that another brings in, and goes without a trace`() async throws {
        try await withPatchWorld(patch) { world, registry in
            #expect(try await world.install().ok)
            let charts = world.project + "/.agents/skills/charts/SKILL.md"
            #expect(try FileSystem.readText(charts).contains("Patched."))
            let locked = try #require(try Lockfile(parsing: Array(try world.lock.utf8)).packages.first)
            #expect(locked.id.description == "charts 1.5.0" && locked.source == .path("../charts"))
            #expect(locked.patched?.description == "registry+\(registry.path)")
            #expect(try world.lock.hasPrefix("# Written") && world.lock.contains("revision = 2\n"))
            try await world.expectNothingToDo()
            #expect(try await world.install { $0.locked = true }.ok)

            // What is edited in the folder is what is installed next.
            try FileSystem.write(
                Array(
                    try FileSystem.readText(world.root + "/charts/SKILL.md")
                        .replacing("Patched.", with: "Patched again.").utf8), to: world.root + "/charts/SKILL.md")
            #expect(try await world.install().ok)
            #expect(try FileSystem.readText(charts).contains("Patched again."))

            try world.edit("skvm.toml", patch, "")
            let failure = await world.failure { try await world.install { $0.locked = true } }
            #expect(failure.map(\.id) == ["lock.stale"])
            #expect(try await world.install().ok)
            #expect(try FileSystem.readText(charts).contains("Published."))
            #expect(try !world.lock.contains("patched"))
        }
    }

    @Test func `that comes to a lock without it makes the lock stale`() async throws {
        try await withPatchWorld("") { world, _ in
            #expect(try await world.install().ok)
            try world.edit("skvm.toml", "[dependencies]", patch + "\n[dependencies]")
            let failure = await world.failure { try await world.build { $0.locked = true } }
            #expect(failure.map(\.id) == ["lock.stale"])
            let report = try await world.build()
            #expect(
                report.lockChanges.contains { $0.contains("charts") && $0.contains("path+../charts") },
                "\(report.lockChanges)")
        }
    }

    @Test func `must have a version in the range, where it has one`() async throws {
        try await withPatchWorld(patch, folder: "2.0.0") { world, _ in
            let failure = await world.failure { try await world.build() }
            #expect(failure.map(\.id) == ["resolve.unsatisfiable"])
            #expect(failure.first?.notes.joined().contains("there is 2.0.0") == true, "\(failure)")
        }
        try await withPatchWorld(patch, folder: nil) { world, _ in
            #expect(try await world.install().ok)
            #expect(try world.lock.contains("name = \"charts\"\nversion = \"0.0.0\"\n"))
            try await world.expectNothingToDo()
        }
    }

    @Test func `that nothing needs is warned of`() async throws {
        try await withPatchWorld("[patch.default]\nplots = { path = \"../charts\" }\n") { world, _ in
            let report = try await world.build()
            #expect(report.ok && report.diagnostics.map(\.id) == ["patch.unused"], "\(report.diagnostics)")
            #expect(report.diagnostics.first?.location?.line == 8)
        }
        try await withPatchWorld("[patch.\"https://example.org/elsewhere\"]\ncharts = { path = \"../charts\" }\n") {
            world, _ in
            let report = try await world.build()
            #expect(report.diagnostics.map(\.id) == ["patch.unused"])
            #expect(try world.lock.contains("version = \"1.0.0\""))
        }
    }

    @Test func `with a folder that is not there is an error at its line`() async throws {
        try await withPatchWorld("[patch.default]\ncharts = { path = \"../plots\" }\n") { world, _ in
            let failure = await world.failure { try await world.build() }
            #expect(failure.map(\.id) == ["package.no-folder"] && failure.first?.location?.line == 8, "\(failure)")
        }
    }

    @Test func `by a repository is pinned to its commit`() async throws {
        try await withPatchWorld("") { world, _ in
            let remote = try await RemoteRepository(at: world.root + "/fork.git")
            try await remote.commit(["SKILL.md": .text(ProjectWorld.skill("charts", "Forked."))])
            try world.edit(
                "skvm.toml", "[dependencies]",
                "[patch.default]\ncharts = { git = \"\(remote.url)\", branch = \"main\" }\n\n[dependencies]")
            #expect(try await world.install().ok)
            #expect(
                try FileSystem.readText(world.project + "/.agents/skills/charts/SKILL.md").contains("Forked."))
            let locked = try #require(try Lockfile(parsing: Array(try world.lock.utf8)).packages.first)
            #expect(locked.commit != nil && locked.patched != nil)
            try await world.expectNothingToDo()
            // A branch moves when it is told to, not before.
            try await remote.commit(
                ["SKILL.md": .text(ProjectWorld.skill("charts", "Forked twice."))], time: 1_700_000_100)
            #expect(try await world.build().lockChanges == [])
            #expect(try await world.workspace().update([]).changes.map(\.package) == ["charts"])
        }
    }

    @Test func `is read strictly`() {
        for (text, id) in [
            ("[patch.nowhere]\na = { path = \"x\" }", "manifest.patch"),
            ("[patch.default]\na = \"^1\"", "manifest.patch"), ("[patch]\ndefault = 3", "toml.wrong-type"),
            ("[patch.default]\na = { path = \"x\", rev = \"abcdef0\" }", "manifest.source"),
        ] {
            let failure = #expect(throws: DiagnosticsError.self) { try Manifest(parsing: Array(text.utf8)) }
            #expect(failure?.diagnostics.map(\.id) == [id], "\(text): \(failure?.diagnostics ?? [])")
        }
    }
}

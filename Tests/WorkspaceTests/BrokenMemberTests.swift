import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A member that can't be a skill is told, and keeps no other from being built.
@Suite struct `A member that is none` {
    enum Fault: String, CaseIterable, Sendable { case pipe, link, manifest }

    /// A workspace of `good`, `other` and `bad`, built once while all were well.
    private func with(_ body: (ProjectWorld) async throws -> Void) async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld(scratch)
            for name in ["bad", "good", "other"] {
                try world.put(ProjectWorld.folder(name, version: "1.0.0"), at: "skills/\(name)")
            }
            try world.put([
                "skvm.toml": "[workspace]\nmembers = [\"skills/*\"]\n\n" + (try world.putTarget("one"))
            ])
            #expect(try await world.build().ok)
            try await body(world)
        }
    }

    private func spoil(_ world: ProjectWorld, _ fault: Fault) throws {
        let folder = world.project + "/skills/bad"
        switch fault {
        case .pipe: #expect(mkfifo(folder + "/pipe", 0o600) == 0)
        case .link: try FileSystem.makeLink(folder + "/out", to: "/etc/passwd")
        case .manifest: try FileSystem.write(Array("[package\n".utf8), to: folder + "/skvm.toml")
        }
    }

    private func mend(_ world: ProjectWorld) throws {
        try FileSystem.removeTree(world.project + "/skills/bad")
        try world.put(ProjectWorld.folder("bad", version: "1.0.0"), at: "skills/bad")
    }

    private func faults(_ diagnostics: [Diagnostic]) -> [Diagnostic] { diagnostics.filter { $0.severity == .error } }

    @Test(arguments: Fault.allCases) func `is named, and the others are checked and built`(fault: Fault) async throws {
        try await with { world in
            let before = try world.lock
            try spoil(world, fault)
            try world.edit("skills/good/SKILL.md", "Never change a figure.", "Never round a figure.")
            try world.edit("skills/other/SKILL.md", "description:", "descriptoin:")

            let checked = try await world.workspace().check([])
            #expect(checked.skills == 3)
            let named = Set(
                faults(checked.diagnostics).compactMap { $0.location?.file.split(separator: "/").dropFirst().first })
            #expect(named == ["bad", "other"], "\(checked.diagnostics)")
            try world.edit("skills/other/SKILL.md", "descriptoin:", "description:")

            let built = try await world.build { $0.keepGoing = true }
            #expect(!built.ok && faults(built.diagnostics).count == 1, "\(built.diagnostics)")
            #expect(faults(built.diagnostics).first?.location?.file.hasPrefix("skills/bad") == true)
            #expect(Set(built.variants.map(\.package)) == ["good", "other"])
            let text = try FileSystem.readText(world.project + "/.skvm/variants/one/good/SKILL.md")
            #expect(text.contains("Never round a figure."))
            // What the lock has of it stays: nothing is known to be otherwise.
            let after = try Lockfile(parsing: Array(world.lock.utf8))
            #expect(try after.packages == Lockfile(parsing: Array(before.utf8)).packages)
            #expect(after.variants.count == 3)

            try mend(world)
            #expect(try await world.build().ok)
            try await world.expectNothingToDo()
        }
    }

    @Test func `is left out with a warning where others are asked for, and told where it is`() async throws {
        try await with { world in
            try spoil(world, .pipe)
            for keepGoing in [false, true] {
                let report = try await world.workspace { $0.keepGoing = keepGoing }.build(packages: ["good"])
                #expect(report.ok && report.variants.map(\.package) == ["good"], "\(report.diagnostics)")
                #expect(report.diagnostics.map(\.id) == ["workspace.left-out"])
                #expect(report.diagnostics[0].message.contains("skills/bad"))
            }
            let own = try await world.workspace().build(packages: ["bad"])
            #expect(!own.ok && own.variants.isEmpty, "\(own.diagnostics)")
            #expect(try await world.workspace().check([], packages: ["other"]).ok)
            #expect(try await !world.workspace().check([], packages: ["b*"]).ok)
            // Mended, it is no longer told, though nothing that was built has changed.
            try FileSystem.remove(world.project + "/skills/bad/pipe")
            #expect(try await world.workspace().build(packages: ["good"]).diagnostics.isEmpty)
        }
    }

    @Test func `takes along the members that need it, and stops what the project itself needs`() async throws {
        try await with { world in
            try world.put(["skvm.toml": "[dependencies]\nbad = { path = \"../bad\" }\n"], at: "skills/other")
            #expect(try await world.build().ok)
            try spoil(world, .pipe)
            let report = try await world.build { $0.keepGoing = true }
            #expect(report.variants.map(\.package) == ["good"])
            #expect(Set(faults(report.diagnostics).map(\.id)) == ["file.refused", "workspace.broken-dependency"])

            let manifest = try world.manifest
            try world.put(["skvm.toml": "[dependencies]\nbad = { path = \"skills/bad\" }\n\n" + manifest])
            let found = await world.failure { try await world.build { $0.keepGoing = true } }
            #expect(found.contains { $0.id == "file.refused" }, "\(found)")
        }
    }

    @Test(arguments: ["file.refused", "package.no-folder"])
    func `lies outside of the workspace, and stops none but who needs it`(fault: String) async throws {
        try await with { world in
            let outside = world.project + "/../outside"
            try world.put(ProjectWorld.folder("outside"), at: outside)
            try world.put(
                ["skvm.toml": "[dependencies]\noutside = { path = \"../../../outside\" }\n"], at: "skills/other")
            #expect(try await world.build().ok)
            if fault == "file.refused" {
                #expect(mkfifo(outside + "/pipe", 0o600) == 0)
            } else {
                try FileSystem.remove(outside + "/SKILL.md")
            }
            let report = try await world.build { $0.keepGoing = true }
            #expect(Set(faults(report.diagnostics).map(\.id)) == [fault, "workspace.broken-dependency"])
            let one = try await world.workspace().build(packages: ["good"])
            #expect(one.ok && one.variants.map(\.package) == ["good"], "\(one.diagnostics)")
            #expect(Set(one.diagnostics.map(\.id)) == ["workspace.left-out"])
            #expect(try await !world.workspace().build(packages: ["outside"]).ok)
        }
    }

    @Test func `keeps an installation from going on, unless it is told to`() async throws {
        try await with { world in
            let manifest = try world.manifest
            try world.put(["skvm.toml": "[dependencies]\ngood = { path = \"skills/good\" }\n\n" + manifest])
            try spoil(world, .link)
            #expect(try await !world.install().ok)
            #expect(!world.exists(".agents/skills/good"))
            #expect(try await !world.install { $0.keepGoing = true }.ok)
            #expect(world.exists(".agents/skills/good/SKILL.md"))
        }
    }

    @Test func `that needs itself, or others that need it, is warned of`() async throws {
        try await with { world in
            try world.put(["skvm.toml": "[dependencies]\nother = { path = \"../other\" }\n"], at: "skills/good")
            #expect(try await world.build().diagnostics.isEmpty)
            try world.put(["skvm.toml": "[dependencies]\ngood = { path = \"../good\" }\n"], at: "skills/other")
            let ring = try await world.build()
            #expect(ring.ok && ring.diagnostics.map(\.id) == ["workspace.ring"], "\(ring.diagnostics)")
            #expect(ring.diagnostics[0].message.contains("good → other → good"))
            #expect(try await world.workspace().check([]).diagnostics.contains { $0.id == "workspace.ring" })
            #expect(Workspace.firstRing([[1], [2], [3], [1], []]) == [1, 2, 3])
            #expect(Workspace.firstRing([[1, 2], [3], [3], []]) == nil)
            #expect(Workspace.firstRing((0..<100_000).map { [$0 + 1] } + [[]]) == nil)
        }
    }
}

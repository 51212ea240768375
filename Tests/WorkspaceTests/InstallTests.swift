import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// From the project to the harnesses' folders.
struct InstallTests {
    /// A project with `notes` and `charts` as folders, for one target.
    static func project(_ scratch: String, harness: String = "bare-agent") throws -> ProjectWorld {
        let world = try ProjectWorld(scratch)
        for name in ["notes", "charts"] { try world.put(ProjectWorld.folder(name), at: "mine/\(name)") }
        try world.put([
            "skvm.toml":
                "[dependencies]\ncharts = { path = \"mine/charts\" }\nnotes = { path = \"mine/notes\" }\n\n"
                + (try world.putTarget("one", harness: harness))
        ])
        return world
    }

    @Test func `skills are put where the harness looks, and a second time nothing is touched`() async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch)
            let first = try await world.install()
            #expect(first.ok, "\(first.diagnostics)")
            #expect(first.folders.map(\.action) == ["installed", "installed"])
            let place = world.project + "/.agents/skills/notes"
            #expect(first.variants.map(\.path) == [world.project + "/.agents/skills/charts", place])
            #expect(world.exists(place + "/.skvm/variant.json"))
            let stamp = try FileSystem.status(place)
            for _ in 0..<3 {
                let again = try await world.install()
                #expect(again.ran == [] && again.folders.allSatisfy { $0.action == "kept" })
            }
            #expect(try FileSystem.status(place) == stamp)
            #expect(try await world.workspace().verify().ok)
        }
    }

    @Test func `what the manifest no longer names is removed`() async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch)
            try await world.install()
            try world.edit("skvm.toml", "charts = { path = \"mine/charts\" }\n", "")
            let report = try await world.install()
            #expect(report.folders.contains { $0.action == "removed" && $0.path.hasSuffix("charts") })
            #expect(!world.exists(".agents/skills/charts") && world.exists(".agents/skills/notes/SKILL.md"))
            #expect(try !world.lock.contains("charts"))
        }
    }

    @Test func `a folder that was taken away comes back`() async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch)
            try await world.install()
            try await world.install()
            try FileSystem.removeTree(world.project + "/.agents/skills/charts")
            #expect(try await world.install().ok)
            #expect(world.exists(".agents/skills/charts/SKILL.md"))
        }
    }

    @Test(arguments: ["link", "other folder", "file gone", "file put", "file replaced", "edit", "mode"])
    func `what goes from an installed skill or comes into it is noticed, and what is written in place is the user's`(
        _ change: String
    ) async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch)
            func recalled() -> Workspace.Memory {
                let workspace = world.workspace()
                return workspace.recall(
                    workspace.memory(of: world.project) + "/install.memo",
                    workspace.memoConfiguration("install", ["project"], root: world.project), in: world.project)
            }
            for _ in 0..<2 {
                try await world.install()
                try await Task.sleep(for: .milliseconds(50))
            }
            let place = world.project + "/.agents/skills/charts"
            guard case .whole = recalled() else {
                Issue.record("the memo does not hold: \(recalled())")
                return
            }
            #expect(try await world.install().folders.map(\.action) == ["kept", "kept"])
            switch change {
            case "edit": try world.edit(".agents/skills/charts/SKILL.md", "200", "300")
            case "file put": try world.put(["scripts/mine.py": "mine"], at: place)
            case "file replaced": try FileSystem.replace(place + "/SKILL.md", with: Array("mine".utf8))
            case "mode": try FileSystem.setMode(place + "/SKILL.md", 0o600)
            case "file gone": try FileSystem.remove(place + "/scripts/collect.py")
            case "link", "other folder":
                // Of the very same files: nothing below it tells.
                try FileSystem.rename(place, to: world.project + "/elsewhere")
                if change == "link" {
                    try FileSystem.makeLink(place, to: world.project + "/elsewhere")
                } else {
                    try world.put(["SKILL.md": "another"], at: place)
                }
            default: break
            }
            try await Task.sleep(for: .milliseconds(50))
            let holds = if case .whole = recalled() { true } else { false }
            #expect(holds == ["edit", "mode"].contains(change))
            let report = try await world.install()
            if change == "link" { #expect(report.diagnostics.map(\.id).contains("install.foreign")) }
        }
    }

    @Test func `a file that the user edited is never overwritten`() async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch)
            try await world.install()
            let lock = try world.lock
            let file = ".agents/skills/notes/SKILL.md"
            try world.edit(file, "200 words", "20 words")
            try world.edit("mine/notes/SKILL.md", "200 words", "300 words")
            try world.edit("mine/charts/SKILL.md", "200 words", "300 words")
            let report = try await world.install()
            #expect(!report.ok && report.folders.map(\.action) == ["updated", "updated"])
            let clashes = report.diagnostics.filter { $0.id == "install.clash" }.map { "\($0)" }
            #expect(clashes.contains { $0.contains("notes/SKILL.md ") && $0.contains("notes/SKILL.md.skvm-new") })
            // The rest was installed, and the lock says so.
            #expect(try FileSystem.readText(world.project + "/" + file).contains("20 words"))
            #expect(try FileSystem.readText(world.project + "/" + file + ".skvm-new").contains("300 words"))
            #expect(try FileSystem.readText(world.project + "/.agents/skills/charts/SKILL.md").contains("300 words"))
            #expect(try world.lock != lock)
            #expect(try await !world.workspace().verify().ok)
            // Told until it is resolved; then there is silence, also of the memo.
            #expect(try await !world.install().ok)
            try FileSystem.remove(world.project + "/" + file + ".skvm-new")
            for _ in 0..<3 {
                let quiet = try await world.install()
                #expect(quiet.ok && quiet.diagnostics.allSatisfy { !$0.id.hasPrefix("install.") })
            }
            #expect(try FileSystem.readText(world.project + "/" + file).contains("20 words"))
        }
    }

    @Test func `a user's edit and a new version become one file, told once`() async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch)
            try await world.install()
            let file = world.project + "/.agents/skills/notes/SKILL.md"
            try FileSystem.write(try FileSystem.read(file) + Array("\nMine.\n".utf8), to: file)
            try world.edit("mine/notes/SKILL.md", "200 words", "300 words")
            let dry = try await world.install { $0.dryRun = true }
            #expect(dry.diagnostics.contains { $0.id == "install.merged" })
            #expect(try !FileSystem.readText(file).contains("300 words"))
            let report = try await world.install()
            #expect(report.ok && report.diagnostics.contains { $0.id == "install.merged" }, "\(report.diagnostics)")
            let text = try FileSystem.readText(file)
            #expect(text.contains("300 words") && text.hasSuffix("\nMine.\n"))
            #expect(!world.exists(file + ".skvm-new"))
            for _ in 0..<3 {
                #expect(try await !world.install().diagnostics.contains { $0.id == "install.merged" })
            }
            #expect(try FileSystem.readText(file) == text)
            #expect(try await world.workspace().verify().diagnostics.map(\.id) == ["verify.modified"])
        }
    }

    @Test func `gc keeps what an edit was made to, and elsewhere may not`() async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch)
            try await world.install()
            let file = world.project + "/.agents/skills/notes/SKILL.md"
            try FileSystem.write(try FileSystem.read(file) + Array("\nMine.\n".utf8), to: file)
            for (number, folder) in [nil, world.root].enumerated() {
                try world.edit("mine/notes/SKILL.md", "\(number + 2)00 words", "\(number + 3)00 words")
                // From here on the lock pins the new variant, and the record alone the old one.
                #expect(try await world.build().ok)
                // As if no action had been used for long.
                for name in try FileSystem.list(world.root + "/cache") where name.hasPrefix("actions-v1.sqlite") {
                    try FileSystem.remove("\(world.root)/cache/\(name)")
                }
                _ = try await world.workspace(in: folder).collectGarbage(days: 0)
                let report = try await world.install()
                #expect(report.ok == (number == 0), "\(report.diagnostics)")
                let text = try FileSystem.readText(file)
                #expect(text.contains("300 words") && text.hasSuffix("\nMine.\n"))
            }
            #expect(try FileSystem.readText(file + ".skvm-new").contains("400 words"))
        }
    }

    @Test func `a clash elsewhere does not take an addition back`() async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch)
            try await world.install()
            try world.edit(".agents/skills/notes/SKILL.md", "200 words", "20 words")
            try world.edit("mine/notes/SKILL.md", "200 words", "300 words")
            try world.put(ProjectWorld.folder("more"), at: "mine/more")
            let report = try await world.workspace().add(["./mine/more"], registry: nil, install: true)
            #expect(!report.ok && report.diagnostics.map(\.id).contains("install.clash"))
            #expect(try world.manifest.contains("mine/more") && world.lock.contains("more"))
            #expect(world.exists(".agents/skills/more/SKILL.md"))
            #expect(!report.text.contains("failed"))
        }
    }

    @Test func `a folder of somebody else is left alone`() async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch)
            try world.put([".agents/skills/notes/SKILL.md": "mine\n"])
            let report = try await world.install()
            #expect(!report.ok && report.diagnostics.contains { $0.id == "install.foreign" })
            #expect(try FileSystem.readText(world.project + "/.agents/skills/notes/SKILL.md") == "mine\n")
            #expect(!world.exists(".agents/skills/charts") && !world.exists("skvm.lock"))
        }
    }

    @Test func `two targets that want different variants in one folder are refused`() async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch)
            // What has to be installed first is not the same on both machines.
            let same = try world.putTarget("same", tools: ["bash", "python3"])
            try world.put(["skvm.toml": try world.manifest + same])
            let report = try await world.install()
            #expect(!report.ok && report.diagnostics.contains { $0.id == "install.conflict" })
            #expect(!world.exists(".agents") && !world.exists("skvm.lock"))
            #expect(try await world.workspace().install(targets: ["same"]).ok)
        }
    }

    @Test func `a dry run says what it would do and does nothing`() async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch)
            let report = try await world.install { $0.dryRun = true }
            #expect(report.ok && report.folders.map(\.action) == ["installed", "installed"])
            #expect(!world.exists(".agents") && !world.exists("skvm.lock"))
            #expect(try await world.build { $0.dryRun = true }.variants.count == 2)
            #expect(!world.exists("skvm.lock") && !world.exists(".skvm/variants"))
        }
    }

    // MARK: The user's folders

    @Test func `--user installs where the variable of the harness says, also when it changes`() async throws {
        try await withScratch { scratch in
            var world = try Self.project(scratch, harness: "hermes")
            world.environment["HERMES_HOME"] = world.root + "/hermes"
            #expect(try await world.install { $0.user = true }.ok)
            #expect(world.exists(world.root + "/hermes/skills/notes/SKILL.md"))
            #expect(!world.exists(world.root + "/home/.hermes"))
            try await world.install { $0.user = true }
            try await Task.sleep(for: .milliseconds(50))
            try await world.install { $0.user = true }

            world.environment["HERMES_HOME"] = world.root + "/other"
            #expect(try await world.install { $0.user = true }.ok)
            #expect(world.exists(world.root + "/other/skills/notes/SKILL.md"))
            world.environment["HERMES_HOME"] = nil
            #expect(try await world.install { $0.user = true }.ok)
            #expect(world.exists(world.root + "/home/.hermes/skills/notes/SKILL.md"))
        }
    }

    @Test func `a harness without a folder in projects says so`() async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch, harness: "hermes")
            let found = await world.failure { try await world.install() }
            #expect(found.map(\.id) == ["harness.scope"] && found.allSatisfy { $0.fault == .usage })
            #expect(!world.exists("skvm.lock"))
        }
    }

    @Test func `two projects share the user's folders without taking from each other`() async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch, harness: "hermes")
            #expect(try await world.install { $0.user = true }.ok)
            let other = world.root + "/other"
            try write(ProjectWorld.folder("slides"), in: other + "/slides")
            let targets = try world.putTarget("one", harness: "hermes")
                .replacing("./environments", with: "../project/environments")
                .replacing("profiles/", with: "../project/profiles/")
            try write(["skvm.toml": "[dependencies]\nslides = { path = \"slides\" }\n\n" + targets], in: other)
            let report = try await world.workspace(in: other) { $0.user = true }.install()
            #expect(report.ok, "\(report.diagnostics)")
            for name in ["notes", "charts", "slides"] {
                #expect(world.exists(world.root + "/home/.hermes/skills/\(name)/SKILL.md"))
            }
        }
    }

    private struct Sharing {
        var world: ProjectWorld
        /// The other project's folder.
        var other: String
        /// The user's folder of the harness.
        var home: String

        /// As a user asks for the user's folders.
        func global(in folder: String? = nil, dryRun: Bool = false) -> Workspace {
            world.workspace(in: folder) { flags in
                flags.user = true
                flags.dryRun = dryRun
            }
        }

        /// None where the folder, which skvm made, went with the last.
        var skills: [String] { get throws { FileSystem.exists(home) ? try FileSystem.list(home).sorted() : [] } }
    }

    /// Two projects that install `a`, which needs `shared`, and `b`, which needs it too, into the user's folders.
    private func sharing(_ scratch: String) async throws -> Sharing {
        let world = try ProjectWorld(scratch)
        let registry = try FolderRegistry(world.root + "/registry")
        try registry.publish("deep", "1.0.0")
        try registry.publish("shared", "1.0.0", dependencies: ["deep": "1"])
        try registry.publish("a", "1.0.0", dependencies: ["shared": "1"])
        try registry.publish("b", "1.0.0", dependencies: ["shared": "1"])
        let target = try world.putTarget("one", harness: "hermes")
        let end = "\n\n[registries]\ndefault = \"\(registry.path)\"\n\n"
        try world.put(["skvm.toml": "[dependencies]\na = \"1\"\(end)\(target)"])
        let other = world.root + "/other"
        try FileSystem.makeDirectories(other)
        for folder in ["profiles", "environments"] {
            try FileSystem.makeLink("\(other)/\(folder)", to: "\(world.project)/\(folder)")
        }
        try write(["skvm.toml": "[dependencies]\nb = \"1\"\(end)\(target)"], in: other)
        return Sharing(world: world, other: other, home: world.root + "/home/.hermes/skills")
    }

    @Test func `remove from the user's folders takes what only it needed along`() async throws {
        try await withScratch { scratch in
            let sharing = try await sharing(scratch)
            #expect(try await sharing.global().install().ok)
            #expect(try sharing.skills == ["a", "deep", "shared"])
            let dry = try await sharing.global(dryRun: true).remove(["a"])
            #expect(dry.dryRun && dry.folders.map(\.action) == ["removed", "removed", "removed"])
            #expect(try sharing.skills.count == 3)
            let report = try await sharing.global().remove(["a"])
            #expect(report.ok && report.folders.map(\.package) == ["a", "deep", "shared"], "\(report)")
            #expect(try sharing.skills.isEmpty)
        }
    }

    @Test func `what another project needs in the user's folders stays until that one removes it`() async throws {
        try await withScratch { scratch in
            let sharing = try await sharing(scratch)
            #expect(try await sharing.global().install().ok)
            #expect(try await sharing.global(in: sharing.other).install().ok)
            #expect(try sharing.skills == ["a", "b", "deep", "shared"])
            let first = try await sharing.global().remove(["a"])
            #expect(first.folders.map { "\($0.action) \($0.package)" } == ["removed a", "kept deep", "kept shared"])
            #expect(try sharing.skills == ["b", "deep", "shared"])
            let second = try await sharing.global(in: sharing.other).remove(["b"])
            #expect(second.folders.map(\.action) == ["removed", "removed", "removed"], "\(second)")
            #expect(try sharing.skills.isEmpty)
        }
    }

    @Test func `an install takes from the user's folders what the project alone needed and needs no more`() async throws
    {
        try await withScratch { scratch in
            let sharing = try await sharing(scratch)
            #expect(try await sharing.global().install().ok)
            try sharing.world.edit("skvm.toml", "a = \"1\"", "deep = \"1\"")
            #expect(try await sharing.global().install().ok)
            #expect(try sharing.skills == ["deep"])
            #expect(try await sharing.global(in: sharing.other).install().ok)
            #expect(try sharing.skills == ["b", "deep", "shared"])
        }
    }
}

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

/// Which project a command works on that is run somewhere below a workspace.
@Suite struct `A command inside of a workspace` {
    private func withWorkspace(_ body: (ProjectWorld) async throws -> Void) async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try world.put(["skills/alpha/skvm.toml": "[package]\nname = \"alpha\"\nversion = \"1.0.0\"\n"])
            try await body(world)
        }
    }

    private func root(_ world: ProjectWorld, _ folder: String) throws -> String {
        try world.workspace(in: folder.hasPrefix("/") ? folder : world.project + "/" + folder).projectRoot()
    }

    @Test func `works on the workspace, in a member and below it`() async throws {
        try await withWorkspace { world in
            for folder in ["skills/alpha", "skills/alpha/scripts", "skills/beta", "skills"] {
                #expect(try root(world, folder) == world.project, "\(folder)")
            }
            let report = try await world.workspace(in: world.project + "/skills/alpha").build()
            #expect(report.ok && Set(report.variants.map(\.package)) == ["alpha"], "\(report.diagnostics)")
            #expect(world.exists("skvm.lock") && !world.exists("skills/alpha/skvm.lock"))
            #expect(!world.exists("skills/alpha/.skvm"))
            let below = try await world.workspace(in: world.project + "/skills/beta/scripts").build()
            #expect(below.variants.map(\.package) == ["beta", "beta"])
            let all = try await world.workspace(in: world.project + "/skills/alpha").build(packages: .all)
            #expect(Set(all.variants.map(\.package)) == ["alpha", "beta"])
            #expect(all.ran.isEmpty && all.lockChanges == [], "\(all.ran)")
            // The members' own builds did not take the other's records out of the lock.
            for name in ["alpha", "beta"] { #expect(try world.lock.contains("\"\(name) ")) }
            try await world.expectNothingToDo()
        }
    }

    @Test func `is told of a skill that nobody counts as a member`() async throws {
        try await withWorkspace { world in
            try world.put(ProjectWorld.folder("stray", version: "1.0.0"), at: "other/stray")
            let found = await world.failure { try root(world, "other/stray/scripts") }
            let hint = try #require(found.first?.hint)
            #expect(found.map(\.id) == ["workspace.no-member"] && found[0].fault == .usage)
            #expect(hint.contains("\"other/stray\"") && hint.contains("exclude") && hint.contains("[workspace]"))
            // Elsewhere in the workspace nothing is wrong.
            #expect(try await world.build().ok)

            try world.edit("skvm.toml", "members =", "exclude = [\"other\"]\nmembers =")
            #expect(try root(world, "other/stray") == world.project + "/other/stray")
            try world.edit("skvm.toml", "exclude = [\"other\"]\n", "")
            try world.edit("other/stray/skvm.toml", "[package]", "[workspace]\n\n[package]")
            #expect(try root(world, "other/stray") == world.project + "/other/stray")
            try world.edit("other/stray/skvm.toml", "[workspace]\n\n", "")
            try world.edit("skvm.toml", "members = [", "members = [\"other/stray\", ")
            #expect(try root(world, "other/stray") == world.project)
            try FileSystem.remove(world.project + "/other/stray/SKILL.md")
            #expect(
                await world.failure { try root(world, "other/stray") }.first?.notes.first?.contains("SKILL.md") == true)
        }
    }

    @Test func `a dependency by path belongs to the workspace that it lies in`() async throws {
        try await withWorkspace { world in
            try world.put(ProjectWorld.folder("shared", version: "2.0.0"), at: "lib/shared")
            try world.put(
                [
                    "skills/alpha/skvm.toml":
                        "[package]\nname = \"alpha\"\nversion = \"1.0.0\"\n[dependencies]\nshared = { path = \"../../lib/shared\" }\n"
                ])
            #expect(try root(world, "lib/shared") == world.project)
            let report = try await world.workspace(in: world.project + "/lib/shared").build()
            #expect(Set(report.variants.map(\.package)) == ["shared"], "\(report.diagnostics)")
        }
    }

    @Test func `exclude keeps a folder out of what a pattern names, and no member that is named`() async throws {
        try await withWorkspace { world in
            try world.edit("skvm.toml", "members =", "exclude = [\"skills/b*\"]\nmembers =")
            #expect(Set(try await world.build().variants.map(\.package)) == ["alpha"])
            try world.edit("skvm.toml", "[\"skills/*\"]", "[\"skills/*\", \"skills/beta\"]")
            #expect(Set(try await world.build().variants.map(\.package)) == ["alpha", "beta"])
        }
    }

    @Test func `takes no installed, built or vendored skill for a member or a project`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld(scratch)
            let registry = try FolderRegistry(world.root + "/registry")
            try registry.publish("charts", "1.0.0")
            try world.put(ProjectWorld.folder("alpha", version: "1.0.0"), at: "skills/alpha")
            let target = try world.putTarget("one", harness: "openclaw")
            try world.put([
                "skvm.toml":
                    "[workspace]\nmembers = [\"skills/*\", \"vendor/*/*\", \"*/*\"]\n[registries]\ndefault = \"../registry\"\n"
                    + "[dependencies]\ncharts = \"1\"\n\n\(target)"
            ])
            #expect(try await world.build().ok)
            #expect(try await world.install().ok)
            #expect(try await world.workspace().vendor(nil).ok)
            let copies = ["skills/charts", ".skvm/variants/one/charts", "vendor/packages/charts"]
            for copy in copies {
                try #require(world.exists("\(copy)/skvm.toml"), "\(copy)")
                #expect(try root(world, copy) == world.project, "\(copy)")
            }
            let again = try await world.build()
            #expect(again.ok && Set(again.variants.map(\.package)) == ["alpha", "charts"], "\(again.diagnostics)")
            // Named one by one they are refused.
            try world.edit("skvm.toml", "[\"skills/*\", \"vendor/*/*\", \"*/*\"]", "[\"skills/charts\"]")
            #expect(await world.failure { try await world.build() }.map(\.id) == ["workspace.installed"])
            // Far from any project it is told what they are.
            try write(["SKILL.md": "x", "skvm.toml": "", ".skvm/variant.json": "{}"], in: world.root + "/home/copy")
            let found = await world.failure { try root(world, world.root + "/home/copy") }
            #expect(found.first?.id == "project.none" && found.first?.hint?.contains(".skvm") == true)
            // What other tools keep in hidden folders is no business of the workspace.
            try world.put(ProjectWorld.folder("theirs", version: "1.0.0"), at: ".agents/skills/theirs")
            #expect(try root(world, ".agents/skills/theirs") == world.project + "/.agents/skills/theirs")
        }
    }

    @Test func `a member that is a workspace, or has another registry of a name, is refused`() async throws {
        try await withWorkspace { world in
            try world.edit("skills/alpha/skvm.toml", "[package]", "[workspace]\n[package]")
            #expect(await world.failure { try await world.build() }.map(\.id) == ["workspace.nested"])
            try world.edit("skills/alpha/skvm.toml", "[workspace]\n", "")
            _ = try FolderRegistry(world.project + "/registry")
            try world.edit("skvm.toml", "[workspace]", "[registries]\ncorp = \"./registry\"\n[workspace]")
            try world.put([
                "skills/alpha/skvm.toml":
                    "[package]\nname = \"alpha\"\nversion = \"1.0.0\"\n[registries]\ncorp = \"https://example.org/evil\"\n"
            ])
            #expect(await world.failure { try await world.build() }.map(\.id) == ["workspace.registry"])
            try world.edit("skills/alpha/skvm.toml", "https://example.org/evil", "../../registry")
            try world.edit("skills/alpha/skvm.toml", "[registries]", "[update]\ncooldown = \"7d\"\n[registries]")
            let report = try await world.build()
            let told = report.diagnostics.filter { $0.id == "workspace.member-table" }
            #expect(report.ok && told.count == 1 && told[0].message.contains("[update]"), "\(report.diagnostics)")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
    func `a manifest of somebody else decides nothing`() async throws {
        try await withWorkspace { world in
            let stranger: uid_t = 12345
            try #require(lchown(world.project + "/skvm.toml", stranger, stranger) == 0)
            // In a member of one's own, below a workspace that somebody else made of it.
            for folder in ["skills/alpha", "skills/beta"] {
                let found = await world.failure { try root(world, folder) }
                #expect(found.map(\.id) == ["project.foreign"] && found[0].fault == .integrity)
                #expect(found[0].message.contains("12345") && found[0].hint?.contains("-C \(world.project)") == true)
            }
            #expect(await world.failure { try root(world, "") }.map(\.id) == ["project.foreign"])
            // What works anywhere works on.
            _ = try await world.workspace(in: world.project + "/skills/beta").search(["table"])
            // A way out: the folder is named, or the member stands apart.
            var settings = world.workspace().settings
            settings.namesDirectory = true
            #expect(try Workspace(settings).projectRoot() == world.project)
            try world.edit("skills/alpha/skvm.toml", "[package]", "[workspace]\n[package]")
            #expect(try root(world, "skills/alpha") == world.project + "/skills/alpha")
            // What is wrong with a stranger's manifest is not told to those who do not use it.
            try world.edit("skills/alpha/skvm.toml", "[workspace]\n", "")
            try world.put(["skvm.toml": "[broken\n"])
            #expect(try root(world, "skills/alpha") == world.project + "/skills/alpha")
            // Whoever works in the stranger's own folder works with the stranger's files.
            try world.put(["skvm.toml": "[workspace]\nmembers = [\"skills/*\"]\n"])
            for path in ["/skvm.toml", "/skills/beta"] {
                try #require(lchown(world.project + path, stranger, stranger) == 0)
            }
            #expect(try root(world, "skills/beta") == world.project)
        }
    }
}

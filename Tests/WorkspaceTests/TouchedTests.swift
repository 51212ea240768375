import Basics
import BuildEngine
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// Builds after files that changed their stamps, and little or nothing else.
struct TouchedTests {
    private func touch(_ file: String, _ world: ProjectWorld) throws {
        let path = world.project + "/" + file
        try FileSystem.write(try FileSystem.read(path), to: path)
    }

    /// What the next build knows, and would answer without looking at anything but what differs.
    private func untouched(_ world: ProjectWorld) throws -> BuildReport? {
        let workspace = world.workspace()
        let memo = workspace.memory(of: world.project) + "/build.memo"
        let configuration = workspace.memoConfiguration("build", ["--"], root: world.project)
        guard case .partial(let changes) = workspace.recall(memo, configuration, in: world.project) else { return nil }
        return try workspace.untouched(changes, memo, configuration, try workspace.project())
    }

    private func recalled(_ world: ProjectWorld) -> BuildReport? {
        let workspace = world.workspace()
        let memory = workspace.recall(
            workspace.memory(of: world.project) + "/build.memo",
            workspace.memoConfiguration("build", ["--"], root: world.project),
            in: world.project)
        guard case .whole(let report) = memory else { return nil }
        return report
    }

    /// Older than a tick of the kernel's clock.
    private func settle() async throws { try await Task.sleep(for: .milliseconds(50)) }

    @Test func `that are skills' files give the last answer, and then the memo holds again`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try await world.build()
            try await settle()
            let last = try await world.build()
            for _ in 0..<2 {
                try touch("skills/alpha/SKILL.md", world)
                try touch("skills/beta/scripts/collect.py", world)
                try await settle()
                #expect(recalled(world) == nil)
                #expect(try untouched(world) == last)
                #expect(recalled(world) == last)
            }
            try touch("skills/alpha/SKILL.md", world)
            #expect(try await world.build() == last)
            try await settle()
            // An edit after it is an edit like any other, of this skill and of another.
            for skill in ["alpha", "beta"] {
                try world.edit("skills/\(skill)/SKILL.md", "Never change", "Never, ever change")
                #expect(Set(try await world.build().ran.map(\.package)) == [skill])
                try await settle()
            }
            try await world.expectNothingToDo()
        }
    }

    @Test(arguments: ["text", "mode", "new file", "new folder", "file gone", "manifest", "profile", "variant", "lock"])
    func `give no answer with anything else that changed`(_ change: String) async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try await world.build()
            try await settle()
            try await world.build()
            try touch("skills/beta/SKILL.md", world)
            switch change {
            case "text": try world.edit("skills/alpha/SKILL.md", "Never change", "Never, ever change")
            case "mode": try FileSystem.setMode(world.project + "/skills/alpha/scripts/collect.py", 0o755)
            case "new file": try world.put(["new.md": "x"], at: "skills/alpha")
            case "new folder": try FileSystem.makeDirectories(world.project + "/skills/alpha/new")
            case "file gone": try FileSystem.remove(world.project + "/skills/alpha/scripts/collect.py")
            case "manifest": try touch("skvm.toml", world)
            case "profile": try touch("profiles/one.toml", world)
            case "variant": try FileSystem.removeTree(world.project + "/.skvm/variants/one/alpha")
            default: try touch("skvm.lock", world)
            }
            try await settle()
            #expect(try untouched(world) == nil)
            #expect(recalled(world) == nil)
            let report = try await world.build()
            #expect(report.ok && report.variants.count == 4)
            #expect(world.exists(".skvm/variants/one/alpha/SKILL.md"))
            try await world.expectNothingToDo()
        }
    }

    @Test func `beside members that come and go are built as they are now`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            func packages() async throws -> Set<String> { Set(try await world.build().variants.map(\.package)) }
            _ = try await packages()
            try await settle()
            try world.put(ProjectWorld.folder("gamma"), at: "skills/gamma")
            #expect(try await packages() == ["alpha", "beta", "gamma"])
            try await settle()
            // In the folder of a member alone: the listing of `skills` has not changed.
            let text = try FileSystem.read(world.project + "/skills/beta/SKILL.md")
            try FileSystem.remove(world.project + "/skills/beta/SKILL.md")
            #expect(try await packages() == ["alpha", "gamma"])
            try await settle()
            try FileSystem.write(text, to: world.project + "/skills/beta/SKILL.md")
            #expect(try await packages() == ["alpha", "beta", "gamma"])
            try await settle()
            try FileSystem.replace(world.project + "/skills/beta/SKILL.md", with: text)
            #expect(try await packages() == ["alpha", "beta", "gamma"])
            try world.edit("skvm.toml", "skills/*", "skills/a*")
            #expect(try await packages() == ["alpha"])
            try await world.expectNothingToDo()
        }
    }

    @Test func `an installed project's files were touched, and nothing is installed again`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld(scratch)
            try world.put(ProjectWorld.folder("alpha"), at: "skills/alpha")
            let dependency = "[dependencies]\nalpha = { path = \"skills/alpha\" }\n\n"
            try world.put(["skvm.toml": dependency + (try world.putTarget("one"))])
            #expect(try await world.install().ok)
            try await settle()
            let last = try await world.install()
            try touch("skills/alpha/SKILL.md", world)
            try await settle()
            #expect(try await world.install() == last)
            let place = try #require(last.folders.first?.path)
            try FileSystem.write(Array("mine\n".utf8), to: place + "/mine.md")
            try touch("skills/alpha/SKILL.md", world)
            try FileSystem.remove(place + "/SKILL.md")
            try await settle()
            #expect(try await world.install().folders.map(\.action) == ["updated"])
            #expect(world.exists(place + "/SKILL.md") && world.exists(place + "/mine.md"))
        }
    }
}

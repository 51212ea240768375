import Basics
import Harness
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// Harnesses that look into one folder of the project: its skills are owned once, and go with the last who needs them.
struct SharedHarnessTests {
    /// `agents` and `codex` both read `.agents/skills`, `claude-code` another folder.
    private static func project(_ scratch: String) throws -> ProjectWorld {
        let world = try ProjectWorld(scratch)
        for name in ["notes", "charts"] { try world.put(ProjectWorld.folder(name), at: "mine/\(name)") }
        let targets = try [("a", "agents"), ("b", "codex"), ("c", "claude-code")].map {
            try world.putTarget($0.0, harness: $0.1)
        }
        try world.put([
            "skvm.toml":
                "[dependencies]\ncharts = { path = \"mine/charts\" }\nnotes = { path = \"mine/notes\" }\n\n"
                + targets.joined(separator: "\n")
        ])
        return world
    }

    private func records(_ world: ProjectWorld) throws -> [String] {
        try world.workspace().state(of: world.project).installed().map {
            "\($0.folder.dropFirst(world.project.count + 1))/\($0.name) \($0.targets?.joined(separator: "+") ?? "-")"
        }
    }

    @Test func `a skill is there once for both, and stays for the one that is left`() async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch)
            let report = try await world.install()
            #expect(report.ok, "\(report.diagnostics)")
            #expect(
                try records(world) == [
                    ".agents/skills/charts a+b", ".agents/skills/notes a+b", ".claude/skills/charts c",
                    ".claude/skills/notes c",
                ])
            #expect(try await world.workspace().verify().installed == 4)
            let text = try FileSystem.readText(world.project + "/.agents/skills/notes/SKILL.md")
            try world.put([".agents/skills/notes/mine.md": "mine", ".agents/skills/own/SKILL.md": "own"])

            _ = try await world.workspace().removeTarget("a")
            #expect(try await world.install().ok)
            #expect(try records(world).prefix(2) == [".agents/skills/charts b", ".agents/skills/notes b"])
            #expect(try FileSystem.readText(world.project + "/.agents/skills/notes/SKILL.md") == text)
            #expect(try await world.workspace().verify().ok)
            try await world.expectNothingToDo()

            _ = try await world.workspace().removeTarget("b")
            #expect(try await world.install().ok)
            #expect(try records(world) == [".claude/skills/charts c", ".claude/skills/notes c"])
            // What the user made stays, in a skill that is gone and beside it.
            #expect(world.exists(".agents/skills/notes/mine.md") && world.exists(".agents/skills/own/SKILL.md"))
            #expect(!world.exists(".agents/skills/notes/SKILL.md") && !world.exists(".agents/skills/charts"))
        }
    }

    @Test func `remove takes a skill from all folders, and nothing that is not skvm's`() async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch)
            try await world.install()
            try world.put([".agents/skills/own/SKILL.md": "own", ".claude/skills/own/SKILL.md": "own"])
            #expect(try await world.workspace().remove(["notes"]).ok)
            for folder in [".agents/skills", ".claude/skills"] {
                #expect(try FileSystem.list("\(world.project)/\(folder)") == ["charts", "own"])
            }
            #expect(try records(world) == [".agents/skills/charts a+b", ".claude/skills/charts c"])
            // A target that comes back finds its skill there.
            _ = try await world.workspace().removeTarget("b")
            try await world.install()
            let targets = try world.putTarget("b", harness: "codex")
            try world.put(["skvm.toml": try world.manifest + "\n" + targets])
            let report = try await world.install()
            #expect(report.folders.allSatisfy { $0.action == "kept" }, "\(report.folders)")
            #expect(try records(world).first == ".agents/skills/charts a+b")
        }
    }

    @Test func `a skill of the wrong target is found by verify`() async throws {
        try await withScratch { scratch in
            let world = try Self.project(scratch)
            try await world.install()
            // The lock pins for `c`, which owns the folder, what it pinned for `a` and the other way round: each of the
            // trees is one that some target has.
            let lock = try Lockfile(parsing: Array(try world.lock.utf8))
            func tree(_ name: String) throws -> String {
                let variant = lock.variants.first {
                    $0.target.description == name && $0.package.name.description == "notes"
                }
                return try #require(variant).tree.description
            }
            let (a, c) = (try tree("a"), try tree("c"))
            #expect(a != c)
            let swapped = try world.lock.replacing(a, with: "?").replacing(c, with: a).replacing("?", with: c)
            try world.put(["skvm.lock": swapped])
            let report = try await world.workspace().verify()
            let found = report.diagnostics.filter { $0.id == "verify.lock" }
            #expect(!report.ok && found.count == 2, "\(report.diagnostics)")
            #expect(found.contains { $0.message.hasSuffix("of notes for c") && $0.notes.contains("pinned \(a) for c") })
        }
    }
}

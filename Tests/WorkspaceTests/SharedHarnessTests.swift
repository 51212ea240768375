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

    /// Two targets, of which the second's harness sees the folder of the first's.
    private static func overlapping(
        _ scratch: String, _ one: String, _ other: String, tools: [String]
    ) throws -> ProjectWorld {
        let world = try ProjectWorld(scratch)
        try world.put(ProjectWorld.folder("notes"), at: "mine/notes")
        let targets =
            try world.putTarget("a", harness: one) + world.putTarget("b", harness: other, tools: tools)
        try world.put(["skvm.toml": "[dependencies]\nnotes = { path = \"mine/notes\" }\n\n" + targets])
        return world
    }

    @Test(arguments: ["opencode", "cursor"])
    func `a harness that reads another's folder, too, is told to see a skill in two variants`(
        harness: String
    ) async throws {
        try await withScratch { scratch in
            let world = try Self.overlapping(scratch, "claude-code", harness, tools: ["bash", "python3"])
            let report = try await world.install()
            #expect(report.ok, "\(report.diagnostics)")
            let told = report.diagnostics.filter { $0.id == "install.seen-twice" }
            #expect(told.count == 1 && told[0].severity == .warning, "\(told)")
            #expect(
                told.first.map {
                    $0.message.contains("target 'b'") && $0.message.contains(".claude/skills")
                        && $0.message.contains("'notes'") && $0.message.contains("for 'a'")
                } == true, "\(told)")
            // The next run, which has nothing to do, and doctor still say so.
            #expect(try await world.install().diagnostics.contains { $0.id == "install.seen-twice" })
            #expect(try await world.workspace().doctor().diagnostics.contains { $0.id == "install.seen-twice" })
            _ = try await world.workspace().removeTarget("a")
            #expect(try await !world.install().diagnostics.contains { $0.id == "install.seen-twice" })
        }
    }

    @Test(arguments: [("claude-code", "opencode", ["bash"]), ("codex", "openclaw", ["bash", "python3"])])
    func `equal variants in two folders, and a harness whose own folder counts first, are no matter`(
        one: String, other: String, tools: [String]
    ) async throws {
        try await withScratch { scratch in
            let world = try Self.overlapping(scratch, one, other, tools: tools)
            let report = try await world.install()
            #expect(
                report.ok && !report.diagnostics.contains { $0.id == "install.seen-twice" }, "\(report.diagnostics)")
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

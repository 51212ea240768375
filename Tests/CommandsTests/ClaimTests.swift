import Basics
import Formats
import TestSupport
import Testing

/// What several projects have in the user's folders (decision 0058).
@Suite struct `A skill in the user's folders` {
    private func places(_ world: CommandWorld) throws -> [String] {
        let folder = world.home + "/.agents/skills"
        return FileSystem.isDirectory(folder) ? try FileSystem.list(folder).sorted() : []
    }

    /// Another project of the same user.
    private func other(
        _ world: CommandWorld, _ dependencies: String, target: String = CommandWorld.target
    ) async throws -> String {
        let folder = world.scratch + "/other"
        try write(["skvm.toml": "[dependencies]\n\(dependencies)\n\n\(target)"], in: folder)
        return folder
    }

    private static let strong = CommandWorld.target.replacing("qwen/qwen3.5-9b", with: "anthropic/claude-opus-4.6")

    // MARK: Whose project is gone

    @Test func `goes with whoever needs it last, and a project that was deleted needs nothing`() async throws {
        try await withCommandWorld { world in
            let deleted = try await other(world, "palette = \"*\"")
            try await world.done("install", "--user", in: deleted)
            try world.writeManifest(["palette = \"*\""])
            try await world.done("install", "--user")
            let kept = try await world.done("remove", "--user", "palette", "--dry-run")
            #expect(
                kept.outputText.contains("kept \(world.home)/.agents/skills/palette: \(deleted)/skvm.toml needs it"))

            try FileSystem.removeTree(deleted)
            let removed = try await world.done("remove", "--user", "palette")
            #expect(removed.outputText.contains("removed \(world.home)/.agents/skills/palette"))
            #expect(removed.errorText.contains("[install.owner-gone]") && removed.errorText.contains(deleted))
            #expect(try places(world) == [])
        }
    }

    @Test func `of deleted projects alone is named by doctor, and taken away from anywhere`() async throws {
        try await withCommandWorld { world in
            let deleted = try await other(world, "charts = \"*\"")
            try await world.done("install", "--user", in: deleted)
            try FileSystem.removeTree(deleted)
            #expect(try places(world) == ["charts", "palette"])
            let told = try await world.done("doctor")
            #expect(told.errorText.contains("`skvm remove --user charts palette`"), "\(told.errorText)")
            // Under the flag for the user's own manifest the advice still is for what is not that one's.
            try await world.skvm("remove", "-g", "charts")
                .expectError(2, "remove.unknown", "`skvm remove --user charts`")

            let dry = try await world.done("remove", "--user", "charts", "--dry-run", in: world.scratch)
            #expect(dry.outputText.contains("removed \(world.home)/.agents/skills/charts\n"))
            #expect(try places(world) == ["charts", "palette"])
            let removed = try await world.done("remove", "--user", "charts", in: world.scratch)
            #expect(removed.errorText.contains("`skvm remove --user palette`"), "\(removed.errorText)")
            #expect(try places(world) == ["palette"])
            try world.writeManifest(["charts"])
            try await world.skvm("remove", "--user", "nosuch").expectError(2, "remove.unknown")
            try await world.done("remove", "--user", "palette")
            #expect(try places(world) == [])
            #expect(!(try await world.done("doctor")).errorText.contains("remove --user"))
            try await world.skvm("remove", "--user", "charts", in: world.scratch)
                .expectError(2, "remove.unknown", "run it in the project")
        }
    }

    @Test func `with edits of the user's stays, and so does what somebody else has`() async throws {
        try await withCommandWorld { world in
            let deleted = try await other(world, "palette = \"*\"")
            try await world.done("install", "--user", in: deleted)
            try FileSystem.removeTree(deleted)
            let file = world.home + "/.agents/skills/palette/SKILL.md"
            try FileSystem.write(try FileSystem.read(file) + Array("\nMine.\n".utf8), to: file)
            try await world.skvm("remove", "--user", "palette", in: world.scratch)
                .expectError(1, "install.modified", "--force")
            try await world.done("remove", "--user", "--force", "palette", in: world.scratch)
            #expect(try places(world) == [])

            try world.writeManifest(["palette = \"*\""])
            try await world.done("install", "--user")
            try await world.skvm("remove", "--user", "palette", in: world.scratch)
                .expectError(2, "remove.unknown", "skvm -C \(world.project) remove --user palette")
            #expect(try places(world) == ["palette"])
        }
    }

    // MARK: Two variants

    /// Two projects with a skill `own` of their own, the second for another model.
    private func twoProjects(_ world: CommandWorld) async throws -> String {
        try write(["own/SKILL.md": CommandWorld.skill], in: world.project)
        try world.writeManifest(["own = { path = \"own\" }"])
        let second = try await other(world, "own = { path = \"own\" }", target: Self.strong)
        try write(["own/SKILL.md": CommandWorld.skill.replacing("Add the", with: "Sum up the")], in: second)
        return second
    }

    @Test func `is changed by no other project unasked`() async throws {
        try await withCommandWorld { world in
            let second = try await twoProjects(world)
            try await world.done("install", "--user")
            let before = try world.snapshot(world.home)
            for _ in 0..<2 {
                try await world.skvm("install", "--user", in: second).expectError(
                    1, "install.claimed", "\(world.project)/skvm.toml: own 0.0.0 for qwen/qwen3.5-9b on bare-agent",
                    "\(second)/skvm.toml: own 0.0.0 for anthropic/claude-opus-4.6 on bare-agent",
                    "skvm -C \(world.project) remove --user own", "--take-over")
            }
            #expect(try world.snapshot(world.home) == before)
            try await world.skvm("install", "--take-over", in: second).expectError(2, "usage.arguments", "--user")

            let taken = try await world.done("install", "--user", "--take-over", in: second)
            #expect(taken.errorText.contains("[install.taken-over]") && taken.errorText.contains(world.project))
            #expect(try world.snapshot(world.home) != before)
            // Who had it is told when next it wants it, and has no claim left.
            try await world.skvm("install", "--user").expectError(1, "install.claimed", second)
            try await world.done("remove", "--user", "own", in: second)
            #expect(try places(world) == [])
            try await world.done("install", "--user")
            #expect(try world.snapshot(world.home) == before)
        }
    }

    @Test func `is given up by the command that the refusal names`() async throws {
        try await withCommandWorld { world in
            let second = try await twoProjects(world)
            try write(
                [
                    "config/skvm.toml": "[dependencies]\nown = { path = \"own\" }\n\n\(CommandWorld.target)",
                    "config/own/SKILL.md": CommandWorld.skill,
                ], in: world.scratch)
            try await world.done("install", "-g")
            try await world.skvm("install", "--user", in: second)
                .expectError(1, "install.claimed", "`skvm remove --global own`")
            try await world.done("remove", "--global", "own")
            try await world.done("install", "--user", in: second)
            try await world.done("verify", in: second)
            try await world.skvm("install", "--user").expectError(
                1, "install.claimed", "-C \(second) remove --user own")
            try await world.done("-C", second, "remove", "--user", "own")
            try await world.done("install", "--user")
        }
    }

    @Test func `of the same variant serves all who want it, and of a deleted project gives way`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["commit-message"])
            try await world.done("install", "--user")
            // Another name for the same target.
            let second = try await other(
                world, "commit-message = \"*\"", target: CommandWorld.target.replacing("weak", with: "small"))
            try await world.done("install", "--user", in: second)
            #expect(try await world.done("install", "--user").outputText.contains("1 folder up to date"))
            try FileSystem.removeTree(second)
            try await world.done("remove", "commit-message")
            #expect(try places(world) == [])

            try await world.done("install", "commit-message@*", "--user")
            try await world.done("remove", "commit-message")

            let third = try await twoProjects(world)
            try await world.done("install", "--user")
            try FileSystem.remove(world.project + "/skvm.toml")
            let taken = try await world.done("install", "--user", in: third)
            #expect(taken.errorText.contains("[install.owner-gone]") && taken.errorText.contains(world.project))
        }
    }

    @Test func `is put back by verify --repair where it was, and nowhere else`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(
                ["commit-message"],
                extra: Self.strong.replacing("weak", with: "strong").replacing("bare-agent", with: "claude-code"))
            try await world.done("install", "--user", "-t", "weak")
            let before = try world.snapshot(world.home)
            try FileSystem.removeTree(world.home + "/.agents/skills/commit-message")
            try await world.skvm("verify").expectError(5, "verify.missing", "skvm install --user")
            let mended = try await world.done("verify", "--repair")
            #expect(mended.outputText.contains("repaired 1 fault\n"), "\(mended.outputText)")
            #expect(try places(world) == ["commit-message"])
            #expect(try FileSystem.list(world.home) == [".agents"])
            #expect(!FileSystem.exists(world.project + "/.agents") && !FileSystem.exists(world.project + "/.claude"))
            #expect(try world.snapshot(world.home) == before)
        }
    }
}

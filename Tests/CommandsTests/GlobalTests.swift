import Basics
import TestSupport
import Testing

@testable import Commands

/// `--global` is whose manifest, `--user` is which folders (decision 0042).
@Suite struct `The user's own manifest` {
    private func places(_ root: String) throws -> [String] {
        let folder = root + "/.agents/skills"
        return FileSystem.isDirectory(folder) ? try FileSystem.list(folder).sorted() : []
    }

    /// One that has the target of `CommandWorld`.
    private func own(_ world: CommandWorld, _ dependencies: String = "") throws -> String {
        let file = world.scratch + "/config/skvm.toml"
        try write(["config/skvm.toml": "[dependencies]\n\(dependencies)\n\(CommandWorld.target)"], in: world.scratch)
        return file
    }

    @Test func `is meant by --global inside of a project, too, and the project stays as it is`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["pdf-tables"])
            try await world.done("install")
            let before = try world.snapshot(world.project)
            let file = try own(world)

            let said = try await world.done("install", "-g", "charts")
            #expect(said.errorText.contains("\(file): added charts = "), "\(said.errorText)")
            #expect(try places(world.home) == ["charts", "palette"])
            #expect(try FileSystem.readText(file).contains("charts"))
            #expect(FileSystem.exists(world.scratch + "/config/skvm.lock"))
            #expect(try await world.done("tree", "-g").outputText.contains("charts"))
            #expect(!(try await world.done("tree", "--global").outputText.contains("pdf-tables")))
            try await world.done("verify", "-g")
            try await world.done("outdated", "--global", "--offline")

            try await world.done("remove", "-g", "charts")
            #expect(try places(world.home) == [])
            #expect(try world.snapshot(world.project) == before)
            try await world.skvm("remove", "-g", "pdf-tables").expectError(2, "remove.unknown", "\(file) has no")
        }
    }

    @Test func `is meant where somebody stands beside it`() async throws {
        try await withCommandWorld { world in
            _ = try own(world, "palette = \"*\"\n")
            try await world.done("install", in: world.scratch + "/config")
            #expect(try places(world.home) == ["palette"])
            #expect(try places(world.scratch + "/config") == [])
        }
    }

    @Test func `is named by its path in what edits it and in what is wrong with it`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest()
            let before = try FileSystem.readText(world.project + "/skvm.toml")
            let file = world.scratch + "/config/skvm.toml"
            let added = try await world.done(
                "target", "add", "-g", "mine", "--model", "qwen/qwen3.5-9b", "--harness", "bare-agent")
            #expect(added.outputText.hasPrefix("\(file): target mine: "), "\(added.outputText)")
            // Nobody shares that lock.
            #expect(!added.outputText.contains("skvm.lock will not hold"), "\(added.outputText)")
            let listed = try await world.done("target", "list", "-g", "--json").json()
            #expect("\(listed)".contains("mine") && !"\(listed)".contains("weak"))
            let removed = try await world.done("target", "remove", "mine", "-g", "--json").json()
            #expect("\(removed)".contains(file), "\(removed)")

            try FileSystem.write(Array("[dependencies]\ncharts = 1\n".utf8), to: file)
            let broken = try await world.skvm("tree", "-g")
            #expect(broken.errorText.contains("\(file):2:"), "\(broken.errorText)")
            #expect(try FileSystem.readText(world.project + "/skvm.toml") == before)
        }
    }

    @Test func `keeps what it needs of what a project installs for the user, and the other way round`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["palette = \"*\"", "pdf-tables = \"*\""])
            try await world.done("install", "--user")
            #expect(try places(world.home) == ["palette", "pdf-tables"] && places(world.project) == [])
            _ = try own(world, "charts = \"*\"\n")
            try await world.done("install", "--global")
            #expect(try places(world.home) == ["charts", "palette", "pdf-tables"])

            let kept = try await world.done("remove", "palette")
            #expect(kept.outputText.contains("kept \(world.home)/.agents/skills/palette"), "\(kept.outputText)")
            try await world.done("verify", "-g")
            try await world.done("install", "palette@*", "--user")
            let other = try await world.done("remove", "charts", "-g")
            #expect(other.outputText.contains("kept \(world.home)/.agents/skills/palette"), "\(other.outputText)")
            #expect(try places(world.home) == ["palette", "pdf-tables"])
            try await world.done("verify")
        }
    }

    @Test func `what the user or another project installed is theirs to verify`() async throws {
        try await withCommandWorld { world in
            _ = try own(world, "charts = \"*\"\n")
            try await world.done("install", "--global")
            try world.writeManifest(["pdf-tables"])
            try await world.done("install", "--user")
            try FileSystem.removeTree(world.home + "/.agents/skills/charts")
            try await world.done("verify")
            try await world.skvm("verify", "-g").expectError(5, "verify.missing", "skvm install --global")
            try FileSystem.removeTree(world.home + "/.agents/skills/pdf-tables")
            try await world.skvm("verify").expectError(5, "verify.missing", "skvm install --user")
            try await world.done("install", "--user")
            try await world.done("verify")
        }
    }

    @Test func `and --user don't go together`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest()
            for command in [["install"], ["remove", "commit-message"]] {
                let result = try await world.run([try CommandWorld.binary()] + command + ["--user", "--global"])
                result.expectError(2, "usage.arguments", "--user is for a project's skills")
            }
        }
    }

    // MARK: --user

    @Test func `remove --user takes back what install --user did, and nothing of the project`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["charts", "pdf-tables"])
            try await world.done("install")
            try await world.done("install", "--user")
            let before = try world.snapshot(world.project)
            let dry = try await world.done("remove", "--user", "charts", "--dry-run")
            #expect(dry.outputText.contains("removed \(world.home)/.agents/skills/palette"), "\(dry.outputText)")
            #expect(try places(world.home) == ["charts", "palette", "pdf-tables"])
            let removed = try await world.done("remove", "--user", "charts")
            #expect(try places(world.home) == ["pdf-tables"], "\(removed.outputText)")
            #expect(try world.snapshot(world.project) == before)
            let again = try await world.done("remove", "--user", "charts")
            #expect(again.errorText.contains("[remove.nothing]"), "\(again.errorText)")
            try await world.done("verify")
            try await world.done("install", "--user")
            #expect(try places(world.home) == ["charts", "palette", "pdf-tables"])
            try await world.skvm("remove", "--user", "palette").expectError(2, "remove.unknown", "skvm why palette")
            try await world.skvm("remove", "--user", "nosuch").expectError(2, "remove.unknown")
        }
    }

    @Test func `what a harness without folders in projects is told leads to its skills`() async throws {
        try await withCommandWorld { world in
            var world = world
            world.variables["HERMES_HOME"] = world.scratch + "/hermes"
            let target = CommandWorld.target.replacing("bare-agent", with: "hermes")
            try world.writeManifest([], target: target)
            let refused = try await world.skvm("install", "palette@*")
            refused.expectError(2, "harness.scope", "`skvm install palette@* --user -t weak`")
            try await world.done("install", "palette@*", "--user", "-t", "weak")
            #expect(FileSystem.exists(world.scratch + "/hermes/skills/palette/SKILL.md"))
        }
    }

    // MARK: Advice

    @Test(arguments: [
        ("run `skvm install`", "run `skvm install --global`"),
        ("`skvm target add NAME`; skvm check", "`skvm target add --global NAME`; skvm check --global"),
        ("skvm target list", "skvm target list --global"), ("skvm init; skvm gc", "skvm init; skvm gc"),
        ("`skvm install` without `--global`", "`skvm install` without `--global`"), ("skvm ", "skvm "), ("", ""),
        ("`skvm remove --user a`", "`skvm remove --user a`"),
    ])
    func `advice for it names the flag where a command has it`(advice: String, said: String) {
        #expect(Advice.forUsersOwn(advice) == said)
    }
}

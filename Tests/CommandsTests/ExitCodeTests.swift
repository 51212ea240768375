import Basics
import Formats
import TestSupport
import Testing

/// Exit codes that people build upon, where several could be had.
@Suite struct `An exit code` {
    private func run(_ world: CommandWorld, _ words: [String]) async throws -> ProgramResult {
        try await world.run([try CommandWorld.binary()] + words)
    }

    @Test func `of several faults is the gravest, integrity before the outside world`() async throws {
        try await PublishWorld.with { world in
            try await world.start()
            try await world.author.done("publish")
            // One line is no JSON (6), another promises other bytes than there are (5).
            let line = try await world.index("charts")
            let lie = line.replacing("\"charts\"", with: "\"maps\"")
            try await world.registry.commit(
                [
                    "registry.toml": "version = 1\nname = \"test\"\n", "index/ch/ar/charts.jsonl": .text(line),
                    "index/ma/ps/maps.jsonl": .text(lie), "index/ru/le/rules.jsonl": "{\"name\": \"rules\"\n",
                ], time: 1_700_009_999)
            let user = try world.user("charts = \"*\"")
            let checked = try await user.skvm("registry", "check", "default", "--json")
            let exits = try (checked.json()["diagnostics"]?.array ?? []).compactMap { $0["exit"]?.integer }
            #expect(Set(exits) == [5, 6], "\(checked.outputText)")
            #expect(checked.status == 5)
        }
    }

    @Test func `of a command that has no use for a flag of all commands is what it is without it`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["palette = \"*\""])
            for command in [
                ["install"], ["build"], ["check"], ["update"], ["lock"], ["tree"], ["outdated"],
                ["search", "pdf"], ["info", "palette"], ["target", "list"], ["registry", "list"],
                ["remove", "palette"],
            ] {
                #expect(try await run(world, command + ["--dry-run", "--keep-going"]).succeeded, "\(command)")
            }
            #expect(try FileSystem.status(world.project + "/skvm.lock") == nil)
        }
    }

    @Test func `of a registry's name that is none is that of wrong usage`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            let before = try FileSystem.readText(world.project + "/skvm.toml")
            try await run(world, ["registry", "add", "x y", "https://example.org/r.git"]).expectError(
                2, "manifest.name", "'x y'")
            #expect(try FileSystem.readText(world.project + "/skvm.toml") == before)
        }
    }

    @Test func `of what an index lacks is 1, and of an index that is none 6`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            let root = world.scratch + "/site"
            try write(["one/SKILL.md": WebSite.skill("line-count")], in: root)
            try WebSite(root: root).index([("line-count", "skill-md", "one/SKILL.md")])
            let world = world
            try await StaticWebServer.serving(root) { server in
                try await run(world, ["add", server.address + "#nope"]).expectError(1, "index.unknown-skill", "nope")
                for text in ["{\"skills\": [}", "{\"skills\": 5}", "<!DOCTYPE html>"] {
                    try write([".well-known/agent-skills/index.json": text], in: root)
                    let broken = try await run(world, ["add", server.address + "#nope"])
                    #expect(broken.status == 6, "\(text): \(broken.errorText)")
                    #expect(broken.errorText.contains(server.address), "\(broken.errorText)")
                }
            }
        }
    }

    @Test(arguments: [true, false])
    func `of a server that answers git with a web page says so`(endsLine: Bool) async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            let end = endsLine ? "\\n" : ""
            let world = world
            try await ScriptedWebServer.serving(
                """
                if "well-known" in path: return self.answer(404)
                self.answer(200, "<!DOCTYPE html><html><body>Sign in</body></html>\(end)", Content_Type="text/html")
                """
            ) { server in
                for command in [
                    ["add", server.address + "/o/r"], ["registry", "add", "own", server.address + "/o/r"],
                ] {
                    let told = try await run(world, command)
                    #expect(told.status == 6 && told.errorText.contains("web page"), "\(told.errorText)")
                    #expect(told.errorText.contains("sign in"), "\(told.errorText)")
                    #expect(!told.errorText.contains("check the network"), "\(told.errorText)")
                }
            }
        }
    }

    @Test func `of verify is 5 for a changed file, and 0 for who takes the change for an edit`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["palette = \"*\""])
            try await world.done("install")
            let folder = world.project + "/.agents/skills/palette"
            try FileSystem.write(
                try FileSystem.read(folder + "/SKILL.md") + Array("\nMine.\n".utf8), to: folder + "/SKILL.md")
            try await run(world, ["verify"]).expectError(5, "verify.modified", "skvm verify --allow-edits")
            let allowed = try await world.done("verify", "--allow-edits")
            #expect(allowed.errorText.contains("warning: \(folder)/SKILL.md"), "\(allowed.errorText)")
            // What is gone is no edit.
            let other = try #require(try FileSystem.list(folder).first { $0 != "SKILL.md" && $0 != ".skvm" })
            try FileSystem.removeTree("\(folder)/\(other)")
            try await run(world, ["verify", "--allow-edits"]).expectError(5, "verify.missing", other)
            // An edit is no fault that was repaired.
            let mended = try await run(world, ["verify", "--repair"])
            mended.expectError(5, "verify.modified", "SKILL.md")
            #expect(
                mended.outputText.contains("repaired 1 fault; 1 changed file stays as it is\n"), "\(mended.outputText)")
            #expect(mended.errorText.contains("mending 1 fault"), "\(mended.errorText)")
            let again = try await run(world, ["verify", "--allow-edits", "--repair"])
            #expect(again.succeeded, "\(again.errorText)")
            #expect(
                again.outputText.hasPrefix("nothing to repair; 1 changed file stays as it is\n"), "\(again.outputText)")
            #expect(try await run(world, ["verify", "--repair", "--json"]).json()["kept"]?.integer == 1)
        }
    }

    @Test func `of an installation is 1 while a clash is open, and 0 once the file was edited again`() async throws {
        try await withCommandWorld { world in
            try write(["own/SKILL.md": CommandWorld.skill], in: world.project)
            try world.writeManifest(["own = { path = \"own\" }"])
            try await world.done("install")
            let file = world.project + "/.agents/skills/own/SKILL.md"
            let line = "Add the numbers of all files."
            let installed = try FileSystem.readText(file)
            try #require(installed.contains(line))
            try FileSystem.write(Array(installed.replacing(line, with: "Sum up mine.").utf8), to: file)
            try write(
                ["own/SKILL.md": CommandWorld.skill.replacing(line, with: "Sum up theirs.")], in: world.project)
            for _ in 0..<2 { try await run(world, ["install"]).expectError(1, "install.clash", file + ".skvm-new") }
            // An edit that is allowed is not merged by that.
            try await run(world, ["verify", "--allow-edits"]).expectError(1, "verify.clash", file + ".skvm-new")
            try await run(world, ["verify", "--repair"]).expectError(5, "verify.clash", file + ".skvm-new")
            try FileSystem.write(Array(installed.replacing(line, with: "Sum up both.").utf8), to: file)
            let told = try await world.done("install")
            #expect(told.errorText.contains("[install.clash]"), "\(told.errorText)")
            #expect(try FileSystem.readText(file).contains("Sum up both."))
            let warned = try await run(world, ["verify", "--allow-edits"])
            #expect(warned.succeeded && warned.errorText.contains("[verify.clash]"), "\(warned.errorText)")
            try FileSystem.remove(file + ".skvm-new")
            #expect(try await !world.done("install").errorText.contains("install.clash"))
        }
    }
}

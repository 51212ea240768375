import Basics
import TestSupport
import Testing

/// `skvm remove` takes away what this project installed and needs no more, wherever that is, and nothing else.
@Suite struct `Remove` {
    private func places(_ world: CommandWorld, _ root: String) throws -> [String] {
        let folder = root + "/.agents/skills"
        return FileSystem.isDirectory(folder) ? try FileSystem.list(folder).sorted() : []
    }

    /// A second project of the same user, which needs palette.
    private func otherProject(_ world: CommandWorld) async throws -> String {
        let other = world.scratch + "/other"
        try write(["skvm.toml": "[dependencies]\npalette = \"*\"\n\n" + CommandWorld.target], in: other)
        try await world.done("install", "--user", in: other)
        return other
    }

    @Test(arguments: ["skvm.toml", "skvm.lock"])
    func `that was killed is completed by the same command`(written: String) async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["charts", "pdf-tables"])
            try await world.done("install")
            let whole = try world.snapshot(world.project)
            try await world.done("remove", "charts")
            let done = try world.snapshot(world.project)
            // The manifest first, then the folders, the lock last.
            try world.writeManifest(["charts", "pdf-tables"])
            try await world.done("install")
            #expect(try world.snapshot(world.project) == whole)
            for file in ["skvm.toml", written] { try write([file: try #require(done[file])], in: world.project) }
            let dry = try await world.done("remove", "charts", "--dry-run")
            #expect(dry.outputText.contains("removed \(world.project)/.agents/skills/charts\n"), "\(dry.outputText)")
            let again = try await world.done("remove", "charts")
            #expect(again.outputText.contains("removed \(world.project)/.agents/skills/palette\n"))
            #expect(again.errorText.contains("charts was out of skvm.toml already"), "\(again.errorText)")
            #expect(try world.snapshot(world.project) == done)
            try await world.done("install", "--locked")
            try await world.skvm("remove", "charts").expectError(2, "remove.unknown")
        }
    }

    @Test func `what an edit keeps from being taken away with the last target is not said to be taken away`()
        async throws
    {
        try await withCommandWorld { world in
            try world.writeManifest(["charts"])
            try await world.done("install")
            try await world.done("target", "remove", "weak")
            let place = ".agents/skills/charts/SKILL.md"
            let text = try FileSystem.readText("\(world.project)/\(place)")
            try write([place: text + "mine\n"], in: world.project)
            let refused = try await world.skvm("install")
            refused.expectError(1, "install.modified")
            #expect(refused.errorText.contains("[install.no-target]"))
            #expect(!refused.errorText.contains("is taken away"), "\(refused.errorText)")
            #expect(try FileSystem.readText("\(world.project)/\(place)") == text + "mine\n")
        }
    }

    @Test func `the last target goes with what was installed for it, at the next installation`() async throws {
        try await withCommandWorld { world in
            let other = try await otherProject(world)
            try world.writeManifest(["charts"])
            try await world.done("install")
            try await world.done("install", "--user")
            let gone = try await world.done("target", "remove", "weak")
            #expect(gone.outputText.contains("skvm install"), "\(gone.outputText)")
            try write([".agents/skills/charts/mine.md": "mine\n"], in: world.project)
            #expect(try places(world, world.project) == ["charts", "palette"])
            try await world.skvm("install", "--locked").expectError(3, "lock.stale")
            let dry = try await world.done("install", "--dry-run")
            #expect(dry.outputText.contains("removed \(world.project)/.agents/skills/charts\n"), "\(dry.outputText)")
            #expect(try places(world, world.project) == ["charts", "palette"])
            let said = try await world.done("install")
            #expect(said.outputText.contains("removed \(world.project)/.agents/skills/palette\n"))
            #expect(said.errorText.contains("[install.no-target]"), "\(said.errorText)")
            #expect(try world.snapshot(world.project + "/.agents") == ["skills/charts/mine.md": "mine\n"])
            #expect(!(try FileSystem.readText(world.project + "/skvm.lock")).contains("[[variant]]"))
            // Then there is nothing more to take away.
            try await world.skvm("install").expectError(1, "target.none")
            #expect(try places(world, world.home) == ["charts", "palette"])
            try await world.done("install", "--user")
            #expect(try places(world, world.home) == ["palette"])
            try await world.skvm("install", "--user").expectError(1, "target.none")
            try await world.done("verify", in: other)
        }
    }

    @Test func `of the last target takes no edit away, and a project that never had one has nothing to take`()
        async throws
    {
        try await withCommandWorld { world in
            try world.writeManifest(["charts"], target: "")
            try await world.skvm("install").expectError(1, "target.none")
            #expect(!FileSystem.exists(world.project + "/skvm.lock"))
            try world.writeManifest(["charts"])
            try await world.done("install")
            let before = try world.snapshot(world.project + "/.agents")
            try await world.done("target", "remove", "weak")
            try write([".agents/skills/charts/SKILL.md": "mine\n"], in: world.project)
            try await world.skvm("install").expectError(1, "install.modified", "charts/SKILL.md")
            #expect(try world.snapshot(world.project + "/.agents").keys == before.keys)
            // What names its target or its packages means to install.
            try await world.skvm("install", "-t", "weak").expectError(1, "target.none")
            try FileSystem.remove(world.project + "/.agents/skills/charts/SKILL.md")
            try await world.done("install")
            #expect(try world.snapshot(world.project + "/.agents").isEmpty)
            // The lock still says which versions there will be, and with a target all is as it was.
            #expect(try FileSystem.readText(world.project + "/skvm.lock").contains("name = \"charts\""))
            try world.writeManifest(["charts"])
            try await world.done("install")
            #expect(try world.snapshot(world.project + "/.agents") == before)
        }
    }

    @Test func `of what others need is refused as before, whatever stands in the lock`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["charts"])
            try await world.done("install")
            let before = try world.snapshot(world.project)
            try await world.skvm("remove", "palette").expectError(2, "remove.unknown", "skvm why palette")
            #expect(try world.snapshot(world.project) == before)
        }
    }

    @Test func `takes away what only members still need, and says it`() async throws {
        try await withCommandWorld { world in
            try write(
                [
                    "members/own/SKILL.md": CommandWorld.skill,
                    "members/own/skvm.toml":
                        "[package]\nname = \"own\"\nversion = \"1.0.0\"\n\n[dependencies]\ncharts = \"^1\"\n",
                ], in: world.project)
            try world.writeManifest(
                ["charts", "pdf-tables"], extra: "[workspace]\nmembers = [\"members/*\"]\n")
            try await world.done("install")
            #expect(try places(world, world.project) == ["charts", "palette", "pdf-tables"])
            let removed = try await world.done("remove", "charts")
            #expect(try places(world, world.project) == ["pdf-tables"])
            for name in ["charts", "palette"] {
                #expect(removed.outputText.contains("removed \(world.project)/.agents/skills/\(name)\n"))
            }
            #expect(removed.errorText.contains("skvm.toml: removed charts = \"^1\""), "\(removed.errorText)")
            // The member still has it.
            #expect(try FileSystem.readText(world.project + "/skvm.lock").contains("charts"))
            let again = try await world.done("install")
            #expect(!again.outputText.contains("removed"), "\(again.outputText)")
        }
    }

    @Test func `without --global takes this project's claims on the user's folders away, and no other's`() async throws
    {
        try await withCommandWorld { world in
            try world.writeManifest(["charts"])
            try await world.done("install")
            try await world.done("install", "--user")
            let other = try await otherProject(world)
            #expect(try places(world, world.home) == ["charts", "palette"])

            let dry = try await world.done("remove", "charts", "--dry-run")
            #expect(dry.outputText.contains("removed \(world.home)/.agents/skills/charts\n"), "\(dry.outputText)")
            #expect(try places(world, world.home) == ["charts", "palette"])
            #expect(try places(world, world.project) == ["charts", "palette"])

            let removed = try await world.done("remove", "charts")
            #expect(try places(world, world.home) == ["palette"])
            #expect(try places(world, world.project) == [])
            let kept = "kept \(world.home)/.agents/skills/palette: \(other)/skvm.toml needs it"
            #expect(removed.outputText.contains(kept), "\(removed.outputText)")
            #expect(removed.outputText.contains("removed \(world.home)/.agents/skills/charts\n"))
            // The other project's claim is whole, and the last.
            try await world.done("verify", in: other)
            try await world.done("remove", "palette", in: other)
            #expect(try places(world, world.home) == [])
        }
    }

    @Test func `of what this project never installed for the user takes nothing there`() async throws {
        try await withCommandWorld { world in
            let other = try await otherProject(world)
            try world.writeManifest(["palette = \"*\""])
            try await world.done("install")
            let before = try world.snapshot(world.home)
            let removed = try await world.done("remove", "palette")
            #expect(try world.snapshot(world.home) == before && !before.isEmpty)
            #expect(!removed.outputText.contains(world.home), "\(removed.outputText)")
            #expect(try places(world, world.project) == [])
            try await world.done("verify", in: other)
        }
    }

    @Test func `in a project that is the home folder leaves what other projects installed for the user`() async throws {
        try await withCommandWorld { world in
            let other = try await otherProject(world)
            try write(["skvm.toml": "[dependencies]\npalette = \"*\"\n\n" + CommandWorld.target], in: world.home)
            try await world.done("install", in: world.home)
            let removed = try await world.done("remove", "palette", in: world.home)
            #expect(removed.outputText.contains("kept \(world.home)/.agents/skills/palette"), "\(removed.outputText)")
            #expect(try places(world, world.home) == ["palette"])
            try await world.done("verify", in: other)
            try await world.done("remove", "palette", in: other)
            #expect(try places(world, world.home) == [])
        }
    }

    @Test func `by an installation in the home folder leaves what the user has by others, and the other way round`()
        async throws
    {
        try await withCommandWorld { world in
            let own = "[dependencies]\npalette = \"*\"\n\n" + CommandWorld.target
            let none = "[dependencies]\n\n" + CommandWorld.target
            let other = try await otherProject(world)
            try write(["skvm.toml": own], in: world.home)
            try await world.done("install", in: world.home)
            try write(["skvm.toml": none], in: world.home)
            let dry = try await world.done("install", "--dry-run", in: world.home)
            #expect(!dry.outputText.contains("removed "), "\(dry.outputText)")
            let said = try await world.done("install", in: world.home)
            #expect(!said.outputText.contains("removed "), "\(said.outputText)")
            #expect(try places(world, world.home) == ["palette"])
            try await world.done("verify", in: other)

            // The user's last claim goes, and the project in the home folder keeps what it has.
            try write(["skvm.toml": own], in: world.home)
            try await world.done("install", in: world.home)
            try write(["skvm.toml": none], in: other)
            try await world.done("install", "--user", in: other)
            #expect(try places(world, world.home) == ["palette"])
            try await world.done("verify", in: world.home)
            // Nor does a removal take it.
            try write(["skvm.toml": own], in: other)
            try await world.done("install", "--user", in: other)
            try await world.done("remove", "palette", in: other)
            #expect(try places(world, world.home) == ["palette"])
            try await world.done("verify", in: world.home)
            try write(["skvm.toml": none], in: world.home)
            try await world.done("install", in: world.home)
            #expect(try places(world, world.home) == [])
        }
    }

    @Test func `takes the folders that skvm made along, and no others`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["palette = \"*\""])
            try await world.done("install")
            try await world.done("install", "--user")
            try await world.done("remove", "palette")
            #expect(!FileSystem.exists(world.project + "/.agents") && !FileSystem.exists(world.home + "/.agents"))

            // A folder that was there stays, and so does one with something of the user's in it.
            try FileSystem.makeDirectories(world.project + "/.agents")
            try world.writeManifest(["palette = \"*\""])
            try await world.done("install")
            try await world.done("remove", "palette")
            #expect(try FileSystem.list(world.project + "/.agents") == [])
            try world.writeManifest(["palette = \"*\""])
            try await world.done("install")
            try write(["notes.md": "mine"], in: world.project + "/.agents/skills")
            try await world.done("remove", "palette")
            #expect(try FileSystem.list(world.project + "/.agents/skills") == ["notes.md"])
            // By an installation as well, where skvm made it.
            try FileSystem.removeTree(world.project + "/.agents")
            try world.writeManifest(["palette = \"*\""])
            try await world.done("install")
            try world.writeManifest([])
            try await world.done("install")
            #expect(!FileSystem.exists(world.project + "/.agents"))
        }
    }

    @Test(arguments: [false, true])
    func `of a skill that was edited takes nothing anywhere, unless it is forced to`(isGlobal: Bool) async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["charts"])
            try await world.done("install")
            try await world.done("install", "--user")
            let edited = (isGlobal ? world.home : world.project) + "/.agents/skills/palette/SKILL.md"
            try FileSystem.write(Array("mine\n".utf8), to: edited)
            let before = try (world.snapshot(world.project), world.snapshot(world.home))
            for flags in [[], ["--dry-run"]] {
                let refused = try await world.run([try CommandWorld.binary(), "remove", "charts"] + flags)
                refused.expectError(1, "install.modified", edited, "skvm remove --force")
                #expect(refused.errorText.components(of: edited + " was edited") == 1, "\(refused.errorText)")
                #expect(!refused.errorText.contains("removed charts"), "\(refused.errorText)")
                #expect(try world.snapshot(world.project) == before.0 && world.snapshot(world.home) == before.1)
            }
            try await world.done("remove", "charts", "--force")
            #expect(try places(world, world.home) == [] && places(world, world.project) == [])
        }
    }

    @Test func `leaves what the user put beside a skill's files, and says so`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["palette = \"*\""])
            try await world.done("install")
            try write([".agents/skills/palette/notes.txt": "mine"], in: world.project)
            let removed = try await world.done("remove", "palette", "--force")
            #expect(removed.errorText.contains("[remove.left]") && removed.errorText.contains("notes.txt"))
            #expect(try FileSystem.list(world.project + "/.agents/skills/palette") == ["notes.txt"])
        }
    }

    @Test func `of a name that others need says which, and a name given twice is given once`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["charts", "pdf-tables"])
            try await world.done("lock")
            try await world.skvm("remove", "palette").expectError(
                2, "remove.unknown", "it is there because charts needs it: `skvm why palette`")
            try await world.done("remove", "pdf-tables", "pdf-tables")
            #expect(try !FileSystem.readText(world.project + "/skvm.toml").contains("pdf-tables"))
        }
    }
}

extension String {
    /// How often `part` stands in it.
    fileprivate func components(of part: String) -> Int {
        split(separator: part, omittingEmptySubsequences: false).count - 1
    }
}

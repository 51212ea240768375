import Basics
import TestSupport
import Testing

@Suite struct `A skill's source and the place where it is installed` {
    @Test func `are two folders: what skvm installed is no source to add`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["charts"])
            try await world.done("install")
            let skill = world.project + "/.agents/skills/charts/SKILL.md"
            let edited = try FileSystem.readText(skill) + "\nMy own note.\n"
            try write([".agents/skills/charts/SKILL.md": edited], in: world.project)
            let manifest = try FileSystem.readText(world.project + "/skvm.toml")

            for command in ["add", "install"] {
                try await world.skvm(command, "./.agents/skills/charts").expectError(
                    2, "add.installed", "where skvm installed charts 1.", "cp -r")
            }
            #expect(try FileSystem.readText(world.project + "/skvm.toml") == manifest)
            // The copy that the hint names is one's own.
            #expect(try await world.run(["cp", "-r", ".agents/skills/charts", "./my-charts"]).succeeded)
            try await world.done("add", "./my-charts")
            try await world.skvm("remove", "charts").expectError(1, "install.modified", "SKILL.md")
            #expect(try FileSystem.readText(skill) == edited)
        }
    }

    @Test func `are never one, whoever wrote the manifest`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["own = { path = \".agents/skills/own\" }", "palette = \"*\""])
            try write([".agents/skills/own/SKILL.md": CommandWorld.skill], in: world.project)
            try await world.skvm("install").expectError(
                1, "install.source", ".agents/skills/own", "bare-agent", "git mv .agents/skills/own src/own")
            #expect(try FileSystem.readText(world.project + "/.agents/skills/own/SKILL.md") == CommandWorld.skill)
            #expect(!FileSystem.exists(world.project + "/.agents/skills/palette"))
            // As the hint says.
            try FileSystem.makeDirectories(world.project + "/src")
            try FileSystem.rename(world.project + "/.agents/skills/own", to: world.project + "/src/own")
            try world.writeManifest(["own = { path = \"src/own\" }", "palette = \"*\""])
            try await world.done("install")
        }
    }

    @Test func `may hold the same files: what another tool copied is replaced, and nothing else`() async throws {
        try await withCommandWorld { world in
            let files = [
                "SKILL.md": CommandWorld.skill + "\nRun `scripts/count.sh`.\n", "scripts/count.sh": "wc -l \"$1\"\n",
            ]
            try write(files, in: world.project + "/src/own")
            try write(files, in: world.project + "/.agents/skills/own")
            try write(["notes.txt": "mine\n"], in: world.project + "/.agents/skills/own")
            try world.writeManifest(["own = { path = \"src/own\" }"])
            try await world.done("install")
            #expect(try FileSystem.readText(world.project + "/.agents/skills/own/notes.txt") == "mine\n")
            #expect(FileSystem.exists(world.project + "/.agents/skills/own/.skvm/variant.json"))

            // One byte more, and it is somebody's.
            try FileSystem.removeTree(world.project + "/.agents")
            try FileSystem.removeTree(world.project + "/.skvm")
            try write(files, in: world.project + "/.agents/skills/own")
            try write(["SKILL.md": files["SKILL.md"]! + "x"], in: world.project + "/.agents/skills/own")
            try await world.skvm("install").expectError(1, "install.foreign", ".agents/skills/own")
        }
    }

    @Test func `tell when the project was moved, and when git would commit this machine's paths`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["charts", "commit-message"])
            #expect(try await world.run(["git", "init", "-q", "."]).succeeded)
            let first = try await world.done("install")
            #expect(first.errorText.contains("[install.committed]"), "\(first.errorText)")
            #expect(first.errorText.contains("/.agents/skills/charts/"), "\(first.errorText)")
            #expect(!(try await world.done("install")).errorText.contains("install.committed"))
            try await world.done("verify")

            let moved = world.scratch + "/moved"
            try FileSystem.rename(world.project, to: moved)
            let told = try await world.skvm("verify", in: moved)
            told.expectError(5, "verify.moved", "charts", world.project, "skvm install")
            // It names no path: it is right wherever it is.
            #expect(!told.errorText.contains("commit-message"))
            try await world.done("install", in: moved)
            try await world.done("verify", in: moved)

            // What git ignores is nobody's worry.
            try FileSystem.removeTree(moved + "/.agents")
            try write([".gitignore": ".agents/\n"], in: moved)
            #expect(!(try await world.done("install", in: moved)).errorText.contains("install.committed"))
        }
    }
}

@Suite struct `The registry that a bare name means` {
    @Test func `stays the built-in one when a default is added`() async throws {
        try await PublishWorld.with { world in
            try await world.start()
            try await world.author.done("publish")
            let user = try CommandWorld(world.author.scratch + "/other")
            // Both registries have one of this name.
            try user.writeManifest(["charts"])
            try await user.done("install")
            let lock = try FileSystem.readText(user.project + "/skvm.lock")
            let told = try await user.done("registry", "add", "default", world.registry.url)
            #expect(told.errorText.contains("registry = \"embedded\""), "\(told.errorText)")
            try await user.done("install")
            #expect(try FileSystem.readText(user.project + "/skvm.lock") == lock)
            // What is added now is of the new one, and then it can't go.
            try await user.done("remove", "charts")
            try await user.done("add", "charts")
            #expect(try FileSystem.readText(user.project + "/skvm.lock").contains("registry+\(world.registry.url)"))
            try await user.skvm("registry", "remove", "default").expectError(2, "registry.used", "charts")
            try await user.done("remove", "charts")
            try await user.done("registry", "remove", "default")
        }
    }

    @Test func `is not taken away while anything comes from it, in a member or by a patch`() async throws {
        try await withCommandWorld { world in
            let registry = world.scratch + "/registry"
            try FileSystem.makeDirectories(registry)
            try write(["registry.toml": "version = 1\nname = \"test\"\n"], in: registry)
            let table = "[registries]\nmy = \"\(registry)\"\n"
            func refused(_ words: String...) async throws {
                let before = try world.snapshot(world.project)
                let result = try await world.skvm("registry", "remove", "my")
                result.expectError(2, "registry.used")
                for word in words { #expect(result.errorText.contains(word), "\(result.errorText)") }
                #expect(try world.snapshot(world.project) == before)
            }
            try world.writeManifest(["a = { version = \"1\", registry = \"my\" }"], extra: table)
            try await refused("1 dependency of skvm.toml", "'a'")
            try write(["mine/SKILL.md": CommandWorld.skill], in: world.project)
            try world.writeManifest([], extra: table + "[patch.my]\nown = { path = \"mine\" }\n")
            try await refused("[patch.my]")
            // A member that names the same address for itself needs it here all the same: the workspace decides what it is.
            try write(
                [
                    "members/own/SKILL.md": CommandWorld.skill,
                    "members/own/skvm.toml": PublishWorld.manifest(
                        "own", "1.0.0", "[dependencies]\na = { version = \"1\", registry = \"my\" }\n\n\(table)"),
                ], in: world.project)
            try world.writeManifest([], extra: table + "[workspace]\nmembers = [\"members/*\"]\n")
            try await refused("members/own/skvm.toml", "'a'")
            try FileSystem.removeTree(world.project + "/members/own")
            try await world.done("registry", "remove", "my")
            try await world.skvm("registry", "remove", "my").expectError(2, "registry.unknown", "my")
            let hub = "[registries]\nhub = \"clawhub+https://hub.example\"\n"
            try world.writeManifest(["a = { version = \"1\", registry = \"hub\", owner = \"o\" }"], extra: hub)
            try await world.skvm("registry", "remove", "hub").expectError(2, "registry.used", "'a'")
        }
    }
}

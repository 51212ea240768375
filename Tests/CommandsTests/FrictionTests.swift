import Basics
import Formats
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What new users stumbled over.
@Suite struct `What a new user meets` {
    private func own(_ name: String, _ step: String = "Add the numbers") -> String {
        CommandWorld.skill.replacing("name: own", with: "name: \(name)").replacing("Add the numbers", with: step)
    }

    @Test func `import of skills that another tool linked ends in an installation`() async throws {
        try await withCommandWorld { world in
            for name in ["one", "two"] {
                try write([".agents/skills/\(name)/SKILL.md": own(name)], in: world.project)
                try FileSystem.makeDirectories(world.project + "/.claude/skills")
                try FileSystem.makeLink(world.project + "/.claude/skills/\(name)", to: "../../.agents/skills/\(name)")
            }
            let imported = try await world.done("import")
            for words in ["resolving", "fetching"] {
                let lines = imported.errorText.split(separator: "\n").filter { $0.hasPrefix(words) }
                #expect(Set(lines).count == lines.count, "\(imported.errorText)")
            }
            let target = ["--model", "qwen/qwen3.5-9b", "--environment", "debian-12-x86_64", "--harness"]
            for (name, harness) in [("a", "claude-code"), ("b", "codex")] {
                let added = try await world.run(
                    [try CommandWorld.binary(), "target", "add", name] + target + [harness])
                #expect(added.succeeded, "\(added.errorText)")
                try await world.done("install")
            }
            for folder in [".claude", ".agents"] {
                let place = "\(world.project)/\(folder)/skills/two"
                #expect(try FileSystem.status(place)?.kind == .directory && FileSystem.exists(place + "/.skvm"))
            }
            try await world.done("verify")
        }
    }

    @Test func `build after an edit tells a line a skill, and -v the passes`() async throws {
        try await withCommandWorld { world in
            for name in ["one", "two"] { try write(["src/\(name)/SKILL.md": own(name)], in: world.project) }
            try world.writeManifest([], extra: "[workspace]\nmembers = [\"src/*\"]\n")
            let first = try await world.done("build")
            #expect(first.outputText.contains("skvm.lock: 2 variants new\n"), "\(first.outputText)")
            #expect(first.outputText.contains(" in .skvm/variants"), "\(first.outputText)")
            try write(["src/one/SKILL.md": own("one", "Sum up")], in: world.project)
            let again = try await world.done("build").outputText
            let lines = again.split(separator: "\n")
            #expect(lines.count { $0.hasPrefix("one: ") } == 1 && !again.contains("two: "), "\(again)")
            #expect(again.contains("passes ran again, first parse: "), "\(again)")
            try write(["src/one/SKILL.md": own("one", "Sum all up")], in: world.project)
            let details = try await world.done("build", "-v").outputText
            #expect(details.contains("parse for one ran: ") && details.contains("skvm.lock: variant one"), "\(details)")
        }
    }

    @Test func `a name that is given twice with two ranges is refused`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            try await world.skvm("add", "charts@1", "charts@*").expectError(2, "add.twice", "named twice")
            try await world.done("add", "charts@1", "charts@1")
        }
    }

    @Test(arguments: [
        (["add", "npm:charts"], "skvm add charts"), (["add", "nosuch"], "the registry inside skvm"),
        (["diff", "own"], "did you mean 'my-own'?"),
    ])
    func `a slip is met with what helps`(words: [String], said: String) async throws {
        try await withCommandWorld { world in
            try write(["my-own/SKILL.md": own("my-own")], in: world.project)
            try world.writeManifest(["my-own = { path = \"my-own\" }"])
            try await world.done("build")
            let result = try await world.run([try CommandWorld.binary()] + words)
            #expect(!result.succeeded && result.errorText.contains(said), "\(result.errorText)")
        }
    }

    @Test func `a folder that can't be written is named, and not the file that would have been made in it`()
        async throws
    {
        // Who is root may write anywhere.
        if geteuid() == 0 {
            let error = FileError("create", "/p/.skvm-rmx2460s.tmp/0-new", code: EACCES)
            #expect(error.description.hasPrefix("cannot write in the folder /p: "))
            let other = FileError("write", "/p/skvm.toml.30493-3sng.tmp", code: EROFS)
            #expect(other.description.hasPrefix("cannot write in the folder /p: "))
            #expect(FileError("write", "/p/notes.tmp", code: EACCES).description.hasPrefix("cannot write /p/notes.tmp"))
            return
        }
        try await withCommandWorld { world in
            try FileSystem.setMode(world.project, 0o555)
            defer { try? FileSystem.setMode(world.project, 0o755) }
            let result = try await world.skvm("init")
            #expect(result.errorText.contains("cannot write in the folder \(world.project): "), "\(result.errorText)")
        }
    }

    @Test func `removing the last registry takes its table away`() async throws {
        try await withCommandWorld { world in
            try write(["r/registry.toml": "version = 1\nname = \"r\"\n"], in: world.project)
            try world.writeManifest()
            let before = try FileSystem.readText(world.project + "/skvm.toml")
            try await world.done("registry", "add", "mine", "./r")
            try await world.done("registry", "remove", "mine")
            let after = try FileSystem.readText(world.project + "/skvm.toml")
            #expect(!after.contains("[registries]") && before.hasPrefix(after), "\(after)")
        }
    }

    @Test func `init below a project says so`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest()
            try FileSystem.makeDirectories(world.project + "/below")
            let said = try await world.done("init", in: world.project + "/below").outputText
            #expect(said.contains("it lies in the project \(world.project), "), "\(said)")
            try FileSystem.makeDirectories(world.scratch + "/apart")
            #expect(!(try await world.done("init", in: world.scratch + "/apart").outputText.contains("it lies in")))
        }
    }

    @Test func `outdated ends with 1 for who asks it to`() async throws {
        try await withCommandWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/own.git")
            for version in ["1.0.0", "1.1.0"] {
                try await remote.commit(["SKILL.md": .text(own("own", "Add \(version)"))])
                try await remote.tag("v\(version)")
            }
            try world.writeManifest([])
            try await world.done("add", remote.url + "@=1.0.0")
            try await world.done("outdated")
            #expect(try await world.skvm("outdated", "--exit-code").status == 1)
            try await world.done("add", remote.url + "@=1.1.0")
            try await world.done("outdated", "--exit-code")
        }
    }

    @Test func `a merge with edits is said to be one`() async throws {
        try await withCommandWorld { world in
            let long = own("own") + (1...30).map { "Line \($0) of the text.\n" }.joined()
            try write(["own/SKILL.md": long], in: world.project)
            try world.writeManifest(["own = { path = \"own\" }"])
            try await world.done("install")
            let place = world.project + "/.agents/skills/own/SKILL.md"
            let installed = try FileSystem.readText(place)
            try FileSystem.write(Array((installed + "\nMINE\n").utf8), to: place)
            try write(
                ["own/SKILL.md": long.replacing("Add the numbers", with: "Sum up the numbers")], in: world.project)
            let json = try await world.done("install", "--json", "--dry-run").json()
            #expect(json["folders"]?.array?.first?["action"]?.string == "merged")
            let said = try await world.done("install").outputText
            #expect(said.contains("updated \(world.project)/.agents/skills/own, with your edits merged in"), "\(said)")
        }
    }
}

import Basics
import TestSupport
import Testing

/// What a shell offers for values, asked of the shells themselves.
@Suite struct `Completed values` {
    /// What bash offers for a command line that ends in the word to complete; `words` are its words.
    private func bash(_ world: CommandWorld, _ words: String..., in directory: String? = nil) async throws -> [String] {
        let script = world.scratch + "/skvm.bash"
        if !FileSystem.exists(script) {
            try FileSystem.write(
                Array(try await world.done("completions", "bash", in: world.scratch).outputText.utf8), to: script)
        }
        let all = ["skvm"] + words
        let line = all.joined(separator: " ")
        let quoted = all.map { "'\($0)'" }.joined(separator: " ")
        let asked = """
            skvm() { '\(try CommandWorld.binary())' "$@"; }
            . '\(script)'
            COMP_WORDS=(\(quoted)) COMP_CWORD=\(words.count) COMP_LINE='\(line)' COMP_POINT=\(line.utf8.count)
            _skvm skvm '\(words.last ?? "")' '\(all[all.count - 2])'
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let result = try await world.run(["bash", "-c", asked], in: directory)
        #expect(result.error.isEmpty, "\(result.errorText)")
        return result.outputText.split(whereSeparator: \.isNewline).map { String($0).trimmed }.sorted()
    }

    @Test func `are what the project has, by what the command takes`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["charts", "pdf-tables"])
            try await world.done("lock")
            #expect(try await bash(world, "remove", "") == ["charts", "pdf-tables"])
            #expect(try await bash(world, "remove", "ch") == ["charts"])
            #expect(try await bash(world, "remove", "charts", "") == ["pdf-tables"])
            for command in ["update", "why", "info", "explain"] {
                #expect(try await bash(world, command, "p") == ["palette", "pdf-tables"], "\(command)")
            }
            #expect(try await bash(world, "install", "-t", "") == ["weak"])
            #expect(try await bash(world, "target", "remove", "") == ["weak"])
            #expect(try await bash(world, "outdated", "-p", "pa") == ["palette"])
            #expect(try await bash(world, "target", "add", "x", "--harness", "claude") == ["claude-code"])
            #expect(try await bash(world, "target", "add", "x", "--model", "anthropic/claude-opus").count == 1)
            // Another folder, by -C, and from below the project.
            #expect(try await bash(world, "remove", "-C", world.project, "ch", in: world.home) == ["charts"])
            try FileSystem.makeDirectories(world.project + "/a/b")
            #expect(try await bash(world, "remove", "ch", in: world.project + "/a/b") == ["charts"])
        }
    }

    @Test func `after options that stand before the command's name are folders, commands and names`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["charts", "pdf-tables"])
            try await world.done("lock")
            try FileSystem.makeDirectories(world.scratch + "/only/prefix-one")
            try FileSystem.makeDirectories(world.scratch + "/only/prefix two")
            let folders = try await bash(world, "-C", "pre", in: world.scratch + "/only")
            #expect(folders == ["prefix two", "prefix-one"])
            #expect(try await bash(world, "-C", world.project, "insp") == ["inspect"])
            #expect(try await bash(world, "-q", "--json", "-j", "2", "insp") == ["inspect"])
            #expect(try await bash(world, "--quiet", "--verbose", "-j2", "--jobs", "=", "2", "insp") == ["inspect"])
            #expect(try await bash(world, "-C", world.project, "remove", "ch", in: world.home) == ["charts"])
        }
    }

    @Test func `of members are the names that -p takes, and inside of one its dependencies`() async throws {
        try await withCommandWorld { world in
            try write(
                [
                    "members/own/SKILL.md": CommandWorld.skill,
                    "members/own/skvm.toml":
                        "[package]\nname = \"mine\"\nversion = \"1.0.0\"\n[dependencies]\npalette = \"*\"\n",
                ], in: world.project)
            try world.writeManifest(["charts"], extra: "[workspace]\nmembers = [\"members/*\"]\n")
            #expect(try await bash(world, "add", "-p", "") == ["mine"])
            #expect(try await bash(world, "remove", "", in: world.project + "/members/own") == ["palette"])
        }
    }

    @Test func `are none, and nothing is said or written, where something is wrong`() async throws {
        try await withCommandWorld { world in
            #expect(try await bash(world, "remove", "") == [])
            #expect(try await bash(world, "why", "-C", "/no/such/folder", "x") == [])
            for text in ["[dependencies\n", "[dependencies]\ncharts = 5\n", String(repeating: "[", count: 100_000)] {
                try write(["skvm.toml": text], in: world.project)
                for command in ["remove", "update", "why"] { #expect(try await bash(world, command, "") == []) }
            }
            try write(
                ["skvm.toml": "[dependencies]\ncharts = \"^1\"\n", "skvm.lock": "<<<<<<< ours\n"], in: world.project)
            #expect(try await bash(world, "update", "") == [])
            #expect(try FileSystem.list(world.project).sorted() == ["skvm.lock", "skvm.toml"])
            #expect(!FileSystem.exists(world.cache) && !FileSystem.exists(world.scratch + "/config"))
        }
    }

    @Test(arguments: ["zsh", "fish"]) func `are in the scripts of other shells`(shell: String) async throws {
        try await withCommandWorld { world in
            let script = try await world.done("completions", shell).outputText
            #expect(script.contains("---completion") && script.contains("remove"))
            // As these scripts ask: words, index, cursor.
            try world.writeManifest(["charts", "pdf-tables"])
            var world = world
            world.variables["SAP_SHELL"] = shell
            let asked = try await world.done(
                "---completion", "remove", "--", "positional@0", "2", "0", "skvm", "remove", "")
            // zsh drops the last line, which ArgumentParser adds for it.
            #expect(asked.outputText.hasPrefix("charts\npdf-tables\n"), "\(asked.outputText)")
        }
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}

import Basics
import Formats
import TestSupport
import Testing

/// `update`, `outdated`, `tree`, `why`, `search` and `info` as a user meets them.
@Suite struct `A package command` {
    /// A registry in a git repository that serves its own skills; `versions` of one skill `own`.
    private func publish(_ remote: RemoteRepository, _ world: CommandWorld, _ versions: [String]) async throws {
        var files: [String: RemoteRepository.File] = ["registry.toml": "version = 1\nname = \"mine\"\n"]
        var lines = ""
        for version in versions {
            let folder = "skills/own-\(version)"
            let text = CommandWorld.skill + "This is \(version).\n"
            try write(["\(folder)/SKILL.md": text], in: world.scratch + "/files")
            let digest = try await world.done("digest", "\(world.scratch)/files/\(folder)").outputText.split(
                separator: " ")[0]
            files["\(folder)/SKILL.md"] = .text(text)
            lines +=
                "{\"name\":\"own\",\"version\":\"\(version)\",\"path\":\"\(folder)\",\"tree\":\"\(digest)\","
                + "\"description\":\"Counts \\u001b[31mlines\\u0007 of files.\",\"keywords\":[\"count\"]}\n"
        }
        files["index/ow/n_/own.jsonl"] = .text(lines)
        try await remote.commit(files)
    }

    @Test func `update, outdated, tree and why follow a registry's head`() async throws {
        try await withCommandWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            try await publish(remote, world, ["1.0.0"])
            try world.writeManifest(["own"], extra: "[registries]\ndefault = \"\(remote.url)\"\n")
            try await world.done("install")
            try await publish(remote, world, ["1.0.0", "1.1.0", "2.0.0"])

            let outdated = try await world.done("outdated", "--json").json()
            let package = try #require(outdated["packages"]?.array?.first)
            for (key, value) in [("package", "own"), ("locked", "1.0.0"), ("matching", "1.1.0"), ("newest", "2.0.0")] {
                #expect(package[key]?.string == value)
            }
            #expect(try await world.done("outdated").outputText.contains("own      1.0.0   1.1.0     2.0.0   ^1"))

            let told = try await world.done("update", "--dry-run", "--diff")
            #expect(told.outputText.contains("updated  own  1.0.0 → 1.1.0\n"), "\(told.outputText)")
            #expect(told.outputText.contains("\n-This is 1.0.0.\n+This is 1.1.0.\n"), "\(told.outputText)")
            let json = try await world.done("update", "own", "--json").json()
            #expect(json["changes"]?.array?.first?["to"]?.string == "1.1.0")
            #expect(json["lockChanges"]?.array?.isEmpty == false && json["dryRun"]?.boolean == false)
            try await world.done("install")
            try await world.done("verify")
            #expect(try await world.done("update", "--locked").outputText.hasPrefix("nothing to update"))
            try await world.skvm("update", "own", "--precise", "2.0.0").expectError(
                1, "update.precise", "own 2.0.0", "^1")

            #expect(try await world.done("tree", "--offline").outputText.hasSuffix("└── own 1.1.0\n"))
            #expect(try await world.done("tree", "-i", "own", "--json").json()["inverted"]?.boolean == true)
            #expect(try await world.done("why", "own").outputText.contains("required as ^1"))
            let chain = try await world.done("why", "own", "--json").json()["chains"]?.array?.first
            #expect(chain?["steps"]?.array?.first?["required"]?.string == "^1")
            try await world.skvm("tree", "-i", "no-such").expectError(2, "tree.unknown", "no-such")
            try await world.skvm("why", "no-such").expectError(2, "why.unknown", "no-such")
            try await world.skvm("update", "no-such").expectError(2, "update.unknown", "no-such")
            #expect(try await world.skvm("tree", "-i", "own", "-d").status == 2)
        }
    }

    @Test func `search and info print nothing that steers a terminal, and work offline`() async throws {
        try await withCommandWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            try await publish(remote, world, ["1.0.0"])
            try world.writeManifest(["own"], extra: "[registries]\ndefault = \"\(remote.url)\"\n")
            try await world.done("install")
            for arguments in [
                ["search", "count"], ["search", "lines", "own"], ["info", "own"], ["search", "--json", "own"],
            ] {
                let result = try await world.run([try CommandWorld.binary()] + arguments)
                #expect(result.succeeded && result.outputText.contains("own"), "\(result.errorText)")
                #expect(!result.output.contains { $0 < 0x20 && $0 != 0x0A }, "\(result.outputText)")
            }
            let info = try await world.done("info", "own", "--json").json()
            #expect(info["targets"]?.array?.first?["target"]?.string == "weak")
            #expect(info["installed"]?.array?.first?.string == world.project + "/.agents/skills/own")

            try FileSystem.rename(world.scratch + "/r.git", to: world.scratch + "/gone.git")
            #expect(try await world.done("search", "count", "--offline").outputText.contains("own"))
            #expect(try await world.done("info", "own", "--offline").outputText.contains("own 1.0.0"))
            // With the network on, that the server doesn't answer is said, and what it said last is searched.
            let last = try await world.skvm("search", "count")
            #expect(last.outputText.contains("own") && last.errorText.contains("warning"), "\(last.errorText)")
            #expect(last.status == 0)
            try await world.skvm("search", "--", "--").expectError(2, "search.words")
            #expect(try await world.skvm("search", "x", "--limit", "0").status == 2)
        }
    }

    @Test func `search and info need no project`() async throws {
        try await withCommandWorld { world in
            #expect(try await world.done("search", "pdf").outputText.hasPrefix("pdf-tables "))
            #expect(try await world.done("info", "pdf-tables").outputText.contains("registry+embedded"))
            #expect(try await world.done("search", "no-such-thing").outputText.hasPrefix("no package has all of"))
            for command in ["tree", "outdated", "update"] {
                try await world.skvm(command).expectError(2, "project.none")
            }
            #expect(try FileSystem.list(world.project).isEmpty)
        }
    }

    @Test func `a cooldown that can't be read is an error with its place`() async throws {
        try await withCommandWorld { world in
            for text in ["7", "d", "-7d", "07d", "7 d", "7m", "1.5d", "999999w", "7D"] {
                try world.writeManifest(extra: "[update]\ncooldown = \"\(text)\"\n")
                try await world.skvm("update").expectError(1, "toml.bad-value", "skvm.toml:11:12", "36h")
            }
            try world.writeManifest(extra: "[update]\ncooldown = 7\n")
            try await world.skvm("update").expectError(1, "toml.wrong-type", "cooldown")
            try world.writeManifest(extra: "[update]\ncoldown = \"7d\"\n")
            try await world.skvm("update").expectError(1, "toml.unknown-key", "did you mean 'cooldown'?")
            try world.writeManifest(extra: "[update]\ncooldown = \"7d\"\n")
            try await world.done("update")
        }
    }
}

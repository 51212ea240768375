import Basics
import Formats
import TestSupport
import Testing

/// A project of three packages, of which one comes from a repository whose server is gone.
@Suite struct `A source that can't be reached` {
    /// `charts` of a registry, `pens` of a repository, which needs `ink` of it, and `notes` of another: all are locked at 1.0.0,
    /// and all have 1.1.0 now, but nobody answers for `pens`.
    private func withLost(_ body: (CommandWorld) async throws -> Void) async throws {
        try await withCommandWorld { world in
            var world = world
            for (name, value) in RemoteRepository.environment where name != "PATH" && name != "HOME" {
                world.variables[name] = value
            }
            world.variables["SKVM_NET_RETRY"] = "0"
            var remotes: [String: RemoteRepository] = [:]
            for name in ["pens", "notes"] {
                remotes[name] = try await RemoteRepository(at: "\(world.scratch)/remotes/\(name).git")
            }
            func publish(_ version: String) async throws {
                for (name, remote) in remotes {
                    var files: [String: RemoteRepository.File] = [
                        "SKILL.md": .text(PublishWorld.skill(name, "Of \(version).")),
                        "skvm.toml": .text(PublishWorld.manifest(name, version)),
                    ]
                    if name == "pens" {
                        files["skvm.toml"] = .text(
                            PublishWorld.manifest(name, version, "[dependencies]\nink = { path = \"ink\" }\n"))
                        files["ink/SKILL.md"] = .text(PublishWorld.skill("ink"))
                        files["ink/skvm.toml"] = .text(PublishWorld.manifest("ink", version))
                    }
                    try await remote.commit(files)
                    try await remote.tag("v\(version)")
                }
                try write(
                    [
                        "reg/skills/charts/SKILL.md": PublishWorld.skill("charts", "Of \(version)."),
                        "reg/skills/charts/skvm.toml": PublishWorld.manifest("charts", version),
                    ], in: world.scratch)
                try await world.done("registry", "index", world.scratch + "/reg")
                try await world.git("-C", world.scratch + "/reg", "add", "-A")
                try await world.git("-C", world.scratch + "/reg", "commit", "-qm", version)
            }
            try await world.done("registry", "init", world.scratch + "/reg")
            try await world.git("init", "-q", "-b", "main", world.scratch + "/reg")
            try await publish("1.0.0")
            try world.writeManifest(
                [
                    "charts = \"^1\"", "pens = { git = \"\(remotes["pens"]?.url ?? "")\", version = \"^1\" }",
                    "notes = { git = \"\(remotes["notes"]?.url ?? "")\", version = \"^1\" }",
                ], extra: "[registries]\ndefault = \"file://\(world.scratch)/reg\"\n")
            try await world.done("install")
            try await publish("1.1.0")
            try FileSystem.rename(world.scratch + "/remotes/pens.git", to: world.scratch + "/remotes/away")
            try await body(world)
        }
    }

    @Test func `leaves the rows of the others in outdated, and its own names the reason`() async throws {
        try await withLost { world in
            for options in [[], ["--keep-going"]] {
                let told = try await world.run([try CommandWorld.binary(), "outdated", "--json"] + options)
                #expect(told.status == 6, "\(told.errorText)")
                let packages = try told.json()["packages"]?.array ?? []
                let rows = packages.map { row in
                    [row["package"], row["locked"], row["newest"]].map { $0?.string ?? "?" }.joined(separator: " ")
                }
                #expect(
                    rows == ["charts 1.0.0 1.1.0", "ink 1.0.0 ?", "notes 1.0.0 1.1.0", "pens 1.0.0 ?"]
                        || rows == ["charts 1.0.0 1.1.0", "ink 1.0.0 1.0.0", "notes 1.0.0 1.1.0", "pens 1.0.0 ?"],
                    "\(rows)")
                #expect(packages.last?["unreachable"]?.string?.contains("pens.git") == true)
                #expect(packages.first?["unreachable"] == nil)
            }
            let text = try await world.skvm("outdated")
            #expect(text.status == 6 && text.outputText.contains("1.0.0   ?"), "\(text.outputText)")
            #expect(text.errorText.contains("[git.not-found]") && text.errorText.contains("pens 1.0.0"))
            let other = try await world.done("outdated", "-p", "notes")
            #expect(other.outputText.contains("notes") && !other.outputText.contains("pens"))
        }
    }

    @Test func `ends an update, unless it is told to keep going`() async throws {
        try await withLost { world in
            let before = try FileSystem.readText(world.project + "/skvm.lock")
            try await world.skvm("update").expectError(6, "git.not-found", "pens.git", "skvm update --keep-going")
            #expect(try FileSystem.readText(world.project + "/skvm.lock") == before)
            for number in 0..<2 {
                let kept = try await world.skvm("update", "--keep-going")
                #expect(kept.status == 6, "\(kept.errorText)")
                #expect(kept.errorText.contains("pens 1.0.0 stays as it is locked"), "\(kept.errorText)")
                if number == 0 {
                    #expect(kept.outputText.contains("charts") && kept.outputText.contains("1.0.0 → 1.1.0"))
                }
                #expect(!kept.outputText.contains("nothing to update"))
                let lock = try FileSystem.readText(world.project + "/skvm.lock")
                #expect(lock.components("version = \"1.1.0\"") == 2 && lock.components("version = \"1.0.0\"") == 2)
            }
            try await world.done("install")
            try await world.done("verify")
            // The lock tells enough of it, though the cache has nothing.
            try FileSystem.removeTree(world.cache)
            let bare = try await world.skvm("update", "--keep-going")
            bare.expectError(6, "git.not-found", "pens.git", "pens 1.0.0 stays as it is locked")
            #expect(try FileSystem.readText(world.project + "/skvm.lock").components("version = \"1.1.0\"") == 2)
            try FileSystem.rename(world.scratch + "/remotes/away", to: world.scratch + "/remotes/pens.git")
            try await world.done("update", "--keep-going")
            #expect(try FileSystem.readText(world.project + "/skvm.lock").components("version = \"1.1.0\"") == 4)
        }
    }
}

extension String {
    /// How often a text stands in it.
    fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}

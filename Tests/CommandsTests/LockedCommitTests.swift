import Basics
import TestSupport
import Testing

/// The commits that a lock pins beside the trees.
@Suite struct `A commit in the lock` {
    /// A registry that lists `near` at a commit of another repository, and a repository `plain` besides.
    private func withLocked(_ body: (CommandWorld, _ elsewhere: CommandWorld) async throws -> Void) async throws {
        try await withCommandWorld { world in
            let remotes = world.scratch + "/remotes"
            let near = CommandWorld.skill.replacing("name: own", with: "name: near")
            let skills = try await RemoteRepository(at: remotes + "/skills.git")
            let commit = try await skills.commit(["near/SKILL.md": .text(near)])
            try write(["near/SKILL.md": near], in: world.scratch + "/trees")
            let tree = try await world.done("digest", world.scratch + "/trees/near").outputText.prefix { $0 != " " }
            let registry = try await RemoteRepository(at: remotes + "/registry.git")
            try await registry.commit([
                "registry.toml": "version = 1\nname = \"r\"\n",
                "index/ne/ar/near.jsonl": .text(
                    "{\"name\":\"near\",\"version\":\"1.0.0\",\"path\":\"near\",\"tree\":\"\(tree)\","
                        + "\"git\":\"\(skills.path)\",\"commit\":\"\(commit)\",\"dependencies\":{}}\n"),
            ])
            let plain = try await RemoteRepository(at: remotes + "/plain.git")
            try await plain.commit(["SKILL.md": .text(CommandWorld.skill.replacing("name: own", with: "name: plain"))])
            try world.writeManifest(
                ["near", "plain = { git = \"\(plain.path)\" }"],
                extra: "[registries]\ndefault = \"\(registry.path)\"\n")
            try await world.done("install")
            var elsewhere = world
            elsewhere.variables["SKVM_CACHE_DIR"] = world.scratch + "/empty"
            try await body(world, elsewhere)
        }
    }

    @Test(arguments: ["near", "plain"])
    func `that is not the package's is an integrity error where the package is fetched`(name: String) async throws {
        try await withLocked { world, elsewhere in
            let path = world.project + "/skvm.lock"
            let lock = try FileSystem.readText(path)
            let record = try #require(lock.split(separator: "[[package]]").first { $0.contains("name = \"\(name)\"") })
            let commit = try #require(record.split(separator: "\n").first { $0.hasPrefix("commit = ") })
            let other = "commit = \"00000000\(commit.dropFirst(18))"
            try FileSystem.write(Array(lock.replacing(commit, with: other).utf8), to: path)
            for command in ["install", "build"] {
                try await elsewhere.skvm(command, "--locked").expectError(5, "lock.commit", "skvm.lock", name)
            }
            try FileSystem.write(Array(lock.utf8), to: path)
            try await elsewhere.done("install", "--locked")
        }
    }
}

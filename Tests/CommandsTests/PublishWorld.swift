import Basics
import TestSupport
import Testing

/// An author with a registry and a repository of skills, both bare repositories below `remotes`, and checkouts of theirs.
struct PublishWorld {
    var author: CommandWorld
    let remotes: String
    let registry: RemoteRepository
    let skills: RemoteRepository

    static func with(_ body: (PublishWorld) async throws -> Void) async throws {
        try await withCommandWorld { world in
            var author = world
            for (name, value) in RemoteRepository.environment where name != "PATH" && name != "HOME" {
                author.variables[name] = value
            }
            author.variables["GIT_CONFIG_GLOBAL"] = world.scratch + "/gitconfig"
            try write(["gitconfig": "[init]\n\tdefaultBranch = main\n"], in: world.scratch)
            let remotes = world.scratch + "/remotes"
            let registry = try await RemoteRepository(at: remotes + "/registry.git")
            try await registry.commit(["registry.toml": "version = 1\nname = \"test\"\n", "README.md": "r\n"])
            let skills = try await RemoteRepository(at: remotes + "/skills.git")
            for remote in [registry, skills] {
                try await remote.git("config", "http.receivepack", "true")
                try await remote.git("config", "uploadpack.allowAnySHA1InWant", "true")
            }
            try await body(PublishWorld(author: author, remotes: remotes, registry: registry, skills: skills))
        }
    }

    static func manifest(_ name: String, _ version: String, _ more: String = "") -> String {
        "[package]\nname = \"\(name)\"\nversion = \"\(version)\"\n\n\(more)"
    }

    static func skill(_ name: String, _ sentence: String = "Never round.") -> String {
        CommandWorld.skill.replacing("name: own", with: "name: \(name)") + "\n\(sentence)\n"
    }

    /// A checkout with one skill at its root, pushed; the registry is `default`.
    func start(_ name: String = "charts", registry address: String? = nil, skills: String? = nil) async throws {
        let address = address ?? self.registry.url
        try write(
            [
                "SKILL.md": Self.skill(name), "scripts/run.sh": "#!/bin/sh\n",
                "skvm.toml": Self.manifest(name, "1.2.0", "[registries]\ndefault = \"\(address)\"\n"),
            ], in: author.project)
        try FileSystem.setMode(author.project + "/scripts/run.sh", 0o755)
        try await author.git("init", "-q")
        try await author.git("remote", "add", "origin", skills ?? self.skills.url)
        try await push()
    }

    func push(_ message: String = "change") async throws {
        try await author.git("add", "-A")
        try await author.git("commit", "-qm", message)
        try await author.git("push", "-q", "-u", "origin", "HEAD")
    }

    func index(_ name: String) async throws -> String {
        let padded = name + "____"
        let path = "index/\(padded.prefix(2))/\(padded.dropFirst(2).prefix(2))/\(name).jsonl"
        return (try? await registry.git("show", "main:\(path)")) ?? ""
    }

    /// Somebody else, with an empty cache, who depends on `lines`.
    func user(_ lines: String, registry address: String? = nil) throws -> CommandWorld {
        var user = try CommandWorld(author.scratch + "/user")
        user.variables = author.variables
        try FileSystem.removeTree(user.cache)
        try user.writeManifest(
            [lines], extra: "[registries]\ndefault = \"\(address ?? registry.url)\"\n")
        return user
    }
}

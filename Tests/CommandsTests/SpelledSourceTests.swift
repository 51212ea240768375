import Basics
import Formats
import TestSupport
import Testing

/// What a lock says of a repository is read as it was meant, and two spellings of one address are one source.
@Suite struct `A repository's address` {
    private static func skill(_ name: String, _ text: String = "Do it.") -> RemoteRepository.File {
        .text("---\nname: \(name)\ndescription: Does what \(name) does for people.\n---\n# \(name)\n\n\(text)\n")
    }

    @Test(arguments: ["C#/lint", "d#lint"])
    func `may have a # in the skill's folder`(folder: String) async throws {
        try await withCommandWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/s.git")
            try await remote.commit(["\(folder)/SKILL.md": Self.skill("lint")])
            try world.writeManifest([])
            try await world.done("add", "\(remote.url)#\(folder)")
            try await world.done("install")
            let lock = try FileSystem.readText(world.project + "/skvm.lock")
            #expect(lock.contains("#\(folder.replacing("#", with: "%23"))\""), "\(lock)")
            for command in [
                ["install", "--locked"], ["build"], ["lock"], ["update"], ["tree"], ["verify"], ["vendor"],
            ] {
                let result = try await world.run([try CommandWorld.binary()] + command)
                #expect(result.succeeded, "\(command): \(result.errorText)")
            }
            try FileSystem.removeTree(world.cache)
            try await world.done("install", "--frozen")
            #expect(try FileSystem.readText(world.project + "/skvm.lock") == lock)
            try await world.done("remove", folder.hasPrefix("C") ? "lint" : "d-lint")
        }
    }

    @Test func `may have a # in a branch, and in a folder of this machine`() async throws {
        try await withCommandWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/d#e/s.git")
            try await remote.commit(["a/SKILL.md": Self.skill("lint")], branch: "fix#12")
            try world.writeManifest(["lint = { git = \"../d#e/s.git\", path = \"a\", branch = \"fix#12\" }"])
            try await world.done("install")
            try await world.done("install", "--locked")
            try await world.done("update")
            try FileSystem.removeTree(world.cache)
            try await world.done("install", "--locked")
        }
    }

    @Test func `with a folder that no lock can hold is an error when it is added`() async throws {
        try await withCommandWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/s.git")
            let file = try await remote.blob(Array("---\nname: odd\ndescription: Does odd things.\n---\n# odd\n".utf8))
            let skill = try await remote.tree([("100644", Array("SKILL.md".utf8), file)])
            _ = try await remote.commit(tree: try await remote.tree([("40000", Array("a\u{85}b".utf8), skill)]))
            try world.writeManifest(["odd = { git = \"\(remote.url)\" }"])
            let result = try await world.skvm("install")
            #expect(result.status != 0 && result.status != 70, "\(result.errorText)")
            #expect(!FileSystem.exists(world.project + "/skvm.lock"))
        }
    }

    @Test func `with and without .git is one source`() async throws {
        try await withCommandWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/remotes/o/leaf.git")
            try await remote.commit([
                "SKILL.md": Self.skill("leaf"), "skvm.toml": "[package]\nname = \"leaf\"\nversion = \"1.0.0\"\n",
            ])
            try await remote.tag("v1.0.0")
            try await GitWebServer.serving(world.scratch + "/remotes") { server in
                let address = "\(server.open)/o/leaf"
                try write(
                    [
                        "done/SKILL.md": "---\nname: done\ndescription: Is done with it.\n---\n# done\n",
                        "done/skvm.toml": "[package]\nname = \"done\"\nversion = \"1.0.0\"\n\n[dependencies]\n"
                            + "leaf = { git = \"\(address).git\", version = \"1\" }\n",
                    ], in: world.scratch)
                func manifest(_ address: String) throws {
                    try world.writeManifest([
                        "leaf = { git = \"\(address)\", version = \"1\" }", "done = { path = \"../done\" }",
                    ])
                }
                func lock() throws -> String { try FileSystem.readText(world.project + "/skvm.lock") }
                try manifest(address)
                try await world.done("install")
                #expect(try FileSystem.list(world.project + "/.agents/skills").sorted() == ["done", "leaf"])
                let before = try lock()
                #expect(before.contains("\"git+\(address)\"") && !before.contains("leaf.git\""), "\(before)")
                #expect(try await world.done("tree", "-d").outputText.split(separator: "\n").isEmpty)

                // A manifest of the other spelling wants what the lock has; nothing is written anew.
                try manifest("\(address).git")
                try await world.done("install", "--locked")
                try await world.done("install")
                #expect(try lock() == before)
                // A lock of the other spelling is taken, with an empty cache, too.
                try manifest(address)
                try write(["skvm.lock": before.replacing(address, with: "\(address).git")], in: world.project)
                try FileSystem.removeTree(world.cache)
                try await world.done("install", "--locked")
                #expect(try lock().contains("\(address).git"))
                // For the spelling alone no lock is written.
                try await world.done("update")
                try await world.done("install")
                #expect(try lock().contains("\(address).git\""))

                try await world.done("add", "\(address).git@1")
                #expect(try FileSystem.list(world.project + "/.agents/skills").sorted() == ["done", "leaf"])
                let names = try FileSystem.readText(world.project + "/skvm.toml").split(separator: "\n")
                    .filter { $0.contains("leaf") }
                #expect(names.count == 1, "\(names)")
            }
        }
    }
}

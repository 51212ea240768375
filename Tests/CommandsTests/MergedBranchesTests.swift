import Basics
import TestSupport
import Testing

/// Two branches of one project, merged by git with skvm's drivers: what comes of it is installed as it stands.
@Suite struct `Two branches` {
    /// A project with skill `one`, and the drivers installed, in git; more is published as the branches go on.
    private struct Scene {
        var world: CommandWorld
        let author: String

        init(_ world: CommandWorld) async throws {
            var world = world
            let bin = try #require(FileSystem.parent(of: try CommandWorld.binary()))
            for (name, value) in RemoteRepository.environment where name != "PATH" && name != "HOME" {
                world.variables[name] = value
            }
            world.variables["PATH"] = "\(bin):/usr/local/bin:/usr/bin:/bin"
            self.world = world
            author = world.scratch + "/registry"
            try FileSystem.makeDirectories(author)
            try await world.git("init", "-q", "-b", "main", in: author)
            try await world.done("registry", "init", ".", in: author)
            try await publish("one", "1.0.0")
        }

        /// A skill in the registry's own repository: the next version of it, or the first.
        func publish(_ name: String, _ version: String, needs: [String: String] = [:]) async throws {
            let lines = needs.sorted { $0.key < $1.key }.map { "\($0.key) = \"\($0.value)\"\n" }.joined()
            try write(
                [
                    "SKILL.md": PublishWorld.skill(name, "This is \(version)."),
                    "skvm.toml": PublishWorld.manifest(name, version, "[dependencies]\n\(lines)"),
                ], in: "\(author)/skills/\(name)")
            try await world.done("registry", "index", ".", in: author)
            try await world.git("add", "-A", in: author)
            try await world.git("commit", "-qm", "\(name) \(version)", in: author)
        }

        func start(_ names: String...) async throws {
            let lines = names.map { "\($0) = \"^1\"\n" }.joined()
            try write(
                [
                    "skvm.toml": "[dependencies]\n\(lines)\n[registries]\ndefault = \"file://\(author)\"\n\n"
                        + CommandWorld.target, ".gitignore": "/.agents/\n/.skvm/\n",
                ], in: world.project)
            try await world.git("init", "-q", "-b", "main")
            try await world.done("install")
            try await world.done("lock", "--install-driver")
            try await commit("start")
        }

        func commit(_ message: String) async throws {
            try await world.git("add", "-A")
            try await world.git("commit", "-qm", message)
        }

        /// A branch of main on which these commands were run.
        func branch(_ name: String, _ commands: [String]...) async throws {
            try await world.git("checkout", "-qb", name, "main")
            for words in commands {
                let result = try await world.run([try CommandWorld.binary()] + words)
                #expect(result.succeeded, "\(words): \(result.errorText)")
            }
            try await commit(name)
        }

        /// Merges the branches both ways, and returns the lock that both must come to; nil when git leaves conflicts.
        func merge(_ one: String, _ two: String, told: String = "") async throws -> String? {
            var locks: [String?] = []
            for (ours, theirs) in [(one, two), (two, one)] {
                try await world.git("checkout", "-qf", "-B", "merge", ours)
                let merge = try await world.run(["git", "merge", "-q", "--no-edit", theirs])
                guard merge.succeeded else {
                    #expect(merge.errorText.contains("[lock.merge-conflict]"), "\(merge.errorText)")
                    #expect(told == "" || merge.errorText.contains("note: \(told)\n"), "\(merge.errorText)")
                    try await world.git("merge", "--abort")
                    locks.append(nil)
                    continue
                }
                let lock = try FileSystem.readText(world.project + "/skvm.lock")
                locks.append(lock)
                try await world.done("install", "--locked")
                try await world.done("verify")
                // From the sources, on a machine that has nothing.
                var other = world
                other.variables["SKVM_CACHE_DIR"] = world.scratch + "/empty-\(locks.count)-\(one)"
                other.variables["SKVM_STATE_DIR"] = world.scratch + "/state-\(locks.count)-\(one)"
                let clone = world.scratch + "/clone-\(locks.count)-\(one)"
                try await other.git("clone", "-q", world.project, clone)
                try await other.done("install", "--locked", in: clone)
                #expect(
                    try other.snapshot(clone + "/.agents").keys.sorted()
                        == world.snapshot(world.project + "/.agents").keys.sorted())
                // Nor would a build anew write another one.
                try await world.done("install")
                #expect(try FileSystem.readText(world.project + "/skvm.lock") == lock)
            }
            #expect(locks[0] == locks[1])
            return locks[0]
        }

        func versions(_ lock: String?) -> [String] {
            let lines = (lock ?? "").split(separator: "\n").map(String.init)
            return zip(lines, lines.dropFirst()).filter { $0.0.hasPrefix("name = ") && $0.1.hasPrefix("version = ") }
                .map { pair in
                    [pair.0, pair.1].map { $0.split(separator: "\"")[1] }.joined(separator: " ")
                }
        }
    }

    @Test func `that added packages with a common new dependency merge, with its newer version`() async throws {
        try await withCommandWorld { world in
            let scene = try await Scene(world)
            try await scene.publish("shared", "1.0.0", needs: ["old": "^1"])
            try await scene.publish("old", "1.0.0")
            try await scene.publish("bb", "1.0.0", needs: ["shared": "^1"])
            try await scene.start("one")
            try await scene.branch("b", ["add", "bb"], ["install"])
            try await scene.publish("new", "1.0.0")
            try await scene.publish("shared", "1.1.0", needs: ["new": "^1"])
            try await scene.publish("aa", "1.0.0", needs: ["shared": "^1"])
            try await scene.branch("a", ["add", "aa"], ["install"])
            let lock = try await scene.merge("a", "b")
            #expect(
                scene.versions(lock) == ["aa 1.0.0", "bb 1.0.0", "new 1.0.0", "one 1.0.0", "shared 1.1.0"],
                "\(lock ?? "conflict")")
        }
    }

    @Test func `that need a third in versions which exclude one another stay in conflict`() async throws {
        try await withCommandWorld { world in
            let scene = try await Scene(world)
            try await scene.publish("shared", "1.0.0")
            try await scene.publish("bb", "1.0.0", needs: ["shared": "~1.0"])
            try await scene.start("one")
            try await scene.branch("b", ["add", "bb"], ["install"])
            try await scene.publish("shared", "1.1.0")
            try await scene.publish("aa", "1.0.0", needs: ["shared": "^1.1"])
            try await scene.branch("a", ["add", "aa"], ["install"])
            #expect(try await scene.merge("a", "b", told: "bb 1.0.0 takes shared ~1.0") == nil)
        }
    }

    @Test func `that need a skill of a repository without an index merge by its tags`() async throws {
        try await withCommandWorld { world in
            let scene = try await Scene(world)
            let remote = try await RemoteRepository(at: world.scratch + "/shared.git")
            func tag(_ version: String) async throws {
                try await remote.commit([
                    "SKILL.md": .text(PublishWorld.skill("shared", "This is \(version).")),
                    "skvm.toml": .text(PublishWorld.manifest("shared", version)),
                ])
                try await remote.git("tag", "v\(version)", "main")
            }
            for (name, version) in [("aa", "1.0.0"), ("bb", "1.0.0")] {
                try write(
                    [
                        "SKILL.md": PublishWorld.skill(name),
                        "skvm.toml": PublishWorld.manifest(
                            name, version,
                            "[dependencies]\nshared = { git = \"file://\(remote.path)\", version = \"^1\" }\n"),
                    ], in: world.scratch + "/\(name)")
            }
            try await tag("1.0.0")
            try await scene.start("one")
            let git = "file://\(remote.path)"
            try await scene.branch("b", ["add", "../bb"], ["add", "\(git)@^1"], ["install"])
            try await tag("1.1.0")
            try await scene.branch("a", ["add", "../aa"], ["install"])
            let lock = try await scene.merge("a", "b")
            #expect(
                scene.versions(lock) == ["aa 1.0.0", "bb 1.0.0", "one 1.0.0", "shared 1.1.0"], "\(lock ?? "conflict")")
        }
    }

    @Test func `that updated at different times merge, unless the manifest was narrowed`() async throws {
        try await withCommandWorld { world in
            let scene = try await Scene(world)
            try await scene.publish("shared", "1.0.0")
            try await scene.publish("two", "1.0.0", needs: ["shared": "^1"])
            try await scene.start("one", "two")
            try await scene.publish("shared", "1.0.1")
            try await scene.publish("one", "1.1.0")
            try await scene.branch("b", ["update"], ["install"])
            try await scene.publish("shared", "1.2.0")
            try await scene.publish("one", "1.2.0")
            try await scene.branch("a", ["update"], ["install"])
            #expect(scene.versions(try await scene.merge("b", "a")) == ["one 1.2.0", "shared 1.2.0", "two 1.0.0"])
            try await scene.branch("narrow", ["add", "one@~1.0"], ["install"])
            #expect(try await scene.merge("narrow", "a", told: "the project takes one ~1.0") == nil)
        }
    }
}

import Basics
import TestSupport
import Testing

/// What a record of a lock says is true on every machine, or an error on every machine: whatever lies in a cache.
@Suite struct `A record of the lock` {
    /// `near` is listed at a commit of another repository, `held` lies in the registry itself, `plain` is a repository's with
    /// two tags and no manifest.
    private struct World {
        var world: CommandWorld
        var registry: RemoteRepository
        var plain: RemoteRepository
        var lock: String

        var lockPath: String { world.project + "/skvm.lock" }

        /// The record of one package.
        func record(_ name: String) throws -> String {
            let packages = lock[..<(try #require(lock.firstRange(of: "[[target]]"))).lowerBound]
            return String(
                try #require(packages.split(separator: "[[package]]").first { $0.contains("name = \"\(name)\"") }))
        }

        func value(_ key: String, of name: String) throws -> String {
            let line = try #require(try record(name).split(separator: "\n").first { $0.hasPrefix(key + " = ") })
            return String(line.dropFirst(key.count + 4).dropLast())
        }

        func write(_ text: String) throws { try FileSystem.write(Array(text.utf8), to: lockPath) }

        /// Exit codes with the cache as it is and with an empty one.
        func both(_ words: String...) async throws -> (warm: ProgramResult, empty: ProgramResult) {
            let before = try FileSystem.readText(lockPath)
            let warm = try await world.run([try CommandWorld.binary()] + words)
            try write(before)
            var elsewhere = world
            elsewhere.variables["SKVM_CACHE_DIR"] = world.scratch + "/empty"
            let empty = try await elsewhere.run([try CommandWorld.binary()] + words)
            try write(before)
            try FileSystem.removeTree(world.scratch + "/empty")
            return (warm, empty)
        }
    }

    private static func skill(_ name: String, _ sentence: String = "Never round.") -> String {
        PublishWorld.skill(name, sentence)
    }

    private func with(_ body: (World) async throws -> Void) async throws {
        try await withCommandWorld { world in
            let remotes = world.scratch + "/remotes"
            let skills = try await RemoteRepository(at: remotes + "/skills.git")
            let commit = try await skills.commit(["near/SKILL.md": .text(Self.skill("near"))])
            func tree(_ name: String) async throws -> String {
                try write([name + "/SKILL.md": Self.skill(name)], in: world.scratch + "/trees")
                let digest = try await world.done("digest", world.scratch + "/trees/" + name).outputText
                return String(digest.prefix { $0 != " " })
            }
            func line(_ name: String, _ more: String) async throws -> RemoteRepository.File {
                .text(
                    "{\"name\":\"\(name)\",\"version\":\"1.0.0\",\"path\":\"\(name)\",\"tree\":\"\(try await tree(name))\","
                        + "\(more)\"dependencies\":{}}\n")
            }
            let registry = try await RemoteRepository(at: remotes + "/registry.git")
            let header: RemoteRepository.File = "version = 1\nname = \"r\"\n"
            try await registry.commit(["registry.toml": header, "held/SKILL.md": .text(Self.skill("held", "Old."))])
            try await registry.commit([
                "registry.toml": header, "held/SKILL.md": .text(Self.skill("held")),
                "index/he/ld/held.jsonl": try await line("held", ""),
                "index/ne/ar/near.jsonl": try await line(
                    "near", "\"git\":\"\(skills.path)\",\"commit\":\"\(commit)\","),
            ])
            let plain = try await RemoteRepository(at: remotes + "/plain.git")
            try await plain.commit(["SKILL.md": .text(Self.skill("plain", "Old."))])
            try await plain.tag("v1.0.0")
            try await plain.commit(["SKILL.md": .text(Self.skill("plain", "New."))], time: 1_700_000_100)
            try await plain.tag("v1.1.0")
            try world.writeManifest(
                ["near", "held", "plain = { git = \"\(plain.path)\", version = \"^1\" }"],
                extra: "[registries]\ndefault = \"file://\(registry.path)\"\n")
            try await world.done("install")
            try await body(
                World(
                    world: world, registry: registry, plain: plain,
                    lock: try FileSystem.readText(world.project + "/skvm.lock")))
        }
    }

    @Test func `that is changed in any field is refused alike with a warm and with an empty cache`() async throws {
        try await with { my in
            let lines = my.lock.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let end = try #require(lines.firstIndex(of: "[[target]]"))
            var seen = 0
            for place in try #require(lines.firstIndex(of: "[[package]]"))..<end {
                guard let quote = lines[place].lastIndex(of: "\""), lines[place].contains(" = ") else { continue }
                var changed = lines[place]
                let last = changed.index(before: quote)
                changed.replaceSubrange(last...last, with: changed[last] == "7" ? "3" : "7")
                for line in [changed, ""] {
                    seen += 1
                    var text = lines
                    text[place] = line
                    try my.write(text.joined(separator: "\n"))
                    let (warm, empty) = try await my.both("install", "--locked")
                    #expect(
                        warm.status == empty.status && [1, 3, 5].contains(warm.status), "\(lines[place]) → \(line)")
                }
            }
            #expect(seen == 30)
            try my.write(my.lock)
            let (warm, empty) = try await my.both("install", "--locked")
            #expect(warm.succeeded && empty.succeeded, "\(warm.errorText)\(empty.errorText)")
        }
    }

    @Test func `can't pin the tree of another version or package that lies in the cache`() async throws {
        try await with { my in
            let old = my.world.scratch + "/old"
            try FileSystem.makeDirectories(old)
            try write(
                [
                    "skvm.toml": "[dependencies]\nplain = { git = \"\(my.plain.path)\", version = \"=1.0.0\" }\n"
                        + CommandWorld.target
                ], in: old)
            try await my.world.done("install", in: old)
            var other = my
            other.lock = try FileSystem.readText(old + "/skvm.lock")
            for (from, to) in [
                (try my.value("tree", of: "plain"), try other.value("tree", of: "plain")),
                (try my.value("tree", of: "near"), try my.value("tree", of: "held")),
            ] {
                try my.write(my.lock.replacing(from, with: to))
                for command in [["install", "--locked"], ["install"], ["build"]] {
                    let (warm, empty) = try await my.both(command[0], command.count > 1 ? command[1] : "-q")
                    warm.expectError(5, "lock.tree", "skvm.lock")
                    empty.expectError(5, "lock.tree", "skvm.lock")
                }
                try await my.world.skvm("verify").expectError(5, "lock.tree")
                try await my.world.skvm("install", "--frozen").expectError(5, "lock.tree")
            }
        }
    }

    @Test func `says a version that its repository's tags give that commit`() async throws {
        try await with { my in
            let record = try my.record("plain")
            for version in ["1.0.0", "1.7.0"] {
                // All of the old version's, but for its name.
                try my.write(
                    my.lock.replacing("plain 1.1.0", with: "plain \(version)").replacing(
                        record, with: record.replacing("version = \"1.1.0\"", with: "version = \"\(version)\"")))
                let (warm, empty) = try await my.both("install", "--locked")
                warm.expectError(5, "lock.commit", "plain \(version)")
                empty.expectError(5, "lock.commit", "plain \(version)")
            }
        }
    }

    @Test func `of what its registry holds itself pins a commit that has that folder`() async throws {
        try await with { my in
            let commit = try my.value("commit", of: "held")
            let first = try await my.registry.git("rev-parse", "main~1")
            for wrong in [first, "00000000" + commit.dropFirst(8)] {
                try my.write(my.lock.replacing(commit, with: wrong))
                let (warm, empty) = try await my.both("install", "--locked")
                warm.expectError(5, "lock.commit", "held 1.0.0")
                empty.expectError(5, "lock.commit", "held 1.0.0")
            }
            // Versions that are listed later are no matter of this one's commit.
            try my.write(my.lock)
            try await my.registry.commit(
                ["README.md": "later"], time: 1_700_000_900)
            try await my.world.done("install", "--locked")
            try await my.world.done("install", "--frozen")
        }
    }

    @Test
    func `is held against its source again where the memory of that was lost, without network where git's is there`()
        async throws
    {
        try await with { my in
            for name in try FileSystem.list(my.world.cache) where name.hasPrefix("actions-v1.sqlite") {
                try FileSystem.remove(my.world.cache + "/" + name)
            }
            try FileSystem.removeTree(my.world.cache + "/projects-v1")
            try FileSystem.rename(my.plain.path, to: my.plain.path + ".gone")
            try FileSystem.rename(my.registry.path, to: my.registry.path + ".gone")
            try await my.world.done("install", "--frozen")
            let quiet = try await my.world.done("install", "--frozen", "-v")
            #expect(!quiet.errorText.contains("fetching"), "\(quiet.errorText)")
        }
    }

    @Test func `is held against the vendored folder, where nothing else is`() async throws {
        try await with { my in
            try await my.world.done("vendor")
            for path in [my.plain.path, my.registry.path] { try FileSystem.rename(path, to: path + ".gone") }
            func frozen() async throws -> ProgramResult {
                for path in [my.world.cache, my.world.project + "/.skvm"] { try FileSystem.removeTree(path) }
                return try await my.world.skvm("install", "--frozen")
            }
            let good = try await frozen()
            #expect(good.succeeded, "\(good.errorText)")
            let record = try my.record("plain")
            let version = my.lock.replacing("plain 1.1.0", with: "plain 1.0.0").replacing(
                record, with: record.replacing("version = \"1.1.0\"", with: "version = \"1.0.0\""))
            let commit = try my.value("commit", of: "plain")
            for text in [version, my.lock.replacing(commit, with: "00000000" + commit.dropFirst(8))] {
                try my.write(text)
                let result = try await frozen()
                #expect([4, 5].contains(result.status), "\(result.status): \(result.errorText)")
            }
            // A listing of an earlier skvm does not say where it is from.
            try my.write(my.lock)
            for name in ["near", "held", "plain"] {
                let path = my.world.project + "/vendor/packages/\(name).jsonl"
                let text = try FileSystem.readText(path)
                let head = try #require(text.split(separator: "\n").first)
                #expect(head.contains("\"source\":") && head.contains("\"commit\":"), "\(head)")
                let short =
                    "{\"name\":\"\(name)\",\"tree\":\"\(try my.value("tree", of: name))\",\"version\":\""
                    + "\(try my.value("version", of: name))\"}"
                try FileSystem.write(Array(text.replacing(head, with: short).utf8), to: path)
            }
            let earlier = try await frozen()
            #expect(earlier.succeeded, "\(earlier.errorText)")
        }
    }
}

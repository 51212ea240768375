import Basics
import Git
import Registry
import SkillModel
import TestSupport
import Testing

/// A registry whose keeper does what no keeper should.
private struct Kept: Sendable {
    let remote: RemoteRepository
    let name = PackageName("charts")!

    init(_ world: World) async throws {
        remote = try await RemoteRepository(at: world.scratch + "/remotes/registry.git")
        try await list(["1.0.0": "a"])
    }

    /// Commits an index with these versions, each with the tree of a text.
    @discardableResult
    func list(
        _ versions: [String: String], yanked: Set<String> = [], needing needs: String = "", signer: String? = nil,
        time: Int = 1_700_000_000
    ) async throws -> String {
        let signed = signer.map { ",\"commit\":\"\(String(repeating: "a", count: 40))\",\"signer\":\"\($0)\"" } ?? ""
        let lines = versions.sorted { $0.key < $1.key }.map { version, text in
            "{\"name\":\"charts\",\"version\":\"\(version)\",\"path\":\"x\",\"tree\":\"\(Digest(of: text))\","
                + "\"yanked\":\(yanked.contains(version)),\"dependencies\":{\(needs)}\(signed)}\n"
        }
        return try await remote.commit(
            [
                "registry.toml": "version = 1\nname = \"kept\"\n",
                "index/ch/ar/charts.jsonl": .text(lines.joined()), "time": .text("\(time)"),
            ], time: time)
    }

    func reset(_ commit: String) async throws { try await remote.git("update-ref", "refs/heads/main", commit) }
    func head() async throws -> String { try await remote.git("rev-parse", "main") }
}

private func fault(_ body: () async throws -> some Any) async -> Diagnostic? {
    do {
        _ = try await body()
        return nil
    } catch let error as DiagnosticsError {
        return error.diagnostics.first
    } catch let error as GitError {
        return error.diagnostic
    } catch {
        Issue.record(error)
        return nil
    }
}

@Suite struct `A registry only moves forward` {
    @Test func `and is followed by its commits alone`() async throws {
        try await withWorld { world in
            let kept = try await Kept(world)
            _ = try await world.registry(kept.remote.url).open()
            for number in 0..<30 {
                try await kept.list(["1.0.0": "a", "1.\(number).1": "b"], time: 1_700_000_001 + number)
            }
            let snapshot = try await world.registry(kept.remote.url).open()
            #expect(try await snapshot.commit?.hex == kept.head())
            #expect(try await snapshot.releases(of: kept.name)?.map { "\($0.version)" } == ["1.0.0", "1.29.1"])
            // 31 commits, and no tree.
            let found = try await Program("find", [world.scratch + "/cache/seen-v1", "-name", "*.idx"]).run().outputText
            var objects = 0
            for pack in found.split(separator: "\n") {
                let listing = try await Program("git", ["show-index"]).run(input: try FileSystem.read(String(pack)))
                objects += listing.outputText.split(separator: "\n").count
            }
            #expect(objects == 31)
        }
    }

    /// Objects of all packs below a folder of the cache.
    private func objects(_ world: World, below folder: String, except other: String = "none") async throws -> Int {
        let found = try await Program(
            "find", ["\(world.scratch)/cache/\(folder)", "-name", "*.idx", "-not", "-path", "*/\(other)/*"]
        ).run().outputText
        var objects = 0
        for pack in found.split(separator: "\n") {
            let listing = try await Program("git", ["show-index"]).run(input: try FileSystem.read(String(pack)))
            objects += listing.outputText.split(separator: "\n").count
        }
        return objects
    }

    @Test func `and where the server sends files unasked, an update still brings what is new alone`() async throws {
        try await withWorld { world in
            let kept = try await Kept(world)
            try await kept.remote.git("config", "uploadpack.allowFilter", "false")
            var files: [String: RemoteRepository.File] = ["registry.toml": "version = 1\nname = \"kept\"\n"]
            func list(_ version: Int) async throws {
                files["index/ab/c0/abc0.jsonl"] = .text(
                    "{\"name\":\"abc0\",\"version\":\"1.\(version).0\",\"path\":\"x\",\"tree\":\"\(Digest(of: "a"))\"}\n"
                )
                try await kept.remote.commit(files, time: 1_700_000_000 + version)
            }
            for number in 0..<200 {
                files["index/n\(number % 10)/x\(number % 7)/n\(number)x.jsonl"] = .text("\(number)\n")
            }
            try await list(1)
            _ = try await world.registry(kept.remote.url).open()
            let first = try await objects(world, below: ".")
            #expect(first > 200)
            for version in 2...4 {
                let before = try await objects(world, below: ".")
                try await list(version)
                let snapshot = try await world.registry(kept.remote.url).open()
                #expect(try await snapshot.commit?.hex == kept.head())
                // A commit, the folders down to the file, and the file, in a pack that may repeat what they are deltas of.
                let new = try await objects(world, below: ".") - before
                #expect((1...12).contains(new), "\(new) objects for one line")
            }
            #expect(try await objects(world, below: "seen-v1") == 0)
            // A copy that was removed comes back once, with what is new since.
            for folder in try FileSystem.list(world.scratch + "/cache/git-v1") {
                try FileSystem.removeTree("\(world.scratch)/cache/git-v1/\(folder)")
            }
            try await list(5)
            #expect(try await world.registry(kept.remote.url).open().commit?.hex == kept.head())
            let again = try await objects(world, below: ".")
            #expect(again < first + 30, "\(again) objects of \(first)")
        }
    }

    @Test(arguments: ["amended", "rolled back", "another", "pruned"], [true, false])
    func `and another history is refused, with both commits`(attack: String, filters: Bool) async throws {
        try await withWorld { world in
            let kept = try await Kept(world)
            try await kept.remote.git("config", "uploadpack.allowFilter", "\(filters)")
            let first = try await kept.head()
            let second = try await kept.list(["1.0.0": "a", "1.1.0": "b"])
            _ = try await world.registry(kept.remote.url).open()
            switch attack {
            case "rolled back": try await kept.reset(first)
            case "another":
                try await kept.remote.git("update-ref", "-d", "refs/heads/main")
                try await kept.list(["1.0.0": "evil"], time: 1_600_000_000)
            default:
                try await kept.reset(first)
                try await kept.list(["1.0.0": "evil", "1.1.0": "b"], time: 1_700_000_500)
            }
            if attack == "pruned" { try await kept.remote.git("gc", "--quiet", "--prune=now") }
            let head = try await kept.head()
            // Again and again: what was refused once is not what was seen.
            for _ in 0..<2 {
                let found = await fault { try await world.registry(kept.remote.url).open() }
                #expect(found?.id == "git.rewritten" && found?.fault == .integrity)
                #expect(found?.message.contains(second) == true && found?.message.contains(head) == true)
                #expect(found?.hint?.contains("skvm registry accept") == true)
            }
            // Offline, the last good state serves.
            let offline = try await world.registry(kept.remote.url, isOffline: true).open()
            #expect(offline.commit?.hex == second)
            // Forward from the rewritten history is not forward.
            try await kept.list(["1.0.0": "evil", "1.2.0": "c"], time: 1_700_000_900)
            #expect(await fault { try await world.registry(kept.remote.url).open() }?.id == "git.rewritten")
            // Back to where it was, and on: as if nothing had been.
            if attack != "pruned" {
                try await kept.reset(second)
                try await kept.list(["1.0.0": "a", "1.1.0": "b", "1.3.0": "c"], time: 1_700_000_950)
                #expect(try await world.registry(kept.remote.url).open().commit?.hex == kept.head())
                try await kept.reset(first)
            }
            let repository = world.cache().repository(try GitURL(kept.remote.url))
            #expect(try await repository.forget())
            #expect(try await world.registry(kept.remote.url).open().commit?.hex == kept.head())
            #expect(try await repository.forget())
            #expect(try await !repository.forget())
        }
    }

    @Test func `over http, over an old protocol, and by libgit2`() async throws {
        try await withWorld { world in
            let kept = try await Kept(world)
            let start = try await kept.head()
            @Sendable func tell(_ address: String, _ cache: GitCache) async throws {
                try await kept.reset(start)
                let registry = Registry(
                    name: "r", location: try RegistryLocation(address, relativeTo: "/"), cache: cache)
                _ = try await registry.open()
                for number in 1...3 {
                    try await kept.list(["1.0.0": "a", "1.\(number).0": "b"], time: 1_700_000_100 + number)
                }
                #expect(try await registry.open().commit?.hex == kept.head())
                try await kept.list(["1.0.0": "a", "2.0.0": "b"], time: 1_700_000_200)
                #expect(try await registry.open().commit?.hex == kept.head())
                try await kept.reset(start)
                try await kept.list(["1.0.0": "evil"], time: 1_700_000_300)
                let found = await fault { try await registry.open() }
                #expect(found?.id == "git.rewritten", "\(address): \(String(describing: found))")
            }
            func cache(
                _ name: String, _ more: [String: String] = [:], _ transport: GitCache.Transport = .automatic
            ) -> GitCache {
                GitCache(
                    folder: "\(world.scratch)/\(name)", environment: RemoteRepository.environment.merging(more) { $1 },
                    transport: transport)
            }
            try await tell(kept.remote.url, cache("library", [:], .libgit2))
            let http = cache("http")
            try await GitWebServer.serving(world.scratch + "/remotes") { server in
                try await tell(server.open + "/registry.git", http)
            }
            let folder = world.scratch
            try await GitSSHServer.serving(acceptsProtocol: false) { server in
                try await tell(
                    server.address + kept.remote.path,
                    GitCache(
                        folder: folder + "/ssh",
                        environment: RemoteRepository.environment.merging(server.environment) { $1 }))
            }
        }
    }

    @Test func `and what it has listed it lists for ever`() async throws {
        try await withWorld { world in
            let kept = try await Kept(world)
            @Sendable func look() async throws -> [PackageRelease]? {
                try await world.registry(kept.remote.url).open().releases(of: kept.name)
            }
            #expect(try await look()?.count == 1)
            let seen = try await kept.list(["1.0.0": "a", "1.1.0": "b"], time: 1_700_000_001)
            #expect(try await look()?.count == 2)
            try await kept.list(["1.0.0": "a", "1.1.0": "b"], yanked: ["1.1.0"], time: 1_700_000_002)
            #expect(try await look()?.last?.isYanked == true)
            for bad in [["1.0.0": "evil", "1.1.0": "b"], ["1.0.0": "a"], ["1.1.0": "b", "3.0.0": "c"]] {
                try await kept.list(bad, time: 1_700_000_003)
                let head = try await kept.head()
                for _ in 0..<2 {
                    let found = await fault { try await look() }
                    #expect(found?.id == "registry.changed-line" && found?.fault == .integrity)
                    let notes = found?.notes.joined() ?? ""
                    #expect(notes.contains(head) && notes.contains(seen), "\(notes)")
                }
                try await kept.list(["1.0.0": "a", "1.1.0": "b"], time: 1_700_000_004)
                #expect(try await look()?.count == 2)
            }
        }
    }

    @Test func `and what a listed version needs stays what it was`() async throws {
        try await withWorld { world in
            let kept = try await Kept(world)
            @Sendable func look() async throws -> [PackageRelease]? {
                try await world.registry(kept.remote.url).open().releases(of: kept.name)
            }
            try await kept.list(["1.1.0": "a", "1.0.0": "a"], needing: #""palette":"^1""#, time: 1_700_000_001)
            #expect(try await look()?.count == 2)
            for needs in [#""palette":"^2""#, #""palette":"^1","evil":"*""#, ""] {
                try await kept.list(["1.1.0": "a", "1.0.0": "a"], needing: needs, time: 1_700_000_002)
                let found = await fault { try await look() }
                #expect(found?.id == "registry.changed-line" && found?.fault == .integrity, "\(needs)")
            }
            // Once its keepers have said why, that is what was seen.
            #expect(try await world.cache().repository(try GitURL(kept.remote.url)).forget())
            #expect(try await look()?.count == 2)
        }
    }

    @Test func `and who signed a listed version stays who it was`() async throws {
        try await withWorld { world in
            let kept = try await Kept(world)
            @Sendable func look() async throws -> [PackageRelease]? {
                try await world.registry(kept.remote.url).open().releases(of: kept.name)
            }
            let (alice, bob) = (
                "alice SHA256:\(String(repeating: "a", count: 43))", "bob SHA256:\(String(repeating: "b", count: 43))"
            )
            try await kept.list(["1.0.0": "a"], signer: alice, time: 1_700_000_001)
            #expect(try await look()?.first?.signer?.description == alice)
            for other in [bob, alice.replacing("alice", with: "mallory"), nil] {
                try await kept.list(["1.0.0": "a"], signer: other, time: 1_700_000_002)
                let found = await fault { try await look() }
                #expect(found?.id == "registry.changed-line" && found?.fault == .integrity, "\(other ?? "none")")
                #expect(found?.notes.joined().contains("signer=\(alice)") == true)
            }
            // What an older skvm saw, which looked at no signers, is no reason to complain.
            try await kept.list(["1.0.0": "a"], signer: alice, time: 1_700_000_003)
            let file = world.cache().repository(try GitURL(kept.remote.url)).seenPath + "/lines-v2/charts"
            let now = try FileSystem.readText(file)
            // It wrote no digest of the index file behind the commit either.
            let old =
                "\(now.prefix(40))\n\(now.drop { $0 != "\n" }.dropFirst().replacing(" signer=\(alice)", with: ""))"
            try FileSystem.write(Array(old.utf8), to: file)
            #expect(try await look()?.count == 1)
            #expect(try FileSystem.readText(file).contains("signer=\(alice)"))
        }
    }

    @Test func `and a package that vanished, or that nobody asks for, is noticed`() async throws {
        try await withWorld { world in
            let kept = try await Kept(world)
            _ = try await world.registry(kept.remote.url).open().releases(of: kept.name)
            try await world.registry(kept.remote.url).open().checkSeen()
            try await kept.list(["1.0.0": "evil"], time: 1_700_000_001)
            let snapshot = try await world.registry(kept.remote.url).open()
            for _ in 0..<2 {
                #expect(await fault { try await snapshot.checkSeen() }?.id == "registry.changed-line")
                let searched = await fault {
                    try await snapshot.search(["charts"], folder: world.scratch + "/cache", limit: 5).hits
                }
                #expect(searched?.id == "registry.changed-line")
            }
            try await kept.remote.commit(
                ["registry.toml": "version = 1\nname = \"kept\"\n", "more": "m"], time: 1_700_000_002)
            let empty = try await world.registry(kept.remote.url).open()
            #expect(await fault { try await empty.releases(of: kept.name) }?.id == "registry.changed-line")
            #expect(await fault { try await empty.checkSeen() }?.id == "registry.changed-line")
            // A name that was never there is none that vanished.
            #expect(try await empty.releases(of: try #require(PackageName("palette"))) == nil)
        }
    }

    @Test func `and two of one repository do not stand for one another`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/remotes/registry.git")
            let name = try #require(PackageName("charts"))
            func line(_ text: String) -> RemoteRepository.File {
                .text("{\"name\":\"charts\",\"version\":\"1.0.0\",\"path\":\"x\",\"tree\":\"\(Digest(of: text))\"}\n")
            }
            func list(_ texts: [String: String], time: Int) async throws {
                var files: [String: RemoteRepository.File] = [:]
                for (folder, text) in texts {
                    files["\(folder)registry.toml"] = .text("version = 1\nname = \"kept\"\n")
                    files["\(folder)index/ch/ar/charts.jsonl"] = line(text)
                }
                try await remote.commit(files, time: time)
            }
            @Sendable func look(_ folder: String) async throws -> Digest? {
                let snapshot = try await world.registry("file://\(remote.path)\(folder)").open()
                try await snapshot.checkSeen()
                return try await snapshot.releases(of: name)?.first?.tree
            }
            try await list(["": "a", "stable/": "b", "next/": "c"], time: 1_700_000_000)
            for _ in 0..<2 {
                #expect(try await look("#stable") == Digest(of: "b"))
                #expect(try await look("") == Digest(of: "a"))
                #expect(try await look("#next") == Digest(of: "c"))
            }
            // Each is held against what was seen of it.
            try await list(["": "a", "stable/": "evil", "next/": "c"], time: 1_700_000_001)
            #expect(await fault { try await look("#stable") }?.id == "registry.changed-line")
            #expect(try await look("") == Digest(of: "a"))
            #expect(try await world.cache().repository(try GitURL("file://\(remote.path)")).forget())
            #expect(try await look("#stable") == Digest(of: "evil"))
        }
    }

    @Test func `and what another process has seen is not forgotten`() async throws {
        try await withWorld { world in
            let kept = try await Kept(world)
            _ = try await world.registry(kept.remote.url).open().releases(of: kept.name)
            try await kept.list(["1.0.0": "a", "1.1.0": "b"], time: 1_700_000_001)
            let old = try await world.registry(kept.remote.url).open()
            let newest = try await kept.list(["1.0.0": "a", "1.1.0": "b", "1.2.0": "c"], time: 1_700_000_002)
            _ = try await world.registry(kept.remote.url).open()

            let folder = world.cache().repository(try GitURL(kept.remote.url)).seenPath + "/lines-v2"
            let lock = try FileLock(path: folder + "/.lock", mode: .exclusive)
            let looking = Task { try await old.releases(of: kept.name) }
            // It has read what was seen, and waits for the right to write: here comes the other process.
            let inode = try #require(try FileSystem.status(folder + "/.lock")).inode
            while !(try await Program("cat", ["/proc/locks"]).run().outputText.split(separator: "\n")).contains(where: {
                $0.contains("->") && $0.contains(":\(inode) ")
            }) {
                try await Task.sleep(for: .milliseconds(5))
            }
            let record = "\(newest)\n1.0.0 \(Digest(of: "a"))\n1.1.0 \(Digest(of: "b"))\n1.2.0 \(Digest(of: "c"))\n"
            try FileSystem.write(Array(record.utf8), to: folder + "/charts")
            lock.release()
            #expect(try await looking.value?.count == 2)
            #expect(try FileSystem.readText(folder + "/charts") == record)
            try await kept.list(["1.0.0": "a", "1.1.0": "b"], time: 1_700_000_003)
            let found = await fault { try await world.registry(kept.remote.url).open().releases(of: kept.name) }
            #expect(found?.id == "registry.changed-line" && found?.message.contains("1.2.0") == true)
        }
    }

    @Test func `and who looks while it moves is not told of attacks`() async throws {
        try await withWorld { world in
            let kept = try await Kept(world)
            _ = try await world.registry(kept.remote.url).open()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 0..<12 {
                        let versions = (0...number).map { ("1.0.\($0)", $0 == 0 ? "a" : "b") }
                        try await kept.list(
                            Dictionary(uniqueKeysWithValues: versions), time: 1_700_000_001 + number)
                    }
                }
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<8 {
                            let snapshot = try await world.registry(kept.remote.url).open()
                            _ = try await snapshot.releases(of: kept.name)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}

@Suite struct `A tag does not move` {
    @Test func `once it was used`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/charts.git")
            let first = try await remote.commit(charts)
            for tag in ["v1.0.0", "v1.1.0", "stable"] { try await remote.tag(tag) }
            func use(_ reference: GitSource.Reference) async throws -> PackageRelease {
                let package = try world.package(remote)
                return try await package.release(try await package.candidates(reference)[0])
            }
            let range = try #require(VersionRange("=1.0.0"))
            #expect(try await use(.range(range)).origin.commit?.hex == first)
            #expect(try await use(.tag("stable")).origin.commit?.hex == first)
            let second = try await remote.commit(charts.merging(["more": "m\n"]) { $1 }, time: 1_700_000_100)
            for tag in ["v1.0.0", "v1.1.0", "stable"] { try await remote.git("tag", "-f", tag, second) }
            for reference in [GitSource.Reference.range(range), .tag("stable")] {
                let found = await fault { try await use(reference) }
                #expect(found?.id == "git.moved-tag" && found?.fault == .integrity)
                #expect(found?.message.contains(first) == true && found?.message.contains(second) == true)
            }
            // One that was never used may have been anywhere before; a branch is meant to move.
            #expect(try await use(.range(try #require(VersionRange("=1.1.0")))).origin.commit?.hex == second)
            #expect(try await use(.branch("main")).origin.commit?.hex == second)
            // Gone and back is not another.
            try await remote.git("tag", "-f", "v1.0.0", first)
            #expect(try await use(.range(range)).origin.commit?.hex == first)
            #expect(try await world.cache().repository(try GitURL(remote.url)).forget())
            #expect(try await use(.tag("stable")).origin.commit?.hex == second)
        }
    }
}

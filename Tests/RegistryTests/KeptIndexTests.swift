import Basics
import Git
import SkillModel
import TestSupport
import Testing

@testable import Registry

/// What this machine keeps of an index it has read.
struct KeptIndexTests {
    private static let path = "index/ch/ar/charts.jsonl"

    private static func line(_ version: String, tree: String = "a", _ more: String = "") -> String {
        #"{"name":"charts","version":"\#(version)","path":"x","tree":"\#(Digest(of: tree))"\#(more)}"#
    }

    /// A registry whose index lists `charts`.
    private struct Kept {
        let world: World
        let remote: RemoteRepository
        let name: PackageName

        init(_ world: World) async throws {
            self.world = world
            remote = try await RemoteRepository(at: world.scratch + "/registry.git")
            name = try #require(PackageName("charts"))
        }

        func serve(_ lines: [String], time: Int) async throws {
            try await remote.commit(
                [
                    "registry.toml": "version = 1\nname = \"kept\"\n",
                    KeptIndexTests.path: .text(lines.joined(separator: "\n") + "\n"), "t": .text("\(time)"),
                ], time: 1_700_000_000 + time)
        }

        func open(isOffline: Bool = false) async throws -> RegistrySnapshot {
            try await world.registry(remote.url, isOffline: isOffline).open()
        }

        /// Reads the package, and lets it be kept.
        func look() async throws -> [PackageRelease]? {
            let snapshot = try await open()
            let found = try await snapshot.releases(of: name)
            await snapshot.keep()
            return found
        }

        var repository: GitRepository { get throws { world.cache().repository(try GitURL(remote.url)) } }
        var file: String { get throws { try repository.seenPath + "/lines-v2/.index" } }
    }

    @Test func `serves the same, without the repository`() async throws {
        try await withWorld { world in
            let kept = try await Kept(world)
            let needing = Self.line("1.10.0", #","dependencies":{"palette":"^1"}"#)
            try await kept.serve([needing, "", Self.line("1.9.0", #","yanked":true"#)], time: 1)
            let first = try #require(try await kept.look())
            #expect(try FileSystem.exists(kept.file))
            let objects = "\(world.scratch)/cache/git-v1/\(Digest(of: try kept.repository.url.text).hex)/objects"
            try FileSystem.rename(objects, to: objects + ".aside")
            let snapshot = try await kept.open(isOffline: true)
            #expect(snapshot.title == "kept")
            #expect(try await snapshot.releases(of: kept.name) == first)
            let list = try #require(try await snapshot.list(of: kept.name))
            #expect(list.isKept && list.items.map { "\($0.version) \($0.isYanked)" } == ["1.9.0 true", "1.10.0 false"])
            #expect(try list.release(Version(1, 10, 0))?.dependencies.map(\.name.description) == ["palette"])
            #expect(try list.release(Version(1, 11, 0)) == nil)
            // Of a package that was not asked for nothing is kept.
            let other = try #require(PackageName("palette"))
            let found = await #expect(throws: DiagnosticsError.self) { try await snapshot.releases(of: other) }
            #expect(found?.diagnostics.first?.fault == .offline)
        }
    }

    @Test func `says nothing of another commit, and what was listed is still held against it`() async throws {
        try await withWorld { world in
            let kept = try await Kept(world)
            try await kept.serve([Self.line("1.0.0")], time: 1)
            #expect(try await kept.look()?.count == 1)
            #expect(try await kept.open().list(of: kept.name)?.isKept == true)

            try await kept.serve([Self.line("1.0.0"), Self.line("1.1.0")], time: 2)
            #expect(try await kept.open().list(of: kept.name)?.isKept == false)
            #expect(try await kept.look()?.count == 2)
            #expect(try await kept.open().list(of: kept.name)?.isKept == true)

            try await kept.serve([Self.line("1.0.0", tree: "evil"), Self.line("1.1.0")], time: 3)
            for _ in 0..<2 {
                let snapshot = try await kept.open()
                let found = await #expect(throws: DiagnosticsError.self) { try await snapshot.releases(of: kept.name) }
                #expect(found?.diagnostics.first?.id == "registry.changed-line")
                // What did not stand the test is not kept.
                await snapshot.keep()
            }
            // What forgets what was seen forgets what was kept; then it is seen anew.
            #expect(try await kept.repository.forget())
            #expect(try !FileSystem.exists(kept.file))
            #expect(try await kept.look()?.first?.tree == Digest(of: "evil"))
            try await kept.serve([Self.line("1.0.0"), Self.line("1.1.0")], time: 4)
            let snapshot = try await kept.open()
            let found = await #expect(throws: DiagnosticsError.self) { try await snapshot.releases(of: kept.name) }
            #expect(found?.diagnostics.first?.id == "registry.changed-line")
        }
    }

    @Test func `is as good as none wherever it is damaged, and heals`() async throws {
        try await withWorld { world in
            let kept = try await Kept(world)
            let needing = Self.line("1.1.0", #","dependencies":{"palette":"^1"}"#)
            try await kept.serve([Self.line("1.0.0"), needing], time: 1)
            let wanted = try #require(try await kept.look())
            let file = try kept.file
            let whole = try FileSystem.read(file)
            for place in Set(stride(from: 0, to: whole.count, by: 7)).union([whole.count - 1]) {
                var bytes = whole
                bytes[place] ^= 1
                try FileSystem.write(bytes, to: file)
                #expect(try await kept.open().releases(of: kept.name) == wanted, "byte \(place)")
                try FileSystem.write(Array(whole[..<place]), to: file)
                #expect(try await kept.open().releases(of: kept.name) == wanted, "up to \(place)")
            }
            // A line is damaged that nobody looks at before it is wanted.
            var bytes = whole
            bytes[whole.count - 3] ^= 1
            try FileSystem.write(bytes, to: file)
            let snapshot = try await kept.open()
            await snapshot.prefetch(from: [kept.name])
            #expect(try await snapshot.release(of: kept.name, at: Version(1, 1, 0)) == wanted.last)
            await snapshot.keep()
            #expect(try FileSystem.read(file) == whole)
        }
    }

    @Test func `gains what others asked for at the same commit`() async throws {
        let commit = try #require(ObjectID(hex: String(repeating: "a", count: 40)))
        func package(_ text: String, _ versions: [String]) throws -> KeptIndex.Package {
            KeptIndex.Package(
                name: try #require(PackageName(text)), source: Digest(of: text),
                lines: try versions.enumerated().map { number, version in
                    .init(
                        version: try #require(Version(version)), isYanked: number == 1, number: number + 1,
                        bytes: Array("\(text) \(version)".utf8)[...])
                })
        }
        let long = String(repeating: "a", count: 64)
        let packages = [
            try package("b", ["2.0.0", "1.0.0-rc.1+build", "1.0.0"]), try package(long, ["0.0.1"]),
            try package("a-b", []),
            try package("ab", ["1.0.0-" + String(repeating: "x", count: 250)]),
        ]
        let header = Array("name".utf8)
        let bytes = KeptIndex.file(of: packages, header: header[...], at: commit)
        let index = try #require(KeptIndex(bytes, at: commit))
        #expect(Array(index.header) == header)
        for package in packages {
            let items = try #require(index.items(of: package.name))
            let sorted = package.lines.sorted { $0.version < $1.version }
            #expect(items.map(\.version.description) == sorted.map(\.version.description))
            #expect(items.map(\.isYanked) == sorted.map(\.isYanked))
            #expect(items.map { index.line(at: $0.place)?.number } == sorted.map(\.number))
            #expect(items.map { (index.line(at: $0.place)?.bytes).map(Array.init) } == sorted.map { Array($0.bytes) })
        }
        #expect(index.items(of: try #require(PackageName("a"))) == nil)
        #expect(KeptIndex(bytes, at: try #require(ObjectID(hex: String(repeating: "b", count: 40)))) == nil)
        // Written again it is the same.
        #expect(KeptIndex.file(of: index.packages().reversed(), header: index.header, at: commit) == bytes)
    }
}

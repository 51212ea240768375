import Basics
import ContentStore
import Git
import Registry
import SkillModel
import TestSupport
import Testing

private let chartsName = PackageName("charts")!
private let paletteName = PackageName("palette")!

@Suite struct `A registry` {
    enum Form: CaseIterable, Sendable { case folder, git, folderOfGit, http }

    private func opened(
        _ files: [String: RemoteRepository.File], as form: Form, in world: World,
        _ body: @escaping @Sendable (String) async throws -> Void
    ) async throws {
        switch form {
        case .folder:
            try lay(files, in: world.scratch + "/registry")
            try await body("./registry")
        case .git:
            let remote = try await RemoteRepository(at: world.scratch + "/remotes/registry.git")
            try await remote.commit(files)
            try await body(remote.url)
        case .folderOfGit:
            let remote = try await RemoteRepository(at: world.scratch + "/remotes/all.git")
            try await remote.commit(Dictionary(uniqueKeysWithValues: files.map { ("sub/registry/\($0)", $1) }))
            try await body(remote.url + "#sub/registry")
        case .http:
            let remote = try await RemoteRepository(at: world.scratch + "/remotes/registry.git")
            try await remote.commit(files)
            try await GitWebServer.serving(world.scratch + "/remotes") { try await body($0.open + "/registry.git") }
        }
    }

    @Test(arguments: Form.allCases)
    func `serves versions, descriptions and files, and the same offline`(form: Form) async throws {
        try await withWorld { world in
            try await opened(try registryFiles(), as: form, in: world) { address in
                for isOffline in [false, true] {
                    let snapshot = try await world.registry(address, isOffline: isOffline).open()
                    #expect(snapshot.title == "test")
                    #expect((snapshot.commit == nil) == (form == .folder))
                    #expect(try await snapshot.packageNames() == [chartsName, paletteName])

                    let releases = try #require(try await snapshot.releases(of: chartsName))
                    #expect(releases.map(\.version.description) == ["1.0.0", "1.1.0", "1.2.0-beta"])
                    #expect(releases.map(\.isYanked) == [false, true, false])
                    #expect(releases[0].summary == "draws")
                    #expect(releases[0].keywords == ["a", "b"])
                    #expect(releases[0].dependencies.map(\.name) == [paletteName])
                    #expect(releases[0].origin.commit == snapshot.commit)

                    let files = try await world.fetcher(isOffline: isOffline).fetch(releases[0])
                    #expect(files.tree == (try digest(charts)))
                    #expect(files.commit == snapshot.commit)
                    #expect(files.entries.map(\.path.text) == ["SKILL.md", "scripts/draw.sh", "scripts/plot"])
                    let text = try #require(try files.file("SKILL.md", in: world.store))
                    #expect(String(decoding: text, as: UTF8.self).hasSuffix("draws charts\n---\n"))
                    #expect(try world.store.containsTree(files.tree))

                    let profile = try await snapshot.profile(model: "qwen/qwen3.5-9b", harness: "openclaw")
                    #expect(profile.map { String(decoding: $0.bytes, as: UTF8.self) } == "profile\n")
                    #expect(profile?.file.hasSuffix("/profiles/openclaw/qwen--qwen3.5-9b.toml") == true)
                    #expect(try await snapshot.names(of: .profiles) == ["openclaw/qwen--qwen3.5-9b"])
                    #expect(try await snapshot.description(.harnesses, "openclaw") != nil)
                    #expect(try await snapshot.description(.environments, "debian-12-x86_64") != nil)
                    for name in ["none", "../registry", "", "/etc/passwd"] {
                        #expect(try await snapshot.description(.environments, name) == nil)
                    }
                }
            }
        }
    }

    @Test func `does not have a package says which it may have been`() async throws {
        try await withWorld { world in
            try lay(try registryFiles(), in: world.scratch + "/registry")
            let snapshot = try await world.registry("./registry").open()
            let name = try #require(PackageName("pallete"))
            #expect(try await snapshot.releases(of: name) == nil)
            let diagnostic = await snapshot.unknownPackage(name)
            #expect(diagnostic.id == "registry.unknown-package")
            #expect(diagnostic.hint == "did you mean `palette`?")
        }
    }

    @Test func `keeps its state at a commit while it goes on`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            try await remote.commit(try registryFiles())
            let registry = try world.registry(remote.url)
            let old = try await registry.open()
            var files = try registryFiles()
            files["skills/charts/SKILL.md"] = "changed\n"
            files["index/pa/le/palette.jsonl"] = nil
            try await remote.commit(files)
            #expect(try await registry.open(.stored).commit == old.commit)
            let new = try await registry.open()
            #expect(new.commit != old.commit)
            #expect(try await new.packageNames() == [chartsName])
            #expect(try await old.packageNames().count == 2)
            let pinned = try await registry.open(at: try #require(old.commit))
            let release = try #require(try await pinned.releases(of: chartsName)?.first)
            #expect(try await world.fetcher().fetch(release).tree == (try digest(charts)))

            // The new commit holds other bytes than its index promises.
            let broken = try #require(try await new.releases(of: chartsName)?.first)
            let error = await #expect(throws: DiagnosticsError.self) { try await world.fetcher().fetch(broken) }
            #expect(error?.fault == .integrity)
            #expect(error?.diagnostics.first?.id == "package.digest")
            #expect(error?.diagnostics.first?.notes.contains("promised \(try digest(charts))") == true)
        }
    }

    @Test func `may be one package itself, at its root`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            let old = try await remote.commit(charts)
            for path in [#","path":"""#, ""] {
                let line =
                    #"{"name":"charts","version":"1.0.0","commit":"\#(old)"\#(path),"tree":"\#(try digest(charts))"}"#
                try await remote.commit([
                    "registry.toml": "version = 1\nname = \"x\"\n", "index/ch/ar/charts.jsonl": .text(line),
                ])
                let snapshot = try await world.registry(remote.url).open()
                let release = try #require(try await snapshot.releases(of: chartsName)?.first)
                #expect(try await world.fetcher().fetch(release).tree == (try digest(charts)))
            }
        }
    }

    @Test func `brings many packages in one request`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/remotes/r.git")
            try await remote.commit(try registryFiles())
            try await GitWebServer.serving(world.scratch + "/remotes") { server in
                let snapshot = try await world.registry(server.open + "/r.git").open()
                let names = [chartsName, paletteName]
                // What charts needs comes with it: nothing is asked for afterwards.
                await snapshot.prefetch(from: [chartsName])
                try FileSystem.rename(world.scratch + "/remotes/r.git", to: world.scratch + "/remotes/gone.git")
                var releases: [PackageRelease] = []
                for name in names { releases += try #require(try await snapshot.releases(of: name)) }
                try FileSystem.rename(world.scratch + "/remotes/gone.git", to: world.scratch + "/remotes/r.git")
                try await world.fetcher().prefetch(releases)
                // From here on all is in the cache.
                for release in releases {
                    #expect(try await world.fetcher(isOffline: true).fetch(release).tree == release.tree)
                }
            }
        }
    }

    @Test func `may name other repositories and older commits`() async throws {
        try await withWorld { world in
            let skills = try await RemoteRepository(at: world.scratch + "/skills.git")
            let old = try await skills.commit(Dictionary(uniqueKeysWithValues: charts.map { ("charts/\($0)", $1) }))
            try await skills.commit(["README.md": "moved\n"])
            var files = try registryFiles()
            files["index/ch/ar/charts.jsonl"] = .text(
                #"{"name":"charts","version":"1.0.0","git":"\#(skills.url)","commit":"\#(old)","path":"charts","tree":"\#(try digest(charts))"}"#
                    + "\n")
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            let first = try await remote.commit(files)
            var next = files
            next["index/pa/le/palette.jsonl"] = .text(
                #"{"name":"palette","version":"0.3.1","commit":"\#(first)","path":"skills/palette","tree":"\#(try digest(palette))"}"#
            )
            next["skills/palette/SKILL.md"] = "another\n"
            try await remote.commit(next)
            let snapshot = try await world.registry(remote.url).open()
            for name in [chartsName, paletteName] {
                let release = try #require(try await snapshot.releases(of: name)?.first)
                #expect(try await world.fetcher().fetch(release).tree == release.tree)
            }
        }
    }

    /// Put in by the test: as an argument it would fill the log.
    private static let long = String(repeating: "x", count: 70_000)

    @Test(arguments: [
        ("not json", "registry.bad-line"), (#"[1]"#, "no object"), (#"{"name":"charts"}"#, "`version` is missing"),
        (#"{"name":"other","version":"1.0.0","tree":"T"}"#, "`name` is not charts"),
        (#"{"name":"charts","version":"1.0","tree":"T"}"#, "`version` is not valid"),
        (#"{"name":"charts","version":"1.0.0"}"#, "`tree` is missing"),
        (#"{"name":"charts","version":"1.0.0","tree":"sha256:00"}"#, "`tree` is not valid"),
        (#"{"name":"charts","version":"1.0.0","tree":"T","git":"ext::sh"}"#, "`git` is not valid"),
        (#"{"name":"charts","version":"1.0.0","tree":"T","git":"https://h/x"}"#, "without `commit`"),
        (#"{"name":"charts","version":"1.0.0","tree":"T","commit":"abc"}"#, "`commit` is not valid"),
        (#"{"name":"charts","version":"1.0.0","tree":"T","path":"../x"}"#, "`path` is not valid"),
        (#"{"name":"charts","version":"1.0.0","tree":"T","path":7}"#, "`path` is no string"),
        (#"{"name":"charts","version":"1.0.0","tree":"T","yanked":"no"}"#, "`yanked`"),
        (#"{"name":"charts","version":"1.0.0","tree":"T","keywords":"x"}"#, "`keywords`"),
        (#"{"name":"charts","version":"1.0.0","tree":"T","dependencies":{"a b":"^1"}}"#, "`a b`"),
        (#"{"name":"charts","version":"1.0.0","tree":"T","dependencies":{"a":"oops"}}"#, "`a`"),
        (#"{"name":"charts","name":"charts","version":"1.0.0","tree":"T"}"#, "registry.bad-line"),
        (#"{"name":"charts","version":"0.9.0","tree":"T"}"#, "is there twice"),
        (
            #"{"name":"charts","version":"1.0.0","tree":"T","description":"LONG"}"#,
            "more than 65536"
        ),
    ])
    func `with a bad line names registry, file and line, and serves its other packages`(
        line: String, reason: String
    ) async throws {
        try await withWorld { world in
            var files = try registryFiles()
            let tree = try digest(charts).description
            files["index/ch/ar/charts.jsonl"] = .text(
                #"{"name":"charts","version":"0.9.0","tree":"\#(tree)"}"# + "\n"
                    + line.replacing(#""T""#, with: "\"\(tree)\"").replacing("LONG", with: Self.long) + "\n")
            try lay(files, in: world.scratch + "/registry")
            let snapshot = try await world.registry("./registry").open()
            let error = await #expect(throws: DiagnosticsError.self) { try await snapshot.releases(of: chartsName) }
            let diagnostic = try #require(error?.diagnostics.first)
            #expect(diagnostic.description.contains(reason))
            #expect(diagnostic.location?.file == world.scratch + "/registry/index/ch/ar/charts.jsonl")
            #expect(diagnostic.location?.line == 2)
            #expect(diagnostic.fault == .outside)
            #expect(try await snapshot.releases(of: paletteName)?.count == 1)
        }
    }

    @Test(arguments: [
        ("version = [", "toml."), ("", "registry.header"), ("version = 1\n", "registry.header"),
        ("version = 2\nname = \"x\"\n", "registry.format"),
        ("version = \"1\"\nname = \"x\"\n", "toml.wrong-type"), ("version = \n", "toml."),
    ])
    func `with a bad head is refused`(text: String, id: String) async throws {
        try await withWorld { world in
            try lay(["registry.toml": .text(text)], in: world.scratch + "/registry")
            let error = await #expect(throws: DiagnosticsError.self) { try await world.registry("./registry").open() }
            #expect(error?.diagnostics.first?.id.hasPrefix(id) == true)
            #expect(error?.fault == .outside && error?.diagnostics.first?.hint != nil)
        }
    }

    @Test func `that is gone, empty or none says so`() async throws {
        try await withWorld { world in
            func id(_ address: String, isOffline: Bool = false) async throws -> String? {
                let registry = try world.registry(address, isOffline: isOffline)
                do throws(DiagnosticsError) {
                    _ = try await registry.open()
                    return nil
                } catch {
                    return error.diagnostics.first?.id
                }
            }
            #expect(try await id("file://\(world.scratch)/none.git") == "git.not-found")
            #expect(try await id("file://\(world.scratch)/none.git", isOffline: true) == "git.offline")
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            #expect(try await id(remote.url) == "registry.empty")
            try await remote.commit(["README.md": "no registry\n"])
            #expect(try await id(remote.url) == "registry.none")
            #expect(try await id(remote.url + "#sub") == "registry.none")
        }
    }

    @Test(arguments: ["a", "ab", "abc", "abcd", "a-b"])
    func `finds names of any length`(name: String) async throws {
        try await withWorld { world in
            let padded = name + "____"
            let path = "index/\(padded.prefix(2))/\(padded.dropFirst(2).prefix(2))/\(name).jsonl"
            try lay(
                [
                    "registry.toml": "version = 1\nname = \"x\"\n",
                    path: .text(#"{"name":"\#(name)","version":"1.0.0","tree":"\#(try digest(charts))"}"#),
                ], in: world.scratch + "/registry")
            let snapshot = try await world.registry("./registry").open()
            #expect(try await snapshot.releases(of: try #require(PackageName(name)))?.count == 1)
            #expect(try await snapshot.packageNames().map(\.description) == [name])
        }
    }
}

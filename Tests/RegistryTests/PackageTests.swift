import Basics
import ContentStore
import Git
import Registry
import SkillModel
import TestSupport
import Testing

@Suite struct `A skill in any git repository` {
    private func prefixed(_ files: [String: RemoteRepository.File], _ path: String) -> [String: RemoteRepository.File] {
        Dictionary(uniqueKeysWithValues: files.map { ("\(path)/\($0)", $1) })
    }

    private func versions(
        _ package: GitPackage, _ reference: GitSource.Reference
    ) async throws -> [String] {
        try await package.candidates(reference).map(\.version.description)
    }

    @Test func `has the versions that its tags say`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/charts.git")
            for version in [
                "v1.0.0", "v1.2.0", "v1.10.0", "v2.0.0-rc.1", "latest", "1.5.0", "v1", "v1.2.0.1", "v01.0.0",
            ] {
                try await remote.commit(charts.merging(["v": .text(version)]) { $1 })
                try await remote.tag(version, annotated: version.hasSuffix("0"))
            }
            try await remote.commit(charts)
            let package = try world.package(remote)
            #expect(try await versions(package, .range(.any)) == ["1.10.0", "1.2.0", "1.0.0"])
            #expect(try await versions(package, .range(VersionRange("~1.2")!)) == ["1.2.0"])
            #expect(try await versions(package, .range(VersionRange(">=2.0.0-rc")!)) == ["2.0.0-rc.1"])
            #expect(try await versions(package, .newest) == ["1.10.0"])
            #expect(try await versions(package, .tag("v1.2.0")) == ["1.2.0"])
            let commit = try await remote.git("rev-parse", "v1.0.0^0")
            #expect(try await versions(package, .revision(commit)) == ["1.0.0"])
            #expect(try await versions(package, .revision(String(commit.prefix(8)))) == ["1.0.0"])

            let error = await #expect(throws: DiagnosticsError.self) {
                try await package.candidates(.range(VersionRange("^3")!))
            }
            #expect(error?.diagnostics.first?.id == "registry.no-version")
            #expect(error?.diagnostics.first?.notes.first?.contains("2.0.0-rc.1, 1.10.0, 1.2.0, 1.0.0") == true)
        }
    }

    @Test func `has a version of its own for a commit without a tag`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/charts.git")
            let commit = try await remote.commit(charts, time: 1_709_210_096)  // 2024-02-29 12:34:56 UTC
            let expected = "0.0.0-20240229123456-\(commit.prefix(12))"
            let package = try world.package(remote)
            #expect(try await versions(package, .newest) == [expected])
            #expect(try await versions(package, .branch("main")) == [expected])
            #expect(try await versions(package, .revision(commit)) == [expected])
            let later = try await remote.commit(palette, time: 1_709_210_097)
            let second = try #require(try await package.candidates(.newest).first)
            #expect(second.commit.hex == later)
            #expect(try #require(Version(expected)) < second.version)
            #expect(second.version < Version(0, 0, 1))
        }
    }

    @Test func `among others has tags with its name`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/all.git")
            let first = try await remote.commit(prefixed(charts, "skills/charts"))
            try await remote.tag("v1.0.0")
            let second = try await remote.commit(
                prefixed(charts, "skills/charts").merging(prefixed(palette, "skills/palette")) { $1 })
            try await remote.tag("charts/v1.0.0")
            try await remote.tag("charts/v1.1.0")
            try await remote.tag("palette/v9.0.0")
            let package = try world.package(remote, "skills/charts")
            let found = try await package.candidates(.range(.any))
            #expect(found.map(\.tag) == ["charts/v1.1.0", "charts/v1.0.0"])
            #expect(found.map(\.commit.hex) == [second, second])
            #expect(first != second)

            let release = try await package.release(found[0])
            #expect(release.name.description == "charts")
            let files = try await world.fetcher().fetch(release)
            #expect(files.tree == (try digest(charts)))
        }
    }

    @Test func `is found without its path when it is the only one`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/repo.git")
            try await remote.commit(prefixed(charts, "deep/charts"))
            let package = try world.package(remote)
            let release = try await package.release(package.candidates(.newest)[0])
            #expect(release.name.description == "charts")
            guard case .git(_, _, let path) = release.origin else { return #expect(Bool(false)) }
            #expect(path?.text == "deep/charts")

            try await remote.commit(prefixed(charts, "deep/charts").merging(prefixed(palette, "palette")) { $1 })
            let error = await #expect(throws: DiagnosticsError.self) {
                try await package.release(package.candidates(.newest)[0])
            }
            #expect(error?.diagnostics.first?.id == "package.several-skills")
            #expect(error?.diagnostics.first?.notes.first == "it holds deep/charts, palette")

            let wrong = try world.package(remote, "charts")
            let second = await #expect(throws: DiagnosticsError.self) {
                try await wrong.release(wrong.candidates(.newest)[0])
            }
            #expect(second?.diagnostics.first?.id == "package.no-skill")
            #expect(second?.diagnostics.first?.hint?.contains("#deep/charts") == true)
        }
    }

    @Test func `takes name, version and dependencies from its manifest`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/Repo With.git")
            try await remote.commit(
                charts.merging([
                    "skvm.toml":
                        "[package]\nname = \"graphs\"\nversion = \"3.0.0\"\n[dependencies]\npalette = \"^0.3\"\n"
                ]) { $1 })
            let package = GitPackage(url: try GitURL(remote.path), path: nil, cache: world.cache())
            let release = try await package.release(package.candidates(.newest)[0])
            #expect(release.name.description == "graphs")
            #expect(release.dependencies.map(\.name.description) == ["palette"])

            let named = GitPackage(
                url: try GitURL(remote.path), path: nil, name: PackageName("mine"), cache: world.cache())
            #expect(try await named.release(named.candidates(.newest)[0]).name.description == "mine")

            try await remote.commit(charts.merging(["skvm.toml": "[package\n"]) { $1 })
            let error = await #expect(throws: DiagnosticsError.self) {
                try await package.release(package.candidates(.newest)[0])
            }
            #expect(error?.diagnostics.first?.location?.file.hasSuffix("#skvm.toml") == true)
        }
    }

    @Test func `works offline once it was fetched, and names what is missing when not`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/charts.git")
            try await remote.commit(charts)
            try await remote.tag("v1.0.0")
            let online = try world.package(remote)
            let release = try await online.release(online.candidates(.newest)[0])
            _ = try await world.fetcher().fetch(release)
            try FileSystem.rename(remote.path, to: remote.path + ".gone")
            let offline = try world.package(remote, isOffline: true)
            let again = try await offline.release(offline.candidates(.range(.any))[0])
            #expect(again == release)
            #expect(try await world.fetcher(isOffline: true).fetch(again).tree == (try digest(charts)))
            let error = await #expect(throws: DiagnosticsError.self) {
                try await offline.release(
                    GitPackage.Candidate(
                        version: Version(1, 0, 0), commit: ObjectID(hex: String(repeating: "a", count: 40))!, tag: nil))
            }
            #expect(error?.fault == .offline)
        }
    }
}

@Suite struct `A skill in a local folder` {
    @Test func `is read as a repository would be`() async throws {
        try await withWorld { world in
            let folder = world.scratch + "/charts"
            try lay(charts, in: folder)
            try lay(
                [
                    ".git/config": "x", ".skvm/state": "x", ".DS_Store": "x", "scripts/__pycache__/a.pyc": "x",
                    "scripts/.git": "gitdir: elsewhere",
                ], in: folder)
            let release = try await FolderPackage(path: folder).release()
            #expect(release.name.description == "charts")
            #expect(release.version == Version(0, 0, 0))
            let files = try await world.fetcher().fetch(release)
            #expect(files.tree == (try digest(charts)))
            #expect(files.commit == nil)
        }
    }

    @Test func `has the version of its manifest`() async throws {
        try await withWorld { world in
            try lay(
                charts.merging(["skvm.toml": "[package]\nname = \"graphs\"\nversion = \"3.0.0\"\n"]) { $1 },
                in: world.scratch + "/x y")
            let release = try await FolderPackage(path: world.scratch + "/x y").release()
            #expect(release.name.description == "graphs")
            #expect(release.version == Version(3, 0, 0))
        }
    }

    @Test(arguments: [
        (["link": RemoteRepository.File.link("/etc/passwd")], "link"), (["a/link": .link("../../x")], "a/link"),
        (["skill.md": "x"], "kill.md"), (["back\\slash": "x"], "back\\slash"), (["a/.GIT/x": "x"], "a/.GIT"),
        (["git~1": "x"], "git~1"), (["line\nbreak": "x"], "line"),
    ])
    func `with a hostile entry is refused by name`(files: [String: RemoteRepository.File], name: String) async throws {
        try await withWorld { world in
            try lay(charts.merging(files) { $1 }, in: world.scratch + "/charts")
            let error = await #expect(throws: DiagnosticsError.self) {
                try await world.fetcher().fetch(FolderPackage(path: world.scratch + "/charts").release())
            }
            #expect(error?.diagnostics.first?.message.contains(name) == true)
        }
    }

    @Test func `that is missing or holds no skill says so`() async throws {
        try await withWorld { world in
            let first = await #expect(throws: DiagnosticsError.self) {
                try await FolderPackage(path: world.scratch + "/none").release()
            }
            #expect(first?.diagnostics.first?.id == "package.no-folder")
            let second = await #expect(throws: DiagnosticsError.self) {
                try await FolderPackage(path: world.scratch).release()
            }
            #expect(second?.diagnostics.first?.id == "package.no-skill")
        }
    }
}

@Suite struct `The default registry` {
    @Test func `promises the digests that its skills have`() async throws {
        let root = FileSystem.parent(of: FileSystem.parent(of: FileSystem.parent(of: #filePath)!)!)! + "/registry"
        try await withWorld { world in
            let snapshot = try await world.registry(root).open()
            let names = try await snapshot.packageNames()
            #expect(names.count >= 12)
            for name in names {
                for release in try #require(try await snapshot.releases(of: name)) {
                    _ = try await world.fetcher().fetch(release)
                }
            }
        }
    }
}

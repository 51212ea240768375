import Basics
import ContentStore
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// Lines of a registry's index that can't be read, lead nowhere, or say what is not so.
struct UntrueLineTests {
    // MARK: In the way of nobody

    @Test func `a version whose needs nobody has is passed over, and said to be`() async throws {
        try await withScratch { scratch in
            let start = try SourcesTests.Start(scratch)
            try start.registry.publish("charts", "1.0.0")
            try start.registry.publish("charts", "1.1.0", dependencies: ["ghost": "^1"])
            try start.depend("charts = \"^1\"")
            let report = try await start.world.build()
            #expect(report.ok)
            #expect(try start.packages() == ["charts 1.0.0"])
            let passed = report.diagnostics.filter { $0.id == "resolve.passed-over" }
            #expect(passed.count == 1 && passed[0].severity == .warning, "\(report.diagnostics)")
            for word in ["charts 1.1.0", "1.0.0", "ghost"] { #expect(passed.first?.message.contains(word) == true) }
            // Said when it is decided, and not for ever after.
            #expect(try await start.world.build().diagnostics.isEmpty)
            #expect(try await start.world.build { $0.locked = true }.ok)
        }
    }

    @Test func `and where no other version is left, who needs it is said`() async throws {
        try await withScratch { scratch in
            let start = try SourcesTests.Start(scratch)
            try start.registry.publish("slides", "1.0.0", dependencies: ["ghost": "^1"])
            try start.registry.publish("charts", "1.0.0", dependencies: ["slides": "^1"])
            try start.depend("charts = \"^1\"")
            let found = await start.world.failure { try await start.world.build() }
            #expect(found.map(\.id) == ["registry.unknown-package"] && found.first?.fault == .build, "\(found)")
            let notes = (found.first?.notes ?? []).joined(separator: "\n")
            for words in ["slides 1.0.0 needs ghost ^1, which nobody has", "the project needs charts ^1"] {
                #expect(notes.contains(words), "\(notes)")
            }
            // What the project names itself needs no such explanation.
            try start.depend("ghost = \"^1\"")
            let own = await start.world.failure { try await start.world.build() }
            #expect(own.map(\.id) == ["registry.unknown-package"], "\(own)")
            #expect(own.first?.notes.contains { $0.contains("because") } == false, "\(own)")
        }
    }

    @Test func `a package with a bad line is in the way of those alone that need it`() async throws {
        try await withScratch { scratch in
            let start = try SourcesTests.Start(scratch)
            try start.registry.publish("charts", "1.0.0")
            try start.registry.publish("charts", "1.1.0", dependencies: ["palette": "^1"])
            try start.registry.publish("slides", "1.0.0", dependencies: ["palette": "^1"])
            try write(
                ["index/pa/le/palette.jsonl": "{\"name\":\"palette\",\"version\":\"1.0.0\"\n"], in: start.registry.path)
            try start.depend("charts = \"^1\"")
            let report = try await start.world.build()
            #expect(report.ok)
            #expect(try start.packages() == ["charts 1.0.0"])
            let passed = report.diagnostics.first { $0.id == "resolve.passed-over" }
            #expect(passed?.location?.file.hasSuffix("palette.jsonl") == true, "\(report.diagnostics)")
            try start.depend("slides = \"^1\"")
            let found = await start.world.failure { try await start.world.build() }
            #expect(found.map(\.id) == ["registry.bad-line"] && found.first?.fault == .outside, "\(found)")
            #expect(found.first?.notes.contains { $0.contains("slides 1.0.0 needs palette ^1") } == true, "\(found)")
        }
    }

    @Test func `what was changed since it was seen is passed over by nobody`() async throws {
        try await withScratch { scratch in
            let start = try SourcesTests.Start(scratch)
            let served = try await Served(start, more: #","dependencies":{"palette":"^1"}"#)
            try start.world.edit("skvm.toml", "../registry", served.remote.url)
            #expect(try await start.world.build().ok)
            #expect(try start.packages() == ["charts 1.1.0", "palette 1.0.0"])
            // An older `charts` would do without the line that was changed.
            try await served.commit([
                "index/pa/le/palette.jsonl": Served.line("palette", "1.0.0", Digest(of: "another"), path: "palette")
            ])
            try FileSystem.remove(start.world.project + "/skvm.lock")
            let found = await start.world.failure { try await start.world.build() }
            #expect(found.map(\.id) == ["registry.changed-line"] && found.first?.fault == .integrity, "\(found)")
        }
    }

    // MARK: What is not so

    @Test(arguments: ["http", "file"])
    func `a registry of elsewhere can't name a repository of this machine, one of this machine can`(
        _ scheme: String
    ) async throws {
        try await withScratch { scratch in
            let start = try SourcesTests.Start(scratch)
            let own = try await RemoteRepository(at: start.world.root + "/private.git")
            let commit = try await own.commit(ProjectWorld.folder("charts", version: "1.1.0").mapValues { .text($0) })
            let served = try await Served(start, more: #","git":"\#(own.url)","commit":"\#(commit)""#, path: "")
            try await GitWebServer.serving(start.world.root + "/served") { server in
                let address = scheme == "http" ? server.open + "/registry.git" : served.remote.url
                try start.world.edit("skvm.toml", "../registry", address)
                guard scheme == "http" else {
                    #expect(try await start.world.build().ok)
                    #expect(try start.packages() == ["charts 1.1.0"])
                    return
                }
                // The other versions are what they were; that one is passed over, and said to be.
                let report = try await start.world.build()
                #expect(report.ok)
                #expect(try start.packages() == ["charts 1.0.0"])
                let passed = report.diagnostics.filter { $0.id == "resolve.passed-over" }
                #expect(passed.count == 1 && passed[0].severity == .warning, "\(report.diagnostics)")
                #expect(passed.first?.message.contains("charts 1.1.0") == true, "\(passed)")
                try FileSystem.removeTree(start.world.root + "/cache")
                #expect(try await start.world.build { $0.locked = true }.ok)
                try start.world.edit("skvm.toml", "charts = \"^1\"", "charts = \"=1.1.0\"")
                let found = await start.world.failure { try await start.world.build() }
                #expect(found.map(\.id) == ["package.local-source"], "\(found)")
                #expect(found.first?.message.contains(own.url) == true && found.first?.hint != nil, "\(found)")
                #expect(found.first?.location?.line == 2, "\(found)")
                let checked = try await start.world.workspace().checkRegistry(address)
                #expect(checked.diagnostics.map(\.id) == ["package.local-source"], "\(checked.diagnostics)")
            }
        }
    }

    @Test(arguments: [("palette", "1.0.0"), ("charts", "0.9.0"), ("charts", "1.0.0")])
    func `a line can't give a skill another name or version than its own`(
        _ name: String, _ version: String
    ) async throws {
        try await withScratch { scratch in
            let start = try SourcesTests.Start(scratch)
            let files = ProjectWorld.folder(name, version: version)
            try start.registry.publish("charts", "1.0.0", files: files)
            try start.depend("charts = \"^1\"")
            if name == "charts", version == "1.0.0" {
                #expect(try await start.world.build().ok)
                return
            }
            // Fetched, and when its tree is in the cache already.
            for _ in 0..<2 {
                let found = await start.world.failure { try await start.world.build() }
                #expect(found.map(\.id) == ["package.mislabelled"] && found.first?.fault == .integrity, "\(found)")
                #expect(found.first?.message.contains("`\(name)` \(version)") == true, "\(found)")
                #expect(!start.world.exists("skvm.lock"))
            }
            let report = try await start.world.workspace().checkRegistry(start.registry.path)
            #expect(report.diagnostics.contains { $0.id == "package.mislabelled" }, "\(report.diagnostics)")
        }
    }

    @Test func `a skill without a manifest is what the line calls it`() async throws {
        try await withScratch { scratch in
            let start = try SourcesTests.Start(scratch)
            try start.registry.publish("charts", "1.0.0", files: ProjectWorld.folder("charts"))
            try start.depend("charts = \"^1\"")
            #expect(try await start.world.build().ok)
        }
    }

    @Test func `a commit that nobody has is not locked, though the files are in the cache`() async throws {
        try await withScratch { scratch in
            let start = try SourcesTests.Start(scratch)
            let none = String(repeating: "5", count: 40)
            let served = try await Served(start, more: #","commit":"\#(none)""#)
            // The very files come into the cache by a registry that is true.
            try start.registry.publish("charts", "1.1.0", files: ProjectWorld.folder("charts", version: "1.1.0"))
            try start.depend("charts = \"^1\"")
            #expect(try await start.world.build().ok)
            try FileSystem.remove(start.world.project + "/skvm.lock")
            try start.world.edit("skvm.toml", "../registry", served.remote.url)
            let found = await start.world.failure { try await start.world.build() }
            #expect(found.map(\.id) == ["git.no-reference"] && "\(found)".contains(none), "\(found)")
            #expect(!start.world.exists("skvm.lock"))
        }
    }

    // MARK: A registry in a repository

    /// `charts` 1.0.0 and 1.1.0, the latter with more in its line, and `palette`.
    private struct Served {
        let remote: RemoteRepository
        private let files: [String: String]

        init(_ start: SourcesTests.Start, more: String, path: String = "charts/1.1.0") async throws {
            remote = try await RemoteRepository(at: start.world.root + "/served/registry.git")
            var files = ["registry.toml": "version = 1\nname = \"served\"\n"]
            var trees: [String: Digest] = [:]
            for (name, version) in [("charts", "1.0.0"), ("charts", "1.1.0"), ("palette", "1.0.0")] {
                let folder = ProjectWorld.folder(name, version: version)
                let place = name == "charts" ? "\(name)/\(version)" : name
                for (path, text) in folder { files["\(place)/\(path)"] = text }
                trees["\(name) \(version)"] = try Tree.digest(
                    folder.map { path, text in
                        TreeEntry(
                            try #require(RelativePath(path)), .file(Blob(of: Array(text.utf8)), executable: false))
                    })
            }
            files["index/ch/ar/charts.jsonl"] =
                Self.line("charts", "1.0.0", try #require(trees["charts 1.0.0"]), path: "charts/1.0.0")
                + Self.line("charts", "1.1.0", try #require(trees["charts 1.1.0"]), path: path, more: more)
            files["index/pa/le/palette.jsonl"] = Self.line(
                "palette", "1.0.0", try #require(trees["palette 1.0.0"]), path: "palette")
            self.files = files
            try await commit([:])
            try start.depend("charts = \"^1\"")
        }

        func commit(_ changes: [String: String]) async throws {
            try await remote.commit(files.merging(changes) { $1 }.mapValues { .text($0) })
        }

        static func line(
            _ name: String, _ version: String, _ tree: Digest, path: String, more: String = ""
        ) -> String {
            #"{"name":"\#(name)","version":"\#(version)","tree":"\#(tree)","path":"\#(path)"\#(more)}"# + "\n"
        }
    }
}

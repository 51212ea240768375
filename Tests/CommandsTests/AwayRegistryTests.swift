import Basics
import Formats
import TestSupport
import Testing

/// A project with packages of two registries behind web servers of their own, of which one goes away.
@Suite struct `A registry that is away` {
    struct Two: Sendable {
        var world: CommandWorld
        /// Before the registry `aa`, which has `charts`, that needs `palette`, and `ink`, that needs nothing.
        let first: FaultyNetwork
        /// Before the registry `bb`, which has `notes` and `pens`.
        let second: FaultyNetwork

        /// Commits new versions in one of the registries, by the names of its packages: version and manifest's end.
        func publish(_ registry: String, _ packages: [String: (version: String, more: String)]) async throws {
            let work = "\(world.scratch)/\(registry)"
            for (name, package) in packages {
                try write(
                    [
                        "skills/\(name)/SKILL.md": PublishWorld.skill(name, "Of \(package.version)."),
                        "skills/\(name)/skvm.toml": PublishWorld.manifest(name, package.version, package.more),
                    ], in: work)
            }
            try await world.done("registry", "index", work)
            try await world.git("-C", work, "add", "-A")
            try await world.git("-C", work, "commit", "-qm", "publish")
            try await world.git("-C", work, "push", "-q", "\(world.scratch)/remotes/\(registry).git", "HEAD:main")
        }

        func lock() throws -> String { try FileSystem.readText(world.project + "/skvm.lock") }
        func manifest() throws -> String { try FileSystem.readText(world.project + "/skvm.toml") }

        /// Every connection to `aa` breaks from now on.
        func loseFirst() throws { try first.will(.down(0, reset: true)) }

        /// Whether `work` asks neither registry for anything.
        func asksNobody(_ work: () async throws -> Void) async throws -> Bool {
            for network in [first, second] { try network.will(.whole) }
            try await work()
            return try first.received() == 0 && second.received() == 0
        }

        static func with(_ body: @escaping @Sendable (Two) async throws -> Void) async throws {
            try await withCommandWorld { bare in
                var world = bare
                for (name, value) in RemoteRepository.environment where name != "PATH" && name != "HOME" {
                    world.variables[name] = value
                }
                world.variables["SKVM_NET_RETRY"] = "0"
                for name in ["aa", "bb"] {
                    let remote = try await RemoteRepository(at: "\(world.scratch)/remotes/\(name).git")
                    try await remote.git("config", "uploadpack.allowAnySHA1InWant", "true")
                    try await world.done("registry", "init", "\(world.scratch)/\(name)")
                    try await world.git("init", "-q", "-b", "main", "\(world.scratch)/\(name)")
                }
                let known = world
                try await GitWebServer.serving(known.scratch + "/remotes") { server in
                    try await FaultyNetwork.before(server.port) { first in
                        try await FaultyNetwork.before(server.port) { second in
                            try await start(Two(world: known, first: first, second: second), body)
                        }
                    }
                }
            }
        }

        private static func start(_ two: Two, _ body: @Sendable (Two) async throws -> Void) async throws {
            try await two.publish(
                "aa",
                [
                    "charts": ("1.0.0", "[dependencies]\npalette = \"^1\"\n"), "palette": ("1.0.0", ""),
                    "ink": ("1.0.0", ""),
                ])
            try await two.publish("bb", ["notes": ("1.0.0", ""), "pens": ("1.0.0", "")])
            try two.world.writeManifest(
                [
                    "charts = { version = \"^1\", registry = \"aa\" }",
                    "notes = { version = \"^1\", registry = \"bb\" }",
                ],
                extra: """
                    [registries]
                    aa = "http://127.0.0.1:\(two.first.port)/git/aa.git"
                    bb = "http://127.0.0.1:\(two.second.port)/git/bb.git"

                    """)
            try await two.world.done("install")
            try await body(two)
        }
    }

    // MARK: What does not need it

    @Test func `stops nothing that needs none of its packages to be chosen anew`() async throws {
        try await Two.with { two in
            let world = two.world
            let remote = try await RemoteRepository(at: world.scratch + "/remotes/leaf.git")
            try await remote.commit(["SKILL.md": .text(PublishWorld.skill("leaf"))])
            try await two.publish("bb", ["notes": ("1.1.0", "")])
            try two.loseFirst()
            try await world.done("add", remote.url)
            try await world.done("add", "pens", "--registry", "bb")
            try await world.done("install", "commit-message")
            try await world.done("update", "notes")
            #expect(try two.lock().contains("name = \"notes\"\nversion = \"1.1.0\""))
            try await world.done("remove", "leaf", "pens")
            try await world.done("install")
            try await world.done("install", "--locked")
            try await world.done("lock", "--locked")
            // Nor where the cache has nothing of it: the lock has all that there is to know.
            try FileSystem.removeTree(world.cache)
            try await world.done("add", "pens", "--registry", "bb")
            try await world.done("remove", "notes")
            try await world.done("lock")
            #expect(try two.first.received() == 0)
            #expect(try two.lock().ranges(of: "version = \"1.0.0\"").count == 3)
            // But its files are nowhere.
            try await world.skvm("install")
                .expectError(6, "git.network", "the registry `aa`", "charts 1.0.0", "skvm registry add aa URL")
            try two.first.will(.whole)
            try await world.done("install")
            try await world.done("verify")
        }
    }

    @Test func `is not asked for what is locked, though it answers`() async throws {
        try await Two.with { two in
            let world = two.world
            try await two.publish("aa", ["charts": ("1.1.0", "[dependencies]\npalette = \"^1\"\n")])
            try two.first.will(.whole)
            try await world.done("add", "pens", "--registry", "bb")
            try await world.done("remove", "notes")
            #expect(try two.first.received() == 0)
            #expect(try two.lock().contains("name = \"charts\"\nversion = \"1.0.0\""))
        }
    }

    @Test func `is told of by who must choose a version of it, with the reason and the way out`() async throws {
        try await Two.with { two in
            let world = two.world
            let (lock, manifest) = (try two.lock(), try two.manifest())
            try await two.publish(
                "bb", ["pens": ("1.1.0", "[registries]\naa = \"http://127.0.0.1:\(two.first.port)/git/aa.git\"\n")])
            try two.loseFirst()
            let address = "http://127.0.0.1:\(two.first.port)/git/aa.git"
            for words in [["add", "ink", "--registry", "aa"], ["install", "ink", "--registry", "aa"]] {
                try await world.run([try CommandWorld.binary()] + words)
                    .expectError(
                        6, "git.network", "the registry `aa`", address, "--offline", "skvm registry add aa URL")
            }
            try await world.skvm("add", "palette@^2", "--registry", "aa").expectError(
                6, "git.network", "the project needs palette ^2, and skvm.lock has palette 1.0.0", "--offline")
            try await world.skvm("update", "charts").expectError(
                6, "git.network", "charts 1.0.0 is to move", "--keep-going")
            try await world.skvm("update").expectError(6, "git.network", "--keep-going")
            #expect(try two.lock() == lock)
            #expect(try two.manifest() == manifest)
            // What was last seen of it is enough where the user says so.
            try await world.done("add", "palette", "--registry", "aa", "--offline")
        }
    }

    @Test func `lets the rest go on with --keep-going, and outdated tells of it alone that nobody knows`() async throws
    {
        try await Two.with { two in
            let world = two.world
            try await two.publish("aa", ["charts": ("1.1.0", "[dependencies]\npalette = \"^1\"\n")])
            try await two.publish("bb", ["notes": ("1.1.0", "")])
            try two.loseFirst()
            for isBare in [false, true] {
                if isBare { try FileSystem.removeTree(world.cache) }
                let told = try await world.skvm("outdated", "--json")
                #expect(told.status == 6, "\(told.errorText)")
                let rows = (try told.json()["packages"]?.array ?? []).map { row in
                    ["package", "locked", "newest", "status"].map { row[$0]?.string ?? "?" }.joined(separator: " ")
                }
                #expect(
                    rows == [
                        "charts 1.0.0 ? unreachable", "notes 1.0.0 1.1.0 outdated", "palette 1.0.0 ? unreachable",
                    ], "\(rows)")
            }
            let kept = try await world.skvm("update", "--keep-going")
            kept.expectError(
                6, "git.network", "charts 1.0.0 stays as it is locked", "palette 1.0.0 stays as it is locked")
            #expect(kept.outputText.contains("notes") && kept.outputText.contains("1.0.0 → 1.1.0"))
            try two.first.will(.whole)
            try await world.done("update")
            #expect(try two.lock().contains("name = \"charts\"\nversion = \"1.1.0\""))
        }
    }

    /// The name is in both: nothing of the other one may come in its place.
    @Test func `is not stood in for by another registry that has the name`() async throws {
        try await Two.with { two in
            let world = two.world
            try await two.publish("bb", ["charts": ("1.5.0", ""), "ink": ("1.5.0", ""), "palette": ("1.5.0", "")])
            try two.loseFirst()
            try await world.skvm("add", "ink", "--registry", "aa").expectError(6, "git.network")
            let kept = try await world.skvm("update", "--keep-going")
            kept.expectError(6, "git.network")
            try await world.done("add", "pens", "--registry", "bb")
            #expect(!(try two.lock().contains("1.5.0")))
        }
    }

    @Test func `is not asked for what stands in a folder in its packages' place`() async throws {
        try await Two.with { two in
            let world = two.world
            try write(
                [
                    "local/SKILL.md": PublishWorld.skill("palette", "Mine."),
                    "local/skvm.toml": PublishWorld.manifest("palette", "1.4.0"),
                    "skvm.toml": try two.manifest() + "\n[patch.aa]\npalette = { path = \"local\" }\n",
                ], in: world.project)
            try await world.done("install")
            let before = try two.lock()
            #expect(before.contains("patched = ") && before.contains("1.4.0"))
            try two.loseFirst()
            try await world.done("add", "pens", "--registry", "bb")
            try await world.done("remove", "pens")
            #expect(try two.lock() == before)
            #expect(try two.first.received() == 0)
            // Another version of the folder is another choice.
            try write(["local/skvm.toml": PublishWorld.manifest("palette", "1.5.0")], in: world.project)
            try await world.skvm("add", "pens", "--registry", "bb").expectError(
                6, "git.network", "skvm.lock does not tell what charts 1.0.0 needs")
        }
    }

    // MARK: What is still checked

    @Test func `was rewritten meanwhile, and whoever asks it is told`() async throws {
        try await Two.with { two in
            let world = two.world
            let work = world.scratch + "/aa"
            try await world.git("-C", work, "checkout", "-q", "--orphan", "other")
            try await world.git("-C", work, "commit", "-qm", "rewritten")
            try await world.git("-C", work, "push", "-qf", "\(world.scratch)/remotes/aa.git", "HEAD:main")
            // It is none of theirs.
            try await world.done("add", "pens", "--registry", "bb")
            for words in [
                ["update"], ["update", "--keep-going"], ["update", "charts"], ["add", "ink", "--registry", "aa"],
            ] {
                try await world.run([try CommandWorld.binary()] + words).expectError(5, "git.rewritten")
            }
        }
    }

    // MARK: Nobody is asked

    @Test func `is not asked by lock where all is locked, whatever the cache has`() async throws {
        try await Two.with { two in
            let world = two.world
            for isBare in [false, true] {
                if isBare { try FileSystem.removeTree(world.cache) }
                for words in [["lock"], ["lock", "--locked"], ["lock", "--offline"], ["tree"], ["why", "palette"]] {
                    let isQuiet = try await two.asksNobody {
                        let done = try await world.run([try CommandWorld.binary()] + words)
                        #expect(done.succeeded, "\(words): \(done.errorText)")
                    }
                    #expect(isQuiet, "\(words), \(isBare)")
                }
            }
            // One line more asks for that alone.
            try write(
                [
                    "skvm.toml": try two.manifest().replacing(
                        "[dependencies]\n", with: "[dependencies]\ncommit-message = \"*\"\n")
                ],
                in: world.project)
            let isQuiet = try await two.asksNobody { try await world.done("lock") }
            #expect(isQuiet)
            #expect(try two.lock().contains("commit-message"))
        }
    }
}

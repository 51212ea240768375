import Basics
import TestSupport
import Testing

/// A project that knows one hub, `hub`, with `tides` of `harbour`.
private func withHub(
    _ body: @escaping @Sendable (CommandWorld, HubServer) async throws -> Void
) async throws {
    try await withCommandWorld { world in
        let root = world.scratch + "/hub"
        try publish("harbour", "tides", "1.0.0", in: root)
        try publish("harbour", "tides", "1.1.0", step: "Run `tide FILE`.", in: root)
        try await HubServer.serving(root) { hub in
            try world.writeManifest([], extra: "[registries]\nhub = \"\(hub.address)\"\n")
            try await body(world, hub)
        }
    }
}

private func publish(
    _ owner: String, _ slug: String, _ version: String, step: String = "Run `wc -l FILE`.",
    more: [String: String] = [:],
    in root: String
) throws {
    let files = ["SKILL.md": WebSite.skill(slug, step), "notes/read.md": "n\n"].merging(more) { $1 }
    try write(files.mapKeys { "\(owner)/\(slug)/\(version)/\($0)" }, in: root)
}

extension Dictionary {
    fileprivate func mapKeys(_ change: (Key) -> Key) -> [Key: Value] {
        Dictionary(uniqueKeysWithValues: map { (change($0.key), $0.value) })
    }
}

extension CommandWorld {
    fileprivate func text(_ file: String) throws -> String { try FileSystem.readText("\(project)/\(file)") }

    /// The same project with nothing in its cache.
    fileprivate func withEmptyCache() -> CommandWorld {
        var other = self
        other.variables["SKVM_CACHE_DIR"] = scratch + "/empty"
        return other
    }
}

@Suite struct `Packages of a ClawHub` {
    @Test func `a package is added with its owner, locked, installed and rebuilt offline`() async throws {
        try await withHub { world, hub in
            try await world.done("add", "tides", "--registry", "hub")
            #expect(
                try world.text("skvm.toml").contains(
                    "tides = { version = \"^1.1.0\", registry = \"hub\", owner = \"harbour\" }"))
            let lock = try world.text("skvm.lock")
            #expect(lock.contains("source = \"\(hub.address)#harbour\"") && lock.contains("version = \"1.1.0\""))
            try await world.done("install")
            let installed = try world.snapshot(world.project + "/.agents")
            #expect(installed["skills/tides/notes/read.md"] == "n\n")
            // The hub's own note is no part of the skill.
            #expect(installed.keys.allSatisfy { !$0.hasSuffix("_meta.json") })
            #expect(try hub.paths().filter { $0.hasSuffix("/download") }.count == 1)
            #expect(try hub.server.requests().contains { $0.contains("ownerHandle=harbour") })

            // Everything is in the cache now: the lock's package, and what the hub listed.
            try FileSystem.removeTree(world.project + "/.agents")
            try FileSystem.removeTree(world.project + "/.skvm")
            let asked = try hub.server.requests().count
            try await world.done("install", "--frozen")
            #expect(try world.snapshot(world.project + "/.agents") == installed)
            try FileSystem.remove(world.project + "/skvm.lock")
            try await world.done("update", "--offline")
            #expect(try world.text("skvm.lock") == lock)
            #expect(try hub.server.requests().count == asked)
            let empty = world.withEmptyCache()
            try await empty.skvm("install", "--locked", "--offline").expectError(4, "http.offline")
            try await world.done("vendor", "--offline")
            try await empty.done("install", "--locked", "--offline")
        }
    }

    @Test func `its newer versions are told by outdated, taken by update, and shown by info and search`() async throws {
        try await withHub { world, hub in
            try await world.done("add", "@harbour/tides@=1.0.0")
            #expect(try world.text("skvm.lock").contains("version = \"1.0.0\""))
            try world.writeManifest(
                ["tides = { version = \"^1.0\", registry = \"hub\", owner = \"harbour\" }"],
                extra: "[registries]\nhub = \"\(hub.address)\"\n")
            let current = try await world.done("outdated")
            #expect(current.outputText.contains("tides") && current.outputText.contains("1.1.0"))
            let updated = try await world.done("update", "--diff")
            #expect(updated.outputText.contains("+1. Run `tide FILE`."), "\(updated.outputText)")
            #expect(try world.text("skvm.lock").contains("version = \"1.1.0\""))
            let info = try await world.done("info", "tides")
            #expect(info.outputText.contains("1.1.0, 1.0.0") && info.outputText.contains("#harbour"))
            try publish("reef", "tide-pools", "3.0.0", in: hub.root)
            let other = try await world.done("info", "@reef/tide-pools")
            #expect(other.outputText.contains("3.0.0") && other.outputText.contains("Of reef"), "\(other.outputText)")
            let search = try await world.done("search", "tide", "--registry", "hub")
            #expect(search.outputText.contains("@harbour/tides") && search.outputText.contains("@reef/tide-pools"))
            #expect(!search.outputText.contains("listed-only"))
            let list = try await world.done("registry", "list")
            #expect(list.outputText.contains("hub: a ClawHub, \(hub.server.address)"))
        }
    }

    @Test func `all pages of versions are read, and what is no version is passed over`() async throws {
        try await withHub { world, hub in
            for version in ["0.9.0", "1.2.0-rc.1", "latest", "2024-12", "2.0.0"] {
                try publish("harbour", "tides", version, in: hub.root)
            }
            try await world.done("add", "@harbour/tides@<1.1")
            #expect(try world.text("skvm.lock").contains("version = \"1.0.0\""))
            let info = try await world.done("info", "tides")
            #expect(info.outputText.contains("2.0.0, 1.2.0-rc.1, 1.1.0, 1.0.0, 0.9.0"), "\(info.outputText)")
            try await world.skvm("add", "@harbour/tides@^9").expectError(1, "resolve.unsatisfiable")
        }
    }

    @Test func `a version that the hub withdrew stays in the lock, and is not chosen anew`() async throws {
        try await withHub { world, hub in
            try await world.done("add", "@harbour/tides@^1.0")
            try write(["harbour/tides/about.json": #"{"withdrawn": ["1.1.0"]}"#], in: hub.root)
            try await world.done("install")
            let outdated = try await world.done("outdated")
            #expect(outdated.outputText.contains("1.1.0 (yanked)"), "\(outdated.outputText)")
            try await world.done("add", "@harbour/tides@^1")
            #expect(try world.text("skvm.lock").contains("version = \"1.1.0\""))
            try await world.withEmptyCache().skvm("install", "--locked").expectError(6, "clawhub.gone")
            try await world.done("update")
            #expect(try world.text("skvm.lock").contains("version = \"1.0.0\""))
        }
    }

    @Test func `a version whose bytes changed is refused: by the lock, and without one by what was seen`() async throws
    {
        try await withHub { world, hub in
            try await world.done("add", "@harbour/tides")
            try publish("harbour", "tides", "1.1.0", step: "Run `curl x | sh`.", in: hub.root)
            try await world.withEmptyCache().skvm("install", "--locked").expectError(5, "lock.tree")
            try await world.withEmptyCache().skvm("update").expectError(5, "lock.tree")

            // Another project on this machine, which has forgotten the files and not what they were.
            for name in try FileSystem.list(world.cache) where name != "hub-v1" {
                try FileSystem.removeTree(world.cache + "/" + name)
            }
            try FileSystem.remove(world.project + "/skvm.lock")
            let refused = try await world.skvm("update")
            refused.expectError(5, "clawhub.changed", "seen before sha256:", "skvm registry accept")
            try await world.done("registry", "accept", "hub")
            try await world.done("update")
        }
    }

    @Test func `one name of two owners is asked about, and both can be had`() async throws {
        try await withHub { world, hub in
            try publish("reef", "tides", "5.0.0", in: hub.root)
            try await world.skvm("add", "tides", "--registry", "hub").expectError(
                1, "clawhub.ambiguous", "@harbour/tides, @reef/tides")
            let line = { (owner: String, range: String) in
                "package = \"tides\", version = \"\(range)\", registry = \"hub\", owner = \"\(owner)\""
            }
            try world.writeManifest(
                ["tides = { \(line("harbour", "^1")) }", "reef-tides = { \(line("reef", "^5")) }"],
                extra: "[registries]\nhub = \"\(hub.address)\"\n")
            try await world.done("install")
            let lock = try world.text("skvm.lock")
            #expect(lock.contains("#harbour\"") && lock.contains("#reef\"") && lock.contains("alias = \"reef-tides\""))
            try await world.done("install", "--locked")
        }
    }

    @Test func `what a package says in its own skvm.toml is followed, and the cooldown knows the hub's dates`()
        async throws
    {
        try await withHub { world, hub in
            try publish(
                "harbour", "kit", "1.0.0",
                more: [
                    "skvm.toml":
                        "[package]\nname = \"kit\"\nversion = \"1.0.0\"\n[dependencies]\ncommit-message = \"^1\"\n"
                ],
                in: hub.root)
            try await world.done("add", "@harbour/kit")
            let lock = try world.text("skvm.lock")
            #expect(lock.contains("\"commit-message 1."), "\(lock)")
            // Now, as JavaScript writes it; the test's machine may be a while behind.
            let now = WallClock.now() / 1_000_000
            try write(["harbour/tides/about.json": "{\"created\": {\"1.1.0\": \(now)}}"], in: hub.root)
            try world.writeManifest([], extra: "[update]\ncooldown = \"7d\"\n[registries]\nhub = \"\(hub.address)\"\n")
            try await world.done("add", "@harbour/tides")
            #expect(try world.text("skvm.toml").contains("version = \"^1.0.0\""))
            #expect(try world.text("skvm.lock").contains("version = \"1.0.0\""))
        }
    }

    @Test func `what another tool installed from it is imported at the version that it has`() async throws {
        try await withHub { world, hub in
            try FileSystem.remove(world.project + "/skvm.toml")
            try write(
                [
                    ".clawhub/lock.json": """
                    {"version": 1, "skills": {
                      "tides": {"version": "1.0.0", "installedAt": 1, "ownerHandle": "Harbour"},
                      "lost": {"version": "1.0.0", "installedAt": 1}}}
                    """,
                    "skills/tides/.clawhub/origin.json": """
                    {"version": 1, "registry": "\(hub.server.address)/", "slug": "tides", "installedVersion": "1.0.0",
                     "installedAt": 1}
                    """,
                ], in: world.project)
            let imported = try await world.done("import")
            #expect(imported.outputText.contains("1 skipped"), "\(imported.outputText)")
            let manifest = try world.text("skvm.toml")
            #expect(manifest.contains("clawhub = \"\(hub.address)\""))
            #expect(manifest.contains("tides = { version = \"=1.0.0\", registry = \"clawhub\", owner = \"harbour\" }"))
            #expect(try world.text("skvm.lock").contains("version = \"1.0.0\""))
        }
    }

    @Test func `that is down ends an import with 6, and one that nobody names is asked for`() async throws {
        try await withCommandWorld { world in
            let port = try LoopbackPort.free()
            try write(
                [
                    ".clawhub/lock.json": """
                    {"version": 1, "skills": {"tides": {"version": "1.0.0", "installedAt": 1},
                     "pools": {"version": "1.0.0", "installedAt": 1}}}
                    """
                ], in: world.project)
            let unnamed = try await world.done("import", "--dry-run")
            #expect(unnamed.errorText.contains("[import.unsupported]"))
            #expect(unnamed.errorText.contains("skvm registry add clawhub clawhub+https://"), "\(unnamed.errorText)")
            try world.writeManifest([], extra: "[registries]\nhub = \"clawhub+http://127.0.0.1:\(port)\"\n")
            let down = try await world.skvm("import")
            down.expectError(6, "http.network", "127.0.0.1:\(port)", "'tides'", "'pools'")
            #expect(!down.errorText.contains("[import.unsupported]"))
        }
    }

    @Test(arguments: [
        ("@harbour/nope", 1, "clawhub.unknown-package"), ("@nobody/tides", 1, "clawhub.unknown-package"),
        ("@harbour/../tides", 2, "add.name"), ("@../tides", 2, "add.owner"), ("@harbour", 2, "add.name"),
        ("@harbour/Tides", 2, "add.name"), ("@harbour/tides@x y", 2, "add.range"),
    ])
    func `what can't be added is said`(_ spec: String, _ status: Int32, _ id: String) async throws {
        try await withHub { world, _ in
            let before = try world.text("skvm.toml")
            try await world.skvm("add", spec).expectError(status, id)
            #expect(try world.text("skvm.toml") == before)
        }
    }

    @Test(arguments: [
        (
            "[registries]\nx = \"clawhub+http://h.example\"\n[dependencies]\na = { version = \"1\", registry = \"x\" }",
            "manifest.owner"
        ),
        ("[registries]\ndefault = \"clawhub+http://h.example\"\n", "manifest.registry"),
        ("[registries]\nx = \"clawhub+ssh://h.example\"\n", "toml.bad-value"),
        ("[registries]\nx = \"clawhub+http://u:p@h.example\"\n", "toml.bad-value"),
        ("[dependencies]\na = { version = \"1\", owner = \"o\" }", "manifest.source"),
        ("[dependencies]\na = { version = \"1\", registry = \"embedded\", owner = \"o\" }", "manifest.source"),
    ])
    func `a manifest that names a hub wrongly is told where`(_ text: String, _ id: String) async throws {
        try await withCommandWorld { world in
            try write(["skvm.toml": text + "\n"], in: world.project)
            let result = try await world.skvm("lock")
            #expect(result.status == 1 && result.errorText.contains("skvm.toml:"), "\(result.errorText)")
            #expect(result.errorText.contains("[\(id)"), "\(result.errorText)")
            #expect(!result.errorText.contains("u:p"))
        }
    }
}

import Basics
import Formats
import TestSupport
import Testing

/// A project whose default registry, a repository, has `pdf-tables`, `pdf-tabels`, `charts` and `weather`.
private func withRegistries(_ body: (CommandWorld) async throws -> Void) async throws {
    try await withCommandWorld { world in
        var world = world
        for (name, value) in RemoteRepository.environment where name != "PATH" && name != "HOME" {
            world.variables[name] = value
        }
        for (registry, names) in [
            ("one", ["pdf-tables", "pdf-tabels", "charts", "weather"]), ("two", ["charts", "wether-maps", "weater"]),
        ] {
            try await world.done("registry", "init", registry, in: world.scratch)
            for name in names {
                try write(
                    [
                        "\(name)/SKILL.md": PublishWorld.skill(name),
                        "\(name)/skvm.toml": PublishWorld.manifest(name, "1.0.0"),
                    ], in: "\(world.scratch)/\(registry)/skills")
            }
            try await world.done("registry", "index", registry, in: world.scratch)
            let folder = "\(world.scratch)/\(registry)"
            for arguments in [["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "c"]] {
                let made = try await world.run(["git", "-C", folder] + arguments)
                #expect(made.succeeded, "\(made.errorText)")
            }
        }
        try world.writeManifest(
            [],
            extra:
                "[registries]\ndefault = \"file://\(world.scratch)/one\"\nother = \"file://\(world.scratch)/two\"\n")
        try await body(world)
    }
}

@Suite struct `Names that are taken for others` {
    @Test func `are warned of when they are added, and ordinary ones are not`() async throws {
        try await withRegistries { world in
            let plain = try await world.done("add", "charts")
            #expect(!plain.errorText.contains("add."), "\(plain.errorText)")
            let doubtful = try await world.done("add", "pdf-tabels")
            #expect(
                doubtful.errorText.contains(
                    "'pdf-tabels' is like 'pdf-tables' of the registry 'default': one letter differs [add.look-alike]"),
                "\(doubtful.errorText)")
            #expect(doubtful.errorText.contains("skvm remove pdf-tabels; skvm add pdf-tables"))
            // What is in the manifest already is no news.
            let again = try await world.done("add", "pdf-tabels@^1")
            #expect(!again.errorText.contains("add.look-alike"))
            let json = try await world.done("add", "pdf-tables", "--json").json()
            #expect(json["diagnostics"]?.array?.first?["message"]?.string?.contains("of this project") == true)
        }
    }

    @Test func `of another registry are held against the default one, and nobody is asked for that`() async throws {
        try await withRegistries { world in
            // The default registry is not looked at for this, and nothing was seen of it yet.
            let first = try await world.done("add", "weater", "--registry", "other")
            #expect(!first.errorText.contains("add.look-alike"))
            try await world.done("remove", "weater")
            try await world.done("registry", "update")
            let offline = try await world.done("add", "weater", "--registry", "other", "--offline")
            #expect(
                offline.errorText.contains("'weater' is like 'weather' of the registry 'default'"),
                "\(offline.errorText)")
        }
    }

    @Test func `in two registries are told, with the one that was taken and the way to the other`() async throws {
        try await withRegistries { world in
            try await world.done("registry", "update")
            let added = try await world.done("add", "charts")
            #expect(
                added.errorText.contains(
                    "'charts' is taken from 'default', and 'other' has a package of that name, too [add.two-registries]"
                ),
                "\(added.errorText)")
            #expect(added.errorText.contains("skvm add charts --registry other"))
            try await world.done("remove", "charts")
            let other = try await world.done("add", "charts", "--registry", "other")
            #expect(other.errorText.contains("is taken from 'other', and 'default' has"), "\(other.errorText)")
        }
    }

    @Test func `with letters of another script are refused, and the letters named`() async throws {
        try await withRegistries { world in
            let refused = try await world.skvm("add", "сharts")
            refused.expectError(2, "add.name", "U+441", "if you meant `charts`")
        }
    }

    @Test func `owners like one that is known are warned of`() async throws {
        try await withCommandWorld { world in
            let root = world.scratch + "/hub"
            for (owner, name) in [("sternwarte", "charts"), ("sternwate", "notes"), ("harbour", "tides")] {
                try write(["\(owner)/\(name)/1.0.0/SKILL.md": WebSite.skill(name)], in: root)
            }
            try await HubServer.serving(root) { hub in
                try world.writeManifest([], extra: "[registries]\nhub = \"\(hub.address)\"\n")
                try await world.done("add", "@sternwarte/charts")
                let plain = try await world.done("add", "@harbour/tides")
                #expect(!plain.errorText.contains("add."), "\(plain.errorText)")
                let doubtful = try await world.done("add", "@sternwate/notes")
                #expect(
                    doubtful.errorText.contains("'sternwate', who has 'notes', is like 'sternwarte'")
                        && doubtful.errorText.contains("[add.look-alike-owner]"), "\(doubtful.errorText)")
            }
        }
    }
}

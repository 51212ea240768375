import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// Where packages come from: registries, repositories, folders, members; and what is said when they don't.
struct SourcesTests {
    struct Start {
        var world: ProjectWorld
        var registry: FolderRegistry
        var target: String

        init(_ scratch: String) throws {
            world = try ProjectWorld(scratch)
            registry = try FolderRegistry(world.root + "/registry")
            target = try world.putTarget("one")
        }

        func depend(_ lines: String, more: String = "") throws {
            try world.put([
                "skvm.toml":
                    "[dependencies]\n\(lines)\n\n[registries]\ndefault = \"../registry\"\n\n\(more)\n" + target
            ])
        }

        func packages() throws -> [String] {
            try Lockfile(parsing: Array(try world.lock.utf8)).packages.map { "\($0.id)" }
        }
    }

    @Test func `a range that no version satisfies is explained, and nothing is written`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            try start.registry.publish("charts", "1.0.2")
            try start.depend("charts = \"^2.0\"")
            let found = await start.world.failure { try await start.world.build() }
            #expect(found.count == 1 && "\(found)".contains("charts") && "\(found)".contains("^2.0"), "\(found)")
            #expect(found.allSatisfy { $0.fault == .build })
            #expect(!start.world.exists("skvm.lock"))
        }
    }

    @Test func `two packages that want different versions of a third are named`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            try start.registry.publish("palette", "1.0.0")
            try start.registry.publish("palette", "2.0.0")
            try start.registry.publish("charts", "1.0.0", dependencies: ["palette": "^1"])
            try start.registry.publish("slides", "1.0.0", dependencies: ["palette": "^2"])
            try start.depend("charts = \"*\"\nslides = \"*\"")
            let text = "\(await start.world.failure { try await start.world.build() })"
            for name in ["charts", "slides", "palette"] { #expect(text.contains(name), "\(text)") }
        }
    }

    @Test func `two names of one registry are one registry`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            for version in ["1.0.0", "1.1.0"] { try start.registry.publish("charts", version) }
            let second = "\n[registries]\nsecond = \"../../registry\"\n"
            var files = ProjectWorld.folder(
                "own", version: "1.0.0", dependencies: "charts = { version = \"=1.0.0\", registry = \"second\" }")
            files["skvm.toml"]? += second
            try start.world.put(files, at: "own")
            try start.world.put([
                "skvm.toml":
                    "[dependencies]\ncharts = \"^1\"\nown = { path = \"own\" }\n\n"
                    + "[registries]\ndefault = \"../registry\"\nsecond = \"../registry\"\n\n" + start.target
            ])
            #expect(try await start.world.build().ok)
            #expect(try start.packages() == ["charts 1.0.0", "own 1.0.0"])
            try await start.world.expectNothingToDo()
            #expect(try await start.world.build { $0.locked = true }.ok)
        }
    }

    @Test func `an unknown name comes with the name that was meant`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            try start.registry.publish("charts", "1.0.2")
            try start.depend("chrats = \"*\"")
            let found = await start.world.failure { try await start.world.build() }
            #expect("\(found)".contains("'charts'") || (found.first?.hint ?? "").contains("charts"), "\(found)")
        }
    }

    @Test func `one name from two sources is two packages, and the manifest's keeps the name`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            try start.registry.publish("palette", "0.3.1")
            try start.registry.publish("charts", "1.0.2", dependencies: ["palette": "*"])
            try start.world.put(ProjectWorld.folder("palette"), at: "mine/palette")
            try start.depend("charts = \"*\"\npalette = { path = \"mine/palette\" }")
            #expect(try await start.world.build().ok)
            let packages = try Lockfile(parsing: Array(try start.world.lock.utf8)).packages
            let palettes = packages.filter { $0.name.description == "palette" }
            #expect(palettes.count == 2 && palettes.map(\.source).contains(.path("mine/palette")))
            #expect(palettes.first { $0.source == .path("mine/palette") }?.alias == nil)
            #expect(palettes.first { $0.source != .path("mine/palette") }?.alias != nil)
            try await start.world.expectNothingToDo()
        }
    }

    @Test func `a path dependency brings its own, and what is missing is named with its line`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            try start.registry.publish("palette", "0.3.1")
            try start.world.put(
                ProjectWorld.folder("charts", dependencies: "notes = { path = \"../notes\" }\npalette = \"^0.3\""),
                at: "mine/charts")
            try start.depend("charts = { path = \"mine/charts\" }")
            let missing = await start.world.failure { try await start.world.build() }
            #expect(missing.map(\.id) == ["package.no-folder"])
            #expect(missing[0].message.contains("mine/notes"))

            try start.world.put(ProjectWorld.folder("notes"), at: "mine/notes")
            #expect(try await start.world.build().variants.map(\.package) == ["charts", "notes", "palette"])
            #expect(try start.packages() == ["charts 1.0.0", "notes 0.0.0", "palette 0.3.1"])
            try await start.world.expectNothingToDo()
            #expect(try await start.world.build { $0.locked = true }.ok)
        }
    }

    @Test func `members are found by their pattern, and a new folder is a new member`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            try world.put(["skills/.hidden/SKILL.md": ProjectWorld.skill("hidden"), "skills/empty/README.md": "r\n"])
            #expect(Set(try await world.build().variants.map(\.package)) == ["alpha", "beta"])
            try await world.expectNothingToDo()
            try world.put(["skills/empty/SKILL.md": ProjectWorld.skill("gamma")])
            let report = try await world.build()
            #expect(Set(report.variants.map(\.package)) == ["alpha", "beta", "gamma"])
            #expect(Set(report.ran.map(\.package)) == ["gamma"])
            try FileSystem.removeTree(world.project + "/skills/alpha")
            #expect(Set(try await world.build().variants.map(\.package)) == ["beta", "gamma"])
            #expect(try !world.lock.contains("alpha"))
            try await world.expectNothingToDo()
        }
    }

    @Test func `members of one name are told apart by their folders, whichever came first`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld.workspace(scratch)
            func names() async throws -> [String] {
                let report = try await world.build()
                try await world.expectNothingToDo()
                #expect(try await world.build { $0.locked = true }.ok)
                return report.variants.filter { $0.target == "one" }.map(\.package)
            }
            try world.put(ProjectWorld.folder("beta"), at: "skills/zeta")
            #expect(try await names() == ["alpha", "beta", "beta-zeta"])
            #expect(try world.lock.contains("workspace+skills/zeta"))
            // No other's name changes with one more.
            try world.put(ProjectWorld.folder("beta"), at: "skills/eta")
            #expect(try await names() == ["alpha", "beta", "beta-eta", "beta-zeta"])
            // A word that says which plugin, from a folder that is called as the skill is.
            try world.edit("skvm.toml", "[\"skills/*\"]", "[\"skills/*\", \"plugins/*/skills/*\"]")
            try world.put(ProjectWorld.folder("beta"), at: "plugins/voice/skills/beta")
            #expect(try await names() == ["alpha", "beta", "beta-eta", "beta-voice", "beta-zeta"])
        }
    }

    @Test func `what a dependency's dependency needs is locked and installed`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            try start.registry.publish("c-skill", "0.1.0")
            try start.registry.publish("b-skill", "2.0.0", dependencies: ["c-skill": "*"])
            try start.registry.publish("a-skill", "1.0.0", dependencies: ["b-skill": "^2"])
            try start.depend("a-skill = \"1\"")
            #expect(try await start.world.install().ok)
            #expect(try start.packages() == ["a-skill 1.0.0", "b-skill 2.0.0", "c-skill 0.1.0"])
            for name in ["a-skill", "b-skill", "c-skill"] {
                #expect(start.world.exists(".agents/skills/\(name)/SKILL.md"))
            }
        }
    }

    @Test func `a repository's tags are its versions, and the lock holds until the manifest asks for more`()
        async throws
    {
        try await withScratch { scratch in
            let start = try Start(scratch)
            let remote = try await RemoteRepository(at: start.world.root + "/skills.git")
            func release(_ version: String, _ sentence: String) async throws {
                var files: [String: RemoteRepository.File] = ["other/SKILL.md": .text(ProjectWorld.skill("other"))]
                for (path, text) in ProjectWorld.folder("notes", sentence) { files["notes/\(path)"] = .text(text) }
                try await remote.commit(files)
                try await remote.tag("notes/v\(version)")
            }
            try await release("1.2.0", "Never change a name.")
            try start.depend("notes = { git = \"\(remote.url)\", path = \"notes\", version = \"^1.2\" }")
            #expect(try await start.world.build().ok)
            #expect(try start.packages() == ["notes 1.2.0"])
            #expect(try start.world.lock.contains("git+\(remote.url)#notes"))

            try await release("1.3.0", "Never change a date.")
            try await start.world.expectNothingToDo()
            #expect(try start.packages() == ["notes 1.2.0"])
            #expect(try await start.world.build { $0.locked = true }.ok)

            try start.world.edit("skvm.toml", "^1.2", "^1.3")
            let report = try await start.world.build()
            #expect(
                report.lockChanges.contains { $0.contains("1.2.0") && $0.contains("1.3.0") }, "\(report.lockChanges)")
            #expect(try start.packages() == ["notes 1.3.0"])
            try await start.world.expectNothingToDo()
        }
    }

    @Test func `a colleague with the lock gets the locked commit of a repository that moved on`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            let remote = try await RemoteRepository(at: start.world.root + "/notes.git")
            func commit(_ sentence: String, _ time: Int) async throws {
                let files = ProjectWorld.folder("notes", sentence).mapValues { RemoteRepository.File.text($0) }
                try await remote.commit(files, time: time)
            }
            try await commit("Never change a name.", 1_700_000_000)
            try start.depend("notes = { git = \"\(remote.url)\" }")
            #expect(try await start.world.build().ok)
            let lock = try start.world.lock
            try await commit("Never change a date.", 1_700_100_000)
            try FileSystem.removeTree(start.world.root + "/cache")
            try FileSystem.removeTree(start.world.project + "/.skvm")
            #expect(try await start.world.build { $0.locked = true }.ok)
            #expect(try start.world.lock == lock)
        }
    }

    @Test func `a project may be a skill and depend on another`() async throws {
        try await withScratch { scratch in
            let start = try Start(scratch)
            try start.registry.publish("palette", "0.3.1")
            try start.world.put(["SKILL.md": ProjectWorld.skill("own"), "scripts/collect.py": ProjectWorld.script])
            try start.depend("palette = \"*\"", more: "[package]\nname = \"own\"\nversion = \"2.0.0\"\n")
            let report = try await start.world.build()
            #expect(report.ok, "\(report.diagnostics)")
            #expect(try start.packages() == ["own 2.0.0", "palette 0.3.1"])
            try await start.world.expectNothingToDo()
            // Its own skill is built, what it depends on is installed.
            #expect(try await start.world.install().ok)
            #expect(start.world.exists(".agents/skills/palette/SKILL.md") && !start.world.exists(".agents/skills/own"))
            try await start.world.expectNothingToDo()
        }
    }
}

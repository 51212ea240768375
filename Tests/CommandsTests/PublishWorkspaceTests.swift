import Basics
import Formats
import TestSupport
import Testing

/// `skvm publish` of several members, with real git over http.
@Suite struct `Publishing a workspace` {
    /// Two skills that need a third, and one that is nobody's business, in a repository behind a web server.
    private static func withWorkspace(
        _ body: @escaping @Sendable (PublishWorld, _ registry: String) async throws -> Void
    ) async throws {
        try await PublishWorld.with { world in
            try await GitWebServer.serving(world.remotes) { server in
                let registry = server.open + "/registry.git"
                let author = world.author
                try write(
                    [
                        "skvm.toml": "[workspace]\nmembers = [\"skills/*\"]\n[registries]\ndefault = \"\(registry)\"\n",
                        "skills/aa/SKILL.md": PublishWorld.skill("aa"),
                        "skills/aa/skvm.toml": PublishWorld.manifest(
                            "aa", "1.0.0",
                            "[dependencies]\nzz = { path = \"../zz\", version = \"^2\" }\nmm = { path = \"../mm\" }\n"),
                        "skills/mm/SKILL.md": PublishWorld.skill("mm"),
                        "skills/mm/skvm.toml": PublishWorld.manifest(
                            "mm", "0.1.0", "[dependencies]\nzz = { path = \"../zz\", version = \">=2.0, <3\" }\n"),
                        "skills/zz/SKILL.md": PublishWorld.skill("zz"),
                        "skills/zz/skvm.toml": PublishWorld.manifest("zz", "2.1.0"),
                        "skills/own/SKILL.md": PublishWorld.skill("own"),
                        "skills/own/skvm.toml": PublishWorld.manifest("own", "1.0.0").replacing(
                            "\n\n", with: "\npublish = false\n"),
                    ], in: author.project)
                try await author.git("init", "-q")
                try await author.git("remote", "add", "origin", server.open + "/skills.git")
                try await world.push()
                try await body(world, registry)
            }
        }
    }

    private static func actions(_ result: ProgramResult) throws -> [String] {
        try (result.json()["packages"]?.array ?? []).map {
            "\($0["action"]?.string ?? "") \($0["package"]?.string ?? "")"
        }
    }

    @Test func `lists all in one go, what others need first, and later only what is new`() async throws {
        try await Self.withWorkspace { world, registry in
            let author = world.author
            try await author.skvm("publish").expectError(2, "publish.several", "--workspace", "-p zz")
            let dry = try await author.done("publish", "--workspace", "--dry-run")
            #expect(
                dry.outputText == """
                    ready    zz 2.1.0    zz/v2.1.0
                    ready    mm 0.1.0    mm/v0.1.0
                    ready    aa 1.0.0    aa/v1.0.0
                    skipped  skills/own
                    dry run, nothing was changed; otherwise: publish 3 packages in default

                    """, "\(dry.outputText)")
            #expect(try await world.skills.git("tag") == "")
            #expect(try await author.git("tag") == "")
            let first = try await author.done("publish", "--workspace", "--json")
            #expect(
                try Self.actions(first)
                    == ["published zz 2.1.0", "published mm 0.1.0", "published aa 1.0.0", "skipped skills/own"])
            #expect(try await world.skills.git("tag") == "aa/v1.0.0\nmm/v0.1.0\nzz/v2.1.0")
            // All in one commit, which names them.
            #expect(try await world.registry.git("rev-list", "--count", "main") == "2")
            #expect(try await world.registry.git("log", "-1", "--format=%B", "main").contains("mm 0.1.0"))
            // The path is gone, the range stays; without one it is that of the version.
            let line = try StrictJSON.parse(Array(try await world.index("aa").utf8), file: "index")
            #expect(line["dependencies"]?["zz"]?.string == "^2" && line["dependencies"]?["mm"]?.string == "^0.1.0")
            let user = try world.user("aa = \"*\"", registry: registry)
            try await user.done("install")
            #expect(try FileSystem.list(user.project + "/.agents/skills") == ["aa", "mm", "zz"])

            let lines = try await [world.index("aa"), world.index("zz")]
            let again = try await author.done("publish", "--workspace")
            #expect(again.outputText.contains("nothing to publish") && again.outputText.contains("unchanged  aa 1.0.0"))
            // Another member's commit is no new version of the others.
            try author.edit("skills/mm/skvm.toml", "0.1.0", "0.2.0")
            try await world.push()
            let second = try await author.done("publish", "-p", "*", "--json")
            #expect(try Self.actions(second) == ["unchanged zz 2.1.0", "published mm 0.2.0", "unchanged aa 1.0.0"])
            #expect(try await [world.index("aa"), world.index("zz")] == lines)
            #expect(try await world.index("mm").split(separator: "\n").count == 2)
            // So is it for one alone.
            let one = try await author.done("publish", "--json", in: author.project + "/skills/zz").json()
            #expect(one["package"]?.string == "zz 2.1.0" && one["changed"]?.boolean == false)
            try await author.skvm("publish", "-p", "own").expectError(2, "publish.unknown", "own")
            try await author.done("registry", "check", "default")
        }
    }

    @Test func `of which one is refused publishes none, and says what is wrong with each`() async throws {
        try await Self.withWorkspace { world, _ in
            let author = world.author
            try await author.done("publish", "-p", "zz")
            let before = try await world.index("zz")
            // A listed version with other files, a skill that is none, a range that does not hold.
            try write(["skills/zz/SKILL.md": PublishWorld.skill("zz", "Always round.")], in: author.project)
            try write(["skills/mm/SKILL.md": "no front matter\n"], in: author.project)
            try author.edit("skills/aa/skvm.toml", "^2", "^3")
            try await world.push()
            let result = try await author.skvm("publish", "--workspace")
            result.expectError(1, "publish.exists", "zz", "2.1.0", "give [package] a new one")
            result.expectError(1, "parse.no-front-matter", "skills/mm/SKILL.md")
            result.expectError(1, "publish.path-version", "^3", "skills/aa/skvm.toml:")
            #expect(
                result.outputText.contains("refused  aa 1.0.0") && result.outputText.contains("nothing was published"))
            #expect(try await world.skills.git("tag") == "zz/v2.1.0")
            #expect(try await world.index("zz") == before)
            #expect(try await world.registry.git("rev-list", "--count", "main") == "2")

            // What one needs and nobody publishes is told with the way out.
            try author.edit("skills/aa/skvm.toml", "^3", "^2")
            try write(["skills/mm/SKILL.md": PublishWorld.skill("mm")], in: author.project)
            try await world.push()
            try await author.skvm("publish", "-p", "aa")
                .expectError(1, "publish.missing-dependency", "mm", "-p mm -p aa")
            try await author.skvm("publish", "-p", "aa", "-p", "mn").expectError(2, "publish.unknown", "'mm'")
            // A tag that somebody else set for one of them stops all.
            try author.edit("skills/zz/skvm.toml", "2.1.0", "2.2.0")
            try await world.push()
            try await world.skills.tag("zz/v2.2.0", "main~1")
            try await author.skvm("publish", "--workspace").expectError(1, "publish.tag-taken", "zz/v2.2.0")
            #expect(try await world.skills.git("tag") == "zz/v2.1.0\nzz/v2.2.0")
            #expect(try await world.index("mm") == "")
        }
    }

    @Test func `killed at any call of git is completed by the next`() async throws {
        try await Self.withWorkspace { world, _ in
            let bin = world.author.scratch + "/bin"
            try write(["git": InterruptedPublish.killer(bin)], in: bin)
            try FileSystem.setMode(bin + "/git", 0o755)
            var victim = world.author
            victim.variables["PATH"] = bin + ":/usr/local/bin:/usr/bin:/bin"
            var (call, version, kills) = (0, 0, 0)
            var isDone = false
            let step = world.author.variables["SKVM_FULL_MATRIX"] == nil ? 7 : 1
            while !isDone {
                call += step
                version += 1
                for (name, old) in [("aa", "1.0"), ("mm", "0.1"), ("zz", "2.1")] {
                    try world.author.edit(
                        "skills/\(name)/skvm.toml", "\"\(old).\(version - 1)\"", "\"\(old).\(version)\"")
                }
                try await world.push()
                try write(["count": "0"], in: bin)
                victim.variables["KILL_AT"] = "\(call)"
                victim.variables["KILL_WHEN"] = call % 2 == 0 ? "before" : "after"
                let killed = try await victim.skvm("publish", "--workspace")
                isDone = killed.succeeded
                // All lines or none: what a tag stands for is listed by the next run.
                let counts = try await [world.index("aa"), world.index("mm"), world.index("zz")]
                    .map { $0.split(separator: "\n").count }
                #expect(Set(counts).count == 1, "\(counts) after call \(call)")
                if isDone { break }
                kills += 1
                let next = try await world.author.skvm("publish", "--workspace")
                try #require(next.succeeded, "after call \(call): \(next.errorText)")
            }
            #expect(kills > 5)
            for name in ["aa", "mm", "zz"] {
                #expect(try await world.index(name).split(separator: "\n").count == version)
            }
            #expect(try await world.skills.git("tag").split(separator: "\n").count == 3 * version)
            #expect(try await world.registry.git("rev-list", "--count", "main") == "\(version + 1)")
            print("publish of a workspace was killed at \(kills) calls of git, and completed each time")
        }
    }

    @Test func `over a registry that is a folder`() async throws {
        try await Self.withWorkspace { world, registry in
            try await world.author.done("registry", "init", world.author.scratch + "/plain")
            try world.author.edit("skvm.toml", registry, world.author.scratch + "/plain")
            try await world.author.done("publish", "--all")
            let user = try world.user("aa = \"*\"", registry: world.author.scratch + "/plain")
            try await user.done("install")
            try await world.author.skvm("publish", "--all", "--offline").expectError(4, "publish.offline")
            let both = try await world.author.skvm("publish", "--all", "-p", "aa")
            #expect(both.status == 2 && both.errorText.contains("--workspace"), "\(both.errorText)")
        }
    }
}

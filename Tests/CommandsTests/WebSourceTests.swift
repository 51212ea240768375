import Basics
import Formats
import TestSupport
import Testing

/// What a web server hands out, in a folder that a test may change while it is served.
struct WebSite: Sendable {
    let root: String

    static func skill(_ name: String, _ step: String = "Run `wc -l FILE`.") -> String {
        CommandWorld.skill.replacing("name: own", with: "name: \(name)").replacing("Run `wc -l FILE`.", with: step)
    }

    /// Packs files as a `.tar.gz` or `.zip` below the root; what ends in `.sh` can be run.
    func pack(_ archive: String, _ files: [String: String]) async throws {
        try await withScratch { folder in
            try write(files, in: folder)
            // Python's zip keeps executable bits, as the program of that name does.
            let packer =
                archive.hasSuffix(".zip")
                ? "python3 -c 'import sys, shutil; shutil.make_archive(sys.argv[1][:-4], \"zip\", \".\")' \"$0\""
                : "tar -czf \"$0\" ."
            try FileSystem.makeDirectories(root)
            let made = try await Program(
                "sh", ["-c", "find . -name '*.sh' -exec chmod 755 {} + && \(packer)", "\(root)/\(archive)"],
                directory: folder
            ).run()
            try #require(made.succeeded, "\(made.errorText)")
        }
    }

    /// Writes an index of what lies in files below the root.
    func index(_ skills: [(name: String, type: String, file: String)], digest: String? = nil) throws {
        let entries = try skills.map { skill in
            let found = Digest(of: try FileSystem.read("\(root)/\(skill.file)")).description
            return """
                {"name": "\(skill.name)", "type": "\(skill.type)", "description": "d", "url": "/\(skill.file)",
                 "digest": "\(digest ?? found)", "later": 1}
                """
        }
        let text = """
            {"$schema": "https://schemas.agentskills.io/discovery/0.2.0/schema.json",
             "skills": [\(entries.joined(separator: ","))]}
            """
        try write([".well-known/agent-skills/index.json": text], in: root)
    }
}

private func withSite(
    _ body: @escaping @Sendable (CommandWorld, WebSite, StaticWebServer) async throws -> Void
) async throws {
    try await withCommandWorld { world in
        let site = WebSite(root: world.scratch + "/site")
        try write(
            [
                "one/SKILL.md": WebSite.skill("line-count"),
                "skvm.toml": "[package]\nname = \"kit\"\nversion = \"1.2.0\"\n[dependencies]\n",
            ], in: site.root)
        try await site.pack(
            "kit.tar.gz",
            [
                "SKILL.md": WebSite.skill("kit"), "scripts/run.sh": "#!/bin/sh\necho run\n",
                "skvm.toml": "[package]\nname = \"kit\"\nversion = \"1.2.0\"\n",
            ])
        try await site.pack(
            "wrapped.zip", ["repo-1a2b/SKILL.md": WebSite.skill("wrapped"), "repo-1a2b/notes.md": "n\n"])
        try site.index([
            (name: "line-count", type: "skill-md", file: "one/SKILL.md"),
            (name: "kit", type: "archive", file: "kit.tar.gz"),
        ])
        try world.writeManifest([])
        try await StaticWebServer.serving(site.root) { server in try await body(world, site, server) }
    }
}

@Suite struct `Skills of web servers` {
    @Test func `is what another tool's lock means by well-known`() async throws {
        try await withSite { world, site, server in
            try site.index([("line-count", "skill-md", "one/SKILL.md")])
            let bytes = try FileSystem.read(site.root + "/one/SKILL.md")
            let hash = Digest(of: Array("SKILL.md".utf8) + bytes).hex
            func lock(_ source: String, _ name: String = "line-count") -> String {
                """
                {"version": 1, "skills": {"\(name)":
                 {"source": "\(source)", "sourceType": "well-known", "computedHash": "\(hash)"}}}
                """
            }
            try FileSystem.remove(world.project + "/skvm.toml")
            try write(["skills-lock.json": lock(server.address)], in: world.project)
            let imported = try await world.done("import")
            #expect(imported.outputText.contains("the same files"), "\(imported.outputText)")
            #expect(
                try FileSystem.readText(world.project + "/skvm.toml").contains(
                    "line-count = { index = \"\(server.address)\" }"))
            #expect(
                try FileSystem.readText(world.project + "/skvm.lock").contains(
                    "source = \"index+\(server.address)#line-count\""))
            // What its index does not have may be had as a copy; a server that is down may be up in a minute.
            try write(["skills-lock.json": lock(server.address, "word-count")], in: world.project)
            let lost = try await world.done("import")
            #expect(lost.errorText.contains("[import.unsupported]") && lost.errorText.contains("has no skill"))
            let down = "http://127.0.0.1:\(try LoopbackPort.free())"
            try write(["skills-lock.json": lock(down, "word-count")], in: world.project)
            try await world.skvm("import").expectError(6, "http.network", "word-count")
        }
    }

    @Test func `a host is found to be an index, its skills are locked, installed and rebuilt offline`() async throws {
        try await withSite { world, site, server in
            try await world.done("add", "\(server.address)#line-count", server.address + "/#kit")
            let manifest = try FileSystem.readText(world.project + "/skvm.toml")
            #expect(manifest.contains("line-count = { index = \"\(server.address)\" }"))
            #expect(manifest.contains("kit = { index = \"\(server.address)\", version = \"^1.2.0\" }"))
            let lock = try FileSystem.readText(world.project + "/skvm.lock")
            #expect(lock.contains("source = \"index+\(server.address)#line-count\""))
            #expect(lock.contains("source = \"index+\(server.address)#kit\""))
            #expect(lock.contains("version = \"1.2.0\"") && lock.contains("version = \"0.0.0-tree-"))
            try await world.done("install")
            let installed = try world.snapshot(world.project + "/.agents")
            #expect(installed["skills/kit/scripts/run.sh"] == "#!/bin/sh\necho run\n")

            // The server is not needed again: not for a build, not for another project with this cache.
            try FileSystem.rename(site.root, to: site.root + ".gone")
            try await world.done("install", "--locked", "--offline")
            try FileSystem.removeTree(world.project + "/.agents")
            try FileSystem.removeTree(world.project + "/.skvm")
            try await world.done("install", "--frozen")
            #expect(try world.snapshot(world.project + "/.agents") == installed)

            // With another cache nothing is there, and it is said what.
            var other = world
            other.variables["SKVM_CACHE_DIR"] = world.scratch + "/empty"
            let offline = try await other.skvm("install", "--locked", "--offline")
            #expect(offline.status == 4, "\(offline.errorText)")
            #expect(offline.errorText.contains("index.json is not in the cache"))
            let gone = try await other.skvm("install", "--locked")
            #expect(gone.status == 6)
            #expect(gone.errorText.contains("[http.not-found]"))
            // A vendored folder does without.
            try await world.done("vendor", "--offline")
            try await other.done("install", "--locked", "--offline")
        }
    }

    @Test func `what the server changes is told by outdated, taken by update, and refused under the lock`() async throws
    {
        try await withSite { world, site, server in
            try await world.done("add", "\(server.address)#line-count")
            try await world.done("install")
            let current = try await world.done("outdated")
            #expect(current.outputText.contains("up to date"))
            try write(["one/SKILL.md": WebSite.skill("line-count", "Run `grep -c '' FILE`.")], in: site.root)
            try site.index([(name: "line-count", type: "skill-md", file: "one/SKILL.md")])

            // The cache still has what the lock pins; an empty one can't get it.
            try await world.done("install", "--locked")
            var other = world
            other.variables["SKVM_CACHE_DIR"] = world.scratch + "/empty"
            let moved = try await other.skvm("install", "--locked")
            #expect(moved.status == 6, "\(moved.errorText)")
            #expect(moved.errorText.contains("no longer has what skvm.lock pins of 'line-count'"))

            let before = try FileSystem.readText(world.project + "/skvm.lock")
            let outdated = try await world.done("outdated")
            #expect(outdated.outputText.contains("line-count"), "\(outdated.outputText)")
            let info = try await world.done("info", "line-count")
            #expect(info.outputText.contains("source: index+\(server.address)#line-count"))
            let updated = try await world.done("update", "--diff")
            #expect(updated.outputText.contains("+1. Run `grep -c '' FILE`."), "\(updated.outputText)")
            #expect(try FileSystem.readText(world.project + "/skvm.lock") != before)
            try await world.done("install")
            try await world.done("install", "--locked")
        }
    }

    @Test func `a release that is published again with other bytes is an integrity failure`() async throws {
        try await withSite { world, site, server in
            try await world.done("add", "\(server.address)#kit")
            try await site.pack(
                "kit.tar.gz",
                [
                    "SKILL.md": WebSite.skill("kit", "Run `curl x | sh`."),
                    "skvm.toml": "[package]\nname = \"kit\"\nversion = \"1.2.0\"\n",
                ])
            try site.index([(name: "kit", type: "archive", file: "kit.tar.gz")])
            let result = try await world.skvm("update")
            #expect(result.status == 5, "\(result.errorText)")
            #expect(result.errorText.contains("[lock.tree]"))
        }
    }

    @Test func `bytes that are not those of the index are not used`() async throws {
        try await withSite { world, site, server in
            let wrong = "sha256:" + String(repeating: "ab", count: 32)
            try site.index([(name: "kit", type: "archive", file: "kit.tar.gz")], digest: wrong)
            let result = try await world.skvm("add", "\(server.address)#kit")
            #expect(result.status == 5, "\(result.errorText)")
            #expect(result.errorText.contains("[web.digest]") && result.errorText.contains(wrong))
            #expect(!(try FileSystem.readText(world.project + "/skvm.toml")).contains("kit"))
        }
    }

    @Test func `archives are added by their address, with and without a folder around`() async throws {
        try await withSite { world, _, server in
            try await world.done("add", server.address + "/kit.tar.gz", server.address + "/wrapped.zip")
            let manifest = try FileSystem.readText(world.project + "/skvm.toml")
            #expect(manifest.contains("kit = { url = \"\(server.address)/kit.tar.gz\" }"))
            #expect(manifest.contains("wrapped = { url = \"\(server.address)/wrapped.zip\" }"))
            let lock = try FileSystem.readText(world.project + "/skvm.lock")
            #expect(lock.contains("source = \"url+\(server.address)/kit.tar.gz\""))
            try await world.done("install")
            #expect(try world.snapshot(world.project + "/.agents")["skills/wrapped/notes.md"] == "n\n")
            let tree = try await world.done("tree")
            #expect(tree.outputText.contains("kit 1.2.0"))
            try await world.done("remove", "wrapped")
            #expect(try world.snapshot(world.project + "/.agents")["skills/wrapped/notes.md"] == nil)

            // A digest in the manifest is held.
            let digest = String(repeating: "00", count: 32)
            try world.writeManifest(["kit = { url = \"\(server.address)/kit.tar.gz\", sha256 = \"\(digest)\" }"])
            let refused = try await world.skvm("install")
            #expect(refused.status == 5, "\(refused.errorText)")
            #expect(refused.errorText.contains("[web.digest]"))
        }
    }

    @Test(arguments: [
        ("#nope", "index.unknown-skill"), ("", "index.several-skills"), ("#line-count@^9", "registry.no-version"),
        ("/none.zip", "http.not-found"), ("/deep/nothing", "git."), ("#UPPER", "add.name"),
        ("/kit.zip?token=s3cret", "add.address"),
    ])
    func `what can't be added is said`(_ rest: String, _ id: String) async throws {
        try await withSite { world, _, server in
            let before = try FileSystem.readText(world.project + "/skvm.toml")
            let result = try await world.skvm("add", server.address + rest)
            #expect(!result.succeeded)
            #expect(result.errorText.contains("[\(id)"), "\(result.errorText)")
            #expect(!result.errorText.contains("s3cret"))
            #expect(try FileSystem.readText(world.project + "/skvm.toml") == before)
        }
    }

    @Test func `an index below a path is found where there is no repository`() async throws {
        try await withSite { world, site, server in
            try FileSystem.makeDirectories(site.root + "/team")
            try FileSystem.rename(site.root + "/.well-known", to: site.root + "/team/.well-known")
            try await world.done("add", server.address + "/team#line-count")
            let manifest = try FileSystem.readText(world.project + "/skvm.toml")
            #expect(manifest.contains("line-count = { index = \"\(server.address)/team\" }"))
        }
    }

    @Test func `two branches that added skills of one index merge without a human`() async throws {
        try await withSite { world, _, server in
            try await world.done("install")
            let base = try FileSystem.readText(world.project + "/skvm.lock")
            var sides: [String] = []
            for skill in ["line-count", "kit"] {
                try world.writeManifest(["\(skill) = { index = \"\(server.address)\" }"])
                try FileSystem.write(Array(base.utf8), to: world.project + "/skvm.lock")
                try await world.done("install")
                sides.append(try FileSystem.readText(world.project + "/skvm.lock"))
            }
            for (name, text) in zip(["base", "ours", "theirs"], [base] + sides) {
                try FileSystem.write(Array(text.utf8), to: world.project + "/\(name)")
            }
            try await world.done("lock", "merge", "base", "ours", "theirs")
            let merged = try FileSystem.readText(world.project + "/ours")
            #expect(merged.contains("#line-count\"") && merged.contains("#kit\""))
        }
    }
}

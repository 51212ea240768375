import Basics
import Formats
import TestSupport
import Testing

/// What commands answer is, with `--json`, fields and not sentences.
@Suite struct `Answers as JSON` {
    @Test func `of the targets are their parts and whether they are measured`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest()
            try await world.done("target", "add", "odd", "--model", "nobody/a", "--harness", "codex", "--force")
            let json = try await world.done("target", "list", "--json").json()
            let targets = try #require(json["targets"]?.array)
            #expect(targets.compactMap { $0["name"]?.string } == ["odd", "weak"])
            #expect(targets.compactMap { $0["measured"]?.boolean } == [false, true])
            let weak = try #require(targets.last)
            #expect(weak["model"]?.string == "qwen/qwen3.5-9b" && weak["harness"]?.string == "bare-agent")
            #expect(weak["environment"]?.string == "debian-12-x86_64" && (weak["primitives"]?.integer ?? 0) > 0)
            #expect(json["lines"] == nil && json["text"] == nil)
            let text = try await world.done("target", "list").outputText
            #expect(text.contains("odd: nobody/a on codex in host, not measured: nothing is lowered\n"), "\(text)")
        }
    }

    @Test func `of what is known are lists by kind`() async throws {
        try await withCommandWorld { world in
            let json = try await world.done("target", "list", "--known", "--json").json()
            let harnesses = json["harnesses"]?.array?.compactMap(\.string) ?? []
            let environments = json["environments"]?.array?.compactMap(\.string) ?? []
            #expect(harnesses.contains("claude-code") && environments.contains("debian-12-x86_64"))
            #expect(
                json["profiles"]?.array?.contains {
                    $0["model"]?.string == "qwen/qwen3.5-9b" && $0["harness"]?.string == "openclaw"
                } == true)
        }
    }

    @Test func `of an update of registries are the commits that each was at and is at`() async throws {
        try await withCommandWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/registry.git")
            let first = try await remote.commit(["registry.toml": "version = 1\nname = \"r\"\n"])
            try write(
                [
                    "skvm.toml": """
                    [registries]
                    default = "\(remote.url)"
                    gone = "file://\(world.scratch)/none.git"
                    hub = "clawhub+https://hub.example.org"

                    """
                ], in: world.project)
            func update(_ words: String...) async throws -> [JSONValue] {
                let result = try await world.run([try CommandWorld.binary(), "registry", "update", "--json"] + words)
                #expect(result.status == 6)
                let json = try result.json()
                #expect(json["lines"] == nil && json["dryRun"]?.boolean == !words.isEmpty)
                return json["registries"]?.array ?? []
            }
            let new = try await update()
            #expect(new.compactMap { $0["name"]?.string } == ["default", "gone", "embedded", "hub"])
            #expect(new.compactMap { $0["kind"]?.string } == ["git", "git", "embedded", "clawhub"])
            #expect(new.compactMap { $0["action"]?.string } == ["updated", "failed", "skipped", "skipped"])
            #expect(new[0]["from"] == nil && new[0]["to"]?.string == first && new[0]["url"]?.string == remote.url)
            let second = try await remote.commit(["registry.toml": "version = 1\nname = \"s\"\n"])
            for words in [["--dry-run"], []] {
                let step = words.isEmpty ? try await update() : try await update("--dry-run")
                #expect(step[0]["from"]?.string == first && step[0]["to"]?.string == second)
                #expect(step[0]["action"]?.string == "updated")
            }
            #expect(try await update()[0]["action"]?.string == "unchanged")
        }
    }

    @Test func `of registries are what each is, and which one plain names come from`() async throws {
        try await withCommandWorld { world in
            try write(["registry/registry.toml": "version = 1\nname = \"r\"\n"], in: world.scratch)
            let folder = world.scratch + "/registry"
            try write(
                [
                    "skvm.toml": """
                    [registries]
                    default = "\(folder)"
                    gone = "file://\(world.scratch)/none.git"
                    hub = "clawhub+https://hub.example.org"

                    """
                ], in: world.project)
            let json = try await world.skvm("registry", "list", "--json").json()
            let registries = try #require(json["registries"]?.array)
            func values(_ key: String) -> [String?] { registries.map { $0[key]?.string } }
            #expect(values("name") == ["default", "gone", "embedded", "hub"])
            #expect(values("kind") == ["folder", "git", "embedded", "clawhub"])
            #expect(values("url")[2] == nil && values("url")[0] == folder)
            #expect(registries.map { $0["available"]?.boolean } == [true, false, true, true])
            #expect(registries.map { $0["isDefault"]?.boolean } == [true, false, false, false])
            #expect(registries[0]["packages"]?.integer == 0 && registries[1]["packages"] == nil)
            #expect(json["ok"]?.boolean == false && json["diagnostics"]?.array?.isEmpty == false)
        }
    }

    @Test func `of doctor are programs, cache, project and what descriptions cost`() async throws {
        try await withCommandWorld { world in
            let nowhere = try await world.done("doctor", "--json").json()
            #expect(nowhere["project"] == nil && nowhere["listings"]?.array == [])
            try world.writeManifest()
            try await world.done("install")
            let json = try await world.done("doctor", "--json").json()
            let git = try #require(json["programs"]?.array?.first)
            #expect(git["name"]?.string == "git" && git["version"]?.string?.hasPrefix("git version") == true)
            #expect(git["path"]?.string?.hasSuffix("/git") == true)
            #expect(json["cache"]?["path"]?.string == world.cache && (json["cache"]?["actions"]?.integer ?? 0) > 0)
            #expect(json["project"]?["root"]?.string == world.project && json["project"]?["targets"]?.integer == 1)
            #expect(json["project"]?["locked"]?.boolean == true)
            let listing = try #require(json["listings"]?.array?.first)
            #expect(listing["target"]?.string == "weak" && listing["skills"]?.integer == 1)
        }
    }

    @Test func `of the cache and its collection are numbers`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest()
            try await world.done("install")
            let cache = try await world.done("cache", "--json").json()
            #expect(cache["path"]?.string == world.cache && (cache["actions"]?.integer ?? 0) > 0)
            let bytes = try #require(cache["blobs"]?["bytes"]?.integer)
            let text = try await world.done("cache").outputText
            #expect(text.contains(" of \(ByteCount.shown(Int64(bytes)))\n"), "\(text)")
            let dry = try await world.done("gc", "--days", "0", "--dry-run", "--json").json()
            #expect(dry["dryRun"]?.boolean == true && dry["kept"]?["blobs"]?["count"]?.integer != nil)
            let said = try await world.done("gc", "--days", "0")
            #expect(said.outputText.hasPrefix("removed ") && said.outputText.contains("; kept "), "\(said.outputText)")
            #expect(try await world.done("gc", "-q").output.isEmpty)
        }
    }

    @Test(arguments: [
        (Int64(0), "0 bytes"), (1, "1 byte"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (100_672, "98 KiB"),
        (5 << 30, "5.0 GiB"),
    ])
    func `a size is shown in the unit that fits`(count: Int64, text: String) {
        #expect(ByteCount.shown(count) == text)
    }
}

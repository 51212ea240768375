import Basics
import ContentStore
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// What installed descriptions cost a harness's list of skills.
struct ListingTests {
    private func start(
        _ scratch: String, _ length: Int, _ target: String, model: String = "qwen/qwen3.5-9b",
        harness: String = "claude-code"
    ) throws -> ProjectWorld {
        let world = try ProjectWorld(scratch)
        let words = String(repeating: "word ", count: length / 5)
        try world.put([
            "skvm.toml": """
            [dependencies]
            knots = { path = "./knots" }
            [targets.one]
            model = "\(model)"
            harness = "\(harness)"
            environment = "debian-12-x86_64"
            \(target)
            """,
            "knots/SKILL.md": "---\nname: knots\ndescription: \(words)\n---\n# Knots\n\nTie one.\n",
        ])
        return world
    }

    @Test func `descriptions within the limit are silent, and doctor tells what they cost`() async throws {
        try await withScratch { scratch in
            let world = try start(scratch, 100, "")
            let report = try await world.install()
            #expect(!report.diagnostics.contains { $0.id.hasPrefix("install.listing") })
            let doctor = try await world.workspace().doctor()
            #expect(
                doctor.text.contains("\nlisting of one: 1 skill, 108 of 10484 characters in Claude Code"),
                "\(doctor.text)")
            #expect(doctor.listings.map(\.characters) == [108] && doctor.listings.first?.limit == 10484)
        }
    }

    @Test func `past the limit an installation warns, with the limit's source and what costs most`() async throws {
        try await withScratch { scratch in
            let world = try start(scratch, 200, "listing = 150")
            let report = try await world.install()
            #expect(report.ok)
            let warning = try #require(report.diagnostics.first { $0.id == "install.listing" })
            #expect(warning.severity == .warning && warning.message.contains("lists 150"))
            #expect(warning.notes.first == "the limit is from [targets.one] of skvm.toml")
            #expect(warning.notes.contains { $0.contains("knots") })
            // The next run, which has nothing to do, still says so.
            #expect(try await world.install().diagnostics.contains { $0.id == "install.listing" })
        }
    }

    @Test func `skills that others put there count, those that only the user calls do not`() async throws {
        try await withScratch { scratch in
            let world = try start(scratch, 100, "")
            for number in 0..<9 {
                try world.put([
                    ".claude/skills/other-\(number)/SKILL.md":
                        "---\nname: other-\(number)\ndescription: \(String(repeating: "x", count: 1000))\n---\n# X\n"
                ])
            }
            try world.put([
                ".claude/skills/quiet/SKILL.md":
                    "---\nname: quiet\ndescription: q\ndisable-model-invocation: true\n---\n# Q\n",
                ".claude/skills/long/SKILL.md":
                    "---\nname: long\ndescription: \(String(repeating: "é", count: 1600))\n---\n# L\n",
            ])
            let report = try await world.install()
            let warning = try #require(report.diagnostics.first { $0.id == "install.listing" })
            #expect(warning.message.contains("11 skills"))
            let cut = try #require(report.diagnostics.first { $0.id == "install.listing-cut" })
            #expect(cut.notes == [".claude/skills/long"])
        }
    }

    @Test func `folders of others that the harness reads count, and a name counts once`() async throws {
        try await withScratch { scratch in
            let world = try start(scratch, 100, "", harness: "opencode")
            func skill(_ name: String, _ length: Int) -> String {
                "---\nname: \(name)\ndescription: \(String(repeating: "x", count: length))\n---\n# X\n"
            }
            try world.put([
                ".claude/skills/knots/SKILL.md": skill("knots", 150), ".claude/skills/a/SKILL.md": skill("a", 10),
                ".agents/skills/b/SKILL.md": skill("b", 10), ".cursor/skills/c/SKILL.md": skill("c", 10),
            ])
            try write(["SKILL.md": skill("d", 10)], in: world.root + "/home/.agents/skills/d")
            try await world.install()
            let listing = try #require(try await world.workspace().doctor().listings.first)
            #expect(listing.skills == 4 && listing.characters == 159 + 3 * 15, "\(listing)")
        }
    }

    // MARK: The model's window

    @Test(arguments: [
        ("", 10484, "registry", 262_144), ("context = 32768", 1308, "context", 32_768),
        ("context = 32768\nlisting = 500", 500, "target", 32_768),
    ])
    func `the target's own limit weighs most, then its window, then a registry's`(
        _ lines: String, _ limit: Int, _ origin: String, _ window: Int
    ) async throws {
        try await withScratch { scratch in
            let world = try start(scratch, 100, lines)
            try await world.install()
            let listing = try #require(try await world.workspace().doctor().listings.first)
            #expect(listing.limit == limit && listing.limitFrom == origin && listing.window == window)
            #expect(listing.unit == .characters && listing.model == "qwen/qwen3.5-9b")
            let place = "[targets.one] of skvm.toml"
            let address = "https://huggingface.co/Qwen/Qwen3.5-9B"
            #expect(listing.windowSource == (origin == "registry" ? address : place))
            let from = origin == "target" ? "the limit is from \(place)" : "the window is from "
            #expect(listing.notes.contains { $0.hasPrefix(from) }, "\(listing.notes)")
        }
    }

    @Test func `where nobody knows the window, the harness's own number counts, and the way to another is told`()
        async throws
    {
        try await withScratch { scratch in
            let world = try start(scratch, 1500, "", model: "acme/unknown-1")
            for number in 0..<6 {
                try world.put([
                    ".claude/skills/other-\(number)/SKILL.md":
                        "---\nname: other-\(number)\ndescription: \(String(repeating: "x", count: 1200))\n---\n# X\n"
                ])
            }
            let report = try await world.install()
            let warning = try #require(report.diagnostics.first { $0.id == "install.listing" })
            #expect(warning.message.contains("Claude Code lists 8000"))
            #expect(warning.notes.first?.contains("nobody tells that of acme/unknown-1") == true, "\(warning.notes)")
            #expect(warning.hint?.contains("write context = TOKENS") == true)
            let listing = try #require(try await world.workspace().doctor().listings.first)
            #expect(listing.limitFrom == "harness" && listing.window == nil && listing.windowSource == nil)
        }
    }

    @Test func `a window that changes reruns nothing and changes no lock`() async throws {
        try await withScratch { scratch in
            let world = try start(scratch, 100, "")
            try await world.install()
            let lock = try world.lock
            try world.edit("skvm.toml", "environment = ", "context = 8192\nenvironment = ")
            let report = try await world.install()
            #expect(report.ran.isEmpty && report.lockChanges.isEmpty)
            #expect(try world.lock == lock)
            #expect(try await world.workspace().doctor().listings.first?.limit == 324)
            try world.edit("skvm.toml", "context = 8192", "context = 1024")
            let warned = try await world.install { $0.locked = true }
            #expect(warned.ran.isEmpty && warned.diagnostics.contains { $0.id == "install.listing" })
        }
    }

    @Test func `Codex counts bytes, and the paths that it lists`() async throws {
        try await withScratch { scratch in
            let world = try start(scratch, 100, "context = 10000", harness: "codex")
            try world.put([".agents/skills/knots-too/SKILL.md": "---\nname: knots-too\ndescription: é\n---\n# K\n"])
            try await world.install()
            let listing = try #require(try await world.workspace().doctor().listings.first)
            #expect(listing.limit == 800 && listing.unit == .bytes)
            // "- knots: …99… (knots/SKILL.md)" and "- knots-too: é (knots-too/SKILL.md)".
            #expect(listing.characters == 108 + 17 + 14 + 21 && listing.bytes == listing.characters + 1)
            let text = try await world.workspace().doctor().text
            #expect(text.contains("2 skills, 161 of 800 bytes in OpenAI Codex"), "\(text)")
        }
    }

    @Test func `what a harness lists besides the description counts, too`() async throws {
        try await withScratch { scratch in
            let world = try start(scratch, 100, "")
            try world.put([
                "knots/SKILL.md":
                    "---\nname: knots\ndescription: Ties.\nwhen_to_use: At sea.\n---\n# Knots\n\nTie one.\n"
            ])
            try await world.install()
            let listing = try #require(try await world.workspace().doctor().listings.first)
            #expect(listing.characters == "- knots: Ties. - At sea.".count)
        }
    }

    @Test func `where the harness states no limit, the share of the window is told, and nothing warned of`()
        async throws
    {
        try await withScratch { scratch in
            let world = try start(scratch, 400, "context = 4096", harness: "opencode")
            #expect(try await world.install().diagnostics.allSatisfy { !$0.id.hasPrefix("install.listing") })
            let listing = try #require(try await world.workspace().doctor().listings.first)
            #expect(listing.limit == nil && listing.unit == nil && listing.limitFrom == nil && listing.window == 4096)
            #expect(listing.text.contains("about 102 tokens of each session, 2.4% of the window\n"), "\(listing.text)")
            #expect(listing.text.hasSuffix("\n  the window is from [targets.one] of skvm.toml"))
        }
    }

    @Test func `a project's registry is asked before the one inside skvm, and what is no model's file is passed over`()
        async throws
    {
        try await withScratch { scratch in
            let world = try start(scratch, 100, "")
            try world.edit("skvm.toml", "[targets.one]", "[registries]\nours = \"./ours\"\n[targets.one]")
            let file = "ours/models/qwen--qwen3.5-9b.toml"
            let text = "version = 1\nmodel = \"qwen/qwen3.5-9b\"\ncontext = 100_000\nsource = \"our cluster\"\n"
            try world.put(["ours/registry.toml": "version = 1\nname = \"ours\"\n", file: text])
            try await world.install()
            func listing() async throws -> DoctorReport.Listing {
                try #require(try await world.workspace().doctor().listings.first)
            }
            let ours = try await listing()
            #expect(ours.window == 100_000 && ours.windowSource == "our cluster")
            for broken in [
                text.replacing("qwen3.5-9b", with: "other"), text + "more = 1\n",
                text.replacing("100_000", with: "128"), "\u{0}",
            ] {
                try world.put([file: broken])
                #expect(try await listing().window == 262_144, "\(broken)")
            }
        }
    }

    @Test func `of a registry elsewhere counts what was read when it was asked, and nobody is asked for it`()
        async throws
    {
        try await withScratch { scratch in
            let world = try start(scratch, 100, "")
            let remote = try await RemoteRepository(at: world.root + "/ours.git")
            try await remote.commit([
                "registry.toml": "version = 1\nname = \"ours\"\n",
                "models/qwen--qwen3.5-9b.toml":
                    "version = 1\nmodel = \"qwen/qwen3.5-9b\"\ncontext = 50_000\nsource = \"our cluster\"\n",
            ])
            try world.edit("skvm.toml", "[targets.one]", "[registries]\nours = \"\(remote.url)\"\n[targets.one]")
            try await world.install()
            try FileSystem.removeTree(remote.path)
            let listing = try #require(try await world.workspace { $0.offline = true }.doctor().listings.first)
            #expect(listing.window == 50_000 && listing.windowSource == "our cluster")
        }
    }

    @Test func `a lock of before, whose harness said what it lists, stays as it is`() async throws {
        try await withScratch { scratch in
            let world = try start(scratch, 100, "")
            try await world.install()
            // As skvm stored it when the listing was a part of what a lock pins.
            let locked = try #require(try Lockfile(parsing: Array(world.lock.utf8)).targets.first)
            let now = String(decoding: try #require(try world.store.get(locked.harness)), as: UTF8.self)
            #expect(!now.contains("listing"))
            let before = now.replacing(
                "\"name\":", with: "\"listing\":{\"characters\":8000,\"source\":\"s\"},\"name\":", maxReplacements: 1)
            let digest = try world.store.put(Array(before.utf8)).digest
            try world.edit("skvm.lock", locked.harness.description, digest.description)
            let lock = try world.lock
            #expect(try await world.install { $0.locked = true }.ok)
            #expect(try world.lock == lock)
            #expect(try await world.workspace().doctor().listings.first?.limit == 10484)
        }
    }
}

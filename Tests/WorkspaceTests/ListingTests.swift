import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// What installed descriptions cost a harness's list of skills.
struct ListingTests {
    private func start(_ scratch: String, _ length: Int, _ target: String) throws -> ProjectWorld {
        let world = try ProjectWorld(scratch)
        let words = String(repeating: "word ", count: length / 5)
        try world.put([
            "skvm.toml": """
            [dependencies]
            knots = { path = "./knots" }
            [targets.one]
            model = "qwen/qwen3.5-9b"
            harness = "claude-code"
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
                doctor.text.contains("\nlisting of one: 1 skill, 108 of 8000 characters in Claude Code"),
                "\(doctor.text)")
            #expect(doctor.listings.map(\.characters) == [108] && doctor.listings.first?.limit == 8000)
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
}

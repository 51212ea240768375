import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

private func skill(_ name: String, _ text: String) -> RemoteRepository.File {
    .text("---\nname: \(name)\ndescription: Does \(text).\n---\n# \(text)\n")
}

/// What `skvm add` does where a name is taken by a skill from elsewhere.
struct AddedNamesTests {
    private struct Start {
        var world: ProjectWorld
        var remote: RemoteRepository

        init(_ scratch: String, _ manifest: String = "[dependencies]\n") async throws {
            world = try ProjectWorld(scratch)
            try world.put(["skvm.toml": manifest])
            remote = try await RemoteRepository(at: world.root + "/market.git")
            _ = try await remote.commit([
                ".claude-plugin/marketplace.json": """
                {"name": "m", "plugins": [{"name": "voice", "source": "./plugins/voice"},
                  {"name": "status", "source": "./plugins/status"}]}
                """,
                "plugins/voice/skills/setup/SKILL.md": skill("setup", "voice"),
                "plugins/voice/skills/health/SKILL.md": skill("health", "voice"),
                "plugins/status/skills/setup/SKILL.md": skill("setup", "status"),
                "plugins/status/skills/ignore/SKILL.md": skill("ignore", "status"),
            ])
        }

        func add(_ specs: String..., registry: String? = nil) async throws -> BuildReport {
            try await world.workspace().add(specs.map { remote.url + $0 }, registry: registry, install: false)
        }

        func dependencies() throws -> [String] {
            try Manifest(parsing: Array(try world.manifest.utf8)).dependencies.map { dependency in
                guard case .git(let source) = dependency.source else { return "\(dependency.name)" }
                return "\(dependency.name) = \(dependency.ownName) \(source.path?.text ?? ".")"
            }.sorted()
        }
    }

    private static let both = [
        "health = health plugins/voice/skills/health", "ignore = ignore plugins/status/skills/ignore",
        "setup = setup plugins/voice/skills/setup", "setup-status = setup plugins/status/skills/setup",
    ]

    @Test(arguments: [true, false])
    func `a plugin's skill whose name is taken gets one of its own`(atOnce: Bool) async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            var report: BuildReport
            if atOnce {
                report = try await start.add("#voice", "#status")
            } else {
                _ = try await start.add("#voice")
                report = try await start.add("#status")
            }
            #expect(report.ok)
            #expect(report.diagnostics.map(\.id) == ["add.renamed"])
            #expect(report.diagnostics[0].message.contains("called setup-status here"))
            #expect(try start.dependencies() == Self.both)
            // Once more is no change, and says nothing.
            let before = try start.world.manifest
            report = try await start.add("#status", "#voice")
            #expect(report.diagnostics.isEmpty && report.lockChanges.isEmpty)
            #expect(try start.world.manifest == before)
        }
    }

    @Test func `one that was named with its source takes the place of another's, and that is said`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            _ = try await start.add("#plugins/voice/skills/setup")
            let report = try await start.add("#plugins/status/skills/setup")
            #expect(report.ok)
            #expect(report.diagnostics.map(\.id) == ["add.replaced"])
            #expect(report.diagnostics[0].message.contains("#plugins/voice/skills/setup, and comes from"))
            #expect(try start.dependencies() == ["setup = setup plugins/status/skills/setup"])
        }
    }

    @Test func `of two that one command line names, none takes the other's place`() async throws {
        try await withScratch { scratch in
            let start = try await Start(scratch)
            let report = try await start.add("#plugins/voice/skills/setup", "#plugins/status/skills/setup")
            #expect(report.ok)
            #expect(
                try start.dependencies() == [
                    "setup = setup plugins/voice/skills/setup", "setup-status = setup plugins/status/skills/setup",
                ])
        }
    }

    @Test func `one that the manifest has under another name keeps that name`() async throws {
        try await withScratch { scratch in
            let start = try await Start(
                scratch,
                """
                [dependencies]
                mine = { package = "setup", git = "file://\(scratch)/market.git", path = "plugins/voice/skills/setup" }

                """)
            try #require(start.remote.url == "file://\(scratch)/market.git")
            let report = try await start.add("#voice")
            #expect(report.ok && report.diagnostics.isEmpty)
            #expect(
                try start.dependencies() == [
                    "health = health plugins/voice/skills/health", "mine = setup plugins/voice/skills/setup",
                ])
        }
    }
}

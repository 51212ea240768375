import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// A skill of a repository that names its siblings by path, taken from there without a registry.
@Suite struct `A repository of skills that depend on one another` {
    private func withRepository(
        _ dependency: String, _ body: (SourcesTests.Start, RemoteRepository) async throws -> Void
    ) async throws {
        try await withScratch { scratch in
            let start = try SourcesTests.Start(scratch)
            let remote = try await RemoteRepository(at: start.world.root + "/skills.git")
            var files: [String: RemoteRepository.File] = [:]
            for (name, version, lines) in [("charts", "1.0.0", dependency), ("palette", "0.3.1", "")] {
                for (file, text) in ProjectWorld.folder(name, version: version, dependencies: lines) {
                    files["skills/\(name)/\(file)"] = .text(text)
                }
            }
            try await remote.commit(files)
            try await remote.tag("charts/v1.0.0")
            try await remote.tag("palette/v0.3.1")
            files["skills/palette/SKILL.md"] = .text(ProjectWorld.skill("palette", "Later."))
            try await remote.commit(files)
            try await remote.tag("palette/v0.3.2")
            try await remote.tag("palette/v0.4.0")
            try await body(start, remote)
        }
    }

    @Test func `takes the newest sibling in the range that stands beside the path`() async throws {
        try await withRepository("palette = { path = \"../palette\", version = \"^0.3\" }") { start, remote in
            try start.depend("charts = { git = \"\(remote.url)\", path = \"skills/charts\", version = \"^1\" }")
            #expect(try await start.world.build().ok)
            #expect(try start.packages() == ["charts 1.0.0", "palette 0.3.2"])
            #expect(try start.world.lock.contains("#skills/palette"))
            try await start.world.expectNothingToDo()
            #expect(try await start.world.build { $0.locked = true }.ok)
            let why = try await start.world.workspace().why("palette")
            #expect(why.chains.first?.steps.last?.required == "../palette ^0.3", "\(why)")
        }
    }

    @Test(arguments: [
        ("palette = { path = \"../palette\" }", "version = \"^1\""),
        ("palette = { path = \"../palette\", version = \"^0.3\" }", "tag = \"charts/v1.0.0\""),
        // No tag is in the range: what the author had beside it.
        ("palette = { path = \"../palette\", version = \"^0.3.5\" }", "version = \"^1\""),
    ])
    func `takes the sibling of the very commit where no version is to be chosen`(
        dependency: String, reference: String
    ) async throws {
        try await withRepository(dependency) { start, remote in
            try start.depend("charts = { git = \"\(remote.url)\", path = \"skills/charts\", \(reference) }")
            #expect(try await start.world.build().ok)
            let first = try await remote.git("rev-parse", "charts/v1.0.0")
            #expect(try start.packages() == ["charts 1.0.0", "palette 0.3.1"])
            #expect(try start.world.lock.split(separator: "\n").filter { $0.contains(first) }.count == 2)
            try await start.world.expectNothingToDo()
        }
    }

    @Test(arguments: ["../../../palette", "/palette", "../../../../../etc", "../nowhere", ".."])
    func `is told of a path that leads out of it or nowhere`(path: String) async throws {
        try await withRepository("palette = { path = \"\(path)\" }") { start, remote in
            try start.depend("charts = { git = \"\(remote.url)\", path = \"skills/charts\", version = \"^1\" }")
            let found = await start.world.failure { try await start.world.build() }
            #expect(found.contains { ["package.no-folder", "package.no-skill"].contains($0.id) }, "\(found)")
            #expect(!start.world.exists("skvm.lock"))
        }
    }
}

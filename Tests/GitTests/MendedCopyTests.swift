import Basics
import Git
import TestSupport
import Testing

@Suite struct `A cached copy` {
    @Test(arguments: ["config", "HEAD"], ["", "[core\n", "\u{1}", "[core]\n\trepositoryformatversion = x\n"])
    func `whose configuration was damaged heals`(file: String, text: String) async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/r.git")
            let first = try #require(ObjectID(hex: try await remote.git("rev-parse", "main")))
            _ = try await world.open(remote.url).entries(of: RelativePath("skills/skill-1"), at: first)
            let path = "\(try world.cached())/\(file)"
            let right = try FileSystem.read(path)
            try FileSystem.write(Array(text.utf8), to: path)
            _ = try await world.open(remote.url).references()
            #expect(try FileSystem.read(path) == right)
            // For what only looks, and for what fetches.
            try FileSystem.write(Array(text.utf8), to: path)
            _ = try await world.open(remote.url).presentReferences()
            try FileSystem.write(Array(text.utf8), to: path)
            _ = try await world.open(remote.url).entries(of: RelativePath("skills/skill-2"), at: first)
            #expect(try FileSystem.read(path) == right)
        }
    }
}

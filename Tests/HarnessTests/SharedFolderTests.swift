import Basics
import ContentStore
import TestSupport
import Testing

@testable import Harness

/// Two harnesses that look into one folder.
struct SharedFolderTests {
    /// A variant that differs from others of the same text in nothing but what it says of its target.
    private func variant(_ world: InstallWorld, _ text: String, for target: String) throws -> Digest {
        let first = text.utf8.count + 7
        let offsets = "[\(first),\(first + Relocator.token.utf8.count + 14)]"
        return try world.variant(
            text,
            extra: [
                Relocator.listPath: "{\"relocations\":[{\"file\":\"SKILL.md\",\"offsets\":\(offsets)}],"
                    + "\"target\":\"\(target)\",\"version\":1}"
            ])
    }

    @Test func `own a skill once where they would read the same, and go one by one`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let (a, b) = (try variant(world, "one", for: "a"), try variant(world, "one", for: "b"))
            let requests = [
                world.request("s", world.first, b, target: "b"), world.request("s", world.first, a, target: "a"),
            ]
            let plan = try world.installer.install(requests, removesOthers: true)
            #expect(plan.diagnostics.isEmpty && plan.skills.map(\.action) == [.create])
            let record = try #require(try world.installer.state.installed().first)
            #expect(record.targets == ["a", "b"] && record.tree == a)
            #expect(try world.installer.install(requests, removesOthers: true).isNoOp)

            // The first goes: the skill stays, as the other's.
            let rest = try world.installer.install([requests[0]], removesOthers: true)
            #expect(rest.skills.map(\.action) == [.replace])
            let left = try #require(try world.installer.state.installed().first)
            #expect(left.targets == ["b"] && left.tree == b)
            #expect(FileSystem.exists(world.first + "/s/SKILL.md"))
            _ = try world.installer.install([], removesOthers: true)
            #expect(!FileSystem.exists(world.first + "/s"))
        }
    }

    @Test func `are refused what they would not read the same`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let plan = try world.installer.install(
                [
                    world.request("s", world.first, try variant(world, "one", for: "a"), target: "a"),
                    world.request("s", world.first, try variant(world, "two", for: "b"), target: "b"),
                ], removesOthers: true)
            #expect(plan.diagnostics.map(\.id) == ["install.conflict"])
            #expect(!FileSystem.exists(world.first + "/s"))
        }
    }
}

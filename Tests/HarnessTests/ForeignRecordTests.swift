import Basics
import ContentStore
import TestSupport
import Testing

@testable import Harness

/// A record of what is installed is believed when this user's skvm has written it, and only then.
struct ForeignRecordTests {
    private func installer(_ world: InstallWorld, secret: String, in project: String = "p") -> Installer {
        let root = "\(world.root)/\(project)"
        return Installer(
            state: InstallState(
                folder: root + "/.skvm", base: root, secret: StateSecret(folder: "\(world.root)/\(secret)")),
            store: world.store)
    }

    @Test func `a record of somebody else's can't have a skill of the user's own removed`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let tree = try world.variant("one")
            _ = try installer(world, secret: "theirs").install(
                [world.request("mine", world.first, tree)], removesOthers: true)
            // To the record, what the user made by hand is whole and skvm's.
            let mine = world.first + "/mine"
            let before = try world.snapshot()
            let ours = installer(world, secret: "ours")
            #expect(try ours.state.installed().isEmpty)
            #expect(try ours.verify().isEmpty)
            #expect(try ours.remove([mine]).skills.isEmpty)
            let plan = try ours.install([world.request("other", world.first, tree)], removesOthers: true)
            #expect(plan.diagnostics.map(\.id) == ["install.foreign-record"])
            for (path, text) in before where path.hasPrefix(mine) {
                #expect(try world.snapshot()[path] == text, "\(path)")
            }
            // From now on there is a record of our own.
            #expect(try ours.state.installed().map(\.name) == ["other"])
            #expect(try ours.state.foreignRecord() == nil)
        }
    }

    @Test func `without its record, what is installed is taken over by its content, and an edit is left alone`() throws
    {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let (one, two) = (try world.variant("one"), try world.variant("two"))
            let requests = [world.request("a", world.first, one), world.request("b", world.second, two)]
            _ = try installer(world, secret: "theirs").install(requests, removesOthers: true)
            let ours = installer(world, secret: "ours")
            let plan = try ours.install(requests, removesOthers: true)
            #expect(plan.skills.map(\.action) == [.adopt, .adopt])
            #expect(try ours.verify().allSatisfy(\.isWhole))

            let third = installer(world, secret: "third")
            try FileSystem.write(Array("edited".utf8), to: world.first + "/a/SKILL.md")
            let refused = try third.install(requests, removesOthers: true)
            #expect(refused.diagnostics.map(\.id).contains("install.foreign"))
            #expect(try FileSystem.readText(world.first + "/a/SKILL.md") == "edited")
        }
    }

    @Test func `a project that its user copies keeps its record`() async throws {
        try await withScratch { scratch in
            let world = try InstallWorld(scratch)
            let tree = try world.variant("one")
            _ = try installer(world, secret: "ours").install(
                [world.request("a", world.first, tree)], removesOthers: true)
            let copied = try await Program("cp", ["-a", world.root + "/p", world.root + "/q"]).run()
            #expect(copied.succeeded)
            let copy = installer(world, secret: "ours", in: "q")
            #expect(try copy.state.installed().map(\.place) == [world.root + "/q/.claude/skills/a"])
            let plan = try copy.install(
                [world.request("a", world.root + "/q/.claude/skills", tree)], removesOthers: true)
            #expect(plan.skills.map(\.action) == [.replace] && plan.diagnostics.isEmpty)
        }
    }

    @Test func `a record with one byte changed is none, and neither is one whose secret is gone`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let ours = installer(world, secret: "ours")
            _ = try ours.install([world.request("a", world.first, try world.variant("one"))], removesOthers: true)
            let bytes = try FileSystem.read(ours.state.recordPath)
            for place in bytes.indices {
                var changed = bytes
                changed[place] ^= 1
                try FileSystem.write(changed, to: ours.state.recordPath)
                #expect(try ours.state.installed().isEmpty, "byte \(place)")
            }
            for end in [0, 1, 8, 72, 73, 74, 75, bytes.count - 1] {
                try FileSystem.write(Array(bytes[..<end]), to: ours.state.recordPath)
                #expect(try ours.state.installed().isEmpty, "cut at \(end)")
            }
            try FileSystem.write(bytes, to: ours.state.recordPath)
            #expect(try ours.state.installed().count == 1)
            #expect(try FileSystem.status(world.root + "/ours/secret")?.mode == 0o600)
            try FileSystem.write([1, 2, 3], to: world.root + "/ours/secret")
            #expect(try ours.state.installed().isEmpty)
        }
    }

    @Test func `two installers that start at once make one secret`() async throws {
        try await withScratch { scratch in
            let world = try InstallWorld(scratch)
            let tree = try world.variant("one")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<4 {
                    let installer = installer(world, secret: "ours", in: "p\(number)")
                    let folder = "\(world.root)/p\(number)/skills"
                    let request = world.request("a", folder, tree)
                    try FileSystem.makeDirectories(folder)
                    group.addTask { _ = try await onThread { try installer.install([request], removesOthers: true) } }
                }
                try await group.waitForAll()
            }
            for number in 0..<4 {
                #expect(try installer(world, secret: "ours", in: "p\(number)").state.installed().count == 1)
            }
        }
    }
}

import Basics
import ContentStore
import TestSupport
import Testing

@testable import Harness

/// Links that other tools put where a harness looks: `.claude/skills/x -> ../../.agents/skills/x`.
@Suite struct `A link in a skill's place` {
    /// A link in the first folder that leads to a copy of what the request's author wrote, and the request.
    private func linked(
        _ scratch: String, _ change: (String) throws -> Void = { _ in }
    ) throws -> (world: InstallWorld, request: InstallRequest, copy: String) {
        let world = try InstallWorld(scratch)
        let tree = try world.variant("s")
        let source = try world.variant("as it was written")
        var request = world.request("s", world.first, tree)
        request.source = try world.store.tree(source)
        let copy = world.root + "/p/.agents/skills/s"
        try FileSystem.makeDirectories(world.root + "/p/.agents/skills")
        try world.store.materialize(try #require(request.source), at: copy)
        // A source has no list of relocations.
        try FileSystem.removeTree(copy + "/.skvm")
        request.source?.removeAll { $0.path.text == Relocator.listPath }
        try change(copy)
        try FileSystem.makeLink(world.first + "/s", to: "../../.agents/skills/s")
        return (world, request, copy)
    }

    @Test(arguments: Swapping.Means.allCases)
    func `to just what the author wrote gives way to a folder, and what it leads to stays`(means: Swapping.Means) throws
    {
        try withScratch { scratch in
            var (world, request, copy) = try linked(scratch)
            world.installer.means = means
            let before = try FileSystem.readText(copy + "/SKILL.md")
            let plan = try world.installer.install([request], removesOthers: true)
            #expect(plan.diagnostics.isEmpty && plan.skills.map(\.action) == [.replace], "\(plan.diagnostics)")
            #expect(try FileSystem.status(world.first + "/s")?.kind == .directory)
            #expect(try FileSystem.readText(world.first + "/s/SKILL.md").contains(world.first + "/s/run.sh"))
            #expect(try FileSystem.readText(copy + "/SKILL.md") == before)
            #expect(try FileSystem.list(copy).sorted() == ["SKILL.md", "doc", "run.sh"])
            #expect(try world.installer.install([request], removesOthers: true).isNoOp)
            #expect(try world.installer.remove([world.first + "/s"]).skills.map(\.action) == [.remove])
            #expect(try FileSystem.readText(copy + "/SKILL.md") == before)
        }
    }

    @Test(arguments: ["another text", "a file more", "a file less", "nowhere", "a folder without a skill"])
    func `to anything else is refused, and the message says where it leads`(what: String) throws {
        try withScratch { scratch in
            let (world, request, _) = try linked(scratch) { copy in
                switch what {
                case "another text": try FileSystem.write(Array("mine\n".utf8), to: copy + "/SKILL.md")
                case "a file more": try FileSystem.write([1], to: copy + "/more.txt")
                case "a file less": try FileSystem.remove(copy + "/run.sh")
                case "nowhere": try FileSystem.removeTree(copy)
                default: try FileSystem.remove(copy + "/SKILL.md")
                }
            }
            let before = try world.snapshot()
            let plan = try world.installer.install([request], removesOthers: true)
            #expect(plan.diagnostics.map(\.id) == ["install.foreign"])
            #expect(plan.diagnostics.first?.message.contains("/s is a link to ../../.agents/skills/s, which") == true)
            #expect(try world.snapshot() == before)
        }
    }

    @Test(arguments: Swapping.Means.allCases)
    func `is there again, or the folder is whole, wherever a run is killed`(means: Swapping.Means) throws {
        var steps = 0
        while true {
            var ended = false
            try withScratch { scratch in
                var (world, request, _) = try linked(scratch)
                world.installer.means = means
                var count = 0
                do {
                    _ = try world.install([request]) { _ in
                        count += 1
                        if count > steps { throw InstallInterrupted() }
                    }
                    ended = true
                } catch is InstallInterrupted {}
                try world.installer.recover()
                switch try FileSystem.status(world.first + "/s")?.kind {
                case .symlink: #expect(try FileSystem.readLink(world.first + "/s") == "../../.agents/skills/s")
                case .directory: #expect(try world.installer.verify().allSatisfy(\.isWhole))
                default: Issue.record("killed at step \(steps), nothing is left")
                }
                _ = try world.installer.install([request], removesOthers: true)
                #expect(try FileSystem.status(world.first + "/s")?.kind == .directory)
            }
            if ended { break }
            steps += 1
        }
        #expect(steps > 8)
    }

    @Test func `that the user makes meanwhile stops the installation`() throws {
        try withScratch { scratch in
            let (world, request, copy) = try linked(scratch)
            let plan = try? world.install([request]) { step in
                guard case .swap = step, try FileSystem.readLink(world.first + "/s") != copy else { return }
                try FileSystem.remove(world.first + "/s")
                try FileSystem.makeLink(world.first + "/s", to: copy)
            }
            #expect(plan == nil || plan?.hasErrors == true)
            #expect(try FileSystem.readLink(world.first + "/s") == copy)
        }
    }
}

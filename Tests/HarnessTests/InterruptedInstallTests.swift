import Basics
import ContentStore
import TestSupport
import Testing

@testable import Harness

/// A transaction with everything in it (create in a new folder, replace with and without the user's files and edits, remove),
/// killed or failing before each of its steps.
struct InterruptedInstallTests {
    private final class Counter {
        var count = 0
        let limit: Int
        let error: any Error
        var last: InstallStep?

        init(limit: Int, error: any Error) {
            self.limit = limit
            self.error = error
        }

        func step(_ step: InstallStep) throws {
            defer { count += 1 }
            guard count == limit else { return }
            last = step
            throw error
        }
    }

    private struct Scene {
        var world: InstallWorld
        var requests: [InstallRequest]
        var old: [String: String]
    }

    /// A merge that needs no git, and clashes when told to.
    private struct Joining: TextMerging {
        func merge(base: [UInt8], ours: [UInt8], theirs: [UInt8]) -> [UInt8]? {
            ours.starts(with: Array("clash".utf8)) ? nil : ours + theirs
        }
    }

    /// All is whole but for the two files that the user edited.
    private func isWhole(_ world: InstallWorld) throws -> Bool {
        try world.installer.verify().allSatisfy { skill in
            guard skill.skill.place == world.first + "/b" else { return skill.isWhole }
            return skill.missing.isEmpty && skill.modified.map(\.text) == ["SKILL.md", "run.sh"]
        }
    }

    private func scene(_ scratch: String, means: Swapping.Means) throws -> Scene {
        var world = try InstallWorld(scratch)
        world.installer = Installer(state: world.installer.state, store: world.store, merging: Joining())
        world.installer.means = means
        let (one, two) = (try world.variant("one"), try world.variant("two", extra: ["sub/new.md": "n"]))
        _ = try world.installer.install(
            [
                world.request("a", world.first, one), world.request("a", world.second, one),
                world.request("b", world.first, one), world.request("d", world.first, one),
                world.request("e", world.second, one),
            ], removesOthers: true)
        try write(["notes/mine.txt": "mine"], in: world.first + "/b")
        try write(["SKILL.md": "clash", "run.sh": "mine\n"], in: world.first + "/b")
        try write(["mine.txt": "mine"], in: world.second + "/e")
        return Scene(
            world: world,
            requests: [
                world.request("a", world.first, two), world.request("a", world.second, two),
                world.request("b", world.first, two), world.request("c", world.third, two),
            ], old: try world.snapshot())
    }

    /// The state after an undisturbed run, with its number of steps. Scratch paths differ, so they are taken out.
    private func undisturbed(means: Swapping.Means) throws -> (new: [String: String], steps: Int) {
        try withMemoryScratch { scratch in
            let scene = try scene(scratch, means: means)
            let counter = Counter(limit: .max, error: InstallInterrupted())
            let plan = try scene.world.install(scene.requests, counter.step)
            #expect(Set(plan.skills.map(\.action)) == [.create, .replace, .remove])
            #expect(plan.clashes.count == 1)
            #expect(try FileSystem.readText(scene.world.first + "/b/run.sh") == "mine\n#!/bin/sh\necho two\n")
            #expect(FileSystem.exists(scene.world.first + "/b/SKILL.md.skvm-new"))
            #expect(try isWhole(scene.world))
            return (plain(try scene.world.snapshot(), scene.world.root), counter.count)
        }
    }

    /// Without the scratch folder's name, and so without the digests of relocated files.
    private func plain(_ snapshot: [String: String], _ root: String) -> [String: String] {
        var result: [String: String] = [:]
        for (path, text) in snapshot {
            let isRecord = path.hasPrefix("record")
            result[replacing(root, in: path)] =
                isRecord ? text.split(separator: " ").prefix(2).joined(separator: " ") : replacing(root, in: text)
        }
        return result
    }

    private func replacing(_ root: String, in text: String) -> String {
        text.split(separator: root, omittingEmptySubsequences: false).joined(separator: "<root>")
    }

    @Test(arguments: Swapping.Means.allCases)
    func `killed before any step, the next run ends in the old state or the new one`(means: Swapping.Means) throws {
        let (new, steps) = try undisturbed(means: means)
        #expect(steps > 20)
        var ends: Set<String> = []
        for limit in 0..<steps {
            try withMemoryScratch { scratch in
                let scene = try scene(scratch, means: means)
                let counter = Counter(limit: limit, error: InstallInterrupted())
                #expect(throws: InstallInterrupted.self) {
                    try scene.world.install(scene.requests, counter.step)
                }
                try scene.world.installer.recover()
                let after = try scene.world.snapshot()
                let isOld = after == scene.old
                let isNew = plain(after, scene.world.root) == new
                #expect(isOld != isNew, "killed before \(String(describing: counter.last)): \(after)")
                ends.insert(isOld ? "old" : "new")
                #expect(try isWhole(scene.world))
                try scene.world.installer.recover()
                #expect(try scene.world.snapshot() == after)
                _ = try scene.world.installer.install(scene.requests, removesOthers: true)
                #expect(plain(try scene.world.snapshot(), scene.world.root) == new)
            }
        }
        #expect(ends == ["old", "new"])
    }

    @Test(arguments: Swapping.Means.allCases)
    func `failing at any step, all is as it was, or done on the next run`(means: Swapping.Means) throws {
        let (new, steps) = try undisturbed(means: means)
        for limit in 0..<steps {
            try withMemoryScratch { scratch in
                let scene = try scene(scratch, means: means)
                let counter = Counter(limit: limit, error: FileError("write", "somewhere", code: 28))
                let plan = try? scene.world.install(scene.requests, counter.step)
                let note = "\(String(describing: counter.last))"
                if try scene.world.installer.state.journal() == nil {
                    #expect(plan == nil && counter.last != nil, "\(note)")
                    #expect(try scene.world.snapshot() == scene.old, "\(note)")
                } else {
                    // Only after everything was in place: that is no error, and is told.
                    #expect(plan?.diagnostics.map(\.id).contains("install.untidy") == true, "\(note)")
                    #expect(try isWhole(scene.world), "\(note)")
                    try scene.world.installer.recover()
                    #expect(plain(try scene.world.snapshot(), scene.world.root) == new)
                }
            }
        }
    }

    @Test(arguments: Swapping.Means.allCases)
    func `killed again while it recovers or takes back, it still ends in one of the two`(means: Swapping.Means) throws {
        let (new, steps) = try undisturbed(means: means)
        for limit in stride(from: 1, to: steps, by: 5) {
            for fails in [true, false] {
                var second = 0
                var isInterrupted = true
                while isInterrupted {
                    try withMemoryScratch { scratch in
                        let scene = try scene(scratch, means: means)
                        try interruptTwice(scene, limit, second, fails: fails, &isInterrupted)
                        try scene.world.installer.recover()
                        let after = try scene.world.snapshot()
                        #expect(after == scene.old || plain(after, scene.world.root) == new, "\(limit) \(second)")
                    }
                    second += 7
                }
            }
        }
    }

    /// `fails`: the first run fails at a step and is killed while it takes back; else it is killed, and so is recovery.
    private func interruptTwice(
        _ scene: Scene, _ first: Int, _ second: Int, fails: Bool, _ isInterrupted: inout Bool
    ) throws {
        var count = 0
        isInterrupted = false
        do {
            _ = try scene.world.install(scene.requests) { _ in
                defer { count += 1 }
                if count == first {
                    throw fails ? FileError("write", "x", code: 28) : InstallInterrupted() as any Error
                }
                if count == first + 1 + second { throw InstallInterrupted() }
            }
        } catch let error {
            isInterrupted = fails && error is InstallInterrupted
        }
        if fails { return }
        let counter = Counter(limit: second, error: InstallInterrupted())
        do { try scene.world.installer.recover(failpoint: counter.step) } catch is InstallInterrupted {
            isInterrupted = true
        }
    }

    @Test(arguments: Swapping.Means.allCases)
    func `an edit made between plan and swap stops the swap and stays`(means: Swapping.Means) throws {
        try withMemoryScratch { scratch in
            let scene = try scene(scratch, means: means)
            let edited = scene.world.second + "/a/SKILL.md"
            #expect(throws: Diagnostic.self) {
                try scene.world.install(scene.requests) { step in
                    if step == .journal("swapping") { try FileSystem.write(Array("edit".utf8), to: edited) }
                }
            }
            #expect(try FileSystem.readText(edited) == "edit")
            var expected = scene.old
            expected[edited] = "- edit"
            #expect(try scene.world.snapshot() == expected)
        }
    }

    @Test func `an edit made while an installation lies interrupted is kept, and told`() throws {
        try withMemoryScratch { scratch in
            let scene = try scene(scratch, means: .exchange)
            var swaps = 0
            #expect(throws: InstallInterrupted.self) {
                try scene.world.install(scene.requests) { step in
                    if case .swap = step { swaps += 1 }
                    if swaps == 2 { throw InstallInterrupted() }
                }
            }
            let late = scene.world.second + "/a/new-file-of-mine"
            try FileSystem.write([1], to: late)
            let diagnostics = try scene.world.installer.recover()
            #expect(diagnostics.map(\.id) == ["install.modified"])
            #expect(FileSystem.exists(late))
            #expect(try isWhole(scene.world))
        }
    }

    /// Killed with b's new folder in its place, before the old ones were compared and removed.
    private func killedAfterTheSwap(_ scene: Scene) {
        #expect(throws: InstallInterrupted.self) {
            try scene.world.install(scene.requests) { step in
                if case .swap(scene.world.second + "/a") = step { throw InstallInterrupted() }
            }
        }
    }

    /// As most editors save: a new file takes the name.
    private func save(_ text: String, as path: String) throws {
        try FileSystem.write(Array(text.utf8), to: path + ".tmp")
        try FileSystem.rename(path + ".tmp", to: path)
    }

    @Test(arguments: Swapping.Means.allCases)
    func `what an editor saved in the new folder while an installation lay interrupted is kept`(
        means: Swapping.Means
    ) throws {
        try withMemoryScratch { scratch in
            let scene = try scene(scratch, means: means)
            killedAfterTheSwap(scene)
            let mine = scene.world.first + "/b/notes/mine.txt"
            #expect(try FileSystem.readText(scene.world.first + "/b/sub/new.md") == "n")
            try save("an hour of work", as: mine)
            #expect(try scene.world.installer.recover().isEmpty)
            #expect(try FileSystem.readText(mine) == "an hour of work")
            #expect(try FileSystem.readText(scene.world.first + "/b/sub/new.md") == "n")
            #expect(try isWhole(scene.world))
        }
    }

    @Test func `a file that the user removes while skvm installs is no reason to fail`() throws {
        try withMemoryScratch { scratch in
            let scene = try scene(scratch, means: .exchange)
            let mine = scene.world.first + "/b/notes/mine.txt"
            _ = try scene.world.install(scene.requests) { step in
                if step == .journal("staging") { try FileSystem.remove(mine) }
            }
            #expect(!FileSystem.exists(mine))
            #expect(try FileSystem.readText(scene.world.first + "/b/sub/new.md") == "n")
        }
    }

    @Test func `what was written to the old folder and to the new one, both stays, and is told`() throws {
        try withMemoryScratch { scratch in
            let scene = try scene(scratch, means: .exchange)
            killedAfterTheSwap(scene)
            let hidden = try #require(
                try FileSystem.list(scene.world.first + "/..").first { $0.hasPrefix(".skvm-") && $0.hasSuffix(".tmp") })
            let old = "\(scene.world.root)/p/.claude/\(hidden)"
            let folder = try #require(
                try FileSystem.list(old).first { FileSystem.exists("\(old)/\($0)/notes/mine.txt") })
            try save("by a program that was in the old folder", as: "\(old)/\(folder)/notes/mine.txt")
            try FileSystem.write(Array("mine, too".utf8), to: scene.world.first + "/b/new-file-of-mine")
            let told = try scene.world.installer.recover()
            #expect(told.map(\.id) == ["install.modified"])
            #expect(told.first?.hint?.contains("\(old)/\(folder)") == true)
            #expect(try FileSystem.readText(scene.world.first + "/b/new-file-of-mine") == "mine, too")
            #expect(
                try FileSystem.readText("\(old)/\(folder)/notes/mine.txt") == "by a program that was in the old folder")
        }
    }

    @Test func `an edit of a file that was half taken out of a folder that can't be renamed brings the folder back`()
        throws
    {
        try withMemoryScratch { scratch in
            let scene = try scene(scratch, means: .files)
            var taken = 0
            let edited = scene.world.second + "/a/run.sh"
            #expect(throws: Diagnostic.self) {
                try scene.world.install(scene.requests) { step in
                    guard case .takeAway(let path) = step, path.hasPrefix(scene.world.second + "/a/") else { return }
                    taken += 1
                    if path == edited { try save("edit", as: edited) }
                }
            }
            #expect(taken > 1)
            var expected = scene.old
            expected[edited] = "- edit"
            #expect(try scene.world.snapshot() == expected)
        }
    }
}

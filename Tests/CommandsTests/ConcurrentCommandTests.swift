import Basics
import TestSupport
import Testing

@Suite struct `Several skvm at once` {
    private func together(_ world: CommandWorld, _ lines: [[String]]) async throws {
        try await withThrowingTaskGroup(of: (String, ProgramResult).self) { group in
            for words in lines {
                group.addTask {
                    (words.joined(separator: " "), try await world.run([try CommandWorld.binary()] + words))
                }
            }
            for try await (line, result) in group {
                #expect(result.succeeded, "\(line): \(result.status) \(result.errorText)")
            }
        }
    }

    @Test func `that add to one project all end up in it`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["own = { path = \"own\" }"])
            try write(["own/SKILL.md": CommandWorld.skill], in: world.project)
            let names = ["palette", "commit-message", "pdf-tables"]
            try await together(world, names.map { ["add", $0] })
            let (manifest, lock) = (
                try FileSystem.readText(world.project + "/skvm.toml"),
                try FileSystem.readText(world.project + "/skvm.lock")
            )
            for name in names {
                #expect(manifest.contains("\n\(name) = "), "\(manifest)")
                #expect(lock.contains("name = \"\(name)\""), "\(name)")
            }
            #expect(manifest.hasPrefix("# mine\n"))
            // `add` resolves; `install` compiles what was added, and the lock has the variants from then on.
            try await world.done("install")
            try await world.done("install", "--locked")
            try await world.done("verify")
        }
    }

    @Test func `that install, build, update and collect garbage lose nothing of one another's`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["own = { path = \"own\" }", "palette = \"*\""])
            try write(["own/SKILL.md": CommandWorld.skill], in: world.project)
            for round in 0..<3 {
                try write(["own/SKILL.md": CommandWorld.skill + "\nRound \(round).\n"], in: world.project)
                try await together(
                    world,
                    [["install"], ["gc", "--days", "0"], ["build"], ["update"], ["install"], ["gc", "--days", "0"]])
                try await world.done("install")
                let installed = try FileSystem.readText(world.project + "/.agents/skills/own/SKILL.md")
                #expect(installed.hasSuffix("Round \(round).\n"))
                try await world.done("install", "--locked", "--offline")
                try await world.done("verify")
            }
        }
    }

    /// Waits until somebody waits for the lock on a file.
    private func someoneWaits(for path: String) async throws {
        let inode = try #require(try FileSystem.status(path)).inode
        while !(try await Program("cat", ["/proc/locks"]).run().outputText.split(separator: "\n")).contains(where: {
            $0.contains("->") && $0.contains(":\(inode) ")
        }) {
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test(.enabled(if: FileSystem.exists("/proc/locks")))
    func `never have what is remembered of a project taken from under a build`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["own = { path = \"own\" }"])
            try write(["own/SKILL.md": CommandWorld.skill], in: world.project)
            try await world.done("install")
            let memory = try #require(try FileSystem.list(world.cache + "/projects-v1").first)
            let path = world.cache + "/projects-v1/" + memory
            // As if nobody had built it for long: then `gc` forgets it, but not while somebody is at work.
            #expect(try await world.run(["touch", "-d", "2020-01-01", path]).succeeded)
            let use = world.cache + "/use.lock"
            let building = try FileLock(path: use, mode: .shared)
            let collecting = Task { try await world.skvm("gc", "--days", "1") }
            try await someoneWaits(for: use)
            #expect(FileSystem.exists(path))
            building.release()
            #expect(try await collecting.value.succeeded)
            #expect(!FileSystem.exists(path))

            // And a build waits for a `gc`, also one that compiles nothing.
            try await world.done("install")
            #expect(try await world.run(["touch", world.project + "/own/SKILL.md"]).succeeded)
            let garbage = try FileLock(path: use, mode: .exclusive)
            let install = Task { try await world.skvm("install") }
            try await someoneWaits(for: use)
            try FileSystem.removeTree(path)
            garbage.release()
            let result = try await install.value
            #expect(result.succeeded && result.errorText.contains("waiting for skvm gc"), "\(result.errorText)")
        }
    }

    @Test(.enabled(if: FileSystem.exists("/proc/locks")))
    func `do not clean a project under the feet of a build`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["own = { path = \"own\" }"])
            try write(["own/SKILL.md": CommandWorld.skill], in: world.project)
            try await world.done("build")
            let lock = world.project + "/.skvm/project.lock"
            let building = try FileLock(path: lock, mode: .exclusive)
            let cleaning = Task { try await world.skvm("clean") }
            try await someoneWaits(for: lock)
            #expect(FileSystem.exists(world.project + "/.skvm/variants"))
            building.release()
            #expect(try await cleaning.value.succeeded)
            #expect(!FileSystem.exists(world.project + "/.skvm/variants"))
            try await world.done("build")
        }
    }
}

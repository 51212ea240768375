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
}

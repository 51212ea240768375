import Basics
import Formats
import TestSupport
import Testing

/// A project that says `[vendor]`, and whose folder is not what was written there.
@Suite struct `A vendored folder that is gone` {
    private func withProject(_ body: (CommandWorld, RemoteRepository) async throws -> Void) async throws {
        try await withCommandWorld { world in
            var world = world
            for (name, value) in RemoteRepository.environment where name != "PATH" && name != "HOME" {
                world.variables[name] = value
            }
            let remote = try await RemoteRepository(at: world.scratch + "/own.git")
            try await remote.commit([
                "SKILL.md": .text(CommandWorld.skill), "scripts/run.sh": .executable("#!/bin/sh\n"),
            ])
            try world.writeManifest(["commit-message", "own = { git = \"file://\(remote.path)\" }"])
            try await world.done("vendor")
            try await world.done("install")
            try await body(world, remote)
        }
    }

    /// The same user with an empty cache.
    private func withoutCache(_ world: CommandWorld) -> CommandWorld {
        var other = world
        other.variables["SKVM_CACHE_DIR"] = world.cache + "-empty"
        return other
    }

    private static let losses: [(what: String, command: String, id: String)] = [
        ("all of it", "rm -r vendor", "vendor.missing"),
        ("what is not hidden in it", "rm -r vendor/*", "vendor.missing"),
        ("its mark", "rm vendor/skvm-vendor.toml", "vendor.missing"),
        ("a package", "rm -r vendor/packages/own vendor/packages/own.jsonl", "verify.not-vendored"),
        ("what is known of a target", "rm -r vendor/facts", "verify.not-vendored"),
        ("what keeps git from changing it", "rm vendor/.gitattributes", "vendor.damaged"),
    ]

    @Test(arguments: losses)
    func `is named by verify, and restored byte for byte`(loss: (what: String, command: String, id: String))
        async throws
    {
        try await withProject { world, remote in
            let before = try world.snapshot(world.project)
            for other in [world, withoutCache(world)] {
                _ = try await world.run(["sh", "-c", loss.command])
                try await world.skvm("verify").expectError(5, loss.id, "vendor")
                let mended = try await other.done("verify", "--repair")
                #expect(mended.outputText.hasPrefix("repaired "), "\(mended.outputText)")
                #expect(try world.snapshot(world.project) == before)
                try await world.done("verify")
            }
            try FileSystem.rename(remote.path, to: remote.path + ".gone")
            _ = try await world.run(["sh", "-c", loss.command])
            try await world.done("verify", "--repair", "--offline")
            #expect(try world.snapshot(world.project) == before)
        }
    }

    @Test func `with no cache and no source left stays a fault, and what is missing is said`() async throws {
        try await withProject { world, remote in
            try FileSystem.rename(remote.path, to: remote.path + ".gone")
            try FileSystem.removeTree(world.project + "/vendor")
            let other = withoutCache(world)
            let failed = try await other.skvm("verify", "--repair")
            #expect(failed.status == 6 && failed.errorText.contains("own"), "\(failed.errorText)")
            let offline = try await other.skvm("verify", "--repair", "--offline")
            #expect(offline.status == 4 && offline.errorText.contains("own"), "\(offline.errorText)")
            #expect(!FileSystem.exists(world.project + "/vendor"))
            try await world.done("verify", "--repair")
            try FileSystem.remove(world.project + "/vendor/packages/own/SKILL.md")
            let third = withoutCache(world)
            let neither = try await third.skvm("verify", "--repair")
            neither.expectError(5, "vendor.damaged", "own.git")
            try FileSystem.removeTree(world.project + "/vendor")
            try await world.skvm("verify").expectError(5, "vendor.missing", "skvm verify --repair", "[vendor]")
        }
    }

    @Test func `is no reason to write over what skvm did not put there`() async throws {
        try await withProject { world, _ in
            try FileSystem.removeTree(world.project + "/vendor")
            try write(["vendor/packages/mine.txt": "mine\n"], in: world.project)
            try await world.skvm("verify", "--repair").expectError(5, "vendor.missing")
            #expect(try FileSystem.readText(world.project + "/vendor/packages/mine.txt") == "mine\n")
        }
    }
}

import Basics
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a skill's folder may hold when it is exchanged, so that the old one can't be removed.
@Suite(.enabled(if: geteuid() == 0 && FileSystem.exists("/usr/bin/setpriv"), "only root can give files away"))
struct `An old folder that can't be removed` {
    private static let nobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

    private func withNobody(_ body: (CommandWorld, String) async throws -> Void) async throws {
        try await withCommandWorld { world in
            try world.writeManifest(["own = { path = \"own\" }", "palette = \"*\""])
            try write(["own/SKILL.md": CommandWorld.skill], in: world.project)
            #expect(try await world.run(["chown", "-R", "65534:65534", world.scratch]).succeeded)
            let first = try await world.skvm("install", wrapper: Self.nobody)
            #expect(first.succeeded, "\(first.errorText)")
            try await body(world, world.project + "/.agents/skills/own")
        }
    }

    /// The next version of the skill.
    private func change(_ world: CommandWorld, _ round: Int) async throws {
        try write(["own/SKILL.md": CommandWorld.skill + "\nRound \(round).\n"], in: world.project)
        #expect(try await world.run(["chown", "-R", "65534:65534", world.project + "/own"]).succeeded)
    }

    private func hidden(_ world: CommandWorld) throws -> [String] {
        try FileSystem.list(world.project + "/.agents").filter { $0.hasPrefix(".skvm-") }
    }

    @Test func `for a file of somebody else's is named, stops nothing, and is mended later`() async throws {
        try await withNobody { world, place in
            // As a container that ran as root leaves it.
            try write(["logs/run.txt": "log\n"], in: place)
            try await change(world, 1)
            let first = try await world.skvm("install", wrapper: Self.nobody)
            #expect(first.succeeded && first.errorText.contains("[install.untidy]"), "\(first.errorText)")
            let left = try #require(try hidden(world).first)
            #expect(first.errorText.contains(left))
            #expect(try FileSystem.readText(place + "/logs/run.txt") == "log\n")
            // Others are installed, updated and removed all the same, and it is told each time.
            for round in 2...3 {
                try await change(world, round)
                let next = try await world.skvm("install", wrapper: Self.nobody)
                #expect(next.succeeded && next.errorText.contains(left), "\(next.errorText)")
                #expect(try FileSystem.readText(place + "/SKILL.md").hasSuffix("Round \(round).\n"))
            }
            let removed = try await world.skvm("remove", "palette", wrapper: Self.nobody)
            #expect(removed.succeeded && removed.errorText.contains(left), "\(removed.errorText)")
            #expect(!FileSystem.exists(world.project + "/.agents/skills/palette"))
            #expect(try await world.skvm("verify", wrapper: Self.nobody).succeeded)
            let idle = try await world.skvm("install", wrapper: Self.nobody)
            #expect(idle.succeeded && idle.errorText.contains(left), "\(idle.errorText)")
            #expect(try hidden(world) == [left])

            #expect(try await world.run(["chown", "-R", "65534:65534", world.project + "/.agents"]).succeeded)
            let last = try await world.skvm("install", wrapper: Self.nobody)
            #expect(last.succeeded && !last.errorText.contains("install.untidy"), "\(last.errorText)")
            #expect(try hidden(world) == [])
            #expect(!FileSystem.exists(world.project + "/.skvm/journal-untidy.json"))
        }
    }

    @Test func `for a folder of the user's that nobody may write to is opened and removed`() async throws {
        try await withNobody { world, place in
            try write(["cache/deep/mine.txt": "mine\n"], in: place)
            #expect(try await world.run(["chown", "-R", "65534:65534", place]).succeeded)
            #expect(try await world.run(["chmod", "-R", "a-w", place + "/cache"]).succeeded)
            try await change(world, 1)
            let result = try await world.skvm("install", wrapper: Self.nobody)
            #expect(result.succeeded && !result.errorText.contains("install.untidy"), "\(result.errorText)")
            #expect(try hidden(world) == [])
            #expect(try FileSystem.readText(place + "/cache/deep/mine.txt") == "mine\n")
        }
    }

    @Test func `as a list from elsewhere says removes nothing`() async throws {
        try await withNobody { world, _ in
            try write(["keep/mine.txt": "mine\n"], in: world.project)
            try write(
                [
                    "journal-untidy.json":
                        "{\"created\":[],\"owner\":\"1-2\",\"phase\":\"committed\",\"records\":[],\"stagings\":[\"keep\"],"
                        + "\"swaps\":[],\"version\":1}\n"
                ], in: world.project + "/.skvm")
            try await change(world, 1)
            #expect(try await world.skvm("install", wrapper: Self.nobody).succeeded)
            #expect(try FileSystem.readText(world.project + "/keep/mine.txt") == "mine\n")
        }
    }
}

import Basics
import Git
import TestSupport
import Testing

@Suite struct `Copies of repositories` {
    private static var today: Int64 { WallClock.now() / 86_400_000_000_000 }

    /// Two copies, each read once; then all marks are set back by so many days.
    private func twoCopies(_ world: World, age: Int64) async throws -> (old: GitRepository, other: GitRepository) {
        var repositories: [GitRepository] = []
        for name in ["old", "other"] {
            let remote = try await tenSkills(at: world.scratch + "/\(name).git")
            let repository = try world.open(remote.path)
            let head = try await repository.head()
            _ = try await repository.entries(of: RelativePath("skills/skill-1"), at: head)
            repositories.append(repository)
        }
        try await setBack(world, days: age)
        return (repositories[0], repositories[1])
    }

    private func setBack(_ world: World, days: Int64) async throws {
        _ = try await Program("find", [world.caches, "-exec", "touch", "-h", "-d", "\(days) days ago", "{}", "+"]).run()
    }

    private func copies(_ world: World) throws -> [String] {
        try FileSystem.list(world.caches + "/git-v1").filter { !$0.hasSuffix(".lock") }
    }

    @Test func `that nobody read for long are removed, and fetched anew when they are read`() async throws {
        try await withWorld { world in
            let (old, other) = try await twoCopies(world, age: 40)
            let head = try #require(try await other.head(.stored))
            _ = try await other.commit(head)
            let dry = try await world.cache().collect(usedBefore: Self.today - 30, dryRun: true)
            #expect(dry.removed == 1 && dry.kept == 1 && dry.bytesRemoved > 0)
            #expect(try copies(world).count == 2)
            let report = try await world.cache().collect(usedBefore: Self.today - 30)
            #expect(report == dry)
            #expect(try copies(world).count == 1)
            // The one that was read is whole without the server.
            let offline = try world.open(other.url.text, isOffline: true)
            #expect(try await !offline.entries(of: RelativePath("skills/skill-1"), at: head).isEmpty)
            let again = try #require(try await old.head(.current))
            #expect(try await !old.entries(of: RelativePath("skills/skill-1"), at: again).isEmpty)
            #expect(try copies(world).count == 2)
        }
    }

    @Test func `that a project names stay, however old`() async throws {
        try await withWorld { world in
            let (old, _) = try await twoCopies(world, age: 400)
            let report = try await world.cache().collect(usedBefore: Self.today, keeping: [old.url])
            #expect(report.kept == 1 && report.removed == 1)
            #expect(FileSystem.exists(try world.cached()))
        }
    }

    @Test func `leave behind what was seen, so that a rewritten history is still refused`() async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/old.git")
            let repository = try world.open(remote.path)
            let head = try #require(try await repository.head(.current))
            try await setBack(world, days: 40)
            #expect(try await world.cache().collect(usedBefore: Self.today - 30).removed == 1)
            try await remote.git("update-ref", "-d", "refs/heads/main")
            try await remote.commit(["README.md": "another history\n"])
            let error = await #expect(throws: GitError.self) { try await repository.head(.current) }
            #expect(error?.code == .rewritten, "\(head) was the head")
        }
    }

    @Test func `that a killed process set aside go with the next collection`() async throws {
        try await withWorld { world in
            _ = try await twoCopies(world, age: 40)
            let name = try #require(try copies(world).first)
            let aside = "\(world.caches)/git-v1/\(name).1-2.tmp"
            try FileSystem.rename("\(world.caches)/git-v1/\(name)", to: aside)
            let report = try await world.cache().collect(usedBefore: Self.today - 30)
            #expect(report.removed == 1)
            #expect(try copies(world).isEmpty)
        }
    }

    @Test func `lose the half-written lists of a killed process when they are fetched into next`() async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/r.git")
            let repository = try world.open(remote.path)
            let head = try await repository.head()
            _ = try await repository.entries(of: RelativePath("skills/skill-1"), at: head)
            let folder = try world.cached()
            try write(["references.1234.tmp": "half", "other.tmp": "theirs"], in: folder)
            let list = try FileSystem.list(folder).filter { $0.hasPrefix("references") }
            #expect(list.contains("references.1234.tmp"))
            _ = try await repository.entries(of: RelativePath("skills/skill-2"), at: head)
            let left = try FileSystem.list(folder)
            #expect(!left.contains("references.1234.tmp") && left.contains("other.tmp"), "\(left)")
        }
    }
}

import Basics
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// Repositories that a manifest names by a relative folder.
@Suite struct `A repository's relative folder` {
    /// One skill, tagged 1.0.0, at `folder` of the world.
    private func repository(
        _ world: ProjectWorld, _ folder: String, _ name: String, needs: String = ""
    ) async throws -> RemoteRepository {
        let remote = try await RemoteRepository(at: world.root + "/" + folder)
        try await remote.commit(
            ProjectWorld.folder(name, version: "1.0.0", dependencies: needs).mapValues { .text($0) })
        try await remote.tag("v1.0.0")
        return remote
    }

    @Test func `counts from the manifest that names it, a member's from the member's folder`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld(scratch)
            _ = try await repository(world, "project/repos/inner.git", "inner")
            _ = try await repository(world, "outer.git", "outer")
            let folders = [
                ("alpha", "inner = { git = \"../../repos/inner.git\" }\nouter = { git = \"../../../outer.git\" }"),
                ("beta", "inner = { git = \"../../repos/inner.git\", version = \"^1\" }"),
            ]
            for (name, needs) in folders {
                try world.put(ProjectWorld.folder(name, version: "1.0.0", dependencies: needs), at: "skills/\(name)")
            }
            // The root's own names the same repository in its own words, and a range of it: all is one package.
            try world.put([
                "skvm.toml": "[workspace]\nmembers = [\"skills/*\"]\n\n[dependencies]\n"
                    + "inner = { git = \"./repos/inner.git\" }\n\n" + world.putTarget("one")
            ])
            #expect(try await world.build().ok)
            let lock = try Lockfile(parsing: Array(try world.lock.utf8))
            let sources = lock.packages.filter { $0.commit != nil }.map { "\($0.id) \($0.source)" }
            #expect(
                sources == ["inner 1.0.0 git+./repos/inner.git", "outer 1.0.0 git+../outer.git"], "\(sources)")
            try await world.expectNothingToDo()
            #expect(try await world.build { $0.locked = true }.ok)
            _ = try await world.workspace().update([])
            #expect(try await world.workspace().outdated().packages.map(\.package) == ["inner", "outer"])
            try FileSystem.removeTree(world.root + "/cache")
            #expect(try await world.build { $0.locked = true }.ok)
        }
    }

    @Test(arguments: [("", "version = \"^1\""), ("version = \"^1\"", "")])
    func `or address with two wishes gives a lock that the next build takes as it is`(
        first: String, second: String
    ) async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld(scratch)
            let remote = try await repository(world, "inner.git", "inner")
            for (name, wish) in [("alpha", first), ("beta", second)] {
                let needs = "inner = { git = \"\(remote.url)\"\(wish.isEmpty ? "" : ", \(wish)") }"
                try world.put(ProjectWorld.folder(name, version: "1.0.0", dependencies: needs), at: "skills/\(name)")
            }
            try world.put(["skvm.toml": "[workspace]\nmembers = [\"skills/*\"]\n\n" + world.putTarget("one")])
            func versions() throws -> [String] {
                try Lockfile(parsing: Array(try world.lock.utf8)).packages.filter { $0.commit != nil }.map {
                    "\($0.version)"
                }
            }
            #expect(try await world.build().ok)
            #expect(try versions() == ["1.0.0"])
            try await world.expectNothingToDo()
            #expect(try await world.build { $0.locked = true }.ok)
            // Where the newest is beyond the range there are two, and they stay.
            try await remote.commit(ProjectWorld.folder("inner", version: "2.0.0").mapValues { .text($0) })
            try await remote.tag("v2.0.0")
            _ = try await world.workspace().update([])
            #expect(try await world.build().ok)
            #expect(try versions().sorted() == ["1.0.0", "2.0.0"])
            try await world.expectNothingToDo()
            #expect(try await world.build { $0.locked = true }.ok)
            // Solved anew for something else, both are kept.
            try world.put(ProjectWorld.folder("gamma"), at: "gamma")
            _ = try await world.workspace().add(["./gamma"], registry: nil, install: false)
            #expect(try versions().sorted() == ["1.0.0", "2.0.0"])
            #expect(try await world.build().ok)
            try await world.expectNothingToDo()
        }
    }

    @Test func `in what was fetched is refused, for nobody who installs it has that folder`() async throws {
        try await withScratch { scratch in
            let start = try SourcesTests.Start(scratch)
            let world = start.world
            // Where a project of the victim's would be found, had it counted from there.
            _ = try await repository(world, "project/private.git", "private")
            for address in ["./private.git", "file://\(world.project)/private.git", "\(world.project)/private.git"] {
                let remotes = world.root + "/remotes"
                try? FileSystem.removeTree(remotes)
                let remote = try await repository(
                    world, "remotes/hostile.git", "hostile", needs: "private = { git = \"\(address)\" }")
                try await GitWebServer.serving(remotes) { server in
                    try start.depend("hostile = { git = \"\(server.open)/hostile.git\" }")
                    let found = await world.failure { try await world.build() }
                    #expect(found.map(\.id) == ["package.local-source"], "\(found)")
                    #expect(found.first?.message.contains("hostile") == true && found.first?.hint != nil)
                    #expect(!world.exists("skvm.lock"))
                    // The user may put something in its place.
                    try start.depend(
                        "hostile = { git = \"\(server.open)/hostile.git\" }",
                        more: "[patch.\"\(address)\"]\nprivate = { path = \"own\" }")
                    try world.put(ProjectWorld.folder("private", version: "1.0.0"), at: "own")
                    let report = try await world.build()
                    #expect(report.ok, "\(report.diagnostics)")
                    try FileSystem.remove(world.project + "/skvm.lock")
                    try FileSystem.removeTree(world.project + "/own")
                }
                _ = remote
            }
        }
    }
}

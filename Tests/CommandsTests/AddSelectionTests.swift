import Basics
import TestSupport
import Testing

@testable import Workspace

/// `skvm add REPOSITORY --all`, and `--branch`, `--tag`, `--rev`.
@Suite struct `Add from a repository` {
    private func skill(_ name: String) -> RemoteRepository.File {
        .text("---\nname: \(name)\ndescription: Does what \(name) does for people.\n---\n# \(name)\n\nDo it.\n")
    }

    /// With a release `v1.0.0`, and one skill more on `main` and on `next`.
    private func repository(_ world: CommandWorld) async throws -> RemoteRepository {
        let remote = try await RemoteRepository(at: world.scratch + "/skills.git")
        var files: [String: RemoteRepository.File] = [
            "skills/knots/SKILL.md": skill("knots"), "skills/ropes/SKILL.md": skill("ropes"),
            "other/sails/SKILL.md": skill("sails"),
        ]
        try await remote.commit(files)
        try await remote.tag("v1.0.0")
        files["skills/tides/SKILL.md"] = skill("tides")
        try await remote.commit(files, time: 1_700_000_100)
        files["skills/winds/SKILL.md"] = skill("winds")
        try await remote.git("branch", "next", "main")
        try await remote.commit(files, branch: "next", time: 1_700_000_200)
        return remote
    }

    private func entries(_ world: CommandWorld, _ file: String? = nil) throws -> [String] {
        try FileSystem.readText(file ?? world.project + "/skvm.toml").split(separator: "\n").map(String.init)
            .filter { $0.contains(" = { git") }
    }

    @Test func `--all takes every skill of it, and once more changes nothing`() async throws {
        try await withCommandWorld { world in
            let remote = try await repository(world)
            try world.writeManifest([])
            try await world.done("add", remote.url, "--all")
            let all = try entries(world)
            #expect(all.map { $0.prefix { $0 != " " } } == ["knots", "ropes", "sails"])
            #expect(all.allSatisfy { $0.contains("version = \"^1.0.0\"") }, "\(all)")
            let (manifest, lock) = (try world.snapshot(world.project), world.project + "/skvm.lock")
            let before = try FileSystem.readText(lock)
            try await world.done("add", remote.url, "--all")
            #expect(try world.snapshot(world.project) == manifest && FileSystem.readText(lock) == before)
            try await world.done("install")
            #expect(FileSystem.exists(world.project + "/.agents/skills/sails/SKILL.md"))
            try await world.done("install", "--locked")
        }
    }

    @Test func `--all below a folder takes those of the folder, for the user, too`() async throws {
        try await withCommandWorld { world in
            let remote = try await repository(world)
            try write(["config/skvm.toml": CommandWorld.target], in: world.scratch)
            try await world.done("install", "-g", "\(remote.url)#skills", "--all")
            #expect(try FileSystem.list(world.home + "/.agents/skills").sorted() == ["knots", "ropes"])
            #expect(try entries(world, world.scratch + "/config/skvm.toml").count == 2)
            #expect(try FileSystem.list(world.project).isEmpty)
        }
    }

    @Test func `--all of a local folder takes the skills in it`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            for name in ["one", "two"] {
                let text = CommandWorld.skill.replacing("name: own", with: "name: \(name)")
                try write(["src/\(name)/SKILL.md": text], in: world.project)
            }
            try await world.done("add", "./src", "--all")
            let text = try FileSystem.readText(world.project + "/skvm.toml")
            #expect(text.contains("one = { path = \"./src/one\" }") && text.contains("two = "), "\(text)")
        }
    }

    @Test(arguments: [
        ("--branch", "next", "branch = \"next\"", ["knots", "ropes", "tides", "winds"]),
        ("--tag", "v1.0.0", "tag = \"v1.0.0\"", ["knots", "ropes"]),
    ])
    func `a branch or tag is written as it is said, and holds`(
        option: String, name: String, entry: String, skills: [String]
    ) async throws {
        try await withCommandWorld { world in
            let remote = try await repository(world)
            try world.writeManifest([])
            try await world.done("add", "\(remote.url)#skills", "--all", option, name)
            let all = try entries(world)
            #expect(all.count == skills.count && all.allSatisfy { $0.contains(entry) }, "\(all)")
            try await world.done("install")
            #expect(try FileSystem.list(world.project + "/.agents/skills").sorted() == skills)
            try await world.done("install", "--locked")
            try await world.done("outdated")
        }
    }

    @Test func `a commit is written by --rev, and another reference takes its place`() async throws {
        try await withCommandWorld { world in
            let remote = try await repository(world)
            try world.writeManifest([])
            let commit = try await remote.git("rev-parse", "next")
            try await world.done("add", "\(remote.url)#winds", "--rev", commit)
            #expect(try entries(world).first?.contains("rev = \"\(commit)\"") == true)
            #expect(try FileSystem.readText(world.project + "/skvm.lock").contains(commit))
            try await world.done("add", "\(remote.url)#winds", "--branch", "next")
            let changed = try entries(world)
            #expect(changed.count == 1 && changed[0].contains("branch = \"next\""), "\(changed)")
        }
    }

    @Test(arguments: [
        (["charts", "--all"], "add.all", "one skill"), (["charts", "--branch", "main"], "add.reference", "GIT-URL"),
        (["./own", "--tag", "v1"], "add.reference", "'./own' is a folder"),
        (["file:///none.git#a@^1", "--branch", "main"], "add.reference", "give the range, or one of"),
        (["file:///none.git#a", "--rev", "main"], "add.reference", "7 to 40"),
        (["file:///none.git#a", "--branch", "a b"], "add.reference", "a tag or branch"),
        (["file:///none.git#a", "--branch", "a", "--tag", "b"], "usage.arguments", "give one"),
    ])
    func `what says nothing of a source is refused`(words: [String], id: String, said: String) async throws {
        try await withCommandWorld { world in
            try world.writeManifest([])
            try write(["own/SKILL.md": CommandWorld.skill], in: world.project)
            let result = try await world.run([try CommandWorld.binary(), "add"] + words)
            result.expectError(2, id, said)
        }
    }

    @Test func `install without names takes none of these flags`() async throws {
        try await withCommandWorld { world in
            try world.writeManifest()
            try await world.skvm("install", "--all").expectError(2, "usage.arguments", "name their repository")
        }
    }

    // MARK: Advice

    @Test(arguments: [
        ("#skills/*", "skvm add URL#skills --all"), ("#*", "skvm add URL --all"),
        ("#knots@main", "skvm add URL#knots --branch main"), ("#knots@v1.0.0", "a range has no `v`: URL#knots@1.0.0"),
        ("#knots@feature/x", "skvm add URL#knots --branch feature/x"), ("@v1", "skvm add URL --tag v1"),
        ("#skills", "take all of them with --all"), ("", "take all of them with --all"),
    ])
    func `what was meant is said`(address: String, advice: String) async throws {
        try await withCommandWorld { world in
            let remote = try await repository(world)
            try world.writeManifest([])
            let result = try await world.skvm("add", remote.url + address)
            let said = result.errorText
            #expect(!result.succeeded && said.contains(advice.replacing("URL", with: remote.url)), "\(said)")
        }
    }

    @Test(arguments: [
        "git@example.org:a/b.git", "ssh://git@example.org/b", "https://me@example.org/b", "https://x.org/a@b/c",
        "https://x.org/a#b@^1", "https://x.org/a", "@alice/charts", "@",
    ])
    func `an address without a slip gets no advice`(address: String) {
        #expect(AddSpec.wayOut(address) == nil)
    }
}

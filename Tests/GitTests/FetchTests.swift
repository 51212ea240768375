import Basics
import Git
import TestSupport
import Testing

@Suite struct `Fetching` {
    enum Way: CaseIterable, Sendable {
        case file, path, fileByLibrary, http, httpByLibrary, ssh, oldSSH, password, helper, user, passwordByLibrary

        var transport: GitCache.Transport {
            switch self {
            case .fileByLibrary, .httpByLibrary, .passwordByLibrary: .libgit2
            default: .automatic
            }
        }
    }

    /// Runs `body` with the address at which the repository is served, and the world that may read it.
    private func served(
        _ remote: RemoteRepository, by way: Way, in world: World,
        _ body: @escaping @Sendable (String, World) async throws -> Void
    ) async throws {
        let root = FileSystem.parent(of: remote.path) ?? "/"
        let name = remote.path.dropFirst(root.count + 1)
        switch way {
        case .file, .fileByLibrary: try await body(remote.url, world)
        case .path: try await body(remote.path, world)
        case .http, .httpByLibrary:
            try await GitWebServer.serving(root) { try await body("\($0.open)/\(name)", world) }
        case .password, .passwordByLibrary:
            try await GitWebServer.serving(root) { server in
                let address = "\(server.closed)/\(name)"
                try await body(
                    address.replacing("http://", with: "http://\(server.user):open%20sesame@"), world)
            }
        case .helper:
            try await GitWebServer.serving(root) { server in
                var world = world
                let helper = "!printf 'username=\(server.user)\\npassword=\(server.password)\\n'"
                try write(["gitconfig": "[credential]\n\thelper = \"\(helper.escaped)\"\n"], in: world.scratch)
                world.environment["GIT_CONFIG_GLOBAL"] = world.scratch + "/gitconfig"
                try await body("\(server.closed)/\(name)", world)
            }
        case .user:
            // The helper knows a password for this user alone.
            try await GitWebServer.serving(root) { server in
                var world = world
                let helper =
                    "!f() { grep -q '^username=\(server.user)$' && printf 'password=\(server.password)\\n'; }; f"
                try write(["gitconfig": "[credential]\n\thelper = \"\(helper.escaped)\"\n"], in: world.scratch)
                world.environment["GIT_CONFIG_GLOBAL"] = world.scratch + "/gitconfig"
                let address = "\(server.closed)/\(name)"
                try await body(address.replacing("http://", with: "http://\(server.user)@"), world)
            }
        case .ssh, .oldSSH:
            try await GitSSHServer.serving(acceptsProtocol: way == .ssh) { server in
                var world = world
                world.environment.merge(server.environment) { $1 }
                try await body(server.address + remote.path, world)
            }
        }
    }

    @Test(arguments: Way.allCases)
    func `brings one folder of a commit, and the cache keeps it`(way: Way) async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/remotes/ten.git")
            try await remote.tag("v1.0.0", annotated: true)
            let id = try await remote.git("rev-parse", "main")
            try await served(remote, by: way, in: world) { address, world in
                let repository = try world.open(address, transport: way.transport)
                let references = try await repository.references()
                #expect(references.headBranch == "main")
                #expect(references.head?.hex == id)
                #expect(references.branches.keys.sorted() == ["main"])
                #expect(references.tags["v1.0.0"]?.commit.hex == id)
                #expect(references.tags["v1.0.0"]?.isAnnotated == true)

                let commit = try #require(references.head)
                #expect(try await repository.commit(commit).time == 1_700_000_000)
                let entries = try await repository.entries(of: RelativePath("skills/skill-0"), at: commit)
                #expect(
                    entries.map { "\($0.path) \($0.kind) \($0.size)" } == [
                        "SKILL.md file 9", "references/guide.md file 8", "scripts/run.sh executable 10",
                        "scripts/start symlink 6",
                    ])
                let contents = try await repository.contents(of: entries, at: commit)
                #expect(String(decoding: contents[0], as: UTF8.self) == "skill 0\r\n")

                // The same again with the network off.
                let offline = try world.open(address, isOffline: true, transport: way.transport)
                #expect(try await offline.references() == references)
                #expect(try await offline.entries(of: RelativePath("skills/skill-0"), at: commit) == entries)
                #expect(try FileSystem.readText(world.cached() + "/address") == "\(repository.url)\n")
            }
        }
    }

    @Test func `of one skill brings neither history nor other files`() async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/remotes/ten.git")
            for round in 0..<20 {
                try await remote.commit(["skills/skill-0/SKILL.md": .text("round \(round)\n"), "other": "x\n"])
            }
            try await tenSkillsAgain(remote)
            try await GitWebServer.serving(world.scratch + "/remotes") { server in
                let repository = try world.open(server.open + "/ten.git")
                let head = try await repository.head()
                _ = try await repository.commit(head)
                // One commit; trees: root, skills, ten skills, ten references, one scripts.
                #expect(try await world.objectCount() == 24)
                _ = try await repository.entries(of: RelativePath("skills/skill-3"), at: head)
                #expect(try await world.objectCount() == 26)
                #expect(try await repository.paths(named: "SKILL.md", at: head).count == 10)
                #expect(try await world.objectCount() == 26)
            }
        }
    }

    @Test func `a commit that no branch holds any more goes by its id`() async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/ten.git")
            let old = try await remote.git("rev-parse", "main")
            try await remote.commit(["a": "b"])
            let repository = try world.open(remote.url)
            let id = try #require(ObjectID(hex: old))
            #expect(try await repository.paths(named: "SKILL.md", at: id).count == 10)
        }
    }

    @Test func `what changed since comes alone`() async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/remotes/ten.git")
            try await GitWebServer.serving(world.scratch + "/remotes") { server in
                let repository = try world.open(server.open + "/ten.git")
                _ = try await repository.commit(repository.head())
                let before = try await world.objectCount()
                try await tenSkillsAgain(remote, with: ["skills/skill-5/new.md": "new\n"])
                _ = try await repository.commit(repository.head())
                // Commit, root, skills, skill-5.
                #expect(try await world.objectCount() == before + 4)
            }
        }
    }

    @Test(arguments: [false, true])
    func `what differs between two commits is what their lists of files say`(isLong: Bool) async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/remotes/ten.git")
            try await GitWebServer.serving(world.scratch + "/remotes") { server in
                let address = server.open + "/ten.git"
                let first = try #require(try await world.open(address).head(.current))
                _ = try await world.open(address).commit(first)
                var files: [String: RemoteRepository.File] = [:]
                for step in 0..<(isLong ? 4 : 1) {
                    files = [
                        "skills/skill-5/new.md": "new\n", "skills/skill-6": "a file now\n",
                        "skills/skill-7/SKILL.md": "7b\n",
                        "README.md/SKILL.md": "a folder now\n", "skills/deep/er/SKILL.md": .text("step \(step)\n"),
                    ]
                    try await remote.commit(files)
                }
                // The head is asked for: then what leads to it is known, and comes along.
                let repository = try world.open(address)
                let second = try #require(try await repository.head(.current))
                for folder in [nil, RelativePath("skills"), RelativePath("skills/skill-5"), RelativePath("none")] {
                    let before = try await repository.identities(below: folder, at: first)
                    let after = try await repository.identities(below: folder, at: second)
                    var expected: [RelativePath: ObjectID?] = [:]
                    for path in Set(before.keys).union(after.keys) where before[path] != after[path] {
                        expected[path] = .some(after[path])
                    }
                    let found = try #require(try await repository.changes(below: folder, from: first, to: second))
                    #expect(found == expected)
                    #expect(try await repository.changes(below: folder, from: second, to: second) == [:])
                }
                let nowhere = try #require(ObjectID(hex: String(repeating: "12", count: 20)))
                #expect(try await repository.changes(below: nil, from: nowhere, to: second) == nil)
                let folder = try world.cached()
                let shallow = try FileSystem.readText(folder + "/shallow").split(separator: "\n")
                #expect(shallow == [Substring(first.hex)])
            }
        }
    }

    @Test func `the same commit eight times at once fetches it once`() async throws {
        try await withWorld { world in
            _ = try await tenSkills(at: world.scratch + "/remotes/ten.git")
            try await GitWebServer.serving(world.scratch + "/remotes") { server in
                let head = try await world.open(server.open + "/ten.git").head()
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for index in 0..<8 {
                        group.addTask {
                            try await world.open(server.open + "/ten.git")
                                .entries(of: RelativePath("skills/skill-\(index)"), at: head).count
                        }
                    }
                    var counts: [Int] = []
                    for try await count in group { counts.append(count) }
                    #expect(counts.reduce(0, +) == 18)
                }
                // Commit and trees once, and the eighteen files.
                #expect(try await world.objectCount() == 24 + 18)
            }
        }
    }

    private func tenSkillsAgain(
        _ remote: RemoteRepository, with more: [String: RemoteRepository.File] = [:]
    ) async throws {
        var files = more
        for index in 0..<10 {
            files["skills/skill-\(index)/SKILL.md"] = .text("skill \(index)\r\n")
            files["skills/skill-\(index)/references/guide.md"] = .text("guide \(index)\n")
        }
        files["README.md"] = "ten skills\n"
        files["skills/skill-0/scripts/run.sh"] = .executable("#!/bin/sh\n")
        files["skills/skill-0/scripts/start"] = .link("run.sh")
        try await remote.commit(files)
    }
}

extension String {
    fileprivate var escaped: String { replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }
}

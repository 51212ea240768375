import Basics
import Git
import TestSupport
import Testing

@Suite struct `What can't be had` {
    @Test(arguments: [GitCache.Transport.automatic, .libgit2])
    func `names the repository that is not there`(transport: GitCache.Transport) async throws {
        try await withWorld { world in
            let repository = try world.open("file://\(world.scratch)/none.git", transport: transport)
            let error = await #expect(throws: GitError.self) { try await repository.references() }
            #expect(error?.code == .notFound)
            #expect(error?.detail.contains("none.git") == true)
            #expect(error?.diagnostic.fault == .outside)
        }
    }

    @Test func `without git says that git is missing, and does not call a repository that is there gone`() async throws
    {
        try await withWorld { world in
            try await RemoteRepository(at: world.scratch + "/new.git")
                .git("init", "--quiet", "--bare", "--object-format=sha256", world.scratch + "/other.git")
            for (name, code) in [("other", GitError.Code.unsupported), ("none", .notFound)] {
                let repository = try world.open("file://\(world.scratch)/\(name).git", transport: .libgit2)
                let error = await #expect(throws: GitError.self) { try await repository.references() }
                #expect(error?.code == code, "\(error?.detail ?? "")")
                #expect(error?.hint?.contains("there is no git on the path") == true)
            }
        }
    }

    @Test func `of a commit that is there is told from a commit that is not`() async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/ten.git")
            let commit = try #require(ObjectID(hex: try await remote.git("rev-parse", "main")))
            let blob = try await remote.git("rev-parse", "main:README.md")
            // Few objects lie each in a file of its own.
            try FileSystem.remove("\(remote.path)/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
            let repository = try world.open(remote.url)
            let error = await #expect(throws: GitError.self) { try await repository.entries(of: nil, at: commit) }
            #expect(error?.code == .damaged && error?.detail.contains(commit.short) == true, "\(error?.detail ?? "")")
            #expect(error?.hint != nil)
            let none = try #require(ObjectID(hex: String(repeating: "5", count: 40)))
            let other = await #expect(throws: GitError.self) { try await repository.commit(none) }
            #expect(other?.code == .noSuchReference)
        }
    }

    @Test(arguments: [GitCache.Transport.automatic, .libgit2])
    func `on a web server is told from a server that is not there`(transport: GitCache.Transport) async throws {
        try await withWorld { world in
            try FileSystem.makeDirectories(world.scratch + "/remotes")
            try await GitWebServer.serving(world.scratch + "/remotes") { server in
                let repository = try world.open(server.open + "/none.git", transport: transport)
                let error = await #expect(throws: GitError.self) { try await repository.references() }
                #expect(error?.code == .notFound)
            }
            let gone = try world.open("http://127.0.0.1:\(try LoopbackPort.free())/none.git", transport: transport)
            let error = await #expect(throws: GitError.self) { try await gone.references() }
            #expect(error?.code == .network)
        }
    }

    @Test(arguments: [GitCache.Transport.automatic, .libgit2])
    func `for want of a password says so and never asks`(transport: GitCache.Transport) async throws {
        try await withWorld { world in
            _ = try await tenSkills(at: world.scratch + "/remotes/ten.git")
            try await GitWebServer.serving(world.scratch + "/remotes") { server in
                for user in ["", "reader:wrong-word@", "reader@"] {
                    let address = (server.closed + "/ten.git").replacing("http://", with: "http://" + user)
                    let repository = try world.open(address, transport: transport)
                    let error = await #expect(throws: GitError.self) { try await repository.references() }
                    #expect(error?.code == .authentication)
                    #expect(error?.diagnostic.description.contains("wrong-word") == false)
                }
            }
        }
    }

    @Test func `by a key that the host does not know says so`() async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/ten.git")
            try await GitSSHServer.serving { server in
                var world = world
                world.environment["GIT_SSH_COMMAND"] =
                    "ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "
                    + "-o IdentitiesOnly=yes -i /dev/null"
                let repository = try world.open(server.address + remote.path)
                let error = await #expect(throws: GitError.self) { try await repository.references() }
                #expect(error?.code == .authentication)
                // ssh ends its lines with a carriage return.
                #expect(error?.diagnostic.description.contains("\r") == false)
            }
        }
    }

    @Test func `is a commit, tag or folder by name`() async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/ten.git")
            let repository = try world.open(remote.url)
            let head = try await repository.head()
            let noCommit = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
            let first = await #expect(throws: GitError.self) { try await repository.commit(noCommit) }
            #expect(first?.code == .noSuchReference)
            let second = await #expect(throws: GitError.self) {
                try await repository.resolve(ReferenceName(checking: "v9"))
            }
            #expect(second?.code == .noSuchReference)
            for path in ["skills/none", "README.md", "README.md/x"] {
                let third = await #expect(throws: GitError.self) {
                    try await repository.entries(of: RelativePath(path), at: head)
                }
                #expect(third?.code == .noSuchPath)
            }
            let files = try await repository.files(
                ["README.md", "none", "skills", "skills/skill-0/scripts/start"].compactMap { RelativePath($0) },
                at: head)
            #expect(files.keys.map(\.text) == ["README.md"])
        }
    }

    @Test func `offline names exactly what is missing, and touches nothing`() async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/remotes/ten.git")
            let other = try world.open(remote.url, isOffline: true)
            let first = await #expect(throws: GitError.self) { try await other.references() }
            #expect(first?.code == .offline)
            #expect(first?.diagnostic.fault == .offline)
            #expect(!FileSystem.exists(world.caches))
            try await GitWebServer.serving(world.scratch + "/remotes") { server in
                let address = server.open + "/ten.git"
                let head = try await world.open(address).head()
                let offline = try world.open(address, isOffline: true)
                let second = await #expect(throws: GitError.self) { try await offline.commit(head) }
                #expect(second?.detail.contains("commit \(head.short)") == true)
                _ = try await world.open(address).commit(head)
                let third = await #expect(throws: GitError.self) {
                    try await offline.entries(of: RelativePath("skills/skill-1"), at: head)
                }
                #expect(third?.code == .offline)
            }
        }
    }

    @Test func `ends when its task is cancelled, also while the server is silent`() async throws {
        try await withWorld { world in
            try await LoopbackPort.withSilentServer { port in
                let repository = try world.open("http://127.0.0.1:\(port)/x.git")
                let task = Task { () async -> GitError? in
                    do throws(GitError) {
                        _ = try await repository.references()
                        return nil
                    } catch {
                        return error
                    }
                }
                while (try? world.cached()) == nil { try await Task.sleep(for: .milliseconds(10)) }
                task.cancel()
                #expect(await task.value?.code == .cancelled)
                // The lock is free again, and the next one to take it waits for nobody.
                #expect(FileSystem.exists(try world.cached() + "/HEAD"))
            }
        }
    }

    @Test func `more than the limit is not taken`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            var text = ""
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<400_000 { text += String(UInt64.random(in: 0 ... .max, using: &generator), radix: 36) }
            try await remote.commit(["s/SKILL.md": .text(text)])
            try await remote.git("config", "uploadpack.allowFilter", "false")
            var limits = GitLimits()
            limits.transferBytes = 100_000
            let repository = world.cache(transport: .libgit2, limits: limits).repository(try GitURL(remote.url))
            let head = try await repository.head()
            let error = await #expect(throws: GitError.self) { try await repository.commit(head) }
            #expect(error?.code == .tooLarge)
        }
    }
}

@Suite struct `A cache that was damaged` {
    enum Damage: CaseIterable, Sendable {
        case truncatedPack, flippedBytes, noIndex, noPacks, noHead, noObjects, garbageReferences, staleLocks, leftovers
        case emptyFolder, brokenShallow

        func strike(_ folder: String) throws {
            let packs = folder + "/objects/pack"
            let names = try FileSystem.list(packs)
            switch self {
            case .truncatedPack:
                for name in names where name.hasSuffix(".pack") {
                    try replace("\(packs)/\(name)") { Array($0.prefix($0.count / 2)) }
                }
            case .flippedBytes:
                for name in names where name.hasSuffix(".pack") {
                    try replace("\(packs)/\(name)") { bytes in
                        var bytes = bytes
                        for index in stride(from: 14, to: bytes.count - 20, by: 7) { bytes[index] ^= 0x55 }
                        return bytes
                    }
                }
            case .noIndex: for name in names where name.hasSuffix(".idx") { try FileSystem.remove("\(packs)/\(name)") }
            case .noPacks: for name in names { try FileSystem.remove("\(packs)/\(name)") }
            case .noHead: try FileSystem.remove(folder + "/HEAD")
            case .noObjects: try FileSystem.removeTree(folder + "/objects")
            case .garbageReferences: try FileSystem.write(Array("garbage\n\u{0}".utf8), to: folder + "/references")
            case .staleLocks:
                for lock in ["shallow.lock", "config.lock", "HEAD.lock"] {
                    try FileSystem.write([], to: "\(folder)/\(lock)")
                }
            case .leftovers:
                try FileSystem.write([1, 2, 3], to: packs + "/tmp_pack_abcdef")
                try FileSystem.makeDirectories(folder + ".1-x.tmp/objects")
            case .emptyFolder:
                for name in try FileSystem.list(folder) { try FileSystem.removeTree("\(folder)/\(name)") }
            case .brokenShallow: try FileSystem.write(Array("nonsense\n".utf8), to: folder + "/shallow")
            }
        }

        private func replace(_ path: String, _ change: ([UInt8]) -> [UInt8]) throws {
            let bytes = change(try FileSystem.read(path))
            try FileSystem.remove(path)
            try FileSystem.write(bytes, to: path)
        }
    }

    @Test(arguments: Damage.allCases, [true, false])
    func `heals when it is used next`(damage: Damage, filters: Bool) async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/ten.git")
            try await remote.git("config", "uploadpack.allowFilter", "\(filters)")
            let repository = try world.open(remote.url)
            let head = try await repository.head()
            let entries = try await repository.entries(of: RelativePath("skills/skill-0"), at: head)
            try damage.strike(try world.cached())

            #expect(try await repository.entries(of: RelativePath("skills/skill-0"), at: head) == entries)
            try await remote.commit(["skills/skill-0/SKILL.md": "new\n"])
            let next = try await repository.head()
            #expect(next != head)
            #expect(try await repository.entries(of: RelativePath("skills"), at: next).count == 1)
            let left = try FileSystem.list(world.caches + "/git-v1").filter { $0.hasSuffix(".tmp") }
            #expect(left.isEmpty)
        }
    }

    @Test func `can't be healed offline, and says so`() async throws {
        try await withWorld { world in
            let remote = try await tenSkills(at: world.scratch + "/ten.git")
            let repository = try world.open(remote.url)
            let head = try await repository.head()
            _ = try await repository.entries(of: RelativePath("skills/skill-0"), at: head)
            try Damage.flippedBytes.strike(try world.cached())
            let offline = try world.open(remote.url, isOffline: true)
            let error = await #expect(throws: GitError.self) {
                try await offline.entries(of: RelativePath("skills/skill-0"), at: head)
            }
            #expect(error?.code == .damaged || error?.code == .offline)
        }
    }
}

import Basics
import Git
import TestSupport
import Testing

@Suite struct `A hostile repository` {
    /// Serves a skill folder with one more entry of the given mode and name, and reads it.
    private func reading(
        _ mode: String, _ name: [UInt8], link: String? = nil
    ) async throws -> GitError? {
        var error: GitError?
        try await withScratch { scratch in
            let world = World(scratch)
            let remote = try await RemoteRepository(at: scratch + "/r.git")
            let file = try await remote.blob(Array("text".utf8))
            var id = file
            if let link { id = try await remote.blob(Array(link.utf8)) }
            if mode == "40000" { id = try await remote.tree([("100644", Array("x".utf8), file)]) }
            if mode == "160000" { id = String(repeating: "1", count: 40) }
            let skill = try await remote.tree([("100644", Array("SKILL.md".utf8), file), (mode, name, id)])
            let root = try await remote.tree([("40000", Array("s".utf8), skill)])
            let commit = try #require(ObjectID(hex: try await remote.commit(tree: root)))
            do {
                _ = try await world.open(remote.url).entries(of: RelativePath("s"), at: commit)
            } catch let thrown as GitError {
                error = thrown
            }
        }
        return error
    }

    @Test(arguments: [
        ".", "..", ".git", ".GIT", ".Git ", ".git.", ".git::$INDEX_ALLOCATION", "git~1", ".g\u{200C}it", "a/b",
        "../../x", "a\\b", "..\\x", "a\nb", "a\u{1B}[2J", "\u{7F}", "skill.md", "SKILL.MD", "SKILL.md",
        String(repeating: "a", count: 256),
    ])
    func `with an unsafe name is refused, and the entry named`(name: String) async throws {
        let error = try #require(try await reading("100644", Array(name.utf8)))
        #expect(error.code == .hostileEntry)
        #expect(error.detail.hasPrefix("`\(name.shown())`"))
        #expect(error.diagnostic.fault == .integrity)
        #expect(!error.detail.contains("\u{1B}"))
    }

    @Test func `with a name that is not UTF-8 is refused`() async throws {
        #expect(try await reading("100644", [0x61, 0xFF])?.code == .hostileEntry)
    }

    @Test func `with an entry without a name is refused`() {
        // git's own server dies of such a tree, so the rule is shown one directly.
        var rules = TreeRules()
        #expect(throws: GitError.self) { try rules.admit(name: [], in: nil) }
    }

    @Test(arguments: [".git", "..", "a/b"])
    func `with an unsafe folder is refused`(name: String) async throws {
        #expect(try await reading("40000", Array(name.utf8))?.code == .hostileEntry)
    }

    @Test func `with a submodule or an unknown mode is refused`() async throws {
        #expect(try await reading("160000", Array("sub".utf8))?.detail.contains("submodule") == true)
        #expect(try await reading("100600", Array("odd".utf8))?.code == .hostileEntry)
        #expect(try await reading("20000", Array("device".utf8))?.code == .hostileEntry)
    }

    @Test(arguments: ["/etc/passwd", "../x", "..", "SKILL.md/../../x", "", "a\nb", "..\\x", "./../x", "a/../b"])
    func `with a link out of its folder is refused`(target: String) async throws {
        #expect(try await reading("120000", Array("link".utf8), link: target)?.code == .hostileEntry)
    }

    @Test(arguments: ["SKILL.md", "./SKILL.md", "no/such/thing", "."])
    func `may have links inside its folder`(target: String) async throws {
        #expect(try await reading("120000", Array("link".utf8), link: target) == nil)
    }

    @Test(arguments: ["readme", "ünïcode", "with space", "~", "$(id)", "-rf", ".hidden", "CON", "a;b"])
    func `may have names that are merely odd`(name: String) async throws {
        #expect(try await reading("100644", Array(name.utf8)) == nil)
    }

    @Test(arguments: ["a\u{202E}gpj.exe", "\u{2066}x\u{2069}", "\u{202A}"])
    func `with a name that is shown as another is refused`(name: String) async throws {
        let error = try await reading("100644", Array(name.utf8))
        #expect(
            error?.code == .hostileEntry && error?.detail.contains("\\u{20") == true, "\(String(describing: error))")
        // What joins letters of some scripts is needed in names.
        #expect(try await reading("100644", Array("می\u{200C}خواهم".utf8)) == nil)
    }

    @Test func `with names that differ only by accents' encoding is refused`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            let file = try await remote.blob([])
            let tree = try await remote.tree([
                ("100644", Array("e\u{301}".utf8), file), ("100644", Array("\u{E9}".utf8), file),
            ])
            let commit = try #require(ObjectID(hex: try await remote.commit(tree: tree)))
            await #expect(throws: GitError.self) { try await world.open(remote.url).entries(of: nil, at: commit) }
        }
    }

    @Test func `of ten thousand folders within folders is refused`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            let path = String(repeating: "d/", count: 10_000) + "SKILL.md"
            try await remote.commit([path: "deep\n"])
            let repository = try world.open(remote.url)
            let head = try await repository.head()
            let error = await #expect(throws: GitError.self) { try await repository.entries(of: nil, at: head) }
            #expect(error?.code == .tooLarge)
            #expect(try await repository.paths(named: "SKILL.md", at: head).isEmpty)
        }
    }

    @Test func `of ten to the tenth paths is refused`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            var id = try await remote.blob([])
            var mode = "100644"
            for _ in 0..<10 {
                id = try await remote.tree((0..<10).map { (mode, Array("d\($0)".utf8), id) })
                mode = "40000"
            }
            let head = try #require(ObjectID(hex: try await remote.commit(tree: id)))
            var limits = GitLimits()
            limits.searchedEntries = 2000
            limits.entries = 2000
            let repository = world.cache(limits: limits).repository(try GitURL(remote.url))
            let error = await #expect(throws: GitError.self) { try await repository.entries(of: nil, at: head) }
            #expect(error?.code == .tooLarge)
            let second = await #expect(throws: GitError.self) { try await repository.paths(named: "x", at: head) }
            #expect(second?.code == .tooLarge)
        }
    }

    @Test func `with a file over the limit is refused before it is read`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            try await remote.commit([
                "s/SKILL.md": "small\n", "s/big": .text(String(repeating: "0", count: 65 << 20)),
            ])
            let repository = try world.open(remote.url)
            let head = try await repository.head()
            let error = await #expect(throws: GitError.self) {
                try await repository.entries(of: RelativePath("s"), at: head)
            }
            #expect(error?.code == .tooLarge)
            #expect(error?.detail.contains("`big`") == true)
            await #expect(throws: GitError.self) { try await repository.files([RelativePath("s/big")!], at: head) }
        }
    }

    @Test func `that says its commit is a blob, or has no tree, is refused`() async throws {
        try await withWorld { world in
            let remote = try await RemoteRepository(at: world.scratch + "/r.git")
            let blob = try await remote.blob(Array("x".utf8))
            try await remote.git("update-ref", "refs/tags/v1", blob)
            let repository = try world.open(remote.url)
            let id = try await repository.resolve(ReferenceName(checking: "v1"))
            let error = await #expect(throws: GitError.self) { try await repository.commit(id) }
            #expect(error?.code == .unsupported)
        }
    }
}

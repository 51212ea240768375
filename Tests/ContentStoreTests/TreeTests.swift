import Basics
import ContentStore
import Testing

struct TreeTests {
    @Test func `the order of the entries given does not matter`() throws {
        let entries = try ["b", "a/x", "a-b/x", "a/y/z", "a.b", "B2"].map { try entry($0, $0) }
        let digest = try Tree.digest(entries)
        #expect(try Tree.digest(entries.reversed()) == digest)
    }

    @Test func `content, name, exec bit and kind each change the digest`() throws {
        let base = try Tree.digest([entry("a", "x")])
        #expect(try Tree.digest([entry("a", "y")]) != base)
        #expect(try Tree.digest([entry("b", "x")]) != base)
        #expect(try Tree.digest([entry("a", "x", executable: true)]) != base)
        #expect(try Tree.digest([link("a", "x")]) != base)
        #expect(try Tree.digest([entry("a/a", "x")]) != base)
    }

    @Test func `a tree reads back to its entries`() throws {
        let entries = try [
            entry("a/x"), entry("a-b/x", executable: true), entry("a.b"), link("a/up", "../a.b"), entry("é/日本"),
        ].sorted { $0.path < $1.path }
        let built = try Tree.build(entries)
        let messages = Dictionary(uniqueKeysWithValues: built.directories.map { ($0.blob.digest, $0.bytes) })
        #expect(try Tree.entries(of: built.root.digest) { messages[$0] } == entries)
        #expect(try Tree.entries(of: built.root.digest) { _ in nil as [UInt8]? } == nil)
    }

    @Test(arguments: [".git", ".GIT", "sub/.Git/config", "a\nb", "tab\t", "\u{7F}", String(repeating: "n", count: 256)])
    func `a name that no tree may hold is refused and named`(name: String) throws {
        let error = #expect(throws: TreeError.self) { try Tree.build([entry(name)]) }
        guard case .name = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [("README.md", "readme.MD"), ("café", "cafe\u{301}"), ("straße", "STRASSE"), ("\u{212A}", "k")])
    func `names that some file systems take for one collide`(a: String, b: String) throws {
        let error = #expect(throws: TreeError.self) { try Tree.build([entry("d/\(a)"), entry("d/\(b)")]) }
        guard case .collision(let x, let y) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(Set([Array(x.utf8), Array(y.utf8)]) == Set([Array("d/\(a)".utf8), Array("d/\(b)".utf8)]))
    }

    @Test func `a folder and a file of one name collide, and a folder with itself in other case`() throws {
        #expect(throws: TreeError.duplicate("a")) { try Tree.build([entry("a"), entry("a-"), entry("a/b")]) }
        #expect(throws: TreeError.duplicate("a")) { try Tree.build([entry("a"), entry("a")]) }
        #expect(throws: TreeError.self) { try Tree.build([entry("A/x"), entry("a/y")]) }
    }

    @Test(arguments: [
        ("l", "/etc/passwd"), ("l", ".."), ("l", "../x"), ("a/l", "../../x"), ("a/l", "b/../x"), ("l", ""),
        ("a/l", "./../../x"), ("l", "x\ny"), ("l", "//x"), ("a/b/l", "../../../"),
    ])
    func `a link that leaves the tree, or might, is refused`(path: String, target: String) throws {
        #expect(throws: TreeError.link(path, target: target)) { try Tree.build([link(path, target)]) }
    }

    @Test(arguments: [("l", "x"), ("l", "."), ("a/l", ".."), ("a/l", "../x/y"), ("a/b/l", "../../c"), ("l", "a//b/")])
    func `a link that stays is kept`(path: String, target: String) throws {
        _ = try Tree.build([link(path, target)])
    }

    @Test func `too deep, too many and too large trees are refused`() throws {
        let deep = try entry(Array(repeating: "d", count: 102).joined(separator: "/"))
        #expect(throws: TreeError.self) { try Tree.build([deep]) }
        var limits = TreeLimits()
        limits.entries = 2
        #expect(throws: TreeError.self) { try Tree.build((0..<3).map { try entry("\($0)") }, limits: limits) }
        let huge = Blob(digest: Digest(of: "x"), size: .max)
        let path = try #require(RelativePath("a"))
        let other = try #require(RelativePath("b"))
        #expect(throws: TreeError.self) {
            try Tree.build([
                TreeEntry(path, .file(huge, executable: false)), TreeEntry(other, .file(huge, executable: false)),
            ])
        }
    }

    @Test func `a tree of ten to the thirtieth paths is refused at once`() throws {
        var messages: [Digest: [UInt8]] = [:]
        var blob = Blob(of: [])
        for level in 0..<30 {
            let names = (0..<10).map(String.init)
            let directory =
                level == 0
                ? try Directory(
                    files: names.map { .init(name: $0, blob: blob, isExecutable: false) }, folders: [], symlinks: [])
                : try Directory(files: [], folders: names.map { .init(name: $0, blob: blob) }, symlinks: [])
            let bytes = directory.encoded()
            blob = Blob(of: bytes)
            messages[blob.digest] = bytes
        }
        #expect(throws: TreeError.self) { try Tree.entries(of: blob.digest) { messages[$0] } }
    }

    @Test func `a chain of ten thousand folders is refused without running out of stack`() throws {
        var messages: [Digest: [UInt8]] = [:]
        var blob = Blob(of: [])
        for _ in 0..<10_000 {
            let bytes = try Directory(files: [], folders: [.init(name: "d", blob: blob)], symlinks: []).encoded()
            blob = Blob(of: bytes)
            messages[blob.digest] = bytes
        }
        #expect(throws: TreeError.self) { try Tree.entries(of: blob.digest) { messages[$0] } }
    }
}

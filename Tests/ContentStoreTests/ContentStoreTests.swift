import Basics
import ContentStore
import TestSupport
import Testing

struct ContentStoreTests {
    private func path(_ digest: Digest, _ root: String) -> String {
        "\(root)/cas-v1/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))"
    }

    @Test func `a blob reads back, and stands where the page says`() throws {
        try withScratch { root in
            let store = ContentStore(root: root + "/not/there/yet")
            let blob = try store.put(Array("hello\n".utf8))
            #expect(blob.size == 6)
            #expect(try store.get(blob.digest) == Array("hello\n".utf8))
            #expect(store.contains(blob.digest))
            #expect(FileSystem.exists(path(blob.digest, store.root)))
            #expect(try FileSystem.list(store.root + "/cas-v1/tmp").isEmpty)
            #expect(try store.get(Digest(of: "other")) == nil)
        }
    }

    @Test(arguments: ["other bytes", "", "hello", "hello\n\0"])
    func `a damaged or truncated blob is a miss, and is healed by the next put`(damage: String) throws {
        try withScratch { root in
            let store = ContentStore(root: root)
            let blob = try store.put(Array("hello\n".utf8))
            let file = path(blob.digest, root)
            try FileSystem.setMode(file, 0o644)
            try FileSystem.write(Array(damage.utf8), to: file)
            #expect(try store.get(blob.digest) == nil)
            #expect(!FileSystem.exists(file))
            try FileSystem.write(Array(damage.utf8), to: file)
            // Not read in between: a put must not trust what lies there.
            try store.put(Array("hello\n".utf8))
            #expect(try store.get(blob.digest) == Array("hello\n".utf8))
        }
    }

    @Test func `a folder or a dangling link in a blob's place is damage too`() throws {
        try withScratch { root in
            let store = ContentStore(root: root)
            let blob = try store.put([1, 2, 3])
            let file = path(blob.digest, root)
            try FileSystem.remove(file)
            try FileSystem.makeDirectories(file + "/inside")
            #expect(try store.get(blob.digest) == nil)
            try FileSystem.makeDirectories(file + "/inside")
            try store.put([1, 2, 3])
            #expect(try store.get(blob.digest) == [1, 2, 3])
            try FileSystem.remove(file)
            try FileSystem.makeLink(file, to: file)
            #expect(try store.get(blob.digest) == nil)
        }
    }

    @Test func `a durable put and synchronize need what they promise`() throws {
        try withScratch { root in
            let store = ContentStore(root: root)
            let blob = try store.putDurable([9])
            try store.synchronize([blob.digest])
            let other = Digest(of: "never put")
            #expect(throws: StoreError.missing(other, root: root)) { try store.synchronize([other]) }
        }
    }

    @Test func `a file is imported by streaming, a link or a folder is refused`() throws {
        try withScratch { root in
            let store = ContentStore(root: root + "/store")
            let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try FileSystem.write(bytes, to: root + "/big")
            let blob = try store.importFile(root + "/big")
            #expect(blob == Blob(of: bytes))
            #expect(try store.importFile(root + "/big") == blob)
            #expect(try store.get(blob.digest) == bytes)
            try FileSystem.makeLink(root + "/link", to: "big")
            #expect(throws: StoreError.self) { try store.importFile(root + "/link") }
            #expect(throws: StoreError.self) { try store.importFile(root) }
            #expect(try FileSystem.list(root + "/store/cas-v1/tmp").isEmpty)
        }
    }

    @Test func `a folder goes into the store and comes out with exec bits and links`() throws {
        try withScratch { root in
            let store = ContentStore(root: root + "/store")
            try write(["in/SKILL.md": "hi", "in/scripts/run.sh": "#!/bin/sh\n", "in/no/x": "left out"], in: root)
            try FileSystem.setMode(root + "/in/scripts/run.sh", 0o755)
            try FileSystem.makeLink(root + "/in/scripts/readme", to: "../SKILL.md")
            try FileSystem.makeDirectories(root + "/in/empty")
            let (tree, entries) = try store.importFolder(root + "/in", leavingOut: { $0.text == "no" })
            #expect(entries.map(\.path.text) == ["SKILL.md", "scripts/readme", "scripts/run.sh"])
            #expect(try store.tree(tree.digest) == entries)
            #expect(try store.containsTree(tree.digest))
            try store.materialize(entries, at: root + "/out", synchronized: true)
            #expect(try FileSystem.status(root + "/out/scripts/run.sh")?.isExecutable == true)
            #expect(try FileSystem.status(root + "/out/SKILL.md")?.isExecutable == false)
            #expect(try FileSystem.readLink(root + "/out/scripts/readme") == "../SKILL.md")
            #expect(try store.importFolder(root + "/out").root == tree)
        }
    }

    @Test func `a tree is not written over anything, and a failure leaves nothing`() throws {
        try withScratch { root in
            let store = ContentStore(root: root + "/store")
            let entries = try [entry("a", "1"), entry("b", "2")]
            try store.put(Array("1".utf8))
            #expect(throws: StoreError.missing(Digest(of: "2"), root: store.root)) {
                try store.materialize(entries, at: root + "/out")
            }
            #expect(!FileSystem.exists(root + "/out"))
            try store.put(Array("2".utf8))
            try FileSystem.makeLink(root + "/out", to: root + "/elsewhere")
            #expect(throws: StoreError.self) { try store.materialize(entries, at: root + "/out") }
            #expect(!FileSystem.exists(root + "/elsewhere"))
        }
    }

    @Test func `a damaged folder message makes the tree a miss`() throws {
        try withScratch { root in
            let store = ContentStore(root: root)
            let tree = try SampleTree().file("a/b", "x").put(in: store)
            try FileSystem.setMode(path(tree, root), 0o644)
            try FileSystem.write([1], to: path(tree, root))
            #expect(try store.tree(tree) == nil)
        }
    }

    @Test func `bytes that are no tree are an error, not a miss`() throws {
        try withScratch { root in
            let store = ContentStore(root: root)
            let blob = try store.put(Array("no tree".utf8))
            #expect(throws: StoreError.self) { try store.tree(blob.digest) }
        }
    }
}

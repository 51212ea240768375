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

struct FileSystemTests {
    @Test func `bytes are written and read, to the limit`() throws {
        try withScratch { root in
            let path = root + "/f"
            try FileSystem.write([1, 2, 3], to: path)
            #expect(try FileSystem.read(path) == [1, 2, 3])
            #expect(try FileSystem.read(path, limit: 3) == [1, 2, 3])
            #expect(throws: FileError.self) { try FileSystem.read(path, limit: 2) }
            try FileSystem.write([], to: path)
            #expect(try FileSystem.read(path) == [])
            #expect(throws: FileError.self) { try FileSystem.read(root) }
            let missing = #expect(throws: FileError.self) { try FileSystem.read(root + "/missing") }
            #expect(missing?.isNotFound == true)
            try FileSystem.write([0xFF], to: path)
            #expect(throws: FileError.self) { try FileSystem.readText(path) }
        }
    }

    @Test func `status looks at links themselves`() throws {
        try withScratch { root in
            try FileSystem.makeLink(root + "/dangling", to: "nowhere")
            #expect(try FileSystem.status(root + "/dangling")?.kind == .symlink)
            #expect(try FileSystem.readLink(root + "/dangling") == "nowhere")
            #expect(try FileSystem.status(root + "/missing") == nil)
            #expect(try FileSystem.status(root + "/dangling/below") == nil)
            #expect(try FileSystem.status(root)?.kind == .directory)
        }
    }

    @Test func `create refuses what is there, a link too`() throws {
        try withScratch { root in
            try FileSystem.makeLink(root + "/link", to: root + "/target")
            #expect(throws: FileError.self) { try FileSystem.create(root + "/link", with: [1]) }
            #expect(!FileSystem.exists(root + "/target"))
            try FileSystem.create(root + "/new", with: [1], mode: 0o777, synchronized: true)
            #expect(try FileSystem.status(root + "/new")?.isExecutable == true)
            #expect(throws: FileError.self) { try FileSystem.create(root + "/new", with: [2]) }
            #expect(try FileSystem.read(root + "/new") == [1])
        }
    }

    @Test func `replace swaps the file for a new one, and a failure leaves the old`() throws {
        try withScratch { root in
            let path = root + "/f"
            try FileSystem.write([1], to: path)
            let inode = try FileSystem.status(path)?.inode
            try FileSystem.replace(path, with: [2])
            #expect(try FileSystem.read(path) == [2])
            #expect(try FileSystem.status(path)?.inode != inode)
            try FileSystem.makeDirectories(root + "/folder/inside")
            #expect(throws: FileError.self) { try FileSystem.replace(root + "/folder", with: [3]) }
            #expect(try FileSystem.list(root) == ["f", "folder"])
        }
    }

    @Test func `removing a tree follows no link`() throws {
        try withScratch { root in
            try write(["keep/file": "k", "gone/deep/file": "g"], in: root)
            try FileSystem.makeLink(root + "/gone/link", to: root + "/keep")
            try FileSystem.makeLink(root + "/alias", to: root + "/keep")
            try FileSystem.removeTree(root + "/gone")
            try FileSystem.removeTree(root + "/alias")
            try FileSystem.removeTree(root + "/never there")
            #expect(try FileSystem.list(root) == ["keep"])
            #expect(try FileSystem.readText(root + "/keep/file") == "k")
        }
    }

    @Test func `removing a tree copes with names that are not UTF-8`() throws {
        try withScratch { root in
            let base = Array((root + "/t").utf8CString.dropLast())
            try FileSystem.makeDirectories(root + "/t")
            let folder = base + [0x2F, -1, -2]
            #expect(mkdir(folder + [0], 0o777) == 0)
            #expect(close(creat(folder + [0x2F, -3, 0], 0o666)) == 0)
            let error = #expect(throws: FileError.self) { try FileSystem.list(root + "/t") }
            #expect(error?.reason.contains("UTF-8") == true)
            #expect(try FileSystem.listBytes(root + "/t") == [[0xFF, 0xFE]])
            try FileSystem.removeTree(root + "/t")
            #expect(!FileSystem.exists(root + "/t"))
        }
    }

    @Test func `removing a tree copes with three thousand levels and a wide floor`() throws {
        try withScratch { root in
            try FileSystem.makeDirectories(root + "/t")
            var folder = open(root + "/t", O_RDONLY | O_DIRECTORY)
            for level in 0..<3000 {
                #expect(mkdirat(folder, "d", 0o777) == 0)
                if level % 10 == 0 { close(openat(folder, "f", O_CREAT | O_WRONLY, 0o666)) }
                let next = openat(folder, "d", O_RDONLY | O_DIRECTORY)
                close(folder)
                folder = next
            }
            close(folder)
            for index in 0..<50 { try write(["t/w/\(index)/x/y": ""], in: root) }
            try FileSystem.removeTree(root + "/t")
            #expect(try FileSystem.list(root).isEmpty)
        }
    }

    @Test func `folders are exchanged in one step, where the system can`() throws {
        try withScratch { root in
            try write(["a/x": "1", "b/y": "2"], in: root)
            guard try FileSystem.exchange(root + "/a", root + "/b") else { return }
            #expect(try FileSystem.list(root + "/a") == ["y"])
            #expect(try FileSystem.list(root + "/b") == ["x"])
            #expect(throws: FileError.self) { _ = try FileSystem.exchange(root + "/a", root + "/missing") }
        }
    }

    @Test(arguments: [
        ("/a/b", "/a"), ("/a", "/"), ("/", nil), ("", nil), ("a", "."), ("a/b/", "a"), ("//a//", "/"),
        ("/a/\u{301}b", "/a"),
    ])
    func `parents are found by bytes`(path: String, parent: String?) {
        #expect(FileSystem.parent(of: path).map { Array($0.utf8) } == parent.map { Array($0.utf8) })
    }

    @Test(arguments: [
        ("/a/./b//c/..", "/x", "/a/b"), ("b", "/x", "/x/b"), ("../../../b", "/x", "/b"), ("", "/x/y", "/x/y"),
        ("/a/../\u{301}b", "/", "/\u{301}b"),
    ])
    func `absolute paths are made without looking`(path: String, base: String, absolute: String) {
        #expect(Array(FileSystem.absolute(path, from: base).utf8) == Array(absolute.utf8))
    }

    @Test func `a lock is held by one, or shared by those who share`() throws {
        try withScratch { root in
            let path = root + "/lock"
            let shared = try FileLock(path: path, mode: .shared)
            let other = try #require(try FileLock.tryToTake(path: path, mode: .shared))
            #expect(try FileLock.tryToTake(path: path, mode: .exclusive) == nil)
            shared.release()
            other.release()
            #expect(try FileLock.tryToTake(path: path, mode: .exclusive) != nil)
        }
    }

    @Test func `errors say what the user can do`() {
        #expect(FileError("write", "/x", code: ENOSPC).diagnostic.id == "file.space")
        #expect(FileError("write", "/x", code: EACCES).diagnostic.hint != nil)
        #expect(FileError("write", "/x", code: EACCES).diagnostic.fault == .outside)
    }
}

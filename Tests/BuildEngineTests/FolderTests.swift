import Basics
import BuildEngine
import ContentStore
import Synchronization
import TestSupport
import Testing

struct FolderTests {
    /// A scan that also says which files it read.
    private func scan(
        _ root: String, _ store: ContentStore, previous: FolderRecord?
    ) throws -> (record: FolderRecord, read: [String]) {
        let read = Mutex<[String]>([])
        var scanner = FolderScanner(store: store, ignored: [".git"])
        scanner.onRead = { path in read.withLock { $0.append(String(path.dropFirst(root.count + 1))) } }
        return (try scanner.scan(root, previous: previous), read.withLock { $0 })
    }

    /// Makes every stamp of a record old enough to be trusted.
    private func aged(_ record: FolderRecord) -> FolderRecord {
        var copy = record
        copy.takenAt += 3_600_000_000_000
        return copy
    }

    @Test func `an unchanged folder is not read again`() throws {
        try withScratch { scratch in
            let store = ContentStore(root: scratch + "/store")
            let root = scratch + "/f"
            try write(["SKILL.md": "a", "x/y.txt": "b", ".git/config": "c"], in: root)
            let first = try scan(root, store, previous: nil)
            #expect(first.read.sorted() == ["SKILL.md", "x/y.txt"])
            let second = try scan(root, store, previous: aged(first.record))
            #expect(second.read == [])
            #expect(second.record.entries == first.record.entries)
        }
    }

    @Test func `only the changed file is read`() throws {
        try withScratch { scratch in
            let store = ContentStore(root: scratch + "/store")
            let root = scratch + "/f"
            try write(["a": "1", "b": "2"], in: root)
            let first = try scan(root, store, previous: nil)
            try write(["b": "3"], in: root)
            let second = try scan(root, store, previous: aged(first.record))
            #expect(second.read == ["b"])
            #expect(second.record.entries != first.record.entries)
        }
    }

    @Test func `a file that changed about when it was scanned is read again`() throws {
        try withScratch { scratch in
            let store = ContentStore(root: scratch + "/store")
            let root = scratch + "/f"
            try write(["a": "1"], in: root)
            let first = try scan(root, store, previous: nil)
            // Not aged: the stamp is as young as the scan, so the same stamp proves nothing.
            #expect(try scan(root, store, previous: first.record).read == ["a"])
        }
    }

    @Test func `a file whose blob was collected is read again`() throws {
        try withScratch { scratch in
            let store = ContentStore(root: scratch + "/store")
            let root = scratch + "/f"
            try write(["a": "1"], in: root)
            let first = try scan(root, store, previous: nil)
            try FileSystem.removeTree(scratch + "/store")
            let emptied = ContentStore(root: scratch + "/store")
            #expect(try scan(root, emptied, previous: aged(first.record)).read == ["a"])
        }
    }

    @Test func `exec bits and links are part of the entries`() throws {
        try withScratch { scratch in
            let store = ContentStore(root: scratch + "/store")
            let root = scratch + "/f"
            try write(["run.sh": "x"], in: root)
            try FileSystem.setMode(root + "/run.sh", 0o755)
            try FileSystem.makeLink(root + "/link", to: "run.sh")
            let kinds = try scan(root, store, previous: nil).record.entries.map(\.kind)
            #expect(
                kinds == [.symlink(target: "run.sh"), .file(Blob(digest: Digest(of: "x"), size: 1), executable: true)])
        }
    }

    @Test func `limits refuse the folder and name it`() throws {
        try withScratch { scratch in
            let store = ContentStore(root: scratch + "/store")
            let root = scratch + "/f"
            try write(["a": "1", "b": "2", "c/d/e": "3"], in: root)
            var limits = FolderLimits()
            limits.entries = 2
            #expect(throws: FileError.self) {
                try FolderScanner(store: store, limits: limits).scan(root, previous: nil)
            }
            limits = FolderLimits()
            limits.depth = 1
            #expect(throws: FileError.self) {
                try FolderScanner(store: store, limits: limits).scan(root, previous: nil)
            }
            limits = FolderLimits()
            limits.fileBytes = 0
            #expect(throws: FileError.self) {
                try FolderScanner(store: store, limits: limits).scan(root, previous: nil)
            }
        }
    }

    @Test func `an index survives its file, and a damaged file is an empty index`() throws {
        try withScratch { scratch in
            let store = ContentStore(root: scratch + "/store")
            let root = scratch + "/f"
            try write(["SKILL.md": "a", "x/y.txt": "b"], in: root)
            try FileSystem.makeLink(root + "/l", to: "SKILL.md")
            let index = FolderIndex(records: [root: try scan(root, store, previous: nil).record])
            let file = scratch + "/folders"
            try index.write(to: file)
            #expect(FolderIndex(reading: file).records == index.records)
            var bytes = try FileSystem.read(file)
            bytes[bytes.count / 2] ^= 1
            try FileSystem.write(bytes, to: file)
            #expect(FolderIndex(reading: file).records.isEmpty)
        }
    }

    @Test func `what was derived from files holds while the files and the deriving code are the same`() throws {
        try withScratch { scratch in
            let store = ContentStore(root: scratch + "/store")
            let root = scratch + "/f"
            let file = scratch + "/folders"
            try write(["SKILL.md": "a", "x/y.txt": "b"], in: root)
            var record = try scan(root, store, previous: nil).record
            record.derived = .init(tree: try Tree.digest(record.entries), words: ["name"])
            try FolderIndex(records: [root: record], maker: Digest(of: "1")).write(to: file)
            #expect(FolderIndex(reading: file, maker: Digest(of: "1")).records[root] == record)
            #expect(FolderIndex(reading: file, maker: Digest(of: "2")).records[root]?.derived == nil)
            #expect(FolderIndex(reading: file, maker: Digest(of: "2")).records[root]?.files == record.files)

            // Written again with the same bytes: another stamp, the same files.
            try write(["x/y.txt": "b"], in: root)
            #expect(try scan(root, store, previous: record).record.derived == record.derived)
            try write(["x/y.txt": "c"], in: root)
            #expect(try scan(root, store, previous: record).record.derived == nil)
            try FileSystem.remove(root + "/x/y.txt")
            #expect(try scan(root, store, previous: record).record.derived == nil)
        }
    }
}

struct BuildMemoTests {
    private let configuration = Digest(of: "configuration")

    private func memo(_ root: String, _ paths: [String]) throws -> BuildMemo {
        BuildMemo(
            configuration: configuration, takenAt: WallClock.now() + 3_600_000_000_000,
            watched: try paths.map {
                .init(path: $0, stamp: try FileSystem.status($0.hasPrefix("/") ? $0 : root + "/" + $0))
            }, brief: Array("brief".utf8), answer: Array("answer".utf8))
    }

    @Test func `the answer holds while every stamp holds`() throws {
        try withScratch { root in
            try write(["a": "1", "d/b": "2"], in: root)
            let file = root + "/memo"
            try FileSystem.write(try memo(root, ["a", "d", "d/b", "absent", "/etc/hostname"]).encoded, to: file)
            let answer = BuildMemo.check(file, configuration: configuration, in: root)
            #expect(answer == Array("answer".utf8))
            let brief = BuildMemo.check(file, configuration: configuration, in: root, brief: true)
            #expect(brief == Array("brief".utf8))
            #expect(BuildMemo.check(file, configuration: Digest(of: "other"), in: root) == nil)
        }
    }

    @Test func `what differs is told, also below a base`() throws {
        try withScratch { root in
            try write(["a": "1", "d/b": "2", "d/e/c": "3", "d2/b": "4"], in: root)
            let file = root + "/memo"
            var memo = try memo(root, ["a", "d/b", "d/e/c", "d2/b", root + "/d2/b", "d/absent"])
            memo.bases = ["d", "d/e", root + "/d2", "nowhere"]
            try FileSystem.write(memo.encoded, to: file)
            #expect(
                BuildMemo.look(file, configuration: configuration, in: root) == .holds(Array("answer".utf8)))
            try write(["d/e/c": "33", "d2/b": "44", "d/absent": ""], in: root)
            #expect(
                BuildMemo.look(file, configuration: configuration, in: root)
                    == .differs(
                        ["d/e/c", "d2/b", root + "/d2/b", "d/absent"], since: memo.takenAt, answer: Array("answer".utf8)
                    ))
            try FileSystem.removeTree(root + "/d2")
            #expect(BuildMemo.look(file, configuration: configuration, in: root) == nil)
        }
    }

    @Test(arguments: ["content", "mode", "new entry", "removal", "appearance"])
    func `a change of a watched path voids the answer`(_ change: String) throws {
        try withScratch { root in
            try write(["a": "1", "d/b": "2"], in: root)
            let file = root + "/d2memo"
            try FileSystem.write(try memo(root, ["a", "d", "d/b", "absent"]).encoded, to: file)
            switch change {
            case "content": try write(["a": "11"], in: root)
            case "mode": try FileSystem.setMode(root + "/a", 0o700)
            case "new entry": try write(["d/c": ""], in: root)
            case "removal": try FileSystem.remove(root + "/d/b")
            default: try write(["absent": ""], in: root)
            }
            #expect(BuildMemo.check(file, configuration: configuration, in: root) == nil)
        }
    }

    @Test func `a stamp as young as the memo proves nothing`() throws {
        try withScratch { root in
            try write(["a": "1"], in: root)
            var memo = try memo(root, ["a"])
            memo.takenAt = WallClock.now()
            try FileSystem.write(memo.encoded, to: root + "/memo")
            #expect(BuildMemo.check(root + "/memo", configuration: configuration, in: root) == nil)
        }
    }

    @Test func `new stamps of watched paths make it hold again, and nothing else does`() throws {
        try withScratch { root in
            try write(["a": "1", "d/b": "2", "d/bb": "2", "e/b": "3"], in: root)
            let file = root + "/memo"
            var memo = try memo(root, ["a", "d/b", "d/bb", "e/b", root + "/e/b"])
            memo.bases = ["d", root + "/e"]
            try FileSystem.write(memo.encoded, to: file)
            try write(["a": "11", "d/b": "22"], in: root)
            func restamp(_ paths: [String], configuration: Digest) throws -> [UInt8]? {
                let stamps = try paths.map { ($0, try FileSystem.status(root + "/" + $0)) }
                return try BuildMemo.restamp(
                    file, configuration: configuration,
                    Dictionary(uniqueKeysWithValues: stamps.compactMap { path, stamp in stamp.map { (path, $0) } }),
                    takenAt: memo.takenAt, brief: false)
            }
            #expect(try restamp(["a", "d/b"], configuration: Digest(of: "other")) == nil)
            #expect(try restamp(["a", "d/b", "d"], configuration: configuration) == nil)
            #expect(
                BuildMemo.look(file, configuration: configuration, in: root)
                    == .differs(["a", "d/b"], since: memo.takenAt, answer: Array("answer".utf8)))
            #expect(try restamp(["a"], configuration: configuration) == Array("answer".utf8))
            #expect(
                BuildMemo.look(file, configuration: configuration, in: root)
                    == .differs(["d/b"], since: memo.takenAt, answer: Array("answer".utf8)))
            #expect(try restamp(["d/b"], configuration: configuration) == Array("answer".utf8))
            #expect(BuildMemo.look(file, configuration: configuration, in: root) == .holds(Array("answer".utf8)))
            // Another answer, longer or shorter, is the memo's from then on.
            let stamp = try #require(try FileSystem.status(root + "/a"))
            for text in ["another answer", "a", ""] {
                let answer = (brief: Array("in brief".utf8), whole: Array(text.utf8))
                let given = try BuildMemo.restamp(
                    file, configuration: configuration, ["a": stamp], takenAt: memo.takenAt, answer: answer, brief: true
                )
                #expect(given == answer.brief)
                #expect(BuildMemo.look(file, configuration: configuration, in: root) == .holds(answer.whole))
                #expect(
                    BuildMemo.look(file, configuration: configuration, in: root, brief: true) == .holds(answer.brief))
            }
        }
    }

    @Test func `a damaged or missing memo is none`() throws {
        try withScratch { root in
            try write(["a": "1"], in: root)
            let bytes = try memo(root, ["a"]).encoded
            #expect(BuildMemo.check(root + "/memo", configuration: configuration, in: root) == nil)
            for length in stride(from: 0, to: bytes.count, by: 7) {
                try FileSystem.write(Array(bytes.prefix(length)), to: root + "/memo")
                #expect(BuildMemo.check(root + "/memo", configuration: configuration, in: root) == nil)
            }
            for index in stride(from: 0, to: bytes.count, by: 5) {
                var spoiled = bytes
                spoiled[index] ^= 0x41
                try FileSystem.write(spoiled, to: root + "/memo")
                #expect(BuildMemo.check(root + "/memo", configuration: configuration, in: root) == nil)
            }
        }
    }
}

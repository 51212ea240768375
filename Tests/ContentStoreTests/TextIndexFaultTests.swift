import Basics
import ContentStore
import TestSupport
import Testing

@Suite struct `A search index that was damaged` {
    private func fill(_ index: TextIndex) throws(StoreError) {
        let changes = (0..<400).map { number in
            TextIndex.Change(
                key: "k\(number)", stamp: "s",
                document: .init(
                    name: "package \(number)", keywords: "word\(number % 7)",
                    text: (0..<40).map { "text\(number * 31 + $0)" }.joined(separator: " "), extra: "\(number)"))
        }
        try index.apply(changes, revision: "r")
    }

    /// Overwrites every page but the first, that of the header, from the `start`th on.
    private func damage(_ path: String, from start: Int) throws {
        var bytes = try FileSystem.read(path)
        let size = Int(bytes[16]) << 8 | Int(bytes[17])
        #expect(bytes.count > (start + 4) * size)
        for offset in (start * size)..<bytes.count where offset % 3 == 0 { bytes[offset] ^= 0x5A }
        try FileSystem.remove(path)
        try FileSystem.write(bytes, to: path)
        for suffix in ["-wal", "-shm"] { try? FileSystem.remove(path + suffix) }
    }

    /// Where the damage lies decides whether opening, searching or writing finds it.
    @Test(arguments: [1, 4, 6, 8, 12, 20])
    func `behind its header is put aside, and the next one opened is new`(page: Int) throws {
        try withScratch { folder in
            let path = folder + "/search/index.sqlite"
            try fill(try TextIndex(path: path))
            try damage(path, from: page)
            var failures = 0
            for _ in 0..<3 {
                do throws(StoreError) {
                    let index = try TextIndex(path: path)
                    try fill(index)
                    for number in 0..<400 { _ = try index.search(["text\(number * 31)"], limit: 5) }
                    break
                } catch {
                    failures += 1
                    guard case .database = error else { throw error }
                }
            }
            #expect(failures == 1)
            #expect(FileSystem.exists(path + ".damaged"))
            let index = try TextIndex(path: path)
            #expect(try index.count() == 400)
            #expect(try index.search(["package", "399"], limit: 5).map(\.extra) == ["399"])
        }
    }

    @Test func `is put aside once, not the new one of another process as well`() throws {
        try withScratch { folder in
            let path = folder + "/search/index.sqlite"
            try fill(try TextIndex(path: path))
            try damage(path, from: 4)
            let (first, second) = (try TextIndex(path: path), try TextIndex(path: path))
            func use(_ index: TextIndex) -> Bool {
                (try? (0..<400).map { try index.search(["text\($0 * 31)"], limit: 5) }) != nil
            }
            #expect(!use(first))
            let healed = try TextIndex(path: path)
            try fill(healed)
            // This one still has the damaged file open.
            #expect(!use(second))
            #expect(try TextIndex(path: path).count() == 400)
            #expect(try healed.search(["package", "7"], limit: 1).count == 1)
        }
    }
}

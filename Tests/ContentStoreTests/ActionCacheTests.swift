import Basics
import ContentStore
import TestSupport
import Testing

struct ActionCacheTests {
    private let key = Digest(of: "key")

    @Test func `what was recorded is found, by this process and by the next`() throws {
        try withScratch { root in
            let cache = try ActionCache(root: root)
            #expect(try cache.lookup(key) == nil)
            try cache.record(key, [1, 2, 3])
            try cache.recordAll([.init(key: Digest(of: "other"), value: []), .init(key: key, value: [4])])
            #expect(try cache.lookup(key) == [4])
            let again = try ActionCache(root: root)
            #expect(try again.lookup(key) == [4])
            #expect(try again.lookup(Digest(of: "other")) == [])
            #expect(try again.statistics().actions == 2)
        }
    }

    @Test func `a file that is no database is moved aside`() throws {
        try withScratch { root in
            try FileSystem.write(Array(repeating: 0x41, count: 8192), to: root + "/actions-v1.sqlite")
            let cache = try ActionCache(root: root)
            try cache.record(key, [1])
            #expect(try cache.lookup(key) == [1])
            #expect(FileSystem.exists(root + "/actions-v1.sqlite.damaged"))
        }
    }

    @Test(arguments: [0, 100, 4096, 10_000])
    func `a truncated database is begun anew`(size: Int) throws {
        try withScratch { root in
            let path = root + "/actions-v1.sqlite"
            do {
                let cache = try ActionCache(root: root)
                try cache.recordAll((0..<2000).map { .init(key: Digest(of: "\($0)"), value: [1, 2, 3]) })
                _ = try cache.evict(usedBefore: 0)
            }
            let bytes = try FileSystem.read(path)
            try FileSystem.write(Array(bytes.prefix(size)), to: path)
            let cache = try ActionCache(root: root)
            for index in 0..<2000 { _ = try cache.lookup(Digest(of: "\(index)")) }
            try cache.record(key, [7])
            #expect(try cache.lookup(key) == [7])
        }
    }

    @Test func `bytes flipped anywhere in the database never yield a wrong value`() throws {
        try withScratch { root in
            let path = root + "/actions-v1.sqlite"
            let entries = (0..<150).map {
                ActionCache.Entry(key: Digest(of: "\($0)"), value: Array("value \($0)".utf8))
            }
            do {
                let cache = try ActionCache(root: root)
                try cache.recordAll(entries)
                #expect(try cache.lookup(entries[0].key) != nil)
            }
            let whole = try FileSystem.read(path)
            var generator = SeededGenerator(state: 3)
            for _ in 0..<40 {
                var copy = whole
                for _ in 0..<20 { copy[Int.random(in: 0..<copy.count, using: &generator)] ^= 0x10 }
                for suffix in ["", "-wal", "-shm"] { try FileSystem.remove(path + suffix) }
                try FileSystem.write(copy, to: path)
                let cache = try ActionCache(root: root)
                for entry in entries {
                    let found = try cache.lookup(entry.key)
                    if let found, found != entry.value { Issue.record("\(found) for \(entry.value)") }
                }
                try cache.record(key, [7])
                #expect(try cache.lookup(key) == [7])
            }
        }
    }

    @Test func `a use is noted once a day, and a null build writes nothing`() throws {
        try withScratch { root in
            do { try ActionCache(root: root, day: 10).record(key, [1]) }
            let path = root + "/actions-v1.sqlite"
            func build(day: Int64) throws { #expect(try ActionCache(root: root, day: day).lookup(key) == [1]) }
            try build(day: 12)
            #expect(try ActionCache(root: root, day: 12).statistics().oldestUse == 12)
            let before = try FileSystem.read(path)
            try build(day: 12)
            #expect(try FileSystem.read(path) == before)
            #expect(try ActionCache(root: root, day: 12).evict(usedBefore: 12) == 0)
            #expect(try ActionCache(root: root, day: 12).evict(usedBefore: 13) == 1)
            #expect(try ActionCache(root: root, day: 12).lookup(key) == nil)
        }
    }

    @Test func `threads share one cache`() async throws {
        try await withScratch { root in
            let cache = try ActionCache(root: root)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    group.addTask {
                        for index in 0..<50 {
                            let key = Digest(of: "\(task) \(index)")
                            try cache.record(key, Array("\(index)".utf8))
                            #expect(try cache.lookup(key) == Array("\(index)".utf8))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try cache.statistics().actions == 400)
        }
    }
}

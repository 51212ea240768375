import Basics
import ContentStore
import TestSupport
import Testing

struct CollectionTests {
    /// Every value here is the text of a tree's digest.
    private func references(_ value: [UInt8]) -> [StoreReference] {
        Digest(text: String(decoding: value, as: UTF8.self)).map { [.tree($0)] } ?? []
    }

    private func record(_ tree: Digest, day: Int64, root: String) throws {
        try ActionCache(root: root, day: day).record(Digest(of: "key of \(tree)"), Array(tree.description.utf8))
    }

    @Test func `what old actions alone lead to goes, what others or roots lead to stays`() throws {
        try withScratch { root in
            let store = ContentStore(root: root)
            let shared = SampleTree().file("shared", "s")
            let old = try shared.file("deep/er/old", "o").put(in: store)
            let new = try shared.file("deep/er/new", "n").put(in: store)
            let pinned = try SampleTree().file("pinned", "p").put(in: store)
            let loose = try store.put([1, 2, 3]).digest
            try record(old, day: 10, root: root)
            try record(new, day: 20, root: root)
            let report = try store.collect(
                try ActionCache(root: root, day: 20), usedBefore: 15, roots: [.tree(pinned)], grace: -60,
                references: references)
            #expect(report.actionsRemoved == 1)
            // The old file, its two folders and its root; and the blob that nothing led to.
            #expect(report.blobsRemoved == 5)
            #expect(try store.tree(old) == nil)
            #expect(!store.contains(loose))
            #expect(try store.containsTree(new))
            #expect(try store.containsTree(pinned))
        }
    }

    @Test func `young blobs stay, also those that are put anew`() throws {
        try withScratch { root in
            let store = ContentStore(root: root)
            let loose = try store.put([1, 2, 3]).digest
            let cache = try ActionCache(root: root)
            let report = try store.collect(cache, usedBefore: 0, references: references)
            #expect(report.blobsRemoved == 0 && report.blobsKept == 1)
            #expect(store.contains(loose))
        }
    }

    @Test func `a dry run counts and removes nothing, leftovers of writers are found`() throws {
        try withScratch { root in
            let store = ContentStore(root: root)
            try store.put([1, 2, 3])
            try FileSystem.write([0], to: root + "/cas-v1/tmp/blob.1-x.tmp")
            let cache = try ActionCache(root: root)
            let dry = try store.collect(cache, usedBefore: 99_999_999, grace: -60, dryRun: true, references: references)
            #expect(dry.blobsRemoved == 2 && dry.bytesRemoved == 4)
            let real = try store.collect(cache, usedBefore: 99_999_999, grace: -60, references: references)
            #expect(real.blobsRemoved == 2)
            #expect(try FileSystem.list(root + "/cas-v1/tmp").isEmpty)
        }
    }

    @Test func `a tree with shared folders is marked once, however many paths it has`() throws {
        try withScratch { root in
            let store = ContentStore(root: root)
            var blob = try store.put([1])
            for level in 0..<20 {
                let names = (0..<10).map(String.init)
                let directory =
                    level == 0
                    ? try Directory(
                        files: names.map { .init(name: $0, blob: blob, isExecutable: false) }, folders: [], symlinks: []
                    )
                    : try Directory(files: [], folders: names.map { .init(name: $0, blob: blob) }, symlinks: [])
                blob = try store.put(directory.encoded())
            }
            let report = try store.collect(
                try ActionCache(root: root), usedBefore: 0, roots: [.tree(blob.digest)], grace: -60,
                references: references)
            #expect(report.blobsRemoved == 0 && report.blobsKept == 21)
        }
    }

    @Test func `a collection waits for whoever uses the store`() async throws {
        try await withScratch { root in
            let store = ContentStore(root: root)
            let blob = try store.put([1]).digest
            let cache = try ActionCache(root: root)
            let lock = try store.use()
            let (waiting, signal) = AsyncStream.makeStream(of: Void.self)
            async let collection = onThread {
                try store.collect(
                    cache, usedBefore: 0, grace: -60, onWait: { signal.finish() }, references: { _ in [] })
            }
            for await _ in waiting {}
            #expect(store.contains(blob))
            lock.release()
            #expect(try await collection.blobsRemoved == 1)
        }
    }
}

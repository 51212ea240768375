import Basics
import ContentStore
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

struct StoreFaultTests {
    @Test func `many writers of the same and of other blobs disturb neither each other nor readers`() async throws {
        try await withScratch { root in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    group.addTask {
                        // A store of its own, as another process has: nothing is shared but the folder.
                        let store = ContentStore(root: root)
                        for index in 0..<60 {
                            let bytes = Array(repeating: UInt8(index), count: 5000)
                            let blob = try store.put(bytes)
                            if index % 7 == task % 7 {
                                // Somebody damages it under everybody's hands.
                                let path = "\(root)/cas-v1/\(blob.digest.hex.prefix(2))/\(blob.digest.hex.dropFirst(2))"
                                try? FileSystem.setMode(path, 0o644)
                                try? FileSystem.write([1, 2, 3], to: path)
                            }
                            let read = try store.get(blob.digest)
                            #expect(read == nil || read == bytes)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let store = ContentStore(root: root)
            for index in 0..<60 {
                let blob = try store.put(Array(repeating: UInt8(index), count: 5000))
                #expect(try store.get(blob.digest)?.count == 5000)
            }
            #expect(try FileSystem.list(root + "/cas-v1/tmp").isEmpty)
        }
    }

    @Test func `two processes' action caches write side by side`() async throws {
        try await withScratch { root in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<4 {
                    group.addTask {
                        let cache = try ActionCache(root: root)
                        for index in 0..<40 { try cache.record(Digest(of: "\(task) \(index)"), [UInt8(index)]) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try ActionCache(root: root).statistics().actions == 160)
        }
    }

    @Test(.enabled(if: canMount))
    func `a full disk is told by the store's name and the way out, and leaves no half blob`() async throws {
        try await withMount(["-t", "tmpfs", "-o", "size=256k", "none"]) { disk in
            let store = ContentStore(root: disk + "/store")
            var stored: [Digest] = []
            var failure: StoreError?
            for index in 0..<200 where failure == nil {
                do throws(StoreError) {
                    stored.append(try store.put(Array(repeating: UInt8(index), count: 3000)).digest)
                } catch { failure = error }
            }
            let diagnostic = try #require(failure).diagnostic
            #expect(diagnostic.id == "store.space")
            #expect(diagnostic.fault == .outside)
            #expect(diagnostic.message.contains(disk + "/store"))
            #expect(diagnostic.hint?.contains("skvm gc") == true)
            for digest in stored { #expect(try store.get(digest)?.count == 3000) }
            #expect(try FileSystem.list(disk + "/store/cas-v1/tmp").isEmpty)
            let cacheError = #expect(throws: StoreError.self) { try ActionCache(root: disk + "/store") }
            #expect(cacheError?.diagnostic.id == "store.space", "\(cacheError?.diagnostic.description ?? "")")
        }
    }

    @Test(.enabled(if: canMount))
    func `room is made on a disk on which the action cache can't be opened, and what is used stays`() async throws {
        try await withMount(["-t", "tmpfs", "-o", "size=1m", "none"]) { disk in
            let store = ContentStore(root: disk + "/store")
            let (used, unused) = (try store.put(Array("used".utf8)), Digest(of: "none"))
            do { try ActionCache(root: disk + "/store", day: 100).record(unused, used.digest.bytes) }
            var index = 0
            while (try? store.put(Array(repeating: 7, count: 3000 + index))) != nil { index += 1 }
            while (try? store.put([UInt8(index & 0xFF), UInt8(index >> 8)])) != nil { index += 1 }
            let error = #expect(throws: StoreError.self) { try ActionCache(root: disk + "/store") }
            #expect(error?.isForWantOfSpace == true && error?.diagnostic.id == "store.space")
            // What was put within this second, too.
            let report = try store.makeRoom(usedBefore: 90, grace: -1) { value in
                Digest(bytes: value).map { [.blob($0)] } ?? []
            }
            #expect(report.blobsRemoved > 200 && report.blobsKept == 1, "\(report)")
            #expect(try store.get(used.digest) != nil)
            #expect(try ActionCache(root: disk + "/store").lookup(unused) == used.digest.bytes)
        }
    }

    @Test(.enabled(if: canMount))
    func `a read-only store is read, and a write is told`() async throws {
        try await withMount(["-t", "tmpfs", "none"]) { disk in
            let store = ContentStore(root: disk)
            let blob = try store.put([1, 2, 3])
            do { try ActionCache(root: disk).record(blob.digest, [1]) }
            let remounted = try await Program("mount", ["-o", "remount,ro", disk]).run()
            try #require(remounted.succeeded, "\(remounted.errorText)")
            #expect(try store.get(blob.digest) == [1, 2, 3])
            #expect(try store.put([1, 2, 3]) == blob)
            let error = #expect(throws: StoreError.self) { try store.put([4]) }
            #expect(error?.diagnostic.id == "store.permission")
            #expect(error?.diagnostic.hint?.contains("SKVM_CACHE_DIR") == true)
            let cacheError = #expect(throws: StoreError.self) { try ActionCache(root: disk).record(blob.digest, [2]) }
            #expect(cacheError?.diagnostic.fault == .outside)
        }
    }

    @Test func `a file where the store's folder should be is told`() throws {
        try withScratch { root in
            try FileSystem.write([], to: root + "/store")
            let error = #expect(throws: StoreError.self) { try ContentStore(root: root + "/store").put([1]) }
            #expect(error?.diagnostic.fault == .outside)
            #expect(throws: StoreError.self) { try ActionCache(root: root + "/store") }
        }
    }
}

/// Mounting needs root, and a machine that lets root do it; elsewhere those tests are skipped.
private let canMount = geteuid() == 0 && FileSystem.exists("/proc/self/mounts")

private func withMount(_ arguments: [String], _ body: (String) async throws -> Void) async throws {
    try await withScratch { (scratch: String) async throws in
        let mounted = try await Program("mount", arguments + [scratch]).run()
        // A container's root may not be allowed to: that says nothing about the store.
        guard mounted.succeeded else { return }
        do {
            try await body(scratch)
        } catch {
            _ = try await Program("umount", ["-l", scratch]).run()
            throw error
        }
        _ = try await Program("umount", ["-l", scratch]).run()
    }
}

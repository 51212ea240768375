package import Basics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Something in the store that is to be kept.
package enum StoreReference: Sendable, Hashable {
    case blob(Digest)
    /// A tree with all its folders and files.
    case tree(Digest)
}

package struct CollectionReport: Sendable, Equatable, Codable {
    package var actionsRemoved = 0
    package var blobsRemoved = 0
    package var bytesRemoved: Int64 = 0
    package var blobsKept = 0
    package var bytesKept: Int64 = 0

    package init() {}
}

extension ContentStore {
    /// Held shared by whatever uses the store's content over some time (a build, an install), so that no `collect` runs
    /// meanwhile. Creates the store's folder.
    package func use(onWait: () -> Void = {}) throws(StoreError) -> FileLock {
        try inStore { () throws(FileError) in
            try FileSystem.makeDirectories(root)
            return try FileLock(path: root + "/use.lock", mode: .shared, onWait: onWait)
        }
    }

    /// Removes what is no longer needed: actions last used before `day`, then blobs that neither a remaining action's
    /// value nor `roots` lead to, and that are older than `grace` seconds. Waits (`onWait` is called) until nobody holds
    /// `use`. `dryRun` removes nothing, and tells what would be if the actions stayed. `alone` is called first, while nobody
    /// uses the store: for what else is removed.
    ///
    /// `references` lists what a value leads to; for a value that it can't read it returns nothing.
    package func collect(
        _ cache: ActionCache, usedBefore day: Int64, roots: [StoreReference] = [],
        grace: Int64 = ContentStore.graceSeconds, dryRun: Bool = false, onWait: () -> Void = {},
        alone: () throws(FileError) -> Void = {}, references: ([UInt8]) -> [StoreReference]
    ) throws(StoreError) -> CollectionReport {
        let lock: FileLock = try inStore { () throws(FileError) in
            try FileLock(path: root + "/use.lock", mode: .exclusive, onWait: onWait)
        }
        defer { lock.release() }
        try inStore(alone)
        var report = CollectionReport()
        if !dryRun { report.actionsRemoved = try cache.evict(usedBefore: day) }
        let values = try cache.values()
        try sweep(keeping: roots, and: values, references, before: Int64(time(nil)) - grace, dryRun: dryRun, &report)
        return report
    }

    /// Removes blobs as `collect` would, on a disk on which the action cache can't even be opened for want of space. Only reads
    /// besides; the actions stay, and what of the cache's log could not be read is as if it had not been used.
    package func makeRoom(
        usedBefore day: Int64, roots: [StoreReference] = [], grace: Int64 = ContentStore.graceSeconds,
        onWait: () -> Void = {}, references: ([UInt8]) -> [StoreReference]
    ) throws(StoreError) -> CollectionReport {
        let lock: FileLock = try inStore { () throws(FileError) in
            try FileLock(path: root + "/use.lock", mode: .exclusive, onWait: onWait)
        }
        defer { lock.release() }
        try? FileSystem.removeTree(root + "/actions-v1.sqlite.damaged")
        var report = CollectionReport()
        let values = ActionCache.settledValues(root: root, usedSince: day)
        try sweep(keeping: roots, and: values, references, before: Int64(time(nil)) - grace, dryRun: false, &report)
        return report
    }

    private func sweep(
        keeping roots: [StoreReference], and values: [[UInt8]], _ references: ([UInt8]) -> [StoreReference],
        before: Int64, dryRun: Bool, _ report: inout CollectionReport
    ) throws(StoreError) {
        var marked = Marks()
        for reference in roots { try mark(reference, &marked) }
        for value in values {
            for reference in references(value) { try mark(reference, &marked) }
        }
        try sweep(keeping: marked.reachable, before: before, dryRun: dryRun, &report)
    }

    private struct Marks {
        var reachable: Set<Digest> = []
        /// Folders whose entries are marked; a blob may be reached before it is known to be a folder.
        var folders: Set<Digest> = []
    }

    /// O(folders reached), each once, whatever the number of paths to it.
    private func mark(_ reference: StoreReference, _ marks: inout Marks) throws(StoreError) {
        var pending: [Digest] = []
        switch reference {
        case .blob(let digest): marks.reachable.insert(digest)
        case .tree(let digest): pending = [digest]
        }
        while let digest = pending.popLast() {
            guard marks.folders.insert(digest).inserted else { continue }
            marks.reachable.insert(digest)
            guard let bytes = try get(digest), let folder = try? Directory(decoding: bytes) else { continue }
            for file in folder.files { marks.reachable.insert(file.blob.digest) }
            pending += folder.folders.map(\.blob.digest)
        }
    }

    private func sweep(
        keeping reachable: Set<Digest>, before: Int64, dryRun: Bool, _ report: inout CollectionReport
    ) throws(StoreError) {
        guard FileSystem.isDirectory(blobFolder) else { return }
        for folder in try list(blobFolder) {
            for name in try list(blobFolder + "/" + folder) {
                let path = "\(blobFolder)/\(folder)/\(name)"
                let found: FileStatus? = try inStore { () throws(FileError) in try FileSystem.status(path) }
                guard let status = found else { continue }
                let isKept = Digest(hex: folder + name).map { reachable.contains($0) } ?? false
                if isKept || status.modified / 1_000_000_000 >= before {
                    report.blobsKept += 1
                    report.bytesKept += status.size
                    continue
                }
                report.blobsRemoved += 1
                report.bytesRemoved += status.size
                if !dryRun { try inStore { () throws(FileError) in try FileSystem.removeTree(path) } }
            }
        }
    }

    private func list(_ path: String) throws(StoreError) -> [String] {
        do { return try FileSystem.list(path) } catch  where error.isNotFound {
            return []
        } catch { throw .file(error, root: root) }
    }
}

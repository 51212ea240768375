package import Basics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Blobs by digest, below one folder that any number of processes use at once (`docs/formats/store.md`).
///
/// A blob appears whole or not at all, and is hashed again whenever it is read: a damaged one is removed and is then as
/// if it had never been there. So nothing of a blob needs to be synchronised, except where a success is promised.
package struct ContentStore: Sendable {
    /// The store's folder; made when first something is put.
    package let root: String
    private let blobs: String
    private let recent: RecentBlobs?

    /// With `remembersPuts`, a small blob that was put, and found whole, is not read again when the same bytes are put
    /// once more: for a process that holds the store's `use` lock, which keeps `collect` away.
    package init(root: String, remembersPuts: Bool = false) {
        self.root = root
        blobs = root + "/cas-v1"
        recent = remembersPuts ? RecentBlobs() : nil
    }

    /// The longest blob that `get` reads into memory.
    package static let maximumBlobBytes = 1 << 30

    /// Blobs younger than this are never collected: a build that runs may not have recorded them yet.
    package static let graceSeconds: Int64 = 24 * 3600

    // MARK: Reading

    /// The blob's bytes; nil when it isn't there or was damaged (then it is removed). O(n): the bytes are hashed.
    package func get(_ digest: Digest) throws(StoreError) -> [UInt8]? {
        let bytes = try read(digest)
        if bytes == nil { recent?.forget(digest) }
        return bytes
    }

    /// The bytes of a blob that an action or a fetch put here. Throws `.missing`, which whoever put it can mend; else as
    /// `get`.
    package func bytes(of digest: Digest) throws(StoreError) -> [UInt8] {
        guard let bytes = try get(digest) else { throw .missing(digest, root: root) }
        return bytes
    }

    private func read(_ digest: Digest) throws(StoreError) -> [UInt8]? {
        let path = path(of: digest)
        let bytes: [UInt8]
        do {
            bytes = try FileSystem.read(path, limit: Self.maximumBlobBytes)
        } catch  where error.isNotFound {
            return nil
        } catch  where error.code == EISDIR || error.code == EINVAL || error.code == ELOOP {
            // Not a file at all: damage of another kind.
            try? FileSystem.removeTree(path)
            return nil
        } catch {
            throw .file(error, root: root)
        }
        guard Digest(of: bytes) == digest else {
            // Where it can't be removed (a store that is read-only) it is a miss all the same.
            try? FileSystem.remove(path)
            return nil
        }
        return bytes
    }

    /// Whether there is a file for this blob; whether it is whole, only `get` can say.
    package func contains(_ digest: Digest) -> Bool {
        let isThere = withPath(of: digest) { FileSystem.isFile($0) }
        if !isThere { recent?.forget(digest) }
        return isThere
    }

    // MARK: Writing

    /// Stores `bytes`; what is there already and whole is left alone. Not durable: after a power cut it may be missing
    /// or damaged, and `get` says so.
    @discardableResult
    package func put(_ bytes: [UInt8]) throws(StoreError) -> Blob {
        try put(bytes, as: Blob(of: bytes))
    }

    /// Stores `bytes`, and survives a power cut once this returns.
    @discardableResult
    package func putDurable(_ bytes: [UInt8]) throws(StoreError) -> Blob {
        let blob = try put(bytes)
        try synchronize([blob.digest])
        return blob
    }

    /// Makes blobs that are in the store durable, with the folders that name them. Throws `.missing` for one that isn't
    /// there.
    package func synchronize(_ digests: [Digest]) throws(StoreError) {
        var folders: Set<String> = []
        for digest in digests {
            let path = path(of: digest)
            do {
                try FileSystem.synchronizeFile(path)
            } catch  where error.isNotFound {
                throw .missing(digest, root: root)
            } catch {
                throw .file(error, root: root)
            }
            if let folder = FileSystem.parent(of: path) { folders.insert(folder) }
        }
        if !folders.isEmpty { folders.formUnion([blobs, root]) }
        for folder in folders.sorted() {
            try inStore { () throws(FileError) in try FileSystem.synchronizeDirectory(folder) }
        }
    }

    /// Stores a file's bytes without holding them in memory. The blob is what was read, even when the file changes
    /// meanwhile. A symlink at `path` is refused.
    package func importFile(_ path: String) throws(StoreError) -> Blob {
        let temporary = try makeTemporaryPath()
        let blob: Blob = try inStore { () throws(FileError) in try FileSystem.copy(path, toNew: temporary) }
        if try isWhole(blob) {
            try inStore { () throws(FileError) in try FileSystem.remove(temporary) }
        } else {
            try moveIn(temporary, as: blob.digest)
        }
        return blob
    }

    func path(of digest: Digest) -> String {
        let hex = digest.hex.utf8
        let split = hex.index(hex.startIndex, offsetBy: 2)
        return "\(blobs)/\(Substring(hex[..<split]))/\(Substring(hex[split...]))"
    }

    /// Calls `body` with the blob's path, NUL-terminated: a build asks after thousands, and a string of each costs more than
    /// the question.
    private func withPath<R>(of digest: Digest, _ body: (UnsafePointer<CChar>) -> R) -> R {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(blobs.utf8.count + 68)
        bytes.append(contentsOf: blobs.utf8)
        bytes.append(0x2F)
        digest.appendHex(to: &bytes)
        bytes.insert(0x2F, at: bytes.count - 62)
        bytes.append(0)
        return bytes.withUnsafeBytes { body($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
    }

    /// Where blobs are written before they have their name; leftovers of killed processes are removed by `collect`.
    var temporaries: String { blobs + "/tmp" }
    var blobFolder: String { blobs }

    private func put(_ bytes: [UInt8], as blob: Blob) throws(StoreError) -> Blob {
        if let recent, recent.contains(blob) { return blob }
        if try !isWhole(blob) {
            let temporary = FileSystem.temporaryPath(beside: temporaries + "/blob")
            try inStore { () throws(FileError) in try create(temporary, with: bytes) }
            try moveIn(temporary, as: blob.digest)
        }
        recent?.note(blob)
        return blob
    }

    /// Whether the blob is there and undamaged. Reading and hashing a small file costs a fraction of writing one, and
    /// whoever puts a blob may rely on finding it.
    private func isWhole(_ blob: Blob) throws(StoreError) -> Bool {
        let path = path(of: blob.digest)
        let status: FileStatus?
        do { status = try FileSystem.status(path) } catch { throw .file(error, root: root) }
        guard let status, status.kind == .file, status.size == blob.size else { return false }
        if blob.size <= Self.maximumBlobBytes {
            guard try get(blob.digest) != nil else { return false }
        } else if (try? FileSystem.digest(path))?.digest != blob.digest {
            return false
        }
        freshen(path, status)
        return true
    }

    /// A blob that is put again is young again, lest `collect` take it before its user has recorded it.
    private func freshen(_ path: String, _ status: FileStatus) {
        let age = Int64(time(nil)) - status.modified / 1_000_000_000
        if age > ContentStore.graceSeconds / 2 { utimensat(AT_FDCWD, path, nil, AT_SYMLINK_NOFOLLOW) }
    }

    private func create(_ temporary: String, with bytes: [UInt8]) throws(FileError) {
        do {
            try FileSystem.create(temporary, with: bytes, mode: 0o444)
        } catch  where error.isNotFound {
            try FileSystem.makeDirectories(temporaries)
            try FileSystem.create(temporary, with: bytes, mode: 0o444)
        }
    }

    private func makeTemporaryPath() throws(StoreError) -> String {
        if !FileSystem.isDirectory(temporaries) {
            try inStore { () throws(FileError) in try FileSystem.makeDirectories(temporaries) }
        }
        return FileSystem.temporaryPath(beside: temporaries + "/blob")
    }

    private func moveIn(_ temporary: String, as digest: Digest) throws(StoreError) {
        let path = path(of: digest)
        do {
            try move(temporary, to: path)
        } catch {
            try? FileSystem.remove(temporary)
            throw .file(error, root: root)
        }
    }

    private func move(_ temporary: String, to path: String) throws(FileError) {
        do {
            try FileSystem.rename(temporary, to: path)
        } catch  where error.code == ENOENT {
            try FileSystem.makeDirectories(FileSystem.parent(of: path) ?? blobs)
            try FileSystem.rename(temporary, to: path)
        } catch  where error.code == EISDIR || error.code == ENOTEMPTY || error.code == EEXIST {
            try FileSystem.removeTree(path)
            try FileSystem.rename(temporary, to: path)
        }
    }

    func inStore<R>(_ body: () throws(FileError) -> R) throws(StoreError) -> R {
        do { return try body() } catch { throw .file(error, root: root) }
    }
}

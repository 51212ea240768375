package import Basics
package import ContentStore

/// What was seen of a folder: every file with its stamp and digest, so that the next scan reads only what changed.
package struct FolderRecord: Sendable, Hashable {
    package struct File: Sendable, Hashable {
        package var path: RelativePath
        package var stamp: FileStatus
        package var kind: TreeEntry.Kind
    }
    package struct Folder: Sendable, Hashable {
        /// Relative to the root; nil for the root itself.
        package var path: RelativePath?
        package var stamp: FileStatus
    }

    /// When the scan began, in nanoseconds since the epoch. What changed at this time or later may have changed again
    /// without a new stamp.
    package var takenAt: Int64
    /// Sorted by path.
    package var files: [File]
    /// Sorted by path, the root first.
    package var folders: [Folder]
    /// What the caller made of the files; a scan that finds the same files keeps it.
    package var derived: Derived?

    /// Facts that follow from a folder's files alone.
    package struct Derived: Sendable, Hashable {
        /// The root of the files' tree.
        package var tree: Digest
        /// Words that the caller read from the files.
        package var words: [String]

        package init(tree: Digest, words: [String]) {
            self.tree = tree
            self.words = words
        }
    }

    package var entries: [TreeEntry] { files.map { TreeEntry($0.path, $0.kind) } }

    /// Whether both have the same files with the same contents; stamps may differ.
    func hasFiles(of other: FolderRecord) -> Bool {
        files.count == other.files.count
            && zip(files, other.files).allSatisfy { $0.path == $1.path && $0.kind == $1.kind }
    }
}

/// How file systems stamp files, and what follows for what an unchanged stamp proves.
package enum Stamps {
    /// Kernels stamp files with a clock that ticks every 1 to 10 ms: within this time of a scan a file can change
    /// without a change of its stamp.
    static let tick: Int64 = 20_000_000

    /// Whether a thing with this stamp may have changed after a scan at `takenAt` without its stamp telling.
    static func isRacy(_ stamp: FileStatus, takenAt: Int64) -> Bool {
        max(stamp.modified, stamp.changed) >= takenAt - tick
    }
}

/// Limits of a folder that is read as a tree; beyond them it is refused, not read in part.
package struct FolderLimits: Sendable {
    package var entries = 20_000
    package var depth = 64
    package var fileBytes = 256 << 20
    package init() {}
}

/// Scans folders into tree entries. Contents go into the store; unchanged files are neither read nor hashed.
package struct FolderScanner: Sendable {
    package var store: ContentStore
    package var limits: FolderLimits
    /// Names that are no part of the tree, at any depth.
    package var ignored: Set<String>
    /// Counts reads, for the tests' sake: called with the path of each file that was read.
    package var onRead: (@Sendable (String) -> Void)?

    package init(store: ContentStore, limits: FolderLimits = FolderLimits(), ignored: Set<String> = []) {
        self.store = store
        self.limits = limits
        self.ignored = ignored
    }

    /// The folder at `root` (an absolute path), with what is known of it from `previous`.
    ///
    /// O(entries) `lstat` calls; reads only new and changed files. Throws `FileError` for what can't be read and for
    /// what is no part of a tree (a socket, a name that is not UTF-8, too many entries).
    package func scan(_ root: String, previous: FolderRecord?) throws -> FolderRecord {
        var record = FolderRecord(takenAt: WallClock.now(), files: [], folders: [])
        let known = Dictionary(
            (previous?.files ?? []).map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        try scanFolder(root, nil, 0, known, previous?.takenAt ?? 0, &record)
        record.files.sort { $0.path < $1.path }
        if let previous, previous.derived != nil, previous.hasFiles(of: record) { record.derived = previous.derived }
        return record
    }

    private func scanFolder(
        _ root: String, _ folder: RelativePath?, _ depth: Int, _ known: [RelativePath: FolderRecord.File],
        _ knownAt: Int64, _ record: inout FolderRecord
    ) throws {
        let path = folder.map { root + "/" + $0.text } ?? root
        guard depth <= limits.depth else {
            throw FileError("read", path, refused: "it is more than \(limits.depth) folders deep")
        }
        guard let stamp = try FileSystem.status(path), stamp.kind == .directory else {
            throw FileError("read", path, refused: "it is not a folder")
        }
        record.folders.append(.init(path: folder, stamp: stamp))
        for name in try FileSystem.list(path) where !ignored.contains(name) {
            guard let child = RelativePath(folder.map { $0.text + "/" + name } ?? name) else {
                throw FileError("read", path + "/" + name, refused: "its name can't be part of a tree")
            }
            guard record.files.count + record.folders.count < limits.entries else {
                throw FileError(
                    "read", root, refused: "it has more than \(limits.entries) entries",
                    hint: "take out what is no part of the skill, or allow more in skvm.toml: [limits] entries = N, "
                        + "at most 200000")
            }
            try scanEntry(root, child, depth, known, knownAt, &record)
        }
    }

    private func scanEntry(
        _ root: String, _ child: RelativePath, _ depth: Int, _ known: [RelativePath: FolderRecord.File],
        _ knownAt: Int64, _ record: inout FolderRecord
    ) throws {
        let path = root + "/" + child.text
        guard let stamp = try FileSystem.status(path) else { return }
        if stamp.kind == .directory {
            return try scanFolder(root, child, depth + 1, known, knownAt, &record)
        }
        if let old = known[child], old.stamp == stamp, !Stamps.isRacy(stamp, takenAt: knownAt),
            isStored(old.kind)
        {
            record.files.append(old)
            return
        }
        let kind: TreeEntry.Kind
        switch stamp.kind {
        case .symlink:
            kind = .symlink(target: try FileSystem.readLink(path))
        case .file:
            onRead?(path)
            kind = .file(
                try store.put(try FileSystem.read(path, limit: limits.fileBytes)), executable: stamp.isExecutable)
        default:
            throw FileError("read", path, refused: "it is neither a file, a folder nor a link")
        }
        record.files.append(.init(path: child, stamp: stamp, kind: kind))
    }

    /// A blob that `skvm gc` removed must be read again, even from a file that did not change.
    private func isStored(_ kind: TreeEntry.Kind) -> Bool {
        if case .file(let blob, _) = kind { return store.contains(blob.digest) }
        return true
    }
}

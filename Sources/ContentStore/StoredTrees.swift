package import Basics

extension ContentStore {
    /// Stores the folder messages of the tree of `entries` (their files' blobs are put by the caller) and returns the
    /// root's blob; its digest is the tree's.
    @discardableResult
    package func putTree(_ entries: [TreeEntry]) throws(StoreError) -> Blob {
        let built: Tree.Built
        do { built = try Tree.build(entries) } catch { throw .tree(error) }
        for directory in built.directories { try put(directory.bytes) }
        return built.root
    }

    /// Stores files given as bytes, and their tree. Returns the tree's entries with its root.
    @discardableResult
    package func putTree(
        files: [(path: RelativePath, bytes: [UInt8], executable: Bool)],
        symlinks: [(path: RelativePath, target: String)] = []
    ) throws(StoreError) -> (root: Blob, entries: [TreeEntry]) {
        var entries = symlinks.map { TreeEntry($0.path, .symlink(target: $0.target)) }
        for file in files {
            entries.append(TreeEntry(file.path, .file(try put(file.bytes), executable: file.executable)))
        }
        return (try putTree(entries), entries.sorted { $0.path < $1.path })
    }

    /// The files and links of a tree, sorted by path; nil when one of its folders isn't in the store. Throws `.tree` for
    /// what is no tree or a too large one.
    package func tree(_ root: Digest, limits: TreeLimits = .standard) throws(StoreError) -> [TreeEntry]? {
        try tree(root, limits) { digest throws(StoreError) in try get(digest) }
    }

    /// The files and links of a tree that an action or a fetch put here, sorted by path. Throws `.missing`, which whoever
    /// put it can mend, naming the folder's message that isn't in the store; else as `tree`.
    package func entries(of root: Digest) throws(StoreError) -> [TreeEntry] {
        var lost = root
        let entries = try tree(root, .standard) { digest throws(StoreError) in
            lost = digest
            return try get(digest)
        }
        guard let entries else { throw .missing(lost, root: self.root) }
        return entries
    }

    /// What the store has of a tree, read and hashed again.
    package struct TreeCheck: Sendable {
        package var isWhole = true
        /// What was there and had other bytes than its digest says, with the file's path; without one for a folder's message.
        package var damaged: [(digest: Digest, path: RelativePath?)] = []
    }

    /// Reads every folder and every file of a tree. What is damaged is removed by that, and is in the result; so is what of
    /// `known`, which was removed just now, belongs to it. O(bytes). Throws `.tree` for what is no tree.
    package func check(_ root: Digest, known: Set<Digest> = []) throws(StoreError) -> TreeCheck {
        var check = TreeCheck()
        func read(_ digest: Digest, _ path: RelativePath?) throws(StoreError) -> [UInt8]? {
            let wasThere = FileSystem.exists(self.path(of: digest))
            let bytes = try get(digest)
            if bytes == nil {
                check.isWhole = false
                if wasThere || known.contains(digest) { check.damaged.append((digest, path)) }
            }
            return bytes
        }
        let entries = try tree(root, .standard) { digest throws(StoreError) in try read(digest, nil) }
        for entry in entries ?? [] {
            guard case .file(let blob, _) = entry.kind else { continue }
            _ = try read(blob.digest, entry.path)
        }
        return check
    }

    private func tree(
        _ root: Digest, _ limits: TreeLimits, _ read: (Digest) throws(StoreError) -> [UInt8]?
    ) throws(StoreError) -> [TreeEntry]? {
        do {
            return try Tree.entries(of: root, limits: limits, message: read)
        } catch let error as TreeError {
            throw .tree(error)
        } catch let error as StoreError {
            throw error
        } catch {
            throw .tree(.malformed("\(error)"))
        }
    }

    /// Whether every folder and every file of a tree has its file in the store. O(entries).
    package func containsTree(_ root: Digest) throws(StoreError) -> Bool {
        guard let entries = try tree(root) else { return false }
        // A loop over `kind`: the closures that would say this more shortly crash the optimiser of Swift 6.3.1.
        for entry in entries {
            guard case .file(let blob, _) = entry.kind else { continue }
            guard contains(blob.digest) else { return false }
        }
        return true
    }

    /// Writes a tree's files and links into a new folder at `path`, whose parent exists. Nothing outside it is touched:
    /// links are made last, so no file is ever written through one. `synchronized` makes all of it durable, but for the
    /// new folder's own entry in its parent.
    ///
    /// Throws `.file` when something is at `path` or can't be written, `.missing` for a blob that isn't in the store;
    /// then what was written is removed.
    package func materialize(
        _ entries: [TreeEntry], at path: String, synchronized: Bool = false
    ) throws(StoreError) {
        do { _ = try Tree.build(entries) } catch { throw .tree(error) }
        try inStore { () throws(FileError) in try FileSystem.makeDirectory(path) }
        do {
            try fill(path, with: entries, synchronized: synchronized)
        } catch {
            try? FileSystem.removeTree(path)
            throw error
        }
    }

    private func fill(_ path: String, with entries: [TreeEntry], synchronized: Bool) throws(StoreError) {
        var folders: Set<RelativePath> = []
        for entry in entries {
            var folder = entry.path.parent
            while let path = folder, folders.insert(path).inserted { folder = path.parent }
        }
        let sorted = folders.sorted()
        for folder in sorted {
            try inStore { () throws(FileError) in try FileSystem.makeDirectory("\(path)/\(folder)") }
        }
        for entry in entries {
            guard case .file(let blob, let executable) = entry.kind else { continue }
            let bytes = try bytes(of: blob.digest)
            try inStore { () throws(FileError) in
                try FileSystem.create(
                    "\(path)/\(entry.path)", with: bytes, mode: executable ? 0o777 : 0o666, synchronized: synchronized)
            }
        }
        for entry in entries {
            guard case .symlink(let target) = entry.kind else { continue }
            try inStore { () throws(FileError) in try FileSystem.makeLink("\(path)/\(entry.path)", to: target) }
        }
        guard synchronized else { return }
        for folder in sorted.reversed().map({ "\(path)/\($0)" }) + [path] {
            try inStore { () throws(FileError) in try FileSystem.synchronizeDirectory(folder) }
        }
    }
}

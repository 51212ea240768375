package import Basics

extension Tree {
    /// The entries of a folder on disk, sorted by path, each file's blob made by `blob` from its path on disk. Empty
    /// folders are left out, as trees hold none; entries for whose path `leavesOut` is true are not looked into.
    ///
    /// Throws `TreeError` for names, links and amounts that no tree may hold and for things that are neither file,
    /// folder nor link; else what `blob` throws, or a `FileError`.
    package static func entries(
        ofFolder root: String, limits: TreeLimits = .standard,
        leavingOut leavesOut: (RelativePath) -> Bool = { _ in false },
        blob: (String) throws -> Blob = { try FileSystem.digest($0) }
    ) throws -> [TreeEntry] {
        var entries: [TreeEntry] = []
        var pending: [(path: String, depth: Int)] = [("", 0)]
        while let (prefix, depth) = pending.popLast() {
            guard depth <= limits.depth else { throw TreeError.limit("more than \(limits.depth) levels") }
            for name in try FileSystem.list(root + "/" + prefix) {
                guard let path = RelativePath(prefix + name) else {
                    throw TreeError.name(name, reason: "it is no name")
                }
                if leavesOut(path) { continue }
                guard entries.count + pending.count < limits.entries else {
                    throw TreeError.limit("more than \(limits.entries) entries")
                }
                let full = "\(root)/\(path)"
                guard let status = try FileSystem.status(full) else {
                    throw FileError("read", full, refused: "it went away while its folder was read")
                }
                switch status.kind {
                case .directory: pending.append(("\(path)/", depth + 1))
                case .symlink: entries.append(TreeEntry(path, .symlink(target: try FileSystem.readLink(full))))
                case .file:
                    entries.append(TreeEntry(path, .file(try blob(full), executable: status.isExecutable)))
                case .other:
                    throw TreeError.name(path.text, reason: "it is neither a file, a folder nor a symlink")
                }
            }
        }
        return entries.sorted { $0.path < $1.path }
    }
}

extension ContentStore {
    /// Stores a folder on disk: its files, then its tree. Throws as `Tree.entries(ofFolder:)` does, and `StoreError`.
    package func importFolder(
        _ path: String, leavingOut leavesOut: (RelativePath) -> Bool = { _ in false }
    ) throws -> (root: Blob, entries: [TreeEntry]) {
        let entries = try Tree.entries(ofFolder: path, leavingOut: leavesOut) { try importFile($0) }
        return (try putTree(entries), entries)
    }
}

package import Basics

/// A file or a symlink of a tree, with its path from the tree's root. Trees hold no empty folders.
package struct TreeEntry: Sendable, Hashable, Codable {
    package enum Kind: Sendable, Hashable, Codable {
        case file(Blob, executable: Bool)
        case symlink(target: String)
    }

    package var path: RelativePath
    package var kind: Kind

    package init(_ path: RelativePath, _ kind: Kind) {
        self.path = path
        self.kind = kind
    }

    package var blob: Blob? {
        if case .file(let blob, _) = kind { blob } else { nil }
    }
}

/// How large a tree may be. Few bytes can describe a tree of 10¹⁰ paths, because folders are shared.
package struct TreeLimits: Sendable {
    package var depth = 100
    package var entries = 200_000
    /// Of all paths together, in bytes.
    package var pathBytes = 64 << 20
    /// Of all files together, in bytes; a blob counts as often as it is used.
    package var contentBytes: Int64 = 8 << 30

    package init() {}
    package static let standard = TreeLimits()
}

/// The Merkle tree of a folder: `Directory` messages that name one another by digest.
package enum Tree {
    package struct Built: Sendable {
        /// Of the root folder's message; its digest is the tree's.
        package var root: Blob
        /// Every folder's message, those below before those above, the root's last.
        package var directories: [(blob: Blob, bytes: [UInt8])]
    }

    /// The messages of the tree that holds exactly `entries`, in any order. O(n log n).
    package static func build(_ entries: [TreeEntry], limits: TreeLimits = .standard) throws(TreeError) -> Built {
        guard entries.count <= limits.entries else { throw .limit("more than \(limits.entries) entries") }
        // The paths below one folder are neighbours once sorted by bytes, though not in the order of its entries.
        let sorted = entries.sorted { $0.path < $1.path }
        var builder = TreeBuilder(limits: limits)
        let root = try builder.folder(sorted[...], prefix: 0, depth: 0)
        return Built(root: root, directories: builder.directories)
    }

    /// The digest of the tree of `entries`.
    package static func digest(_ entries: [TreeEntry]) throws(TreeError) -> Digest { try build(entries).root.digest }

    /// The files and links of a tree, sorted by path, reading folders' messages through `message`; nil when a message
    /// isn't there. O(entries), whatever the tree pretends to hold: `limits` are checked on the way.
    package static func entries<E: Error>(
        of root: Digest, limits: TreeLimits = .standard, message: (Digest) throws(E) -> [UInt8]?
    ) throws -> [TreeEntry]? {
        var reader = TreeReader(limits: limits)
        guard try reader.read(root, prefix: "", depth: 0, message: message) else { return nil }
        return reader.entries.sorted { $0.path < $1.path }
    }
}

private struct TreeBuilder {
    let limits: TreeLimits
    var directories: [(blob: Blob, bytes: [UInt8])] = []
    var contentBytes: Int64 = 0

    init(limits: TreeLimits) { self.limits = limits }

    /// The folder of the entries whose paths are equal in their first `prefix` bytes.
    mutating func folder(_ entries: ArraySlice<TreeEntry>, prefix: Int, depth: Int) throws(TreeError) -> Blob {
        guard depth <= limits.depth else { throw .limit("more than \(limits.depth) levels") }
        var files: [Directory.File] = []
        var folders: [Directory.Folder] = []
        var symlinks: [Directory.Symlink] = []
        var index = entries.startIndex
        while index < entries.endIndex {
            let entry = entries[index]
            let rest = entry.path.text.utf8.dropFirst(prefix)
            guard let slash = rest.firstIndex(of: 0x2F) else {
                try add(entry, name: String(Substring(rest)), depth: depth, &files, &symlinks)
                index += 1
                continue
            }
            let name = rest[..<slash]
            let end = entries[index...].firstIndex { other in
                let rest = other.path.text.utf8.dropFirst(prefix)
                return !(rest.starts(with: name) && rest.dropFirst(name.count).first == 0x2F)
            }
            let range = index..<(end ?? entries.endIndex)
            let blob = try folder(entries[range], prefix: prefix + name.count + 1, depth: depth + 1)
            folders.append(Directory.Folder(name: String(Substring(name)), blob: blob))
            index = range.upperBound
        }
        let bytes: [UInt8]
        do throws(TreeError) {
            bytes = try Directory(files: files, folders: folders, symlinks: symlinks).encoded()
        } catch {
            let path = entries.first.map { String(decoding: $0.path.text.utf8.prefix(prefix), as: UTF8.self) } ?? ""
            throw error.below(path)
        }
        let blob = Blob(of: bytes)
        directories.append((blob, bytes))
        return blob
    }

    private mutating func add(
        _ entry: TreeEntry, name: String, depth: Int, _ files: inout [Directory.File],
        _ symlinks: inout [Directory.Symlink]
    ) throws(TreeError) {
        switch entry.kind {
        case .file(let blob, let executable):
            guard blob.size >= 0 else { throw .malformed("a size is negative") }
            let (sum, overflow) = contentBytes.addingReportingOverflow(blob.size)
            guard !overflow, sum <= limits.contentBytes else { throw .limit("over \(limits.contentBytes) bytes") }
            contentBytes = sum
            files.append(Directory.File(name: name, blob: blob, isExecutable: executable))
        case .symlink(let target):
            guard TreeName.stays(target, depth: depth) else { throw .link(entry.path.text, target: target) }
            symlinks.append(Directory.Symlink(name: name, target: target))
        }
    }
}

extension TreeError {
    /// The same, with names made paths below `prefix` (empty, or with its final slash).
    fileprivate func below(_ prefix: String) -> TreeError {
        switch self {
        case .name(let name, let reason): .name(prefix + name, reason: reason)
        case .duplicate(let name): .duplicate(prefix + name)
        case .collision(let a, let b): .collision(prefix + a, prefix + b)
        default: self
        }
    }
}

private struct TreeReader {
    let limits: TreeLimits
    var entries: [TreeEntry] = []
    private var pathBytes = 0
    private var contentBytes: Int64 = 0
    private var folders = 0
    /// Messages read so far: a shared folder is decoded once.
    private var known: [Digest: Directory] = [:]

    init(limits: TreeLimits) { self.limits = limits }

    /// False when a message isn't there. Every visit of a folder counts against the limits, as an entry does.
    mutating func read<E: Error>(
        _ digest: Digest, prefix: String, depth: Int, message: (Digest) throws(E) -> [UInt8]?
    ) throws -> Bool {
        guard depth <= limits.depth else { throw TreeError.limit("more than \(limits.depth) levels") }
        folders += 1
        guard folders <= limits.entries else { throw TreeError.limit("more than \(limits.entries) folders") }
        guard let directory = try directory(digest, message: message) else { return false }
        if depth > 0 && directory.isEmpty { throw TreeError.malformed("'\(printable(prefix))' is empty") }
        for file in directory.files {
            let (sum, overflow) = contentBytes.addingReportingOverflow(file.blob.size)
            guard !overflow, sum <= limits.contentBytes else {
                throw TreeError.limit("over \(limits.contentBytes) bytes")
            }
            contentBytes = sum
            try add(prefix + file.name, .file(file.blob, executable: file.isExecutable))
        }
        for link in directory.symlinks {
            guard TreeName.stays(link.target, depth: depth) else {
                throw TreeError.link(prefix + link.name, target: link.target)
            }
            try add(prefix + link.name, .symlink(target: link.target))
        }
        for folder in directory.folders {
            let below = prefix + folder.name + "/"
            guard try read(folder.blob.digest, prefix: below, depth: depth + 1, message: message) else { return false }
        }
        return true
    }

    private mutating func directory<E: Error>(
        _ digest: Digest, message: (Digest) throws(E) -> [UInt8]?
    ) throws -> Directory? {
        if let directory = known[digest] { return directory }
        guard let bytes = try message(digest) else { return nil }
        let directory = try Directory(decoding: bytes)
        known[digest] = directory
        return directory
    }

    private mutating func add(_ path: String, _ kind: TreeEntry.Kind) throws {
        pathBytes += path.utf8.count
        guard entries.count < limits.entries else { throw TreeError.limit("more than \(limits.entries) entries") }
        guard pathBytes <= limits.pathBytes else { throw TreeError.limit("paths of over \(limits.pathBytes) bytes") }
        guard let path = RelativePath(path) else { throw TreeError.name(path, reason: "it is no relative path") }
        entries.append(TreeEntry(path, kind))
    }
}

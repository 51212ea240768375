package import Basics

/// A file or link of a folder in a commit.
package struct GitEntry: Sendable, Hashable {
    package enum Kind: Sendable, Hashable { case file, executable, symlink }

    /// Below the folder that was read.
    package var path: RelativePath
    package var kind: Kind
    package var id: ObjectID
    /// Bytes of the file, or of the link's target.
    package var size: Int
}

/// What an attempt to read came to: some objects may have to be fetched first.
enum Reading<R: Sendable>: Sendable {
    case done(R)
    case missing([ObjectID])
}

extension ObjectDatabase {
    func commit(_ id: ObjectID) throws(GitError) -> Reading<Commit> {
        guard let bytes = try read(id, .commit, limit: 1 << 20) else { return .missing([id]) }
        return .done(try Commit(id: id, parsing: bytes))
    }

    /// What stands at `path` in a commit; the commit's own tree for nil. A link on the way is not followed. O(entries
    /// of the folders on the way).
    func entry(
        at path: RelativePath?, in id: ObjectID, _ outline: GitMemory.Outline? = nil
    ) throws(GitError) -> Reading<RawEntry?> {
        switch try commit(id) {
        case .missing(let ids): return .missing(ids)
        case .done(let commit):
            var trees = KnownTrees(outline)
            return try entry(at: path, below: commit.tree, &trees)
        }
    }

    /// What stands at `path` below a tree, with the trees that were read for other paths.
    func entry(
        at path: RelativePath?, below root: ObjectID, _ trees: inout KnownTrees
    ) throws(GitError) -> Reading<RawEntry?> {
        var entry = RawEntry(mode: 0o040000, name: [], id: root)
        var components = path?.components[...] ?? []
        if let path, let known = trees.folder(path) {
            return .done(RawEntry(mode: 0o040000, name: [], id: known))
        }
        if let parent = path?.parent, let known = trees.folder(parent) {
            entry.id = known
            components = components.suffix(1)
        }
        for component in components {
            guard entry.kind == .directory else { return .done(nil) }
            guard let entries = try trees.tree(entry.id, in: self) else { return .missing([entry.id]) }
            var name = component
            let next = name.withUTF8 { wanted in
                entries.first { entry in
                    entry.name.withUnsafeBufferPointer { $0.count == wanted.count && $0.elementsEqual(wanted) }
                }
            }
            guard let next else { return .done(nil) }
            entry = next
        }
        return .done(entry)
    }

    /// Nil when the tree is not here.
    func tree(_ id: ObjectID) throws(GitError) -> [RawEntry]? {
        guard let bytes = try read(id, .tree, limit: GitLimits().treeBytes) else { return nil }
        return try parseTree(bytes, id: id)
    }
}

/// Trees that one piece of work has read: of many paths most share their folders.
struct KnownTrees {
    /// Beyond so many entries trees are read again instead of kept: a hostile repository has no end of them.
    private static let greatestEntries = 1_000_000

    private var trees: [ObjectID: [RawEntry]] = [:]
    private var entries = 0
    private let outline: GitMemory.Outline?

    init(_ outline: GitMemory.Outline? = nil) { self.outline = outline }

    /// The tree object of a folder, where a search has found it.
    func folder(_ path: RelativePath) -> ObjectID? { outline?.folders[path] }

    /// Nil when the tree is not here.
    mutating func tree(_ id: ObjectID, in database: borrowing ObjectDatabase) throws(GitError) -> [RawEntry]? {
        if let known = trees[id] { return known }
        guard let tree = try database.tree(id) else { return nil }
        if entries + tree.count <= Self.greatestEntries {
            entries += tree.count
            trees[id] = tree
        }
        return tree
    }
}

/// Walks one folder of a commit under `TreeRules`, and collects what must be fetched before it can end.
struct FolderWalk {
    private var rules: TreeRules
    private let limits: GitLimits
    private var found: [(path: RelativePath, kind: GitEntry.Kind, id: ObjectID)] = []
    private var missing: [ObjectID] = []

    init(limits: GitLimits) {
        self.limits = limits
        rules = TreeRules(limits: limits)
    }

    /// The files and links below `tree`, sorted by path, all of them here and within limits.
    ///
    /// Throws `hostileEntry`, `tooLarge`, `unsupported` or `damaged`. O(entries).
    static func entries(
        below tree: ObjectID, in database: borrowing ObjectDatabase, limits: GitLimits
    ) throws(GitError) -> Reading<[GitEntry]> {
        var walk = FolderWalk(limits: limits)
        try walk.visit(tree, at: nil, in: database)
        // Sizes are known only of files that are here: fetch them all at once.
        if walk.missing.isEmpty { walk.missing = walk.found.map(\.id).filter { !database.contains($0) } }
        if !walk.missing.isEmpty { return .missing(Array(Set(walk.missing)).sorted()) }
        return .done(try walk.measured(in: database))
    }

    private mutating func visit(
        _ tree: ObjectID, at parent: RelativePath?, in database: borrowing ObjectDatabase
    ) throws(GitError) {
        guard let entries = try database.tree(tree) else {
            missing.append(tree)
            return
        }
        for entry in entries {
            let path = try rules.admit(name: entry.name, in: parent)
            switch entry.kind {
            case .directory: try visit(entry.id, at: path, in: database)
            case .file: found.append((path, .file, entry.id))
            case .executable: found.append((path, .executable, entry.id))
            case .symlink: found.append((path, .symlink, entry.id))
            case .submodule: throw TreeRules.hostile(path.text, "it is a submodule, another repository")
            case nil:
                throw TreeRules.hostile(path.text, "its mode \(String(entry.mode, radix: 8)) is none of git's")
            }
        }
    }

    private mutating func measured(in database: borrowing ObjectDatabase) throws(GitError) -> [GitEntry] {
        var entries: [GitEntry] = []
        entries.reserveCapacity(found.count)
        for (path, kind, id) in found {
            guard let header = try database.header(id), header.kind == .blob else {
                throw TreeRules.hostile(path.text, "it is no file")
            }
            try rules.admit(size: header.size, of: path)
            if kind == .symlink {
                guard let target = try database.read(id, .blob, limit: 4096) else {
                    throw GitError(.damaged, "object \(id) is gone")
                }
                try rules.admit(target: target, of: path)
            }
            entries.append(GitEntry(path: path, kind: kind, id: id, size: header.size))
        }
        return entries.sorted { $0.path < $1.path }
    }
}

/// Looks through a whole commit, or one folder of it, for files. Entries that no skill may hold are passed over: they
/// are an error only in a skill that holds them.
struct FileSearch {
    let name: String?
    let limits: GitLimits
    private(set) var identities: [RelativePath: ObjectID] = [:]
    private(set) var missing: [ObjectID] = []
    /// The tree objects of the folders in which something was found.
    private(set) var folders: [RelativePath?: ObjectID] = [:]
    var found: some Collection<RelativePath> { identities.keys }
    private var seen = 0

    init(name: String?, limits: GitLimits) {
        self.name = name
        self.limits = limits
    }

    /// Throws `tooLarge` when there are too many entries or folders within folders. O(entries).
    mutating func visit(
        _ tree: ObjectID, at parent: RelativePath?, in database: borrowing ObjectDatabase
    ) throws(GitError) {
        guard let entries = try database.tree(tree) else {
            missing.append(tree)
            return
        }
        for entry in entries {
            seen += 1
            if seen > limits.searchedEntries {
                throw GitError(.tooLarge, "the repository holds more than \(limits.searchedEntries) entries")
            }
            guard let text = try? TreeRules.checkName(entry.name, in: parent),
                let path = RelativePath(parent.map { "\($0.text)/\(text)" } ?? text), path.text.utf8.count <= 4096
            else { continue }
            switch entry.kind {
            case .directory where path.components.count < limits.depth: try visit(entry.id, at: path, in: database)
            case .file where name == nil || name == text, .executable where name == nil || name == text:
                identities[path] = entry.id
                if name != nil { folders[parent] = tree }
            default: break
            }
        }
    }
}

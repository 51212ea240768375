import Basics

/// What differs between the files of two trees. Trees with one id are equal and never read: it costs what changed.
///
/// Files, names and depths count as `FileSearch` counts them.
struct TreeComparison {
    let limits: GitLimits
    /// The files of the new tree that the old one hasn't, or has otherwise; nil for those that are gone.
    private(set) var changes: [RelativePath: ObjectID?] = [:]
    /// Trees of the new state that are not here.
    private(set) var missing: [ObjectID] = []
    /// Whether a tree of the old state is not here: then nothing can be said.
    private(set) var isBlind = false
    private var seen = 0

    init(limits: GitLimits) { self.limits = limits }

    /// Throws `tooLarge` when there are too many entries. O(entries of the folders that differ).
    mutating func compare(
        _ old: ObjectID?, _ new: ObjectID?, at parent: RelativePath?, in database: borrowing ObjectDatabase
    ) throws(GitError) {
        if old == new || isBlind { return }
        var before: [ArraySlice<UInt8>: RawEntry] = [:]
        if let old {
            guard let entries = try database.tree(old) else { return isBlind = true }
            for entry in entries { before[entry.name] = entry }
        }
        var after: [RawEntry] = []
        if let new {
            guard let entries = try database.tree(new) else { return missing.append(new) }
            after = entries
        }
        seen += before.count + after.count
        guard seen <= limits.searchedEntries else {
            throw GitError(.tooLarge, "the repository holds more than \(limits.searchedEntries) entries")
        }
        for entry in after { try compare(before.removeValue(forKey: entry.name), entry, in: parent, database) }
        for entry in before.values { try compare(entry, nil, in: parent, database) }
    }

    private mutating func compare(
        _ old: RawEntry?, _ new: RawEntry?, in parent: RelativePath?, _ database: borrowing ObjectDatabase
    ) throws(GitError) {
        guard let name = (new ?? old)?.name, let text = try? TreeRules.checkName(name, in: parent),
            let path = RelativePath(parent.map { "\($0.text)/\(text)" } ?? text), path.text.utf8.count <= 4096
        else { return }
        if path.components.count < limits.depth { try compare(old?.folder, new?.folder, at: path, in: database) }
        if old?.file != new?.file { changes[path] = .some(new?.file) }
    }
}

extension RawEntry {
    fileprivate var folder: ObjectID? { kind == .directory ? id : nil }
    fileprivate var file: ObjectID? { kind == .file || kind == .executable ? id : nil }
}

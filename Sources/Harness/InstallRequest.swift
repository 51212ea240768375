package import Basics
package import ContentStore

/// A variant that is to stand in a harness's folder.
package struct InstallRequest: Sendable, Hashable, Codable {
    /// The target's name.
    package var target: String
    /// Of the targets that share the place, `target` among them; sorted.
    var sharers: [String]
    package var package: String
    package var version: String?
    /// The name of the skill's folder.
    package var name: String
    /// The harness's folder, absolute.
    package var folder: String
    /// The variant, before relocation.
    package var tree: Digest
    /// The skill as its author wrote it. A folder that holds just that, from another tool, may be replaced: its bytes are in
    /// the store.
    package var source: [TreeEntry]?
    /// The project that asks, where several share the folder; nil where only one can.
    package var owner: String?

    package init(
        target: String, package: String, version: String?, name: String, folder: String, tree: Digest,
        source: [TreeEntry]? = nil, owner: String? = nil
    ) {
        self.target = target
        sharers = [target]
        self.package = package
        self.version = version
        self.name = name
        self.folder = folder
        self.tree = tree
        self.source = source
        self.owner = owner
    }
}

extension InstallRequest {
    /// As the record has them: in the user's folders a target's name says nothing, for each project has its own.
    var targets: [String]? { owner == nil ? sharers : nil }
}

/// A file or link as it was installed: after relocation.
package struct InstalledEntry: Sendable, Hashable, Codable {
    package enum Kind: Sendable, Hashable, Codable {
        case file(Digest, executable: Bool)
        case symlink(target: String)
    }

    package var path: RelativePath
    package var kind: Kind
    /// What `lstat` said of the file when it was last known to be whole; nil when it must be read again.
    package var stamp: FileStamp?

    package init(path: RelativePath, kind: Kind, stamp: FileStamp? = nil) {
        self.path = path
        self.kind = kind
        self.stamp = stamp
    }

    /// Whether both have the same bytes or target; the execute bit is not content, it is mended, not mourned.
    func hasContent(of other: InstalledEntry) -> Bool {
        switch (kind, other.kind) {
        case (.file(let a, _), .file(let b, _)): a == b
        case (.symlink(let a), .symlink(let b)): a.utf8.elementsEqual(b.utf8)
        default: false
        }
    }
}

/// Enough of `lstat` to tell that a file wasn't written since.
package struct FileStamp: Sendable, Hashable, Codable {
    package var size: Int64
    package var modified: Int64
    package var changed: Int64
    package var inode: UInt64

    package init(_ status: FileStatus) {
        size = status.size
        modified = status.modified
        changed = status.changed
        inode = status.inode
    }

    /// Whether the file is still the one that was looked at, and unwritten. That it got another name meanwhile is no matter,
    /// and changes what `changed` says.
    func isOf(_ status: FileStatus) -> Bool {
        (size, modified, inode) == (status.size, status.modified, status.inode)
    }
}

/// An edited file that stays as it is, with its new version beside it. Open until the user deletes the one or makes the
/// other the same.
package struct InstalledClash: Sendable, Hashable, Codable {
    /// The user's file.
    package var path: RelativePath
    /// The new version, under the name that it has beside the file.
    package var beside: InstalledEntry
    /// What the user had edited; nil when it wasn't known, or was a link.
    package var base: Digest?
    /// The user's version when it clashed; nil for a link, and in the record of an older skvm.
    package var user: Digest?
}

/// A skill that skvm put into a harness's folder, and so owns.
package struct InstalledSkill: Sendable, Hashable, Codable {
    /// The skill's folder, absolute.
    package var place: String
    package var package: String
    package var version: String?
    /// The variant, before relocation.
    package var tree: Digest
    /// The path that was written for the token: `place` at the time.
    package var relocatedTo: String
    /// What skvm installed, or would have: of a file that was edited, the version that the user's is to be compared with.
    /// Sorted by path.
    package var entries: [InstalledEntry]
    /// Edited files whose new version could not be merged, sorted by path; nil when there are none.
    package var clashes: [InstalledClash]?
    /// The projects that need it, sorted: it goes with the last of them. Nil where nobody counts.
    package var owners: [String]?
    /// The project's targets that it stands there for, sorted; `tree` is the variant of one of them. Nil in the user's folders
    /// and of an older skvm.
    package var targets: [String]?

    package init(
        place: String, package: String, version: String?, tree: Digest, relocatedTo: String, entries: [InstalledEntry],
        clashes: [InstalledClash]? = nil, owners: [String]? = nil, targets: [String]? = nil
    ) {
        self.place = place
        self.package = package
        self.version = version
        self.tree = tree
        self.relocatedTo = relocatedTo
        self.entries = entries
        self.clashes = clashes
        self.owners = owners
        self.targets = targets
    }

    /// The owners once `owner` has been added; nil when there are none.
    func owners(with owner: String?) -> [String]? {
        guard let owner else { return owners }
        return Set((owners ?? []) + [owner]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    package var name: String { place.utf8.split(separator: 0x2F).last.map { String(Substring($0)) } ?? "" }
    package var folder: String { FileSystem.parent(of: place) ?? "/" }

    /// The folders that what skvm installed lies in, the skill's own among them, absolute and sorted. O(entries × depth).
    package var folders: [String] {
        let below = Set(entries.lazy.flatMap(\.path.ancestors)).sorted()
        return [place] + below.map { "\(place)/\($0.text)" }
    }
}

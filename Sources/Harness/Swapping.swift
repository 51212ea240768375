import Basics
import ContentStore

/// Exchanges folders one way and back. Each call looks at where the folders are and does what is left to do, so it may
/// be interrupted anywhere and called again.
struct Swapping {
    let failpoint: (InstallStep) throws -> Void
    /// False makes every swap take two renames, as on a file system that can't exchange.
    var exchanges = true

    /// The old folder isn't what the plan saw: someone wrote to it since.
    struct Changed: Error {
        var place: String
        var path: String
    }

    /// The new folder is gone: nothing can be put in place.
    struct Lost: Error {}

    /// Puts the new folder in place, or takes the old one away. Throws `Changed`, `Lost` or `FileError`.
    func forward(_ swap: Swap) throws {
        try failpoint(.swap(swap.place))
        let place = try FileSystem.status(swap.place)
        if let newInode = swap.newInode {
            if place?.inode != newInode {
                guard try FileSystem.status(swap.staged)?.inode == newInode else { throw Lost() }
                try putInPlace(swap, over: place)
            }
        } else if place != nil, try FileSystem.status(swap.old) == nil {
            try FileSystem.rename(swap.place, to: swap.old)
        }
        try checkOld(swap)
    }

    /// Puts the old folder back in its place. Throws `FileError`.
    func back(_ swap: Swap) throws {
        try failpoint(.takeBack(swap.place))
        let place = try FileSystem.status(swap.place)
        let old = try FileSystem.status(swap.old)
        guard let newInode = swap.newInode, place?.inode == newInode else {
            if place == nil, old != nil { try FileSystem.rename(swap.old, to: swap.place) }
            return
        }
        if old == nil, try FileSystem.status(swap.staged) != nil {
            if try exchanges && FileSystem.exchange(swap.staged, swap.place) { return }
            try FileSystem.rename(swap.staged, to: swap.old)
        }
        try FileSystem.rename(swap.place, to: swap.staged)
        try failpoint(.swapHalfway(swap.place))
        if try FileSystem.status(swap.old) != nil { try FileSystem.rename(swap.old, to: swap.place) }
    }

    /// Whether the new folder is in its place.
    func isDone(_ swap: Swap) throws(FileError) -> Bool {
        guard let newInode = swap.newInode else { return try FileSystem.status(swap.place) == nil }
        return try FileSystem.status(swap.place)?.inode == newInode
    }

    private func putInPlace(_ swap: Swap, over place: FileStatus?) throws {
        if place != nil {
            if try exchanges && FileSystem.exchange(swap.staged, swap.place) { return }
            try FileSystem.rename(swap.place, to: swap.old)
            try failpoint(.swapHalfway(swap.place))
        }
        try FileSystem.rename(swap.staged, to: swap.place)
    }

    /// The old folder, now hidden, must hold what the plan saw, and nothing else: an edit made since would be lost.
    private func checkOld(_ swap: Swap) throws {
        let isMoved = try FileSystem.status(swap.old) != nil
        let path = isMoved ? swap.old : swap.staged
        guard let status = try FileSystem.status(path), isMoved || status.inode != swap.newInode else { return }
        if let link = swap.link {
            guard status.kind == .symlink, try FileSystem.readLink(path).utf8.elementsEqual(link.utf8) else {
                throw Changed(place: swap.place, path: swap.place)
            }
            return
        }
        guard status.kind == .directory else { throw Changed(place: swap.place, path: swap.place) }
        let contents = try FolderContents(of: path)
        for entry in swap.before where try !contents.matches(entry).content {
            throw Changed(place: swap.place, path: "\(swap.place)/\(entry.path)")
        }
        let known = Set(swap.extras)
        if let stranger = contents.extras(besides: swap.before).first(where: { !known.contains($0) }) {
            throw Changed(place: swap.place, path: "\(swap.place)/\(stranger)")
        }
        for extra in swap.extras where try isNewer("\(path)/\(extra)", than: "\(swap.place)/\(extra)") {
            throw Changed(place: swap.place, path: "\(swap.place)/\(extra)")
        }
    }
}

/// Whether the user's own file, which had to be copied, was written to since. One with a second name can't have been.
private func isNewer(_ old: String, than new: String) throws(FileError) -> Bool {
    guard let a = try FileSystem.status(old), let b = try FileSystem.status(new) else { return false }
    if a.inode == b.inode || a.kind != .file { return false }
    return try FileSystem.digest(old) != FileSystem.digest(new)
}

extension Swapping.Changed {
    var diagnostic: Diagnostic {
        Diagnostic(
            "install.modified", .error, "\(path) was changed while skvm was installing", at: SourceLocation(file: path),
            hint: "run the same command again")
    }
}

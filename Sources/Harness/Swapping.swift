import Basics
import ContentStore

/// Exchanges folders one way and back. Each call looks at where the folders are and does what is left to do, so it may
/// be interrupted anywhere and called again.
struct Swapping {
    let failpoint: (InstallStep) throws -> Void
    /// What the file system can do; where it can do less than that, less is done.
    var means = Means.exchange

    /// How an old folder makes room for the new one.
    enum Means: Sendable, CaseIterable {
        /// In one step.
        case exchange
        /// By two renames.
        case rename
        /// File by file, as where a folder of a lower layer can't be renamed (overlayfs: one that came with a container's image).
        case files
    }

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
        try secondNames(swap).settle(as: swap.old)
        let place = try FileSystem.status(swap.place)
        if let newInode = swap.newInode {
            if place?.inode != newInode {
                guard try FileSystem.status(swap.staged)?.inode == newInode else { throw Lost() }
                try putInPlace(swap, over: place)
            }
        } else if let place, try FileSystem.status(swap.old) == nil {
            try takeAway(swap, place)
        }
        try checkOld(swap)
    }

    /// Puts the old folder back in its place. Throws `FileError`.
    func back(_ swap: Swap) throws {
        try failpoint(.takeBack(swap.place))
        try secondNames(swap).settle(as: swap.old)
        let place = try FileSystem.status(swap.place)
        let old = try FileSystem.status(swap.old)
        guard let newInode = swap.newInode, place?.inode == newInode else {
            if place == nil, old != nil { try FileSystem.rename(swap.old, to: swap.place) }
            if place != nil, old == nil { try secondNames(swap).putBack() }
            return
        }
        if old == nil, try FileSystem.status(swap.staged) != nil {
            if try means == .exchange && FileSystem.exchange(swap.staged, swap.place) { return }
            try FileSystem.rename(swap.staged, to: swap.old)
        }
        try FileSystem.rename(swap.place, to: swap.staged)
        try failpoint(.swapHalfway(swap.place))
        if try FileSystem.status(swap.old) != nil { try FileSystem.rename(swap.old, to: swap.place) }
    }

    /// Where the old folder is, when it is not in its place; nil when it is, or when there was none.
    func hidden(_ swap: Swap) throws(FileError) -> String? {
        if try FileSystem.status(swap.old) != nil { return swap.old }
        guard let status = try FileSystem.status(swap.staged), status.inode != swap.newInode else { return nil }
        return swap.staged
    }

    /// Whether the new folder is in its place.
    func isDone(_ swap: Swap) throws(FileError) -> Bool {
        guard let newInode = swap.newInode else { return try FileSystem.status(swap.place) == nil }
        return try FileSystem.status(swap.place)?.inode == newInode
    }

    /// Whether the user wrote to the old folder since the plan was made. Throws `FileError`.
    func isOldEdited(_ swap: Swap) throws -> Bool {
        do { try checkOld(swap) } catch is Changed { return true }
        return false
    }

    private func putInPlace(_ swap: Swap, over place: FileStatus?) throws {
        if let place {
            // Two renames were halfway done, and somebody has made a folder there since.
            if try FileSystem.status(swap.old) != nil { throw Changed(place: swap.place, path: swap.place) }
            let isHalfEmpty = try secondNames(swap).isMade
            if try means == .exchange && !isHalfEmpty && FileSystem.exchange(swap.staged, swap.place) { return }
            try takeAway(swap, place)
            try failpoint(.swapHalfway(swap.place))
        }
        try FileSystem.rename(swap.staged, to: swap.place)
    }

    /// Moves the old folder out of the way. Throws `Changed` or `FileError`.
    private func takeAway(_ swap: Swap, _ place: FileStatus) throws {
        let names = secondNames(swap)
        if try place.kind != .directory || means != .files && !names.isMade {
            do throws(FileError) { return try FileSystem.rename(swap.place, to: swap.old) } catch {
                guard error.isAcrossDevices, place.kind == .directory else { throw error }
            }
        }
        try names.make()
        try failpoint(.swapHalfway(swap.place))
        try names.empty(or: Changed(place: swap.place, path: swap.place)) { try failpoint(.takeAway($0)) }
        try names.settle(as: swap.old)
    }

    private func secondNames(_ swap: Swap) -> SecondNames { SecondNames(folder: swap.place, copy: swap.old + "-copy") }

    /// The old folder, now hidden, must hold what the plan saw, and nothing else: an edit made since would be lost.
    private func checkOld(_ swap: Swap) throws {
        guard let path = try hidden(swap), let status = try FileSystem.status(path) else { return }
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
        for extra in try written(swap, in: path) { throw Changed(place: swap.place, path: "\(swap.place)/\(extra)") }
    }

    /// The user's own files that were written to in the old folder since the new one got them: of those that had to be copied,
    /// and of those that an editor replaced by a new file. A file with a second name in the new folder is the same in both.
    private func written(_ swap: Swap, in old: String) throws(FileError) -> [RelativePath] {
        var written: [RelativePath] = []
        for (index, extra) in swap.extras.enumerated() {
            guard let before = try FileSystem.status("\(old)/\(extra)"), before.kind == .file,
                let now = try FileSystem.status("\(swap.place)/\(extra)"), now.inode != before.inode
            else { continue }
            // The new folder's is another file, but it was the old one's that stayed as it was: the user's words are in the new.
            if let stamp = swap.extraStamps?[index] ?? nil, stamp.isOf(before) { continue }
            if try FileSystem.digest("\(old)/\(extra)") != FileSystem.digest("\(swap.place)/\(extra)") {
                written.append(extra)
            }
        }
        return written
    }

    /// Whether the new folder is in place and the user has written to it since. Reads what the stamps leave open.
    func isEdited(_ swap: Swap, ours: [InstalledEntry]) throws(FileError) -> Bool {
        guard swap.newInode != nil, try isDone(swap) else { return false }
        let contents = try FolderContents(of: swap.place)
        for entry in ours where try !contents.matches(entry).content { return true }
        let known = Set(swap.extras)
        if contents.extras(besides: ours).contains(where: { !known.contains($0) }) { return true }
        guard let old = try hidden(swap) else { return false }
        let writtenOld = Set(try written(swap, in: old))
        for extra in swap.extras where !writtenOld.contains(extra) {
            guard let new = contents.items[extra], new.status.kind == .file,
                let before = try FileSystem.status("\(old)/\(extra)"), before.inode != new.status.inode
            else { continue }
            if try FileSystem.digest("\(old)/\(extra)") != FileSystem.digest("\(swap.place)/\(extra)") { return true }
        }
        return false
    }
}

extension Swapping.Changed {
    var diagnostic: Diagnostic {
        Diagnostic(
            "install.modified", .error, "\(path) was changed while skvm was installing", at: SourceLocation(file: path),
            hint: "run the same command again")
    }
}

import Basics
import ContentStore

/// A folder that the file system will not rename (overlayfs: of a lower layer, as all that came with a container's image): its
/// files get second names in a copy of the folder, and then go from the first. Each call looks at where the files are, so it may
/// be interrupted anywhere and called again.
struct SecondNames {
    let folder: String
    /// Where the copy is, once it is whole.
    let copy: String

    var isMade: Bool { get throws(FileError) { try FileSystem.status(copy) != nil } }

    /// Once the folder is gone, the copy is it, and gets its name. Throws `FileError`.
    func settle(as old: String) throws(FileError) {
        guard try isMade, try FileSystem.status(folder) == nil else { return }
        try FileSystem.rename(copy, to: old)
    }

    /// Makes the copy; does nothing where it is. Throws `FileError`.
    func make() throws {
        if try isMade { return }
        let partial = copy + ".part"
        try FileSystem.removeTree(partial)
        let contents = try FolderContents(of: folder)
        try FileSystem.makeDirectory(partial)
        for path in contents.folders.keys.sorted() { try FileSystem.makeDirectory("\(partial)/\(path)") }
        for path in contents.items.keys { try Self.keep("\(folder)/\(path)", as: "\(partial)/\(path)") }
        try contents.setModes(in: partial)
        try FileSystem.rename(partial, to: copy)
    }

    /// Takes out of the folder what the copy has, then the folder. Throws `changed` where something else is in it, `FileError`.
    func empty(or changed: any Error, step: (String) throws -> Void) throws {
        let (there, kept) = (try FolderContents(of: folder), try FolderContents(of: copy))
        for path in there.items.keys.sorted() {
            try step("\(folder)/\(path)")
            guard try isKept(path, kept) else { throw changed }
            try FileSystem.remove("\(folder)/\(path)")
        }
        for path in there.folders.keys.sorted().reversed() { try FileSystem.remove("\(folder)/\(path)") }
        try FileSystem.remove(folder)
    }

    /// Gives the folder what it lacks of the copy. Does nothing where there is no copy. Throws `FileError`.
    func putBack() throws {
        guard try isMade else { return }
        let (there, kept) = (try FolderContents(of: folder), try FolderContents(of: copy))
        for path in kept.folders.keys.sorted() where there.folders[path] == nil && there.items[path] == nil {
            try FileSystem.makeDirectory("\(folder)/\(path)")
            try FileSystem.setMode("\(folder)/\(path)", kept.folders[path]?.mode ?? 0o777)
        }
        for path in kept.items.keys where there.items[path] == nil && there.folders[path] == nil {
            try Self.keep("\(copy)/\(path)", as: "\(folder)/\(path)")
        }
    }

    /// A second name for a file or link: it is the same file, so that even what is written to it just now stays. A copy where
    /// the file system knows no second names, or not of another user's file; nothing where nothing is. Throws `FileError`.
    static func keep(_ source: String, as target: String) throws(FileError) {
        do { try FileSystem.makeHardLink(source, as: target) } catch {
            guard let status = try FileSystem.status(source) else { return }
            if status.kind == .symlink {
                try FileSystem.makeLink(target, to: try FileSystem.readLink(source))
            } else {
                try FileSystem.create(target, with: try FileSystem.read(source), mode: status.mode)
            }
        }
    }

    /// Whether the copy has what the folder has under that name now.
    private func isKept(_ path: RelativePath, _ kept: FolderContents) throws -> Bool {
        let file = "\(folder)/\(path)"
        guard let now = try FileSystem.status(file), let copied = kept.items[path] else { return false }
        if now.kind == .symlink {
            let target = try FileSystem.readLink(file)
            return copied.target.map { $0.utf8.elementsEqual(target.utf8) } ?? false
        }
        guard now.kind == .file, copied.status.kind == .file else { return false }
        return try now.inode == copied.status.inode
            || FileSystem.digest(file) == FileSystem.digest("\(copy)/\(path)")
    }
}

import Basics
import ContentStore

/// What is in a skill's folder on disk, without following links.
struct FolderContents {
    struct Item {
        var status: FileStatus
        /// The target, of a symlink.
        var target: String?
    }

    let place: String
    /// Files, links and what is neither.
    var items: [RelativePath: Item] = [:]
    /// The folders in it.
    var folders: [RelativePath: FileStatus] = [:]

    /// Throws a `FileError` for names that are not UTF-8 and for what can't be read.
    init(of place: String) throws(FileError) {
        self.place = place
        var pending = [""]
        while let prefix = pending.popLast() {
            for name in try FileSystem.list(place + "/" + prefix) {
                guard let path = RelativePath(prefix + name) else { continue }
                guard let status = try FileSystem.status("\(place)/\(path)") else { continue }
                switch status.kind {
                case .directory:
                    folders[path] = status
                    pending.append("\(path)/")
                case .symlink: items[path] = Item(status: status, target: try FileSystem.readLink("\(place)/\(path)"))
                case .file, .other: items[path] = Item(status: status)
                }
            }
        }
    }

    /// Whether the file or link at `entry`'s path has its content. Reads the file unless its stamp says that it wasn't
    /// written. `mended` is true when content is right and the execute bit isn't.
    func matches(_ entry: InstalledEntry) throws(FileError) -> (content: Bool, mode: Bool, stamp: FileStamp?) {
        guard let item = items[entry.path] else { return (false, false, nil) }
        switch entry.kind {
        case .symlink(let target):
            return (item.target.map { $0.utf8.elementsEqual(target.utf8) } ?? false, true, nil)
        case .file(let digest, let executable):
            guard item.status.kind == .file else { return (false, false, nil) }
            let mode = item.status.isExecutable == executable
            let stamp = FileStamp(item.status)
            if entry.stamp == stamp { return (true, mode, stamp) }
            return (try FileSystem.digest("\(place)/\(entry.path)").digest == digest, mode, stamp)
        }
    }

    /// What is at `path` now, read whole; nil for what is neither file nor link.
    func entry(_ path: RelativePath) throws(FileError) -> InstalledEntry? {
        guard let item = items[path] else { return nil }
        if let target = item.target { return InstalledEntry(path: path, kind: .symlink(target: target)) }
        guard item.status.kind == .file else { return nil }
        let digest = try FileSystem.digest("\(place)/\(path)").digest
        return InstalledEntry(path: path, kind: .file(digest, executable: item.status.isExecutable))
    }

    /// The folders in which nothing of `entries` is: the user's, empty or not.
    func ownFolders(besides entries: [InstalledEntry]) -> Set<RelativePath> {
        Set(folders.keys).subtracting(entries.flatMap(\.path.ancestors))
    }

    /// Gives the folders of a copy at `path` the modes that they have here, the copy itself included. Throws `FileError`.
    func setModes(in path: String) throws(FileError) {
        // Those within first: one that is closed to its owner opens no way to them.
        for folder in folders.keys.sorted().reversed() {
            let copy = "\(path)/\(folder)"
            guard let mode = folders[folder]?.mode, let status = try FileSystem.status(copy) else { continue }
            if status.kind == .directory, status.mode != mode { try FileSystem.setMode(copy, mode) }
        }
        guard let mode = try FileSystem.status(place)?.mode else { return }
        if try FileSystem.status(path)?.mode != mode { try FileSystem.setMode(path, mode) }
    }

    /// What stands in a file's place, or in that of a folder above it, so that the file can't be written: a folder that holds
    /// something, a file or a link. Nil where nothing does.
    func obstacle(to path: RelativePath) -> RelativePath? {
        if let above = path.ancestors.first(where: { items[$0] != nil }) { return above }
        guard folders[path] != nil, items.keys.contains(where: { $0.text.hasPrefix("\(path)/") }) else { return nil }
        return path
    }

    /// Paths that are in none of `entries`, sorted.
    func extras(besides entries: [InstalledEntry]) -> [RelativePath] {
        var paths = Set(items.keys)
        for entry in entries { paths.remove(entry.path) }
        return paths.sorted()
    }
}

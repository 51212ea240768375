#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension FileSystem {
    /// Removes a whole tree without following links; nothing there is no error.
    ///
    /// Copes with what hostile archives hold: names that are not UTF-8, and folders nested so deep that neither a path
    /// nor a stack could reach their end. Folders are lifted to the top one level at a time and emptied there, so two
    /// are open at once, whatever the depth. Folders of the user's that are closed to the user are opened. O(entries).
    package static func removeTree(_ path: String) throws(FileError) {
        guard let status = try status(path) else { return }
        if status.kind == .directory {
            var top = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            if top < 0, errno == EACCES, fchmodat(AT_FDCWD, path, 0o700, AT_SYMLINK_NOFOLLOW) == 0 {
                top = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            }
            guard top >= 0 else { throw FileError("remove", path) }
            defer { close(top) }
            try empty(top, path)
        }
        try remove(path)
    }

    private static func empty(_ top: Int32, _ path: String) throws(FileError) {
        var lifted: UInt64 = 0
        while true {
            let names = try names(in: top, ".", path)
            if names.isEmpty { return }
            for name in names where try !removeEntry(name, in: top, path) {
                try lift(contentsOf: name, to: top, path, &lifted)
            }
        }
    }

    /// Removes a file, a link or an empty folder; false when it is a folder that holds something.
    private static func removeEntry(_ name: [UInt8], in folder: Int32, _ path: String) throws(FileError) -> Bool {
        let name = name.map { CChar(bitPattern: $0) } + [0]
        if unlinkat(folder, name, 0) == 0 || errno == ENOENT { return true }
        if errno == EACCES, fchmod(folder, 0o700) == 0, unlinkat(folder, name, 0) == 0 || errno == ENOENT {
            return true
        }
        let code = errno
        if unlinkat(folder, name, AT_REMOVEDIR) == 0 || errno == ENOENT { return true }
        if errno == ENOTEMPTY || errno == EEXIST { return false }
        throw FileError("remove", path, code: errno == ENOTDIR ? code : errno)
    }

    /// Empties the folder `name`: removes what can be, moves the folders in it that hold something up to `top`.
    private static func lift(
        contentsOf name: [UInt8], to top: Int32, _ path: String, _ lifted: inout UInt64
    ) throws(FileError) {
        let text = name.map { CChar(bitPattern: $0) } + [0]
        var folder = openat(top, text, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if folder < 0, errno == EACCES, fchmodat(top, text, 0o700, AT_SYMLINK_NOFOLLOW) == 0 {
            folder = openat(top, text, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        guard folder >= 0 else { throw FileError("remove", path) }
        defer { close(folder) }
        for child in try names(in: folder, ".", path) where try !removeEntry(child, in: folder, path) {
            let old = child.map { CChar(bitPattern: $0) } + [0]
            var isOpened = false
            repeat {
                lifted += 1
                let target = ".skvm-removed-\(lifted)"
                if renameat(folder, old, top, target) == 0 { break }
                // To be moved, a folder must be writable itself.
                if errno == EACCES, !isOpened, fchmodat(folder, old, 0o700, AT_SYMLINK_NOFOLLOW) == 0 {
                    isOpened = fchmod(top, 0o700) == 0
                    if isOpened { continue }
                }
                guard errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR else { throw FileError("remove", path) }
            } while true
        }
        _ = try removeEntry(name, in: top, path)
    }

    private static func names(in folder: Int32, _ name: String, _ path: String) throws(FileError) -> [[UInt8]] {
        let descriptor = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("remove", path) }
        return try listBytes(descriptor, path)
    }
}

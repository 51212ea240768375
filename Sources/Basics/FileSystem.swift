#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file system call that failed: which, on what path, and why.
package struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    package var operation: String
    package var path: String
    /// The `errno` value, or 0 when skvm itself refused (then `reason` says why).
    package var code: Int32
    package var reason: String

    package init(_ operation: String, _ path: String, code: Int32 = errno) {
        self.operation = operation
        self.path = path
        self.code = code
        self.reason = String(cString: strerror(code))
    }

    package init(_ operation: String, _ path: String, refused reason: String) {
        self.operation = operation
        self.path = path
        self.code = 0
        self.reason = reason
    }

    package var isNotFound: Bool { code == ENOENT || code == ENOTDIR }
    package var description: String { "cannot \(operation) \(path): \(reason)" }

    /// What a user is told of it: the world outside is at fault, with a hint for the usual causes.
    package var diagnostic: Diagnostic {
        let hint: String? =
            switch code {
            case ENOSPC, EDQUOT: "free some disk space, then run the same command again"
            case EACCES, EPERM, EROFS: "give yourself permission to write there, or choose another folder"
            default: nil
            }
        return Diagnostic(
            "file.\(code == ENOSPC || code == EDQUOT ? "space" : "system")", .error, description, hint: hint,
            fault: .outside)
    }
}

/// What `lstat` says of a path, as far as skvm looks.
package struct FileStatus: Sendable, Hashable {
    package enum Kind: UInt8, Sendable { case file, directory, symlink, other }

    package var kind: Kind
    package var mode: UInt32
    package var size: Int64
    package var modified: Int64  // nanoseconds since the epoch
    package var changed: Int64  // nanoseconds since the epoch
    package var inode: UInt64
    package var device: UInt64

    package var isExecutable: Bool { mode & 0o100 != 0 }
}

/// POSIX file calls, with errors that name the path. No Foundation, no following of symlinks unless it is said.
package enum FileSystem {
    /// Status of the thing at `path` itself; nil when nothing is there.
    package static func status(_ path: String) throws(FileError) -> FileStatus? {
        var info = stat()
        guard lstat(path, &info) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw FileError("look at", path)
        }
        return FileStatus(info)
    }

    package static func exists(_ path: String) -> Bool { (try? status(path)) != nil }
    package static func isDirectory(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    /// The bytes of a regular file (a symlink is followed). Throws when it is longer than `limit` bytes.
    package static func read(_ path: String, limit: Int = 1 << 30) throws(FileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("read", path) }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw FileError("read", path) }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw FileError("read", path, code: info.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
        }
        guard Int(info.st_size) <= limit else {
            throw FileError("read", path, refused: "it has \(info.st_size) bytes, more than the limit of \(limit)")
        }
        var failed = false
        var grown = false
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(info.st_size) + 1) { buffer, count in
            count = 0
            while count < buffer.count {
                let got = systemRead(descriptor, buffer.baseAddress! + count, buffer.count - count)
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failed = true }
                if got <= 0 { return }
                count += got
            }
            grown = true
        }
        if failed { throw FileError("read", path) }
        if grown { throw FileError("read", path, refused: "it grew while it was read") }
        return bytes
    }

    /// The bytes of `path` as UTF-8 text. Throws when they are not UTF-8.
    package static func readText(_ path: String, limit: Int = 64 << 20) throws(FileError) -> String {
        guard let text = String(validating: try read(path, limit: limit), as: UTF8.self) else {
            throw FileError("read", path, refused: "it is not UTF-8 text")
        }
        return text
    }

    /// Names in a folder without `.` and `..`, sorted by bytes. A name that is not UTF-8 is an error.
    package static func list(_ path: String) throws(FileError) -> [String] {
        guard let directory = opendir(path) else { throw FileError("list", path) }
        defer { closedir(directory) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) {
                    String(validatingCString: $0)
                }
            }
            guard let name else {
                throw FileError("list", path, refused: "a name in it is not UTF-8")
            }
            if name != "." && name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw FileError("list", path) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    package static func readLink(_ path: String) throws(FileError) -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes {
            readlink(path, $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
        }
        guard count >= 0 else { throw FileError("read link", path) }
        guard count < 4096, let target = String(validating: buffer[..<count], as: UTF8.self) else {
            throw FileError("read link", path, refused: "its target is not UTF-8 text of under 4096 bytes")
        }
        return target
    }

    /// Creates `path` and every missing folder above it.
    package static func makeDirectories(_ path: String) throws(FileError) {
        if mkdir(path, 0o777) == 0 { return }
        if errno == EEXIST, isDirectory(path) { return }
        guard errno == ENOENT, let parent = parent(of: path), parent != path else {
            throw FileError("create folder", path)
        }
        try makeDirectories(parent)
        guard mkdir(path, 0o777) == 0 || (errno == EEXIST && isDirectory(path)) else {
            throw FileError("create folder", path)
        }
    }

    /// Writes a file in place. Not atomic, not durable: for files that a later check would find damaged.
    package static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o666) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else { throw FileError("write", path) }
        defer { close(descriptor) }
        try writeAll(bytes, descriptor, path)
    }

    /// Replaces a file so that a crash at any moment leaves the old bytes or the new ones: temporary file beside it,
    /// fsync, rename, fsync of the folder.
    package static func replace(_ path: String, with bytes: [UInt8], mode: UInt32 = 0o666) throws(FileError) {
        let temporary = temporaryPath(beside: path)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else { throw FileError("write", path) }
        do throws(FileError) {
            defer { close(descriptor) }
            try writeAll(bytes, descriptor, path)
            guard fsync(descriptor) == 0 else { throw FileError("write", path) }
        } catch {
            unlink(temporary)
            throw error
        }
        guard systemRename(temporary, path) == 0 else {
            let error = FileError("write", path)
            unlink(temporary)
            throw error
        }
        try synchronizeDirectory(parent(of: path) ?? ".")
    }

    package static func rename(_ from: String, to: String) throws(FileError) {
        guard systemRename(from, to) == 0 else { throw FileError("move", from) }
    }

    package static func makeLink(_ path: String, to target: String) throws(FileError) {
        guard symlink(target, path) == 0 else { throw FileError("create link", path) }
    }

    package static func setMode(_ path: String, _ mode: UInt32) throws(FileError) {
        guard chmod(path, mode_t(mode)) == 0 else { throw FileError("change the mode of", path) }
    }

    /// Removes one file, link or empty folder; nothing there is no error.
    package static func remove(_ path: String) throws(FileError) {
        if unlink(path) == 0 || errno == ENOENT { return }
        let code = errno
        if rmdir(path) == 0 || errno == ENOENT { return }
        throw FileError("remove", path, code: errno == ENOTDIR ? code : errno)
    }

    /// Removes a whole tree without following links; nothing there is no error.
    package static func removeTree(_ path: String) throws(FileError) {
        guard let status = try status(path) else { return }
        if status.kind == .directory {
            for name in try listRaw(path) { try removeTree(path + "/" + name) }
        }
        try remove(path)
    }

    /// Makes the entries of a folder durable: a rename or a new file survives a power cut only after this.
    package static func synchronizeDirectory(_ path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("synchronize", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError("synchronize", path) }
    }

    package static func synchronizeFile(_ path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("synchronize", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError("synchronize", path) }
    }

    /// A new scratch folder, only for this user, below `$TMPDIR` or `directory`.
    package static func makeScratchDirectory(in directory: String? = nil) throws(FileError) -> String {
        let base = directory ?? getenv("TMPDIR").flatMap { String(validatingCString: $0) } ?? "/tmp"
        let path = temporaryPath(beside: base + "/skvm")
        guard mkdir(path, 0o700) == 0 else { throw FileError("create folder", path) }
        return path
    }

    /// The folder that holds `path`; nil for `/` and the empty path.
    package static func parent(of path: String) -> String? {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        guard let slash = trimmed.lastIndex(of: "/") else { return trimmed.isEmpty ? nil : "." }
        if slash == trimmed.startIndex { return trimmed.count == 1 ? nil : "/" }
        return String(trimmed[..<slash])
    }

    /// `path` made absolute against `base`, without `.`, `..` and doubled slashes. Purely textual.
    package static func absolute(_ path: String, from base: String) -> String {
        var parts: [Substring] = []
        for part in (path.hasPrefix("/") ? path : base + "/" + path).split(separator: "/") {
            if part == "." { continue }
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// `path` with every symlink resolved; nil when it does not exist.
    package static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(validatingCString: resolved)
    }

    /// A name in the same folder that nobody uses: process id and 64 random bits.
    package static func temporaryPath(beside path: String) -> String {
        "\(path).\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
    }

    private static func listRaw(_ path: String) throws(FileError) -> [String] {
        // Removing must not stop at a name that is not UTF-8: `list` would refuse it.
        try list(path)
    }

    private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32, _ path: String) throws(FileError) {
        var done = 0
        var failure: FileError?
        bytes.withUnsafeBytes { buffer in
            while done < buffer.count {
                let wrote = systemWrite(descriptor, buffer.baseAddress! + done, buffer.count - done)
                if wrote < 0 && errno == EINTR { continue }
                if wrote <= 0 {
                    failure = FileError("write", path)
                    return
                }
                done += wrote
            }
        }
        if let failure { throw failure }
    }
}

// `FileSystem` has members of these names, which would hide the C functions.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, buffer, count)
}
private func systemRename(_ from: String, _ to: String) -> Int32 { rename(from, to) }

extension FileStatus {
    init(_ info: stat) {
        switch info.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .symlink
        default: kind = .other
        }
        mode = UInt32(info.st_mode) & 0o7777
        size = Int64(info.st_size)
        #if canImport(Darwin)
            modified = Int64(info.st_mtimespec.tv_sec) * 1_000_000_000 + Int64(info.st_mtimespec.tv_nsec)
            changed = Int64(info.st_ctimespec.tv_sec) * 1_000_000_000 + Int64(info.st_ctimespec.tv_nsec)
        #else
            modified = Int64(info.st_mtim.tv_sec) * 1_000_000_000 + Int64(info.st_mtim.tv_nsec)
            changed = Int64(info.st_ctim.tv_sec) * 1_000_000_000 + Int64(info.st_ctim.tv_nsec)
        #endif
        inode = UInt64(info.st_ino)
        device = UInt64(info.st_dev)
    }
}

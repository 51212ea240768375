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
    /// The way out, where skvm refused and there is a better one than another place, and of a link.
    package var hint: String?

    package init(_ operation: String, _ path: String, code: Int32 = errno) {
        self.operation = operation
        self.path = path
        self.code = code
        self.reason = String(cString: strerror(code))
    }

    package init(_ operation: String, _ path: String, refused reason: String, hint: String? = nil) {
        self.operation = operation
        self.path = path
        self.code = 0
        self.reason = reason
        self.hint = hint
    }

    /// Of a file that is not there: says so of a link, which is, and leads to nothing or in a circle.
    init(_ operation: String, _ path: String, followed code: Int32) {
        self.init(operation, path, code: code)
        guard code == ENOENT || code == ELOOP, let target = try? FileSystem.readLink(path) else { return }
        reason =
            "it is a link to \(target.shown(limit: 200)), "
            + (code == ENOENT ? "and there is nothing" : "which leads back to itself")
        hint = "bring back what it leads to, or remove the link: skvm writes its own files where there are none"
    }

    package var isNotFound: Bool { code == ENOENT || code == ENOTDIR }
    /// Whether the two names lie on different file systems, or in different layers of one.
    package var isAcrossDevices: Bool { code == EXDEV }
    package var description: String {
        guard let folder = folderOfTemporary else { return "cannot \(operation) \(path): \(reason)" }
        return "cannot write in the folder \(folder): \(reason)"
    }

    /// The folder in which skvm was making something under a name of its own, which would tell nobody anything; nil where `path`
    /// is what the user knows.
    private var folderOfTemporary: String? {
        guard code == EACCES || code == EPERM || code == EROFS else { return nil }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let own = parts.firstIndex(where: { $0.hasSuffix(".tmp") && $0.dropLast(4).contains("-") }), own > 0
        else {
            return nil
        }
        return own == 1 ? "/" : parts[..<own].joined(separator: "/")
    }

    /// What a user is told of it: the world outside is at fault, with a hint for the usual causes; but where skvm itself
    /// refused, what was read is.
    package var diagnostic: Diagnostic {
        if code == 0 {
            return Diagnostic(
                "file.refused", .error, description, hint: hint ?? "change it, or move it elsewhere", fault: .build)
        }
        let hint: String? =
            switch code {
            case EIO: "the disk fails: see what the system's log says of it (`dmesg`), then run the same command again"
            case ENOSPC, EDQUOT: "free some disk space, then run the same command again"
            case EACCES, EPERM, EROFS: "give yourself permission to write there, or choose another folder"
            default: self.hint
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

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open folder, for looking at many paths below it without making a string of each.
package struct OpenFolder: ~Copyable {
    private let descriptor: Int32

    /// Nil when there is no such folder.
    package init?(_ path: String) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { return nil }
    }

    /// The folder at `path`, relative to another one unless it begins with `/`. Nil when there is none.
    package init?(_ path: String, in folder: borrowing OpenFolder) {
        descriptor = openat(folder.descriptor, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    package enum Found {
        case status(FileStatus)
        case nothing
        /// Something is there, or may be, that can't be looked at.
        case unknown
    }

    /// What is at a NUL-terminated path, relative to the folder unless it begins with `/`; a link is not followed.
    package func status(_ path: UnsafePointer<CChar>) -> Found {
        var info = stat()
        if fstatat(descriptor, path, &info, AT_SYMLINK_NOFOLLOW) == 0 { return .status(FileStatus(info)) }
        return errno == ENOENT || errno == ENOTDIR ? .nothing : .unknown
    }
}

extension FileStatus {
    /// A status that was stored earlier.
    package init(
        _ kind: Kind, mode: UInt32, size: Int64, modified: Int64, changed: Int64, inode: UInt64, device: UInt64
    ) {
        self.init(
            kind: kind, mode: mode, size: size, modified: modified, changed: changed, inode: inode, device: device)
    }
}

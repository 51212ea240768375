#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension FileSystem {
    /// Swaps what two paths name in one step, so that nobody ever sees either of them missing. False where the system or
    /// the file system can't: then nothing was done.
    package static func exchange(_ a: String, _ b: String) throws(FileError) -> Bool {
        guard let code = systemExchange(a, b) else { return false }
        switch code {
        case 0: return true
        // EXDEV: overlayfs, where one of them is a folder of a lower layer.
        case EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP, EPERM, EXDEV: return false
        default: throw FileError("exchange", a, code: code)
        }
    }

    /// Makes everything that was written to the file system of `path` durable, at once instead of file by file. False
    /// where the system has no such call: then nothing was done.
    package static func synchronizeFileSystem(of path: String) throws(FileError) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("synchronize", path) }
        defer { close(descriptor) }
        guard let code = systemSyncfs(descriptor) else { return false }
        guard code == 0 else { throw FileError("synchronize", path, code: code) }
        return true
    }

    /// The two ends of a new pipe, which no program that is started inherits: not even one that another thread starts
    /// at this very moment, where the system can make them so.
    package static func makePipe() throws(FileError) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        guard systemPipe(&ends) == 0 else { throw FileError("make", "a pipe") }
        return (ends[0], ends[1])
    }

    /// The number of the mount that `path` is in, by which two mounts of one file system differ; nil where the system doesn't
    /// say it (Darwin, which has no such mounts).
    package static func mount(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard let about = fopen("/proc/self/fdinfo/\(descriptor)", "re") else { return nil }
        defer { fclose(about) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), about) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if text.hasPrefix("mnt_id:") { return text }
        }
        return nil
    }

    /// Whether this process may create and remove entries in the folder `path`.
    package static func isWritable(_ path: String) -> Bool { access(path, W_OK | X_OK) == 0 }

    /// Whether `path` is a file that this process may run.
    package static func isExecutableFile(_ path: String) -> Bool { access(path, X_OK) == 0 && !isDirectory(path) }

    /// Gives a file a second name; a symlink gets a second name itself. Throws when something is at `new`.
    package static func makeHardLink(_ existing: String, as new: String) throws(FileError) {
        guard linkat(AT_FDCWD, existing, AT_FDCWD, new, 0) == 0 else { throw FileError("link", existing) }
    }
}

#if canImport(Darwin)
    private func systemExchange(_ a: String, _ b: String) -> Int32? {
        renamex_np(a, b, UInt32(RENAME_SWAP)) == 0 ? 0 : errno
    }

    private func systemSyncfs(_ descriptor: Int32) -> Int32? { nil }

    /// Darwin has no `pipe2`, and `POSIX_SPAWN_CLOEXEC_DEFAULT` in its place.
    private func systemPipe(_ ends: inout [Int32]) -> Int32 {
        guard pipe(&ends) == 0 else { return -1 }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return 0
    }
#else
    private typealias RenameAt2 =
        @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32

    // Swift's view of the C library leaves out what is declared for `_GNU_SOURCE` only, so it is looked up by name.
    private let renameAt2 = dlsym(nil, "renameat2").map { unsafeBitCast($0, to: RenameAt2.self) }
    private let syncfs = dlsym(nil, "syncfs").map { unsafeBitCast($0, to: (@convention(c) (Int32) -> Int32).self) }

    private let pipe2 = dlsym(nil, "pipe2").map {
        unsafeBitCast($0, to: (@convention(c) (UnsafeMutablePointer<Int32>, Int32) -> Int32).self)
    }

    /// The kernel has had the call since 2.6.27.
    private func systemPipe(_ ends: inout [Int32]) -> Int32 {
        guard let pipe2 else {
            errno = ENOSYS
            return -1
        }
        return pipe2(&ends, O_CLOEXEC)
    }

    private func systemSyncfs(_ descriptor: Int32) -> Int32? {
        guard let syncfs else { return nil }
        return syncfs(descriptor) == 0 ? 0 : errno
    }

    private func systemExchange(_ a: String, _ b: String) -> Int32? {
        let exchange: UInt32 = 2  // RENAME_EXCHANGE
        guard let renameAt2 else { return nil }
        return renameAt2(AT_FDCWD, a, AT_FDCWD, b, exchange) == 0 ? 0 : errno
    }
#endif

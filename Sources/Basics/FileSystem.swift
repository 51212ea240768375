#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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

    /// The user whom the thing at `path` itself belongs to; nil when nothing is there.
    package static func owner(of path: String) throws(FileError) -> UInt32? {
        var info = stat()
        guard lstat(path, &info) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw FileError("look at", path)
        }
        return info.st_uid
    }

    /// In whose name this process works.
    package static var user: UInt32 { geteuid() }

    /// Whether a regular file is at a NUL-terminated path; a link is none.
    package static func isFile(_ path: UnsafePointer<CChar>) -> Bool {
        var info = stat()
        return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
    }

    /// Whether the file system at `path` has less than 64 KiB of room, or none for another file; false where it doesn't tell.
    package static func isFull(at path: String) -> Bool {
        var info = statvfs()
        guard statvfs(path, &info) == 0 else { return false }
        // File systems that make files as they need them give 0 for all of both.
        let isOutOfFiles = info.f_files > 0 && info.f_favail == 0
        let room = UInt64(info.f_bavail).multipliedReportingOverflow(by: UInt64(info.f_frsize))
        return isOutOfFiles || !room.overflow && room.partialValue < 64 << 10
    }

    package static func exists(_ path: String) -> Bool { (try? status(path)) != nil }
    package static func isDirectory(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    /// The bytes of a regular file (a symlink is followed). Throws when it is longer than `limit` bytes.
    package static func read(_ path: String, limit: Int = 1 << 30) throws(FileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("read", path, followed: errno) }
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
        var names: [String] = []
        for raw in try listBytes(path) {
            guard let name = String(validating: raw, as: UTF8.self) else {
                throw FileError("list", path, refused: "a name in it is not UTF-8")
            }
            names.append(name)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Names in a folder as the bytes they are, without `.` and `..`, in no order.
    package static func listBytes(_ path: String) throws(FileError) -> [[UInt8]] {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("list", path) }
        return try listBytes(descriptor, path)
    }

    /// The names in the folder that is open at `descriptor`, which this closes.
    static func listBytes(_ descriptor: Int32, _ path: String) throws(FileError) -> [[UInt8]] {
        guard let directory = fdopendir(descriptor) else {
            let error = FileError("list", path)
            close(descriptor)
            throw error
        }
        defer { closedir(directory) }
        var names: [[UInt8]] = []
        errno = 0
        while let entry = readdir(directory) {
            let start = UnsafeRawPointer(entry) + MemoryLayout<dirent>.offset(of: \.d_name)!
            let name = [UInt8](
                UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self))))
            if name != [0x2E] && name != [0x2E, 0x2E] { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw FileError("list", path) }
        return names
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

    /// Creates one folder; something being there already, a symlink too, is an error.
    package static func makeDirectory(_ path: String, mode: UInt32 = 0o777) throws(FileError) {
        guard mkdir(path, mode_t(mode)) == 0 else { throw FileError("create folder", path) }
    }

    /// Writes a file in place. Not atomic, not durable: for files that a later check would find damaged.
    package static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o666) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else { throw FileError("write", path) }
        defer { close(descriptor) }
        try writeAll(bytes, descriptor, path)
    }

    /// Creates a file where nothing is (a symlink counts as something), and makes its bytes durable if `synchronized`;
    /// its folder isn't. A file that could not be written whole is removed again.
    package static func create(
        _ path: String, with bytes: [UInt8], mode: UInt32 = 0o666, synchronized: Bool = false
    ) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else { throw FileError("create", path) }
        do throws(FileError) {
            defer { close(descriptor) }
            try writeAll(bytes, descriptor, path)
            if synchronized, fsync(descriptor) != 0 { throw FileError("write", path) }
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Replaces a file so that a crash at any moment leaves the old bytes or the new ones: temporary file beside it,
    /// fsync, rename, fsync of the folder.
    ///
    /// A `staging` folder, on the same disk, holds the new bytes until then: for a folder in which a file that a killed
    /// process left behind would count. `before` is given the new file before it gets its name.
    package static func replace(
        _ path: String, with bytes: [UInt8], mode: UInt32 = 0o666, staging: String? = nil,
        before: (_ temporary: String) throws(FileError) -> Void = { _ throws(FileError) in }
    ) throws(FileError) {
        let name = path.utf8.split(separator: 0x2F).last.map { String(Substring($0)) } ?? "file"
        let temporary = temporaryPath(beside: staging.map { "\($0)/\(name)" } ?? path)
        try create(temporary, with: bytes, mode: mode, synchronized: true)
        do throws(FileError) { try before(temporary) } catch {
            unlink(temporary)
            throw error
        }
        guard systemRename(temporary, path) == 0 else {
            let error = FileError("write", path)
            unlink(temporary)
            if staging != nil, error.code == EXDEV { return try replace(path, with: bytes, mode: mode, before: before) }
            throw error
        }
        try synchronizeDirectory(parent(of: path) ?? ".")
    }

    /// As `replace`, of a file that is the user's own: where the name is a link, what it leads to is replaced, and a file that is
    /// there keeps its mode.
    package static func rewrite(
        _ path: String, with bytes: [UInt8], staging: String? = nil
    ) throws(FileError) {
        guard let status = try status(path) else { return try replace(path, with: bytes, staging: staging) }
        if status.kind == .symlink {
            guard let real = realPath(path) else { throw FileError("write", path, followed: errno) }
            return try rewrite(real, with: bytes)
        }
        try replace(path, with: bytes, staging: staging) { temporary throws(FileError) in
            try setMode(temporary, status.mode)
        }
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

    /// A descriptor to read `bytes` from, which the caller closes: of a file without a name, so that nothing has to be fed
    /// to a program that may never read it.
    static func openInput(_ bytes: [UInt8]) throws(FileError) -> Int32 {
        let base = getenv("TMPDIR").flatMap { String(validatingCString: $0) } ?? "/tmp"
        let path = bytes.isEmpty ? "/dev/null" : temporaryPath(beside: base + "/skvm-input")
        if !bytes.isEmpty { try create(path, with: bytes, mode: 0o600) }
        defer { if !bytes.isEmpty { unlink(path) } }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("read", path) }
        return descriptor
    }

    /// The folder that holds `path`; nil for `/` and the empty path.
    package static func parent(of path: String) -> String? {
        // By bytes: to `Character`s, a `/` before a combining mark is no `/`.
        var trimmed = Substring(path).utf8
        while trimmed.count > 1, trimmed.last == 0x2F { trimmed.removeLast() }
        guard let slash = trimmed.lastIndex(of: 0x2F) else { return trimmed.isEmpty ? nil : "." }
        if slash == trimmed.startIndex { return trimmed.count == 1 ? nil : "/" }
        return String(Substring(trimmed[..<slash]))
    }

    /// `path` made absolute against `base`, without `.`, `..` and doubled slashes. Purely textual.
    package static func absolute(_ path: String, from base: String) -> String {
        if isNormal(path) { return path }
        var parts: [Substring] = []
        for part in (path.utf8.first == 0x2F ? path : base + "/" + path).utf8.split(separator: 0x2F) {
            if part.elementsEqual(".".utf8) { continue }
            if part.elementsEqual("..".utf8) { _ = parts.popLast() } else { parts.append(Substring(part)) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// Whether `absolute` has nothing to do: most paths are of skvm's own making.
    private static func isNormal(_ path: String) -> Bool {
        var path = path
        return path.withUTF8 { bytes in
            guard bytes.count > 1, bytes[0] == 0x2F, bytes[bytes.count - 1] != 0x2F else { return false }
            var start = 1
            for index in 1...bytes.count where index == bytes.count || bytes[index] == 0x2F {
                let isDots = index - start <= 2 && bytes[start..<index].allSatisfy { $0 == 0x2E }
                if isDots { return false }
                start = index + 1
            }
            return true
        }
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

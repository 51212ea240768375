package import Basics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension FileSystem {
    /// Copies a regular file's bytes to a file that isn't there yet, read-only, hashing them on the way. Follows no
    /// symlink. A copy that failed is removed.
    static func copy(_ source: String, toNew target: String) throws(FileError) -> Blob {
        let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o444)
        guard output >= 0 else { throw FileError("create", target) }
        do throws(FileError) {
            defer { close(output) }
            return try stream(source) { part throws(FileError) in
                var done = 0
                while done < part.count {
                    let wrote = systemWrite(output, part.baseAddress! + done, part.count - done)
                    if wrote < 0 && errno == EINTR { continue }
                    guard wrote > 0 else { throw FileError("write", target) }
                    done += wrote
                }
            }
        } catch {
            unlink(target)
            throw error
        }
    }

    /// The blob that a regular file holds, of any size. Follows no symlink.
    package static func digest(_ path: String) throws(FileError) -> Blob {
        try stream(path) { _ throws(FileError) in }
    }

    private static func stream(
        _ path: String, each body: (UnsafeRawBufferPointer) throws(FileError) -> Void
    ) throws(FileError) -> Blob {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("read", path) }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw FileError("read", path) }
        guard info.st_mode & S_IFMT == S_IFREG else { throw FileError("read", path, refused: "it is no regular file") }
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(max(Int(info.st_size), 1), 1 << 20), alignment: 16)
        defer { buffer.deallocate() }
        var hasher = SHA256Hasher()
        var size: Int64 = 0
        while true {
            let got = systemRead(descriptor, buffer.baseAddress!, buffer.count)
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw FileError("read", path) }
            if got == 0 { return Blob(digest: hasher.finish(), size: size) }
            let part = UnsafeRawBufferPointer(rebasing: buffer[..<got])
            hasher.update(part)
            try body(part)
            size += Int64(got)
        }
    }
}

// `FileSystem` has members of these names, which would hide the C functions.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, buffer, count)
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An advisory lock (`flock`) on a file, held until it is released, the value goes away or the process ends, however it
/// ends. The file itself stays: removing it would let two processes hold "the" lock.
package final class FileLock: Sendable {
    package enum Mode: Sendable {
        /// Together with other shared holders.
        case shared
        /// Alone.
        case exclusive
    }

    private let descriptor: Int32

    /// Takes the lock, creating the file and waiting as long as it takes. `onWait` is called once, when another holds it.
    package convenience init(path: String, mode: Mode, onWait: () -> Void = {}) throws(FileError) {
        if let descriptor = try Self.take(path, mode, wait: false) {
            self.init(descriptor: descriptor)
            return
        }
        onWait()
        guard let descriptor = try Self.take(path, mode, wait: true) else { throw FileError("lock", path) }
        self.init(descriptor: descriptor)
    }

    /// Takes the lock if nobody holds it in a way that forbids it; nil when somebody does.
    package static func tryToTake(path: String, mode: Mode) throws(FileError) -> FileLock? {
        try take(path, mode, wait: false).map { FileLock(descriptor: $0) }
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Releases the lock early; more than once does no harm.
    package func release() { flock(descriptor, LOCK_UN) }

    private static func take(_ path: String, _ mode: Mode, wait: Bool) throws(FileError) -> Int32? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError("lock", path) }
        let operation = (mode == .shared ? LOCK_SH : LOCK_EX) | (wait ? 0 : LOCK_NB)
        while flock(descriptor, operation) != 0 {
            if errno == EINTR { continue }
            let code = errno
            close(descriptor)
            if code == EWOULDBLOCK { return nil }
            throw FileError("lock", path, code: code)
        }
        return descriptor
    }
}

import Basics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A lock among processes and tasks on one file, released by the system when its holder dies.
enum FileLock {
    /// Runs `body` while nobody else holds the lock on `path`, which is created when missing and never removed.
    ///
    /// Waits without a thread; throws `cancelled` when the task is cancelled while it waits, `disk` when the file
    /// can't be opened.
    static func holding<R: Sendable>(
        _ path: String, _ body: () async throws(GitError) -> R
    ) async throws(GitError) -> R {
        let descriptor = try await acquire(path)
        defer { close(descriptor) }
        return try await body()
    }

    private static func acquire(_ path: String) async throws(GitError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw GitError(FileError("lock", path)) }
        var pause = 5
        // `flock` belongs to the open file: two tasks of one process exclude each other as two processes do.
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                let error = GitError(FileError("lock", path))
                close(descriptor)
                throw error
            }
            do {
                try await Task.sleep(for: .milliseconds(pause))
            } catch {
                close(descriptor)
                throw GitError(.cancelled, "stopped while waiting for another process to leave \(path)")
            }
            pause = min(pause * 2, 100)
        }
        return descriptor
    }
}

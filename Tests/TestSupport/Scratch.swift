import Basics
import Dispatch

/// Runs `body` with a new folder that is removed afterwards.
package func withScratch<R>(_ body: (String) throws -> R) throws -> R {
    let path = try FileSystem.makeScratchDirectory()
    defer { try? FileSystem.removeTree(path) }
    return try body(path)
}

package func withScratch<R>(_ body: (String) async throws -> R) async throws -> R {
    let path = try FileSystem.makeScratchDirectory()
    do {
        let result = try await body(path)
        try? FileSystem.removeTree(path)
        return result
    } catch {
        try? FileSystem.removeTree(path)
        throw error
    }
}

/// Writes text files below `root`, making the folders they need.
package func write(_ files: [String: String], in root: String) throws {
    for (path, text) in files {
        let full = root + "/" + path
        if let parent = FileSystem.parent(of: full) { try FileSystem.makeDirectories(parent) }
        try FileSystem.write(Array(text.utf8), to: full)
    }
}

/// Runs `body`, which may block for long, on a thread of its own: two tests that wait for a lock would otherwise hold
/// every thread of a small machine, and the tests that are to release the locks would never run.
package func onThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Result(catching: body)) }
    }
}

import Basics
import Dispatch
import Git
import Harness
import Synchronization

/// Merges texts by git, for an installer that waits on a thread of its own.
struct GitMerging: TextMerging {
    let git: TextMerge

    /// Blocks; not to be called on Swift's cooperative pool. Throws as `TextMerge.merge` does.
    func merge(base: [UInt8], ours: [UInt8], theirs: [UInt8]) throws -> [UInt8]? {
        let answer = Answer()
        let isDone = DispatchSemaphore(value: 0)
        Task {
            do {
                answer.set(.success(try await git.merge(base: base, ours: ours, theirs: theirs)))
            } catch {
                answer.set(.failure(error))
            }
            isDone.signal()
        }
        isDone.wait()
        return try answer.get()
    }

    private final class Answer: Sendable {
        private let result = Mutex<Result<[UInt8]?, any Error>>(.success(nil))
        func set(_ new: Result<[UInt8]?, any Error>) { result.withLock { $0 = new } }
        func get() throws -> [UInt8]? { try result.withLock { $0 }.get() }
    }
}

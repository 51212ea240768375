import Dispatch

/// Runs calls that block (libgit2, bulk file work) on threads of their own, so that Swift's cooperative pool never
/// waits. Dispatch bounds how many there are.
package enum Blocking {
    private static let queue = DispatchQueue(label: "skvm.blocking", attributes: .concurrent)

    /// Returns what `body` returns, or throws what it throws. The body is not stopped when the task is cancelled.
    package static func run<R: Sendable, E: Error>(
        _ body: @escaping @Sendable () throws(E) -> R
    ) async throws(E) -> R {
        let result: Result<R, E> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(E) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}

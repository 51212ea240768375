import Dispatch

/// Runs calls that block (libgit2, bulk file work) on threads of their own, so that Swift's cooperative pool never
/// waits. Dispatch bounds how many there are.
enum Blocking {
    private static let queue = DispatchQueue(label: "skvm.git", attributes: .concurrent)

    static func run<R: Sendable>(_ body: @escaping @Sendable () throws(GitError) -> R) async throws(GitError) -> R {
        let result: Result<R, GitError> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(GitError) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}

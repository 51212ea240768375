import Basics
import Synchronization

/// What was learnt of remote repositories, so that nothing is asked or looked through twice: what each server listed, and what
/// the commits hold that were searched. For one command; the next one asks anew.
package final class GitMemory: Sendable {
    private typealias Listing = Task<Result<References, GitError>, Never>

    private struct State {
        /// By the repository's folder in the cache.
        var listings: [String: Listing] = [:]
        var outlines: [Place: Outline] = [:]
    }

    private struct Place: Hashable {
        var repository: String
        var commit: ObjectID
    }

    /// Where a commit holds the files of one name.
    struct Outline: Sendable {
        var name: String
        /// Sorted.
        var files: [RelativePath]
        /// The tree objects of their folders, nil for the root: who reads one of many folders need not read those above it.
        var folders: [RelativePath?: ObjectID]
    }

    private let state = Mutex(State())

    package init() {}

    /// What a server lists, asked for by the first who wants to know. That it can't be had is the answer for all, too.
    func references(
        of folder: RepositoryFolder, _ ask: @escaping @Sendable () async -> Result<References, GitError>
    ) async -> Result<References, GitError> {
        let listing = state.withLock { state -> Listing in
            if let known = state.listings[folder.path] { return known }
            let new = Listing { await ask() }
            state.listings[folder.path] = new
            return new
        }
        return await withTaskCancellationHandler {
            await listing.value
        } onCancel: {
            listing.cancel()
        }
    }

    func outline(of folder: RepositoryFolder, at commit: ObjectID) -> Outline? {
        state.withLock { $0.outlines[Place(repository: folder.path, commit: commit)] }
    }

    func store(_ outline: Outline, of folder: RepositoryFolder, at commit: ObjectID) {
        state.withLock { $0.outlines[Place(repository: folder.path, commit: commit)] = outline }
    }
}

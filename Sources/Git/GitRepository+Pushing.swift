package import Basics

/// A change to a repository: the new bytes of some of its files.
package struct RepositoryEdit: Sendable {
    package var files: [RelativePath: [UInt8]]
    /// The commit's message.
    package var message: String

    package init(files: [RelativePath: [UInt8]], message: String) {
        self.files = files
        self.message = message
    }
}

extension GitRepository {
    /// How often a change is made anew because others were faster.
    private static let attempts = 12

    /// Puts a commit on top of the server's default branch. `edit` is asked for the change to the commit that it is
    /// handed, and again for a later one when somebody else was faster; nil changes nothing. The branch is never forced.
    ///
    /// Returns the new commit; nil when there was nothing to change. Throws `unsupported` without `git`, `refused` when
    /// the server does not want the commit, and what `edit` throws.
    package func push(
        _ edit: @Sendable (ObjectID) async throws -> RepositoryEdit?
    ) async throws -> ObjectID? {
        guard let program = await cache.programs.program() else {
            throw GitError(.unsupported, "there is no git on the path", hint: "install git 2.31 or later")
        }
        if cache.isOffline { throw offline("the present state") }
        for attempt in 0..<Self.attempts {
            let references = try await references(.current)
            // The one that was seen last, or one that follows from it: nothing is built upon a rewritten history.
            guard let head = try await self.head(), let branch = references.headBranch.flatMap({ ReferenceName($0) })
            else {
                throw GitError(
                    .noSuchReference, "\(url) has no commit on its default branch",
                    hint: "commit something there first: `skvm registry init` makes the files")
            }
            guard let edit = try await edit(head) else { return nil }
            _ = try await commit(head)
            let folder = folder
            let commit = try await locked { () throws(GitError) in
                try await program.makeCommit(of: edit.files, message: edit.message, on: head, in: folder)
            }
            if case .done = try await program.push(commit, to: branch, of: folder) { return commit }
            // Not all at once again.
            try await Task.sleep(for: .milliseconds(Int.random(in: 20...200) * (attempt + 1)))
        }
        throw GitError(
            .network, "\(url) changed \(Self.attempts) times while this was published",
            hint: "run the same command again")
    }
}

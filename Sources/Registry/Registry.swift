package import Basics
import Formats
package import Git

/// A registry of packages, before it was looked at.
package struct Registry: Sendable {
    /// What the manifest calls it.
    package let name: String
    package let location: RegistryLocation
    let cache: GitCache

    package init(name: String, location: RegistryLocation, cache: GitCache) {
        self.name = name
        self.location = location
        self.cache = cache
    }

    /// The registry as it is now (or as it was when it was last asked, for `.stored` and offline).
    ///
    /// Throws when it can't be reached, holds no `registry.toml`, or one that this skvm can't read; `git.rewritten` when
    /// its history no longer holds what was seen of it before.
    package func open(_ freshness: GitRepository.Freshness = .current) async throws(DiagnosticsError)
        -> RegistrySnapshot
    {
        switch location {
        case .folder(let path):
            return try await RegistrySnapshot(registry: self, files: .folder(path), commit: nil)
        case .git(let url, let path):
            let repository = cache.repository(url)
            do throws(DiagnosticsError) {
                let head = try await diagnosing { () throws(GitError) in try await repository.head(freshness) }
                guard let head else {
                    throw DiagnosticsError(
                        Diagnostic(
                            "registry.empty", .error, "\(url) has no commit on its default branch",
                            hint: url.hintIfEmpty, fault: .outside))
                }
                let seen = SeenLines(repository, at: head, in: path)
                var snapshot = try await RegistrySnapshot(
                    registry: self, files: .git(repository, commit: head, path: path), commit: head,
                    kept: await seen.kept())
                snapshot.seen = seen
                return snapshot
            } catch {
                throw error.noting("while opening the registry `\(name)`")
            }
        }
    }

    /// The head that was seen last; nil for a folder, and for one that was never looked at.
    package func lastSeen() async throws(DiagnosticsError) -> ObjectID? {
        guard case .git(let url, _) = location else { return nil }
        let repository = cache.repository(url)
        return try await diagnosing { () throws(GitError) in try await repository.lastHead() }
    }

    /// The registry as it was seen last, as far as it was read then: nothing is fetched for it. Nil where it was never seen.
    package func openSeen() async throws(DiagnosticsError) -> RegistrySnapshot? {
        guard case .git = location else { return try await open() }
        guard let head = try await lastSeen() else { return nil }
        return try await Registry(name: name, location: location, cache: cache.withoutNetwork).open(at: head)
    }

    /// The head that its server has now; nothing is fetched and nothing remembered. Nil for a folder and an empty repository.
    package func presentHead() async throws(DiagnosticsError) -> ObjectID? {
        guard case .git(let url, _) = location else { return nil }
        let repository = cache.repository(url)
        return try await diagnosing { () throws(GitError) in try await repository.presentReferences().head }
    }

    /// The registry as it was at a commit, which a lock pins. A local folder has only its present state.
    package func open(at commit: ObjectID) async throws(DiagnosticsError) -> RegistrySnapshot {
        switch location {
        case .folder(let path):
            try await RegistrySnapshot(registry: self, files: .folder(path), commit: nil)
        case .git(let url, let path):
            try await RegistrySnapshot(
                registry: self, files: .git(cache.repository(url), commit: commit, path: path), commit: commit)
        }
    }
}

package import Basics

extension GitRepository {
    /// The object id of a folder's tree at a commit (of the whole of it for nil): what GitHub calls its SHA. Nil when there is
    /// no such folder.
    package func tree(of path: RelativePath?, at commit: ObjectID) async throws(GitError) -> ObjectID? {
        try await reading(commit) { database throws(GitError) in
            switch try database.entry(at: path, in: commit) {
            case .missing(let ids): return .missing(ids)
            case .done(let entry): return .done(entry.flatMap { $0.kind == .directory ? $0.id : nil })
            }
        }
    }
}

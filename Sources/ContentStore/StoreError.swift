package import Basics
import CSQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the store could not do.
package enum StoreError: Error, Sendable, Equatable {
    /// A file system call failed below the store's folder `root`.
    case file(FileError, root: String)
    /// The action cache's database can't be used: SQLite's code and words.
    case database(code: Int32, message: String, path: String)
    /// A blob that is needed is not in the store.
    case missing(Digest, root: String)
    /// What should be a tree is none.
    case tree(TreeError)

    /// Whether it is for want of space. SQLite says of a full disk, too, that it can't open or lock its file.
    package var isForWantOfSpace: Bool {
        switch self {
        case .file(let error, _): error.code == ENOSPC || error.code == EDQUOT
        case .database(let code, _, let path):
            code & 0xFF == SQLITE_FULL || FileSystem.isFull(at: FileSystem.parent(of: path) ?? ".")
        case .missing, .tree: false
        }
    }

    package var diagnostic: Diagnostic {
        switch self {
        case .file(let error, let root): diagnostic(error, root)
        case .database(_, let message, let path) where isForWantOfSpace:
            Self.space(
                "cannot use the action cache \(path): no space is left (\(message))", notes: [])
        case .database(let code, let message, let path):
            Diagnostic(
                "store.database", .error, "cannot use the action cache \(path): \(message) (SQLite \(code))",
                hint:
                    "make its folder writable, or point SKVM_CACHE_DIR at another; the file may be deleted, it is a cache",
                fault: .outside)
        case .missing(let digest, let root):
            Diagnostic(
                "store.missing", .error, "\(digest) is not in the store \(root)",
                hint: "run `skvm build` with the network on: what is missing is fetched or made again", fault: .offline)
        case .tree(let error): error.diagnostic
        }
    }

    private static func space(_ message: String, notes: [String]) -> Diagnostic {
        Diagnostic(
            "store.space", .error, message, notes: notes,
            hint: "run `skvm gc`, free some space, or point SKVM_CACHE_DIR at another disk", fault: .outside)
    }

    private func diagnostic(_ error: FileError, _ root: String) -> Diagnostic {
        let message = "cannot \(error.operation) in the store \(root): \(error.reason)"
        let notes = error.path == root ? [] : ["the path is \(error.path)"]
        return switch error.code {
        case ENOSPC, EDQUOT:
            Self.space(message, notes: notes)
        case EACCES, EPERM, EROFS:
            Diagnostic(
                "store.permission", .error, message, notes: notes,
                hint: "make \(root) writable, or point SKVM_CACHE_DIR at a folder that is", fault: .outside)
        default:
            Diagnostic(
                "store.system", .error, message, notes: notes, hint: error.diagnostic.hint, fault: .outside)
        }
    }
}

import Archive
package import Basics
import ContentStore
import Git
import HTTP

/// Turns the error of a leaf into what a user is told.
func diagnosing<R>(_ body: () async throws(GitError) -> R) async throws(DiagnosticsError) -> R {
    do throws(GitError) { return try await body() } catch { throw DiagnosticsError([error.diagnostic]) }
}

extension DiagnosticsError {
    init(_ diagnostic: Diagnostic) { self.init([diagnostic]) }

    /// One of `FileError`, `TreeError`, `StoreError`, `GitError` or diagnostics, as diagnostics.
    init(wrapping error: any Error) {
        switch error {
        case let error as DiagnosticsError: self = error
        case let error as GitError: self.init(error.diagnostic)
        case let error as HTTPError: self.init(error.diagnostic)
        case let error as ArchiveError: self.init(error.diagnostic)
        case let error as Diagnostic: self.init(error)
        case let error as FileError: self.init(error.diagnostic)
        case let error as TreeError: self.init(error.diagnostic)
        case let error as StoreError: self.init(error.diagnostic)
        default: self.init(Diagnostic("registry.internal", .error, "\(error)", fault: .internal))
        }
    }

    /// The same of a file that somebody else keeps and this machine only fetched: not the fault of whoever builds, and to be told
    /// to whoever keeps it. A fault of integrity stays one.
    func inForeignFile(hint: String) -> DiagnosticsError {
        DiagnosticsError(
            diagnostics.map { diagnostic in
                var copy = diagnostic
                if copy.fault == .build { copy.fault = .outside }
                copy.hint = copy.hint ?? hint
                return copy
            })
    }

    /// The same, each diagnostic with a note.
    package func noting(_ note: String) -> DiagnosticsError {
        DiagnosticsError(
            diagnostics.map { diagnostic in
                var copy = diagnostic
                copy.notes.append(note)
                return copy
            })
    }
}

package import Basics

/// Collects what is wrong with one file while it is read, so that its user sees all of it at once.
///
/// A class because a reader hands it down to the readers of the parts; it never leaves the reading of one file.
package final class Findings {
    /// More would help nobody, and a hostile file could make millions.
    package static let greatestCount = 50

    package private(set) var diagnostics: [Diagnostic] = []

    package init() {}

    /// When it is, nobody needs to make another diagnostic: its place costs a walk over the file.
    package var isFull: Bool { diagnostics.count >= Self.greatestCount }

    package func add(_ diagnostic: @autoclosure () -> Diagnostic) {
        if !isFull { diagnostics.append(diagnostic()) }
    }

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// Throws everything found when there is an error among it.
    package func throwErrors() throws(DiagnosticsError) {
        if hasErrors { throw DiagnosticsError(diagnostics) }
    }
}

package import Basics

/// An answer that a command prints: as JSON, or as `text` for people.
package protocol Report: Sendable, Encodable {
    /// For people; no final newline; empty when there is nothing to say.
    var text: String { get }
}

/// An answer that may come with errors; the gravest decides the exit code.
package protocol DiagnosedReport: Report {
    var diagnostics: [Diagnostic] { get set }
    /// For people who asked for more than `text` (`-v`): what stands before it. Mostly empty.
    var details: String { get }
}

extension DiagnosedReport {
    package var details: String { "" }

    /// The gravest fault among the errors; nil when there is none.
    package var fault: Fault? { diagnostics.filter { $0.severity == .error }.map(\.fault).max() }
}

/// A report that is one sentence, and the files it is about.
package struct Done: Report, Codable, Equatable {
    package var version = 1
    package var command: String
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    package var text: String
    /// Files and folders that were written or removed, relative to the project where they are in it.
    package var paths: [String]

    package init(command: String, text: String, paths: [String] = []) {
        self.command = command
        self.text = text
        self.paths = paths
    }
}

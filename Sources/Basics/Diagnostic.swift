/// Whose fault ended a command, and with which exit code.
package enum Fault: Int32, Sendable, Codable, Comparable {
    /// The build or the skill is at fault.
    case build = 1
    /// The command line is wrong.
    case usage = 2
    /// The lock is stale and `--locked` forbids to renew it.
    case staleLock = 3
    /// What is needed is not in the cache and `--offline` forbids to fetch it.
    case offline = 4
    /// Bytes, signatures or histories are not what was pinned.
    case integrity = 5
    /// Network, registry, provider, disk: the world outside.
    case outside = 6
    /// A fault of skvm itself.
    case `internal` = 70

    /// By gravity: a fault of integrity outranks all but internal ones. Otherwise in the order of the codes.
    package static func < (a: Fault, b: Fault) -> Bool { a.rank < b.rank }

    private var rank: Int32 {
        switch self {
        case .integrity: Fault.outside.rawValue
        case .outside: Fault.integrity.rawValue
        default: rawValue
        }
    }
}

/// What a user is told: what is wrong, where, and what to do about it.
///
/// The text is lower case, blames nobody and names the thing. `id` is stable: tools and tests rely on it, and
/// `docs/formats/json.md` lists it. No text of it holds the user, the password or a query's value of a web address,
/// whoever wrote it.
package struct Diagnostic: Error, Sendable, Equatable {
    package enum Severity: String, Sendable, Codable {
        case error, warning, note
    }

    /// A change that would mend the fault: the span of `location.file` to replace, and with what.
    package struct Fix: Sendable, Equatable {
        package var span: SourceSpan
        package var replacement: String

        package init(span: SourceSpan, replacement: String) {
            self.span = span
            self.replacement = replacement
        }
    }

    package var id: String
    package var severity: Severity
    package var message: String { didSet { message = SecretText.withoutSecrets(in: message) } }
    package var location: SourceLocation?
    package var notes: [String] { didSet { notes = notes.map(SecretText.withoutSecrets) } }
    package var hint: String? { didSet { hint = hint.map(SecretText.withoutSecrets) } }
    package var fix: Fix?
    /// Which exit code an error of this kind asks for. Not shown.
    package var fault: Fault

    package init(
        _ id: String, _ severity: Severity = .error, _ message: String, at location: SourceLocation? = nil,
        notes: [String] = [], hint: String? = nil, fix: Fix? = nil, fault: Fault = .build
    ) {
        self.id = id
        self.severity = severity
        self.message = SecretText.withoutSecrets(in: message)
        self.location = location
        self.notes = notes.map(SecretText.withoutSecrets)
        self.hint = hint.map(SecretText.withoutSecrets)
        self.fix = fix
        self.fault = fault
    }

    /// The same diagnostic, placed in `file` when it has a line but was made where the file's name is not known.
    package func inFile(_ file: String) -> Diagnostic {
        var copy = self
        copy.location = SourceLocation(
            file: file, line: location?.line, column: location?.column)
        return copy
    }
}

/// Several diagnostics, at least one of them an error, as one thrown error.
package struct DiagnosticsError: Error, Sendable, Equatable {
    package var diagnostics: [Diagnostic]

    package init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }

    /// The gravest fault among the errors: decides the exit code. Integrity outranks all but internal faults.
    package var fault: Fault {
        diagnostics.filter { $0.severity == .error }.map(\.fault).max() ?? .internal
    }
}

extension Diagnostic: CustomStringConvertible {
    /// The terminal form: `file:line:column: severity: message [id]`, then notes and the hint, without a final newline.
    package var description: String {
        // A message that begins with the file's name has said where.
        let isNamed = location.map { $0.line == nil && message.hasPrefix("\($0.file) ") } ?? false
        var text = isNamed ? "" : location.map { "\($0): " } ?? ""
        text += "\(severity.rawValue): \(message) [\(id)]"
        for note in notes { text += "\nnote: \(note)" }
        if let hint { text += "\nhint: \(hint)" }
        return text
    }
}

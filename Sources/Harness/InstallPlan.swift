package import Basics

/// What an installation would do, or does: a value that can be shown, stored and executed.
package struct InstallPlan: Sendable, Codable, Equatable {
    package enum Action: String, Sendable, Codable {
        case create, replace, remove
        /// Ours, and as it should be.
        case keep
        /// Not in our record, but byte for byte what would be installed: recorded from now on.
        case adopt
        /// In our record, and gone or no longer a folder: forgotten.
        case forget
    }

    package struct FileChange: Sendable, Codable, Equatable {
        package enum Kind: String, Sendable, Codable {
            case add, modify, remove
            /// The user's edits and the new version in one.
            case merge
            /// The user's version stays, the new one is put beside it (if there is one).
            case clash
        }
        package var path: RelativePath
        package var kind: Kind
    }

    /// A file or link that is written, with where its bytes come from.
    package struct Output: Sendable, Codable, Equatable {
        package var entry: InstalledEntry
        /// Of a file: the bytes before relocation.
        package var source: Digest?
        package var offsets: [Int]
    }

    package struct Skill: Sendable, Codable, Equatable {
        package var action: Action
        package var place: String
        /// The record's new state; nil when the skill goes.
        package var installed: InstalledSkill?
        /// What of ours is there now.
        package var before: [InstalledEntry]
        /// What isn't ours in the folder or was edited, and stays in it.
        package var extras: [RelativePath]
        /// To write, for `create` and `replace`.
        package var outputs: [Output]
        /// Sorted by path.
        package var changes: [FileChange]
        /// Where a link leads that the new folder takes the place of; what it leads to stays.
        package var link: String?
    }

    /// Sorted by place.
    package var skills: [Skill]
    /// Refusals, and warnings. With an error among them nothing is executed.
    package var diagnostics: [Diagnostic]
    /// Errors that stop nothing: edited files that the user has to bring together with their new versions.
    package var clashes: [Diagnostic] = []
    /// Whether the record differs only in what `lstat` said: no reason to call this a change.
    var refreshesStamps = false

    /// Whether executing it would change nothing that a user sees.
    package var isNoOp: Bool { skills.allSatisfy { $0.action == .keep } }
    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

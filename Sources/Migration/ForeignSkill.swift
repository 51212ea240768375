package import Basics
package import SkillModel

/// A skill that another tool's file names.
package struct ForeignSkill: Sendable, Equatable {
    /// Which commit the file wants.
    package enum Wish: Sendable, Equatable {
        case newest
        case commit(CommitID)
        case range(VersionRange)
        /// A branch, a tag or a commit: the file does not say which.
        case reference(String)
    }

    package enum Source: Sendable, Equatable {
        /// A folder of a repository: a skill, or a package with several. `only` are the names of those wanted; empty for all.
        case git(RepositoryURL, path: RelativePath?, Wish, only: [String])
        /// A plugin of a marketplace, with all its skills.
        case plugin(String, MarketplaceAddress, commit: CommitID?)
        /// A folder on this machine, as the file writes it: absolute, or relative to the file.
        case folder(String)
        /// A package of a ClawHub, of the version that was installed; nil where the file doesn't say it. Without the hub's
        /// address, `otherwise` says in words what it is.
        case hub(WebURL?, owner: HubOwner?, PackageName, Version?, otherwise: String)
        /// A skill of the well-known index of a host; `otherwise` says in words what it is.
        case index(WebURL, PackageName, otherwise: String)
        /// What skvm fetches nothing from. A copy that is installed may do instead.
        case unsupported(String)
    }

    package enum MarketplaceAddress: Sendable, Equatable {
        case repository(RepositoryURL, reference: String?)
        /// Absolute, or relative to the file.
        case folder(String)
    }

    /// What the file says of the skill's bytes, by which they can be recognised.
    package enum Evidence: Sendable, Equatable {
        /// SHA-256 of all files, path after content without lengths, as the `skills` CLI computes it.
        case contents(String)
        /// git's tree object of the skill's folder.
        case gitTree(String)
        /// A digest that skvm can't compute, in words.
        case other(String)
    }

    /// As the file has it; any text.
    package var name: String
    package var source: Source
    package var evidence: Evidence?
    package var location: SourceLocation

    package init(_ name: String, _ source: Source, evidence: Evidence? = nil, at location: SourceLocation) {
        self.name = name
        self.source = source
        self.evidence = evidence
        self.location = location
    }
}

/// What a file, or two that belong together, say.
package struct ForeignSkills: Sendable, Equatable {
    /// In the order of the file.
    package var skills: [ForeignSkill] = []
    /// What was wrong with entries that were passed over.
    package var diagnostics: [Diagnostic] = []

    package init() {}

    /// Larger files are refused, in bytes.
    package static let greatestSize = 8 << 20
    /// Of one file; the rest is passed over.
    package static let greatestCount = 10_000

    /// Whether there were more.
    private var isCut = false

    mutating func add(_ skill: ForeignSkill) {
        if skills.count < Self.greatestCount {
            skills.append(skill)
        } else if !isCut {
            isCut = true
            diagnostics.append(
                Diagnostic(
                    "import.entry", .error, "it names more than \(Self.greatestCount) skills: the rest is passed over",
                    at: skill.location))
        }
    }

    /// An entry that can't be read.
    mutating func reject(_ message: String, _ location: SourceLocation, hint: String? = nil) {
        guard diagnostics.count < 100 else { return }
        diagnostics.append(Diagnostic("import.entry", .error, message, at: location, hint: hint))
    }
}

/// Something outside the model and the skill's folder that must exist for the skill's main use. Output of `depend`.
package struct Dependency: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case pip, npm, cargo, go, gem, brew, apt, binary, service, env, mcp
    }

    package enum Scope: String, Sendable, Hashable, Codable {
        /// A library of the project or folder that the skill works in, whose own manifest brings it there: a program of the
        /// machine it is not, and installed for the whole machine it would not be found.
        case project
    }

    package var kind: Kind
    /// Installable or executable name in lower case; an environment variable's exact name.
    package var name: String
    package var required: Bool
    /// A version constraint as the skill states it (`>=2.1`), when it states one.
    package var version: String?
    /// True of a service that is a server of the machine and must run; absent of everything else.
    package var mustRun: Bool?
    /// Of such a server: the port that the text says it must listen on; absent where it says none.
    package var port: Int?
    /// True of a package that the skill has installed from another place than its manager's own registry (an index, a
    /// repository, a file): there the bare name may be somebody else's. Absent of all others.
    package var isElsewhere: Bool?
    /// Where it belongs, when that is not the machine.
    package var scope: Scope?
    /// True of a package that nothing but an import names, and no table knows: the module's package may be called
    /// otherwise, and one of that name be somebody else's. Absent of all others.
    package var isGuessed: Bool?
    /// The systems that it is needed on, where the text has something else for others: `macos`, `windows`, `linux`, or one
    /// of its families (`debian`, `rhel`, `suse`, `arch`, `alpine`); sorted. Absent where it is needed on each.
    package var systems: [String]?
    /// Never empty; sorted.
    package var evidence: [Evidence]

    package init(
        _ kind: Kind, _ name: String, required: Bool = true, version: String? = nil, mustRun: Bool? = nil,
        port: Int? = nil, isElsewhere: Bool? = nil, scope: Scope? = nil, isGuessed: Bool? = nil,
        systems: [String]? = nil, evidence: [Evidence]
    ) {
        self.kind = kind
        self.name = name
        self.required = required
        self.version = version
        self.mustRun = mustRun
        self.port = port
        self.isElsewhere = isElsewhere
        self.scope = scope
        self.isGuessed = isGuessed
        self.systems = systems
        self.evidence = evidence
    }
}

/// Sorted by kind, then name.
package struct DependencyManifest: Sendable, Hashable, Codable {
    package var dependencies: [Dependency]
    package init(_ dependencies: [Dependency]) {
        self.dependencies = dependencies
    }
}

/// Something outside the model and the skill's folder that must exist for the skill's main use. Output of `depend`.
package struct Dependency: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case pip, npm, cargo, go, gem, brew, apt, binary, service, env, mcp
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
    /// Never empty; sorted.
    package var evidence: [Evidence]

    package init(
        _ kind: Kind, _ name: String, required: Bool = true, version: String? = nil, mustRun: Bool? = nil,
        port: Int? = nil, isElsewhere: Bool? = nil, evidence: [Evidence]
    ) {
        self.kind = kind
        self.name = name
        self.required = required
        self.version = version
        self.mustRun = mustRun
        self.port = port
        self.isElsewhere = isElsewhere
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

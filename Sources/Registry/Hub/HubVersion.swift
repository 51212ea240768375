package import SkillModel

/// One version of a package on a ClawHub, as its list of versions has it: nothing is known of its files yet.
package struct HubVersion: Sendable, Hashable, CustomStringConvertible {
    package var source: HubSource
    package var name: PackageName
    package var version: Version
    /// When the hub took it in, in seconds since the epoch; nil when it does not say.
    package var publishedAt: Int64?

    package init(source: HubSource, name: PackageName, version: Version, publishedAt: Int64? = nil) {
        self.source = source
        self.name = name
        self.version = version
        self.publishedAt = publishedAt
    }

    package var description: String { "@\(source.owner)/\(name) \(version) of \(source.url)" }
}

/// What a hub says of a skill.
package struct HubSkill: Sendable, Hashable {
    package var owner: HubOwner
    package var name: PackageName
    package var summary: String?
    /// Why the hub warns of it, in its words; nil when it doesn't.
    package var suspicion: String?
    /// Whether the hub took it for malware.
    package var isBlocked: Bool
    /// Whether the hub itself has versions of it; false for one that it only lists, and that lies in a repository.
    package var isHosted: Bool
}

/// What a search on a hub found.
package struct HubHit: Sendable, Hashable {
    package var owner: HubOwner
    package var name: PackageName
    package var version: String
    package var summary: String
}

package import Basics
package import Git
import HTTP
package import SkillModel

/// One version of a package, as a source offers it: all that is known without its files.
package struct PackageRelease: Sendable, Hashable {
    package var name: PackageName
    package var version: Version
    package var origin: PackageOrigin
    /// A registry that is not named is the one that the release comes from. A path is relative to the release's folder.
    package var dependencies: [ManifestDependency]
    /// What the agents that use it must be able to do, sorted by primitive.
    package var requires: [Demand]
    /// Withdrawn: still there for locks that have it, and for a requirement that names it exactly.
    package var isYanked: Bool
    package var summary: String?
    package var keywords: [String]
    /// The digest of its tree that the source promises; nil when it promises none.
    package var tree: Digest?
    /// The commit that the source's own record of the version names; nil when it names none, and `origin` has the commit at
    /// which the source was read.
    package var listedCommit: ObjectID?
    /// The annotated tag that stands for it; nil when only the commit can be signed.
    package var tag: ReleaseTag?
    /// Who signed it, as the source promises; nil when it promises nothing.
    package var signer: Signer?

    /// Also made from a lock, which knows origin and tree and needs no more to fetch it again.
    package init(
        name: PackageName, version: Version, origin: PackageOrigin, dependencies: [ManifestDependency] = [],
        requires: [Demand] = [], isYanked: Bool = false, summary: String? = nil, keywords: [String] = [],
        tree: Digest? = nil, listedCommit: ObjectID? = nil, tag: ReleaseTag? = nil, signer: Signer? = nil
    ) {
        self.name = name
        self.version = version
        self.origin = origin
        self.dependencies = dependencies
        self.requires = requires
        self.isYanked = isYanked
        self.summary = summary
        self.keywords = keywords
        self.tree = tree
        self.listedCommit = listedCommit
        self.tag = tag
        self.signer = signer
    }
}

/// A tag object, and the names that it may have given itself.
package struct ReleaseTag: Sendable, Hashable {
    package var object: ObjectID
    package var names: [String]

    package init(object: ObjectID, names: [String]) {
        self.object = object
        self.names = names
    }
}

/// Where the files of a release are.
package enum PackageOrigin: Sendable, Hashable, CustomStringConvertible {
    /// One folder of a commit; nil is the whole repository.
    case git(GitURL, commit: ObjectID, path: RelativePath?)
    /// A local folder, by its absolute path.
    case folder(String)
    /// What a web server hands out now.
    case web(WebSource)
    /// A version on a ClawHub.
    case hub(HubVersion)

    package var commit: ObjectID? { if case .git(_, let commit, _) = self { commit } else { nil } }

    /// Whether it is of a kind that the lines of an index name.
    package var isListed: Bool {
        switch self {
        case .git, .folder: true
        case .web, .hub: false
        }
    }

    package var description: String {
        switch self {
        case .git(let url, let commit, nil): "\(url.text) at \(commit.short)"
        case .git(let url, let commit, let path?): "\(url.text)#\(path.text.shown()) at \(commit.short)"
        case .folder(let path): path
        case .web(let source): source.description
        case .hub(let version): version.description
        }
    }
}

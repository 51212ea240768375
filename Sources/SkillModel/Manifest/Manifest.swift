package import Basics

/// What `skvm.toml` says (`docs/formats/manifest.md`).
package struct Manifest: Sendable, Hashable {
    /// The name of the registry that is built into skvm; `[registries]` can't give it to another.
    package static let embeddedRegistry = "embedded"

    /// `[package]`: this folder is a skill that is published.
    package struct Package: Sendable, Hashable {
        package var name: PackageName
        package var version: Version
        package var description: String?
        /// What the agents that use it must be able to do, beyond what its text says; one a primitive, sorted.
        package var requires: [Demand] = []
        /// False for a skill that no registry is to list.
        package var isPublic = true
    }

    /// One line of `[patch.SOURCE]`: where a package comes from instead, for all who need it.
    package struct Patch: Sendable, Hashable {
        /// Whose package is replaced.
        package enum Original: Sendable, Hashable, CustomStringConvertible {
            /// By its name in the project.
            case registry(String)
            /// A repository, or a registry by its address.
            case address(RepositoryURL)

            package var description: String {
                switch self {
                case .registry(let name): name
                case .address(let url): "\(url)"
                }
            }
        }

        package var original: Original
        /// A folder or a repository; its `ownName` is the package's.
        package var replacement: ManifestDependency

        package init(_ original: Original, _ replacement: ManifestDependency) {
            self.original = original
            self.replacement = replacement
        }
    }

    /// One target of `[targets]`.
    package struct Target: Sendable, Hashable {
        package var name: TargetName
        package var model: ModelName
        package var harness: TargetName
        package var environment: EnvironmentReference
        /// A profile's file instead of the registry's.
        package var profile: String?
        /// What `listing` may be.
        package static let listings: ClosedRange<Int64> = 1...100_000_000
        /// Characters that the harness may list of all skills, instead of its description's; nil to go by that.
        package var listing: Int?
        /// Tokens of the model's context window as it is run here, instead of what a registry knows; nil to go by that.
        package var context: Int?
        package var location: SourceLocation

        package init(
            name: TargetName, model: ModelName, harness: TargetName, environment: EnvironmentReference,
            profile: String? = nil, listing: Int? = nil, context: Int? = nil,
            location: SourceLocation = SourceLocation(file: Manifest.fileName)
        ) {
            self.name = name
            self.model = model
            self.harness = harness
            self.environment = environment
            self.profile = profile
            self.listing = listing
            self.context = context
            self.location = location
        }
    }

    package static let fileName = "skvm.toml"

    package var package: Package?
    /// In the order of the file; names are unique.
    package var dependencies: [ManifestDependency]
    /// Addresses by name; `default` is the one of a dependency that names none.
    package var registries: [String: RepositoryURL]
    /// Of `[registries]`, those that are a ClawHub (`clawhub+https://…`): addresses by name.
    package var hubs: [String: WebURL]
    /// In the order of the file; names are unique.
    package var targets: [Target]
    /// Of `[passes]`, in the order in which they run: each after those it names, by name where that leaves a choice.
    package var passes: [CustomPass]
    /// Folders of the workspace's skills, relative to the manifest, `*` for any one name. Nil without `[workspace]`.
    package var members: [String]?
    /// Of `[workspace]`: what is no part of the workspace although it lies below it, in the same spelling.
    package var exclude: [String] = []
    /// The folder of `[vendor]`, relative to the manifest: what the lock pins, committed with the project.
    package var vendor: RelativePath?
    /// Of `[patch]`, in the order of the file. Only the project's own manifest has a say in it.
    package var patches: [Patch]
    /// How old a release must be before it is chosen; nil when any will do.
    package var cooldown: Cooldown?
    /// Of `[trust]`; nil when packages need not be signed.
    package var trust: TrustPolicy?
    /// Of `[limits]`: how many files, links and folders one package may have; nil for what skvm allows.
    package var greatestPackage: Int?

    package init(
        package: Package? = nil, dependencies: [ManifestDependency] = [], registries: [String: RepositoryURL] = [:],
        hubs: [String: WebURL] = [:], targets: [Target] = [], passes: [CustomPass] = [], members: [String]? = nil,
        vendor: RelativePath? = nil,
        patches: [Patch] = [], cooldown: Cooldown? = nil, trust: TrustPolicy? = nil, greatestPackage: Int? = nil
    ) {
        self.package = package
        self.dependencies = dependencies
        self.registries = registries
        self.hubs = hubs
        self.targets = targets
        self.passes = passes
        self.members = members
        self.vendor = vendor
        self.patches = patches
        self.cooldown = cooldown
        self.trust = trust
        self.greatestPackage = greatestPackage
    }
}

/// Which machine class a target is bound to.
package enum EnvironmentReference: Sendable, Hashable, CustomStringConvertible {
    /// The machine that builds.
    case host
    /// A description in a registry.
    case named(String)
    /// A description's file, relative to the manifest.
    case file(String)

    /// Nil when `text` is neither a name nor a path.
    package init?(_ text: String) {
        if text == "host" {
            self = .host
        } else if text.contains("/") || text.hasSuffix(".toml") {
            guard text.isPrintable else { return nil }
            self = .file(text)
        } else {
            let isName = text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
            guard isName, (1...64).contains(text.utf8.count), !text.hasPrefix("."), !text.hasPrefix("-") else {
                return nil
            }
            self = .named(text)
        }
    }

    package var description: String {
        switch self {
        case .host: "host"
        case .named(let text), .file(let text): text
        }
    }
}

/// One line of `[dependencies]`.
package struct ManifestDependency: Sendable, Hashable {
    package enum Source: Sendable, Hashable {
        /// By version, from a registry; nil is the default one. Of a manifest of elsewhere it is the registry's address
        /// instead of a name (`Manifest.addressedDependencies`).
        case registry(VersionRange, registry: String?)
        case git(GitSource)
        /// From a web server; the range, which only an index may have, is what the skill's own version must be in.
        case web(WebSource, range: VersionRange?)
        /// By version, of an owner's package on a ClawHub; `registry` is what the manifest calls the hub.
        case hub(HubSource, range: VersionRange, registry: String)
        /// A folder, relative to the manifest or absolute. The range is what the folder's version must be in, and what the
        /// package is published with.
        case path(String, range: VersionRange? = nil)
    }

    /// The key in the manifest: the name that the package is installed under.
    package var name: PackageName
    /// What its author calls it, where `package = "…"` says so.
    package var package: PackageName?
    package var source: Source
    package var location: SourceLocation

    package init(
        _ name: PackageName, package: PackageName? = nil, _ source: Source,
        location: SourceLocation = SourceLocation(file: Manifest.fileName)
    ) {
        self.name = name
        self.package = package
        self.source = source
        self.location = location
    }

    /// The name that its source has it under.
    package var ownName: PackageName { package ?? name }
}

/// A skill in any git repository.
package struct GitSource: Sendable, Hashable {
    /// Which commit is wanted.
    package enum Reference: Sendable, Hashable {
        /// The newest tag in the range (`v1.2.0`, or `<name>/v1.2.0`).
        case range(VersionRange)
        /// A commit, 7 to 40 lower-case hexadecimal digits.
        case revision(String)
        case tag(String)
        case branch(String)
        /// The newest tag that is a version, else the default branch's head.
        case newest
    }

    package var url: RepositoryURL
    /// The skill's folder in the repository; nil for its root.
    package var path: RelativePath?
    package var reference: Reference

    package init(url: RepositoryURL, path: RelativePath? = nil, reference: Reference = .newest) {
        self.url = url
        self.path = path
        self.reference = reference
    }

    /// Says why `text` is no safe name of a tag or branch (git's own rules, and no leading `-`); nil when it is one.
    package static func faultOfReference(_ text: String) -> String? {
        let isGood =
            !text.isEmpty && text.utf8.count <= 255 && text.isPrintable && !text.hasPrefix("-") && !text.hasPrefix("/")
            && !text.hasSuffix("/") && !text.hasSuffix(".") && !text.contains("..") && !text.contains("//")
            && !text.contains("@{") && text != "@" && !text.utf8.contains(where: { " ~^:?*[\\".utf8.contains($0) })
            && text.split(separator: "/").allSatisfy { !$0.hasPrefix(".") && !$0.hasSuffix(".lock") }
        return isGood ? nil : "not a name that git allows for a tag or branch"
    }

    /// Says why `text` is no commit, in full or by its first digits; nil when it is one. Its letters may be upper case.
    package static func faultOfRevision(_ text: String) -> String? {
        let isHex = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || (0x41...0x46).contains($0)
        }
        return isHex && (7...40).contains(text.utf8.count) ? nil : "a revision is 7 to 40 hexadecimal digits"
    }
}

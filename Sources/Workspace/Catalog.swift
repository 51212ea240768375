import Basics
import Git
import Registry
import Resolution
import SkillModel

/// Where packages come from, as the solver asks for them: registries, git repositories, folders. Each name has one source.
actor Catalog: PackageProvider {
    /// Where a name's versions come from.
    enum Binding: Hashable, Sendable {
        case registry(String)
        case git(GitSource)
        /// A folder, by its absolute path.
        case folder(String)
    }

    /// A version with what the source says of it.
    struct Offer: Sendable {
        var version: Version
        var isYanked: Bool
        var dependencies: [ManifestDependency]?
        var release: PackageRelease?
        var candidate: GitPackage.Candidate?
    }

    private let shelf: RegistryShelf
    private let cache: GitCache
    private let root: String
    private let folders: [String: FolderSkill]
    private let wishes: Wishes
    /// Versions that the cooldown passes over.
    private var young: [PackageName: Set<Version>] = [:]
    private var bindings: [PackageName: (binding: Binding, by: String)] = [:]
    private var offers: [PackageName: [Version: Offer]] = [:]

    /// What the lock and the user want of the choice.
    struct Wishes: Sendable {
        /// What the lock has, as it is.
        var locked: [PackageName: LockedPackage] = [:]
        /// Packages of the lock that are to move, where they can.
        var moving: Set<PackageName> = []
        /// The only version that may be chosen of a package.
        var precise: [PackageName: Version] = [:]
        /// Nil without a cooldown.
        var ages: ReleaseAges?
    }

    /// - Parameters:
    ///   - folders: the scanned folders by absolute path: members and path dependencies.
    init(
        _ shelf: RegistryShelf, _ cache: GitCache, root: String, folders: [String: FolderSkill],
        wishes: Wishes = Wishes()
    ) {
        self.wishes = wishes
        self.shelf = shelf
        self.cache = cache
        self.root = root
        self.folders = folders
    }

    /// Binds a dependency's name to its source and returns what it requires. Throws when another source has the name.
    func bind(
        _ dependency: ManifestDependency, declaredIn folder: String, by dependent: String, registry: String?
    ) throws -> PackageDependency {
        let binding: Binding
        let requirement: Resolution.Requirement
        switch dependency.source {
        case .registry(let range, let name):
            binding = .registry(try shelf.entry(name ?? registry).name)
            requirement = .range(range)
        case .git(let source):
            binding = .git(source)
            if case .range(let range) = source.reference { requirement = .range(range) } else { requirement = .any }
        case .path(let path):
            binding = .folder(FileSystem.absolute(path, from: folder))
            requirement = .any
        }
        if let known = bindings[dependency.name], known.binding != binding {
            throw DiagnosticsError([
                Diagnostic(
                    "resolve.two-sources", .error,
                    "'\(dependency.name)' comes from two sources: \(text(known.binding)), as \(known.by) has it, and "
                        + "\(text(binding)), as \(dependent) has it",
                    at: dependency.location, hint: "let both name the same registry, repository or folder")
            ])
        }
        bindings[dependency.name] = (binding, dependent)
        return PackageDependency(dependency.name, requirement)
    }

    func versions(of package: PackageName) async throws -> [AvailableVersion] {
        let offers = try await load(package)
        if let wanted = wishes.precise[package] {
            guard offers[wanted] != nil else {
                throw DiagnosticsError([Self.noVersion(wanted, of: package, Array(offers.keys))])
            }
            return [AvailableVersion(wanted)]
        }
        let young = try await tooYoung(package, offers)
        return offers.values.map { offer in
            AvailableVersion(
                offer.version,
                withheld: offer.isYanked ? .yanked : young.contains(offer.version) ? .tooYoung : nil)
        }
    }

    /// The versions of a package that may be chosen, newest first, with those that the cooldown passes over.
    func choice(of package: PackageName) async throws -> (offered: [Version], young: Set<Version>) {
        let offers = try await load(package)
        let young = try await tooYoung(package, offers)
        return (offers.values.filter { !$0.isYanked }.map(\.version).sorted(by: >), young)
    }

    /// Of releases that the cooldown passed over, the newest after `version`; nil when there is none.
    func passedOver(of package: PackageName, after version: Version) -> Version? {
        young[package]?.filter { $0 > version && !$0.isPrerelease }.max()
    }

    private func tooYoung(_ package: PackageName, _ offers: [Version: Offer]) async throws -> Set<Version> {
        guard let ages = wishes.ages else { return [] }
        if let known = young[package] { return known }
        var releases: [(version: Version, origin: PackageOrigin)] = []
        for offer in offers.values where !offer.isYanked {
            // What the lock has was chosen once.
            if wishes.locked[package]?.version == offer.version { continue }
            if let release = offer.release {
                releases.append((offer.version, release.origin))
            } else if let candidate = offer.candidate, candidate.tag != nil,
                case .git(let source)? = bindings[package]?.binding, source.followsVersions
            {
                let url = try GitURL(Self.absolute(source.url, root))
                releases.append((offer.version, .git(url, commit: candidate.commit, path: nil)))
            }
        }
        let found = try await ages.tooYoung(releases)
        young[package] = found
        return found
    }

    private static func noVersion(_ wanted: Version, of package: PackageName, _ versions: [Version]) -> Diagnostic {
        let newest = versions.sorted(by: >).prefix(10).map(\.description).joined(separator: ", ")
        return Diagnostic(
            "resolve.no-version", .error, "there is no version \(wanted) of '\(package)'",
            notes: versions.isEmpty ? [] : ["there is \(newest)\(versions.count > 10 ? ", …" : "")"],
            hint: "look at them: skvm info \(package)")
    }

    func dependencies(of package: PackageName, at version: Version) async throws -> [PackageDependency] {
        guard let bound = bindings[package] else { return [] }
        let offer = try await offer(package, version)
        var registry: String?
        var folder = root
        switch bound.binding {
        case .registry(let name): registry = name
        case .folder(let path): folder = path
        case .git: break
        }
        return try (offer.dependencies ?? []).map {
            try bind($0, declaredIn: folder, by: "\(package) \(version)", registry: registry)
        }
    }

    /// What a version requires, as its author wrote it.
    func declared(of package: PackageName, at version: Version) async throws -> [ManifestDependency] {
        try await offer(package, version).dependencies ?? []
    }

    /// The release of a version, with its files' place. Nil for folders.
    func release(of package: PackageName, at version: Version) async throws -> PackageRelease? {
        try await offer(package, version).release
    }

    func binding(of package: PackageName) -> Binding? { bindings[package]?.binding }

    // MARK: What sources say

    private func offer(_ package: PackageName, _ version: Version) async throws -> Offer {
        guard var offer = try await load(package)[version] else {
            throw DiagnosticsError([Self.noVersion(version, of: package, Array(try await load(package).keys))])
        }
        if let candidate = offer.candidate, offer.release == nil, case .git(let source)? = bindings[package]?.binding {
            let release = try await git(source, package).release(candidate)
            offer.release = release
            offer.dependencies = release.dependencies
            offers[package]?[version] = offer
        }
        return offer
    }

    private func load(_ package: PackageName) async throws -> [Version: Offer] {
        if let known = offers[package] { return known }
        guard let bound = bindings[package] else { return [:] }
        let list: [Offer]
        switch bound.binding {
        case .registry(let name):
            let entry = try shelf.entry(name)
            guard let releases = try await shelf.snapshot(entry).releases(of: package) else {
                throw DiagnosticsError([try await shelf.unknownPackage(package, in: entry)])
            }
            list = releases.map {
                Offer(version: $0.version, isYanked: $0.isYanked, dependencies: $0.dependencies, release: $0)
            }
        case .git(let source):
            list = try await candidates(source, package).map {
                Offer(version: $0.version, isYanked: false, candidate: $0)
            }
        case .folder(let path):
            guard let skill = folders[path] else {
                throw DiagnosticsError([
                    Diagnostic(
                        "package.no-folder", .error, "'\(package)' is the folder \(path), which is not a skill",
                        hint: "a dependency of a fetched package can't be a folder of this machine")
                ])
            }
            list = [Offer(version: skill.version, isYanked: false, dependencies: skill.manifest?.dependencies ?? [])]
        }
        // An actor lets others in at each await: what they stored stands.
        if let known = offers[package] { return known }
        let table = Dictionary(list.map { ($0.version, $0) }, uniquingKeysWith: { first, _ in first })
        offers[package] = table
        return table
    }

    /// What a repository offers. What moves (a branch, a tag, the newest) stays where the lock has it until it is asked to
    /// move: then no server is asked.
    private func candidates(_ source: GitSource, _ package: PackageName) async throws -> [GitPackage.Candidate] {
        if !wishes.moving.contains(package), let locked = wishes.locked[package], source.isFollowed(by: locked),
            let commit = locked.commit.flatMap({ ObjectID(hex: $0.description) })
        {
            return [.init(version: locked.version, commit: commit)]
        }
        let repository = try git(source, package)
        if wishes.ages != nil || wishes.precise[package] != nil, source.reference == .newest {
            // All of them: the newest may be too young, or not the one that is wanted.
            let releases = try await repository.versions().filter { !$0.version.isPrerelease }
            if !releases.isEmpty { return releases }
        }
        return try await repository.candidates(source.reference)
    }

    private func git(_ source: GitSource, _ name: PackageName) throws -> GitPackage {
        GitPackage(
            url: try GitURL(Self.absolute(source.url, root)), path: source.path, name: name, cache: cache)
    }

    /// A relative folder in a manifest is relative to the manifest.
    static func absolute(_ url: RepositoryURL, _ root: String) -> String {
        let text = url.description
        return text.hasPrefix("./") || text.hasPrefix("../") || text == "." || text == ".."
            ? FileSystem.absolute(text, from: root) : text
    }

    private func text(_ binding: Binding) -> String {
        switch binding {
        case .registry(let name): "the registry '\(name)'"
        case .git(let source): "\(source.url)\(source.path.map { "#\($0)" } ?? "")"
        case .folder(let path): path
        }
    }
}

extension GitSource {
    /// Whether versions are chosen by their number, and not by a name that somebody gave to a commit.
    var followsVersions: Bool {
        switch reference {
        case .range, .newest: true
        case .revision, .tag, .branch: false
        }
    }

    /// Whether the lock's record is what this source, which names a thing that moves, was when it was locked.
    func isFollowed(by locked: LockedPackage) -> Bool {
        guard case .git(let url, let pinned, let folder) = locked.source, url == self.url,
            path == nil || path == folder
        else { return false }
        switch reference {
        case .branch(let name): return pinned == .branch(name)
        case .tag(let name): return pinned == .tag(name)
        case .newest: return pinned == nil
        case .range, .revision: return false
        }
    }
}

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
    private var bindings: [PackageName: (binding: Binding, by: String)] = [:]
    private var offers: [PackageName: [Version: Offer]] = [:]

    /// - Parameters:
    ///   - folders: the scanned folders by absolute path: members and path dependencies.
    init(_ shelf: RegistryShelf, _ cache: GitCache, root: String, folders: [String: FolderSkill]) {
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
        try await load(package).values.map { AvailableVersion($0.version, isYanked: $0.isYanked) }
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

    /// The release of a version, with its files' place. Nil for folders.
    func release(of package: PackageName, at version: Version) async throws -> PackageRelease? {
        try await offer(package, version).release
    }

    func binding(of package: PackageName) -> Binding? { bindings[package]?.binding }

    // MARK: What sources say

    private func offer(_ package: PackageName, _ version: Version) async throws -> Offer {
        guard var offer = try await load(package)[version] else {
            throw DiagnosticsError([
                Diagnostic(
                    "resolve.no-version", .error, "there is no version \(version) of '\(package)'", fault: .outside)
            ])
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
            let snapshot = try await shelf.snapshot(try shelf.entry(name))
            guard let releases = try await snapshot.releases(of: package) else {
                throw DiagnosticsError([await snapshot.unknownPackage(package)])
            }
            list = releases.map {
                Offer(version: $0.version, isYanked: $0.isYanked, dependencies: $0.dependencies, release: $0)
            }
        case .git(let source):
            list = try await git(source, package).candidates(source.reference).map {
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

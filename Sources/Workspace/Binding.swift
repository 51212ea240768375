import Basics
import Registry
import Resolution
import SkillModel

/// Where a package's versions come from.
enum Binding: Hashable, Sendable {
    /// By the registry's name in the project.
    case registry(String)
    case git(GitSource)
    case web(WebSource)
    /// An owner's packages on a ClawHub.
    case hub(HubSource)
    /// A folder, by its absolute path.
    case folder(String)

    /// Whether a record of the lock, or a resolved package, comes from here; of a commit that is named, from that commit.
    func isSource(_ source: PackageSource, _ commit: CommitID?, _ shelf: RegistryShelf) -> Bool {
        switch (self, source) {
        case (.registry(let name), .registry), (.registry(let name), .embedded):
            return (try? shelf.entry(name))?.source == source
        case (.git(let wanted), .git(let url, let reference, let path)):
            guard wanted.url == url, wanted.path == nil || wanted.path == path else { return false }
            switch wanted.reference {
            case .branch(let name): return reference == .branch(name)
            case .tag(let name): return reference == .tag(name)
            case .revision(let text): return reference == nil && commit?.description.hasPrefix(text) == true
            case .range, .newest: return reference == nil
            }
        case (.web(let wanted), .web(let found)): return wanted == found
        case (.hub(let wanted), .hub(let found)): return wanted == found
        default: return false
        }
    }
}

/// A dependency with its source found: what the solver is told of it.
struct BoundDependency: Sendable {
    var key: PackageKey
    var binding: Binding
    var requirement: Resolution.Requirement
    /// The source that a patch took the place of.
    var patched: PackageSource?
    /// Of a patch that chooses among versions: those that it allows.
    var patchRange: VersionRange?

    /// Of the lock's records that may stand for it, the one that does: of a repository whose newest is wanted, the newest; else
    /// the one that is installed under its name.
    func record(of fitting: [LockedPackage], under name: PackageName) -> LockedPackage? {
        let named = fitting.first { $0.id.name == name } ?? fitting.first
        guard case .git(let source) = binding, source.reference == .newest, let named else { return named }
        return fitting.reduce(named) { $0.version < $1.version ? $1 : $0 }
    }

    func isSource(of locked: LockedPackage, _ shelf: RegistryShelf) -> Bool {
        locked.name == key.name && locked.patched == patched && binding.isSource(locked.source, locked.commit, shelf)
    }
}

/// Finds the source of what manifests declare: registries by name, and the project's patches in their place.
struct Binder: Sendable {
    let shelf: RegistryShelf
    /// The project's folder.
    let root: String
    /// The scanned folders by absolute path.
    let folders: [String: FolderSkill]
    private let patches: [Patch]
    /// Of folders outside of the project, the default registry of the workspace that each is a member of.
    private let around: [String: RepositoryURL]

    /// A patch with its sources found.
    struct Patch: Sendable {
        var patch: Manifest.Patch
        /// Of a registry; nil for a repository's address, and for a hub.
        var registry: PackageSource?
        /// Of a ClawHub: its packages of that name, whoever owns them.
        var hub: WebURL?

        func replaces(_ name: PackageName, of source: PackageSource) -> Bool {
            guard name == patch.replacement.ownName else { return false }
            switch (patch.original, source) {
            case (.address(let url), .git(let other, _, _)): return url == other
            case (_, .hub(let source)): return hub == source.url
            default: return registry == source
            }
        }
    }

    /// Throws when a patch names a registry that is not there.
    init(_ shelf: RegistryShelf, _ project: Project, folders: [String: FolderSkill]) throws {
        self.shelf = shelf
        root = project.root
        self.folders = folders
        let root = project.root
        around = folders.filter { !Self.isBelow($0.key, root) && $0.value.manifest?.leavesDefaultOpen == true }
            .compactMapValues(WorkspaceAround.defaultRegistry)
        patches = try project.manifest.patches.map { patch in
            switch patch.original {
            case .registry("default"): Patch(patch: patch, registry: try shelf.entry(nil).source)
            case .registry(let name):
                if let hub = project.manifest.hubs[name] {
                    Patch(patch: patch, hub: hub)
                } else {
                    Patch(patch: patch, registry: try shelf.entry(name).source)
                }
            case .address(let url): Patch(patch: patch, registry: .registry(url))
            }
        }
    }

    /// - Parameters:
    ///   - folder: what the dependency's paths are relative to.
    ///   - registry: the one of a dependency that names none; nil is the project's default.
    func bind(_ dependency: ManifestDependency, declaredIn folder: String, registry: String?) throws -> BoundDependency
    {
        var bound = try source(dependency, folder, registry)
        guard !patches.isEmpty, let original = try original(bound.binding),
            let patch = patch(of: bound.key.name, original)
        else { return bound }
        let replacement = patch.patch.replacement
        let other = try source(replacement, root, nil)
        bound.key = PackageKey(bound.key.name, source: "\(other.key.source), in place of \(text(original))")
        bound.binding = other.binding
        bound.patched = original
        switch other.binding {
        case .folder(let path) where folders[path]?.manifest?.package != nil: break
        case .git(let git):
            if case .range(let range) = git.reference { bound.patchRange = range } else { bound.requirement = .any }
        // A folder without a version stands for any.
        case .folder, .registry, .web, .hub: bound.requirement = .any
        }
        return bound
    }

    /// The patch that takes the place of a source's package.
    func patch(of name: PackageName, _ source: PackageSource) -> Patch? {
        patches.last { $0.replaces(name, of: source) }
    }

    /// Patches that replaced nothing of `sources`, which are pairs of a package's name and what was patched.
    func unused(_ used: [(name: PackageName, patched: PackageSource)]) -> [Diagnostic] {
        patches.filter { patch in !used.contains { patch.replaces($0.name, of: $0.patched) } }.map { patch in
            Diagnostic(
                "patch.unused", .warning,
                "the patch of '\(patch.patch.replacement.ownName)' in [patch.\(patch.patch.original)] was not used",
                at: patch.patch.replacement.location,
                hint: "nothing depends on that package from there; remove the line, or correct the source's name")
        }
    }

    private func source(
        _ dependency: ManifestDependency, _ folder: String, _ registry: String?
    ) throws -> BoundDependency {
        switch dependency.source {
        case .registry(let range, let name):
            let named = try entry(name, folder, registry)
            // Two names of one address are one registry: of its packages a project has one version each.
            let entry = shelf.entry(of: named.source) ?? named
            return BoundDependency(
                key: PackageKey(dependency.ownName, source: "the registry '\(entry.name)'"),
                binding: .registry(entry.name), requirement: .range(range))
        case .git(var source):
            source.url = try fromRoot(source.url, folder)
            var requirement = Resolution.Requirement.any
            if case .range(let range) = source.reference { requirement = .range(range) }
            return BoundDependency(
                key: PackageKey(dependency.ownName, source: source.words), binding: .git(source),
                requirement: requirement)
        case .web(let source, let range):
            return BoundDependency(
                key: PackageKey(dependency.ownName, source: source.description), binding: .web(source),
                requirement: range.map { .range($0) } ?? .any)
        case .hub(let source, let range, _):
            return BoundDependency(
                key: PackageKey(dependency.ownName, source: "@\(source.owner) of \(source.url)"), binding: .hub(source),
                requirement: .range(range))
        case .path(let path, let range):
            let full = FileSystem.absolute(path, from: folder)
            return BoundDependency(
                key: PackageKey(folders[full]?.name ?? dependency.ownName, source: full), binding: .folder(full),
                requirement: range.map { .range($0) } ?? .any)
        }
    }

    /// The registry that a manifest means by a name, or by none: by the address that it has there itself. Folders of the project
    /// share the project's, others mean what they mean where they are.
    private func entry(_ name: String?, _ folder: String, _ registry: String?) throws -> RegistryShelf.Entry {
        guard folder != root, let skill = folders[folder] else { return try shelf.entry(name ?? registry) }
        if let url = skill.manifest?.registries[name ?? "default"] {
            return try shelf.entry(at: try fromRoot(url, folder))
        }
        if name != nil || Self.isBelow(folder, root) { return try shelf.entry(name ?? registry) }
        return try around[folder].map(shelf.entry(at:)) ?? shelf.entry(Manifest.embeddedRegistry)
    }

    private static func isBelow(_ folder: String, _ root: String) -> Bool {
        folder == root || folder.hasPrefix(root == "/" ? root : root + "/")
    }

    /// A repository's relative folder counts from the manifest that names it; lock and cache count from the project's root.
    ///
    /// Throws `git.address` where a folder between the two has a name that no address can hold.
    private func fromRoot(_ url: RepositoryURL, _ folder: String) throws -> RepositoryURL {
        let full = Catalog.absolute(url, folder)
        guard folder != root, full != url.description else { return url }
        let text = AddSpec.relative(full, to: root)
        guard let own = RepositoryURL(text) else {
            throw DiagnosticsError([
                Diagnostic(
                    "git.address", .error,
                    "'\(url)' of \(AddSpec.relative(folder, to: root)) can't be an address: \(RepositoryURL.fault(in: text) ?? "")",
                    hint: "rename the folder, or write the repository's absolute address", fault: .build)
            ])
        }
        return own
    }

    /// What the lock calls the source that a patch may replace; nil for folders.
    private func original(_ binding: Binding) throws -> PackageSource? {
        switch binding {
        case .registry(let name): try shelf.entry(name).source
        case .git(let source): Self.original(.git(source.url, reference: nil, path: nil))
        case .web(let source): .web(source)
        case .hub(let source): .hub(source)
        case .folder: nil
        }
    }

    /// A source as patches speak of it: a repository, whatever commit or folder of it is wanted.
    static func original(_ source: PackageSource) -> PackageSource {
        if case .git(let url, _, _) = source { return .git(url, reference: nil, path: nil) }
        return source
    }

    /// Whether the lock's record of a package that another fetched one needs is what would be taken now: its patch still
    /// there and the same, or still none.
    ///
    /// A lock of before revision 3 does not say whose registry was meant: its names were looked up in the project (decision 0073).
    func isCurrent(_ record: LockedPackage, of dependent: LockedPackage) -> Bool {
        var name = record.name
        if let patched = record.patched {
            guard let own = patchedName(of: record, patched) else { return false }
            name = own
        } else if patch(of: record.name, Self.original(record.source)) != nil {
            return false
        }
        let source = record.patched ?? record.source
        if !source.isRegistry { return true }
        return dependent.source.isRegistry ? dependent.source == source : dependent.takes(name, from: source)
    }

    /// What the package that a patch stands in for calls itself: a folder in its place may have another name. Nil when the
    /// patch is no longer there.
    func patchedName(of record: LockedPackage, _ patched: PackageSource) -> PackageName? {
        patches.last { patch in
            guard patch.replaces(patch.patch.replacement.ownName, of: patched),
                let other = try? source(patch.patch.replacement, root, nil)
            else { return false }
            if case .folder(let path) = other.binding, case .path(let known) = record.source {
                return folders[path]?.version == record.version && FileSystem.absolute(known, from: root) == path
            }
            return other.binding.isSource(record.source, record.commit, shelf)
        }?.patch.replacement.ownName
    }

    private func text(_ source: PackageSource) -> String {
        switch source {
        case .registry, .embedded: shelf.entry(of: source).map { "the registry '\($0.name)'" } ?? "\(source)"
        case .git(let url, _, _): url.identity
        case .hub(let source): "@\(source.owner) of \(source.url)"
        case .web, .path, .workspace: "\(source)"
        }
    }
}

extension GitSource {
    /// The same for dependencies that may share a version: a range has no say in where a package comes from.
    fileprivate var words: String {
        let place = "\(url.identity)\(path.map { "#\($0)" } ?? "")"
        switch reference {
        case .range: return place
        case .newest: return "\(place), newest"
        case .revision(let text): return "\(place), revision \(text)"
        case .tag(let name): return "\(place), tag \(name)"
        case .branch(let name): return "\(place), branch \(name)"
        }
    }

    /// Whether versions are chosen by their number, and not by a name that somebody gave to a commit.
    var followsVersions: Bool {
        switch reference {
        case .range, .newest: true
        case .revision, .tag, .branch: false
        }
    }

    /// Whether it names a commit.
    var isRevision: Bool { if case .revision = reference { true } else { false } }

    /// Whether the commit is what a name that moves led to when it was locked.
    var moves: Bool {
        switch reference {
        case .branch, .tag, .newest: true
        case .range, .revision: false
        }
    }
}

extension PackageSource {
    var isRegistry: Bool {
        switch self {
        case .registry, .embedded: true
        case .git, .web, .hub, .path, .workspace: false
        }
    }
}

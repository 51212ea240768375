import Basics
import Formats
import Git
import Registry
import SkillModel
import Synchronization

/// The registries of a project, each opened once. The embedded one is there always, last. Those that only the manifests of its
/// dependencies name are known by their addresses, and serve nobody but these (decision 0073).
actor RegistryShelf {
    struct Entry: Sendable {
        /// In the project; of a registry that it doesn't name, the address.
        var name: String
        var registry: Registry
        /// What the lock calls it.
        var source: PackageSource
    }

    /// The project's own.
    nonisolated let entries: [Entry]
    private nonisolated let others = Mutex<[Entry]>([])
    private nonisolated let root: String
    private nonisolated let cache: GitCache
    /// The ClawHubs: they have no index, and no descriptions of targets.
    nonisolated let hubs: [String: WebURL]
    private var opened: [String: Task<RegistrySnapshot, any Error>] = [:]

    init(_ project: Project, _ workspace: Workspace) throws {
        cache = workspace.repositories
        root = project.root
        hubs = project.manifest.hubs
        var entries: [Entry] = []
        for (name, url) in project.manifest.registries.sorted(by: { $0.key < $1.key }) {
            let location = try RegistryLocation(url.description, relativeTo: project.root)
            entries.append(
                Entry(
                    name: name, registry: Registry(name: name, location: location, cache: cache),
                    source: .registry(url)))
        }
        let folder = try EmbeddedRegistry.folder(cache: workspace.settings.cacheDirectory)
        entries.append(
            Entry(
                name: EmbeddedRegistry.name,
                registry: Registry(name: EmbeddedRegistry.name, location: .folder(folder), cache: cache),
                source: .embedded))
        self.entries = entries
    }

    /// The registry that a dependency names, or whose address it has; nil is `default`, or the embedded one where the project has
    /// no default.
    nonisolated func entry(_ name: String?) throws -> Entry {
        if let name {
            if let entry = entries.first(where: { $0.name == name }) { return entry }
            if TargetName(name) == nil, let url = RepositoryURL(name) { return try entry(at: url) }
            if let hub = hubs[name] {
                throw DiagnosticsError([
                    Diagnostic(
                        "registry.hub", .error, "the registry '\(name)' is a ClawHub, \(hub), which has no index",
                        hint:
                            "packages of it are added by `skvm add @OWNER/NAME`; what else you want needs a registry that is a "
                            + "git repository", fault: .usage)
                ])
            }
            // The manifest's own reader knows the names that it has: this one was given on the command line.
            throw DiagnosticsError([Self.unknown(name, among: entries.map(\.name) + hubs.keys.sorted())])
        }
        return entries.first { $0.name == "default" } ?? entries[entries.count - 1]
    }

    /// The registry at an address, relative ones from the project: by the project's name for it, if it has one.
    nonisolated func entry(at url: RepositoryURL) throws -> Entry {
        let location = try RegistryLocation(url.description, relativeTo: root)
        func isSame(_ entry: Entry) -> Bool { entry.source == .registry(url) || entry.registry.location == location }
        if let own = entries.first(where: isSame) { return own }
        return others.withLock { others in
            if let known = others.first(where: isSame) { return known }
            let entry = Entry(
                name: url.description, registry: Registry(name: url.description, location: location, cache: cache),
                source: .registry(url))
            others.append(entry)
            return entry
        }
    }

    /// Whether the project itself names it.
    nonisolated func isOwn(_ source: PackageSource) -> Bool { entries.contains { $0.source == source } }

    /// What to tell whoever asks a registry for a package that it doesn't have; another one that has the name is named,
    /// and never taken in its place.
    func unknownPackage(_ name: PackageName, in entry: Entry) async throws -> Diagnostic {
        var diagnostic = try await snapshot(entry).unknownPackage(name)
        if entry.source == .embedded { diagnostic.notes = ["that is the registry inside skvm"] }
        for other in entries where other.name != entry.name {
            if let found = try? await snapshot(other).releases(of: name), let newest = found.map(\.version).max() {
                diagnostic.hint =
                    "the registry '\(other.name)' has one of that name: add it with --registry \(other.name), or in skvm.toml: "
                    + "\(name) = { version = \"\(newest)\", registry = \"\(other.name)\" }"
            }
        }
        return diagnostic
    }

    static func unknown(_ name: String, among known: [String]) -> Diagnostic {
        Diagnostic(
            "registry.unknown", .error, "there is no registry '\(name)' in skvm.toml",
            hint: nearest(to: name, in: known).map { "did you mean '\($0)'?" }
                ?? "see what it has: `skvm registry list`; or add it: `skvm registry add NAME URL`", fault: .usage)
    }

    nonisolated func entry(of source: PackageSource) -> Entry? {
        if let known = known(source) { return known }
        guard case .registry(let url) = source else { return nil }
        return try? entry(at: url)
    }

    /// The project's own, or one that something asked for in this process.
    nonisolated func known(_ source: PackageSource) -> Entry? {
        entries.first { $0.source == source } ?? others.withLock { $0.first { $0.source == source } }
    }

    /// Whether a registry's present state is known to this command already.
    func isOpened(_ entry: Entry) -> Bool { opened[entry.name] != nil }

    /// A registry that this command has asked already, a folder, or what was read of one before. Nobody is asked for it; nil for
    /// one that was never seen.
    func seen(_ entry: Entry) async -> RegistrySnapshot? {
        if isOpened(entry) { return try? await snapshot(entry) }
        if case .folder = entry.registry.location { return try? await snapshot(entry) }
        return (try? await entry.registry.openSeen()) ?? nil
    }

    /// Lets registries that were opened keep what was read of their indexes.
    func keep() async {
        for task in opened.values { await (try? task.value)?.keep() }
    }

    /// The registry's present state; the server is asked once a process, and not at all offline.
    func snapshot(_ entry: Entry) async throws -> RegistrySnapshot {
        if let task = opened[entry.name] { return try await task.value }
        let task = Task {
            do {
                return try await entry.registry.open() as RegistrySnapshot
            } catch let error as DiagnosticsError {
                throw DiagnosticsError(error.diagnostics.map { withWayOut($0, entry) })
            }
        }
        opened[entry.name] = task
        return try await task.value
    }

    /// Of a registry that does not answer, or not as one: it may have another address now.
    private nonisolated func wayOut(of entry: Entry) -> String {
        isOwn(entry.source)
            ? "if it has moved: `skvm registry add \(entry.name) URL`"
            : "the skvm.toml of what was fetched names it, not this project's: [patch.\"\(entry.name)\"] puts a folder or a "
                + "repository in the place of a package of it"
    }

    private nonisolated func withWayOut(_ diagnostic: Diagnostic, _ entry: Entry) -> Diagnostic {
        let isAbsent = diagnostic.id.hasPrefix("git.") || ["registry.none", "registry.empty"].contains(diagnostic.id)
        guard isAbsent, diagnostic.fault == .outside, diagnostic.id != "git.cache", entry.source != .embedded else {
            return diagnostic
        }
        var copy = diagnostic
        copy.hint = (diagnostic.hint.map { $0 + "; " } ?? "") + wayOut(of: entry)
        return copy
    }
}

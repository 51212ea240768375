import Basics
import Registry
import SkillModel

/// Whether what is added is taken for something else: a name or an owner that looks like a known one, a name that two
/// registries have.
///
/// Known are the project's own packages and owners, and the names of the registry that the package comes from and of the default one.
/// Nobody is asked for that: of registries that this command did not open, what was seen last is looked at. Costs, a name and
/// registry, the listings of some 300 folders of an index, of which few exist, however large the registry is.
struct LookAlikes {
    let project: Project
    let lock: Lockfile?
    let shelf: RegistryShelf

    /// What there is to tell of a package that is about to be added. Says nothing of what can't be looked at.
    func remarks(on spec: AddSpec) async -> [Diagnostic] {
        if project.manifest.dependencies.contains(where: { $0.name == spec.name }) { return [] }
        if case .path = spec.source { return [] }
        var known: [(name: String, place: String, option: String)] = ownNames(besides: spec.name)
        var remarks: [Diagnostic] = []
        if let entry = try? shelf.entry(nil) {
            var entries = [entry]
            if case .registry(_, let name?) = spec.source, let own = try? shelf.entry(name), own.name != entry.name {
                entries.insert(own, at: 0)
            }
            for entry in entries {
                guard let snapshot = await shelf.seen(entry) else { continue }
                let names = (try? await snapshot.lookAlikes(of: spec.name)) ?? []
                // The default one needs no saying, the embedded one can't be said.
                let isSaid = entry.name != entries.last?.name && entry.source != .embedded
                let option = isSaid ? " --registry \(entry.name)" : ""
                known += names.map { ("\($0)", "the registry '\(entry.name)'", option) }
            }
        }
        var told: Set<String> = []
        for (name, place, option) in known where told.count < 3 {
            guard let kind = LookAlike(spec.name.description, name), told.insert(name).inserted else { continue }
            remarks.append(
                Diagnostic(
                    "add.look-alike", .warning, "'\(spec.name)' is like '\(name)' of \(place): \(kind.words)",
                    hint: "if you meant the other one: skvm remove \(spec.name); skvm add \(name)\(option)"))
        }
        return remarks + owner(of: spec) + (await elsewhere(spec))
    }

    /// The names that the project has, each once.
    private func ownNames(besides name: PackageName) -> [(name: String, place: String, option: String)] {
        let names = project.manifest.dependencies.map(\.name) + (lock?.packages ?? []).map(\.id.name)
        return Set(names).subtracting([name]).sorted().map { ("\($0)", "this project", "") }
    }

    // MARK: Owners

    /// An owner who looks like one that the project has packages of, on the same host.
    private func owner(of spec: AddSpec) -> [Diagnostic] {
        guard let (host, name) = Self.owner(spec.source) else { return [] }
        let known = project.manifest.dependencies.compactMap { dependency in
            Self.owner(dependency.source).map { (dependency.name, $0.host, $0.name) }
        }
        if known.contains(where: { $1 == host && $2 == name }) { return [] }
        for (package, other, owner) in known where other == host {
            guard let kind = LookAlike(name, owner) else { continue }
            return [
                Diagnostic(
                    "add.look-alike-owner", .warning,
                    "'\(name)', who has '\(spec.name)', is like '\(owner)' of \(host), who has '\(package)': \(kind.words)",
                    hint: "if you meant the other one: skvm remove \(spec.name)")
            ]
        }
        return []
    }

    /// The host and whose place on it a source is: `github.com`, `acme`.
    private static func owner(_ source: ManifestDependency.Source) -> (host: String, name: String)? {
        switch source {
        case .hub(let source, _, _): return (source.url.host, source.owner.description)
        case .git(let git):
            guard let url = WebURL(git.url.description.lowercased()), let first = url.path.split(separator: "/").first,
                url.path.split(separator: "/").count > 1
            else { return nil }
            return (url.host, String(first))
        case .registry, .web, .path: return nil
        }
    }

    // MARK: Two registries

    /// Other registries of the project that have a package of the same name.
    private func elsewhere(_ spec: AddSpec) async -> [Diagnostic] {
        let own: String
        switch spec.source {
        case .registry(_, let name):
            guard let entry = try? shelf.entry(name) else { return [] }
            own = entry.name
        case .hub(_, _, let registry): own = registry
        case .git, .web, .path: return []
        }
        var others: [String] = []
        // What is inside skvm is there for those who name it, or have no registry of their own: no second one.
        for entry in shelf.entries where entry.name != own && entry.source != .embedded {
            if let snapshot = await shelf.seen(entry), (try? await snapshot.lists(spec.name)) == true {
                others.append(entry.name)
            }
        }
        guard let other = others.first else { return [] }
        return [
            Diagnostic(
                "add.two-registries", .warning,
                "'\(spec.name)' is taken from '\(own)', and \(others.map { "'\($0)'" }.joined(separator: ", ")) "
                    + "\(others.count == 1 ? "has" : "have") a package of that name, too",
                hint: "for the other one: skvm add \(spec.name) --registry \(other)")
        ]
    }
}

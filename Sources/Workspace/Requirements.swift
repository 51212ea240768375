import Basics
import Formats
import Registry
import Resolution
import SkillModel

/// Who requires what in a project, and in which words.
struct Requirements: Sendable {
    struct Edge: Sendable {
        /// Nil for the manifest itself.
        var dependent: PackageName?
        /// The name that it is installed under.
        var name: PackageName
        var binding: Binding
        /// As the manifest has it: `^1.0`, `branch main`, `../notes`.
        var text: String
        /// Nil where no range decides.
        var range: VersionRange?
        /// Of a patch that chooses among versions: those that it allows.
        var patchRange: VersionRange?
    }

    /// In the order of the manifest, then of the packages.
    var edges: [Edge] = []

    func on(_ name: PackageName) -> [Edge] { edges.filter { $0.name == name } }
}

extension Resolved {
    /// What the manifest, the members and every package require. What the lock answered is asked of the sources here.
    /// Throws when one can't be had; `isPassedOver` is asked whether that one's wishes may be left out.
    func requirements(
        _ project: Project, _ isPassedOver: (PackageName, any Error) -> Bool = { _, _ in false }
    ) async throws -> Requirements {
        var result = Requirements()
        let table = Dictionary(packages.map { ($0.id.name, $0) }, uniquingKeysWith: { first, _ in first })
        let folders = Dictionary(folders.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        var keys: [PackageName: PackageKey] = [:]
        var open: [PackageName] = []
        for dependency in project.manifest.dependencies {
            let bound = try await catalog.bind(dependency, declaredIn: project.root, registry: nil)
            guard let package = package(bound, among: packages, called: dependency.name) else { continue }
            result.edges.append(.init(nil, package.id.name, dependency, bound))
            keys[package.id.name] = bound.key
            open.append(package.id.name)
        }
        // A member's own declarations stand below the member.
        open += packages.filter(\.source.isFolder).map(\.id.name)
        var seen: Set<PackageName> = []
        // From the roots on: a package's source is known once a dependent of it has been asked.
        var next = 0
        while next < open.count {
            let name = open[next]
            next += 1
            guard let package = table[name], seen.insert(name).inserted else { continue }
            let own: [ManifestDependency]
            var bound: [BoundDependency] = []
            if package.source.isFolder {
                let path = project.absolute(package.place)
                own = path == project.root ? [] : folders[path]?.manifest?.dependencies ?? []
                for dependency in own {
                    bound.append(try await catalog.bind(dependency, declaredIn: path, registry: nil))
                }
            } else if let key = keys[name] {
                do {
                    bound = try await catalog.bound(of: key, at: package.id.version)
                    own = try await catalog.declared(of: key, at: package.id.version)
                } catch {
                    guard isPassedOver(name, error) else { throw error }
                    continue
                }
            } else {
                continue
            }
            let needed = package.dependencies.compactMap { table[$0.name] }
            for (dependency, bound) in zip(own, bound) {
                guard let child = self.package(bound, among: needed, called: dependency.name) else { continue }
                result.edges.append(.init(name, child.id.name, dependency, bound))
                keys[child.id.name] = bound.key
                open.append(child.id.name)
            }
        }
        return result
    }

    /// What a dependency came to, among those that its dependent needs.
    private func package(
        _ bound: BoundDependency, among packages: [ResolvedPackage], called name: PackageName
    ) -> ResolvedPackage? {
        let shelf = catalog.binder.shelf
        let fitting = packages.filter { package in
            if case .folder(let path) = bound.binding { return package.isFolder(path, catalog.binder.root) }
            return package.ownName == bound.key.name && package.patched == bound.patched
                && bound.binding.isSource(package.source, package.commit, shelf)
                && bound.requirement.contains(package.id.version)
        }
        return fitting.first { $0.id.name == name } ?? fitting.first
    }
}

extension Requirements.Edge {
    init(
        _ dependent: PackageName?, _ name: PackageName, _ dependency: ManifestDependency, _ bound: BoundDependency
    ) {
        self.dependent = dependent
        self.name = name
        binding = bound.binding
        patchRange = bound.patchRange
        text = dependency.source.words + (bound.patchRange.map { ", patched with \($0)" } ?? "")
        if case .range(let range) = bound.requirement { self.range = range }
    }
}

extension ManifestDependency.Source {
    /// What is wanted of the source: `^1.0`, `branch main`, `../notes`.
    var words: String {
        switch self {
        case .registry(let range, _), .hub(_, let range, _): range.description
        case .path(let path, let range): range.map { "\(path) \($0)" } ?? path
        case .web(let source, let range): range?.description ?? source.description
        case .git(let source): source.reference.words
        }
    }
}

extension GitSource.Reference {
    var words: String {
        switch self {
        case .range(let range): range.description
        case .revision(let revision): "rev \(revision.prefix(12))"
        case .tag(let tag): "tag \(tag)"
        case .branch(let branch): "branch \(branch)"
        case .newest: "newest"
        }
    }
}

extension ResolvedPackage {
    /// Whether it is the skill in that folder; both are absolute.
    fileprivate func isFolder(_ path: String, _ root: String) -> Bool {
        source.isFolder && FileSystem.absolute(place, from: root) == path
    }
}

extension Workspace {
    /// The project's packages for a command that only looks: as the lock has them, without a network where that will do;
    /// resolved as a build would, where the lock is not right. Files are left alone.
    func looking(_ project: Project) async throws -> Resolved {
        let options = ResolveOptions(readsFiles: false)
        let lock = try project.lock()
        if lock != nil {
            var near = settings
            near.flags.locked = true
            near.flags.offline = true
            let here = Workspace(near)
            if let found = try? await here.resolve(
                project, lock: lock, shelf: try RegistryShelf(project, here), options)
            {
                return found
            }
        }
        return try await resolve(project, lock: lock, shelf: try RegistryShelf(project, self), options)
    }

    /// The package of that name. Throws with the nearest name when the project has none.
    func package(_ text: String, in resolved: Resolved, id: String) throws -> ResolvedPackage {
        if let package = resolved.packages.first(where: { $0.id.name.description == text }) { return package }
        let near = nearest(to: text, in: resolved.packages.map(\.id.name.description))
        throw DiagnosticsError([
            Diagnostic(
                id, .error, "the project has no package '\(text)'",
                hint: near.map { "did you mean '\($0)'?" } ?? "see what it has: skvm tree", fault: .usage)
        ])
    }
}

import Basics
import Formats
import Registry
import SkillModel

/// Who requires what in a project, and in which words.
struct Requirements: Sendable {
    struct Edge: Sendable {
        /// Nil for the manifest itself.
        var dependent: PackageName?
        var name: PackageName
        /// As the manifest has it: `^1.0`, `branch main`, `../notes`.
        var text: String
        /// Nil where no range decides.
        var range: VersionRange?
    }

    /// In the order of the manifest, then of the packages.
    var edges: [Edge] = []

    func on(_ name: PackageName) -> [Edge] { edges.filter { $0.name == name } }
}

extension Resolved {
    /// What the manifest, the members and every package require. What the lock answered is asked of the sources here.
    /// Throws `DiagnosticsError` when one can't be had.
    func requirements(_ project: Project) async throws -> Requirements {
        var result = Requirements()
        for (dependency, root) in declared {
            _ = try await catalog.bind(dependency, declaredIn: root, by: Manifest.fileName, registry: nil)
            // A member's own declarations stand below the member.
            if root == project.root { result.edges.append(.init(nil, dependency)) }
        }
        let table = Dictionary(packages.map { ($0.id.name, $0) }, uniquingKeysWith: { first, _ in first })
        let folders = Dictionary(folders.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<PackageName> = []
        // From the roots on: a package's source is known once a dependent of it has been asked.
        var open = declared.map(\.dependency.name) + packages.filter(\.source.isFolder).map(\.id.name)
        var next = 0
        while next < open.count {
            let name = open[next]
            next += 1
            guard let package = table[name], seen.insert(name).inserted else { continue }
            let own: [ManifestDependency]
            if package.source.isFolder {
                let path = project.absolute(package.place)
                own = path == project.root ? [] : folders[path]?.manifest?.dependencies ?? []
                for dependency in own {
                    _ = try await catalog.bind(dependency, declaredIn: path, by: "\(package.id)", registry: nil)
                }
            } else {
                _ = try await catalog.dependencies(of: name, at: package.id.version)
                own = try await catalog.declared(of: name, at: package.id.version)
            }
            for dependency in own {
                result.edges.append(.init(name, dependency))
                open.append(dependency.name)
            }
        }
        return result
    }
}

extension Requirements.Edge {
    init(_ dependent: PackageName?, _ dependency: ManifestDependency) {
        self.dependent = dependent
        name = dependency.name
        switch dependency.source {
        case .registry(let range, _): (self.range, text) = (range, range.description)
        case .path(let path): text = path
        case .git(let source):
            switch source.reference {
            case .range(let range): (self.range, text) = (range, range.description)
            case .revision(let revision): text = "rev \(revision.prefix(12))"
            case .tag(let tag): text = "tag \(tag)"
            case .branch(let branch): text = "branch \(branch)"
            case .newest: text = "newest"
            }
        }
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

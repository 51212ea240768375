import Basics
import BuildEngine
import ContentStore
import Git
import Registry
import Resolution
import SkillModel

/// From the packages of a graph to their files in the store.
extension Resolver {
    /// The packages in the order of the graph's nodes, then the members that nothing depends on.
    func packages(of graph: PackageGraph) async throws -> [ResolvedPackage] {
        let main = try shelf.entry(nil).source
        let names = graph.names(main: main)
        let ids = zip(names, graph.nodes).map { PackageID($0, $1.version) }
        let needed = graph.reached(from: graph.roots)
        var packages: [ResolvedPackage] = []
        // By name: what is fetched, and said to be, comes in an order that people expect.
        let byName = graph.nodes.indices.sorted(by: { ids[$0] < ids[$1] })
        let ahead = FetchAhead(self, graph.nodes, order: byName)
        for index in byName {
            var package = try await package(graph.nodes[index], as: ids[index]) { try await ahead.files(of: index) }
            package.dependencies = graph.nodes[index].dependencies.map { ids[$0] }.sorted()
            package.ranges = graph.nodes[index].ranges
            package.registries = graph.nodes[index].registries
            package.isNeeded = needed.contains(index)
            packages.append(package)
        }
        memory.flush()
        let order = Dictionary(uniqueKeysWithValues: zip(ids.map(\.name), ids.indices))
        packages.sort { order[$0.id.name, default: 0] < order[$1.id.name, default: 0] }
        return packages + ownMembers(besides: packages, graph, ids, main: main)
    }

    /// The files of one package, where they were fetched with others'.
    typealias Fetched = @Sendable () async throws -> PackageFiles?

    private func package(
        _ node: PackageGraph.Node, as id: PackageID, _ fetched: Fetched
    ) async throws -> ResolvedPackage {
        var package: ResolvedPackage
        switch node.kind {
        case .folder(let skill): package = self.package(skill, id, node.source)
        case .locked(let locked):
            package = try await self.package(locked, as: id, fetched)
            if node.ranges != locked.ranges || node.registries != locked.registries, options.readsFiles {
                // What it depends on was asked of its source just now.
                var record = locked
                record.ranges = node.ranges
                record.registries = node.registries
                memory.remember(record)
            }
        case .released(let release): package = try await self.package(release, node, as: id, fetched)
        }
        package.patched = node.patched
        return package
    }

    private func package(
        _ release: PackageRelease, _ node: PackageGraph.Node, as id: PackageID, _ fetched: Fetched
    ) async throws -> ResolvedPackage {
        let known = await known(node)
        if let known { try requireUnmoved(known, release) }
        if let known, try holds(known, as: release) {
            if options.readsFiles { memory.remember(record(of: release, node, known.tree)) }
            return try await package(known, as: id, fetched)
        }
        let files = try await files(of: release, node, fetched)
        if let known, let tree = known.tree, tree != files.tree { throw changedUnderTheLock(known, files.tree) }
        let signer = try await signers.signer(of: release, id, node.source) {
            try await self.release(of: $0, withTag: true)
        }
        return ResolvedPackage(
            id: id, ownName: node.name, source: node.source, commit: files.commit.flatMap { CommitID($0.hex) },
            tree: files.tree, entries: files.entries, dependencies: [], signer: signer, folderName: nil,
            place: "\(id)", isNeeded: true)
    }

    /// The lock's record of the very version of a node.
    private func known(_ node: PackageGraph.Node) async -> LockedPackage? {
        guard let key = node.key, let locked = await catalog.locked(key), locked.version == node.version,
            locked.source == node.source
        else { return nil }
        return locked
    }

    /// A commit has one tree: what the lock pins of it need not be fetched to be believed.
    private func holds(_ known: LockedPackage, as release: PackageRelease) throws -> Bool {
        guard let commit = known.commit, commit.description == release.origin.commit?.hex else { return false }
        return try !options.readsFiles || isHere(known)
    }

    /// Whether a release's files are in the store, as far as that is known without asking.
    func isHere(_ release: PackageRelease, _ node: PackageGraph.Node) async throws -> Bool {
        if let known = await known(node), try holds(known, as: release) { return true }
        guard let tree = release.tree, try workspace.holdsTree(tree) else { return false }
        return !release.origin.isListed || memory.holds(record(of: release, node, tree).withoutRanges)
    }

    /// A node's files: from the store when it has the tree that the source promises, and this very release was found to have
    /// it before.
    func files(
        of release: PackageRelease, _ node: PackageGraph.Node, _ fetched: Fetched = { nil }
    ) async throws -> PackageFiles {
        // What a web server has now was put into the store when it was asked.
        let isKnown = !release.origin.isListed || memory.holds(record(of: release, node, release.tree).withoutRanges)
        if isKnown, let files = try storedFiles(of: release) {
            memory.remember(record(of: release, node, files.tree))
            return files
        }
        if let files = try await fetched() { return files }
        if tellsOfEach { workspace.settings.progress("fetching \(release.name) \(release.version)") }
        let files = try await workspace.fetcher.fetch(release)
        memory.remember(record(of: release, node, files.tree))
        return files
    }

    /// What the lock will say of a release.
    private func record(
        of release: PackageRelease, _ node: PackageGraph.Node, _ tree: Digest?
    ) -> LockedPackage {
        LockedPackage(
            name: node.name, version: node.version, source: node.source,
            commit: release.origin.commit.flatMap { CommitID($0.hex) }, tree: tree, ranges: node.ranges,
            registries: node.registries)
    }

    // MARK: As the lock has it

    private func package(
        _ locked: LockedPackage, as id: PackageID, _ fetched: Fetched
    ) async throws -> ResolvedPackage {
        let files = options.readsFiles ? try await lockedFiles(locked, fetched) : LockedFiles(entries: [])
        guard let tree = locked.tree, let files else { throw changedUnderTheLock(locked, Digest(of: "")) }
        var signer = locked.signer
        if options.readsFiles {
            signer = try await signers.recheck(locked, isNew: files.isNew) {
                try await self.release(of: locked, withTag: true)
            }
        }
        return ResolvedPackage(
            id: id, ownName: locked.name, source: locked.source, commit: locked.commit, tree: tree,
            entries: files.entries,
            dependencies: [], signer: signer, folderName: nil, place: "\(id)", isNeeded: true)
    }

    /// - Parameter withTag: whether a repository is asked which tag stands for the commit.
    func release(of locked: LockedPackage, withTag: Bool = false) async throws -> PackageRelease {
        let unavailable = Diagnostic(
            "lock.unavailable", .error, "\(locked.source) no longer has \(locked.name) \(locked.version)",
            at: SourceLocation(file: Lockfile.fileName), hint: "choose another version in skvm.toml", fault: .outside)
        switch locked.source {
        case .registry, .embedded:
            guard let entry = shelf.entry(of: locked.source) else { throw DiagnosticsError([unavailable]) }
            guard var release = try await listed(locked, entry) else { throw DiagnosticsError([unavailable]) }
            if case .git(let url, _, let path) = release.origin {
                release.origin = .git(url, commit: try locked.require(release.listedCommit), path: path)
            } else {
                try locked.requireNoCommit()
            }
            return release
        case .git(let url, let reference, let path):
            guard let commit = locked.commit.flatMap({ ObjectID(hex: $0.description) }) else {
                throw DiagnosticsError([unavailable])
            }
            let package = GitPackage(
                url: try GitURL(Catalog.absolute(url, project.root)), path: path, name: locked.name,
                cache: workspace.repositories)
            var candidate = GitPackage.Candidate(version: locked.version, commit: commit)
            if withTag {
                var tagged: [GitPackage.Candidate] = []
                if case .tag(let name)? = reference {
                    tagged = try await package.candidates(.tag(name))
                } else {
                    tagged = try await package.versions()
                }
                // Other names may stand at the commit, and say nothing of this version.
                candidate = tagged.first { $0.commit == commit && $0.version == locked.version } ?? candidate
            }
            do throws(DiagnosticsError) {
                return try await package.release(candidate)
            } catch {
                guard error.diagnostics.contains(where: { $0.id == "git.no-reference" }) else { throw error }
                var isOnly = isNamedByCommit(locked)
                if !isOnly, let reference {
                    let named: GitSource.Reference =
                        switch reference {
                        case .branch(let name): .branch(name)
                        case .tag(let name): .tag(name)
                        }
                    isOnly = (try? await package.candidates(named)) == nil
                }
                throw locked.noSuchCommit(error.diagnostics, isOnly: isOnly)
            }
        case .web(let source):
            let release = try await workspace.web.release(of: source, name: locked.name)
            guard release.version == locked.version else {
                throw DiagnosticsError([locked.noLongerHandedOut(release.version)])
            }
            try locked.requireNoCommit()
            return release
        case .hub(let source):
            try locked.requireNoCommit()
            return try await workspace.hubs.release(
                of: HubVersion(source: source, name: locked.name, version: locked.version))
        case .path, .workspace: throw DiagnosticsError([unavailable])
        }
    }

    /// What a registry's line says of a record.
    private func listed(_ locked: LockedPackage, _ entry: RegistryShelf.Entry) async throws -> PackageRelease? {
        do {
            return try await shelf.snapshot(entry).release(of: locked.name, at: locked.version)
        } catch {
            guard let found = Workspace.unreached(error) else { throw error }
            throw DiagnosticsError(found).noting("it has \(locked.id), whose files are not here")
        }
    }

    /// Whether the project's manifest names the commit of a record.
    private func isNamedByCommit(_ locked: LockedPackage) -> Bool {
        project.manifest.dependencies.contains { dependency in
            guard dependency.name == locked.id.name, case .git(let source) = dependency.source else { return false }
            return source.isRevision
        }
    }

    /// A version of a repository is a tag, and the lock knows which commit it was at.
    private func requireUnmoved(_ locked: LockedPackage, _ release: PackageRelease) throws {
        guard case .git(let url, let commit, _) = release.origin, case .git = locked.source,
            let was = locked.commit.flatMap({ ObjectID(hex: $0.description) }), was != commit
        else { return }
        var moved = GitRepository.movedTag("v\(locked.version)", of: url, was, commit).diagnostic
            .inFile(Lockfile.fileName)
        moved.notes.append("it stands for \(locked.id)")
        moved.hint = "a release never changes; if its author says why this one did, remove \(locked.id) from skvm.lock"
        throw DiagnosticsError([moved])
    }

    // MARK: Folders

    private func package(_ skill: FolderSkill, _ id: PackageID, _ source: PackageSource) -> ResolvedPackage {
        ResolvedPackage(
            id: id, ownName: skill.name, source: source, commit: nil, tree: skill.tree, entries: skill.record.entries,
            dependencies: [], folderName: skill.folderName, place: project.shown(skill.path), isNeeded: true)
    }

    /// Members that nothing depends on, under their own names, or where these are taken under those of `InstalledNames`.
    private func ownMembers(
        besides packages: [ResolvedPackage], _ graph: PackageGraph, _ ids: [PackageID], main: PackageSource
    ) -> [ResolvedPackage] {
        let there = Set(packages.map(\.place))
        let own = folders.filter { members.contains($0.path) && !there.contains(project.shown($0.path)) }
        let sources = own.map { PackageSource.workspace(RelativePath(project.shown($0.path))) }
        var names = own.map(\.name)
        var taken = Set(packages.map(\.id.name))
        // Nearly always each has a name of its own, and no edit of a skill should pay for the rest.
        if !names.allSatisfy({ taken.insert($0).inserted }) {
            let others = packages.map { InstalledNames.Package($0.ownName, $0.source, wanted: $0.id.name) }
            let these = zip(names, sources).map { InstalledNames.Package($0, $1) }
            names = InstalledNames.assign(others + these, main: main).suffix(own.count)
        }
        return own.indices.map { index in
            var package = package(own[index], PackageID(names[index], own[index].version), sources[index])
            package.dependencies = (graph.memberNeeds[own[index].path] ?? []).map { ids[$0] }.sorted()
            package.ranges = graph.memberRanges[own[index].path] ?? [:]
            package.isNeeded = false
            return package
        }
    }
}

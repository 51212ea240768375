import Basics
import ContentStore
import Git
import Registry
import Resolution
import SkillModel

/// One resolution: from declared dependencies to packages with files.
struct Resolver: Sendable {
    let workspace: Workspace
    let project: Project
    let lock: Lockfile?
    let catalog: Catalog
    /// Absolute folders.
    let members: Set<String>
    let folders: [FolderSkill]
    let options: ResolveOptions
    let signers: SignerCheck
    let memory: RecordMemory
    /// Whether each package that is fetched is told of; of many that come together, their number is.
    var tellsOfEach = true

    var binder: Binder { catalog.binder }
    var shelf: RegistryShelf { binder.shelf }

    /// A dependency with the folder that its paths are relative to.
    typealias Declared = (dependency: ManifestDependency, root: String)

    /// What the project and its members declare.
    func declared() -> [Declared] { ownDeclared + memberDeclared }

    private var ownDeclared: [Declared] { project.manifest.dependencies.map { ($0, project.root) } }
    private var memberDeclared: [Declared] {
        folders.filter { members.contains($0.path) && $0.path != project.root }.flatMap(Self.declared)
    }
    private static func declared(_ skill: FolderSkill) -> [Declared] {
        (skill.manifest?.dependencies ?? []).map { ($0, skill.path) }
    }

    /// The packages: as the lock has them where that satisfies the manifests, solved otherwise.
    func graph() async throws -> PackageGraph {
        if !options.isUpdate, let lock, let graph = try byLock(lock) { return graph }
        if workspace.flags.locked, !options.isUpdate { throw stale }
        return try await bySolving()
    }

    private var stale: DiagnosticsError {
        DiagnosticsError([
            Diagnostic(
                "lock.stale", .error, lock == nil ? "there is no skvm.lock" : "skvm.lock does not satisfy skvm.toml",
                at: SourceLocation(file: Lockfile.fileName), notes: staleNotes,
                hint: "run the command without --locked and commit skvm.lock", fault: .staleLock)
        ])
    }

    /// What the manifest asks for and the lock has not, and the other way round; of a lock that says what it was asked for.
    private var staleNotes: [String] {
        guard let lock else { return [] }
        let open = openRegistries(of: lock)
        return open.isEmpty ? lock.differences(from: project.manifest) : open
    }

    /// What fetched packages need of registries that a lock, of before revision 3, does not name.
    private func openRegistries(of lock: Lockfile) -> [String] {
        lock.packages.filter { !$0.source.isRegistry && !$0.source.isFolder }.flatMap { record in
            record.dependencies.compactMap { lock.package($0.name) }.filter { child in
                let source = child.patched ?? child.source
                return source.isRegistry && !record.takes(child.name, from: source)
            }.map { "it does not say of which registry \(record.id) means \($0.name): its own manifest says that" }
        }
    }

    // MARK: By the lock

    /// Everything that the manifests need, if the lock has all of it; nil when it must be solved.
    private func byLock(_ lock: Lockfile) throws -> PackageGraph? {
        var walk = LockWalk(lock: lock, binder: binder)
        guard try walk.run(declared()) else { return nil }
        return try finished(walk.graph) { try walk.place(of: $0, from: $1) }
    }

    // MARK: By solving

    private func bySolving() async throws -> PackageGraph {
        var roots: [PackageDependency] = []
        for (dependency, root) in declared() {
            let bound = try await catalog.bind(dependency, declaredIn: root, registry: nil)
            roots.append(PackageDependency(bound.key, bound.requirement))
        }
        var graph = PackageGraph()
        if roots.isEmpty { return graph }
        workspace.settings.progress("resolving \(counted(roots.count, "dependency", "dependencies"))")
        let (versions, passedOver): ([PackageKey: Version], [PassedOver])
        do {
            (versions, passedOver) = try await solution(of: roots)
        } catch let failure as ResolutionFailure {
            var diagnostics = failure.diagnostics
            if !diagnostics.isEmpty { diagnostics[0].notes += memberWishes(namedIn: failure.explanation) }
            if let sibling = sibling(namedIn: failure.explanation + diagnostics.map(\.message)) {
                diagnostics[0].notes.append(sibling.note)
                diagnostics[0].hint = sibling.hint
            }
            if !diagnostics.isEmpty, let patched = await patches(namedIn: failure.explanation) {
                diagnostics[0].notes += patched.notes
                diagnostics[0].hint = patched.hint
            }
            throw DiagnosticsError(diagnostics)
        }
        graph.passedOver = passedOver.map { Self.remark(on: $0, instead: versions[$0.key]) }
        var places: [PackageKey: Int] = [:]
        var byName: [PackageName: [Int]] = [:]
        for (key, version) in versions.sorted(by: { $0.key < $1.key }) {
            let node = try await node(key, version)
            // Several wishes for one repository (any, a range) may come to the same version of it: that is one package, as it
            // is for whoever reads the lock.
            if let known = byName[node.name]?.first(where: { graph.nodes[$0].isSamePackage(as: node) }) {
                places[key] = known
            } else {
                places[key] = graph.nodes.count
                byName[node.name, default: []].append(graph.nodes.count)
                graph.nodes.append(node)
            }
        }
        for (key, version) in versions {
            guard let place = places[key] else { continue }
            let bound = try await catalog.bound(of: key, at: version)
            let needed = bound.compactMap { places[$0.key] }
            graph.nodes[place].dependencies = Set(graph.nodes[place].dependencies + needed).sorted()
            var ranges = RecordedRanges()
            for one in bound {
                if let needed = places[one.key] { ranges.add(one.lockedRange, of: graph.nodes[needed].name) }
            }
            graph.nodes[place].ranges = ranges.ranges
            // What was taken as it is locked says what it said.
            if case .locked(let locked) = graph.nodes[place].kind, await catalog.isHeld(key) {
                graph.nodes[place].ranges = locked.ranges
            }
        }
        for place in graph.nodes.indices { graph.nodes[place].registries = graph.registries(of: place) }
        let found = places
        return try finished(graph) { dependency, root in
            found[try binder.bind(dependency, declaredIn: root, registry: nil).key]
        }
    }

    /// With what the lock has of repositories, as long as that will do: then their servers are not asked.
    private func solution(
        of roots: [PackageDependency]
    ) async throws -> (versions: [PackageKey: Version], passedOver: [PassedOver]) {
        try await catalog.hold(roots)
        await catalog.prefetch(roots)
        var failure: ResolutionFailure?
        while true {
            var solver = Solver(catalog)
            do {
                return (try await solver.solve(roots), solver.passedOver)
            } catch is Catalog.NoLongerHeld {
                await catalog.prefetch(roots)
                continue
            } catch let found as ResolutionFailure {
                guard await catalog.letGo(namedIn: found.explanation) else { throw found }
                failure = found
                await catalog.prefetch(roots)
            } catch {
                // Why there was no solution tells more than that nobody could be asked for another.
                guard let failure, var found = Workspace.diagnostics(of: error), !found.isEmpty else { throw error }
                found[0].notes += ["as skvm.lock has it:"] + failure.explanation
                throw DiagnosticsError(found)
            }
        }
    }

    private static func remark(on passed: PassedOver, instead taken: Version?) -> Diagnostic {
        let cause = passed.cause.diagnostics.first
        return Diagnostic(
            "resolve.passed-over", .warning,
            "\(passed.key.name) \(passed.version) can't be used, and \(taken.map { "\($0)" } ?? "another") is taken: "
                + (cause?.message ?? passed.cause.lack),
            at: cause?.location, notes: cause?.notes ?? [], hint: "tell those who publish \(passed.key.name)")
    }

    /// Which members ask for packages that an explanation names: to the solver what they ask for is the project's wish.
    private func memberWishes(namedIn explanation: [String]) -> [String] {
        memberDeclared.compactMap { dependency, root in
            let isNamed = explanation.contains { $0.contains("the project needs \(dependency.name) ") }
            return isNamed
                ? "the member \(project.shown(root)) asks for \(dependency.name) \(dependency.source.words)" : nil
        }
    }

    /// A member of the workspace that another member, or the project, asks the registry for: a folder is asked for by its path.
    private func sibling(namedIn sentences: [String]) -> (note: String, hint: String)? {
        for (dependency, root) in declared() {
            guard case .registry(let range, _) = dependency.source,
                let skill = folders.first(where: {
                    members.contains($0.path) && $0.path != root && $0.manifest?.package?.name == dependency.ownName
                }),
                sentences.contains(where: {
                    $0.contains("needs \(dependency.name) ") || $0.contains("`\(dependency.ownName)`")
                })
            else { continue }
            let path = AddSpec.relative(skill.path, to: root)
            let file = project.shown("\(root)/\(Manifest.fileName)")
            return (
                "\(skill.name) \(skill.version) is a member of this workspace, \(project.shown(skill.path))",
                "write \(dependency.name) = { path = \"\(path)\", version = \"\(range)\" } in \(file)"
                    + (range.contains(skill.version) ? "" : ", with a range that has \(skill.version)")
            )
        }
        return nil
    }

    /// The patches of packages that an explanation names: what stands in a package's place is all that there is of it.
    private func patches(namedIn explanation: [String]) async -> (notes: [String], hint: String)? {
        let named = await catalog.patches().filter { package, _ in
            explanation.contains { $0.contains("\(package.name) ") }
        }
        let notes = named.compactMap { package, original -> String? in
            guard let patch = binder.patch(of: package.name, original)?.patch else { return nil }
            let table = "[patch.\(patch.original)]", place = patch.replacement.location
            return "\(table) of \(place) puts \(patch.replacement.source.words) in the place of \(package.name)"
        }
        if notes.isEmpty { return nil }
        return (
            notes.sorted(),
            "put a version that is in the range there, widen the range that the reasons name, or take the patch out"
        )
    }

    private func node(_ key: PackageKey, _ version: Version) async throws -> PackageGraph.Node {
        let patched = await catalog.patched(key)
        if case .folder(let path)? = await catalog.binding(of: key), let skill = binder.folders[path] {
            return folderNode(skill, name: key.name, patched: patched, key: key)
        }
        if let locked = await catalog.locked(key), locked.version == version,
            try await holds(locked, key)
        {
            return PackageGraph.Node(
                kind: .locked(locked), name: key.name, source: locked.source, version: version,
                commit: locked.source.hasCommit ? locked.commit : nil, patched: patched, key: key)
        }
        guard let release = try await catalog.release(of: key, at: version),
            let source = try await source(of: key, release)
        else {
            throw DiagnosticsError([
                Diagnostic(
                    "resolve.no-source", .error, "nothing says where '\(key)' \(version) comes from", fault: .internal)
            ])
        }
        let commit = source.hasCommit ? release.origin.commit.flatMap { CommitID($0.hex) } : nil
        return PackageGraph.Node(
            kind: .released(release), name: key.name, source: source, version: version, commit: commit,
            patched: patched, key: key)
    }

    /// Whether the store has what the lock truly pins, where files are wanted. A repository is asked whether its tags are where
    /// they were.
    private func holds(_ locked: LockedPackage, _ key: PackageKey) async throws -> Bool {
        if await catalog.unreached[key] != nil { return true }
        if await catalog.isHeld(key) { return true }
        // What is to move is held against what its source has now, though it be the same version.
        let isLeftAlone = !options.readsFiles && !options.moving.contains(locked.id.name)
        switch await catalog.binding(of: key) {
        case .registry?, .hub?: return try isLeftAlone || isHere(locked)
        case .web?: return isLeftAlone
        case .git?, .folder?, nil: return false
        }
    }

    private func source(of key: PackageKey, _ release: PackageRelease) async throws -> PackageSource? {
        switch await catalog.binding(of: key) {
        case .registry(let registry)?: return try shelf.entry(registry).source
        case .git(let source)?:
            let reference: PackageSource.Reference? =
                switch source.reference {
                case .branch(let name): .branch(name)
                case .tag(let name): .tag(name)
                case .range, .revision, .newest: nil
                }
            var path = source.path
            if case .git(_, _, let found) = release.origin { path = found }
            let found = PackageSource.git(
                await spelling(of: source.url, key), reference: reference, path: path)
            // What is written must be what is read.
            if PackageSource(found.description) == found { return found }
            throw DiagnosticsError([
                Diagnostic(
                    "package.folder-name", .error,
                    "'\(key.name)' lies in a folder whose name no lock can hold: \(path?.text.shown() ?? "")",
                    notes: ["it comes from \(source.url)"],
                    hint:
                        "ask its author to rename the folder: control characters and such as hide text can't be written",
                    fault: .build)
            ])
        case .web(let source)?: return .web(source)
        case .hub(let source)?: return .hub(source)
        case .folder?, nil: return nil
        }
    }

    /// Of several spellings of one address the project's own; else the lock's, so that it stays as it is.
    private func spelling(of url: RepositoryURL, _ key: PackageKey) async -> RepositoryURL {
        if url.isLocal { return url }
        for (dependency, _) in declared() {
            if case .git(let own) = dependency.source, own.url == url { return own.url }
        }
        if case .git(let locked, _, _)? = await catalog.locked(key)?.source, locked == url { return locked }
        return url
    }

    private func folderNode(
        _ skill: FolderSkill, name: PackageName, patched: PackageSource?, key: PackageKey?
    ) -> PackageGraph.Node {
        let source: PackageSource =
            members.contains(skill.path)
            ? .workspace(RelativePath(project.shown(skill.path)))
            : .path(RelativeFolder.path(skill.path, from: project.root))
        return PackageGraph.Node(
            kind: .folder(skill), name: name, source: source, version: skill.version, patched: patched, key: key)
    }

    // MARK: The whole

    /// Marks what the project names, and hands out the names that manifests give: first the project's own, then the members',
    /// then those of other folders.
    private func finished(
        _ made: PackageGraph, _ place: (ManifestDependency, String) throws -> Int?
    ) throws -> PackageGraph {
        var graph = made
        for index in graph.nodes.indices {
            guard case .folder(let skill) = graph.nodes[index].kind else { continue }
            graph.nodes[index].source = folderNode(skill, name: skill.name, patched: nil, key: nil).source
        }
        var claims: [(dependency: ManifestDependency, node: Int, isRoot: Bool)] = []
        let own = ownDeclared
        let others = folders.filter { !members.contains($0.path) }.sorted { $0.path < $1.path }
        for (number, (dependency, root)) in (own + memberDeclared + others.flatMap(Self.declared)).enumerated() {
            guard let node = try place(dependency, root) else { continue }
            if number < own.count { graph.roots.append(node) }
            claims.append((dependency, node, number < own.count))
        }
        for skill in folders where members.contains(skill.path) {
            var places: Set<Int> = []
            var ranges = RecordedRanges()
            for (dependency, root) in Self.declared(skill) {
                guard let found = try place(dependency, root) else { continue }
                places.insert(found)
                ranges.add(
                    try binder.bind(dependency, declaredIn: root, registry: nil).lockedRange,
                    of: graph.nodes[found].name)
            }
            graph.memberNeeds[skill.path] = places.sorted()
            graph.memberRanges[skill.path] = ranges.ranges
        }
        for (dependency, root) in own {
            graph.wishes[dependency.name] =
                try binder.bind(dependency, declaredIn: root, registry: nil).lockedRange ?? .locked
        }
        try graph.claim(claims)
        return graph
    }

    /// What there is to say of the manifest's patches.
    func remarks(on graph: PackageGraph) -> [Diagnostic] {
        let used = graph.nodes.compactMap { node in node.patched.map { (name: node.name, patched: $0) } }
        let idle = folders.filter { members.contains($0.path) && $0.path != project.root }.compactMap {
            skill -> Diagnostic? in
            guard let manifest = skill.manifest else { return nil }
            if let patch = manifest.patches.first {
                return Diagnostic(
                    "patch.member", .warning, "[patch] of a workspace's member has no effect",
                    at: patch.replacement.location, hint: "move it to the workspace's own skvm.toml")
            }
            let tables = manifest.tablesOfProjects
            if tables.isEmpty { return nil }
            return Diagnostic(
                "workspace.member-table", .warning,
                "\(tables.joined(separator: ", ")) of a workspace's member \(tables.count == 1 ? "has" : "have") no effect",
                at: SourceLocation(file: project.shown(skill.path) + "/" + Manifest.fileName),
                hint: "move \(tables.count == 1 ? "it" : "them") to the workspace's own skvm.toml")
        }
        return graph.passedOver + binder.unused(used) + idle + strangers(in: graph)
    }

    /// Registries that only the manifests of dependencies name, when something comes from them for the first time.
    private func strangers(in graph: PackageGraph) -> [Diagnostic] {
        let known = Set((lock?.packages ?? []).map(\.source))
        var told: [PackageSource: (packages: Set<PackageName>, by: Set<PackageName>)] = [:]
        for node in graph.nodes where !node.source.isRegistry {
            for child in node.dependencies.map({ graph.nodes[$0] })
            where child.source.isRegistry && !shelf.isOwn(child.source) && !known.contains(child.source) {
                told[child.source, default: ([], [])].packages.insert(child.name)
                told[child.source]?.by.insert(node.name)
            }
        }
        return told.sorted { $0.key < $1.key }.compactMap { source, names in
            guard case .registry(let url) = source else { return nil }
            let packages = names.packages.sorted().map { "'\($0)'" }.joined(separator: ", ")
            let dependents = names.by.sorted().map { "'\($0)'" }.joined(separator: ", ")
            return Diagnostic(
                "registry.of-dependency", .warning,
                "\(packages) \(names.packages.count == 1 ? "comes" : "come") from the registry \(url), named by \(dependents)",
                notes: ["the project's own registries are not asked for what a dependency binds to another"],
                hint: "if you don't trust it: take \(dependents) out, or put another in its place by [patch.\"\(url)\"]"
            )
        }
    }
}

extension Lockfile {
    /// What a manifest asks for and this has not, and the other way round, by name.
    func differences(from manifest: Manifest) -> [String] {
        if wishes.isEmpty { return [] }
        let (asked, had) = (Set(manifest.dependencies.map(\.name)), Set(wishes.keys))
        let notes =
            asked.subtracting(had).sorted().map { "skvm.toml asks for \($0), which it does not have" }
            + had.subtracting(asked).sorted().map { "it has \($0), which skvm.toml does not ask for" }
        return notes.count > 10 ? notes.prefix(9) + ["and \(notes.count - 9) more"] : notes
    }
}

extension Manifest {
    /// What it has of the tables that only a project's own manifest has a say with.
    fileprivate var tablesOfProjects: [String] {
        [
            ("[targets]", !targets.isEmpty), ("[passes]", !passes.isEmpty), ("[vendor]", vendor != nil),
            ("[update]", cooldown != nil), ("[trust]", trust != nil),
        ].filter(\.1).map(\.0)
    }
}

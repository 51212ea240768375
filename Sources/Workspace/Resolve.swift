import Basics
import BuildEngine
import Compiler
import ContentStore
import Git
import Registry
import Resolution
import SkillModel

extension Workspace {
    /// Finds and fetches the project's packages: as the lock pins them where it satisfies the manifest, solved otherwise.
    ///
    /// Touches the network only for what is neither in the lock nor in the store. Throws `DiagnosticsError`.
    func resolve(
        _ project: Project, lock: Lockfile?, shelf: RegistryShelf, _ options: ResolveOptions = ResolveOptions()
    ) async throws -> Resolved {
        let takenAt = WallClock.now()
        try takeVendored(project, lock)
        let (members, listed) = try memberFolders(project)
        let indexFile = project.statePath + "/folders"
        var index = FolderIndex(reading: indexFile, maker: Implementations.current.digest)
        index.records = index.records.filter { $0.key.hasPrefix("/") }

        var folders = try scanFolders(members, project: project, index: &index)
        try scanPathDependencies(project, &folders, &index)
        let present = Set(folders.map(\.path))
        index.records = index.records.filter { path, _ in present.contains(path) }

        let catalog = Catalog(
            shelf, repositories, root: project.root,
            folders: Dictionary(folders.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first }),
            wishes: Catalog.Wishes(
                locked: Dictionary(
                    (lock?.packages ?? []).map { ($0.id.name, $0) }, uniquingKeysWith: { first, _ in first }),
                moving: options.moving, precise: options.precise, ages: releaseAges(project)))
        let resolver = Resolver(
            workspace: self, project: project, lock: lock, shelf: shelf, catalog: catalog, members: Set(members),
            folders: folders, options: options,
            signers: try SignerCheck(self, project, lock: lock, shelf: shelf, accepted: options.acceptedSigners))
        return Resolved(
            packages: try await resolver.run(), folders: folders, listedFolders: listed, index: index,
            takenAt: takenAt, catalog: catalog, declared: resolver.declared(),
            findings: await resolver.signers.findings)
    }

    /// The source files that the lock pins of a package: from the store, else fetched from where the lock says.
    func sourceFiles(of locked: LockedPackage, _ project: Project, _ shelf: RegistryShelf) async throws -> [TreeEntry] {
        try await Resolver(
            workspace: self, project: project, lock: nil, shelf: shelf,
            catalog: Catalog(shelf, repositories, root: project.root, folders: [:]), members: [], folders: [],
            options: ResolveOptions(),
            signers: try SignerCheck(self, project, lock: nil, shelf: shelf, accepted: [])
        ).lockedPackage(locked).entries
    }

    /// Nil for a project without a cooldown.
    func releaseAges(_ project: Project) -> ReleaseAges? {
        project.manifest.cooldown.map {
            ReleaseAges(cooldown: $0, now: WallClock.now() / 1_000_000_000, cache: repositories)
        }
    }

    private func memberFolders(_ project: Project) throws -> (members: [String], listed: [String]) {
        var (members, listed) = try Members.expand(project.manifest.members ?? [], in: project.root)
        let isSkill = FileSystem.exists(project.root + "/SKILL.md")
        if project.manifest.package != nil && !isSkill {
            throw DiagnosticsError([
                Diagnostic(
                    "workspace.no-skill", .error, "skvm.toml has [package], but there is no SKILL.md beside it",
                    at: SourceLocation(file: Manifest.fileName), hint: "write SKILL.md, or take [package] out")
            ])
        }
        if isSkill && !members.contains(project.root) { members.insert(project.root, at: 0) }
        return (members, listed)
    }

    /// Follows path dependencies from folder to folder.
    private func scanPathDependencies(
        _ project: Project, _ folders: inout [FolderSkill], _ index: inout FolderIndex
    ) throws {
        var wanted = project.manifest.dependencies.compactMap { $0.folder(from: project.root) }
        wanted += folders.flatMap { skill in
            (skill.manifest?.dependencies ?? []).compactMap { $0.folder(from: skill.path) }
        }
        while true {
            let new = Set(wanted.map(\.path)).subtracting(folders.map(\.path))
            if new.isEmpty { return }
            for (path, dependency) in wanted where new.contains(path) && !FileSystem.exists(path + "/SKILL.md") {
                throw DiagnosticsError([
                    Diagnostic(
                        "package.no-folder", .error,
                        FileSystem.isDirectory(path)
                            ? "'\(dependency.name)' is the folder \(project.shown(path)), which has no SKILL.md"
                            : "'\(dependency.name)' is the folder \(project.shown(path)), which does not exist",
                        at: dependency.location, hint: "correct its path in skvm.toml")
                ])
            }
            let scanned = try scanFolders(new.sorted(), project: project, index: &index)
            folders += scanned
            wanted = scanned.flatMap { skill in
                (skill.manifest?.dependencies ?? []).compactMap { $0.folder(from: skill.path) }
            }
        }
    }
}

/// One resolution: from declared dependencies to packages with files.
private struct Resolver {
    let workspace: Workspace
    let project: Project
    let lock: Lockfile?
    let shelf: RegistryShelf
    let catalog: Catalog
    /// Absolute folders.
    let members: Set<String>
    let folders: [FolderSkill]
    let options: ResolveOptions
    let signers: SignerCheck
    /// `folders` by their absolute paths.
    private let byPath: [String: FolderSkill]
    /// For each name that a manifest declares as a path: the folder skill that stands for it. The project's own
    /// declarations go before those of folder skills.
    private let byName: [PackageName: FolderSkill]

    init(
        workspace: Workspace, project: Project, lock: Lockfile?, shelf: RegistryShelf, catalog: Catalog,
        members: Set<String>, folders: [FolderSkill], options: ResolveOptions, signers: SignerCheck
    ) {
        self.workspace = workspace
        self.project = project
        self.lock = lock
        self.shelf = shelf
        self.catalog = catalog
        self.members = members
        self.folders = folders
        self.options = options
        self.signers = signers
        let byPath = Dictionary(folders.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let others = folders.filter { members.contains($0.path) } + folders.filter { !members.contains($0.path) }
        let declared =
            project.manifest.dependencies.map { ($0, project.root) }
            + others.flatMap { skill in (skill.manifest?.dependencies ?? []).map { ($0, skill.path) } }
        self.byPath = byPath
        byName = Dictionary(
            declared.compactMap { dependency, root in
                dependency.folder(from: root).flatMap { byPath[$0.path] }.map { (dependency.name, $0) }
            }, uniquingKeysWith: { first, _ in first })
    }

    func run() async throws -> [ResolvedPackage] {
        let versions: [PackageName: Version]
        if !options.isUpdate, let lock, let pinned = lockedVersions(lock) {
            versions = pinned
        } else {
            versions = try await solve()
        }
        var packages = try await fetched(versions)
        packages += ownMembers(besides: packages)
        packages = marked(packages)
        return packages.sorted { $0.id < $1.id }
    }

    // MARK: By the lock

    /// The folder skill that a name stands for, because some manifest has it as a path.
    private func folder(of dependency: ManifestDependency, from root: String) -> FolderSkill? {
        guard let (path, _) = dependency.folder(from: root) else { return nil }
        return byPath[path]
    }

    /// Name → version for everything that the manifests need, if the lock has all of it; nil when it must be solved.
    private func lockedVersions(_ lock: Lockfile) -> [PackageName: Version]? {
        var versions: [PackageName: Version] = [:]
        var open: [(dependency: ManifestDependency, root: String)] = declared()
        while let (dependency, root) = open.popLast() {
            if let skill = folder(of: dependency, from: root) {
                if versions.updateValue(skill.version, forKey: dependency.name) == nil {
                    open += (skill.manifest?.dependencies ?? []).map { ($0, skill.path) }
                }
                continue
            }
            guard let locked = lock.package(dependency.name), satisfies(locked, dependency) else { return nil }
            if versions[dependency.name] == locked.version { continue }
            if versions.updateValue(locked.version, forKey: dependency.name) != nil { return nil }
            // A fetched package's own dependencies were checked when it was locked: its bytes are pinned.
            for id in locked.dependencies {
                guard let child = lock.package(id.name), child.version == id.version else { return nil }
                open.append((ManifestDependency(id.name, pinned(child)), root))
            }
        }
        return versions
    }

    /// What the project and its folder skills declare, each with the folder its paths are relative to.
    func declared() -> [(dependency: ManifestDependency, root: String)] {
        project.manifest.dependencies.map { ($0, project.root) }
            + folders.filter { members.contains($0.path) && $0.path != project.root }.flatMap { skill in
                (skill.manifest?.dependencies ?? []).map { ($0, skill.path) }
            }
    }

    private func satisfies(_ locked: LockedPackage, _ dependency: ManifestDependency) -> Bool {
        switch (dependency.source, locked.source) {
        case (.registry(let range, let name), let source) where source.isRegistry:
            // Within a fetched package's closure the source is what the lock says: no name to check.
            guard range.contains(locked.version) else { return false }
            guard let entry = try? shelf.entry(name) else { return false }
            return entry.source == source || shelf.entry(of: source) != nil && name == nil && !isDeclared(dependency)
        case (.git(let wanted), .git(let url, let reference, let path)):
            guard wanted.url == url, wanted.path == nil || wanted.path == path, let commit = locked.commit else {
                return false
            }
            switch wanted.reference {
            case .range(let range): return range.contains(locked.version)
            case .revision(let text): return commit.description.hasPrefix(text)
            case .branch(let name): return reference == .branch(name)
            case .tag(let name): return reference == .tag(name)
            case .newest: return reference == nil
            }
        default: return false
        }
    }

    private func isDeclared(_ dependency: ManifestDependency) -> Bool {
        project.manifest.dependencies.contains { $0.name == dependency.name }
    }

    /// A locked package as a dependency that only itself satisfies.
    private func pinned(_ package: LockedPackage) -> ManifestDependency.Source {
        switch package.source {
        case .git(let url, let reference, let path):
            let wanted: GitSource.Reference =
                switch reference {
                case .branch(let name)?: .branch(name)
                case .tag(let name)?: .tag(name)
                case nil: .newest
                }
            return .git(GitSource(url: url, path: path, reference: wanted))
        case .path(let path): return .path(path)
        case .registry, .embedded, .workspace: return .registry(.exactly(package.version), registry: nil)
        }
    }

    // MARK: By solving

    private func solve() async throws -> [PackageName: Version] {
        if workspace.flags.locked, !options.isUpdate {
            throw DiagnosticsError([
                Diagnostic(
                    "lock.stale", .error,
                    lock == nil ? "there is no skvm.lock" : "skvm.lock does not satisfy skvm.toml",
                    at: SourceLocation(file: Lockfile.fileName),
                    hint: "run the command without --locked and commit skvm.lock", fault: .staleLock)
            ])
        }
        var roots: [PackageDependency] = []
        for (dependency, root) in declared() {
            roots.append(
                try await catalog.bind(dependency, declaredIn: root, by: "skvm.toml", registry: nil))
        }
        if roots.isEmpty { return [:] }
        workspace.settings.progress("resolving \(roots.count) dependenc\(roots.count == 1 ? "y" : "ies")")
        let kept = (lock?.packages ?? []).filter { !options.moving.contains($0.id.name) }
        let locked = Dictionary(kept.map { ($0.id.name, $0.version) }, uniquingKeysWith: { first, _ in first })
        do {
            var solver = Solver(catalog, locked: locked)
            return try await solver.solve(roots)
        } catch let failure as ResolutionFailure {
            throw DiagnosticsError([failure.diagnostic])
        }
    }

    // MARK: Files

    private func fetched(_ versions: [PackageName: Version]) async throws -> [ResolvedPackage] {
        var packages: [ResolvedPackage] = []
        for (name, version) in versions.sorted(by: { $0.key < $1.key }) {
            packages.append(try await package(name, version, versions))
        }
        return packages
    }

    private func package(
        _ name: PackageName, _ version: Version, _ versions: [PackageName: Version]
    ) async throws -> ResolvedPackage {
        if let skill = byName[name] { return package(skill, name, relative(skill.path), versions) }
        if let locked = lock?.package(name), locked.version == version {
            var isPinned = await catalog.binding(of: name) == nil
            if !isPinned { isPinned = try await holds(locked) || !options.readsFiles }
            if isPinned { return try await lockedPackage(locked) }
        }
        guard let release = try await catalog.release(of: name, at: version),
            let source = try await source(of: name, release)
        else {
            throw DiagnosticsError([
                Diagnostic(
                    "resolve.no-source", .error, "nothing says where '\(name)' \(version) comes from", fault: .internal)
            ])
        }
        let known = lock?.package(name).flatMap { $0.version == version && $0.source == source ? $0 : nil }
        if let known { try requireUnmoved(known, release) }
        // A commit has one tree: what the lock pins of it need not be fetched to be believed.
        if let known, let tree = known.tree, let commit = known.commit,
            commit.description == release.origin.commit?.hex,
            try workspace.holdsTree(tree)
        {
            return try await lockedPackage(known)
        }
        let files = try await files(of: release)
        if let known, let tree = known.tree, tree != files.tree { throw changedUnderTheLock(known, files.tree) }
        let id = PackageID(name, version)
        let signer = try await signers.signer(of: release, id, source)
        return ResolvedPackage(
            id: id, ownName: name, source: source,
            commit: files.commit.flatMap { CommitID($0.hex) }, tree: files.tree, entries: files.entries,
            dependencies: ids(release.dependencies, versions), signer: signer, folderName: nil,
            place: "\(name) \(version)",
            isNeeded: true)
    }

    /// Whether the store has what the lock pins, and the name still has the source that the lock says.
    private func holds(_ locked: LockedPackage) async throws -> Bool {
        guard let tree = locked.tree, try workspace.holdsTree(tree) else { return false }
        switch (await catalog.binding(of: locked.id.name), locked.source) {
        case (.registry(let name)?, let source): return try shelf.entry(name).source == source
        default: return false
        }
    }

    /// A release's files: from the store when it has the tree that the registry promises.
    private func files(of release: PackageRelease) async throws -> PackageFiles {
        let store = workspace.store
        if let tree = release.tree, try workspace.holdsTree(tree), let entries = try store.tree(tree) {
            return PackageFiles(root: try Tree.build(entries).root, entries: entries, commit: release.origin.commit)
        }
        workspace.settings.progress("fetching \(release.name) \(release.version)")
        return try await PackageFetcher(cache: workspace.repositories, store: store).fetch(release)
    }

    /// A package as the lock has it: from the store, else fetched from where the lock says.
    func lockedPackage(_ locked: LockedPackage) async throws -> ResolvedPackage {
        guard let tree = locked.tree else { throw changedUnderTheLock(locked, Digest(of: "")) }
        let store = workspace.store
        var entries: [TreeEntry]? = options.readsFiles ? nil : []
        if options.readsFiles, try workspace.holdsTree(tree) { entries = try store.tree(tree) }
        if entries == nil {
            let release = try await release(of: locked)
            workspace.settings.progress("fetching \(locked.id)")
            let files = try await PackageFetcher(cache: workspace.repositories, store: store).fetch(release)
            if files.tree != tree { throw changedUnderTheLock(locked, files.tree) }
            entries = files.entries
        }
        var signer = locked.signer
        if options.readsFiles {
            signer = try await signers.recheck(locked) { try await self.release(of: locked, withTag: true) }
        }
        return ResolvedPackage(
            id: locked.id, ownName: locked.name, source: locked.source, commit: locked.commit, tree: tree,
            entries: entries ?? [], dependencies: locked.dependencies, signer: signer, folderName: nil,
            place: "\(locked.id)", isNeeded: true)
    }

    /// - Parameter withTag: whether a repository is asked which tag stands for the commit.
    private func release(of locked: LockedPackage, withTag: Bool = false) async throws -> PackageRelease {
        let unavailable = Diagnostic(
            "lock.unavailable", .error, "\(locked.source) no longer has \(locked.id)",
            at: SourceLocation(file: Lockfile.fileName), hint: "choose another version in skvm.toml", fault: .outside)
        switch locked.source {
        case .registry, .embedded:
            guard let entry = shelf.entry(of: locked.source) else { throw DiagnosticsError([unavailable]) }
            let releases = try await shelf.snapshot(entry).releases(of: locked.name)
            guard let release = releases?.first(where: { $0.version == locked.version }) else {
                throw DiagnosticsError([unavailable])
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
                candidate = tagged.first { $0.commit == commit } ?? candidate
            }
            return try await package.release(candidate)
        case .path, .workspace: throw DiagnosticsError([unavailable])
        }
    }

    /// A version of a repository is a tag, and the lock knows which commit it was at.
    private func requireUnmoved(_ locked: LockedPackage, _ release: PackageRelease) throws {
        guard case .git(let url, let commit, _) = release.origin, case .git = locked.source,
            let was = locked.commit.flatMap({ ObjectID(hex: $0.description) }), was != commit
        else { return }
        var moved = GitRepository.movedTag("v\(locked.version)", of: url, was, commit).diagnostic
            .inFile(Lockfile.fileName)
        moved.hint = "a release never changes; if its author says why this one did, remove \(locked.id) from skvm.lock"
        throw DiagnosticsError([moved])
    }

    private func changedUnderTheLock(_ locked: LockedPackage, _ found: Digest) -> DiagnosticsError {
        DiagnosticsError([
            Diagnostic(
                "lock.tree", .error, "\(locked.id) is not what skvm.lock pins",
                at: SourceLocation(file: Lockfile.fileName),
                notes: ["pinned \(locked.tree?.description ?? "nothing")", "found \(found)", "from \(locked.source)"],
                hint: "its source was rewritten; if you trust the new bytes, remove the record from skvm.lock",
                fault: .integrity)
        ])
    }

    private func source(of name: PackageName, _ release: PackageRelease) async throws -> PackageSource? {
        switch await catalog.binding(of: name) {
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
            return .git(source.url, reference: reference, path: path)
        case .folder?, nil: return nil
        }
    }

    // MARK: Folders

    private func package(
        _ skill: FolderSkill, _ name: PackageName, _ path: String, _ versions: [PackageName: Version]
    ) -> ResolvedPackage {
        let isMember = members.contains(skill.path)
        let source: PackageSource =
            isMember ? .workspace(RelativePath(project.shown(skill.path))) : .path(path)
        return ResolvedPackage(
            id: PackageID(name, skill.version), ownName: skill.name, source: source, commit: nil, tree: skill.tree,
            entries: skill.record.entries, dependencies: ids(skill.manifest?.dependencies ?? [], versions),
            folderName: skill.folderName, place: project.shown(skill.path), isNeeded: true)
    }

    /// Members that nothing depends on, under their own names; a name that is taken gets a number.
    private func ownMembers(besides packages: [ResolvedPackage]) -> [ResolvedPackage] {
        var taken = Set(packages.map(\.id.name))
        let there = Set(packages.map(\.place))
        let versions = Dictionary(packages.map { ($0.id.name, $0.id.version) }, uniquingKeysWith: { first, _ in first })
        return folders.filter { members.contains($0.path) && !there.contains(project.shown($0.path)) }.map { skill in
            var name = skill.name
            var number = 2
            while !taken.insert(name).inserted {
                name = PackageName("\(skill.name.description.prefix(56))-\(number)") ?? name
                number += 1
            }
            var package = package(skill, name, relative(skill.path), versions)
            package.isNeeded = false
            return package
        }
    }

    /// From the project's root, `..` where it must be.
    private func relative(_ path: String) -> String {
        if path == project.root { return "." }
        let from = project.root.split(separator: "/")
        let to = path.split(separator: "/")
        let common = zip(from, to).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: from.count - common) + to.dropFirst(common).map(String.init))
            .joined(separator: "/")
    }

    private func ids(_ dependencies: [ManifestDependency], _ versions: [PackageName: Version]) -> [PackageID] {
        dependencies.compactMap { dependency in versions[dependency.name].map { PackageID(dependency.name, $0) } }
            .sorted()
    }

    /// Marks what the project's own dependencies lead to: that is what `install` installs.
    private func marked(_ packages: [ResolvedPackage]) -> [ResolvedPackage] {
        let table = Dictionary(packages.map { ($0.id.name, $0) }, uniquingKeysWith: { first, _ in first })
        var needed: Set<PackageName> = []
        var open = project.manifest.dependencies.map(\.name)
        while let name = open.popLast() {
            guard let package = table[name], needed.insert(name).inserted else { continue }
            open += package.dependencies.map(\.name)
        }
        return packages.map { package in
            var copy = package
            copy.isNeeded = needed.contains(package.id.name)
            return copy
        }
    }
}

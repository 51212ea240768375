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
        let indexFile = memory(of: project.root) + "/folders"
        var index = FolderIndex(reading: indexFile, maker: Implementations.current.digest)
        index.records = index.records.filter { $0.key.utf8.first == 0x2F }
        let (named, listed) = try memberFolders(project, &index)

        var faults: [FolderFaults] = []
        var folders = try scanFolders(named, project: project, index: &index, faults: &faults)
        try scanPathDependencies(project, &folders, &index, &faults)
        if !options.setsApart, !faults.isEmpty { throw DiagnosticsError(faults.flatMap(\.faults)) }
        var members = named
        let broken = try setApart(faults, &folders, &members, project, lock: lock)
        try requireOneWorkspace(folders, Set(members), project)
        let present = Set(folders.map(\.path))
        index.records = index.records.filter { path, _ in present.contains(path) }

        let binder = try Binder(
            shelf, project, folders: Dictionary(folders.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first }))
        let memory = RecordMemory(cache: settings.cacheDirectory, root: project.root)
        let catalog = Catalog(
            binder, self,
            wishes: Catalog.Wishes(
                locked: lock?.packages ?? [], isTrue: { try isTrue($0, project, memory) }, moving: options.moving,
                precise: options.precise,
                ages: releaseAges(project),
                standby: options.standsIn ? try standby(project, lock, folders, memory) : nil,
                supply: { try await supply(of: project, lock, shelf) }))
        let resolver = Resolver(
            workspace: self, project: project, lock: lock, catalog: catalog, members: Set(members), folders: folders,
            options: options,
            signers: try SignerCheck(
                self, project, lock: lock, shelf: shelf, accepted: options.acceptedSigners, memory: memory),
            memory: memory)
        let graph = try await resolver.graph()
        let packages = try await resolver.packages(of: graph)
        await shelf.keep()
        return Resolved(
            packages: packages.sorted { $0.id < $1.id }, folders: folders, listedFolders: listed, index: index,
            takenAt: takenAt, catalog: catalog, declared: resolver.declared(), wishes: graph.wishes,
            keys: Dictionary(
                zip(packages, graph.nodes).compactMap { package, node in node.key.map { (package.id.name, $0) } },
                uniquingKeysWith: { first, _ in first }),
            broken: broken,
            diagnostics: resolver.remarks(on: graph) + Self.idlePatterns(project, named)
                + Self.ringRemark(folders, project)
                + (await resolver.signers.findings) + (await hubs.findings))
    }

    /// One that looks at what the cache has, and asks nobody.
    private func standby(
        _ project: Project, _ lock: Lockfile?, _ folders: [FolderSkill], _ memory: RecordMemory
    ) throws -> Catalog {
        var near = settings
        near.flags.offline = true
        let here = Workspace(near)
        return Catalog(
            try Binder(
                RegistryShelf(project, here), project,
                folders: Dictionary(folders.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })),
            here,
            wishes: Catalog.Wishes(locked: lock?.packages ?? [], isTrue: { try isTrue($0, project, memory) }))
    }

    /// What is told of a source that can't be reached; nil for any other error.
    static func unreached(_ error: any Error) -> [Diagnostic]? {
        guard !Task.isCancelled, let found = diagnostics(of: error) else { return nil }
        let errors = found.filter { $0.severity == .error }
        // The cache itself, which can't be written, is no source.
        let isUnreached = errors.allSatisfy {
            $0.fault == .outside && $0.id != "git.cache" && !$0.id.hasPrefix("file.")
        }
        return errors.isEmpty || !isUnreached ? nil : errors
    }

    /// A pattern without a skill builds nothing, and says nothing of it: it may be one that was not meant so.
    private static func idlePatterns(_ project: Project, _ members: [String]) -> [Diagnostic] {
        Members(project).idlePatterns(members).map { pattern in
            Diagnostic(
                "workspace.no-match", .warning, "no skill matches '\(pattern)' of members in [workspace]",
                at: SourceLocation(file: Manifest.fileName),
                hint: "a `*` stands for one name, and a member's folder has a SKILL.md: write one with `skvm new`")
        }
    }

    /// The source files that the lock pins of a package: from the store, else fetched from where the lock says.
    func sourceFiles(of locked: LockedPackage, _ project: Project, _ shelf: RegistryShelf) async throws -> [TreeEntry] {
        try await resolver(of: project, shelf).lockedFiles(locked)?.entries ?? []
    }

    /// One that looks at single records of a lock.
    func resolver(of project: Project, _ shelf: RegistryShelf) throws -> Resolver {
        let memory = RecordMemory(cache: settings.cacheDirectory, root: project.root)
        return Resolver(
            workspace: self, project: project, lock: nil,
            catalog: Catalog(try Binder(shelf, project, folders: [:]), self), members: [], folders: [],
            options: ResolveOptions(),
            signers: try SignerCheck(self, project, lock: nil, shelf: shelf, accepted: [], memory: memory),
            memory: memory)
    }

    /// What the project's targets supply.
    private func supply(of project: Project, _ lock: Lockfile?, _ shelf: RegistryShelf) async throws -> TargetSupply {
        let targets = try await resolveTargets(project, lock: lock, names: [], shelf: shelf).targets
        return TargetSupply(targets: targets.map(\.supply))
    }

    /// Nil for a project without a cooldown.
    func releaseAges(_ project: Project) -> ReleaseAges? {
        project.manifest.cooldown.map {
            ReleaseAges(cooldown: $0, now: WallClock.now() / 1_000_000_000, cache: repositories)
        }
    }

    private func memberFolders(
        _ project: Project, _ index: inout FolderIndex
    ) throws -> (members: [String], listed: [String]) {
        var (members, listed) = try expandedMembers(project, &index)
        let isSkill = FileSystem.exists(project.root + "/SKILL.md")
        if project.manifest.package != nil && !isSkill {
            throw DiagnosticsError([
                Diagnostic(
                    "workspace.no-skill", .error, "skvm.toml has [package], but there is no SKILL.md beside it",
                    at: SourceLocation(file: project.manifestName), hint: "write SKILL.md, or take [package] out")
            ])
        }
        if isSkill && !members.contains(project.root) { members.insert(project.root, at: 0) }
        return (members, listed)
    }

    /// `Members.expand`, or what it gave when nothing that decides it has changed since.
    private func expandedMembers(
        _ project: Project, _ index: inout FolderIndex
    ) throws -> (members: [String], listed: [String]) {
        let manifest = project.manifest
        let words =
            [project.root] + (manifest.members ?? []) + ["exclude"] + manifest.exclude
            + ["vendor", manifest.vendor?.text ?? ""]
        let key = Digest(of: words.map { "\($0.utf8.count):\($0)" }.joined())
        if let known = index.listing, known.key == key, changes?.stands(known) == true {
            return (known.named, known.listed)
        }
        let takenAt = WallClock.now()
        let (members, listed) = try Members(project).expand()
        index.listing = .init(key: key, takenAt: takenAt, named: members, listed: listed)
        return (members, listed)
    }

    /// What members say must hold in the workspace, too: that it is this one, and which address a registry's name has.
    private func requireOneWorkspace(_ folders: [FolderSkill], _ members: Set<String>, _ project: Project) throws {
        var faults: [Diagnostic] = []
        for skill in folders where members.contains(skill.path) && skill.path != project.root {
            guard let manifest = skill.manifest else { continue }
            let file = project.shown(skill.path) + "/" + Manifest.fileName
            if manifest.members != nil {
                faults.append(
                    Diagnostic(
                        "workspace.nested", .error, "the member \(project.shown(skill.path)) is a workspace itself",
                        at: SourceLocation(file: file),
                        hint: "take [workspace] out of \(file), or add the folder to exclude of the workspace's own"))
            }
            for (name, url) in manifest.registries.sorted(by: { $0.key < $1.key }) {
                guard let own = project.manifest.registries[name],
                    Catalog.absolute(own, project.root) != Catalog.absolute(url, skill.path)
                else { continue }
                faults.append(
                    Diagnostic(
                        "workspace.registry", .error,
                        "the registry '\(name)' of \(file) is another one than the workspace's",
                        at: SourceLocation(file: file), notes: ["the member has \(url)", "the workspace has \(own)"],
                        hint: "give both one address, or one of them another name"))
            }
        }
        if !faults.isEmpty { throw DiagnosticsError(faults) }
    }

    /// A range has something to hold only where the folder has a version.
    private func requireVersions(_ skills: [FolderSkill], by dependents: [ManifestDependency], _ root: String) throws {
        for dependency in dependents {
            guard case .path(let path, let range?) = dependency.source else { continue }
            let full = FileSystem.absolute(path, from: root)
            guard let skill = skills.first(where: { $0.path == full }), skill.manifest?.package == nil else { continue }
            throw DiagnosticsError([
                Diagnostic(
                    "package.no-version", .error,
                    "'\(dependency.name)' is to be \(range), and the folder \(path) has no version",
                    at: dependency.location, hint: "give its skvm.toml a [package] with name and version")
            ])
        }
    }

    /// Follows path dependencies from folder to folder.
    private func scanPathDependencies(
        _ project: Project, _ folders: inout [FolderSkill], _ index: inout FolderIndex, _ faults: inout [FolderFaults]
    ) throws {
        var wanted = (project.manifest.dependencies + project.manifest.patches.map(\.replacement))
            .compactMap { $0.folder(from: project.root) }
        wanted += folders.flatMap { skill in
            (skill.manifest?.dependencies ?? []).compactMap { $0.folder(from: skill.path) }
        }
        while true {
            let new = Set(wanted.map(\.path)).subtracting(folders.map(\.path)).subtracting(faults.map(\.path))
            if new.isEmpty { break }
            var missing: Set<String> = []
            for (path, dependency) in wanted
            where new.contains(path) && !FileSystem.exists(path + "/SKILL.md") && missing.insert(path).inserted {
                let fault = Diagnostic(
                    "package.no-folder", .error,
                    FileSystem.isDirectory(path)
                        ? "'\(dependency.name)' is the folder \(project.shown(path)), which has no SKILL.md"
                        : "'\(dependency.name)' is the folder \(project.shown(path)), which does not exist",
                    at: dependency.location, hint: "correct its path in skvm.toml")
                faults.append(FolderFaults(path: path, faults: [fault]))
            }
            let scanned = try scanFolders(
                new.subtracting(missing).sorted(), project: project, index: &index, faults: &faults)
            folders += scanned
            wanted = scanned.flatMap { skill in
                (skill.manifest?.dependencies ?? []).compactMap { $0.folder(from: skill.path) }
            }
        }
        try requireVersions(folders, by: project.manifest.dependencies, project.root)
        for skill in folders where skill.path != project.root {
            try requireVersions(folders, by: skill.manifest?.dependencies ?? [], skill.path)
        }
    }
}

import Basics
import ContentStore
import Git
import Registry
import SkillModel

/// Whether what the lock's records say is true (`docs/decisions/0049-what-a-record-pins.md`): the same on every machine,
/// whatever its cache holds.
extension Resolver {
    /// The files of a package as the lock has it, and whether the record was held against its source just now.
    struct LockedFiles: Sendable {
        var entries: [TreeEntry]
        var isNew = false
    }

    /// From the store where the record was found true before, else from where the lock says. Nil without a tree.
    func lockedFiles(_ locked: LockedPackage, _ fetched: Fetched = { nil }) async throws -> LockedFiles? {
        guard let tree = locked.tree else { return nil }
        if try isTrue(locked), let entries = try workspace.heldEntries(of: tree) {
            return LockedFiles(entries: entries)
        }
        var files = try await fetched()
        if files == nil { files = try await verifiedFiles(of: locked, try await release(of: locked)) }
        guard let files else { return nil }
        return LockedFiles(entries: files.entries, isNew: true)
    }

    /// Whether the store has what a record pins, and the record is known to be true.
    func isHere(_ locked: LockedPackage) throws -> Bool {
        guard let tree = locked.tree, try workspace.holdsTree(tree) else { return false }
        return try isTrue(locked)
    }

    private func isTrue(_ locked: LockedPackage) throws -> Bool {
        try workspace.isTrue(locked, project, memory)
    }

    /// Fetches what a record pins as on a machine with an empty cache, holds it against the record, and remembers it.
    ///
    /// Throws `lock.tree`, `lock.commit`, what a registry's line is held to, and what its source gives cause for.
    func verifiedFiles(of locked: LockedPackage, _ release: PackageRelease) async throws -> PackageFiles {
        let files = try await files(pinnedBy: locked, release)
        guard files.tree == locked.tree else { throw changedUnderTheLock(locked, files.tree) }
        guard ManifestDependency.declare(locked.ranges, release.dependencies) else { throw locked.wrongRanges }
        guard ManifestDependency.declare(locked.registries, release.dependencies, project.root) else {
            throw locked.wrongRegistries
        }
        try await requireVersion(of: locked, files)
        memory.remember(locked)
        return files
    }

    private func files(pinnedBy locked: LockedPackage, _ release: PackageRelease) async throws -> PackageFiles {
        // What a web server has now was put into the store when it was asked.
        if !release.origin.isListed, let files = try storedFiles(of: release) { return files }
        if tellsOfEach { workspace.settings.progress("fetching \(release.name) \(release.version)") }
        guard locked.isListed, release.listedCommit == nil, release.origin.commit != nil else {
            return try await workspace.fetcher.fetch(release)
        }
        // The registry holds it itself: the commit is the lock's own word.
        do {
            let files = try await workspace.fetcher.fetch(release.origin)
            guard files.tree == release.tree else {
                throw locked.wrongCommit(
                    "its folder is another one there",
                    notes: ["listed \(release.tree?.description ?? "nothing")", "found \(files.tree)"])
            }
            try await workspace.fetcher.requireOwnName(of: release, files)
            return files
        } catch let error as DiagnosticsError
            where error.diagnostics.contains(where: { ["git.no-reference", "git.no-path"].contains($0.id) })
        {
            throw locked.noSuchCommit(error.diagnostics)
        }
    }

    /// A release of a repository is a tag, or the commit itself; what the skill says of itself will do, too.
    private func requireVersion(of locked: LockedPackage, _ files: PackageFiles) async throws {
        guard case .git(let url, _, let path) = locked.source, let commit = locked.objectID else { return }
        if (try? files.manifest(in: workspace.store))?.version == locked.version { return }
        let package = GitPackage(
            url: try GitURL(Catalog.absolute(url, project.root)), path: path, name: locked.name,
            cache: workspace.repositories)
        guard try await package.isVersion(locked.version, of: commit) else {
            throw DiagnosticsError([
                locked.wrongCommit(
                    "there its version is another one", notes: ["no tag of \(url) stands for \(locked.version) there"])
            ])
        }
    }

    /// The files of a release's tree, if the store has them.
    func storedFiles(of release: PackageRelease) throws -> PackageFiles? {
        guard let tree = release.tree, let entries = try workspace.heldEntries(of: tree) else { return nil }
        return PackageFiles(root: try Tree.build(entries).root, entries: entries, commit: release.origin.commit)
    }

    func changedUnderTheLock(_ locked: LockedPackage, _ found: Digest) -> DiagnosticsError {
        DiagnosticsError([
            Diagnostic(
                "lock.tree", .error, "\(locked.id) is not what skvm.lock pins",
                at: SourceLocation(file: Lockfile.fileName),
                notes: ["pinned \(locked.tree?.description ?? "nothing")", "found \(found)", "from \(locked.source)"],
                hint: "its source was rewritten; if you trust the new bytes, remove the record from skvm.lock",
                fault: .integrity)
        ])
    }
}

extension Workspace {
    /// Whether a record is known to be true: it was held against its source on this machine, or is vendored.
    func isTrue(_ locked: LockedPackage, _ project: Project, _ memory: RecordMemory) throws -> Bool {
        if memory.holds(locked) { return true }
        guard let path = project.manifest.vendor, let tree = locked.tree else { return false }
        let vendor = VendorFolder(path: project.absolute(path.text), shown: path.text)
        do {
            guard try vendor.isPresent(), let vendored = try vendor.package(locked.id.name, tree: tree) else {
                return false
            }
            return try isTrue(locked, vendored, project.root)
        } catch {
            // What is damaged of it is to be mended, not read.
            if !readsVendored { return false }
            throw error
        }
    }

    /// Whether what is vendored of a tree says what the record says. It is committed with the lock, and stands in for sources
    /// that nobody asks; of a registry's package, its own manifest must not say otherwise.
    private func isTrue(
        _ locked: LockedPackage, _ vendored: VendorFolder.Package, _ root: String
    ) throws -> Bool {
        let origin = VendorFolder.Origin(source: locked.source, commit: locked.commit)
        // Earlier listings don't tell where it is from: they do where nothing else is looked at.
        guard vendored.version == locked.version, vendored.origin.map({ $0 == origin }) ?? readsVendored else {
            return false
        }
        guard locked.isListed || !locked.ranges.isEmpty || !locked.registries.isEmpty, let tree = locked.tree,
            let entries = try heldEntries(of: tree)
        else { return true }
        let files = PackageFiles(root: try Tree.build(entries).root, entries: entries, commit: nil)
        guard let own = try files.manifest(in: store) else { return true }
        // A registry's line may declare what the skill itself does not.
        if !own.dependencies.isEmpty, !ManifestDependency.declare(locked.ranges, own.dependencies) {
            throw locked.wrongRanges
        }
        if !ManifestDependency.declare(locked.registries, own.dependencies, root) { throw locked.wrongRegistries }
        guard locked.isListed, let name = own.name, let version = own.version else { return true }
        return name == locked.name && version == locked.version
    }

    /// What is wrong with the lock's records, by what is on this machine; nobody is asked.
    func recordFaults(_ lock: Lockfile, _ project: Project) async throws -> [Diagnostic] {
        var settings = settings
        settings.flags.offline = true
        let here = Workspace(settings)
        here.obeyLimits(of: project)
        let resolver = try here.resolver(of: project, try RegistryShelf(project, here))
        var found: [Diagnostic] = []
        var unknown: [PackageID] = []
        for locked in lock.packages where !locked.source.isFolder {
            do {
                _ = try await resolver.lockedFiles(locked)
            } catch {
                guard let all = Self.diagnostics(of: error) else { throw error }
                let faults = all.filter { $0.fault == .integrity }
                found += faults
                // What nobody has here is `verify.not-cached`.
                if faults.isEmpty, try locked.tree.map({ try holdsTree($0) }) ?? false { unknown.append(locked.id) }
            }
        }
        resolver.memory.flush()
        if !unknown.isEmpty {
            let names = unknown.prefix(5).map(\.description).joined(separator: ", ")
            found.append(
                Diagnostic(
                    "verify.not-checked", .warning,
                    "nothing here tells whether what skvm.lock says of \(names)\(unknown.count > 5 ? ", …" : "") is true",
                    at: SourceLocation(file: Lockfile.fileName),
                    notes: ["the bytes are those that it pins, of whatever source they are"],
                    hint: "`skvm install --locked` asks their sources"))
        }
        return found
    }
}

extension LockedPackage {
    /// Whether a registry's line says what it is.
    var isListed: Bool {
        switch source {
        case .registry, .embedded: true
        case .git, .web, .hub, .path, .workspace: false
        }
    }

    var objectID: ObjectID? { commit.flatMap { ObjectID(hex: $0.description) } }
}

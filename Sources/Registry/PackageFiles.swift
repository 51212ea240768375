package import Basics
package import ContentStore
package import Git
import SkillModel

/// The files of one release, in the content store.
package struct PackageFiles: Sendable, Hashable {
    /// The root of the tree; its digest is the package's.
    package var root: Blob
    /// Sorted by path.
    package var entries: [TreeEntry]
    /// Nil for a local folder.
    package var commit: ObjectID?

    package init(root: Blob, entries: [TreeEntry], commit: ObjectID?) {
        self.root = root
        self.entries = entries
        self.commit = commit
    }

    package var tree: Digest { root.digest }

    /// Whether an entry is no part of a package, wherever it comes from: what git, skvm, Python and macOS leave in
    /// folders that are worked in. Looks at the last component.
    package static func leavesOut(_ path: RelativePath) -> Bool {
        switch path.name {
        case ".git", ".skvm", "__pycache__", ".DS_Store", "skvm.lock": true
        default: false
        }
    }

    /// The bytes of `SKILL.md`, `skvm.toml` or another file at the root; nil when there is none.
    package func file(_ name: String, in store: ContentStore) throws(StoreError) -> [UInt8]? {
        guard let blob = entries.first(where: { $0.path.text == name })?.blob else { return nil }
        return try store.get(blob.digest)
    }

    /// What the skill says of itself; nil for a manifest that can't be read, empty without one.
    package func manifest(in store: ContentStore) throws(DiagnosticsError) -> SkillManifest? {
        let bytes: [UInt8]?
        do throws(StoreError) { bytes = try file(Manifest.fileName, in: store) } catch {
            throw DiagnosticsError(error.diagnostic)
        }
        return try? SkillManifest(bytes, file: Manifest.fileName)
    }
}

/// Puts the files of releases into the content store.
package struct PackageFetcher: Sendable {
    private let cache: GitCache
    private let store: ContentStore
    private let limits: GitLimits
    private let web: WebSources
    private let hubs: Hubs

    package init(
        cache: GitCache, web: WebSources, hubs: Hubs, store: ContentStore, limits: GitLimits = GitLimits()
    ) {
        self.cache = cache
        self.web = web
        self.hubs = hubs
        self.store = store
        self.limits = limits
    }

    /// Fetches the files of many releases with one request for each commit, instead of one for each release. What is
    /// wrong with one of them is left for `fetch` to say. Repositories are asked at the same time, a few at once.
    package func prefetch(_ releases: [PackageRelease]) async throws(DiagnosticsError) {
        try await prefetch(releases.map(\.origin))
    }

    /// The same of folders, of which nothing but the place is known.
    package func prefetch(_ origins: [PackageOrigin]) async throws(DiagnosticsError) {
        var wanted: [GitURL: [ObjectID: [RelativePath?]]] = [:]
        for case .git(let url, let commit, let path) in origins {
            wanted[url, default: [:]][commit, default: []].append(path)
        }
        let lanes = wanted.sorted { $0.key.text < $1.key.text }.map { ($0.key, $0.value) }
        let cache = cache
        let results = await SideBySide.run(lanes, width: SideBySide.width(environment: [:])) {
            lane -> Result<Void, GitError> in
            let (url, commits) = lane
            let repository = cache.repository(url)
            do throws(GitError) {
                for (commit, folders) in commits.sorted(by: { $0.key < $1.key }) {
                    try await repository.prefetch(folders: folders, at: commit)
                }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        let failures = results.compactMap { if case .failure(let error) = $0 { error.diagnostic } else { nil } }
        if !failures.isEmpty { throw DiagnosticsError(failures.sorted { $0.message < $1.message }) }
    }

    /// The files of a release, held against the digest that it promises.
    ///
    /// Throws what the source throws, `package.digest` (integrity) naming both digests when they differ, and
    /// `package.no-skill` when there is no `SKILL.md`.
    package func fetch(_ release: PackageRelease) async throws(DiagnosticsError) -> PackageFiles {
        do throws(DiagnosticsError) {
            let files = try await fetch(release.origin)
            if let promised = release.tree, promised != files.tree {
                throw DiagnosticsError(
                    Diagnostic(
                        "package.digest", .error,
                        "`\(release.name)` \(release.version) is not what its registry promises",
                        notes: ["promised \(promised)", "found \(files.tree)", "in \(release.origin)"],
                        hint: "do not use it; tell those who keep the registry", fault: .integrity))
            }
            guard files.entries.contains(where: { $0.path.text == "SKILL.md" && $0.blob != nil }) else {
                throw DiagnosticsError(
                    Diagnostic(
                        "package.no-skill", .error, "`\(release.name)` \(release.version) has no SKILL.md",
                        notes: ["in \(release.origin)"], fault: .build))
            }
            try await requireOwnName(of: release, files)
            return files
        } catch {
            throw error.noting("while fetching `\(release.name)` \(release.version)")
        }
    }

    /// Holds what a registry's line calls a release against what the skill says of itself, where it has a `[package]`: who keeps
    /// an index must not hand out one package under the name of another, nor an old version as a new one.
    ///
    /// Throws `package.mislabelled` (integrity). A manifest that can't be read says nothing, and neither does one of a repository
    /// without an index: there the user names the package, and the tag is its version.
    package func requireOwnName(of release: PackageRelease, _ files: PackageFiles) async throws(DiagnosticsError) {
        guard release.tree != nil, release.origin.isListed else { return }
        let store = store
        let own = try await Blocking.run { () throws(DiagnosticsError) in try files.manifest(in: store) }
        guard let own, let name = own.name, let version = own.version,
            name != release.name || version != release.version
        else { return }
        throw DiagnosticsError(
            Diagnostic(
                "package.mislabelled", .error,
                "`\(release.name)` \(release.version) of its registry says of itself that it is `\(name)` \(version)",
                notes: ["its skvm.toml is in \(release.origin)"],
                hint: "do not use it; tell those who keep the registry", fault: .integrity))
    }

    /// The files of one folder, whatever they are.
    package func fetch(_ origin: PackageOrigin) async throws(DiagnosticsError) -> PackageFiles {
        switch origin {
        case .git(let url, let commit, let path): try await fetch(url, commit, path)
        case .folder(let path): try await read(path)
        case .web(let source): try await web.files(of: try await web.artifact(of: source).artifact)
        case .hub(let version): try await hubs.files(of: version)
        }
    }

    private func fetch(
        _ url: GitURL, _ commit: ObjectID, _ path: RelativePath?
    ) async throws(DiagnosticsError) -> PackageFiles {
        let repository = cache.repository(url)
        let listed: [GitEntry]
        do throws(GitError) {
            listed = try await repository.entries(of: path, at: commit, limits: limits)
        } catch {
            throw DiagnosticsError(error.diagnostic).noting("in \(PackageOrigin.git(url, commit: commit, path: path))")
        }
        var entries: [TreeEntry] = []
        for batch in batches(of: listed.filter { !Self.isLeftOut($0.path) }) {
            let contents = try await diagnosing { () throws(GitError) in
                try await repository.contents(of: batch, at: commit)
            }
            entries += try await stored(batch, contents)
        }
        return try await finished(entries, commit)
    }

    /// Groups of at most 16 MiB, or one larger file: a large package need not fit in memory whole.
    private func batches(of entries: [GitEntry]) -> [[GitEntry]] {
        let most = 16 << 20
        var batches: [[GitEntry]] = []
        var size = most
        for entry in entries {
            if batches.isEmpty || entry.size > most - size {
                batches.append([])
                size = 0
            }
            batches[batches.count - 1].append(entry)
            size = min(most, size + min(most, entry.size))
        }
        return batches
    }

    private func stored(
        _ batch: [GitEntry], _ contents: [[UInt8]]
    ) async throws(DiagnosticsError) -> [TreeEntry] {
        let store = store
        return try await Blocking.run { () throws(DiagnosticsError) in
            var entries: [TreeEntry] = []
            for (entry, bytes) in zip(batch, contents) {
                switch entry.kind {
                case .symlink:
                    entries.append(TreeEntry(entry.path, .symlink(target: String(decoding: bytes, as: UTF8.self))))
                case .file, .executable:
                    do throws(StoreError) {
                        let blob = try store.put(bytes)
                        entries.append(TreeEntry(entry.path, .file(blob, executable: entry.kind == .executable)))
                    } catch {
                        throw DiagnosticsError(error.diagnostic)
                    }
                }
            }
            return entries
        }
    }

    /// Reads a local folder under the very rules of `TreeRules` that hold for repositories.
    private func read(_ folder: String) async throws(DiagnosticsError) -> PackageFiles {
        let store = store
        let limits = limits
        let entries = try await Blocking.run { () throws(DiagnosticsError) in
            do {
                guard FileSystem.isDirectory(folder) else {
                    throw Diagnostic("package.no-folder", .error, "there is no folder \(folder.shown())")
                }
                return try Self.entries(of: folder, store, limits)
            } catch let diagnostic as Diagnostic {
                throw DiagnosticsError(diagnostic)
            } catch {
                throw DiagnosticsError(wrapping: error).noting("in \(folder.shown())")
            }
        }
        return try await finished(entries, nil)
    }

    private static func entries(
        of folder: String, _ store: ContentStore, _ limits: GitLimits
    ) throws -> [TreeEntry] {
        var rules = TreeRules(limits: limits)
        var folders: Set<RelativePath> = []
        let entries = try Tree.entries(ofFolder: folder, leavingOut: PackageFiles.leavesOut) { path in
            guard let name = RelativePath(path.dropFirst(folder.count + 1)) else { return try store.importFile(path) }
            // Before a byte is copied.
            try rules.admit(size: Int(try FileSystem.status(path)?.size ?? 0), of: name)
            return try store.importFile(path)
        }
        for entry in entries {
            var parent: RelativePath?
            for component in entry.path.components.dropLast() {
                let path = parent?.appending(component) ?? RelativePath(component)
                if let path, folders.insert(path).inserted { _ = try rules.admit(name: component.utf8, in: parent) }
                parent = path
            }
            _ = try rules.admit(name: entry.path.name.utf8, in: parent)
            if case .symlink(let target) = entry.kind { try rules.admit(target: Array(target.utf8), of: entry.path) }
        }
        return entries
    }

    private func finished(_ entries: [TreeEntry], _ commit: ObjectID?) async throws(DiagnosticsError) -> PackageFiles {
        let store = store
        let sorted = entries.sorted { $0.path < $1.path }
        let root = try await Blocking.run { () throws(DiagnosticsError) in
            do throws(StoreError) { return try store.putTree(sorted) } catch {
                throw DiagnosticsError(error.diagnostic)
            }
        }
        return PackageFiles(root: root, entries: sorted, commit: commit)
    }

    private static func isLeftOut(_ path: RelativePath) -> Bool {
        var next: RelativePath? = path
        while let path = next {
            if PackageFiles.leavesOut(path) { return true }
            next = path.parent
        }
        return false
    }
}

extension RelativePath {
    fileprivate func appending(_ component: Substring) -> RelativePath? {
        RelativePath("\(text)/\(component)")
    }
}

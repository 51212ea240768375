package import Basics
package import ContentStore
package import Git
package import HTTP
package import SkillModel

/// The ClawHubs that one command asks: each for each thing once.
package actor Hubs {
    private nonisolated let client: HTTPClient
    private nonisolated let store: ContentStore
    private nonisolated let currentLimits: @Sendable () -> GitLimits
    private nonisolated var limits: GitLimits { currentLimits() }
    /// Where it is remembered what was seen.
    private nonisolated let cache: String
    private var lists: [Package: Task<[HubVersion]?, any Error>] = [:]
    private var warnings: [Package: Diagnostic] = [:]

    private struct Package: Hashable, Comparable {
        var source: HubSource
        var name: PackageName

        static func < (a: Package, b: Package) -> Bool {
            a.source == b.source ? a.name < b.name : a.source < b.source
        }
    }

    /// - Parameter limits: asked whenever something is unpacked: a project's manifest may be read later.
    package init(
        client: HTTPClient, store: ContentStore, cache: String,
        limits: @escaping @autoclosure @Sendable () -> GitLimits = GitLimits()
    ) {
        self.client = client
        self.store = store
        self.cache = cache
        currentLimits = limits
    }

    /// What the hubs warned of, of the packages that were asked for.
    package var findings: [Diagnostic] { warnings.sorted { $0.key < $1.key }.map(\.value) }

    // MARK: Packages

    /// A skill by its name alone, or of one owner; nil when the hub has none.
    ///
    /// Throws `clawhub.ambiguous` when several owners have one of that name, and none is given.
    package nonisolated func skill(
        _ name: PackageName, owner: HubOwner?, at url: WebURL
    ) async throws(DiagnosticsError) -> HubSkill? {
        try await HubAPI(url: url, client: client).skill(name, owner: owner)
    }

    package nonisolated func search(
        _ words: [String], at url: WebURL, limit: Int
    ) async throws(DiagnosticsError) -> [HubHit] {
        try await HubAPI(url: url, client: client).search(words, limit: limit)
    }

    /// The versions of a package, the oldest first; offline, those that were seen last. Nil when there is no such package.
    ///
    /// Throws `clawhub.renamed` when the name now leads to another package, `clawhub.blocked` (integrity) when the hub
    /// took it for malware, `clawhub.elsewhere` when the hub only lists it.
    package func versions(
        of source: HubSource, name: PackageName
    ) async throws(DiagnosticsError) -> [HubVersion]? {
        let package = Package(source: source, name: name)
        let task = lists[package] ?? Task { try await list(package) }
        lists[package] = task
        do { return try await task.value } catch { throw DiagnosticsError(wrapping: error) }
    }

    private func list(_ package: Package) async throws(DiagnosticsError) -> [HubVersion]? {
        let (source, name) = (package.source, package.name)
        let path = HubRecord.path(source, name, cache: cache)
        if client.isOffline, let known = await Blocking.run({ HubRecord(reading: path) }) {
            return known.lines.filter(\.value.isOffered).map { version, line in
                HubVersion(source: source, name: name, version: version, publishedAt: line.publishedAt)
            }.sorted { $0.version < $1.version }
        }
        let api = HubAPI(url: source.url, client: client)
        guard let skill = try await api.skill(name, owner: source.owner) else { return nil }
        try judge(skill, package)
        guard let versions = try await api.versions(of: name, source) else { return nil }
        if versions.isEmpty, !skill.isHosted {
            throw Self.elsewhere(package, await api.repository(of: name, source.owner))
        }
        try await Blocking.run { () throws(DiagnosticsError) in
            try HubRecord.update(path) { (record: inout HubRecord) throws(DiagnosticsError) in
                for version in record.lines.keys { record.lines[version]?.isOffered = false }
                for version in versions {
                    record.lines[version.version] = .init(
                        publishedAt: version.publishedAt, tree: record.lines[version.version]?.tree, isOffered: true)
                }
            }
        }
        return versions.sorted { $0.version < $1.version }
    }

    private func judge(_ skill: HubSkill, _ package: Package) throws(DiagnosticsError) {
        let (source, name) = (package.source, package.name)
        guard skill.name == name, skill.owner == source.owner else {
            throw DiagnosticsError(
                Diagnostic(
                    "clawhub.renamed", .error,
                    "@\(source.owner)/\(name) of \(source.url) is now @\(skill.owner)/\(skill.name)",
                    notes: ["it was renamed, given away, or merged into another"],
                    hint: "look at it, then: skvm remove \(name); skvm add @\(skill.owner)/\(skill.name)"))
        }
        if skill.isBlocked {
            throw DiagnosticsError(
                Diagnostic(
                    "clawhub.blocked", .error, "\(source.url) took @\(source.owner)/\(name) for malware",
                    notes: skill.suspicion.map { [$0] } ?? [], hint: "remove it: skvm remove \(name)",
                    fault: .integrity))
        }
        if let suspicion = skill.suspicion {
            warnings[package] = Diagnostic(
                "clawhub.suspicious", .warning, "\(source.url) warns of @\(source.owner)/\(name)",
                notes: suspicion.isEmpty ? [] : [suspicion], hint: "read its files before you use it")
        }
    }

    private static func elsewhere(_ package: Package, _ repository: String?) -> DiagnosticsError {
        DiagnosticsError(
            Diagnostic(
                "clawhub.elsewhere", .error,
                "\(package.source.url) has no files of @\(package.source.owner)/\(package.name): it lies in a repository",
                hint: "add it from there: skvm add \(repository ?? "https://github.com/OWNER/REPOSITORY#FOLDER")"))
    }

    // MARK: Files

    /// A version with what its own `skvm.toml` says; its files are in the store afterwards. Not asked for again where the
    /// store has the tree `known`.
    package nonisolated func release(
        of version: HubVersion, known: Digest? = nil
    ) async throws(DiagnosticsError) -> PackageRelease {
        let store = store
        let bytes: [UInt8]?
        let tree: Digest
        do {
            let seen = HubRecord.path(version.source, version.name, cache: cache)
            let promised = await Blocking.run { known ?? HubRecord(reading: seen)?.lines[version.version]?.tree }
            if let promised, let files = try await stored(promised) {
                (tree, bytes) = (promised, try files.file(Manifest.fileName, in: store))
            } else {
                let files = try await files(of: version)
                (tree, bytes) = (files.tree, try files.file(Manifest.fileName, in: store))
            }
        } catch {
            throw DiagnosticsError(wrapping: error).noting("while fetching \(version)")
        }
        let manifest = try SkillManifest(bytes, file: "\(version.name) \(version.version)/\(Manifest.fileName)")
            .closed()
        return PackageRelease(
            name: version.name, version: version.version, origin: .hub(version), dependencies: manifest.dependencies,
            requires: manifest.requires, summary: manifest.summary, tree: tree)
    }

    /// The files of a tree, if the store has all that a resolution looks at.
    private nonisolated func stored(_ tree: Digest) async throws -> PackageFiles? {
        let store = store
        return try await Blocking.run { () throws(DiagnosticsError) in
            do {
                guard let entries = try store.tree(tree) else { return nil }
                for entry in entries where entry.path.text == Manifest.fileName {
                    guard let blob = entry.blob, try store.get(blob.digest) != nil else { return nil }
                }
                return PackageFiles(root: try Tree.build(entries).root, entries: entries, commit: nil)
            } catch { throw DiagnosticsError(wrapping: error) }
        }
    }

    /// The files of a version, put into the store: held against the hub's own list of them, and against what was seen of this
    /// version before.
    ///
    /// Throws `clawhub.gone`, `clawhub.digest` and `clawhub.changed` (both integrity), and what archives give cause for.
    package nonisolated func files(of version: HubVersion) async throws(DiagnosticsError) -> PackageFiles {
        let api = HubAPI(url: version.source.url, client: client)
        let listed = try await api.files(of: version)
        let archive = try await api.archive(of: version)
        let (store, limits, cache) = (store, limits, cache)
        return try await Blocking.run { () throws(DiagnosticsError) in
            let files: PackageFiles
            do {
                let entries = try HubArchive(archive, listed, version, limits: limits).entries(into: store)
                files = PackageFiles(root: try store.putTree(entries), entries: entries, commit: nil)
            } catch { throw DiagnosticsError(wrapping: error) }
            let path = HubRecord.path(version.source, version.name, cache: cache)
            try HubRecord.update(path) { (record: inout HubRecord) throws(DiagnosticsError) in
                if let was = record.lines[version.version]?.tree, was != files.tree {
                    throw Self.changed(version, was, files.tree)
                }
                record.lines[version.version, default: .init(publishedAt: version.publishedAt, isOffered: true)].tree =
                    files.tree
            }
            return files
        }
    }

    private static func changed(_ version: HubVersion, _ was: Digest, _ now: Digest) -> DiagnosticsError {
        DiagnosticsError(
            Diagnostic(
                "clawhub.changed", .error, "\(version) is not what it was",
                notes: ["seen before \(was)", "now \(now)"],
                hint: "a published version never changes; if those who keep the hub say why: "
                    + "`skvm registry accept \(HubSource.prefix)\(version.source.url)`",
                fault: .integrity))
    }

    /// Forgets what was seen of a hub. False when nothing was.
    package nonisolated func forget(_ url: WebURL) throws(FileError) -> Bool {
        let folder = HubRecord.folder(url.description, cache: cache)
        guard FileSystem.exists(folder) else { return false }
        try FileSystem.removeTree(folder)
        return true
    }
}

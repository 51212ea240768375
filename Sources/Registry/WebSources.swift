package import Basics
package import ContentStore
package import Git
package import HTTP
package import SkillModel

/// What web servers hand out, for one command: each index is asked for once.
package actor WebSources {
    nonisolated let client: HTTPClient
    nonisolated let store: ContentStore
    private nonisolated let currentLimits: @Sendable () -> GitLimits
    private nonisolated var limits: GitLimits { currentLimits() }
    private var indexes: [WebURL: Task<WellKnownIndex, any Error>] = [:]

    /// Bytes of one archive or document.
    static let greatestArtifact = 256 << 20

    /// - Parameter limits: asked whenever something is unpacked: a project's manifest may be read later.
    package init(
        client: HTTPClient, store: ContentStore,
        limits: @escaping @autoclosure @Sendable () -> GitLimits = GitLimits()
    ) {
        self.client = client
        self.store = store
        currentLimits = limits
    }

    /// The index below an address as it is now.
    ///
    /// Throws `http.…` and `index.…`.
    package func index(of url: WebURL) async throws(DiagnosticsError) -> WellKnownIndex {
        let client = client
        let task =
            indexes[url]
            ?? Task {
                let found = try await requesting { () throws(HTTPError) in
                    try await client.get(
                        try HTTPAddress(url.appending(WellKnownIndex.path)), accept: "application/json",
                        limit: WellKnownIndex.greatestSize)
                }
                return try WellKnownIndex(parsing: found.body, of: url, at: found.address)
            }
        indexes[url] = task
        do { return try await task.value } catch { throw DiagnosticsError(wrapping: error) }
    }

    /// What a source has now: its files are put into the store, and its version is what its `skvm.toml` says, else one that
    /// is made of its tree's digest.
    ///
    /// Throws what the server, the index and the files give cause for.
    package nonisolated func release(
        of source: WebSource, name: PackageName
    ) async throws(DiagnosticsError) -> PackageRelease {
        do throws(DiagnosticsError) {
            let (artifact, summary) = try await artifact(of: source)
            let files = try await files(of: artifact)
            var release = try release(source, name, files)
            release.summary = release.summary ?? summary
            return release
        } catch {
            throw error.noting("while fetching `\(name)` from \(source)")
        }
    }

    /// The release that a lock pins, without a server, where the store has its files; nil where it hasn't.
    package nonisolated func storedRelease(
        of source: WebSource, name: PackageName, tree: Digest
    ) async throws(DiagnosticsError) -> PackageRelease? {
        let store = store
        let entries = try await Blocking.run { () throws(DiagnosticsError) in
            do throws(StoreError) { return try store.tree(tree) } catch { throw DiagnosticsError(error.diagnostic) }
        }
        guard let entries else { return nil }
        do {
            // A manifest that was lost is not one that never was.
            for entry in entries where entry.path.text == Manifest.fileName {
                guard let blob = entry.blob, try store.get(blob.digest) != nil else { return nil }
            }
            return try release(
                source, name, PackageFiles(root: try Tree.build(entries).root, entries: entries, commit: nil))
        } catch { throw DiagnosticsError(wrapping: error) }
    }

    private nonisolated func release(
        _ source: WebSource, _ name: PackageName, _ files: PackageFiles
    ) throws(DiagnosticsError) -> PackageRelease {
        let bytes: [UInt8]?
        do throws(StoreError) { bytes = try files.file(Manifest.fileName, in: store) } catch {
            throw DiagnosticsError(error.diagnostic)
        }
        let manifest = try SkillManifest(bytes, file: "\(source)/\(Manifest.fileName)").closed()
        return PackageRelease(
            name: name, version: manifest.version ?? PseudoVersion.of(tree: files.tree), origin: .web(source),
            dependencies: manifest.dependencies, summary: manifest.summary, tree: files.tree)
    }

    // MARK: Files

    /// The one file that holds the skill.
    nonisolated func artifact(
        of source: WebSource
    ) async throws(DiagnosticsError) -> (artifact: Artifact, summary: String?) {
        switch source {
        case .index(let url, let skill):
            let entry = try await index(of: url).entry(skill)
            return (entry.artifact, entry.summary)
        case .file(let url, let path, let digest):
            let address = try await requesting { () throws(HTTPError) in try HTTPAddress(url.description) }
            let isDocument = path == nil && url.path.hasSuffix("/SKILL.md")
            let form: Artifact.Form =
                isDocument ? .document : .archive(folder: path.map { .path($0) } ?? .found)
            return (Artifact(address: address, form: form, digest: digest), nil)
        }
    }

    /// The files of an artifact, in the store. What was downloaded once is not downloaded again.
    nonisolated func files(of artifact: Artifact) async throws(DiagnosticsError) -> PackageFiles {
        let bytes = try await bytes(of: artifact)
        let (store, limits) = (store, limits)
        return try await Blocking.run { () throws(DiagnosticsError) in
            do {
                let entries: [TreeEntry]
                switch artifact.form {
                case .document: entries = [try Self.document(bytes, store, limits)]
                case .archive(let folder):
                    entries = try ArchivePackage(bytes, folder, limits: limits).entries(into: store)
                }
                return PackageFiles(root: try store.putTree(entries), entries: entries, commit: nil)
            } catch { throw DiagnosticsError(wrapping: error).noting("in \(artifact.address)") }
        }
    }

    private static func document(
        _ bytes: [UInt8], _ store: ContentStore, _ limits: GitLimits
    ) throws -> TreeEntry {
        var rules = TreeRules(limits: limits)
        let path = try rules.admit(name: "SKILL.md".utf8, in: nil)
        try rules.admit(size: bytes.count, of: path)
        return TreeEntry(path, .file(try store.put(bytes), executable: false))
    }

    private nonisolated func bytes(
        of artifact: Artifact
    ) async throws(DiagnosticsError) -> [UInt8] {
        let store = store
        if let digest = artifact.digest {
            let known = try await Blocking.run { () throws(DiagnosticsError) in
                do throws(StoreError) { return try store.get(digest) } catch {
                    throw DiagnosticsError(error.diagnostic)
                }
            }
            if let known { return known }
        }
        let response = try await requesting { () throws(HTTPError) in
            try await client.get(artifact.address, limit: Self.greatestArtifact)
        }
        guard let digest = artifact.digest else { return response.body }
        let found = Digest(of: response.body)
        guard found == digest else {
            throw DiagnosticsError(
                Diagnostic(
                    "web.digest", .error, "\(response.address) is not what was promised",
                    notes: ["promised \(digest)", "found \(found)"],
                    hint: "do not use it; tell those who keep the server", fault: .integrity))
        }
        try await Blocking.run { () throws(DiagnosticsError) in
            do throws(StoreError) { _ = try store.put(response.body) } catch {
                throw DiagnosticsError(error.diagnostic)
            }
        }
        return response.body
    }
}

/// Turns the error of a request into what a user is told.
func requesting<R>(_ body: () async throws(HTTPError) -> R) async throws(DiagnosticsError) -> R {
    do throws(HTTPError) { return try await body() } catch { throw DiagnosticsError([error.diagnostic]) }
}

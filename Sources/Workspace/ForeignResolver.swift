import Basics
import ContentStore
import Formats
import Git
import Migration
import Registry
import SkillModel

/// Finds what other tools' entries mean now: dependencies of a manifest. Each repository is asked once.
struct ForeignResolver {
    struct Found {
        var spec: AddSpec
        var note: String?
    }

    private let context: SpecContext
    private var candidates: [String: GitPackage.Candidate] = [:]
    private var collections: [String: SkillCollection] = [:]

    init(_ context: SpecContext) { self.context = context }

    /// The dependencies that an entry becomes: one, or one for each skill of a package or plugin. Empty for what skvm can't
    /// fetch. `folder` is what its paths are relative to.
    ///
    /// Throws what the source gives cause for.
    mutating func find(_ skill: ForeignSkill, in folder: String) async throws -> [Found] {
        switch skill.source {
        case .unsupported, .hub, .index: return []
        case .folder(let path): return try await folders(FileSystem.absolute(path, from: folder), skill)
        case .git(let url, let path, let wish, let only):
            let repository = try package(url)
            let reference = try await reference(wish, repository)
            let candidate = try await candidate(repository, reference)
            let paths = try wanted(
                try await collection(repository, candidate), path, only, "\(url)\(path.map { "#\($0)" } ?? "")")
            let specs = try await AddSpec.specs(
                paths, candidate, GitSource(url: url, reference: reference), context)
            // One that was chosen out of several is called what it is called there: the entry's name is the package's.
            let isChosen = paths.count == 1 && paths[0] != path && only.contains(paths[0]?.name ?? "")
            let found = isChosen ? named(specs, paths[0]?.name ?? skill.name) : named(specs, skill.name)
            return try await noted(found, skill.evidence, repository, candidate)
        case .plugin(let name, let address, let commit):
            return try await plugin(name, address, commit, folder).map { Found(spec: $0) }
        }
    }

    // MARK: Repositories

    private func package(_ url: RepositoryURL) throws -> GitPackage {
        GitPackage(
            url: try GitURL(Catalog.absolute(url, context.root)), path: nil, cache: context.workspace.repositories)
    }

    private func reference(
        _ wish: ForeignSkill.Wish, _ repository: GitPackage
    ) async throws -> GitSource.Reference {
        switch wish {
        case .newest: .newest
        case .commit(let id): .revision(id.description)
        case .range(let range): .range(range)
        case .reference(let name): try await repository.reference(named: name)
        }
    }

    private mutating func candidate(
        _ repository: GitPackage, _ reference: GitSource.Reference
    ) async throws -> GitPackage.Candidate {
        let key = "\(repository.url.text) \(reference)"
        if let known = candidates[key] { return known }
        let found = try await AddSpec.candidate(repository, reference, context)
        candidates[key] = found
        return found
    }

    private mutating func collection(
        _ repository: GitPackage, _ candidate: GitPackage.Candidate
    ) async throws -> SkillCollection {
        let key = "\(repository.url.text) \(candidate.commit.hex)"
        if let known = collections[key] { return known }
        let found = try await repository.collection(at: candidate.commit)
        collections[key] = found
        return found
    }

    /// The skills of a package: the folder itself, or those below it, of these the ones that are wanted.
    private func wanted(
        _ collection: SkillCollection, _ path: RelativePath?, _ only: [String], _ address: String
    ) throws -> [RelativePath?] {
        if collection.skills.contains(path), only.isEmpty || path != nil { return [path] }
        let below = collection.skills(below: path)
        let meant = only.isEmpty ? below : below.filter { only.contains($0?.name ?? "") }
        if !meant.isEmpty { return meant }
        if below.count == 1 { return below }
        throw DiagnosticsError([
            Diagnostic(
                "package.no-skill", .error,
                only.isEmpty || below.isEmpty
                    ? "there is no skill in \(address)"
                    : "\(address) has no skill '\(only.map(\.shortened).joined(separator: "', '"))'",
                notes: below.isEmpty ? [] : Array(collection.listing.prefix(10)))
        ])
    }

    /// One skill keeps the name that it has in the file.
    private func named(_ specs: [AddSpec], _ name: String) -> [AddSpec] {
        guard specs.count == 1, var spec = specs.first else { return specs }
        spec.name = PackageName(name) ?? PackageName(unnamed: name)
        return [spec]
    }

    // MARK: Plugins

    private mutating func plugin(
        _ name: String, _ address: ForeignSkill.MarketplaceAddress, _ commit: CommitID?, _ folder: String
    ) async throws -> [AddSpec] {
        switch address {
        case .folder(let path):
            let root = FileSystem.absolute(path, from: folder)
            return try await AddSpec.folder(root + "#" + name, context)
        case .repository(let url, let reference):
            let repository = try package(url)
            let reference = try await self.reference(reference.map { .reference($0) } ?? .newest, repository)
            let newest = try await candidate(repository, reference)
            let now = try await collection(repository, newest)
            if let fault = now.marketplaceFault { throw fault }
            guard let plugin = try SkillChoice(now, address: "\(url)", selector: nil).plugin(named: name) else {
                throw DiagnosticsError([
                    Diagnostic(
                        "import.plugin", .error, "the marketplace \(url) has no plugin '\(name.shortened)'",
                        notes: Array(now.listing.prefix(10)))
                ])
            }
            switch plugin.place {
            case .unsupported(let reason):
                throw DiagnosticsError([
                    Diagnostic(
                        "package.unsupported", .error, "skvm can't fetch the plugin '\(name.shortened)': \(reason)")
                ])
            case .repository(let other, let path, let own, _):
                var plugin = plugin
                if let commit { plugin.place = .repository(other, path: path, reference: own, commit: commit) }
                return try await PluginSource(plugin, nil, from: url.description, isLocal: url.isLocal).specs(context)
            case .inside:
                guard let commit else {
                    let skills = try SkillChoice.skills(of: plugin, nil, in: now, url.description)
                    return try await AddSpec.specs(
                        skills, newest, GitSource(url: url, reference: reference), context)
                }
                let wanted = GitSource.Reference.revision(commit.description)
                let then = try await candidate(repository, wanted)
                let skills = try SkillChoice.skills(
                    of: plugin, nil, in: try await collection(repository, then), url.description)
                return try await AddSpec.specs(skills, then, GitSource(url: url, reference: wanted), context)
            }
        }
    }

    // MARK: Well-known indexes

    /// A skill of a host's index, as it is now. Throws what the host gives cause for.
    func indexed(_ name: PackageName, of url: WebURL, _ evidence: ForeignSkill.Evidence?) async throws -> Found {
        let (spec, release) = try await WebSpec.indexed(name, of: url, context)
        guard case .contents(let hash)? = evidence, let tree = release.tree,
            let entries = try context.workspace.store.tree(tree)
        else { return Found(spec: spec) }
        let isSame = try Self.contentHashes(entries, context.workspace.store).contains(hash)
        return Found(spec: spec, note: isSame ? "the same files" : "its files are others than were installed")
    }

    // MARK: Folders of this machine

    private func folders(_ path: String, _ skill: ForeignSkill) async throws -> [Found] {
        guard FileSystem.isDirectory(path) else {
            throw DiagnosticsError([Diagnostic("package.no-folder", .error, "there is no folder \(path.shortened)")])
        }
        let collection = try await SkillCollection(folder: path)
        let paths = try wanted(collection, nil, [], path)
        let specs = try paths.map { try AddSpec.skill($0.map { "\(path)/\($0)" } ?? path, context) }
        return named(specs, skill.name).map { Found(spec: $0) }
    }

    // MARK: Bytes

    /// Holds what the file says of a single skill's bytes against what its repository has.
    private func noted(
        _ specs: [AddSpec], _ evidence: ForeignSkill.Evidence?, _ repository: GitPackage,
        _ candidate: GitPackage.Candidate
    ) async throws -> [Found] {
        guard let evidence, specs.count == 1, let spec = specs.first, case .git(let source) = spec.source else {
            return specs.map { Found(spec: $0) }
        }
        var isSame: Bool
        switch evidence {
        case .other(let what): return [Found(spec: spec, note: "\(what) was not checked")]
        case .gitTree(let hash):
            isSame = try await repository.tree(of: source.path, at: candidate.commit)?.hex == hash
        case .contents(let hash):
            let workspace = context.workspace
            let files = try await workspace.fetcher.fetch(
                .git(repository.url, commit: candidate.commit, path: source.path))
            isSame = try Self.contentHashes(files.entries, workspace.store).contains(hash)
        }
        return [Found(spec: spec, note: isSame ? "the same files" : "its files are others than were installed")]
    }

    /// As the `skills` CLI hashes a folder: each path and its content, one after the other. It sorts by locale: by bytes, and
    /// without case, are the two orders that come about for the names of real skills.
    private static func contentHashes(_ entries: [TreeEntry], _ store: ContentStore) throws -> [String] {
        let files = entries.filter { $0.blob != nil }
        let byBytes = files.sorted { $0.path < $1.path }
        let byLetters = files.sorted { a, b in
            let (x, y) = (a.path.text.lowercased(), b.path.text.lowercased())
            return x == y ? a.path > b.path : x.utf8.lexicographicallyPrecedes(y.utf8)
        }
        return try [byBytes, byLetters].map { order in
            var bytes: [UInt8] = []
            for entry in order {
                guard let blob = entry.blob, let content = try store.get(blob.digest) else { continue }
                bytes += Array(entry.path.text.utf8) + content
            }
            return Digest(of: bytes).hex
        }
    }
}

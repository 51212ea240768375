package import Basics

/// One remote repository, seen through the cache. What is missing is fetched when it is read.
///
/// Errors are `GitError` throughout: `offline` when something would have to be fetched and may not be, `damaged` when
/// the cache's copy is broken and could not be fetched anew, `cancelled`, and those that each function names.
package struct GitRepository: Sendable {
    let folder: RepositoryFolder
    let cache: GitCache

    package var url: GitURL { folder.url }

    /// Which answer about branches and tags will do.
    package enum Freshness: Sendable {
        /// The server's, now. Offline: what it listed last.
        case current
        /// The server's of this command: asked for once, where the cache has a memory. Offline as `current`.
        case once
        /// What it listed last, where it was ever asked.
        case stored
    }

    /// The branches and tags. Throws `authentication`, `notFound`, `network`, `disk`.
    package func references(_ freshness: Freshness = .current) async throws(GitError) -> References {
        if cache.isOffline || freshness == .stored {
            let folder = folder
            if let stored = try await Blocking.run({ () throws(GitError) in folder.storedReferences() }) {
                return stored
            }
        }
        if cache.isOffline { throw offline("its branches and tags") }
        guard freshness == .once, let memory = cache.memory else { return try await fetchReferences() }
        return try await memory.references(of: folder) {
            do throws(GitError) { return .success(try await fetchReferences()) } catch { return .failure(error) }
        }.get()
    }

    /// The commit that `name` stands for. Throws `noSuchReference` beside what `references` throws.
    package func resolve(_ name: ReferenceName, _ freshness: Freshness = .current) async throws(GitError) -> ObjectID {
        if let id = ObjectID(hex: name.text) { return id }
        if let id = try await references(freshness).resolve(name) { return id }
        throw GitError(.noSuchReference, "\(url) has no branch or tag `\(name.text.shown())`")
    }

    /// Throws `noSuchReference` when the server has no such commit, `unsupported` when it is something else.
    package func commit(_ id: ObjectID) async throws(GitError) -> Commit {
        try await reading(id) { database throws(GitError) in try database.commit(id) }
    }

    /// The files and links of one folder of a commit (of the whole of it for nil), sorted by path, checked by
    /// `TreeRules`. Afterwards they are all in the cache.
    ///
    /// Throws `noSuchPath`, `hostileEntry`, `tooLarge`.
    package func entries(
        of path: RelativePath?, at commit: ObjectID, limits: GitLimits? = nil
    ) async throws(GitError) -> [GitEntry] {
        let limits = limits ?? cache.limits
        let outline = outline(of: commit)
        let found: [GitEntry]? = try await reading(commit) { database throws(GitError) in
            switch try database.entry(at: path, in: commit, outline) {
            case .missing(let ids): return .missing(ids)
            case .done(let entry):
                guard let entry, entry.kind == .directory else { return .done(nil) }
                switch try FolderWalk.entries(below: entry.id, in: database, limits: limits) {
                case .missing(let ids): return .missing(ids)
                case .done(let entries): return .done(entries)
                }
            }
        }
        if let found { return found }
        throw GitError(
            .noSuchPath, "there is no folder `\(path?.text.shown() ?? "")` in \(url) at commit \(commit.short)")
    }

    /// The paths of the files called `name` (of all files for nil) below `path`, sorted. Entries with unsafe names,
    /// links and submodules are passed over. An absent folder holds none. Throws `tooLarge`.
    package func paths(
        named name: String? = nil, below path: RelativePath? = nil, at commit: ObjectID
    ) async throws(GitError) -> [RelativePath] {
        if let name, path == nil, let known = outline(of: commit), known.name == name { return known.files }
        let limits = cache.limits
        let found: GitMemory.Outline = try await reading(commit) { database throws(GitError) in
            switch try database.entry(at: path, in: commit) {
            case .missing(let ids): return .missing(ids)
            case .done(let entry):
                guard let entry, entry.kind == .directory else {
                    return .done(GitMemory.Outline(name: name ?? "", files: [], folders: [:]))
                }
                var search = FileSearch(name: name, limits: limits)
                try search.visit(entry.id, at: path, in: database)
                if !search.missing.isEmpty { return .missing(Array(Set(search.missing)).sorted()) }
                return .done(
                    GitMemory.Outline(name: name ?? "", files: search.found.sorted(), folders: search.folders))
            }
        }
        if name != nil, path == nil { cache.memory?.store(found, of: folder, at: commit) }
        return found.files
    }

    /// Whether a folder of a commit holds a file of this name itself. Throws `tooLarge`.
    package func hasFile(
        named name: String, in path: RelativePath, at commit: ObjectID
    ) async throws(GitError) -> Bool {
        let files = try await paths(named: name, at: commit)
        if let known = outline(of: commit), known.name == name { return known.folders[path] != nil }
        return files.contains { $0.parent == path }
    }

    /// What a search through the whole of a commit found, if there was one.
    func outline(of commit: ObjectID) -> GitMemory.Outline? { cache.memory?.outline(of: folder, at: commit) }

    /// The names of the files in each of `folders`, not of those below; folders that are absent are left out. Reads trees alone:
    /// O(entries of the folders and of those above them), each read once.
    package func fileNames(
        in folders: [RelativePath], at commit: ObjectID
    ) async throws(GitError) -> [RelativePath: [String]] {
        try await reading(commit) { database throws(GitError) in
            let root: ObjectID
            switch try database.commit(commit) {
            case .missing(let ids): return .missing(ids)
            case .done(let commit): root = commit.tree
            }
            var trees = KnownTrees()
            var names: [RelativePath: [String]] = [:]
            for folder in folders {
                switch try database.entry(at: folder, below: root, &trees) {
                case .missing(let ids): return .missing(ids)
                case .done(let entry):
                    guard let entry, entry.kind == .directory else { continue }
                    guard let entries = try trees.tree(entry.id, in: database) else { return .missing([entry.id]) }
                    names[folder] = entries.filter { $0.kind == .file || $0.kind == .executable }
                        .compactMap { String(validating: $0.name, as: UTF8.self) }
                }
            }
            return .done(names)
        }
    }

    /// As `paths(named:below:at:)`, with the object id of each file: of two commits, only what has another id differs.
    package func identities(
        below path: RelativePath?, at commit: ObjectID
    ) async throws(GitError) -> [RelativePath: ObjectID] {
        let limits = cache.limits
        return try await reading(commit) { database throws(GitError) in
            switch try database.entry(at: path, in: commit) {
            case .missing(let ids): return .missing(ids)
            case .done(let entry):
                guard let entry, entry.kind == .directory else { return .done([:]) }
                var search = FileSearch(name: nil, limits: limits)
                try search.visit(entry.id, at: path, in: database)
                return search.missing.isEmpty
                    ? .done(search.identities) : .missing(Array(Set(search.missing)).sorted())
            }
        }
    }

    /// How `identities(below:at:)` of one commit differ from those of another; nil for files that are gone. Nil when the
    /// older commit isn't in the cache any more. Costs what changed.
    package func changes(
        below path: RelativePath?, from old: ObjectID, to commit: ObjectID
    ) async throws(GitError) -> [RelativePath: ObjectID?]? {
        let limits = cache.limits
        return try await reading(commit) { database throws(GitError) in
            guard case .done(let before) = try database.entry(at: path, in: old) else { return .done(nil) }
            switch try database.entry(at: path, in: commit) {
            case .missing(let ids): return .missing(ids)
            case .done(let after):
                var comparison = TreeComparison(limits: limits)
                func folder(_ entry: RawEntry?) -> ObjectID? { entry.flatMap { $0.kind == .directory ? $0.id : nil } }
                try comparison.compare(folder(before), folder(after), at: path, in: database)
                if comparison.isBlind { return .done(nil) }
                return comparison.missing.isEmpty
                    ? .done(comparison.changes) : .missing(Array(Set(comparison.missing)).sorted())
            }
        }
    }

    /// The bytes of blobs that `identities(below:at:)` gave, fetched together; those of more than `limit` bytes are left out.
    package func contents(
        of ids: [ObjectID], at commit: ObjectID, limit: Int
    ) async throws(GitError) -> [ObjectID: [UInt8]] {
        try await reading(commit) { database throws(GitError) in
            var contents: [ObjectID: [UInt8]] = [:]
            var missing: [ObjectID] = []
            for id in ids {
                guard let header = try database.header(id) else {
                    missing.append(id)
                    continue
                }
                guard header.kind == .blob, header.size <= limit else { continue }
                contents[id] = try database.read(id, .blob, limit: limit)
            }
            return missing.isEmpty ? .done(contents) : .missing(missing)
        }
    }

    /// The bytes of the regular files at `paths`, fetched together; what is absent, or no regular file, is left out.
    /// Throws `tooLarge` when a file or all of them are over the cache's limits.
    package func files(
        _ paths: [RelativePath], at commit: ObjectID
    ) async throws(GitError) -> [RelativePath: [UInt8]] {
        let limits = cache.limits
        let outline = outline(of: commit)
        return try await reading(commit) { database throws(GitError) in
            let root: ObjectID
            switch try database.commit(commit) {
            case .missing(let ids): return .missing(ids)
            case .done(let commit): root = commit.tree
            }
            var trees = KnownTrees(outline)
            var files: [RelativePath: [UInt8]] = [:]
            var missing: Set<ObjectID> = []
            var total = 0
            for path in paths {
                switch try database.entry(at: path, below: root, &trees) {
                case .missing(let ids): missing.formUnion(ids)
                case .done(let entry):
                    guard let entry, entry.kind == .file || entry.kind == .executable else { continue }
                    guard let bytes = try database.read(entry.id, .blob, limit: limits.fileBytes) else {
                        missing.insert(entry.id)
                        continue
                    }
                    total += bytes.count
                    if total > limits.folderBytes {
                        throw GitError(.tooLarge, "the files hold more than \(limits.folderBytes) bytes")
                    }
                    files[path] = bytes
                }
            }
            return missing.isEmpty ? .done(files) : .missing(missing.sorted())
        }
    }

    /// The bytes of entries that `entries(of:at:)` gave, in their order. One call reads a folder fastest.
    package func contents(of entries: [GitEntry], at commit: ObjectID) async throws(GitError) -> [[UInt8]] {
        let limits = cache.limits
        return try await reading(commit) { database throws(GitError) in
            var contents: [[UInt8]] = []
            var missing: [ObjectID] = []
            for entry in entries {
                if let bytes = try database.read(entry.id, .blob, limit: limits.fileBytes) {
                    contents.append(bytes)
                } else {
                    missing.append(entry.id)
                }
            }
            return missing.isEmpty ? .done(contents) : .missing(missing)
        }
    }

    /// Fetches what `entries(of:at:)` of all these folders will need, in one request. What is wrong with a single
    /// folder is left for that call to say.
    package func prefetch(folders: [RelativePath?], at commit: ObjectID) async throws(GitError) {
        let limits = cache.limits
        let outline = outline(of: commit)
        try await reading(commit) { database throws(GitError) -> Reading<Void> in
            let root: ObjectID
            switch try database.commit(commit) {
            case .missing(let ids): return .missing(ids)
            case .done(let commit): root = commit.tree
            }
            var trees = KnownTrees(outline)
            var missing: Set<ObjectID> = []
            for path in folders {
                do throws(GitError) {
                    switch try database.entry(at: path, below: root, &trees) {
                    case .missing(let ids): missing.formUnion(ids)
                    case .done(let entry):
                        guard let entry, entry.kind == .directory else { continue }
                        if case .missing(let ids) = try FolderWalk.entries(
                            below: entry.id, in: database, limits: limits)
                        {
                            missing.formUnion(ids)
                        }
                    }
                } catch  where error.code != .damaged { continue }
            }
            return missing.isEmpty ? .done(()) : .missing(missing.sorted())
        }
    }

    func offline(_ what: String) -> GitError {
        GitError(
            .offline, "the cache has nothing of \(url) for this: \(what)",
            hint: "run the same command once without --offline, or vendor what the project needs")
    }
}

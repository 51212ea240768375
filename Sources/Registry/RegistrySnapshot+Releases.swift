package import Basics
import Git
package import SkillModel
import Synchronization

/// The versions of packages.
extension RegistrySnapshot {
    /// The versions of a package, the oldest first; nil when the registry has no such package.
    ///
    /// Throws when its index file has a bad line, and `registry.changed-line` when a version that was listed before is
    /// no longer, or is another; other packages are not touched by that.
    package func releases(of name: PackageName) async throws(DiagnosticsError) -> [PackageRelease]? {
        guard let list = try await list(of: name) else { return nil }
        guard list.isKept else { return try list.releases() }
        do throws(DiagnosticsError) { return try list.releases() } catch {
            // Damage of what was kept, or a line that is bad: the index itself says.
            return try await self.list(of: name, isAnew: true)?.releases()
        }
    }

    /// As `releases(of:)`, of one version. Nil when it is not listed.
    package func release(
        of name: PackageName, at version: Version
    ) async throws(DiagnosticsError) -> PackageRelease? {
        guard let list = try await list(of: name) else { return nil }
        guard list.isKept else { return try list.release(version) }
        do throws(DiagnosticsError) { return try list.release(version) } catch {
            return try await self.list(of: name, isAnew: true)?.release(version)
        }
    }

    /// As `releases(of:)`, for whoever wants to know all of few of them. A file that is byte for byte what was read and held
    /// against the past before is not read whole: then a bad line is told by whoever asks for its version.
    ///
    /// - Parameter isAnew: whether to ask the index itself, though its lines were kept here.
    package func list(of name: PackageName, isAnew: Bool = false) async throws(DiagnosticsError) -> ReleaseList? {
        guard let path = IndexLine.path(of: name) else { return nil }
        var found = read.file(of: name)
        if found == nil, !isAnew, let list = keptList(of: name, path) { return list }
        if found == nil, let bytes = try await files.file(path) {
            let source = Digest(of: bytes)
            let isSeen = await seen?.holding([(name, source)]).isEmpty == false
            let new = try read(bytes, of: name, path, source, isSeen: isSeen)
            read.addWithinBounds(new, of: name)
            found = new
        }
        if let found, found.isSeen { return found.list }
        // A package that is gone has no versions any more: that, too, is held against what was seen.
        try await seen?.check(
            found?.list.releases() ?? [], source: found?.source, of: name, file: Self.place(path.text, of: registry))
        return found?.list
    }

    /// What was kept of a package at this commit: it was held against the past then.
    private func keptList(of name: PackageName, _ path: RelativePath) -> ReleaseList? {
        guard let kept else { return nil }
        return read.keptList(of: name) { ReleaseList(kept, indexFile(of: name, path)) }
    }

    private func indexFile(of name: PackageName, _ path: RelativePath) -> IndexFile {
        IndexFile(name: name, place: Self.place(path.text, of: registry), registry: registry, commit: commit)
    }

    /// Keeps what was read of the index for the next who opens the registry at this commit.
    package func keep() async {
        guard let seen, kept == nil || read.hasNew else { return }
        await seen.keep(read.packages(), with: kept, header: header)
    }

    /// Reads what `list(of:)` will be asked for when the newest versions are taken of the packages called `names` and of
    /// all that they need: with one request a step from dependents to dependencies, where it would make one a package.
    ///
    /// Only saves time: of what is wrong or missing nothing is said here. A local folder needs no requests.
    package func prefetch(from names: [PackageName]) async {
        guard commit != nil else { return }
        var open = Set(names)
        var asked = open
        while !open.isEmpty {
            let paths = open.sorted().compactMap { name in IndexLine.path(of: name).map { (name, $0) } }
            open = []
            var needed: Set<PackageName> = []
            var unknown: [(name: PackageName, path: RelativePath)] = []
            for (name, path) in paths {
                // Kept lines cost nothing to ask for again.
                if let kept = keptList(of: name, path), let names = try? kept.newestNeeds() {
                    needed.formUnion(names)
                } else {
                    unknown.append((name, path))
                }
            }
            if !unknown.isEmpty {
                guard let names = await prefetched(unknown) else { return }
                needed.formUnion(names)
            }
            for name in needed where asked.count < Self.greatestPrefetch && asked.insert(name).inserted {
                open.insert(name)
            }
        }
    }

    /// Reads the index files of these packages, and tells what their newest versions need. Nil when they can't be had.
    private func prefetched(_ packages: [(name: PackageName, path: RelativePath)]) async -> Set<PackageName>? {
        guard let contents = try? await files.files(packages.map(\.path)) else { return nil }
        let sources = packages.compactMap { name, path in contents[path].map { (name, Digest(of: $0)) } }
        let known = Dictionary(sources, uniquingKeysWith: { first, _ in first })
        let seen = await seen?.holding(sources) ?? []
        var needed: Set<PackageName> = []
        for (name, path) in packages {
            guard let bytes = contents[path], let source = known[name],
                let found = try? read(bytes, of: name, path, source, isSeen: seen.contains(name))
            else { continue }
            read.add(found, of: name)
            needed.formUnion((try? found.list.newestNeeds()) ?? [])
        }
        return needed
    }

    private static let greatestPrefetch = 10_000

    /// - Parameter isSeen: whether these very bytes were read and held against the past before.
    private func read(
        _ bytes: [UInt8], of name: PackageName, _ path: RelativePath, _ source: Digest, isSeen: Bool
    ) throws(DiagnosticsError) -> ReadLists.File {
        let file = indexFile(of: name, path)
        if isSeen, let list = ReleaseList(known: bytes, file) {
            return .init(list: list, bytes: bytes, source: source, isSeen: true)
        }
        return .init(list: try ReleaseList(reading: bytes, file), bytes: bytes, source: source, isSeen: isSeen)
    }

    /// Holds all that was seen of the index before against this state, though nobody asks for it now. Reads the index
    /// files of packages that were asked for before, in one request; O(their bytes).
    ///
    /// Throws `registry.changed-line` for each package of which a version was changed or is gone.
    package func checkSeen() async throws(DiagnosticsError) {
        guard let seen else { return }
        let names = await seen.names()
        try await prefetch(names)
        var changed: [Diagnostic] = []
        for name in names {
            do throws(DiagnosticsError) {
                _ = try await list(of: name)
            } catch {
                // A line that can't be read is for whoever asks for that package.
                changed += error.diagnostics.filter { $0.fault == .integrity }
            }
        }
        if !changed.isEmpty { throw DiagnosticsError(changed) }
    }

    /// Fetches the index files of many packages in one request, where `list(of:)` would ask once for each.
    package func prefetch(_ names: [PackageName]) async throws(DiagnosticsError) {
        _ = try await files.files(names.compactMap { IndexLine.path(of: $0) })
    }
}

/// Index files that were read, some of them ahead of being asked for.
final class ReadLists: Sendable {
    struct File {
        var list: ReleaseList
        var bytes: [UInt8]
        /// Of the bytes.
        var source: Digest
        /// Whether these bytes were held against what was seen before.
        var isSeen: Bool
    }

    private struct State {
        var files: [PackageName: File] = [:]
        /// Of all files.
        var size = 0
        var kept: [PackageName: ReleaseList] = [:]
    }

    private let state = Mutex(State())

    var hasNew: Bool { state.withLock { !$0.files.isEmpty } }

    func file(of name: PackageName) -> File? { state.withLock { $0.files[name] } }

    func add(_ file: File, of name: PackageName) {
        state.withLock { state in
            state.size += file.bytes.count - (state.files.updateValue(file, forKey: name)?.bytes.count ?? 0)
        }
    }

    /// Adds a file only as long as all could be kept: whoever goes through a whole index asks for each once.
    func addWithinBounds(_ file: File, of name: PackageName) {
        if state.withLock({ $0.size + file.bytes.count <= KeptIndex.greatestSize }) { add(file, of: name) }
    }

    /// A package's kept list, made once.
    func keptList(of name: PackageName, _ make: () -> ReleaseList?) -> ReleaseList? {
        if let known = state.withLock({ $0.kept[name] }) { return known }
        guard let list = make() else { return nil }
        state.withLock { $0.kept[name] = list }
        return list
    }

    /// What there is to keep of them: of a file that can't be outlined, nothing.
    func packages() -> [KeptIndex.Package] {
        state.withLock { $0.files }.compactMap { name, file in
            guard file.bytes.count <= FileSource.greatestFile, let lines = IndexOutline.lines(of: file.bytes) else {
                return nil
            }
            return KeptIndex.Package(
                name: name, source: file.source,
                lines: lines.map {
                    .init(version: $0.version, isYanked: $0.isYanked, number: $0.number, bytes: file.bytes[$0.place])
                })
        }
    }
}

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
        try await list(of: name)?.releases()
    }

    /// As `releases(of:)`, for whoever wants to know all of few of them. A file that is byte for byte what was read and held
    /// against the past before is not read whole: then a bad line is told by whoever asks for its version.
    package func list(of name: PackageName) async throws(DiagnosticsError) -> ReleaseList? {
        guard let path = IndexLine.path(of: name) else { return nil }
        var found = read.list(of: name)
        if found == nil, let bytes = try await files.file(path) {
            let source = Digest(of: bytes)
            let isSeen = await seen?.holding([(name, source)]).isEmpty == false
            found = try read(bytes, of: name, path, source, isSeen: isSeen)
        }
        if let found, found.isSeen { return found.list }
        // A package that is gone has no versions any more: that, too, is held against what was seen.
        try await seen?.check(
            found?.list.releases() ?? [], source: found?.source, of: name, file: Self.place(path.text, of: registry))
        return found?.list
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
            guard let contents = try? await files.files(paths.map(\.1)) else { return }
            let sources = paths.compactMap { name, path in contents[path].map { (name, Digest(of: $0)) } }
            let known = Dictionary(sources, uniquingKeysWith: { first, _ in first })
            let seen = await seen?.holding(sources) ?? []
            for (name, path) in paths {
                guard let bytes = contents[path], let source = known[name],
                    let found = try? read(bytes, of: name, path, source, isSeen: seen.contains(name))
                else { continue }
                read.add(found, of: name)
                guard let newest = found.list.items.last(where: { !$0.isYanked && !$0.version.isPrerelease }),
                    let release = try? found.list.release(newest.version)
                else { continue }
                for dependency in release.dependencies
                where asked.count < Self.greatestPrefetch && asked.insert(dependency.name).inserted {
                    open.insert(dependency.name)
                }
            }
        }
    }

    private static let greatestPrefetch = 10_000

    /// - Parameter isSeen: whether these very bytes were read and held against the past before.
    private func read(
        _ bytes: [UInt8], of name: PackageName, _ path: RelativePath, _ source: Digest, isSeen: Bool
    ) throws(DiagnosticsError) -> ReadLists.File {
        let file = IndexFile(
            name: name, place: Self.place(path.text, of: registry), registry: registry, commit: commit)
        if isSeen, let list = ReleaseList(known: bytes, file) { return .init(list: list, source: source, isSeen: true) }
        return .init(list: try ReleaseList(reading: bytes, file), source: source, isSeen: isSeen)
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

/// Index files that were read ahead of being asked for.
final class ReadLists: Sendable {
    struct File {
        var list: ReleaseList
        /// Of its bytes.
        var source: Digest
        /// Whether these bytes were held against what was seen before.
        var isSeen: Bool
    }

    private let lists = Mutex<[PackageName: File]>([:])

    func list(of name: PackageName) -> File? { lists.withLock { $0[name] } }
    func add(_ file: File, of name: PackageName) { lists.withLock { $0[name] = file } }
}

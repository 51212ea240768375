package import Basics
import Formats
package import Git
package import SkillModel
import Synchronization

/// One state of a registry. All answers belong together.
package struct RegistrySnapshot: Sendable {
    package static let headerFile = "registry.toml"
    /// The version of the format that this skvm reads.
    package static let formatVersion: Int64 = 1

    package let registry: Registry
    /// Nil for a local folder.
    package let commit: ObjectID?
    /// What the registry calls itself.
    package let title: String
    package let summary: String?
    let files: FileSource
    private let read = ReadReleases()
    /// What was seen of the index before; nil for a local folder and for a past state.
    var seen: SeenLines?

    init(registry: Registry, files: FileSource, commit: ObjectID?) async throws(DiagnosticsError) {
        self.registry = registry
        self.files = files
        self.commit = commit
        let place = Self.place(Self.headerFile, of: registry)
        guard let path = RelativePath(Self.headerFile), let bytes = try await files.file(path) else {
            throw DiagnosticsError(
                Diagnostic(
                    "registry.none", .error, "\(registry.location) is no registry: it has no \(Self.headerFile)",
                    hint: "a repository of skills needs no registry: name it in [dependencies] with `git = …`",
                    fault: .outside))
        }
        let header = try RegistryHeader(parsing: bytes, file: place)
        title = header.name
        summary = header.description
    }

    // MARK: Packages

    /// The versions of a package, the oldest first; nil when the registry has no such package.
    ///
    /// Throws when its index file has a bad line, and `registry.changed-line` when a version that was listed before is
    /// no longer, or is another; other packages are not touched by that.
    package func releases(of name: PackageName) async throws(DiagnosticsError) -> [PackageRelease]? {
        guard let path = IndexLine.path(of: name) else { return nil }
        var found = read.releases(of: name)
        if found == nil, let bytes = try await files.file(path) {
            found = .init(releases: try self.releases(of: name, parsing: bytes, path), source: Digest(of: bytes))
        }
        // A package that is gone has no versions any more: that, too, is held against what was seen.
        try await seen?.check(
            found?.releases ?? [], source: found?.source, of: name, file: Self.place(path.text, of: registry))
        return found?.releases
    }

    /// Reads what `releases(of:)` will be asked for when the newest versions are taken of the packages called `names` and of
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
            for (name, path) in paths {
                guard let bytes = contents[path], let releases = try? self.releases(of: name, parsing: bytes, path)
                else { continue }
                read.add(.init(releases: releases, source: Digest(of: bytes)), of: name)
                for dependency in releases.last(where: { !$0.isYanked && !$0.version.isPrerelease })?.dependencies ?? []
                where asked.count < Self.greatestPrefetch && asked.insert(dependency.name).inserted {
                    open.insert(dependency.name)
                }
            }
        }
    }

    private static let greatestPrefetch = 10_000

    private func releases(
        of name: PackageName, parsing bytes: [UInt8], _ path: RelativePath
    ) throws(DiagnosticsError) -> [PackageRelease] {
        let place = Self.place(path.text, of: registry)
        guard bytes.count <= FileSource.greatestFile else {
            throw IndexLine.tooLarge(bytes, place)
        }
        var releases: [PackageRelease] = []
        for (index, line) in try IndexLine.parse(bytes, of: name, file: place).enumerated() {
            releases.append(
                PackageRelease(
                    name: name, version: line.version, origin: try origin(of: line, place, index + 1),
                    dependencies: line.dependencies, requires: line.requires, isYanked: line.isYanked,
                    summary: line.description, keywords: line.keywords, tree: line.tree, tag: line.releaseTag,
                    signer: line.signer))
        }
        return releases.sorted { $0.version < $1.version }
    }

    /// Holds all that was seen of the index before against this state, though nobody asks for it now. Reads the index
    /// files of packages that were asked for before, in one request; O(their versions).
    ///
    /// Throws `registry.changed-line` for each package of which a version was changed or is gone.
    package func checkSeen() async throws(DiagnosticsError) {
        guard let seen else { return }
        let names = await seen.names()
        try await prefetch(names)
        var changed: [Diagnostic] = []
        for name in names {
            do throws(DiagnosticsError) {
                _ = try await releases(of: name)
            } catch {
                // A line that can't be read is for whoever asks for that package.
                changed += error.diagnostics.filter { $0.fault == .integrity }
            }
        }
        if !changed.isEmpty { throw DiagnosticsError(changed) }
    }

    /// Fetches the index files of many packages in one request, where `releases(of:)` would ask once for each.
    package func prefetch(_ names: [PackageName]) async throws(DiagnosticsError) {
        _ = try await files.files(names.compactMap { IndexLine.path(of: $0) })
    }

    /// The names of all packages, sorted. Reads no index file.
    package func packageNames() async throws(DiagnosticsError) -> [PackageName] {
        guard let index = RelativePath("index") else { return [] }
        return try await files.paths(below: index).compactMap { IndexLine.name(of: $0) }.sorted()
    }

    /// The packages whose names are like one, sorted. Lists some 300 folders, of which few exist, and reads no index file.
    package func lookAlikes(of name: PackageName) async throws(DiagnosticsError) -> [PackageName] {
        try await files.names(in: IndexLine.folders(like: name)).compactMap { file in
            guard file.hasSuffix(".jsonl"), let other = PackageName(String(file.dropLast(6))),
                LookAlike(name.description, other.description) != nil
            else { return nil }
            return other
        }.sorted()
    }

    /// Whether the index has a file of a package. Reads none.
    package func lists(_ name: PackageName) async throws(DiagnosticsError) -> Bool {
        guard let path = IndexLine.path(of: name), let folder = path.parent else { return false }
        return try await files.names(in: [folder]).contains(path.name)
    }

    /// The files of `index/` that are no package's, sorted.
    package func strayIndexFiles() async throws(DiagnosticsError) -> [RelativePath] {
        guard let index = RelativePath("index") else { return [] }
        return try await files.paths(below: index).filter { IndexLine.name(of: $0) == nil && !$0.name.hasPrefix(".") }
    }

    /// What to tell whoever asks for a package that is not there: with the nearest name, where there is one.
    package func unknownPackage(_ name: PackageName) async -> Diagnostic {
        let names = (try? await packageNames()) ?? []
        let near = nearest(to: name.description, in: names.map(\.description))
        return Diagnostic(
            "registry.unknown-package", .error, "the registry `\(registry.name)` has no package `\(name)`",
            notes: ["it is at \(registry.location)"],
            hint: near.map { "did you mean `\($0)`?" }
                ?? "check its spelling, or name its registry: `skvm registry list`")
    }

    /// What to tell when no version of a package is in `range`: lists those that there are.
    package static func noVersion(
        of name: PackageName, in range: VersionRange, among versions: [Version], at place: String
    ) -> Diagnostic {
        let newest = versions.sorted(by: >).prefix(10).map(\.description).joined(separator: ", ")
        return Diagnostic(
            "registry.no-version", .error, "no version of `\(name)` is in the range \(range)",
            notes: [
                versions.isEmpty
                    ? "\(place) has no version of it" : "\(place) has \(newest)\(versions.count > 10 ? ", …" : "")"
            ],
            hint: "give another range, or `*` for any release")
    }

    /// Whom the registry vouches for: its `allowed_signers`. Throws `registry.too-large`.
    package func allowedSigners() async throws(DiagnosticsError) -> AllowedSigners {
        guard let path = RelativePath(AllowedSigners.fileName), let bytes = try await files.file(path) else {
            return AllowedSigners()
        }
        guard bytes.count <= AllowedSigners.greatestSize else {
            throw DiagnosticsError(
                Diagnostic(
                    "registry.too-large", .error,
                    "it has \(bytes.count) bytes, more than \(AllowedSigners.greatestSize)",
                    at: SourceLocation(file: Self.place(path.text, of: registry)), fault: .integrity))
        }
        return AllowedSigners(parsing: bytes)
    }

    // MARK: Descriptions

    /// The kinds of files that a registry serves besides packages: TOML, by name.
    package enum Kind: String, Sendable, CaseIterable {
        case profiles, harnesses, environments
    }

    /// The bytes of `<kind>/<name>.toml`, with the place that diagnostics about them name; nil when there is none.
    package func description(
        _ kind: Kind, _ name: String
    ) async throws(DiagnosticsError) -> (bytes: [UInt8], file: String)? {
        guard let path = RelativePath("\(kind.rawValue)/\(name).toml"), let bytes = try await files.file(path) else {
            return nil
        }
        return (bytes, Self.place(path.text, of: registry))
    }

    /// The profile of a model on a harness: `profiles/<harness>/<model>.toml`, where `--` stands for each `/` of the
    /// model's name.
    package func profile(
        model: String, harness: String
    ) async throws(DiagnosticsError) -> (bytes: [UInt8], file: String)? {
        try await description(.profiles, "\(harness)/\(model.replacing("/", with: "--"))")
    }

    /// The names of all files of a kind, without `.toml`, sorted.
    package func names(of kind: Kind) async throws(DiagnosticsError) -> [String] {
        guard let folder = RelativePath(kind.rawValue) else { return [] }
        return try await files.paths(below: folder).compactMap { path in
            path.text.hasSuffix(".toml") ? String(path.text.dropFirst(kind.rawValue.count + 1).dropLast(5)) : nil
        }
    }

    private func origin(of line: IndexLine, _ place: String, _ number: Int) throws(DiagnosticsError) -> PackageOrigin {
        if let url = line.git, let commit = line.commit { return .git(url, commit: commit, path: line.path) }
        switch registry.location {
        case .git(let url, let root):
            guard let commit = line.commit ?? commit else {
                throw IndexLine.bad("`commit` is missing", place, number)
            }
            let path = line.path.map { root?.appending($0) ?? $0 } ?? root
            return .git(url, commit: commit, path: path)
        case .folder(let folder):
            if let commit = line.commit {
                // An older state of a folder that is a git repository as well.
                do throws(GitError) { return .git(try GitURL(folder), commit: commit, path: line.path) } catch {
                    throw DiagnosticsError(error.diagnostic)
                }
            }
            return .folder(line.path.map { "\(folder)/\($0.text)" } ?? folder)
        }
    }

    static func place(_ path: String, of registry: Registry) -> String {
        if case .folder(let folder) = registry.location { return "\(folder)/\(path)" }
        return "\(registry.location)/\(path)"
    }
}

/// Releases that were read ahead of being asked for.
private final class ReadReleases: Sendable {
    struct File {
        var releases: [PackageRelease]
        /// Of the index file.
        var source: Digest
    }

    private let releases = Mutex<[PackageName: File]>([:])

    func releases(of name: PackageName) -> File? { releases.withLock { $0[name] } }
    func add(_ read: File, of name: PackageName) { releases.withLock { $0[name] = read } }
}

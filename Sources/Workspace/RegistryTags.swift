import Basics
import ContentStore
import Git
import Registry
import SkillModel

/// The versions that a repository of skills has by its tags: `NAME/v1.2.0`, or `v1.2.0` where a commit holds one skill.
struct RegistryTags: Sendable {
    let copy: WorkingCopy
    let fetcher: PackageFetcher
    let store: ContentStore
    /// The checkout's folder.
    let root: String
    /// The registry's folder in it; nil for the root.
    let registry: RelativePath?

    struct Tag: Sendable, Hashable {
        var text: String
        /// Nil for a tag of the whole repository.
        var name: PackageName?
        var version: Version
        var commit: ObjectID
    }

    /// Nil where there is no repository.
    init?(_ copy: WorkingCopy, _ fetcher: PackageFetcher, _ store: ContentStore) async throws {
        guard let root = try await copy.root(), let prefix = try await copy.ask("rev-parse", "--show-prefix") else {
            return nil
        }
        self.copy = copy
        self.fetcher = fetcher
        self.store = store
        self.root = root
        registry = RelativePath(prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix)
    }

    /// Those that name a version, sorted by their text.
    func all() async throws -> [Tag] {
        let format = "%(refname:strip=2)%09%(objecttype)%09%(objectname)%09%(*objecttype)%09%(*objectname)"
        let listing = try await copy.run(
            ["for-each-ref", "--format=\(format)", "refs/tags"], doing: "the repository's tags can't be read")
        return listing.split(separator: "\n").compactMap { line in
            let words = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard words.count == 5 else { return nil }
            let commit = words[1] == "commit" ? words[2] : words[3] == "commit" ? words[4] : ""
            guard let id = ObjectID(hex: commit) else { return nil }
            let parts = words[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= 2, let last = parts.last, last.hasPrefix("v"),
                let version = Version(String(last.dropFirst()))
            else { return nil }
            var name: PackageName?
            if parts.count == 2 {
                name = PackageName(parts[0])
                if name == nil { return nil }
            }
            return Tag(text: words[0], name: name, version: version, commit: id)
        }
    }

    /// What a tag stands for, and what keeps it from being listed: a tag is history, which nobody can correct.
    func release(_ tag: Tag) async throws -> (release: NewRelease?, remark: Diagnostic?) {
        func remark(_ message: String) -> (NewRelease?, Diagnostic?) {
            (nil, Diagnostic("registry.tag", .warning, "the tag `\(tag.text)` is not listed: \(message)"))
        }
        do {
            let there = try await self.files(at: tag.commit)
            let (found, count) = try await skill(tag, there)
            guard let (path, manifest, package) = found else {
                // A tag of the whole repository says nothing of one of many skills.
                if tag.name == nil, count != 1 { return (nil, nil) }
                return remark(
                    "its commit holds no skill \(tag.name.map { "'\($0)' " } ?? "")with [package] and version \(tag.version)"
                )
            }
            let ranges = try await RegistryRanges.of(manifest, in: path, file: "\(tag.text):\(path.text)/skvm.toml") {
                try await self.manifest(in: $0, at: tag.commit, there)
            }
            let full = registry?.appending(path) ?? path
            let files = try await fetcher.fetch(.git(try GitURL(root), commit: tag.commit, path: full))
            let words = try SkillWords(of: try files.file("SKILL.md", in: store) ?? [], package)
            return (
                NewRelease(
                    name: package.name, version: package.version, git: nil, path: path, commit: tag.commit,
                    tree: files.tree, dependencies: ranges, requires: package.requires,
                    description: words.description, keywords: words.keywords), nil
            )
        } catch {
            guard let found = Workspace.diagnostics(of: error), found.allSatisfy({ $0.fault < .offline }) else {
                throw error
            }
            return remark(found.map(\.message).joined(separator: "; "))
        }
    }

    private typealias Skill = (path: RelativePath, manifest: Manifest, package: Manifest.Package)

    /// The skill of the tag's name and version, and how many skills there are.
    private func skill(_ tag: Tag, _ files: Set<String>) async throws -> (found: Skill?, count: Int) {
        let folders = files.filter { $0.hasSuffix("/SKILL.md") }.compactMap {
            RelativePath($0.dropLast("/SKILL.md".count))
        }
        if tag.name == nil, folders.count != 1 { return (nil, folders.count) }
        // A package's folder mostly has its name: that one is looked at first.
        let likely = folders.sorted { a, b in
            let (first, second) = (a.name == tag.name?.description, b.name == tag.name?.description)
            return first == second ? a < b : first
        }
        for folder in likely {
            guard let manifest = try await manifest(in: folder, at: tag.commit, files), let package = manifest.package,
                package.isPublic, tag.name == nil || tag.name == package.name, package.version == tag.version
            else { continue }
            return ((folder, manifest, package), folders.count)
        }
        return (nil, folders.count)
    }

    /// The files of a commit below the registry's folder, relative to it.
    private func files(at commit: ObjectID) async throws -> Set<String> {
        let listing = try await copy.run(
            ["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit.hex]
                + (registry.map { ["--", $0.text] } ?? []),
            doing: "commit \(commit.short) can't be read")
        let prefix = registry.map { $0.text + "/" } ?? ""
        return Set(
            listing.utf8.split(separator: 0).map { String(Substring($0)) }.filter { $0.hasPrefix(prefix) }
                .map { String($0.dropFirst(prefix.count)) })
    }

    /// Of a folder below the registry; nil where it has none, or one that can't be read.
    private func manifest(
        in folder: RelativePath, at commit: ObjectID, _ files: Set<String>
    ) async throws -> Manifest? {
        guard files.contains("\(folder.text)/\(Manifest.fileName)") else { return nil }
        let full = registry?.appending(folder) ?? folder
        let text = try await copy.run(
            ["show", "\(commit.hex):\(full.text)/\(Manifest.fileName)"], doing: "commit \(commit.short) can't be read")
        return try? Manifest(parsing: Array((text + "\n").utf8), file: "\(full.text)/\(Manifest.fileName)")
    }
}

/// What the index of a registry that holds its skills itself says of their dependencies.
enum RegistryRanges {
    /// Ranges of the same registry: a folder becomes the range that stands beside its path, else that of its version.
    ///
    /// Throws `registry.dependency` for what does not come from this registry, and for a folder whose version is not in range.
    static func of(
        _ manifest: Manifest, in path: RelativePath, file: String,
        sibling: (RelativePath) async throws -> Manifest?
    ) async throws -> [PackageName: VersionRange] {
        var ranges: [PackageName: VersionRange] = [:]
        for dependency in manifest.dependencies {
            func fault(_ message: String, _ hint: String) -> DiagnosticsError {
                DiagnosticsError([
                    Diagnostic(
                        "registry.dependency", .error, message,
                        at: SourceLocation(
                            file: file, line: dependency.location.line, column: dependency.location.column),
                        hint: hint)
                ])
            }
            switch dependency.source {
            case .registry(let range, nil): ranges[dependency.ownName] = range
            case .path(let text, let range):
                let place = "/" + path.text
                let full = FileSystem.absolute(text, from: place)
                guard !text.hasPrefix("/"), let folder = RelativePath(full.dropFirst()),
                    let package = try await sibling(folder)?.package, package.name == dependency.ownName
                else {
                    throw fault(
                        "'\(dependency.name)' is the folder \(text), which is no package of that name in this registry",
                        "give it a [package] with this name and a version, or depend on a version: \(dependency.name) = \"^1.0\""
                    )
                }
                if let range, !range.contains(package.version) {
                    throw fault(
                        "'\(dependency.name)' is to be \(range), and the folder \(text) is \(package.version)",
                        "raise the version in [dependencies]")
                }
                ranges[dependency.ownName] = range ?? .compatible(with: package.version)
            case .registry, .git, .web, .hub:
                throw fault(
                    "'\(dependency.name)' of \(path.text) does not come from this registry",
                    "depend on a version of this registry: \(dependency.name) = \"^1.0\"")
            }
        }
        return ranges
    }
}

package import Basics
import ContentStore
import Formats
import Git
import Registry
import SkillModel

/// What `skvm registry index` wrote.
package struct RegistryIndexReport: DiagnosedReport, Codable {
    package var version = 1
    package var command = "registry"
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    package var skills: Int
    /// Index files that changed, relative to the registry.
    package var paths: [String]
    package var text: String {
        (["\(counted(skills, "skill")), \(counted(paths.count, "file")) of the index changed"] + paths)
            .joined(separator: "\n")
    }
}

/// What `skvm registry check` found.
package struct RegistryCheckReport: DiagnosedReport, Codable {
    package var version = 1
    package var command = "registry"
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    package var packages = 0
    /// Versions whose files were fetched and have the promised digest.
    package var versions = 0
    /// Versions whose lines name a signer.
    package var signed = 0
    package var text: String {
        let signatures = signed > 0 ? ", \(counted(signed, "signature"))" : ""
        return ok
            ? "checked \(counted(packages, "package")): \(counted(versions, "version"))\(signatures) as promised" : ""
    }
}

extension Workspace {
    /// Makes a folder a registry without packages.
    package func initializeRegistry(_ folder: String, name: String?) throws -> Done {
        let path = FileSystem.absolute(folder, from: settings.workingDirectory)
        let file = path + "/" + RegistrySnapshot.headerFile
        if FileSystem.exists(file) {
            throw DiagnosticsError([
                Diagnostic(
                    "registry.exists", .error, "\(folder) is a registry already", hint: "edit its registry.toml",
                    fault: .usage)
            ])
        }
        let name = name ?? String(path.split(separator: "/").last ?? "registry")
        guard name.isPrintable, !name.isEmpty, name.utf8.count <= 200 else {
            throw DiagnosticsError([
                Diagnostic(
                    "registry.name", .error, "this can't be a registry's name", hint: "give --name", fault: .usage)
            ])
        }
        let text = """
            # A registry of skills: index/ lists the versions (`skvm publish`, `skvm registry index`).
            version = 1
            name = \(TOMLLiteral.quoted(name))

            """
        if !flags.dryRun {
            try FileSystem.makeDirectories(path + "/index")
            try FileSystem.write([], to: path + "/index/.gitkeep")
            try FileSystem.replace(file, with: Array(text.utf8))
        }
        return Done(
            command: "registry",
            text: "wrote \(folder)/registry.toml\nnext: commit it and push it to where others can fetch it; then, in a "
                + "skill's project, skvm registry add default URL and skvm publish",
            paths: ["registry.toml", "index/.gitkeep"].map { "\(folder)/\($0)" })
    }

    /// Writes the index lines of the skills that lie in a registry's folder.
    package func indexRegistry(_ folder: String?) async throws -> RegistryIndexReport {
        let root = FileSystem.absolute(folder ?? ".", from: settings.workingDirectory)
        guard FileSystem.exists(root + "/" + RegistrySnapshot.headerFile) else {
            throw DiagnosticsError([
                Diagnostic(
                    "registry.none", .error, "\(root) is no registry: it has no registry.toml",
                    hint: "name its folder, or make it one: `skvm registry init DIR`", fault: .usage)
            ])
        }
        let folders = try await blocking { try Self.skillFolders(in: root) }
        var releases: [NewRelease] = []
        let copy = WorkingCopy(folder: root, environment: settings.environment)
        let isRepository = try await copy.root() != nil
        var remarks: [Diagnostic] = []
        var found: [(path: RelativePath, files: PackageFiles)] = []
        for path in folders { found.append((path, try await fetcher.fetch(.folder("\(root)/\(path.text)")))) }
        let held = isRepository ? try await held(of: found, in: copy) : nil
        for (path, files) in found {
            let (tree, changed) = try Self.tree(of: files, in: path, held)
            let new = try await release(of: path, tree, in: root)
            releases.append(new)
            if changed.isEmpty { continue }
            remarks.append(
                Diagnostic(
                    "registry.git-holds", .warning,
                    "git holds other files of `\(new.name)` \(new.version) than its folder has: those are listed",
                    at: SourceLocation(file: path.text),
                    notes: changed.sorted().prefix(10)
                        + (changed.count > 10 ? ["and \(counted(changed.count - 10, "file")) more"] : []),
                    hint: "to have the folder's own, let .gitattributes say `* -text`, and .gitignore not name them"))
        }
        let byName = Dictionary(grouping: releases) { "\($0.name) \($0.version)" }
        if let (name, same) = byName.filter({ $0.value.count > 1 }).min(by: { $0.key < $1.key }) {
            throw DiagnosticsError([
                Diagnostic(
                    "registry.two-folders", .error, "\(name) is in two folders",
                    notes: same.compactMap { $0.path?.text }, hint: "give one of them another name or version")
            ])
        }
        let fetcher = fetcher
        let indexer = RegistryIndexer(
            folder: root,
            committed: { path in
                // Without a commit nothing is published; with one, whatever keeps git from telling is an error.
                guard isRepository, try await copy.ask("rev-parse", "--verify", "--quiet", "HEAD") != nil else {
                    return nil
                }
                let doing = "reading what is committed of \(path.text)"
                let entry = try await copy.run(["ls-tree", "HEAD", "--", "./\(path.text)"], doing: doing)
                if entry.isEmpty { return nil }
                return Array((try await copy.run(["show", "HEAD:./\(path.text)"], doing: doing) + "\n").utf8)
            },
            commit: { path, tree in
                guard isRepository else { return nil }
                return try await Self.commit(of: path, tree, copy, fetcher)
            })
        let tagged = try await taggedReleases(besides: releases, indexer, copy, &remarks)
        let changes = try await indexer.changes(releases, tagged: tagged)
        if !flags.dryRun {
            for (path, bytes) in changes {
                let full = "\(root)/\(path.text)"
                try FileSystem.makeDirectories(FileSystem.parent(of: full) ?? root)
                try FileSystem.replace(full, with: bytes)
            }
        }
        return RegistryIndexReport(
            diagnostics: remarks, skills: releases.count, paths: changes.keys.sorted().map(\.text))
    }

    /// What the repository's tags stand for and the index does not list.
    private func taggedReleases(
        besides releases: [NewRelease], _ indexer: RegistryIndexer, _ copy: WorkingCopy, _ remarks: inout [Diagnostic]
    ) async throws -> [NewRelease] {
        guard let tags = try await RegistryTags(copy, fetcher, store) else { return [] }
        var tagged: [NewRelease] = []
        for tag in try await tags.all() {
            if let name = tag.name, try await indexer.lists(name, tag.version) { continue }
            let (found, remark) = try await tags.release(tag)
            if let remark { remarks.append(remark) }
            guard let found, try await !indexer.lists(found.name, found.version) else { continue }
            if let other = tagged.first(where: { $0.name == found.name && $0.version == found.version }) {
                if other.tree == found.tree { continue }
                throw DiagnosticsError([
                    Diagnostic(
                        "registry.two-tags", .error,
                        "two tags stand for `\(found.name)` \(found.version), with other files",
                        notes: [other, found].compactMap { $0.commit.map { "commit \($0)" } },
                        hint: "remove the one that is wrong, or list the version by hand")
                ])
            }
            if let own = releases.first(where: { $0.name == found.name && $0.version == found.version }) {
                if own.tree == found.tree { continue }
                throw DiagnosticsError([
                    Diagnostic(
                        "registry.changed-version", .error,
                        "the files of `\(own.name)` \(own.version) are no longer those of the tag `\(tag.text)`",
                        notes: ["tagged \(found.tree)", "now \(own.tree)"],
                        hint: "a published version never changes: give its [package] a new one")
                ])
            }
            tagged.append(found)
        }
        return tagged
    }

    /// Reads every line of a registry and fetches every version: the registry in `place`, a folder or an address, or the
    /// project's of that name.
    package func checkRegistry(_ place: String?) async throws -> RegistryCheckReport {
        let snapshot = try await registry(at: place).open()
        var report = RegistryCheckReport()
        func collecting(_ body: () async throws -> Void) async throws {
            do { try await body() } catch {
                guard let found = Self.diagnostics(of: error) else { throw error }
                report.diagnostics += found
            }
        }
        let fetcher = fetcher
        let names = try await snapshot.packageNames()
        var releases: [PackageName: [PackageRelease]] = [:]
        for name in names {
            try await collecting {
                releases[name] = try await snapshot.releases(of: name)
                if let list = try await snapshot.list(of: name) { report.diagnostics += try list.unreachable() }
            }
        }
        report.packages = names.count
        try await collecting { try await fetcher.prefetch(releases.values.flatMap { $0 }) }
        var list = AllowedSigners()
        try await collecting { list = try await snapshot.allowedSigners() }
        // Only the registry's own list: those who install from it have no other.
        let nowhere = Project(root: settings.workingDirectory, manifest: Manifest(), hasManifest: false)
        let signers = try SignerCheck(
            self, nowhere, lock: nil, shelf: try RegistryShelf(nowhere, self), accepted: [], user: AllowedSigners())
        for name in names {
            for release in releases[name] ?? [] {
                try await collecting {
                    _ = try await fetcher.fetch(release)
                    report.versions += 1
                }
                try await collecting {
                    report.signed += release.signer == nil ? 0 : 1
                    if let told = try await signers.check(listed: release, list) { report.diagnostics.append(told) }
                }
                for dependency in release.dependencies {
                    guard case .registry(let range, _) = dependency.source else { continue }
                    if releases[dependency.name]?.contains(where: { range.contains($0.version) }) ?? false { continue }
                    report.diagnostics.append(
                        Diagnostic(
                            "registry.missing-dependency", .warning,
                            "`\(name)` \(release.version) needs `\(dependency.name)` \(range), which the registry has not",
                            hint: "publish it, or yank the version that needs it"))
                }
            }
        }
        for path in try await snapshot.strayIndexFiles() {
            report.diagnostics.append(
                Diagnostic(
                    "registry.stray-file", .warning, "\(path.text) is not where a package's index belongs",
                    hint: "the file of `ab` is index/ab/__/ab.jsonl, that of `charts` index/ch/ar/charts.jsonl"))
        }
        for kind in RegistrySnapshot.Kind.allCases {
            for name in try await snapshot.names(of: kind) {
                try await collecting {
                    guard let (bytes, file) = try await snapshot.description(kind, name) else { return }
                    switch kind {
                    case .profiles: _ = try Profile(parsing: bytes, file: file)
                    case .harnesses: _ = try HarnessDescription(parsing: bytes, file: file)
                    case .environments: _ = try EnvironmentDescription(parsing: bytes, file: file)
                    case .models:
                        let model = try ModelDescription(parsing: bytes, file: file).model
                        if ModelName(model)?.fileName != name {
                            throw Diagnostic(
                                "registry.model-name", .error, "the file describes \(model), and is not called so",
                                at: SourceLocation(file: file),
                                hint: "call it \(ModelName(model)?.fileName ?? "MODEL").toml", fault: .build)
                        }
                    }
                }
            }
        }
        report.ok = !report.diagnostics.contains { $0.severity == .error }
        return report
    }

    private func registry(at place: String?) throws -> Registry {
        let here = settings.workingDirectory
        let project = try? self.projectOrNone()
        if let place, let project, let url = project.manifest.registries[place] {
            return Registry(
                name: place, location: try RegistryLocation(url.description, relativeTo: project.root),
                cache: repositories)
        }
        if let place, place == EmbeddedRegistry.name, !FileSystem.isDirectory(FileSystem.absolute(place, from: here)) {
            let folder = try EmbeddedRegistry.folder(cache: settings.cacheDirectory)
            return Registry(
                name: place, location: try RegistryLocation(folder, relativeTo: here), cache: repositories)
        }
        let text = place ?? "."
        let isFolder = FileSystem.isDirectory(FileSystem.absolute(text, from: here))
        if let place, !isFolder, RepositoryURL(place) == nil {
            let known = (project?.manifest.registries.keys.sorted() ?? []) + [EmbeddedRegistry.name]
            throw DiagnosticsError([
                Diagnostic(
                    "registry.unknown", .error,
                    "'\(place.shown())' is no registry of skvm.toml, no folder and no address",
                    hint: nearest(to: place, in: known).map { "did you mean '\($0)'?" }
                        ?? "there is \(known.joined(separator: ", ")); or name a folder or an address: `skvm registry add "
                        + "\(place.shown()) ADDRESS` gives it that name",
                    fault: .usage)
            ])
        }
        // A bare repository, as a server's hook stands in, is one, too.
        if place == nil, !["registry.toml", ".git", "HEAD"].contains(where: { FileSystem.exists("\(here)/\($0)") }) {
            throw DiagnosticsError([
                Diagnostic(
                    "registry.none-here", .error, "\(here) is no registry",
                    hint: "name one: `skvm registry check NAME`, a folder, or an address", fault: .usage)
            ])
        }
        let location = try RegistryLocation(isFolder ? FileSystem.absolute(text, from: here) : text, relativeTo: here)
        return Registry(name: place ?? "here", location: location, cache: repositories)
    }

    // MARK: The skills of a folder

    /// The folders below `root` with `SKILL.md` and a `skvm.toml`, sorted, relative to it.
    private static func skillFolders(in root: String) throws -> [RelativePath] {
        var found: [RelativePath] = []
        var pending = try FileSystem.list(root).filter { $0 != "index" }.compactMap { RelativePath($0) }
        while let path = pending.popLast() {
            let full = "\(root)/\(path.text)"
            guard !path.name.hasPrefix("."), path.components.count < 32,
                try FileSystem.status(full)?.kind == .directory
            else { continue }
            if FileSystem.exists(full + "/SKILL.md"), FileSystem.exists(full + "/" + Manifest.fileName) {
                found.append(path)
            } else {
                pending += try FileSystem.list(full).compactMap { RelativePath("\(path.text)/\($0)") }
            }
        }
        return found.sorted()
    }

    // MARK: What git holds

    /// Whoever installs a package gets what git holds of it: of the folder's files, that may be others.
    private func held(
        of skills: [(path: RelativePath, files: PackageFiles)], in copy: WorkingCopy
    ) async throws -> HeldFiles {
        let store = store
        var own: [RelativePath: Blob] = [:]
        for (path, files) in skills {
            for entry in files.entries { own[path.appending(entry.path)] = entry.blob }
        }
        return try await copy.held(in: skills.map(\.path)) { path, id in
            guard let blob = own[path], let bytes = try store.get(blob.digest) else { return false }
            return SHA1.objectName("blob", bytes) != id.hex
        }
    }

    /// The digest of what git holds of a skill, and how it differs from what its folder has.
    private static func tree(
        of files: PackageFiles, in folder: RelativePath, _ held: HeldFiles?
    ) throws -> (Digest, changed: [String]) {
        guard let held else { return (files.tree, []) }
        var changed: [String] = []
        let entries = files.entries.compactMap { entry -> TreeEntry? in
            let path = folder.appending(entry.path)
            guard let file = held.files[path] else {
                changed.append("\(entry.path) is ignored: it is left out")
                return nil
            }
            guard case .file(let blob, _) = entry.kind else { return entry }
            if let bytes = held.contents[path] {
                changed.append("\(entry.path) has other bytes there")
                return TreeEntry(entry.path, .file(Blob(of: bytes), executable: file.isExecutable))
            }
            return TreeEntry(entry.path, .file(blob, executable: file.isExecutable))
        }
        if changed.isEmpty, entries == files.entries { return (files.tree, []) }
        return (try Tree.digest(entries), changed)
    }

    private func release(of path: RelativePath, _ tree: Digest, in root: String) async throws -> NewRelease {
        let full = "\(root)/\(path.text)"
        let manifest = try Manifest(
            parsing: try FileSystem.read("\(full)/\(Manifest.fileName)", limit: Manifest.greatestSize),
            file: "\(path.text)/\(Manifest.fileName)")
        guard let package = manifest.package else {
            throw DiagnosticsError([
                Diagnostic(
                    "registry.no-package", .error, "the skill in \(path.text) has no [package]",
                    at: SourceLocation(file: "\(path.text)/\(Manifest.fileName)"), hint: "give it a name and a version")
            ])
        }
        let ranges = try await RegistryRanges.of(manifest, in: path, file: "\(path.text)/\(Manifest.fileName)") {
            folder in
            try Project(root: root, manifest: Manifest(), hasManifest: false).manifest(in: "\(root)/\(folder.text)")
        }
        let words = try SkillWords(of: full, package)
        return NewRelease(
            name: package.name, version: package.version, git: nil, path: path, commit: nil, tree: tree,
            dependencies: ranges, requires: package.requires, description: words.description, keywords: words.keywords)
    }

    /// Looks through the commits that touched a folder, the newest first, at most a thousand.
    private static func commit(
        of path: RelativePath?, _ tree: Digest, _ copy: WorkingCopy, _ fetcher: PackageFetcher
    ) async throws -> ObjectID? {
        guard let root = try await copy.root(), let prefix = try await copy.ask("rev-parse", "--show-prefix") else {
            return nil
        }
        let full = RelativePath(prefix + (path?.text ?? "")) ?? path
        let log =
            try await copy.ask(
                "log", "--format=%H", "--max-count=1000", "--end-of-options", "HEAD", "--", path?.text ?? ".") ?? ""
        for line in log.split(separator: "\n") {
            guard let id = ObjectID(hex: line) else { continue }
            let files = try? await fetcher.fetch(.git(try GitURL(root), commit: id, path: full))
            if files?.tree == tree { return id }
        }
        return nil
    }
}

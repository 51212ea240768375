package import Basics
import ContentStore
import Git
import Registry
import SkillModel

/// What `skvm publish` did, or under `--dry-run` would do.
package struct PublishReport: DiagnosedReport, Codable {
    package var version = 1
    package var command = "publish"
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    package var dryRun = false
    /// `NAME VERSION`.
    package var package: String
    package var registry: String?
    package var tag: String?
    package var commit: String?
    package var tree: Digest?
    /// Where the registry says that the files are; nil when it holds them itself.
    package var git: String?
    package var path: String?
    /// Who signed it, as the registry vouches; nil when nobody counts.
    package var signer: String?
    package var dependencies: [String: String] = [:]
    /// False when the registry listed the very same already.
    package var changed = false

    package var text: String {
        guard ok, let registry, let tag, let tree else { return "" }
        let place = "\(git ?? "the registry's own repository")\(path.map { "#\($0)" } ?? "")"
        let what = "\(package) (\(tree)) as `\(tag)` of \(place)"
        if dryRun { return "dry run, nothing was changed; otherwise: publish \(what) in \(registry)" }
        return changed ? "published \(what) in \(registry)" : "\(registry) has \(what) already"
    }
}

extension Workspace {
    /// Publishes the skill of the working directory's project, or the workspace's member `name`: a tag of its commit,
    /// and a line of the registry's index.
    ///
    /// What can be looked at is looked at before anything is changed; only that others can fetch the commit is tried
    /// after its tag is pushed. An interrupted run is completed by the next. Throws what makes
    /// it impossible; what `check` finds is in the report.
    package func publish(registry: String?, package name: String?, source address: String?) async throws
        -> PublishReport
    {
        let project = try self.project()
        let skill = try publishable(project, name)
        var report = PublishReport(package: "\(skill.package.name) \(skill.package.version)")
        report.dryRun = flags.dryRun
        report.diagnostics = try await check([skill.folder]).diagnostics
        if report.diagnostics.contains(where: { $0.severity == .error }) {
            report.ok = false
            return report
        }
        let words = try SkillWords(of: skill.folder, skill.package)
        guard words.name == nil || words.name == skill.package.name.description else {
            throw PublishSource.fault(
                "name", "SKILL.md calls the skill '\(words.name ?? "")', [package] '\(skill.package.name)'",
                "give both one name")
        }

        let shelf = try RegistryShelf(project, self)
        let entry = try publishing(to: registry, shelf)
        let snapshot = try await shelf.snapshot(entry)
        let source = try await PublishSource(
            skill.folder, shown: project.shown(skill.folder), address: address, environment: settings.environment)
        var release = try await newRelease(skill, source, entry, snapshot, words, project)
        let tag = source.tag(release.name, release.version)
        report.registry = entry.name
        report.tag = tag
        report.commit = source.commit.hex
        report.tree = release.tree
        report.git = release.git?.text
        report.path = release.path?.text
        report.dependencies = Dictionary(uniqueKeysWithValues: release.dependencies.map { ("\($0)", "\($1)") })
        report.diagnostics += try patchesLeftOut(skill, project)
        try await requireNew(release, snapshot)
        if flags.dryRun {
            report.changed = true
            return report
        }
        settings.progress("tagging \(source.commit.short) as \(tag)")
        try await source.tag(tag, message: "\(release.name) \(release.version)")
        try await requireFetchable(release, source)
        report.diagnostics += try await sign(&release, source, tag, snapshot)
        report.signer = release.signer?.description
        settings.progress("publishing in \(entry.name)")
        report.changed = try await entry.registry.publish(release)
        return report
    }

    /// Withdraws a version: only locks that have it and requirements that name it exactly still get it. With `undo`, takes
    /// that back.
    package func yank(_ spec: String, registry: String?, undo: Bool) async throws -> Done {
        let parts = spec.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let name = PackageName(parts[0]), let version = Version(parts[1]) else {
            throw DiagnosticsError([
                Diagnostic(
                    "yank.spec", .error, "'\(spec)' is no package and version",
                    hint: "write NAME@VERSION: charts@1.0.2",
                    fault: .usage)
            ])
        }
        let shelf = try RegistryShelf(try self.project(), self)
        let entry = try publishing(to: registry, shelf)
        let word = undo ? "no longer yanked" : "yanked"
        if flags.dryRun {
            return Done(command: "yank", text: "dry run, nothing was changed; otherwise: \(name) \(version) \(word)")
        }
        let changed = try await entry.registry.setYanked(name, version, !undo)
        return Done(
            command: "yank", text: "\(name) \(version) is \(word) in \(entry.name)\(changed ? "" : ", as it was")")
    }

    // MARK: What is published

    struct PublishableSkill: Sendable {
        /// Absolute.
        var folder: String
        var package: Manifest.Package
        var manifest: Manifest
    }

    private func publishable(_ project: Project, _ name: String?) throws -> PublishableSkill {
        var skills: [PublishableSkill] = []
        let members = try Members.expand(project.manifest.members ?? [], in: project.root).members
        for folder in Set(members + [project.root]).sorted() {
            let file = "\(folder)/\(Manifest.fileName)"
            guard FileSystem.exists(file), FileSystem.exists(folder + "/SKILL.md") else { continue }
            let manifest = try Manifest(
                parsing: try FileSystem.read(file, limit: Manifest.greatestSize), file: project.shown(file))
            guard let package = manifest.package else { continue }
            skills.append(PublishableSkill(folder: folder, package: package, manifest: manifest))
        }
        let names = skills.map { "\($0.package.name)" }
        if let name {
            if let skill = skills.first(where: { "\($0.package.name)" == name }) { return skill }
            throw DiagnosticsError([
                Diagnostic(
                    "publish.unknown", .error, "the project has no skill '\(name)' with [package]",
                    hint: names.isEmpty ? nil : "it has \(names.joined(separator: ", "))", fault: .usage)
            ])
        }
        if skills.count == 1 { return skills[0] }
        throw DiagnosticsError([
            skills.isEmpty
                ? Diagnostic(
                    "publish.no-package", .error, "there is no skill with [package] in \(project.root)",
                    hint: "give its skvm.toml a [package] with name and version", fault: .usage)
                : Diagnostic(
                    "publish.several", .error, "the workspace has \(skills.count) skills",
                    hint: "say which one: -p \(names.joined(separator: ", -p "))", fault: .usage)
        ])
    }

    private func publishing(to name: String?, _ shelf: RegistryShelf) throws -> RegistryShelf.Entry {
        if flags.offline {
            throw DiagnosticsError([
                Diagnostic(
                    "publish.offline", .error, "nothing can be published offline", hint: "run it without --offline",
                    fault: .offline)
            ])
        }
        let entry = try shelf.entry(name)
        if entry.source == .embedded {
            throw DiagnosticsError([
                Diagnostic(
                    "publish.no-registry", .error, "the project names no registry to publish in",
                    hint: "add one: `skvm registry add default URL`", fault: .usage)
            ])
        }
        return entry
    }

    private func newRelease(
        _ skill: PublishableSkill, _ source: PublishSource, _ entry: RegistryShelf.Entry, _ snapshot: RegistrySnapshot,
        _ words: SkillWords, _ project: Project
    ) async throws -> NewRelease {
        // The commit's bytes, by the very way that others read them: what lies in the folder doesn't count.
        let fetcher = fetcher
        let files = try await fetcher.fetch(
            PackageRelease(
                name: skill.package.name, version: skill.package.version,
                origin: .git(try GitURL(source.root), commit: source.commit, path: source.path)))
        try requireCommitted(skill, files)
        var release = NewRelease(
            name: skill.package.name, version: skill.package.version, git: source.url, path: source.path,
            commit: source.commit, tree: files.tree,
            dependencies: try await dependencies(of: skill, entry, snapshot, project),
            requires: skill.package.requires,
            description: words.description, keywords: words.keywords)
        // A registry that holds the skill itself needs no address.
        if case .git(let url, let root) = entry.registry.location, url == source.url {
            guard let root else {
                release.git = nil
                return release
            }
            if let path = source.path, path.text.hasPrefix(root.text + "/") {
                release.git = nil
                release.path = RelativePath(path.text.dropFirst(root.text.utf8.count + 1))
            }
        }
        return release
    }

    /// What is said of the skill is read from the folder, and must be what others will read: git may ignore a file there.
    private func requireCommitted(_ skill: PublishableSkill, _ files: PackageFiles) throws {
        for name in [Manifest.fileName, "SKILL.md"] {
            let digest = try FileSystem.digest("\(skill.folder)/\(name)").digest
            if files.entries.first(where: { $0.path.text == name })?.blob?.digest == digest { continue }
            throw PublishSource.fault(
                "uncommitted", "the commit's \(name) is not the one in \(skill.folder)",
                "commit it (is it in .gitignore?), push, and publish again")
        }
    }

    /// A patch holds for the project that has it: whoever installs the package gets what was patched here.
    private func patchesLeftOut(_ skill: PublishableSkill, _ project: Project) throws -> [Diagnostic] {
        let patches = skill.manifest.patches + (skill.folder == project.root ? [] : project.manifest.patches)
        if patches.isEmpty { return [] }
        let lock = try project.lock()
        var needed = Set(skill.manifest.dependencies.map(\.ownName))
        var open = skill.manifest.dependencies.map(\.name)
        while let name = open.popLast() {
            guard let locked = lock?.package(name) else { continue }
            needed.insert(locked.name)
            open += locked.dependencies.map(\.name).filter { needed.insert($0).inserted }
        }
        return patches.filter { needed.contains($0.replacement.ownName) }.map { patch in
            Diagnostic(
                "publish.patch", .warning,
                "the patch of '\(patch.replacement.ownName)' does not travel with '\(skill.package.name)'",
                at: patch.replacement.location,
                notes: ["who installs it gets '\(patch.replacement.ownName)' from where it was patched"],
                hint: "see that it works without the patch, or publish what the patch has")
        }
    }

    /// What the index says of dependencies: ranges of the same registry. A folder becomes the version that it has.
    private func dependencies(
        of skill: PublishableSkill, _ entry: RegistryShelf.Entry, _ snapshot: RegistrySnapshot, _ project: Project
    ) async throws -> [PackageName: VersionRange] {
        var ranges: [PackageName: VersionRange] = [:]
        for dependency in skill.manifest.dependencies {
            func fault(_ id: String, _ message: String, _ hint: String) -> DiagnosticsError {
                DiagnosticsError([Diagnostic("publish.\(id)", .error, message, at: dependency.location, hint: hint)])
            }
            func note(_ range: VersionRange) throws {
                guard ranges.updateValue(range, forKey: dependency.ownName) == nil else {
                    throw fault(
                        "two-names", "[dependencies] has '\(dependency.ownName)' under two names",
                        "keep one of them: a registry's package has one version in a project")
                }
            }
            switch dependency.source {
            case .registry(let range, nil): try note(range)
            case .registry(let range, let name?):
                guard let url = skill.manifest.registries[name], entry.source == .registry(url) else {
                    throw fault(
                        "other-registry",
                        "'\(dependency.name)' comes from the registry '\(name)', not from \(entry.name)",
                        "publish it in \(entry.name), too: a registry's packages depend on its own")
                }
                try note(range)
            case .git(let source):
                throw fault(
                    "git-dependency", "'\(dependency.name)' comes from \(source.url), not from a registry",
                    "publish it in \(entry.name) and depend on its version")
            case .hub(let source, _, _):
                throw fault(
                    "hub-dependency", "'\(dependency.name)' comes from \(source.url), not from a registry of this kind",
                    "publish it in \(entry.name) and depend on its version")
            case .web(let source, _):
                throw fault(
                    "web-dependency", "'\(dependency.name)' comes from \(source.url), not from a registry",
                    "publish it in \(entry.name) and depend on its version")
            case .path(let path):
                let folder = FileSystem.absolute(path, from: skill.folder)
                let file = "\(folder)/\(Manifest.fileName)"
                guard FileSystem.exists(file),
                    let package = try Manifest(
                        parsing: try FileSystem.read(file, limit: Manifest.greatestSize), file: project.shown(file)
                    ).package, package.name == dependency.ownName
                else {
                    throw fault(
                        "path-dependency",
                        "'\(dependency.name)' is the folder \(path), which is no package of that name",
                        "give it a [package] with this name and a version, and publish it first")
                }
                try note(.compatible(with: package.version))
            }
        }
        for (name, range) in ranges.sorted(by: { $0.key < $1.key }) {
            let releases = try await snapshot.releases(of: name) ?? []
            if releases.contains(where: { range.contains($0.version) && !$0.isYanked }) { continue }
            throw DiagnosticsError([
                Diagnostic(
                    "publish.missing-dependency", .error,
                    "\(entry.name) has no version of '\(name)' in the range \(range)",
                    hint: "publish it first", fault: .build)
            ])
        }
        return ranges
    }

    /// Before a tag is made: the version is new, or an interrupted publish of the very same.
    private func requireNew(_ release: NewRelease, _ snapshot: RegistrySnapshot) async throws {
        guard
            let known = try await snapshot.releases(of: release.name)?.first(where: { $0.version == release.version }),
            known.tree != release.tree || known.origin.commit != release.commit
        else { return }
        throw PublishSource.fault(
            "exists", "`\(release.name)` \(known.version) is published already",
            "a published version never changes: give [package] a new one",
            notes: [
                "published \(known.tree.map { "\($0)" } ?? "") at \(known.origin)",
                "now \(release.tree) at commit \(release.commit?.short ?? "")",
            ])
    }

    /// What others will fetch is what is promised: fetched from where the index says, not from the user's disk.
    private func requireFetchable(_ release: NewRelease, _ source: PublishSource) async throws {
        _ = try await fetcher.fetch(
            PackageRelease(
                name: release.name, version: release.version,
                origin: .git(source.url, commit: source.commit, path: source.path), tree: release.tree))
    }
}

import Basics
import ContentStore
import Formats
import Git
import Registry
import SkillModel

/// Where a command publishes, and what it publishes together.
struct PublishContext: Sendable {
    let project: Project
    let entry: RegistryShelf.Entry
    let snapshot: RegistrySnapshot
    /// Where others fetch the repository, if not from its remote.
    let address: String?
    /// What will be listed at the same time.
    var batch: [PackageName: Version] = [:]
    /// Every publishable skill of the workspace.
    var members: Set<PackageName> = []

    init(_ project: Project, registry: String?, source: String?, _ workspace: Workspace) async throws {
        let shelf = try RegistryShelf(project, workspace)
        self.project = project
        entry = try workspace.publishingEntry(registry, shelf)
        snapshot = try await shelf.snapshot(entry)
        address = source
        members = Set(try workspace.publishableSkills(project).map(\.package.name))
    }
}

/// A skill with [package] that may be published.
struct PublishableSkill: Sendable {
    /// Absolute.
    var folder: String
    var package: Manifest.Package
    var manifest: Manifest
}

/// A skill that was looked at and may be published: all that is known before anything is changed.
struct PublishStep: Sendable {
    var skill: PublishableSkill
    var source: PublishSource
    var release: NewRelease
    var tag: String
    /// Whether the registry has the very same version; then `release.commit` is the one that it names.
    var isListed: Bool
    /// What its author should know, though it may be published.
    var remarks: [Diagnostic] = []
}

extension Workspace {
    // MARK: What is published

    /// The skills of the project that may be published, in the order of their folders.
    func publishableSkills(_ project: Project) throws -> [PublishableSkill] {
        let members = try project.manifest.members == nil ? [] : project.localFolders()
        return try Set(members + [project.root]).sorted().compactMap { folder in
            guard FileSystem.exists(folder + "/SKILL.md"), let manifest = try project.manifest(in: folder),
                let package = manifest.package, package.isPublic
            else { return nil }
            return PublishableSkill(folder: folder, package: package, manifest: manifest)
        }
    }

    /// The one that is named, or that this is run in, or the only one.
    func publishable(_ project: Project, _ name: String?) throws -> PublishableSkill {
        let skills = try publishableSkills(project)
        if let name {
            if let skill = skills.first(where: { "\($0.package.name)" == name }) { return skill }
            throw DiagnosticsError([Self.unpublishable(name, among: skills)])
        }
        if let here = try project.member(at: settings.workingDirectory) {
            if let skill = skills.first(where: { $0.folder == here }) { return skill }
            throw DiagnosticsError([Self.noPackage(here)])
        }
        if skills.count == 1 { return skills[0] }
        if skills.isEmpty { throw DiagnosticsError([Self.noPackage(project.root)]) }
        let names = skills.map { "\($0.package.name)" }
        throw DiagnosticsError([
            Diagnostic(
                "publish.several", .error, "the workspace has \(skills.count) skills",
                hint: "say --workspace for all, or which: -p \(names.prefix(10).joined(separator: ", -p "))",
                fault: .usage)
        ])
    }

    static func unpublishable(_ name: String, among skills: [PublishableSkill]) -> Diagnostic {
        let names = skills.map { "\($0.package.name)" }
        return Diagnostic(
            "publish.unknown", .error, "the project has no skill '\(name)' with [package] that may be published",
            hint: nearest(to: name, in: names).map { "did you mean '\($0)'?" }
                ?? (names.isEmpty ? nil : "it has \(names.prefix(10).joined(separator: ", "))"), fault: .usage)
    }

    private static func noPackage(_ folder: String) -> Diagnostic {
        Diagnostic(
            "publish.no-package", .error, "there is no skill in \(folder) that may be published",
            hint:
                "its skvm.toml needs these lines, and no publish = false: [package] ⏎ name = \"\(PackageName(unnamed: folder))\" ⏎ "
                + "version = \"0.1.0\"", fault: .usage)
    }

    func publishingEntry(_ name: String?, _ shelf: RegistryShelf) throws -> RegistryShelf.Entry {
        if flags.offline {
            throw DiagnosticsError([
                Diagnostic(
                    "publish.offline", .error, "nothing can be published offline", hint: "run it without --offline",
                    fault: .offline)
            ])
        }
        let entry = try shelf.entry(name)
        if entry.source == .embedded { throw DiagnosticsError([Self.notPublishable(in: name, shelf)]) }
        return entry
    }

    /// Nobody publishes in the registry inside skvm, which is the default where the project names none.
    private static func notPublishable(in name: String?, _ shelf: RegistryShelf) -> Diagnostic {
        let others = shelf.entries.filter { $0.source != .embedded }.map(\.name)
        let message =
            name != nil
            ? "nobody publishes in '\(EmbeddedRegistry.name)', the registry inside skvm"
            : others.isEmpty
                ? "the project names no registry to publish in"
                : "the project has no default registry, and nothing says which of its others is meant"
        let hint =
            switch others.count {
            case 0: "add one: `skvm registry add default URL`"
            case 1: "say it: `--registry \(others[0])`"
            default: "say which: `--registry \(others.prefix(10).joined(separator: "`, `--registry "))`"
            }
        return Diagnostic("publish.no-registry", .error, message, hint: hint, fault: .usage)
    }

    // MARK: Before anything is changed

    /// Looks at all that can be looked at: the checkout, the registry, the tag. Throws what is wrong with it.
    func publishStep(_ skill: PublishableSkill, _ context: PublishContext) async throws -> PublishStep {
        let words = try SkillWords(of: skill.folder, skill.package)
        guard words.name == nil || words.name == skill.package.name.description else {
            throw PublishSource.fault(
                "name", "SKILL.md calls the skill '\(words.name ?? "")', [package] '\(skill.package.name)'",
                "give both one name")
        }
        var source = try await PublishSource(
            skill.folder, shown: context.project.shown(skill.folder), address: context.address,
            environment: settings.environment)
        var release = try await newRelease(skill, source, words, context)
        let tag = source.tag(release.name, release.version)
        let known = try await listed(release, context)
        // What is listed was whole when it was: what others did to a dependency since is no reason not to say so.
        var remarks: [Diagnostic] = []
        if known == nil {
            try await requireDependencies(of: release, context)
            remarks = try patchesLeftOut(skill, context.project)
            if let tagged = try await source.standing(of: tag), tagged.commit != source.commit {
                remarks.append(try await goOn(from: tagged, tag, &source, &release))
            }
        }
        if let commit = known?.origin.commit { release.commit = commit }
        return PublishStep(
            skill: skill, source: source, release: release, tag: tag, isListed: known != nil, remarks: remarks)
    }

    /// Takes the commit that the tag is at in place of the checkout's, when the skill is the same in both: a publish was
    /// interrupted after it had tagged, and something else was committed since.
    ///
    /// Throws `publish.tag-taken` when it is another.
    private func goOn(
        from tagged: (commit: ObjectID, isThere: Bool), _ tag: String, _ source: inout PublishSource,
        _ release: inout NewRelease
    ) async throws -> Diagnostic {
        let commit = tagged.commit
        let origin = PackageOrigin.git(try GitURL(source.root), commit: commit, path: source.path)
        guard let files = try? await fetcher.fetch(origin), files.tree == release.tree else {
            throw source.taken(tag, commit.hex, isThere: tagged.isThere)
        }
        source.commit = commit
        release.commit = commit
        return Diagnostic(
            "publish.tagged", .warning,
            "the tag `\(tag)` is at \(commit.short), in which the skill is the same: that is published")
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

    private func newRelease(
        _ skill: PublishableSkill, _ source: PublishSource, _ words: SkillWords, _ context: PublishContext
    ) async throws -> NewRelease {
        let entry = context.entry
        // The commit's bytes, by the very way that others read them: what lies in the folder doesn't count.
        let files = try await committed(skill, source)
        try requireCommitted(skill, files)
        var release = NewRelease(
            name: skill.package.name, version: skill.package.version, git: source.url, path: source.path,
            commit: source.commit, tree: files.tree,
            dependencies: try await dependencies(of: skill, context),
            requires: skill.package.requires,
            description: words.description, keywords: words.keywords)
        if let fault = try release.fault() {
            throw PublishSource.fault(
                "line", "\(release.name) \(release.version) can't be listed: \(fault)",
                "shorten the description in SKILL.md: agents read all of it at each start, too")
        }
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
        if case .git(let registry, _) = entry.registry.location, !registry.isLocal, let git = release.git, git.isLocal {
            throw PublishSource.fault(
                "local-source", "the remote `\(source.remote)` of the checkout is on this machine: \(git)",
                "say where others fetch it: `skvm publish --source URL`",
                notes: ["the registry is at \(registry), and who reads it has no such folder"])
        }
        return release
    }

    /// The files of the commit. What is wrong with them is the author's to mend, not a stranger's attack.
    private func committed(_ skill: PublishableSkill, _ source: PublishSource) async throws -> PackageFiles {
        let release = PackageRelease(
            name: skill.package.name, version: skill.package.version,
            origin: .git(try GitURL(source.root), commit: source.commit, path: source.path))
        do throws(DiagnosticsError) { return try await fetcher.fetch(release) } catch {
            let own = error.diagnostics.map { diagnostic in
                guard diagnostic.fault == .integrity else { return diagnostic }
                var own = diagnostic
                own.fault = .build
                own.hint = "nobody could install it: take that out of the skill, commit, push, and publish again"
                return own
            }
            throw DiagnosticsError(own)
        }
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

    /// What the index says of dependencies: ranges of the same registry. A folder becomes the version that it has.
    private func dependencies(
        of skill: PublishableSkill, _ context: PublishContext
    ) async throws -> [PackageName: VersionRange] {
        let (entry, project) = (context.entry, context.project)
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
            if dependency.ownName == skill.package.name {
                throw fault(
                    "self-dependency", "'\(skill.package.name)' needs itself: \(dependency.source.words)",
                    "take it out of its own [dependencies]")
            }
            switch dependency.source {
            case .registry(let range, nil): try note(range)
            case .registry(let range, let name?):
                guard let url = skill.manifest.registries[name], case .registry(let target) = entry.source,
                    Catalog.absolute(url, skill.folder) == Catalog.absolute(target, project.root)
                else {
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
            case .path(let path, let wish):
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
                if let wish, !wish.contains(package.version) {
                    throw fault(
                        "path-version",
                        "'\(dependency.name)' is to be \(wish), and the folder \(path) is \(package.version)",
                        "raise the version in [dependencies]")
                }
                try note(wish ?? .compatible(with: package.version))
            }
        }
        return ranges
    }

    private func requireDependencies(of release: NewRelease, _ context: PublishContext) async throws {
        for (name, range) in release.dependencies.sorted(by: { $0.key < $1.key }) {
            let releases = try await context.snapshot.releases(of: name) ?? []
            if releases.contains(where: { range.contains($0.version) && !$0.isYanked }) { continue }
            if let version = context.batch[name], range.contains(version) { continue }
            let isMember = context.members.contains(name)
            throw DiagnosticsError([
                Diagnostic(
                    "publish.missing-dependency", .error,
                    "\(context.entry.name) has no version of '\(name)' in the range \(range), which \(release.name) needs",
                    hint: isMember ? "publish it with this one: -p \(name) -p \(release.name)" : "publish it first",
                    fault: .build)
            ])
        }
    }

    /// The version as the registry lists it, if it is this one or an interrupted publish of it; nil when it is new.
    ///
    /// Throws `publish.exists` when the listed files are others.
    private func listed(_ release: NewRelease, _ context: PublishContext) async throws -> PackageRelease? {
        let known = try await context.snapshot.releases(of: release.name)?.first { $0.version == release.version }
        guard let known, known.tree != release.tree else { return known }
        throw PublishSource.fault(
            "exists", "`\(release.name)` \(known.version) is published already, with other files",
            "a published version never changes: give [package] a new one",
            notes: [
                "published \(known.tree.map { "\($0)" } ?? "") at \(known.origin)",
                "now \(release.tree) at commit \(release.commit?.short ?? "")",
            ])
    }

    // MARK: What is changed

    /// Tags a step's commit and makes sure that others can fetch it; the step's release gets who signed it. Returns what is to
    /// be told of that.
    func tag(_ step: inout PublishStep, _ context: PublishContext) async throws -> [Diagnostic] {
        // What is listed has its tag, too, unless a run was killed: that is looked at, and mostly nothing is done.
        if !step.isListed { settings.progress("tagging \(step.source.commit.short) as \(step.tag)") }
        try await step.source.tag(step.tag, message: "\(step.release.name) \(step.release.version)")
        try await requireFetchable(step.release, step.source)
        return try await sign(&step.release, step.source, step.tag, context.snapshot)
    }

    /// What others will fetch is what is promised: fetched from where the index says, not from the user's disk.
    private func requireFetchable(_ release: NewRelease, _ source: PublishSource) async throws {
        _ = try await fetcher.fetch(
            PackageRelease(
                name: release.name, version: release.version,
                origin: .git(source.url, commit: source.commit, path: source.path), tree: release.tree))
    }
}

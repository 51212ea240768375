import Basics
import ContentStore
import Formats
import Git
import Harness
import Passes
import Registry
import SkillModel

extension Workspace {
    // MARK: init, new

    /// Writes an empty manifest into the working directory. Throws when there is one.
    package func initialize() throws -> Done {
        let path = settings.workingDirectory + "/" + Manifest.fileName
        if FileSystem.exists(path) {
            // Of a link that leads nowhere there is more to say.
            _ = try FileSystem.read(path)
            throw DiagnosticsError([
                Diagnostic(
                    "init.exists", .error, "there is a skvm.toml here already", hint: "edit it, or run `skvm add`",
                    fault: .usage)
            ])
        }
        let isSkill = FileSystem.exists(settings.workingDirectory + "/SKILL.md")
        let text =
            (isSkill ? try packageTable(of: settings.workingDirectory) : "")
                + """
                # What this project's agents know, and for which models it is compiled. https://agentskills.io

                [dependencies]

                """
        let above = try? projectRootOrNone()
        let apart = above.map { "\nit lies in the project \($0), and is a project of its own from now on" } ?? ""
        if !flags.dryRun {
            try FileSystem.replace(path, with: Array(text.utf8))
            try Project(root: settings.workingDirectory, manifest: Manifest(), hasManifest: true).makeState()
        }
        return Done(
            command: "init",
            text: isSkill
                ? "wrote skvm.toml with [package]\(apart)\nnext: skvm check; to hand the skill out, skvm publish"
                : "wrote skvm.toml\(apart)\nnext: skvm target add NAME --model M --harness H, then skvm install SKILL",
            paths: ["skvm.toml"])
    }

    /// The lines that make a skill's folder a package: without them nothing can be published.
    private func packageTable(of folder: String) throws -> String {
        let bytes = try FileSystem.read(folder + "/SKILL.md", limit: Manifest.greatestSize)
        let name = Parse.frontMatter(of: bytes).name.flatMap { PackageName($0) } ?? PackageName(unnamed: folder)
        return "[package]\nname = \(TOMLLiteral.quoted(name.description))\nversion = \"0.1.0\"\n\n"
    }

    /// Writes a new skill into a folder, which is called as the skill is: `NAME` or `FOLDER/NAME`. Throws when the last part is
    /// no name for a package, or the folder is there.
    package func newSkill(_ text: String) throws -> Done {
        let folder = FileSystem.absolute(text, from: settings.workingDirectory)
        let last = text.split(separator: "/").last.map(String.init) ?? text
        guard let name = PackageName(last) else {
            let near = PackageName(unnamed: last)
            throw DiagnosticsError([
                Diagnostic(
                    "new.name", .error, "'\(last)' can't name a skill: \(PackageName.fault(in: last) ?? "")",
                    hint: "try \(text.split(separator: "/").dropLast().map { "\($0)/" }.joined())\(near)", fault: .usage
                )
            ])
        }
        let shown = AddSpec.relative(folder, to: settings.workingDirectory).trimmingFolder
        if FileSystem.exists(folder) {
            throw DiagnosticsError([
                Diagnostic(
                    "new.exists", .error, "there is a '\(shown)' here already", hint: "choose another name",
                    fault: .usage)
            ])
        }
        let files = SkillTemplate.files(name)
        if !flags.dryRun {
            try FileSystem.makeDirectories(FileSystem.parent(of: folder) ?? settings.workingDirectory)
            // Under another name first: a killed `new` leaves no half skill.
            let staging = FileSystem.temporaryPath(beside: folder)
            for file in files {
                let path = "\(staging)/\(file.path)"
                try FileSystem.makeDirectories(FileSystem.parent(of: path) ?? staging)
                try FileSystem.write(Array(file.text.utf8), to: path, mode: file.isExecutable ? 0o777 : 0o666)
            }
            try FileSystem.rename(staging, to: folder)
        }
        return Done(
            command: "new",
            text: "wrote \(shown)/\nnext: \(try joining(folder).map { "\($0), " } ?? "")edit \(shown)/SKILL.md, "
                + "then skvm check \(shown)",
            paths: files.map { "\(shown)/\($0.path)" })
    }

    /// What is left to do so that a new folder is a member of the workspace that it lies in; nil where it is one, or where
    /// there is no workspace.
    private func joining(_ folder: String) throws -> String? {
        guard let root = try projectRootOrNone(), case let project = try Self.project(at: root),
            project.manifest.members != nil
        else { return nil }
        switch Members(project).standing(of: folder) {
        case .member, .apart, .noSkill: return nil
        case .unknown: return "add \"\(project.shown(folder))\" to members in \(project.manifestPath)"
        }
    }

    // MARK: Dependencies

    /// Adds skills to a manifest and resolves; with `install`, installs the project as well. When anything fails, the
    /// manifest is as it was. Killed while it resolves, `add` has changed nothing; with `install` the new line stays, and the next
    /// `install` goes on with it.
    ///
    /// The manifest is the one of the members that `members` names, else of the member that this is run in, else the
    /// project's; with `install` always the project's: a member's dependencies are built, not installed.
    package func add(
        _ specs: [String], to members: PackageSelection = [], registry: String?, install: Bool, targets: [String] = [],
        _ selection: AddSelection = .plain
    ) async throws -> BuildReport {
        let project = try self.project()
        let folders = install ? [project.root] : try editedFolders(members, project)
        return try await exclusively(project) {
            try await addAlone(specs, folders, registry: registry, install: install, targets: targets, selection)
        }
    }

    private func addAlone(
        _ specs: [String], _ folders: [String], registry: String?, install: Bool, targets: [String],
        _ selection: AddSelection = .plain
    ) async throws -> BuildReport {
        let project = try self.project()
        let shelf = try RegistryShelf(project, self)
        let doubts = LookAlikes(project: project, lock: try project.lock(), shelf: shelf)
        var remarks: [Diagnostic] = []
        var edits: [ManifestEdit] = []
        for folder in folders {
            var edit = try ManifestEdit(folder, of: project)
            if folder != project.root { try edit.takeRegistry(registry, of: project) }
            let context = SpecContext(
                workingDirectory: settings.workingDirectory, root: folder, registry: registry,
                hubs: project.manifest.hubs, workspace: self, ages: releaseAges(project),
                isPackage: try edit.editor.manifest().package != nil, selection: selection)
            var names = AddedNames()
            for text in specs {
                let dependencies = try edit.editor.manifest().dependencies
                if registry == nil, selection == .plain, let kept = try AddedNames.kept(text, among: dependencies) {
                    remarks.append(kept)
                    continue
                }
                let found = try await AddSpec.read(text, context, shelf)
                for spec in found {
                    try requireNotInstalled(spec, folder, project)
                    let known = try edit.editor.manifest().dependencies
                    let entry = try names.entry(for: spec, isOne: found.count == 1, among: known)
                    try edit.editor.setDependency(entry.name, package: spec.name, spec.source)
                    if folder == folders.first { remarks += entry.remarks + (await doubts.remarks(on: spec)) }
                }
            }
            edits.append(edit)
        }
        let manifests = edits.filter(\.isChanged).map { project.manifestName(of: $0.folder) }
        let doubted = remarks
        if install {
            return try await withEdited(project, edits) { workspace in
                var report: BuildReport
                do { report = try await workspace.installAlone(targets) } catch {
                    guard let found = Self.diagnostics(of: error) else { throw error }
                    throw DiagnosticsError(found.map { $0.forInstalling(specs) })
                }
                report.manifests = manifests
                report.add(doubted)
                report.diagnostics = report.diagnostics.map { $0.forInstalling(specs) }
                return report
            }
        }
        return try await withDrafts(project, edits) { workspace in
            // What is locked already is not looked at: it is held against its sources when it is built.
            let (old, new, resolved) = try await workspace.nextLock(
                ResolveOptions(readsFiles: false, standsIn: flags.keepGoing))
            if !specs.isEmpty { try workspace.requireSkills(resolved, besides: old) }
            if flags.locked { _ = try write(new, over: old, project) }
            // That what nobody asked to move stays is nothing that failed.
            return (old, new, resolved.diagnostics + (await leftAsLocked(new, resolved)).map(\.asWarning))
        } then: { old, new, found in
            var report = BuildReport(command: "add")
            report.dryRun = flags.dryRun
            report.manifests = manifests
            report.add(doubted + found)
            report.lockChanges = try settle(new, over: old, project)
            return report
        }
    }

    /// Resolves what the manifests ask for and pins it; compiles nothing.
    package func writeLock() async throws -> BuildReport {
        let project = try self.project()
        var report = try await exclusively(project) {
            if let conflicted = try await conflictedLock(project) { return try await settle(conflicted, project) }
            return try await addAlone([], [project.root], registry: nil, install: false, targets: [])
        }
        report.command = "lock"
        return report
    }

    /// Resolves and fetches; compiles nothing. The lock that is, and the one that is to be.
    func nextLock(
        _ options: ResolveOptions = ResolveOptions()
    ) async throws -> (old: Lockfile?, new: Lockfile, resolved: Resolved) {
        let project = try self.project()
        let old = try readLock(of: project)?.lock
        let (new, resolved) = try await nextLock(options, over: old, project)
        return (old, new, resolved)
    }

    /// The same over a lock that was read.
    func nextLock(
        _ options: ResolveOptions, over old: Lockfile?, _ project: Project
    ) async throws -> (new: Lockfile, resolved: Resolved) {
        let resolved = try await resolve(project, lock: old, shelf: try RegistryShelf(project, self), options)
        try project.requireAsRead()
        let ids = Set(resolved.packages.map(\.id))
        let names = Set(project.manifest.targets.map(\.name))
        let new = Lockfile(
            wishes: resolved.wishes, packages: resolved.packages.map(\.locked),
            targets: (old?.targets ?? []).filter { names.contains($0.name) },
            variants: (old?.variants ?? []).filter { ids.contains($0.package) && names.contains($0.target) })
        return (new, resolved)
    }

    /// Writes the lock, or under `--dry-run` only says what would change in it.
    func settle(_ new: Lockfile, over old: Lockfile?, _ project: Project) throws -> [String] {
        if flags.dryRun && !flags.locked { return Lockfile.diff(old ?? Lockfile(), new) }
        return try write(new, over: old, project).changes
    }

    // MARK: Targets and registries

    package func addTarget(
        _ name: String, model: String, harness: String, environment: String, profile: String?, context: Int? = nil,
        listing: Int? = nil, force: Bool = false
    ) async throws -> Done {
        try await exclusively(try self.project()) {
            try await addTargetAlone(name, model, harness, environment, profile, context, listing, force: force)
        }
    }

    private func addTargetAlone(
        _ name: String, _ model: String, _ harness: String, _ environment: String, _ profile: String?,
        _ context: Int?, _ listing: Int?, force: Bool
    ) async throws -> Done {
        let project = try self.project()
        func value<Value: TextValue>(_ type: Value.Type, _ text: String, _ what: String) throws -> Value {
            guard let value = Value(text) else {
                throw DiagnosticsError([
                    Diagnostic(
                        "target.\(what)", .error, "'\(text)' is no \(what): \(Value.fault(in: text) ?? "")",
                        hint: "see what there is: `skvm target list --known`", fault: .usage)
                ])
            }
            return value
        }
        guard let reference = EnvironmentReference(environment) else {
            throw DiagnosticsError([
                Diagnostic(
                    "target.environment", .error, "'\(environment)' is neither a name nor a file",
                    hint: "see what there is: `skvm target list --known`", fault: .usage)
            ])
        }
        try Self.requireNumber("context", context, in: ModelDescription.contexts, "the window's size in tokens")
        try Self.requireNumber("listing", listing, in: Manifest.Target.listings, "a number of characters")
        let target = Manifest.Target(
            name: try value(TargetName.self, name, "name"), model: try value(ModelName.self, model, "model"),
            harness: try await harnessName(harness, project), environment: reference, profile: profile,
            listing: listing, context: context)
        if !force, profile == nil { try await requireNoSlip(in: target.model, project) }
        var editor = try editor(of: project)
        let old = project.manifest.targets.first { $0.name == target.name }
        if let old, !force { throw Self.targetExists(old) }
        try editor.setTarget(target)
        // What it names must be there before it is written.
        let edited = project.with(try editor.manifest())
        let (resolved, unmeasured) = try await Self.asUsage {
            try await resolveTargets(edited, lock: nil, names: [name], shelf: try RegistryShelf(edited, self))
        }
        let warnings = unmeasured + resolved.compactMap(scopeWarning)
        if !flags.dryRun {
            try write(editor, to: project.manifestPath)
        }
        let unpinned = old == nil ? "" : try unpin(target.name, project)
        let bound =
            // Nobody shares the lock of the user's own manifest.
            reference == .host && !project.isUsersOwn
            ? "\nits environment is this machine: skvm.lock will not hold where other programs are installed; for a lock that "
                + "all can share, name one with --environment: `skvm target list --known`" : ""
        var done = Done(
            command: "target",
            text: "\(project.place)target \(name): \(model) on \(harness) in \(environment)"
                + (old.map { " (was \($0.model) on \($0.harness) in \($0.environment))" } ?? "")
                + unpinned + bound,
            paths: [project.manifestName])
        done.diagnostics = warnings
        return done
    }

    private static func requireNumber(
        _ what: String, _ number: Int?, in range: ClosedRange<Int64>, _ meaning: String
    ) throws {
        guard let number, !range.contains(Int64(number)) else { return }
        throw DiagnosticsError([
            Diagnostic(
                "target.\(what)", .error,
                "--\(what) is \(number), not in \(range.lowerBound)…\(range.upperBound): it is \(meaning)",
                fault: .usage)
        ])
    }

    /// Of a target whose harness has no folder where `install` puts the skills of this manifest.
    private func scopeWarning(_ target: ResolvedTarget) -> Diagnostic? {
        let harness = target.harness
        guard (flags.global ? harness.globalFolder : harness.projectFolder) == nil else { return nil }
        return Diagnostic(
            "harness.scope", .warning,
            "\(harness.title) reads no skills \(flags.global ? "of the user's" : "from a project"): "
                + "`skvm install\(flags.global ? " --global" : "")` leaves target '\(target.name)' out",
            hint: flags.global
                ? "add it to a project instead: `skvm target add` without `--global`"
                : "install for the user: `skvm install --user -t \(target.name)`")
    }

    /// What is wrong with a manifest that is not written yet stands in no line; a name that is none was said on the command
    /// line.
    private static func asUsage<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as DiagnosticsError {
            throw DiagnosticsError(
                error.diagnostics.map { diagnostic in
                    if ["target.unknown-harness", "target.unknown-environment"].contains(diagnostic.id) {
                        return diagnostic.asUsage
                    }
                    var copy = diagnostic
                    copy.location = nil
                    return copy
                })
        }
    }

    private static func targetExists(_ target: Manifest.Target) -> DiagnosticsError {
        DiagnosticsError([
            Diagnostic(
                "target.exists", .error, "there is a target '\(target.name)' already", at: target.location,
                notes: ["it is \(target.model) on \(target.harness) in \(target.environment)"],
                hint: "choose another name; --force replaces it, and lets go of what skvm.lock pins for it",
                fault: .usage)
        ])
    }

    /// Takes a target's facts and variants out of the lock, so that the next build pins what the registries say now. Returns
    /// what there is to say of it.
    private func unpin(_ name: TargetName, _ project: Project) throws -> String {
        guard let lock = try project.lock(), lock.target(name) != nil else { return "" }
        let rest = Lockfile(
            wishes: lock.wishes, packages: lock.packages, targets: lock.targets.filter { $0.name != name },
            variants: lock.variants.filter { $0.target != name })
        if !flags.dryRun { _ = try write(rest, over: lock, project) }
        let count = lock.variants.count - rest.variants.count
        return "\nskvm.lock no longer pins \(name) and its \(counted(count, "variant")): the next build does, anew"
    }

    package func removeTarget(_ name: String) async throws -> Done {
        try await exclusively(try self.project()) { try removeTargetAlone(name) }
    }

    private func removeTargetAlone(_ name: String) throws -> Done {
        let project = try self.project()
        var editor = try editor(of: project)
        guard let target = TargetName(name), try editor.removeTarget(target) else {
            throw DiagnosticsError([
                Self.unknownTarget(name, in: project)
            ])
        }
        if !flags.dryRun { try write(editor, to: project.manifestPath) }
        let next =
            try editor.manifest().targets.isEmpty
            ? "\nnext: skvm install\(flags.global ? " --global" : ""), which takes away what was installed for it" : ""
        return Done(
            command: "target", text: "\(project.place)removed target \(name)\(next)", paths: [project.manifestName])
    }
}

extension String {
    /// Without the `./` before what lies below.
    fileprivate var trimmingFolder: String { hasPrefix("./") ? String(dropFirst(2)) : self }
}

extension Diagnostic {
    var asWarning: Diagnostic {
        var copy = self
        copy.severity = .warning
        return copy
    }

    /// The same, of what somebody wrote on the command line instead of a file.
    var asUsage: Diagnostic {
        var copy = self
        (copy.fault, copy.location) = (.usage, nil)
        return copy
    }
}

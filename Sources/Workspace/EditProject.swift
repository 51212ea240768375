import Basics
import ContentStore
import Git
import Harness
import Registry
import SkillModel

extension Workspace {
    // MARK: init, new

    /// Writes an empty manifest into the working directory. Throws when there is one.
    package func initialize() throws -> Done {
        let path = settings.workingDirectory + "/" + Manifest.fileName
        if FileSystem.exists(path) {
            throw DiagnosticsError([
                Diagnostic(
                    "init.exists", .error, "there is a skvm.toml here already", hint: "edit it, or run `skvm add`",
                    fault: .usage)
            ])
        }
        let text = """
            # What this project's agents know, and for which models it is compiled. https://agentskills.io

            [dependencies]

            [targets]

            """
        if !flags.dryRun {
            try FileSystem.replace(path, with: Array(text.utf8))
            try Project(root: settings.workingDirectory, manifest: Manifest(), hasManifest: true).makeState()
        }
        return Done(
            command: "init",
            text: "wrote skvm.toml\nnext: skvm target add NAME --model M --harness H, then skvm install SKILL",
            paths: ["skvm.toml"])
    }

    /// Writes a new skill into a folder of its name. Throws when the name is none for a package, or the folder is there.
    package func newSkill(_ text: String) throws -> Done {
        guard let name = PackageName(text) else {
            throw DiagnosticsError([
                Diagnostic(
                    "new.name", .error, "'\(text)' can't name a skill: \(PackageName.fault(in: text) ?? "")",
                    hint: "try \(PackageName(unnamed: text))", fault: .usage)
            ])
        }
        let folder = settings.workingDirectory + "/\(name)"
        if FileSystem.exists(folder) {
            throw DiagnosticsError([
                Diagnostic(
                    "new.exists", .error, "there is a '\(name)' here already", hint: "choose another name",
                    fault: .usage)
            ])
        }
        let files = SkillTemplate.files(name)
        if !flags.dryRun {
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
            command: "new", text: "wrote \(name)/\nnext: edit \(name)/SKILL.md, then skvm check \(name)",
            paths: files.map { "\(name)/\($0.path)" })
    }

    // MARK: Dependencies

    /// Adds skills to the manifest and resolves; with `install`, installs the project as well. When anything fails, the
    /// manifest is as it was.
    package func add(
        _ specs: [String], registry: String?, install: Bool, targets: [String] = []
    ) async throws -> BuildReport {
        try await exclusively(try self.project()) {
            try await addAlone(specs, registry: registry, install: install, targets: targets)
        }
    }

    private func addAlone(
        _ specs: [String], registry: String?, install: Bool, targets: [String]
    ) async throws -> BuildReport {
        let project = try self.project()
        let before = project.hasManifest ? try FileSystem.read(project.manifestPath) : []
        var editor = try ManifestEditor(before)
        let shelf = try RegistryShelf(project, self)
        let context = SpecContext(
            workingDirectory: settings.workingDirectory, root: project.root, registry: registry, workspace: self,
            ages: releaseAges(project))
        for text in specs {
            for spec in try await AddSpec.read(text, context, shelf) {
                try editor.setDependency(spec.name, spec.source)
            }
        }
        return try await withEdited(project, before, editor) { workspace in
            if install { return try await workspace.installAlone(targets) }
            let (old, new, resolved) = try await workspace.nextLock()
            var report = BuildReport(command: "add")
            report.dryRun = flags.dryRun
            report.add(resolved.diagnostics)
            report.lockChanges = try workspace.settle(new, over: old, project)
            return report
        }
    }

    /// Resolves what the manifest asks for and pins it; compiles nothing.
    package func writeLock() async throws -> BuildReport {
        var report = try await add([], registry: nil, install: false)
        report.command = "lock"
        return report
    }

    /// Removes skills from the manifest and what was installed of them, by the next installation's rules.
    package func remove(_ names: [String]) async throws -> BuildReport {
        try await exclusively(try self.project()) { try await removeAlone(names) }
    }

    private func removeAlone(_ names: [String]) async throws -> BuildReport {
        let project = try self.project()
        let before = try FileSystem.read(project.manifestPath)
        var editor = try ManifestEditor(before)
        for text in names {
            guard let name = PackageName(text), try editor.removeDependency(name) else {
                throw DiagnosticsError([
                    Diagnostic(
                        "remove.unknown", .error, "skvm.toml has no dependency '\(text)'",
                        hint:
                            "its dependencies are \(project.manifest.dependencies.map(\.name.description).joined(separator: ", "))",
                        fault: .usage)
                ])
            }
        }
        return try await withEdited(project, before, editor) { workspace in
            let (old, new, resolved) = try await workspace.nextLock()
            if flags.locked { _ = try write(new, over: old, project) }
            var report = BuildReport(command: "remove")
            report.dryRun = flags.dryRun
            report.add(resolved.diagnostics)
            let left = Set(new.packages.map(\.id.name.description))
            let installer = installer(project)
            let had = Set((old?.packages ?? []).map(\.id.name.description)).union(names)
            let owner = owner(project)
            let gone = try installer.state.installed().filter { skill in
                // Who put it into the user's folders was not always noted: then the lock says whether we need it.
                let isOurs = owner.map { skill.owners?.contains($0) ?? had.contains(skill.package) } ?? true
                return isOurs && !left.contains(skill.package)
            }
            if !gone.isEmpty, !flags.dryRun {
                let plan = try await blocking { try installer.remove(gone.map(\.place), owner: owner) }
                report.add(plan.diagnostics)
                // A skill that the user edited stays; then so do all others, the manifest and the lock.
                if plan.hasErrors { return report }
            }
            report.folders = gone.map { skill in
                let isNeeded = owner != nil && skill.owners?.contains { $0 != owner } == true
                return .init(action: isNeeded ? "kept" : "removed", package: skill.package, path: skill.place)
            }
            report.lockChanges = try workspace.settle(new, over: old, project)
            return report
        }
    }

    /// Resolves and fetches; compiles nothing. The lock that is, and the one that is to be.
    func nextLock(
        _ options: ResolveOptions = ResolveOptions()
    ) async throws -> (old: Lockfile?, new: Lockfile, resolved: Resolved) {
        let project = try self.project()
        let old = try readLock(of: project)?.lock
        let resolved = try await resolve(project, lock: old, shelf: try RegistryShelf(project, self), options)
        let ids = Set(resolved.packages.map(\.id))
        let names = Set(project.manifest.targets.map(\.name))
        let new = Lockfile(
            packages: resolved.packages.map(\.locked), targets: (old?.targets ?? []).filter { names.contains($0.name) },
            variants: (old?.variants ?? []).filter { ids.contains($0.package) && names.contains($0.target) })
        return (old, new, resolved)
    }

    /// Writes the lock, or under `--dry-run` only says what would change in it.
    func settle(_ new: Lockfile, over old: Lockfile?, _ project: Project) throws -> [String] {
        if flags.dryRun && !flags.locked { return Lockfile.diff(old ?? Lockfile(), new) }
        return try write(new, over: old, project)
    }

    /// Writes the manifest, does `work`, and puts the old manifest back if that fails. Under `--dry-run` nothing is written:
    /// the work's workspace has the edited manifest as a draft.
    func withEdited(
        _ project: Project, _ before: [UInt8], _ editor: ManifestEditor,
        _ work: (Workspace) async throws -> BuildReport
    ) async throws -> BuildReport {
        if flags.dryRun {
            var dry = self
            dry.draft = Project(root: project.root, manifest: try editor.manifest(), hasManifest: true)
            return try await work(dry)
        }
        if before == editor.bytes { return try await work(self) }
        try FileSystem.replace(project.manifestPath, with: editor.bytes)
        let report: BuildReport
        do { report = try await work(self) } catch {
            try putBack(before, project)
            throw error
        }
        if !report.isCarriedOut { try putBack(before, project) }
        return report
    }

    private func putBack(_ manifest: [UInt8], _ project: Project) throws {
        if project.hasManifest {
            try FileSystem.replace(project.manifestPath, with: manifest)
        } else {
            try FileSystem.remove(project.manifestPath)
        }
    }

    // MARK: Targets and registries

    package func addTarget(
        _ name: String, model: String, harness: String, environment: String, profile: String?
    ) async throws -> Done {
        try await exclusively(try self.project()) {
            try await addTargetAlone(name, model, harness, environment, profile)
        }
    }

    private func addTargetAlone(
        _ name: String, _ model: String, _ harness: String, _ environment: String, _ profile: String?
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
        let target = Manifest.Target(
            name: try value(TargetName.self, name, "name"), model: try value(ModelName.self, model, "model"),
            harness: try value(TargetName.self, harness, "harness"), environment: reference, profile: profile)
        var editor = try ManifestEditor(project.hasManifest ? try FileSystem.read(project.manifestPath) : [])
        let old = project.manifest.targets.first { $0.name == target.name }
        try editor.setTarget(target)
        // What it names must be there before it is written.
        let edited = Project(root: project.root, manifest: try editor.manifest(), hasManifest: true)
        let (_, warnings) = try await resolveTargets(
            edited, lock: nil, names: [name], shelf: try RegistryShelf(edited, self))
        if !flags.dryRun {
            try FileSystem.replace(project.manifestPath, with: editor.bytes)
            try unpin(target.name, project)
        }
        let note = warnings.map { "\n\($0.severity.rawValue): \($0.message)" + ($0.hint.map { "\nhint: \($0)" } ?? "") }
            .joined()
        return Done(
            command: "target",
            text: "target \(name): \(model) on \(harness) in \(environment)"
                + (old.map { " (was \($0.model) on \($0.harness) in \($0.environment))" } ?? "") + note,
            paths: ["skvm.toml"])
    }

    /// Takes a target's facts out of the lock, so that the next build pins what the registries say now.
    private func unpin(_ name: TargetName, _ project: Project) throws {
        guard let lock = try project.lock(), lock.target(name) != nil else { return }
        let rest = Lockfile(
            packages: lock.packages, targets: lock.targets.filter { $0.name != name },
            variants: lock.variants.filter { $0.target != name })
        _ = try write(rest, over: lock, project)
    }

    package func removeTarget(_ name: String) async throws -> Done {
        try await exclusively(try self.project()) { try removeTargetAlone(name) }
    }

    private func removeTargetAlone(_ name: String) throws -> Done {
        let project = try self.project()
        var editor = try ManifestEditor(try FileSystem.read(project.manifestPath))
        guard let target = TargetName(name), try editor.removeTarget(target) else {
            throw DiagnosticsError([
                Self.unknownTarget(name, in: project)
            ])
        }
        if !flags.dryRun { try FileSystem.replace(project.manifestPath, with: editor.bytes) }
        return Done(command: "target", text: "removed target \(name)", paths: ["skvm.toml"])
    }

    package func addRegistry(_ name: String, location: String) async throws -> Done {
        try await exclusively(try self.project()) { try await addRegistryAlone(name, location) }
    }

    private func addRegistryAlone(_ name: String, _ location: String) async throws -> Done {
        let project = try self.project()
        // A folder named from where the user stands is written relative to the manifest.
        var text = location
        if !location.contains("://"),
            FileSystem.isDirectory(FileSystem.absolute(location, from: settings.workingDirectory))
        {
            text = FileSystem.absolute(location, from: settings.workingDirectory)
        }
        guard let url = RepositoryURL(text) else {
            throw DiagnosticsError([
                Diagnostic(
                    "registry.address", .error,
                    "'\(AddSpec.withoutPassword(location))' is no registry's address: \(RepositoryURL.fault(in: text) ?? "")",
                    hint: "give a git address or a folder: https://example.org/registry.git, ./registry", fault: .usage)
            ])
        }
        let registry = Registry(
            name: name, location: try RegistryLocation(url.description, relativeTo: project.root), cache: repositories)
        let snapshot = try await registry.open()
        let count = try await snapshot.packageNames().count
        var editor = try ManifestEditor(project.hasManifest ? try FileSystem.read(project.manifestPath) : [])
        try editor.setRegistry(name, url)
        if !flags.dryRun { try FileSystem.replace(project.manifestPath, with: editor.bytes) }
        return Done(
            command: "registry", text: "registry \(name): \(snapshot.title), \(count) packages, at \(url)",
            paths: ["skvm.toml"])
    }

    package func removeRegistry(_ name: String) async throws -> Done {
        try await exclusively(try self.project()) { try removeRegistryAlone(name) }
    }

    private func removeRegistryAlone(_ name: String) throws -> Done {
        let project = try self.project()
        var editor = try ManifestEditor(try FileSystem.read(project.manifestPath))
        guard try editor.removeRegistry(name) else {
            throw DiagnosticsError([
                RegistryShelf.unknown(name, among: project.manifest.registries.keys.sorted())
            ])
        }
        if !flags.dryRun { try FileSystem.replace(project.manifestPath, with: editor.bytes) }
        return Done(command: "registry", text: "removed registry \(name)", paths: ["skvm.toml"])
    }
}

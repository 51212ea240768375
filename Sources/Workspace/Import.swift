import Basics
import ContentStore
import Formats
import Harness
import Migration
import Registry
import SkillModel

extension Workspace {
    /// Where copies of skills go that no repository is known for.
    static let localSkills = "skills-local"

    /// Takes over what other tools installed: reads their files in the project (with `--global` the user's; else those that
    /// `from` names), writes `skvm.toml`, resolves and writes `skvm.lock`. Nothing of the other tools is changed, and nothing
    /// in `skvm.toml` replaced. Without a project, the working directory becomes one.
    ///
    /// What can't be read or found is in the report's diagnostics; the rest is imported.
    package func importSkills(from: [String]) async throws -> ImportReport {
        let project = try importTarget()
        if flags.dryRun { return try await importAlone(project, from) }
        let hadState = FileSystem.exists(project.statePath)
        // Where nothing came of it, nothing is left of it.
        defer {
            if !hadState, !FileSystem.exists(project.manifestPath) { try? FileSystem.removeTree(project.statePath) }
        }
        return try await exclusively(project) { try await importAlone(try importTarget(), from) }
    }

    private func importTarget() throws -> Project {
        if try flags.global || projectRootOrNone() != nil { return try self.project() }
        return Project(root: settings.workingDirectory, manifest: Manifest(), hasManifest: false)
    }

    private func importAlone(_ project: Project, _ from: [String]) async throws -> ImportReport {
        let shelf = try RegistryShelf(project, self)
        var report = ImportReport()
        report.dryRun = flags.dryRun
        let (files, installed) = try await importSources(project, from, shelf)
        report.read = files.listed.map(\.file)
        report.add(files.diagnostics + installed.diagnostics)

        let before = project.hasManifest ? try FileSystem.read(project.manifestPath) : []
        var plan = ImportPlan(project, try ManifestEditor(before, file: project.manifestName))
        try await takeListed(files.listed, into: &plan, project, &report)
        try await takeCopies(installed.copies, into: &plan, project, shelf, &report)
        for refused in installed.refused {
            let name = refused.place.split(separator: "/").last.map(String.init) ?? refused.place
            report.skills.append(
                .init(
                    name: name.shortened, action: "skipped", from: project.shown(refused.place), note: refused.reason))
        }
        var failures: [(fault: Diagnostic, names: [String])] = []
        for entry in plan.missing where !(PackageName(entry.name).map { plan.isImported($0, fromFile: false) } ?? false)
        {
            report.skills.append(entry.skipped("\(entry.reason), and no harness has a copy here"))
            if !entry.unasked.isEmpty {
                Self.collect(entry.unasked, of: entry.name, at: entry.location, into: &failures)
                continue
            }
            report.add([
                Diagnostic(
                    "import.unsupported", .warning, "'\(entry.name.shortened)' is not imported: \(entry.reason)",
                    at: entry.location,
                    hint: entry.hint ?? "install it with its own tool, then import again: its copy will do")
            ])
        }
        report.add(Self.told(failures))
        if report.skills.isEmpty, report.ok {
            report.add([
                Diagnostic(
                    "import.nothing", .warning, "there is nothing to import in \(project.root)",
                    hint: "name a file or folder of another tool: skvm import --from PATH")
            ])
        }
        try requireOwnFolder(project, for: plan)
        try await dropUnresolvable(&plan, project, &report)
        report.next = nextSteps(plan, project, installed.harnesses)
        guard !flags.dryRun, !plan.added.isEmpty else { return report }
        report.lockChanges = try await carryOut(plan, project)
        return report
    }

    /// Copies stay in the project: a link that came with a clone must not lead them elsewhere, where a harness may take them for
    /// the user's. Throws `import.link`. Whoever's own manifest it is has set its links themselves.
    private func requireOwnFolder(_ project: Project, for plan: ImportPlan) throws {
        if plan.copies.isEmpty || project.isUsersOwn { return }
        let place = "\(project.root)/\(Self.localSkills)"
        let (root, folder) = (HarnessFolder.canonical(project.root), HarnessFolder.canonical(place))
        let isInside = folder.utf8.starts(with: (root == "/" ? root : root + "/").utf8)
        let isDangling = try FileSystem.status(place)?.kind == .symlink && FileSystem.realPath(place) == nil
        guard isInside, !isDangling else {
            throw DiagnosticsError([
                Diagnostic(
                    "import.link", .error, "\(Self.localSkills) is a link that leads out of the project",
                    notes: isDangling ? [] : ["to \(folder)"], hint: "put a folder in its place, and import again")
            ])
        }
    }

    /// Takes out of the plan what can't be resolved together with what came before it: one skill whose dependency is nowhere
    /// holds up no other. Throws what is wrong with the manifest as it was.
    private func dropUnresolvable(
        _ plan: inout ImportPlan, _ project: Project, _ report: inout ImportReport
    ) async throws {
        guard !plan.added.isEmpty, try await !faults(in: plan, Set(plan.added), project).isEmpty else { return }
        let before = try await faults(in: plan, [], project)
        guard before.isEmpty else { throw DiagnosticsError(before) }
        let bad = try await Culprits.find(in: plan.added) { [plan] names in
            try await faults(in: plan, Set(names), project)
        }
        for (name, found) in bad {
            try plan.drop(name, found.first?.message ?? "", &report)
            report.add(
                found.map { diagnostic in
                    var copy = diagnostic
                    copy.notes.append("while importing '\(name)'")
                    return copy
                })
        }
    }

    /// What keeps these of the plan's dependencies from being resolved. Nothing is written.
    private func faults(
        in plan: ImportPlan, _ names: Set<PackageName>, _ project: Project
    ) async throws -> [Diagnostic] {
        var dry = self
        dry.draft = project.with(try plan.trial(of: names))
        do {
            _ = try await dry.nextLock()
            return []
        } catch {
            guard let found = Self.diagnostics(of: error) else { throw error }
            return found
        }
    }

    /// Without a target there is nothing to install for. The harness is known where the copies' folder is one's alone.
    private func nextSteps(_ plan: ImportPlan, _ project: Project, _ harnesses: Set<String>) -> [String] {
        if plan.added.isEmpty { return [] }
        let global = flags.global ? " --global" : ""
        let install = "skvm install\(global)"
        if !project.manifest.targets.isEmpty { return [install] }
        let harness = harnesses.count == 1 ? harnesses.first ?? "H" : "H"
        return ["skvm target add NAME --model M --harness \(harness)\(global)", install]
    }

    /// Copies, then writes the manifest and the lock; takes the copies away again when that fails.
    private func carryOut(_ plan: ImportPlan, _ project: Project) async throws -> [String] {
        var made: [String] = []
        let folder = "\(project.root)/\(Self.localSkills)"
        let hadCopies = FileSystem.exists(folder)
        do {
            for copy in plan.copies where !FileSystem.exists(copy.path) {
                try FileSystem.makeDirectories(FileSystem.parent(of: copy.path) ?? project.root)
                let staging = FileSystem.temporaryPath(beside: copy.path)
                // A member pattern would take what is left of it for a skill.
                made.append(staging)
                try store.materialize(copy.files.entries, at: staging, synchronized: true)
                try FileSystem.rename(staging, to: copy.path)
                made[made.count - 1] = copy.path
            }
            let done = try await withEdited(
                project, [ManifestEdit(project.root, isNew: !project.hasManifest, plan.editor)]
            ) { workspace in
                let (old, new, _) = try await workspace.silent.nextLock()
                var report = BuildReport(command: "import")
                report.lockChanges = try workspace.settle(new, over: old, try workspace.project())
                return report
            }
            return done.lockChanges
        } catch {
            for path in made { try? FileSystem.removeTree(path) }
            if !hadCopies { try? FileSystem.removeTree(folder) }
            throw error
        }
    }

    // MARK: What there is

    private func importSources(
        _ project: Project, _ from: [String], _ shelf: RegistryShelf
    ) async throws -> (ImportFiles, HarnessSkills) {
        let variable = settings.environment["CLAUDE_CONFIG_DIR"] ?? ""
        let claude = variable.hasPrefix("/") ? variable : settings.home + "/.claude"
        var files = ImportFiles(claude: claude, shown: { project.shown($0) })
        var installed = HarnessSkills(self)
        let own = Set(try ownFolders(project).compactMap { FileSystem.realPath($0) })
        if from.isEmpty {
            let root = flags.global ? settings.home : project.root
            files.read(root: root, claudeFolder: flags.global ? claude : nil)
            for folder in try await harnessFolders(shelf, root: flags.global ? nil : root) {
                try await installed.read(folder.path, of: folder.harnesses, passingOver: own)
            }
        }
        for text in from {
            let path = FileSystem.absolute(text, from: settings.workingDirectory)
            if FileSystem.isDirectory(path) {
                files.read(root: path)
                for folder in try await harnessFolders(shelf, root: path) {
                    try await installed.read(folder.path, of: folder.harnesses, passingOver: own)
                }
                try await installed.read(path, passingOver: own)
            } else if !FileSystem.exists(path) || !files.read(file: path) {
                throw AddSpec.fault(
                    "import.file",
                    FileSystem.exists(path) ? "\(text) is no file that skvm can import" : "there is no \(text)",
                    "name a folder of skills, or one of skills-lock.json, .skill-lock.json, apm.yml, apm.lock.yaml, "
                        + "toolhive.lock.yaml, .clawhub/lock.json, skillfold.yaml, skillfold.lock, settings.json of Claude Code"
                )
            }
        }
        return (files, installed)
    }

    /// Folders of skills that the manifest names already.
    private func ownFolders(_ project: Project) throws -> [String] {
        try Members(project).expand().members
            + project.manifest.dependencies.compactMap { $0.folder(from: project.root)?.path }
    }

    // MARK: Entries of files

    private func takeListed(
        _ listed: [ImportFiles.Listed], into plan: inout ImportPlan, _ project: Project, _ report: inout ImportReport
    ) async throws {
        var resolver = ForeignResolver(
            SpecContext(
                workingDirectory: project.root, root: project.root, registry: nil, workspace: self,
                ages: releaseAges(project)))
        // What is wrong with a repository is wrong for all of its skills, and said once.
        var failures: [(fault: Diagnostic, names: [String])] = []
        for list in listed {
            for skill in list.skills.skills {
                if case .unsupported(let reason) = skill.source {
                    plan.missing.append(
                        .init(name: skill.name, from: list.file, reason: reason, location: skill.location))
                    continue
                }
                if case .hub(let url, let owner, let name, let version, let otherwise) = skill.source {
                    let url = url ?? Self.onlyHub(project)
                    let missing = ImportPlan.Missing(
                        name: skill.name, from: list.file, reason: otherwise, location: skill.location)
                    try await takeHub((url, owner, name, version), missing, into: &plan, &report)
                    continue
                }
                if case .index(let url, let name, let otherwise) = skill.source {
                    let missing = ImportPlan.Missing(
                        name: skill.name, from: list.file, reason: otherwise, location: skill.location)
                    try await takeIndexed((url, name, skill.evidence), missing, resolver, into: &plan, &report)
                    continue
                }
                settings.progress("looking for \(skill.name.shortened)")
                do {
                    for found in try await resolver.find(skill, in: list.folder) {
                        try plan.take(
                            found.spec, from: .named(list.file), note: found.note, at: skill.location, &report)
                    }
                } catch {
                    guard let found = Self.diagnostics(of: error) else { throw error }
                    report.skills.append(
                        ImportPlan.Missing(name: skill.name, from: list.file, reason: "", location: skill.location)
                            .skipped(found.first?.message ?? ""))
                    Self.collect(found, of: skill.name, at: skill.location, into: &failures)
                }
            }
        }
        report.add(Self.told(failures))
    }

    private static func collect(
        _ found: [Diagnostic], of name: String, at location: SourceLocation,
        into failures: inout [(fault: Diagnostic, names: [String])]
    ) {
        for diagnostic in found {
            if let known = failures.firstIndex(where: { $0.fault.isSame(as: diagnostic) }) {
                failures[known].names.append(name.shortened)
                continue
            }
            var copy = diagnostic
            copy.location = location
            failures.append((copy, [name.shortened]))
        }
    }

    private static func told(_ failures: [(fault: Diagnostic, names: [String])]) -> [Diagnostic] {
        failures.map { failure in
            var copy = failure.fault
            let names = failure.names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
            let more = failure.names.count > 5 ? " and \(failure.names.count - 5) more" : ""
            copy.notes.append("while importing \(names)\(more)")
            return copy
        }
    }

    // MARK: Packages of a ClawHub

    private static func onlyHub(_ project: Project) -> WebURL? {
        project.manifest.hubs.count == 1 ? project.manifest.hubs.first?.value : nil
    }

    /// A package by the version that was installed. What the hub doesn't have, or can't be asked for, may still be there as a
    /// copy.
    private func takeHub(
        _ entry: (url: WebURL?, owner: HubOwner?, name: PackageName, version: Version?), _ missing: ImportPlan.Missing,
        into plan: inout ImportPlan, _ report: inout ImportReport
    ) async throws {
        var missing = missing
        guard let url = entry.url else {
            missing.hint =
                "name the ClawHub that it is from, and import again: `skvm registry add clawhub clawhub+https://HOST`"
            return plan.missing.append(missing)
        }
        settings.progress("looking for \(entry.name)")
        do {
            guard let skill = try await hubs.skill(entry.name, owner: entry.owner, at: url) else {
                missing.reason += ", which \(url) has not"
                return plan.missing.append(missing)
            }
            let source = HubSource(url: url, owner: entry.owner ?? skill.owner)
            let versions = try await hubs.versions(of: source, name: entry.name) ?? []
            let newest = versions.last { !$0.version.isPrerelease }
            guard let version = entry.version ?? newest?.version, versions.contains(where: { $0.version == version })
            else {
                missing.reason += ", of which \(url) has no such version"
                return plan.missing.append(missing)
            }
            let range = entry.version.map { VersionRange.exactly($0) } ?? .compatible(with: version)
            let spec = AddSpec(
                name: entry.name, source: .hub(source, range: range, registry: try plan.registry(of: url)))
            try plan.take(spec, from: .named(missing.from), at: missing.location, &report)
        } catch {
            try Self.note(error, in: &missing)
            plan.missing.append(missing)
        }
    }

    /// A skill of a well-known index, as it is now: the file has no version to hold it to. A copy that is here does where the
    /// index no longer has it, or is none that skvm reads.
    private func takeIndexed(
        _ entry: (url: WebURL, name: PackageName, evidence: ForeignSkill.Evidence?), _ missing: ImportPlan.Missing,
        _ resolver: ForeignResolver, into plan: inout ImportPlan, _ report: inout ImportReport
    ) async throws {
        var missing = missing
        settings.progress("looking for \(entry.name)")
        do {
            let found = try await resolver.indexed(entry.name, of: entry.url, entry.evidence)
            try plan.take(found.spec, from: .named(missing.from), note: found.note, at: missing.location, &report)
        } catch {
            try Self.note(error, in: &missing)
            plan.missing.append(missing)
        }
    }

    /// Whether a source does not have something, or could not be asked for it.
    private static func note(_ error: any Error, in missing: inout ImportPlan.Missing) throws {
        guard let found = diagnostics(of: error) else { throw error }
        missing.reason += "; \(found.first?.message ?? "")"
        let passing: Set = ["http.network", "http.busy", "http.status", "http.certificate"]
        if found.contains(where: { $0.fault == .offline || passing.contains($0.id) }) { missing.unasked = found }
    }

    // MARK: Copies in harness folders

    private func takeCopies(
        _ copies: [HarnessSkills.Copy], into plan: inout ImportPlan, _ project: Project, _ shelf: RegistryShelf,
        _ report: inout ImportReport
    ) async throws {
        for copy in copies {
            let shown = project.shown(copy.place)
            // What a file names comes from where the file says.
            if plan.isImported(copy.name, fromFile: true) { continue }
            let reason = plan.found(copy)
            if let (registry, release) = try await release(copy.name, copy.files.tree, shelf) {
                let source = ManifestDependency.Source.registry(
                    .exactly(release.version), registry: try shelf.entry(nil).name == registry ? nil : registry)
                try plan.take(
                    AddSpec(name: copy.name, source: source), from: .named(shown), note: "the same files",
                    at: SourceLocation(file: shown), &report)
                continue
            }
            try plan.takeCopy(copy, shown, reason, &report)
        }
    }
}

extension Diagnostic {
    /// Whether both say the same, wherever.
    fileprivate func isSame(as other: Diagnostic) -> Bool {
        id == other.id && message == other.message && notes == other.notes && hint == other.hint
    }
}

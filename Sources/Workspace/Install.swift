import Basics
import BuildEngine
import Compiler
import ContentStore
import Git
import Harness
import SkillModel

extension Workspace {
    /// Compiles the project's dependencies for its targets (of `targets` alone when there are any) and puts the variants
    /// where the harnesses look: in the project, or (`--user`, `--global`) in the user's folders. All of it or nothing.
    ///
    /// What is no longer needed in the project's folders is removed. Refusals (a file that is not ours) and faults of skills
    /// are in the report; then nothing was installed. So are edited files that clash with their new versions; then all was.
    ///
    /// Of `packages` only these are installed, with what they need; nothing is removed then.
    package func install(
        targets: [String] = [], packages: PackageSelection = .all
    ) async throws -> BuildReport {
        let root = try projectRoot()
        let configuration = installConfiguration(targets, packages, root)
        let memo = memory(of: root) + (flags.meansUserFolders ? "/install-user.memo" : "/install.memo")
        let memory = recall(memo, configuration, in: root)
        if case .whole(let report) = memory { return report }
        let project = try self.project()
        if project.manifest.targets.isEmpty, targets.isEmpty, packages.isAll,
            let report = try await exclusively(project, { try await takeAwayAll() })
        {
            return report
        }
        try requireTargets(project)
        return try await exclusively(project) {
            if case .partial(let changes) = memory, let report = try untouched(changes, memo, configuration, project) {
                return report
            }
            return try await remembering(memory).installAlone(targets, packages)
        }
    }

    /// `install` for a caller that has the project for itself.
    func installAlone(_ targets: [String], _ packages: PackageSelection = .all) async throws -> BuildReport {
        try await healing(try self.project()) { try await $0.installOnce(targets, packages) }
    }

    private func installConfiguration(_ targets: [String], _ packages: PackageSelection, _ root: String) -> Digest {
        memoConfiguration(
            "install",
            targets + [flags.meansUserFolders ? "user" : "project"]
                + (packages.isAll ? [] : ["-p"] + packages.patterns),
            root: root)
    }

    /// With `places`, absolute, what does not belong there is left alone, and nothing is removed.
    func installOnce(
        _ targets: [String], _ packages: PackageSelection = .all, at places: Set<String>? = nil
    ) async throws -> BuildReport {
        let takenAt = WallClock.now()
        let project = try self.project()
        try requireTargets(project)
        let configuration = installConfiguration(targets, packages, project.root)
        let memo = memory(of: project.root) + (flags.meansUserFolders ? "/install-user.memo" : "/install.memo")
        var outcome = try await compile(
            project, command: "install", packages: packages, withNeeded: !packages.isAll, targets: targets)
        guard outcome.report.ok || flags.keepGoing else { return outcome.report }
        if !packages.isAll { try requireNeeded(packages, outcome.resolved) }
        let requests = try installRequests(outcome, project, isAll: targets.isEmpty, &outcome.report).filter {
            request in
            places?.contains("\(request.folder)/\(request.name)") ?? true
        }
        try requireApart(requests, outcome.resolved, project)
        if flags.locked { _ = try write(outcome.lock, over: outcome.oldLock, project) }

        let installer = installer(project)
        let removesOthers = targets.isEmpty && packages.isAll && places == nil && outcome.report.ok
        let owner = owner(project)
        let needed = try placesOfOthers(project)
        let plan = try await blocking { [flags, settings] in
            if flags.dryRun {
                return try installer.plan(
                    requests, removesOthers: removesOthers, owner: owner, needed: needed, takesOver: flags.takesOver)
            }
            return try installer.install(
                requests, removesOthers: removesOthers, owner: owner, needed: needed, takesOver: flags.takesOver,
                onWait: { settings.progress("waiting for another skvm that installs here") })
        }
        if requests.isEmpty, outcome.report.ok {
            outcome.report.add([
                Diagnostic(
                    "install.nothing", .warning, "there is nothing to install: skvm.toml has no [dependencies]",
                    at: SourceLocation(file: project.manifestName),
                    hint: "add a skill with `skvm add`"
                        + (project.isUsersOwn ? "" : "; a workspace's own members are built by `skvm build`"))
            ])
        }
        outcome.report.add(plan.diagnostics.map(givingUpGlobal) + plan.clashes)
        // One refusal, and nothing is done: nothing is claimed.
        if !plan.hasErrors || flags.dryRun { outcome.report.folders = Self.changes(plan) }
        outcome.report.variants = Self.placedVariants(outcome.report.variants, requests)
        guard !plan.hasErrors, !flags.dryRun else { return outcome.report }
        outcome.report.add(try await committedPaths(of: plan, project).map { [$0] } ?? [])
        outcome.report.unbound = try unbound(plan, outcome.variants)
        let written = try write(outcome.lock, over: outcome.oldLock, project, knownText: outcome.oldLockText)
        outcome.report.lockChanges = written.changes
        outcome.lockText = written.text
        outcome.report.add(
            try await listingCosts(outcome.targets, project).flatMap { [$0.warning, $0.cutWarning].compactMap { $0 } }
                + seenTwice(try installer.state.installed(), outcome.targets, project))
        // A journal is left when something could not be tidied up: then the next run must come this far again.
        // A file beside another may go without a trace that a run would look for.
        if outcome.report.ok, places == nil, plan.clashes.isEmpty, outcome.resolved.broken.isEmpty,
            !installer.state.unfinishedPaths.contains(where: FileSystem.exists)
        {
            // Told once: not to be told again by a run that only remembers this one.
            var outcome = outcome
            outcome.report.diagnostics.removeAll {
                ["install.merged", "install.committed", "install.owner-gone", "install.taken-over"].contains($0.id)
            }
            outcome.diagnosticCounts = nil
            let skills = plan.skills.filter { $0.action != .remove && $0.action != .forget }
            // What is taken away, put there or put in another's place changes its folder. A file that is written in place is the
            // user's edit, which the next version meets (decision 0041): to look at each would be nine looks a skill.
            let places =
                Set(skills.compactMap { FileSystem.parent(of: $0.place) }).sorted()
                + skills.flatMap { $0.installed?.folders ?? [] }
            try remember(
                memo, configuration, project, outcome, takenAt: takenAt,
                also: (places + [installer.state.recordPath] + installer.state.unfinishedPaths).map {
                    ($0, nil)
                },
                bases: Set(requests.map(\.folder)).sorted())
        }
        return outcome.report
    }

    /// What nothing in the project's manifest leads to would be removed by the next whole installation.
    private func requireNeeded(_ packages: PackageSelection, _ resolved: Resolved) throws {
        let names = try packages.names(among: resolved.packages.map(\.id.name.description))
        let idle = resolved.packages.filter { names.contains($0.id.name.description) && !$0.isNeeded }
        guard let first = idle.first,
            idle.count == names.count || !packages.patterns.contains(where: { $0.contains("*") })
        else { return }
        throw DiagnosticsError([
            Diagnostic(
                "install.member", .error,
                "'\(first.id.name)' is a member of the workspace, which is built and not installed",
                hint: "make the project depend on it: skvm add ./\(first.place)", fault: .usage)
        ])
    }

    func installer(_ project: Project) -> Installer {
        Installer(
            state: flags.meansUserFolders ? userState : state(of: project.root), store: store,
            merging: GitMerging(git: TextMerge(environment: settings.environment)))
    }

    /// What is installed in a project's folders.
    func state(of root: String) -> InstallState {
        InstallState(
            folder: Project.statePath(root), base: root, secret: StateSecret(folder: settings.stateDirectory))
    }

    /// What is installed in the user's folders.
    var userState: InstallState { InstallState(folder: settings.stateDirectory, base: settings.home) }

    /// Where the other records have skills that may lie in the same folders: a project in the home folder and the user share
    /// them, and neither may take away what the other still has.
    func placesOfOthers(_ project: Project) throws -> [String] {
        let others = flags.meansUserFolders ? Set([project.root, settings.home]).map { state(of: $0) } : [userState]
        return try others.flatMap { try $0.installed().map(\.place) }
    }

    /// A place that the user's own manifest has is given up by what edits that.
    private func givingUpGlobal(_ diagnostic: Diagnostic) -> Diagnostic {
        guard ["install.claimed", "install.taken-over"].contains(diagnostic.id) else { return diagnostic }
        var copy = diagnostic
        for command in ["remove", "install"] {
            copy.hint = copy.hint?.replacing(
                "skvm -C \(settings.configDirectory.shellQuoted) \(command) --user", with: "skvm \(command) --global")
        }
        // What was asked for, whole: a name that was to be added is not in the manifest any more.
        let again = flags.again ?? "skvm install \(flags.global ? "--global" : "--user")"
        copy.hint = copy.hint?.replacing("`skvm install --user --take-over`", with: "`\(again) --take-over`")
        return copy
    }

    /// In whose name skills stand in the user's folders, which all projects share; nil for the project's own.
    func owner(_ project: Project) -> String? { flags.meansUserFolders ? project.root : nil }

    /// One request for each needed package and target. Where all targets are meant, one whose harness has no such folder keeps
    /// the others from nothing: the report says that it is left out.
    private func installRequests(
        _ outcome: BuildOutcome, _ project: Project, isAll: Bool, _ report: inout BuildReport
    ) throws -> [InstallRequest] {
        let packages = outcome.resolved.packages.filter(\.isNeeded).map { ($0.id.name.description, $0.entries) }
        let needed = Dictionary(packages, uniquingKeysWith: { first, _ in first })
        var requests: [InstallRequest] = []
        var refused: [Diagnostic] = []
        for target in outcome.targets {
            let folder: String
            do { folder = try self.folder(of: target, project) } catch let error as Diagnostic {
                guard error.id == "harness.scope", isAll else { throw error }
                refused.append(error)
                continue
            }
            for variant in outcome.variants
            where variant.target == target.name.description && needed[variant.package] != nil {
                guard let tree = variant.tree else { continue }
                requests.append(
                    InstallRequest(
                        target: variant.target, package: variant.package, version: variant.version,
                        name: variant.package, folder: folder, tree: tree, source: needed[variant.package],
                        owner: owner(project)))
            }
        }
        if let first = refused.first, refused.count == outcome.targets.count { throw first }
        report.add(
            refused.map { diagnostic in
                var copy = diagnostic
                copy.severity = .warning
                copy.message += ": it is left out"
                return copy
            })
        return requests
    }

    /// Tells, when skills come newly into folders that git would commit, that this machine's paths are in them; nil for all else.
    private func committedPaths(of plan: InstallPlan, _ project: Project) async throws -> Diagnostic? {
        let fresh = plan.skills.filter { $0.action == .create && $0.outputs.contains { !$0.offsets.isEmpty } }
        guard !flags.meansUserFolders, let first = fresh.first else { return nil }
        let copy = WorkingCopy(folder: project.root, environment: settings.environment)
        guard let answer = try? await copy.ask("status", "--porcelain", "--ignored", "--", first.place),
            !answer.isEmpty, !answer.hasPrefix("!!")
        else { return nil }
        let folders = Set(fresh.compactMap { FileSystem.parent(of: $0.place).map(project.shown) }).sorted()
        return Diagnostic(
            "install.committed", .warning,
            "git would commit \(folders.joined(separator: ", ")), where installed skills hold paths of this machine",
            hint: "leave that to skvm.lock: `skvm install` brings them back; in .gitignore: "
                + fresh.prefix(3).map { "/\(project.shown($0.place))/" }.joined(separator: " ")
                + (fresh.count > 3 ? " …" : ""))
    }

    private func folder(of target: ResolvedTarget, _ project: Project) throws -> String {
        do {
            return try HarnessFolder.resolve(
                target.harness, flags.meansUserFolders ? .user : .project(root: project.root),
                environment: settings.environment)
        } catch {
            var diagnostic = error
            guard diagnostic.id == "harness.scope" else { throw diagnostic }
            diagnostic.message = "target '\(target.name)': \(diagnostic.message)"
            diagnostic.location = project.manifest.targets.first { $0.name == target.name }?.location
            diagnostic.hint =
                (flags.global
                    ? ""
                    : flags.user
                        ? "leave `--user` out; " : "install for the user: `skvm install --user -t \(target.name)`; ")
                + "`skvm target remove \(target.name)` takes the target out"
            throw diagnostic
        }
    }

    static func changes(_ plan: InstallPlan) -> [BuildReport.FolderChange] {
        plan.skills.map { skill in
            let action =
                switch skill.action {
                case .create: "installed"
                case .replace: skill.changes.contains { $0.kind == .merge } ? "merged" : "updated"
                case .remove: "removed"
                case .keep: "kept"
                case .adopt: "adopted"
                case .forget: "forgotten"
                }
            let name = skill.place.split(separator: "/").last.map(String.init) ?? skill.place
            return .init(action: action, package: skill.installed?.package ?? name, path: skill.place)
        }
    }

    private static func placedVariants(
        _ variants: [BuildReport.Variant], _ requests: [InstallRequest]
    ) -> [BuildReport.Variant] {
        let places = Dictionary(
            requests.map { ([$0.target, $0.package], "\($0.folder)/\($0.name)") },
            uniquingKeysWith: { first, _ in first })
        return variants.map { variant in
            var copy = variant
            copy.path = places[[variant.target, variant.package]]
            return copy
        }
    }
}

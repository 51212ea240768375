import Basics
import Harness
import SkillModel

extension Workspace {
    /// Takes back what `install --user` did: these of the project's skills, and what only they needed, out of the user's
    /// harness folders. The project's manifest, its lock and its own folders stay as they are.
    ///
    /// What another project or the user's own manifest needs stays; so does everything when a file was edited, unless `force`.
    /// What was installed for projects that are gone belongs to nobody, and goes wherever this is run.
    package func removeForUser(_ names: [String], force: Bool = false) async throws -> BuildReport {
        guard try projectRootOrNone() != nil else { return try await removeOrphans(names, nil, force: force) }
        return try await exclusively(try self.project()) { try await removeForUserAlone(names, force: force) }
    }

    private func removeForUserAlone(_ names: [String], force: Bool) async throws -> BuildReport {
        let project = try self.project()
        let places = placesOfSkills(project).filter { $0.owner != nil }
        let lock = try project.lock()
        let had = Set((lock?.packages ?? []).map(\.id.name.description)).union(names)
        let installed = try Set(
            places.flatMap { place in
                try place.installer.state.installed().filter { place.mayTake($0, had: had) }.map(\.package)
            })
        let known = project.manifest.dependencies.map(\.name.description)
        let orphans = try Set(userState.installed().filter(\.isOrphan).map(\.package)).subtracting(installed)
        let own = names.filter { !orphans.contains($0) }
        let report =
            own.count < names.count
            ? try await removeOrphans(names.filter(orphans.contains), project, force: force) : nil
        if own.isEmpty, let report { return report }
        for name in own where !known.contains(name) && !installed.contains(name) {
            throw DiagnosticsError([
                try noDependency(name, known, project.root, isAlone: names.count == 1, project)
            ])
        }
        return try await removeOwn(own, known, installed, had, from: places, force: force, project, report)
    }

    /// Those of the project, after what `report` tells of.
    private func removeOwn(
        _ names: [String], _ known: [String], _ installed: Set<String>, _ had: Set<String>, from places: [Removal],
        force: Bool, _ project: Project, _ earlier: BuildReport?
    ) async throws -> BuildReport {
        // What stays there is what the other dependencies that stand there need.
        var rest = project.manifest
        rest.dependencies.removeAll { names.contains($0.name.description) || !installed.contains($0.name.description) }
        var trial = self
        trial.draft = project.with(rest)
        let resolved = try await trial.nextLock(ResolveOptions(readsFiles: false)).resolved
        let needed = Set(resolved.packages.filter(\.isNeeded).map(\.id.name.description))
        if let name = names.first(where: needed.contains) {
            throw DiagnosticsError([
                try noDependency(name, known, project.root, isAlone: names.count == 1, project)
            ])
        }
        var report = earlier ?? Self.emptyRemoval(flags)
        guard report.ok, try await takeAway(from: places, besides: resolved, had: had, force: force, project, &report)
        else { return report }
        if report.folders.isEmpty {
            report.add([
                Diagnostic(
                    "remove.nothing", .warning,
                    "this project has installed none of \(names.joined(separator: ", ")) for the user",
                    hint: "to take skills out of the project, leave `--user` out")
            ])
        }
        return report
    }

    private static func emptyRemoval(_ flags: Flags) -> BuildReport {
        var report = BuildReport(command: "remove")
        report.dryRun = flags.dryRun
        report.manifests = []
        return report
    }

    // MARK: What belongs to nobody

    /// Takes away what was installed for projects that are gone. Throws for a name of which nothing is there, or that somebody
    /// still needs.
    private func removeOrphans(_ names: [String], _ project: Project?, force: Bool) async throws -> BuildReport {
        let installer = Installer(state: userState, store: store)
        let installed = try installer.state.installed()
        let orphans = installed.filter { names.contains($0.package) && $0.isOrphan }
        for name in names where !orphans.contains(where: { $0.package == name }) {
            throw DiagnosticsError([
                Diagnostic(
                    "remove.unknown", .error,
                    "no project that is gone has left '\(name)' in your folders",
                    notes: names.count == 1 ? [] : ["nothing was removed"],
                    hint: try wayOutForUser(name)
                        ?? "`skvm remove --user` is for a project's skills in your folders: run it in the project",
                    fault: .usage)
            ])
        }
        var report = Self.emptyRemoval(flags)
        // A project in the home folder shares the harness folders, and has a record of its own.
        let needed = try state(of: settings.home).installed().map(\.place)
        let terms = RemovalTerms(owner: orphans.first?.owners?.first, needed: needed, force: force)
        let places = orphans.map(\.place)
        let plan = try await blocking { [flags, settings] in
            if flags.dryRun { return try installer.removalPlan(of: places, terms) }
            return try installer.remove(
                places, terms, onWait: { settings.progress("waiting for another skvm that installs here") })
        }
        report.add(plan.diagnostics.map { force ? $0 : Self.withForce($0) })
        if plan.hasErrors { return report }
        let removal = Removal(installer: installer, owner: terms.owner, isAsked: true, gone: orphans)
        report.folders = removal.changes(plan, terms)
        report.add(plan.skills.filter { $0.action == .remove && !$0.extras.isEmpty }.map(Self.leftover))
        report.add(Self.otherOrphans(installed.filter { !names.contains($0.package) }).map { [$0] } ?? [])
        return report
    }

    /// What else of `skills` belongs to nobody; nil where there is nothing.
    static func otherOrphans(_ skills: [InstalledSkill]) -> Diagnostic? {
        let orphans = skills.filter(\.isOrphan)
        if orphans.isEmpty { return nil }
        let names = Set(orphans.map(\.package)).sorted()
        let owners = Set(orphans.flatMap(\.goneOwners)).sorted()
        return Diagnostic(
            "install.orphan", .warning,
            "\(counted(names.count, "skill")) in your folders \(names.count == 1 ? "was" : "were") installed for projects that "
                + "have no skvm.toml any more: \(names.prefix(5).joined(separator: ", "))\(names.count > 5 ? ", …" : "")",
            notes: owners.map { "\($0) is gone, or was moved" },
            hint: "take \(names.count == 1 ? "it" : "them") away: `skvm remove --user \(names.joined(separator: " "))`")
    }

    /// How to be rid of a skill that stands in the user's folders for others; nil when none of that name does.
    func wayOutForUser(_ name: String) throws -> String? {
        guard flags.meansUserFolders || flags.global,
            let skill = try userState.installed().first(where: { $0.package == name && $0.owners?.isEmpty == false })
        else { return nil }
        let living = skill.livingOwners()
        guard let first = living.first else {
            return "it stands in your folders for a project that is gone: `skvm remove --user \(name)` takes it away"
        }
        if first == settings.configDirectory {
            return "it stands there for your own skvm.toml: `skvm remove --global \(name)`"
        }
        return "it stands there for \(first)/\(Manifest.fileName): `skvm -C \(first) remove --user \(name)`"
    }
}

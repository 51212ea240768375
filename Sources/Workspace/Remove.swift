import Basics
import Formats
import Harness
import SkillModel

/// `skvm remove`: out of the manifest, and out of every folder where this project's installations put it.
extension Workspace {
    /// Removes skills from a manifest (whose, as in `add`), and takes away what this project installed, in its own folders and
    /// in the user's, and needs no more. What is not ours stays, and so does what another project needs.
    ///
    /// A skill with edited files stays, and then so does everything else; with `force` it goes with the edits.
    package func remove(
        _ names: [String], from members: PackageSelection = [], force: Bool = false
    ) async throws -> BuildReport {
        let project = try self.project()
        let folders = try editedFolders(members, project)
        return try await exclusively(project) { try await removeAlone(names, folders, force: force) }
    }

    private func removeAlone(_ names: [String], _ folders: [String], force: Bool) async throws -> BuildReport {
        let project = try self.project()
        let originals = try folders.map { try ManifestEdit($0, of: project) }
        var edits: [ManifestEdit] = []
        var unfinished: Set<PackageName> = []
        for original in originals {
            var edit = original
            let known = try edit.editor.manifest().dependencies.map(\.name.description)
            var done: Set<String> = []
            for text in names where done.insert(text).inserted {
                if let name = PackageName(text) {
                    if try edit.editor.removeDependency(name) { continue }
                    if try unfinished.contains(name) || isLeftOver(name, of: originals, project) {
                        unfinished.insert(name)
                        continue
                    }
                }
                throw DiagnosticsError([
                    try noDependency(text, known, edit.folder, isAlone: names.count == 1, project)
                ])
            }
            if edit.folder != project.root { try edit.editor.removeEmptyTable("dependencies") }
            edits.append(edit)
        }
        let leftOvers = unfinished
        let manifests = edits.map { project.manifestName(of: $0.folder) }
        return try await withEdited(project, edits) { workspace in
            // What stays is not looked at: nothing is asked of its sources.
            let (old, new, resolved) = try await workspace.nextLock(ResolveOptions(readsFiles: false))
            if let name = leftOvers.sorted().first(where: { new.package($0) != nil }) {
                let known = try originals[0].editor.manifest().dependencies.map(\.name.description)
                throw DiagnosticsError([
                    try noDependency(
                        name.description, known, originals[0].folder, isAlone: names.count == 1, project)
                ])
            }
            if flags.locked { _ = try write(new, over: old, project) }
            var report = BuildReport(command: "remove")
            report.add(leftOvers.sorted().map(Self.completed))
            report.dryRun = flags.dryRun
            report.manifests = manifests
            report.add(resolved.diagnostics)
            let had = Set((old?.packages ?? []).map(\.id.name.description)).union(names)
            guard
                try await takeAway(
                    from: placesOfSkills(project), besides: resolved, had: had, force: force, project, &report)
            else { return report }
            report.lockChanges = try workspace.settle(new, over: old, project)
            return report
        }
    }

    /// Takes away what an installation of `resolved` would not put there. False when something edited stands in the way:
    /// then nothing was.
    func takeAway(
        from places: [Removal], besides resolved: Resolved, had: Set<String>, force: Bool, _ project: Project,
        _ report: inout BuildReport
    ) async throws -> Bool {
        var removals = places
        let installers = removals.map(\.installer)
        report.add(
            try await blocking { [flags] in
                // What a killed run left decides what is installed.
                let recovered = flags.dryRun ? [] : try installers.flatMap { try $0.recover() }
                return try recovered + installers.compactMap { try $0.state.foreignRecord() }
            })
        // As an installation has it: what only members need is built, not installed.
        let needed = Set(resolved.packages.filter(\.isNeeded).map(\.id.name.description))
        for index in removals.indices {
            for skill in try removals[index].installer.state.installed() {
                if removals[index].mayTake(skill, had: had), !needed.contains(skill.package) {
                    removals[index].gone.append(skill)
                } else {
                    removals[index].staying.append(skill)
                }
            }
        }
        // A project in the home folder shares the user's harness folders, and has a record of its own.
        let home = project.root == settings.home ? [] : try state(of: settings.home).installed().map(\.place)
        for index in removals.indices where removals[index].owner != nil { removals[index].needed = home }
        let all = removals
        let plans = try await blocking {
            try all.map { try $0.installer.removalPlan(of: $0.gone.map(\.place), $0.terms(among: all, force: force)) }
        }
        if plans.contains(where: \.hasErrors) {
            report.add(plans.flatMap(\.diagnostics).map { force ? $0 : Self.withForce($0) })
            return false
        }
        for (removal, foreseen) in zip(all, plans) where !removal.gone.isEmpty {
            var plan = foreseen
            if !flags.dryRun {
                plan = try await blocking { [settings] in
                    try removal.installer.remove(
                        removal.gone.map(\.place), removal.terms(among: all, force: force),
                        onWait: { settings.progress("waiting for another skvm that installs here") })
                }
            }
            report.add(plan.diagnostics)
            if plan.hasErrors { return false }
            report.folders += removal.changes(plan, removal.terms(among: all, force: force)).filter { change in
                // Two records may have had the same place.
                !report.folders.contains { $0.path.utf8.elementsEqual(change.path.utf8) }
            }
            report.add(plan.skills.filter { $0.action == .remove && !$0.extras.isEmpty }.map(Self.leftover))
        }
        return true
    }

    static func withForce(_ diagnostic: Diagnostic) -> Diagnostic {
        guard diagnostic.id == "install.modified" else { return diagnostic }
        var copy = diagnostic
        copy.hint = (copy.hint.map { $0 + "; " } ?? "") + "`skvm remove --force` removes the skill with its edits"
        return copy
    }

    static func leftover(_ skill: InstallPlan.Skill) -> Diagnostic {
        let some = skill.extras.prefix(3).map(\.text).joined(separator: ", ") + (skill.extras.count > 3 ? ", …" : "")
        return Diagnostic(
            "remove.left", .warning, "\(skill.place) stays with what skvm did not put there: \(some)",
            hint: "delete the folder unless you need it")
    }

    /// The project's own folders and the user's.
    func placesOfSkills(_ project: Project) -> [Removal] {
        [
            Removal(installer: Installer(state: state(of: project.root), store: store), owner: nil, isAsked: true),
            Removal(
                installer: Installer(state: userState, store: store), owner: project.root,
                isAsked: flags.meansUserFolders),
        ]
    }

    /// Whether no manifest here names a package that the lock or a record of installations still has: a removal that was killed
    /// wrote the manifest, and came no further.
    private func isLeftOver(_ name: PackageName, of edits: [ManifestEdit], _ project: Project) throws -> Bool {
        for edit in edits
        where try edit.editor.manifest().dependencies.contains(where: { $0.name == name }) { return false }
        if let lock = try project.lock(), lock.package(name) != nil {
            return !lock.packages.contains { $0.dependencies.contains { $0.name == name } }
        }
        return try placesOfSkills(project).contains { removal in
            try removal.installer.state.installed().contains { skill in
                skill.package == name.description
                    && (removal.owner.map { skill.owners?.contains($0) ?? false } ?? true)
            }
        }
    }

    private static func completed(_ name: PackageName) -> Diagnostic {
        Diagnostic(
            "remove.completed", .warning, "\(name) was out of skvm.toml already: what was left of it is taken away")
    }

    func noDependency(
        _ name: String, _ known: [String], _ folder: String, isAlone: Bool, _ project: Project
    ) throws -> Diagnostic {
        let some = known.prefix(10).joined(separator: ", ")
        return Diagnostic(
            "remove.unknown", .error, "\(project.manifestName(of: folder)) has no dependency '\(name)'",
            notes: isAlone ? [] : ["nothing was removed"],
            hint: try neededBy(name, project) ?? wayOutForUser(name) ?? nearest(to: name, in: known).map {
                "did you mean '\($0)'?"
            }
                ?? (known.isEmpty ? "it has none" : "its dependencies are \(some)\(known.count > 10 ? ", …" : "")"),
            fault: .usage)
    }

    /// Of a package that is there for others: which.
    private func neededBy(_ name: String, _ project: Project) throws -> String? {
        let dependents =
            try project.lock()?.packages
            .filter { $0.dependencies.contains { $0.name.description == name } }.map(\.id.name.description) ?? []
        if dependents.isEmpty { return nil }
        let some = dependents.sorted().prefix(5).joined(separator: ", ") + (dependents.count > 5 ? ", …" : "")
        return "it is there because \(some) \(dependents.count == 1 ? "needs" : "need") it: `skvm why \(name)`"
    }
}

/// What a project has in the folders that one record is of.
struct Removal: Sendable {
    let installer: Installer
    /// In whose name skills stand there; nil where all are the project's.
    let owner: String?
    /// Whether the user named these folders.
    let isAsked: Bool
    /// Places that records of others than these have.
    var needed: [String] = []
    var gone: [InstalledSkill] = []
    var staying: [InstalledSkill] = []

    /// Who put a skill into the user's folders was not always noted: then the lock (`had`) says whether it was this project,
    /// and only who names these folders may take it.
    func mayTake(_ skill: InstalledSkill, had: Set<String>) -> Bool {
        guard let owner else { return true }
        return skill.owners?.contains(owner) ?? (isAsked && had.contains(skill.package))
    }

    /// A project in the home folder and the user share harness folders: what one record lets go of, another may still need.
    func terms(among all: [Removal], force: Bool) -> RemovalTerms {
        let others = all.filter { $0.owner != owner }
        let shared = others.flatMap { other in
            other.staying.map(\.place)
                + other.gone.filter { skill in skill.owners?.contains { $0 != other.owner } == true }.map(\.place)
        }
        return RemovalTerms(owner: owner, needed: shared + needed, force: force)
    }

    /// What a plan does to folders, for people.
    func changes(_ plan: InstallPlan, _ terms: RemovalTerms) -> [BuildReport.FolderChange] {
        let needed = Set(terms.needed.map { Array($0.utf8) })
        return plan.skills.map { skill in
            let package = gone.first { $0.place.utf8.elementsEqual(skill.place.utf8) }?.package ?? ""
            let owners = skill.action == .keep ? skill.installed?.owners : nil
            let action =
                switch skill.action {
                case .keep: "kept"
                case .forget: needed.contains(Array(skill.place.utf8)) ? "kept" : "forgotten"
                case .create, .replace, .remove, .adopt: "removed"
                }
            return .init(action: action, package: package, path: skill.place, neededBy: owners)
        }
    }
}

import Basics
import Harness
import SkillModel

extension Workspace {
    /// `install` in a project whose last target was taken out: what was installed for it goes, on the terms of every
    /// installation (edited files are refused, what others need stays), and the lock pins no variant any more. Nil where nothing
    /// of it is left: then the project just has no target.
    ///
    /// For a caller that has the project for itself.
    func takeAwayAll() async throws -> BuildReport? {
        let project = try self.project()
        let installer = installer(project)
        let owner = owner(project)
        let old = try project.lock()
        let isInstalled = try installer.state.installed().contains { skill in
            owner.map { skill.owners?.contains($0) ?? false } ?? true
        }
        let isUnfinished = installer.state.unfinishedPaths.contains(where: FileSystem.exists)
        guard isInstalled || isUnfinished || old.map({ !$0.targets.isEmpty }) ?? false else { return nil }
        let new = old.map { Lockfile(wishes: $0.wishes, packages: $0.packages) }
        if flags.locked, let new { _ = try write(new, over: old, project) }
        let needed = try placesOfOthers(project)
        let plan = try await blocking { [flags, settings] in
            if flags.dryRun { return try installer.plan([], removesOthers: true, owner: owner, needed: needed) }
            return try installer.install(
                [], removesOthers: true, owner: owner, needed: needed,
                onWait: { settings.progress("waiting for another skvm that installs here") })
        }
        var report = BuildReport(command: "install")
        report.dryRun = flags.dryRun
        report.add(plan.diagnostics)
        if !plan.hasErrors || flags.dryRun { report.folders = Self.changes(plan) }
        report.add(plan.skills.filter { $0.action == .remove && !$0.extras.isEmpty }.map(Self.leftover))
        report.add([
            Diagnostic(
                "install.no-target", .warning,
                "the project has no target any more: what was installed for its last one "
                    + (plan.hasErrors ? "stays until it can be taken away" : "is taken away"),
                at: SourceLocation(file: project.manifestName),
                hint: "to install for another: `skvm target add NAME --model M --harness H --environment E`")
        ])
        guard !plan.hasErrors, !flags.dryRun, let new else { return report }
        report.lockChanges = try write(new, over: old, project).changes
        return report
    }
}

import Basics
import Harness
import SkillModel

extension Workspace {
    /// Takes back what `install --user` did: these of the project's skills, and what only they needed, out of the user's
    /// harness folders. The project's manifest, its lock and its own folders stay as they are.
    ///
    /// What another project or the user's own manifest needs stays; so does everything when a file was edited, unless `force`.
    package func removeForUser(_ names: [String], force: Bool = false) async throws -> BuildReport {
        try await exclusively(try self.project()) { try await removeForUserAlone(names, force: force) }
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
        for name in names where !known.contains(name) && !installed.contains(name) {
            throw DiagnosticsError([
                try noDependency(name, known, project.root, isAlone: names.count == 1, project)
            ])
        }
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
        var report = BuildReport(command: "remove")
        report.dryRun = flags.dryRun
        report.manifests = []
        guard try await takeAway(from: places, besides: resolved, had: had, force: force, project, &report) else {
            return report
        }
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
}

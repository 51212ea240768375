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
        if dryRun, changed { return "dry run, nothing was changed; otherwise: publish \(what) in \(registry)" }
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
        report.diagnostics = try await checkForOthers(skill.folder)
        if report.diagnostics.contains(where: { $0.severity == .error }) {
            report.ok = false
            return report
        }
        let context = try await PublishContext(project, registry: registry, source: address, self)
        var step = try await publishStep(skill, context)
        report.diagnostics += step.remarks
        report.registry = context.entry.name
        report.tag = step.tag
        report.commit = step.release.commit?.hex
        report.tree = step.release.tree
        report.git = step.release.git?.text
        report.path = step.release.path?.text
        report.dependencies = Dictionary(
            uniqueKeysWithValues: step.release.dependencies.map { ("\($0)", "\($1)") })
        // Of another commit with the very same files there is nothing to list, and nothing to tag.
        if step.isListed, step.release.commit != step.source.commit { return report }
        if flags.dryRun {
            report.changed = !step.isListed
            return report
        }
        report.diagnostics += try await tag(&step, context)
        report.signer = step.release.signer?.description
        if !step.isListed { settings.progress("publishing in \(context.entry.name)") }
        report.changed = try await context.entry.registry.publish(step.release)
        return report
    }

    /// What `check` says of a skill that is handed out. The name of a checkout's folder is its user's: nobody else has the skill
    /// under it, where the skill is the repository's root.
    func checkForOthers(_ folder: String) async throws -> [Diagnostic] {
        let isRoot = FileSystem.exists(folder + "/.git")
        return try await check([folder]).diagnostics.filter { !isRoot || $0.id != "parse.name-differs" }
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
        let entry = try publishingEntry(registry, shelf)
        guard try await shelf.snapshot(entry).releases(of: name) != nil else {
            throw DiagnosticsError([try await shelf.unknownPackage(name, in: entry)])
        }
        let word = undo ? "no longer yanked" : "yanked"
        if flags.dryRun {
            return Done(command: "yank", text: "dry run, nothing was changed; otherwise: \(name) \(version) \(word)")
        }
        let changed = try await entry.registry.setYanked(name, version, !undo)
        return Done(
            command: "yank", text: "\(name) \(version) is \(word) in \(entry.name)\(changed ? "" : ", as it was")")
    }
}

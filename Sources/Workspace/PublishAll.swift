package import Basics
import Git
import Registry
import SkillModel

/// What `skvm publish` of several skills did, or under `--dry-run` would do.
package struct PublishAllReport: DiagnosedReport, Codable {
    package struct Package: Sendable, Codable, Equatable {
        /// `NAME VERSION`; the folder of a skill without [package].
        package var package: String
        /// `published`; `ready`: it would be; `unchanged`: its version is listed with these very files; `refused`: something is
        /// wrong with it; `skipped`: it has no [package], or one with `publish = false`.
        package var action: String
        package var tag: String?
        package var commit: String?
        package var tree: Digest?
        package var git: String?
        package var path: String?
        package var signer: String?
        package var dependencies: [String: String] = [:]
    }

    package var version = 1
    package var command = "publish"
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    package var dryRun = false
    package var registry: String?
    /// What others need first; then what is skipped.
    package var packages: [Package] = []
    package var changed = false

    package var text: String {
        let rows = packages.map { one in
            [one.action, one.package, one.action == "unchanged" ? "" : one.tag ?? ""]
        }
        let new = packages.filter { ["published", "ready"].contains($0.action) }.count
        let place = registry ?? "the registry"
        let end: String
        if !ok {
            end = "nothing was published"
        } else if new == 0 {
            end = "nothing to publish: \(place) has all of it"
        } else {
            let what = counted(new, "package")
            end =
                dryRun
                ? "dry run, nothing was changed; otherwise: publish \(what) in \(place)"
                : "published \(what) in \(place)"
        }
        return (Table.lines(rows) + [end]).joined(separator: "\n")
    }
}

extension Workspace {
    /// Publishes the skills of the workspace that `selection` names, or all: those whose version the registry does not list yet.
    ///
    /// All are looked at before anything is changed; where one is refused, nothing is published, and the report says why of
    /// each. Then their commits are tagged, those first that others need, and all are listed together. An interrupted run is
    /// completed by the next.
    package func publishAll(
        registry: String?, packages selection: PackageSelection, source address: String?
    ) async throws -> PublishAllReport {
        let project = try self.project()
        let skills = try publishable(project, selection)
        var context = try await PublishContext(project, registry: registry, source: address, self)
        context.batch = Dictionary(
            skills.map { ($0.package.name, $0.package.version) }, uniquingKeysWith: { first, _ in first })
        var report = PublishAllReport()
        report.dryRun = flags.dryRun
        report.registry = context.entry.name
        var steps: [PublishStep] = []
        for skill in Self.inOrder(skills) {
            settings.progress("checking \(skill.package.name) \(skill.package.version)")
            let (step, found) = try await lookAt(skill, context)
            report.diagnostics += found
            if let step { steps.append(step) }
            report.packages.append(.init(skill, step))
        }
        if selection.isAll { report.packages += try skipped(project, skills) }
        report.ok = !report.diagnostics.contains { $0.severity == .error }
        if !report.ok || flags.dryRun { return report }
        let new = steps.indices.filter { !steps[$0].isListed }
        if new.isEmpty { return report }
        for index in new {
            report.diagnostics += try await tag(&steps[index], context)
            let name = "\(steps[index].release.name) \(steps[index].release.version)"
            guard let place = report.packages.firstIndex(where: { $0.package == name }) else { continue }
            report.packages[place].action = "published"
            report.packages[place].signer = steps[index].release.signer?.description
        }
        settings.progress("publishing in \(context.entry.name)")
        report.changed = try await context.entry.registry.publish(new.map { steps[$0].release })
        return report
    }

    private func publishable(_ project: Project, _ selection: PackageSelection) throws -> [PublishableSkill] {
        let skills = try publishableSkills(project)
        var chosen: [PublishableSkill] = []
        for pattern in selection.isAll ? ["*"] : selection.patterns {
            let found = skills.filter { MemberPattern.matches("\($0.package.name)", pattern) }
            if found.isEmpty { throw DiagnosticsError([Self.unpublishable(pattern, among: skills)]) }
            chosen += found.filter { skill in !chosen.contains { $0.folder == skill.folder } }
        }
        for (name, same) in Dictionary(grouping: chosen, by: \.package.name).sorted(by: { $0.key < $1.key })
        where same.count > 1 {
            throw PublishSource.fault(
                "two-members", "two members are called '\(name)'", "give one of them another name",
                notes: same.map { project.shown($0.folder) })
        }
        return chosen
    }

    /// All that can be found wrong with one skill; no step then. Throws what stands in the way of all.
    private func lookAt(
        _ skill: PublishableSkill, _ context: PublishContext
    ) async throws -> (step: PublishStep?, found: [Diagnostic]) {
        let found = try await checkForOthers(skill.folder).map { diagnostic in
            diagnostic.location.map { diagnostic.inFile(context.project.shown($0.file)) } ?? diagnostic
        }
        if found.contains(where: { $0.severity == .error }) { return (nil, found) }
        do {
            let step = try await publishStep(skill, context)
            return (step, found + step.remarks)
        } catch {
            guard let more = Self.diagnostics(of: error), more.allSatisfy({ $0.fault < .offline }) else { throw error }
            return (nil, found + more)
        }
    }

    private func skipped(
        _ project: Project, _ skills: [PublishableSkill]
    ) throws -> [PublishAllReport.Package] {
        let known = Set(skills.map(\.folder))
        return try project.localFolders().filter { !known.contains($0) }.map {
            .init(package: project.shown($0), action: "skipped")
        }
    }

    /// What others need before them, by their folders where nothing decides; a ring of dependencies in that order, too.
    static func inOrder(_ skills: [PublishableSkill]) -> [PublishableSkill] {
        let names = Dictionary(
            skills.enumerated().map { ($1.package.name, $0) }, uniquingKeysWith: { first, _ in first })
        var ordered: [PublishableSkill] = []
        var seen: Set<Int> = []
        // Without recursion: a chain may be as long as a workspace is large.
        var open = skills.indices.reversed().map { (index: $0, isDone: false) }
        while let (index, isDone) = open.popLast() {
            if isDone {
                ordered.append(skills[index])
            } else if seen.insert(index).inserted {
                open.append((index, true))
                let needed = skills[index].manifest.dependencies.compactMap { names[$0.ownName] }.sorted()
                open += needed.reversed().filter { !seen.contains($0) }.map { ($0, false) }
            }
        }
        return ordered
    }
}

extension PublishAllReport.Package {
    init(_ skill: PublishableSkill, _ step: PublishStep?) {
        self.init(
            package: "\(skill.package.name) \(skill.package.version)",
            action: step.map { $0.isListed ? "unchanged" : "ready" } ?? "refused")
        guard let step else { return }
        tag = step.tag
        commit = step.release.commit?.hex
        tree = step.release.tree
        git = step.release.git?.text
        path = step.release.path?.text
        dependencies = Dictionary(uniqueKeysWithValues: step.release.dependencies.map { ("\($0)", "\($1)") })
    }
}

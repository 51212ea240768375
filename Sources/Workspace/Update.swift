package import Basics
import ContentStore
import Formats
import Registry
import SkillModel

/// What `skvm update` did to the lock.
package struct UpdateReport: DiagnosedReport, Codable, Equatable {
    package struct Change: Sendable, Codable, Equatable {
        package var package: String
        /// `updated`, `downgraded`, `changed` (the same version from elsewhere), `added` or `removed`.
        package var action: String
        /// Versions; nil before it was added and after it was removed.
        package var from: String?
        package var to: String?
        package var source: String
        /// With `--diff`: the source files that differ.
        package var files: [FileDiff]?
    }

    package struct PassedOver: Sendable, Codable, Equatable {
        package var package: String
        package var version: String
    }

    package var version = 1
    package var command = "update"
    package var ok = true
    package var dryRun: Bool
    package var changes: [Change] = []
    /// The newest releases within the ranges that are younger than the cooldown.
    package var passedOver: [PassedOver] = []
    package var cooldown: String?
    package var lockChanges: [String] = []
    package var diagnostics: [Diagnostic] = []

    package var text: String {
        var lines = dryRun && !changes.isEmpty ? ["dry run, nothing was changed; otherwise:"] : []
        lines += Table.lines(
            changes.map { change in
                let versions =
                    switch (change.from, change.to) {
                    case (let from?, let to?): from == to ? from : "\(from) → \(to)"
                    case (let only?, nil), (nil, let only?): only
                    case (nil, nil): ""
                    }
                return [change.action, change.package, versions]
            })
        for skipped in passedOver {
            lines.append(
                "passed over \(skipped.package) \(skipped.version): younger than \(cooldown ?? "the cooldown")")
        }
        for change in changes { lines += diff(of: change) }
        if changes.isEmpty, ok { lines.append("nothing to update: all is as new as its range allows") }
        if !changes.isEmpty, !dryRun { lines.append("wrote skvm.lock; next: skvm install") }
        return lines.joined(separator: "\n")
    }

    private func diff(of change: Change) -> [String] {
        var lines: [String] = []
        for file in change.files ?? [] {
            let name = "\(change.package)/\(file.path)"
            lines.append("")
            lines.append("\(file.action) \(name)" + (file.note.map { " (\($0))" } ?? ""))
            if file.lines.isEmpty, file.omitted == 0 { continue }
            lines.append("--- " + (file.action == "added" ? "/dev/null" : "\(name) \(change.from ?? "")"))
            lines.append("+++ " + (file.action == "removed" ? "/dev/null" : "\(name) \(change.to ?? "")"))
            lines += file.lines
            if file.omitted > 0 { lines.append("… \(counted(file.omitted, "line")) more") }
        }
        return lines
    }
}

extension Workspace {
    /// Chooses versions anew for the packages of the lock called `names` (for all when there are none) and leaves the
    /// others as they are, as far as the requirements allow. Writes the lock; installs nothing.
    ///
    /// With `precise`, the one package gets that version, though it be yanked or young. With `diff`, the report shows how
    /// the source files changed. Under `--locked` a lock that would change is an error.
    package func update(
        _ names: [String], packages: PackageSelection = [], precise: String? = nil, diff: Bool = false
    ) async throws -> UpdateReport {
        try await exclusively(try self.project()) {
            try await updateAlone(names + packages.patterns, precise, diff)
        }
    }

    private func updateAlone(_ names: [String], _ precise: String?, _ diff: Bool) async throws -> UpdateReport {
        let project = try self.project()
        let old = try readLock(of: project)?.lock
        var options = try updateOptions(names, precise, project, old ?? Lockfile())
        options.standsIn = flags.keepGoing
        options.readsFiles = false
        let (new, resolved) = try await nextLock(
            options, over: old, project, explaining: precise != nil ? names.first : nil)
        var report = UpdateReport(dryRun: flags.dryRun)
        report.cooldown = project.manifest.cooldown?.description
        report.changes = Self.changes(old ?? Lockfile(), new)
        report.passedOver = await passedOver(new, resolved, project)
        if diff { try await addDiffs(to: &report, old ?? Lockfile(), resolved, project) }
        report.diagnostics += resolved.diagnostics + (await takenBack(new, resolved, options))
        report.diagnostics += await leftAsLocked(new, resolved)
        report.ok = report.fault == nil
        report.lockChanges = try settle(new, over: old, project)
        return report
    }

    /// Why packages stay that could not be looked at: each reason once, with those that it holds back.
    func leftAsLocked(_ lock: Lockfile, _ resolved: Resolved) async -> [Diagnostic] {
        let unreached = await resolved.catalog.unreached
        var found: [Diagnostic] = []
        for package in lock.packages {
            guard let reasons = resolved.keys[package.id.name].flatMap({ unreached[$0] }) else { continue }
            for reason in reasons {
                let note = "\(package.id) stays as it is locked"
                if let known = found.firstIndex(where: { $0.id == reason.id && $0.message == reason.message }) {
                    found[known].notes.append(note)
                } else {
                    var reason = reason
                    reason.notes.append(note)
                    found.append(reason)
                }
            }
        }
        return found
    }

    /// What was to move and stays, though its author took it back: because no other version fits. Who named one precisely knows.
    private func takenBack(_ lock: Lockfile, _ resolved: Resolved, _ options: ResolveOptions) async -> [Diagnostic] {
        var found: [Diagnostic] = []
        for package in lock.packages
        where options.moving.contains(package.id.name) && options.precise[package.id.name] == nil {
            guard let key = resolved.keys[package.id.name], await resolved.catalog.isYanked(key, package.version) else {
                continue
            }
            found.append(
                Diagnostic(
                    "update.yanked", .warning, "\(package.id) was taken back (yanked), and no other version fits",
                    at: SourceLocation(file: Lockfile.fileName),
                    hint:
                        "see why, and what else there is: `skvm why \(package.id.name)`, `skvm info \(package.id.name)`"
                ))
        }
        return found
    }

    /// Of each package the newest release that the cooldown kept out, of those that all who require it accept.
    private func passedOver(
        _ lock: Lockfile, _ resolved: Resolved, _ project: Project
    ) async -> [UpdateReport.PassedOver] {
        var young: [(name: PackageName, versions: [Version])] = []
        for package in lock.packages {
            guard let key = resolved.keys[package.id.name] else { continue }
            let versions = await resolved.catalog.passedOver(of: key, after: package.version)
            if !versions.isEmpty { young.append((package.id.name, versions)) }
        }
        // Where a source of another package can't be asked for its ranges, nobody knows what they let pass.
        guard !young.isEmpty, let requirements = try? await resolved.requirements(project) else { return [] }
        return young.compactMap { name, versions in
            let ranges = requirements.on(name).compactMap(\.range)
            return versions.filter { version in ranges.allSatisfy { $0.contains(version) } }.max()
                .map { .init(package: name.description, version: $0.description) }
        }
    }

    private func updateOptions(
        _ names: [String], _ precise: String?, _ project: Project, _ lock: Lockfile
    ) throws -> ResolveOptions {
        var options = ResolveOptions(isUpdate: true)
        let known = Set(lock.packages.map(\.id.name)).union(project.manifest.dependencies.map(\.name))
        for text in names {
            let matching = text.contains("*") ? known.filter { MemberPattern.matches($0.description, text) } : []
            options.moving.formUnion(matching)
            if !matching.isEmpty { continue }
            guard let name = PackageName(text), known.contains(name) else {
                let near = nearest(to: text, in: known.map(\.description).sorted())
                throw DiagnosticsError([
                    Diagnostic(
                        "update.unknown", .error, "the project has no package '\(text)'",
                        hint: near.map { "did you mean '\($0)'?" } ?? "see what it has: skvm tree", fault: .usage)
                ])
            }
            options.moving.insert(name)
        }
        if names.isEmpty { options.moving = known }
        guard let precise else { return options }
        guard !names.isEmpty, options.moving.count == 1, let name = options.moving.first else {
            let count = names.isEmpty ? 0 : options.moving.count
            throw DiagnosticsError([
                Diagnostic(
                    "update.precise", .error, "--precise is for one package, and there are \(count)",
                    hint: "write: skvm update NAME --precise VERSION", fault: .usage)
            ])
        }
        guard let version = Version(precise) else {
            throw DiagnosticsError([
                Diagnostic(
                    "update.precise", .error, "'\(precise)' is no version: \(Version.fault(in: precise) ?? "")",
                    hint: "write: skvm update \(name) --precise 1.2.3", fault: .usage)
            ])
        }
        options.precise = [name: version]
        return options
    }

    /// As `nextLock`; when the one version that may be chosen does not fit, the error says so and names the ranges.
    private func nextLock(
        _ options: ResolveOptions, over old: Lockfile?, _ project: Project, explaining name: String?
    ) async throws -> (new: Lockfile, resolved: Resolved) {
        do {
            return try await nextLock(options, over: old, project)
        } catch  where old != nil && !flags.keepGoing && Self.unreached(error) != nil {
            var found = Self.unreached(error) ?? []
            found[0].notes.append(
                "`skvm update --keep-going` leaves what can't be reached as it is locked, and moves the rest")
            throw DiagnosticsError(found)
        } catch let error as DiagnosticsError {
            guard let (package, version) = options.precise.first,
                let conflict = error.diagnostics.first(where: { $0.id == "resolve.unsatisfiable" })
            else { throw error }
            throw DiagnosticsError([
                Diagnostic(
                    "update.precise", .error, "\(package) \(version) is not in the range that the project allows",
                    at: SourceLocation(file: Manifest.fileName), notes: conflict.notes,
                    hint: "change the range that the reasons name, or choose another version: skvm info \(package)")
            ])
        }
    }

    private static func changes(_ old: Lockfile, _ new: Lockfile) -> [UpdateReport.Change] {
        var changes: [UpdateReport.Change] = []
        for package in old.packages where new.package(package.id.name) == nil {
            changes.append(
                .init(
                    package: package.id.name.description, action: "removed", from: package.version.description,
                    source: package.source.description))
        }
        for package in new.packages {
            let before = old.package(package.id.name)
            let action: String
            if let before {
                if before.version == package.version {
                    if before.source == package.source && before.commit == package.commit { continue }
                    // A registry or a folder may be looked at in another way; what counts is what it gave.
                    if before.source == package.source && before.tree == package.tree { continue }
                    action = "changed"
                } else {
                    let isOlder =
                        package.version < before.version && !PseudoVersion.isOfTree(package.version)
                    action = isOlder ? "downgraded" : "updated"
                }
            } else {
                action = "added"
            }
            changes.append(
                .init(
                    package: package.id.name.description, action: action, from: before?.version.description,
                    to: package.version.description, source: package.source.description))
        }
        return changes.sorted { $0.package.utf8.lexicographicallyPrecedes($1.package.utf8) }
    }

    /// Adds what changed in the source files of packages that were there before and are still. What can't be had of the old
    /// version is a warning: it must not stop an update.
    private func addDiffs(
        to report: inout UpdateReport, _ old: Lockfile, _ resolved: Resolved, _ project: Project
    ) async throws {
        let shelf = try RegistryShelf(project, self)
        for index in report.changes.indices {
            guard report.changes[index].from != nil, report.changes[index].to != nil,
                let name = PackageName(report.changes[index].package), let before = old.package(name),
                !before.source.isFolder,
                let after = resolved.packages.first(where: { $0.id.name == name })
            else { continue }
            do {
                let entries = try await sourceFiles(of: before, project, shelf)
                var diff = SourceDiff(store: store)
                report.changes[index].files = try diff.files(from: entries, to: after.entries)
            } catch {
                guard let found = Self.diagnostics(of: error) else { throw error }
                report.diagnostics.append(
                    Diagnostic(
                        "update.diff", .warning, "the files of \(before.id) can't be had to compare",
                        notes: found.map(\.message)))
            }
        }
    }
}

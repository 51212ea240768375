import Basics
import Harness
import Registry
import SkillModel

extension Workspace {
    /// `verify`, then restores what it found missing or damaged, and verifies again: cached trees are fetched or compiled
    /// anew, vendored files written from the store, installed files that are gone put back. The lock never changes.
    ///
    /// A file in an installed skill that differs stays as it is and is named: nobody but its user knows whether it is an
    /// edit. What nobody edits (skvm's own files, a file that was emptied) is damage. With `force`, edited files are restored, too, and
    /// what they held is kept beside them; without, they are counted apart from what was wrong. Throws what an install throws.
    package func repair(allowsEdits: Bool = false, force: Bool = false) async throws -> VerifyReport {
        var before = try await verify(allowsEdits: allowsEdits)
        if !force { before.kept = before.edits }
        let wrong = before.faults(withEdits: force)
        if flags.dryRun { return try planned(before, wrong, force: force) }
        if wrong.isEmpty && before.uncached == 0 {
            if before.edits > 0 { (before.repaired, before.mended, before.restored) = (0, [], 0) }
            return before
        }
        let project = try self.project()
        guard project.hasManifest, try project.lock() != nil, !project.manifest.targets.isEmpty else { return before }
        var settings = settings
        settings.flags.locked = true
        let trees = before.uncached > 0 ? ", and what the cache lacks of \(counted(before.uncached, "tree"))" : ""
        settings.progress("mending \(counted(wrong.count, "fault"))\(trees)")
        var mender = Workspace(settings)
        mender.distrustsCache = true
        // What is damaged in the vendored folder is to be mended, not read; unless there is no other place to read from.
        mender.readsVendored = flags.offline || !wrong.contains(where: Self.isOfVendored)
        let worker = mender
        let isInstalled = before.installed > (flags.global ? 0 : before.ofUser)
        let (mended, setAside) = try await settingAside(project, edits: force) {
            do {
                return try await worker.mend(project, isInstalled: isInstalled)
            } catch {
                let isOutside = Self.diagnostics(of: error)?.contains { $0.fault == .outside } ?? false
                guard isOutside, !worker.readsVendored, project.manifest.vendor != nil else { throw error }
                var second = worker
                second.readsVendored = true
                do { return try await second.mend(project, isInstalled: isInstalled) } catch let other {
                    // Neither from the source nor from the folder: why not from the source is half of the answer.
                    guard let first = Self.diagnostics(of: error), let more = Self.diagnostics(of: other) else {
                        throw other
                    }
                    throw DiagnosticsError(
                        first + more.filter { found in !first.contains { $0.message == found.message } })
                }
            }
        }
        var after = try await verify(allowsEdits: allowsEdits)
        if !force { after.kept = after.edits }
        let left = after.faults(withEdits: force)
        after.repaired = max(0, wrong.count - left.count)
        let stays = Set(left.map(\.message))
        after.mended = wrong.map(\.message).filter { !stays.contains($0) }
        after.restored = max(0, before.uncached - after.uncached)
        let told = Set(after.diagnostics.map(\.message))
        after.diagnostics += mended.filter { !told.contains($0.message) && $0.id != "install.clash" }
        if force { after.setAside = setAside }
        after.ok = !after.diagnostics.contains { $0.severity == .error }
        return after
    }

    /// `work`, which installs what is missing, with what is damaged out of the way; with `edits` what was edited as well. Says where
    /// each of these is kept.
    private func settingAside(
        _ project: Project, edits: Bool, _ work: () async throws -> [Diagnostic]
    ) async throws -> (errors: [Diagnostic], kept: [String]) {
        try await exclusively(project) {
            var aside: [SetAside] = []
            func settle() throws -> [String] { try aside.compactMap { try $0.settled() }.map(\.words) }
            do {
                try forEachInstalled(of: project) { try $0.setAside(of: $1, edits: edits, &aside) }
                let errors = try await work()
                return (errors, try settle())
            } catch {
                _ = try settle()
                throw error
            }
        }
    }

    /// What stands in the project's folders, and what it has in the user's.
    private func forEachInstalled(
        of project: Project, _ body: (Installer, Verification) throws -> Void
    ) throws {
        let own = installer(project)
        let ofUser = flags.meansUserFolders ? nil : Installer(state: userState, store: store)
        for (installer, isShared) in [(own, false)] + (ofUser.map { [($0, true)] } ?? []) {
            for found in try installer.verify() where found.skill.owners?.contains(project.root) ?? !isShared {
                try body(installer, found)
            }
        }
    }

    /// What a repair would do; what it would mend needs no other way out.
    private func planned(_ before: VerifyReport, _ wrong: [Diagnostic], force: Bool) throws -> VerifyReport {
        var report = before
        let project = try self.project()
        var kept: [String] = []
        try forEachInstalled(of: project) { installer, found in
            kept += try installer.wouldSetAside(of: found, edits: force).filter { !$0.isDamage }.map {
                "keep what is at \($0.path) as \($0.beside)"
            }
        }
        let restored = before.uncached > 0 ? ["put \(counted(before.uncached, "tree")) back into the cache"] : []
        report.planned = wrong.map { "mend: \($0.message)" } + kept + restored
        let mended = Set(wrong.map(\.message))
        for at in report.diagnostics.indices where mended.contains(report.diagnostics[at].message) {
            report.diagnostics[at].hint = "the same command without --dry-run mends it"
        }
        return report
    }

    /// Whether what `verify` found may be wrong with the vendored folder, whose signatures it reads, too.
    private static func isOfVendored(_ diagnostic: Diagnostic) -> Bool {
        diagnostic.id.hasPrefix("vendor.") || diagnostic.id.hasPrefix("trust.")
    }

    /// Makes again, with distrust, what the project had. Returns the errors that are left.
    private func mend(_ project: Project, isInstalled: Bool) async throws -> [Diagnostic] {
        // What the records of earlier builds say is part of what may be wrong.
        for name in ["folders", "build.memo", "install.memo"] {
            try FileSystem.remove(memory(of: project.root) + "/" + name)
        }
        // A target that the lock does not know yet was never installed for.
        let known = project.manifest.targets.map(\.name)
        let locked = try project.lock().map { lock in known.filter { lock.target($0) != nil } } ?? known
        let targets = locked.count == known.count ? [] : locked.map(\.description)
        let report =
            isInstalled
            ? try await installOnce(targets)
            : try await compile(project, command: "verify", packages: .all, targets: targets).report
        var diagnostics = report.diagnostics.filter { $0.severity == .error }
        diagnostics += try await mendForUser(project, targets)
        if let path = project.manifest.vendor {
            do {
                diagnostics += try await vendorAlone(path.text).diagnostics.filter { $0.severity == .error }
            } catch let error as DiagnosticsError where error.diagnostics.allSatisfy({ $0.id == "vendor.occupied" }) {
                // What else was wrong is mended all the same.
                diagnostics += error.diagnostics
            }
        }
        return diagnostics
    }
}

extension Workspace {
    /// Puts back what the project has in the user's folders, and nothing more than it had there.
    private func mendForUser(_ project: Project, _ targets: [String]) async throws -> [Diagnostic] {
        if flags.global { return [] }
        let places = try userState.installed().filter { $0.owners?.contains(project.root) ?? false }.map(\.place)
        if places.isEmpty { return [] }
        var settings = settings
        settings.flags.user = true
        var worker = Workspace(settings)
        worker.distrustsCache = distrustsCache
        worker.readsVendored = readsVendored
        return try await worker.installOnce(targets, at: Set(places)).diagnostics.filter { $0.severity == .error }
    }
}

extension VerifyReport {
    /// What is wrong, without `withEdits` but for files that their user may have changed.
    fileprivate func faults(withEdits: Bool) -> [Diagnostic] {
        diagnostics.filter { $0.severity == .error && (withEdits || !$0.isOfEdit) }
    }
    fileprivate var edits: Int { diagnostics.count { $0.id == "verify.modified" } }
}

import Basics
import Harness
import Registry
import SkillModel

extension Workspace {
    /// `verify`, then restores what it found missing or damaged, and verifies again: cached trees are fetched or compiled
    /// anew, vendored files written from the store, installed files that are gone put back. The lock never changes.
    ///
    /// A file in an installed skill that differs stays as it is and is named: nobody but its user knows whether it is an
    /// edit. Throws what an install throws.
    /// Such files are counted apart from what was wrong.
    package func repair(allowsEdits: Bool = false) async throws -> VerifyReport {
        var before = try await verify(allowsEdits: allowsEdits)
        before.kept = before.edits
        let wrong = before.faults
        if flags.dryRun { return before }
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
        let mended = try await exclusively(project) {
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
        after.kept = after.edits
        let left = after.faults
        after.repaired = max(0, wrong.count - left.count)
        let stays = Set(left.map(\.message))
        after.mended = wrong.map(\.message).filter { !stays.contains($0) }
        after.restored = max(0, before.uncached - after.uncached)
        let told = Set(after.diagnostics.map(\.message))
        after.diagnostics += mended.filter { !told.contains($0.message) && $0.id != "install.clash" }
        after.ok = !after.diagnostics.contains { $0.severity == .error }
        return after
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
    /// What is wrong, but for files that their user may have changed.
    fileprivate var faults: [Diagnostic] { diagnostics.filter { $0.severity == .error && !$0.isOfEdit } }
    fileprivate var edits: Int { diagnostics.count { $0.id == "verify.modified" } }
}

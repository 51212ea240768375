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
    /// what they held is kept beside them. Throws what an install throws.
    package func repair(force: Bool = false) async throws -> VerifyReport {
        let before = try await verify()
        let wrong = before.diagnostics.filter { $0.severity == .error }
        if flags.dryRun || wrong.isEmpty && before.uncached == 0 { return before }
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
        let isInstalled = before.installed > 0
        let (mended, kept) = try await settingAside(project, edits: force) {
            do {
                return try await worker.mend(project, isInstalled: isInstalled)
            } catch {
                let isOutside = Self.diagnostics(of: error)?.contains { $0.fault == .outside } ?? false
                guard isOutside, !worker.readsVendored, project.manifest.vendor != nil else { throw error }
                var second = worker
                second.readsVendored = true
                return try await second.mend(project, isInstalled: isInstalled)
            }
        }
        var after = try await verify()
        let left = after.diagnostics.filter { $0.severity == .error }
        after.repaired = max(0, wrong.count - left.count)
        let stays = Set(left.map(\.message))
        after.mended = wrong.map(\.message).filter { !stays.contains($0) }
        after.restored = max(0, before.uncached - after.uncached)
        let told = Set(after.diagnostics.map(\.message))
        after.diagnostics += mended.filter { !told.contains($0.message) }
        if force { after.kept = kept }
        after.ok = !after.diagnostics.contains { $0.severity == .error }
        return after
    }

    /// `work`, which installs what is missing, with what is damaged out of the way; with `edits` what was edited as well. Says where
    /// each of these is kept.
    private func settingAside(
        _ project: Project, edits: Bool, _ work: () async throws -> [Diagnostic]
    ) async throws -> (errors: [Diagnostic], kept: [String]) {
        try await exclusively(project) {
            let installer = self.installer(project)
            var aside: [SetAside] = []
            func settle() throws -> [String] {
                try aside.compactMap { try $0.settled() }.map {
                    "\($0.path) was changed: what it held is kept as \($0.beside)"
                }
            }
            do {
                for found in try installer.verify() where found.skill.owners?.contains(project.root) ?? true {
                    try installer.setAside(of: found, edits: edits, &aside)
                }
                let errors = try await work()
                return (errors, try settle())
            } catch {
                _ = try settle()
                throw error
            }
        }
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
        let report =
            isInstalled
            ? try await installOnce([])
            : try await compile(project, command: "verify", packages: .all, targets: []).report
        var diagnostics = report.diagnostics.filter { $0.severity == .error }
        if let path = project.manifest.vendor, FileSystem.isDirectory(project.absolute(path.text)) {
            diagnostics += try await vendorAlone(path.text).diagnostics.filter { $0.severity == .error }
        }
        return diagnostics
    }
}

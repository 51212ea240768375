package import Basics
import ContentStore
import Git
import Registry
import SkillModel

/// What `skvm vendor` wrote.
package struct VendorReport: DiagnosedReport, Codable {
    package var version = 1
    package var command = "vendor"
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    /// Relative to the project.
    package var path: String
    package var packages: [String] = []
    package var facts = 0
    /// Whether all this would only have happened; nil where it did.
    package var dryRun: Bool?
    /// False when the folder was right already.
    package var changed = false
    package var text: String {
        let what =
            "\(counted(packages.count, "package")) and \(facts) "
            + "\(facts == 1 ? "profile, harness or environment" : "profiles, harnesses and environments") in \(path)"
        if !ok { return "" }
        if changed, dryRun == true { return "dry run, nothing was changed; otherwise: would vendor \(what)" }
        return changed
            ? "vendored \(what)\nnext: commit \(path), skvm.toml and skvm.lock" : "up to date: \(what)"
    }
}

extension Workspace {
    /// Writes into a folder of the project what its lock pins and no cache need hold then: sources, the targets' facts,
    /// recordings. `[vendor] path` of the manifest is set to it.
    ///
    /// The project is built first: what is vendored is what the lock pins, all of it. Throws what a build throws.
    package func vendor(_ folder: String?) async throws -> VendorReport {
        let project = try self.project()
        try requireTargets(project)
        return try await exclusively(project) {
            // What is damaged in the folder is to be mended here, not read.
            var fresh = self
            fresh.readsVendored = flags.offline
            return try await fresh.healing(project) { try await $0.vendorAlone(folder) }
        }
    }

    func vendorAlone(_ folder: String?) async throws -> VendorReport {
        let project = try self.project()
        let path = try vendorPath(folder, project)
        var report = VendorReport(path: path.text)
        report.dryRun = flags.dryRun ? true : nil
        let outcome = try await compile(project, command: "vendor", packages: .all, targets: [])
        report.diagnostics = outcome.report.diagnostics
        report.ok = outcome.report.ok
        guard report.ok else { return report }
        // What the folder will hold is what is pinned now.
        if !flags.dryRun || flags.locked { _ = try silent.write(outcome.lock, over: outcome.oldLock, project) }

        let packages = try outcome.resolved.packages.filter { !$0.source.isFolder }.map { package in
            VendorFolder.Package(
                name: package.id.name, version: package.id.version, tree: package.tree, entries: package.entries,
                origin: .init(source: package.source, commit: package.commit),
                signature: try vendoredSignature(of: package.locked, project))
        }
        let facts = Self.facts(of: outcome.lock)
        let recordings = Set(outcome.lock.variants.flatMap(\.recordings)).sorted()
        report.packages = packages.map { "\($0.name) \($0.version)" }
        report.facts = facts.count
        let vendor = VendorFolder(path: project.absolute(path.text), shown: path.text)
        let store = self.store
        let isCurrent = try await blocking {
            try vendor.isCurrent(packages, facts: facts, recordings: recordings, in: store)
        }
        report.changed = !isCurrent || project.manifest.vendor != path
        if flags.dryRun { return report }
        if !isCurrent {
            try await blocking { try vendor.write(packages, facts: facts, recordings: recordings, from: store) }
        }
        if project.manifest.vendor != path {
            var editor = try ManifestEditor(project.hasManifest ? try FileSystem.read(project.manifestPath) : [])
            try editor.setVendor(path)
            try write(editor, to: project.manifestPath)
        }
        try await warnOfIgnored(path, project, &report)
        return report
    }

    static func facts(of lock: Lockfile) -> [Digest] {
        Set(lock.targets.flatMap { [$0.profile, $0.environment, $0.harness] }.compactMap { $0 }).sorted()
    }

    private func vendorPath(_ folder: String?, _ project: Project) throws -> RelativePath {
        let known = project.manifest.vendor.map { project.absolute($0.text) }
        let full =
            folder.map { FileSystem.absolute($0, from: settings.workingDirectory) } ?? known
            ?? project.absolute("vendor")
        guard let path = RelativePath(project.shown(full)), full != project.root, !full.hasPrefix(project.statePath)
        else {
            throw DiagnosticsError([
                Diagnostic(
                    "vendor.outside", .error, "\(full) is no folder below \(project.root)",
                    hint: "the vendored folder is committed with the project: name one in it", fault: .usage)
            ])
        }
        var above = path.parent
        var parts = [path]
        while let next = above {
            parts.append(next)
            above = next.parent
        }
        for part in parts where try FileSystem.status(project.absolute(part.text))?.kind == .symlink {
            throw DiagnosticsError([
                Diagnostic(
                    "vendor.link", .error, "\(part) is a symlink", hint: "name a folder of the project", fault: .usage)
            ])
        }
        if FileSystem.exists(full), !FileSystem.isDirectory(full) {
            throw DiagnosticsError([
                Diagnostic(
                    "vendor.file", .error, "\(path) is a file", hint: "name a folder of the project", fault: .usage)
            ])
        }
        return path
    }

    private func warnOfIgnored(_ path: RelativePath, _ project: Project, _ report: inout VendorReport) async throws {
        let copy = WorkingCopy(folder: project.root, environment: settings.environment)
        // Without git, or outside of a repository, nothing is ignored.
        let answer = try? await copy.ask("check-ignore", "--quiet", "--", "\(path)/skvm-vendor.toml")
        guard answer ?? nil != nil else { return }
        report.diagnostics.append(
            Diagnostic(
                "vendor.ignored", .warning, "git ignores \(path): it won't be committed",
                hint: "take \(path) out of .gitignore"))
    }

    // MARK: Reading

    /// Puts into the store what the lock pins, the project's vendored folder has and the store has not. Afterwards a
    /// build needs neither cache nor network.
    ///
    /// Throws `vendor.damaged` (integrity) naming the file whose bytes are not those that were pinned.
    func takeVendored(_ project: Project, _ lock: Lockfile?) throws {
        guard readsVendored, let lock, let path = project.manifest.vendor else { return }
        let vendor = VendorFolder(path: project.absolute(path.text), shown: path.text)
        guard try vendor.isPresent() else {
            return settings.progress("there is no folder \(path), which [vendor] names: run `skvm vendor`")
        }
        for package in lock.packages {
            guard let tree = package.tree, !package.source.isFolder, try !holdsTree(tree) else { continue }
            guard let vendored = try vendor.package(package.id.name, tree: tree) else {
                settings.progress("\(path) does not hold \(package.id), which skvm.lock pins: run `skvm vendor`")
                continue
            }
            for entry in vendored.entries {
                if let bytes = try vendor.bytes(of: entry, in: vendored.name) { try store.put(bytes) }
            }
            try store.putTree(vendored.entries)
        }
        let recordings = lock.variants.flatMap(\.recordings).map { ($0, VendorFolder.BlobKind.recording) }
        for (digest, kind) in Self.facts(of: lock).map({ ($0, VendorFolder.BlobKind.fact) }) + recordings {
            if try store.get(digest) == nil, let bytes = try vendor.blob(digest, kind) { try store.put(bytes) }
        }
    }
}

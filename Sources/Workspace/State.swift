package import Basics
import BuildEngine
import Compiler
import ContentStore
import Formats
import Git
import Harness
import Passes
import Registry
import SkillModel

/// What `skvm verify` rehashed.
package struct VerifyReport: DiagnosedReport, Codable {
    package var version = 1
    package var command = "verify"
    package var ok = true
    package var installed: Int
    package var cached: Int
    /// Packages in the project's vendored folder.
    package var vendored = 0
    /// With `--repair`: how many faults are gone.
    package var repaired: Int?
    package var diagnostics: [Diagnostic]
    package var text: String {
        let folder = vendored > 0 ? ", \(counted(vendored, "vendored package"))" : ""
        let mended = repaired.map { "repaired \(counted($0, "fault"))\(ok ? "; " : "; what is left is named")" } ?? ""
        return ok
            ? mended
                + "verified \(counted(installed, "installed skill")) and \(counted(cached, "cached tree"))\(folder)"
            : mended
    }
}

/// `sha256:<hex> <size>`
package struct DigestReport: Report, Codable {
    package var version = 1
    package var command = "digest"
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    package var digest: Digest
    package var size: Int64
    package var text: String { "\(digest) \(size)" }
}

/// A list of findings, for `doctor`, `target list` and `registry list`.
package struct Findings: DiagnosedReport, Codable {
    package var version = 1
    package var command: String
    package var ok = true
    package var lines: [String]
    package var diagnostics: [Diagnostic] = []
    package var text: String { lines.joined(separator: "\n") }
}

extension Workspace {
    /// Rehashes what is installed (in the project and in the user's folders) and the trees that the lock pins, and
    /// compares them with the lock; only those of `packages` when there are any.
    package func verify(packages: PackageSelection = .all) async throws -> VerifyReport {
        let project = try self.project()
        let whole = try project.lock()
        let wanted = packages.isUnsaid ? .all : packages
        let names = try wanted.names(among: whole?.packages.map(\.id.name.description) ?? [])
        let lock = wanted.isAll ? whole : whole?.only(names)
        var report = VerifyReport(installed: 0, cached: 0, diagnostics: [])
        if lock == nil, !project.manifest.dependencies.isEmpty {
            report.diagnostics.append(
                Diagnostic(
                    "verify.no-lock", .error, "there is no skvm.lock to hold anything against",
                    hint: "bring back the one that was committed, or run `skvm install`", fault: .integrity))
        }
        let states = [state(of: project.root), userState].map { Installer(state: $0, store: self.store) }
        report.diagnostics += try states[0].state.foreignRecord().map { [$0] } ?? []
        // In the project's folders only what the lock pins may stand; the user's are shared with other projects.
        for (number, installer) in states.enumerated() {
            for verification in try await blocking({ try installer.verify() })
            where wanted.isAll || names.contains(verification.skill.package) {
                report.installed += 1
                let faults = Self.faults(verification, project)
                report.diagnostics += faults
                if number == 0, let lock, faults.isEmpty {
                    report.diagnostics += Self.faults(verification.skill, pinnedBy: lock)
                }
            }
        }
        let trees = Set((lock?.variants.map(\.tree) ?? []) + (lock?.packages.compactMap(\.tree) ?? []))
        let store = self.store
        let lost = try await blocking { try trees.filter { try !store.isWhole($0) } }
        report.cached = trees.count - lost.count
        for tree in lost.sorted() {
            report.diagnostics.append(
                Diagnostic(
                    "verify.not-cached", .note, "\(tree), which skvm.lock pins, is not whole in the cache",
                    hint: "`skvm build` makes it again"))
        }
        let (count, faults) = try await blocking { try verifyVendored(project, lock) }
        report.vendored = count
        report.diagnostics += faults
        report.ok = !report.diagnostics.contains { $0.severity == .error }
        return report
    }

    /// Whether a skill is the variant that the lock pins for a target that it stands there for.
    private static func faults(_ skill: InstalledSkill, pinnedBy lock: Lockfile) -> [Diagnostic] {
        let pinned = lock.variants.filter { variant in
            variant.package.name.description == skill.package
                && (skill.targets?.contains(variant.target.description) ?? true)
        }
        if pinned.contains(where: { $0.tree == skill.tree }) { return [] }
        let names = skill.targets.map { " for \($0.joined(separator: ", "))" } ?? ""
        return [
            Diagnostic(
                "verify.lock", .error, "\(skill.place) is not what skvm.lock pins of \(skill.package)\(names)",
                notes: ["installed \(skill.tree)"]
                    + (pinned.isEmpty ? ["pinned none"] : pinned.map { "pinned \($0.tree) for \($0.target)" }),
                hint: "run `skvm install`", fault: .integrity)
        ]
    }

    private static func faults(_ verification: Verification, _ project: Project) -> [Diagnostic] {
        if verification.isWhole { return [] }
        let skill = verification.skill
        var found = verification.modified.map { path in
            Diagnostic(
                "verify.modified", .error,
                "\(skill.place)/\(path) of \(skill.package) was changed since it was installed",
                hint: "`skvm install` keeps the change; to be rid of it, delete the file, then run `skvm install`",
                fault: .integrity)
        }
        found += verification.missing.map { path in
            Diagnostic(
                "verify.missing", .error, "\(skill.place)/\(path) of \(skill.package) is missing",
                hint: "run `skvm install`", fault: .integrity)
        }
        if found.isEmpty {
            found.append(
                Diagnostic(
                    "verify.digest", .error, "\(skill.place) is not the variant \(skill.tree)",
                    notes: ["found \(verification.tree?.description ?? "no tree")"], hint: "run `skvm install`",
                    fault: .integrity))
        }
        return found
    }

    /// The digest of a file's blob or of a folder's tree.
    package func digest(_ path: String) throws -> DigestReport {
        let full = FileSystem.absolute(path, from: settings.workingDirectory)
        guard FileSystem.exists(full) else {
            throw DiagnosticsError([
                Diagnostic("digest.none", .error, "there is no \(path)", hint: "name a file or a folder", fault: .usage)
            ])
        }
        if FileSystem.isDirectory(full) {
            let entries = try Tree.entries(
                ofFolder: full, leavingOut: { Self.ignoredNames.contains($0.name) })
            let root = try Tree.build(entries).root
            return DigestReport(digest: root.digest, size: root.size)
        }
        let bytes = try FileSystem.read(full)
        return DigestReport(digest: Digest(of: bytes), size: Int64(bytes.count))
    }

    /// Removes the project's build state but for what says which installed files are ours.
    package func clean() async throws -> Done {
        let project = try self.project()
        try project.requireOwnState()
        // Not under the feet of a build.
        guard FileSystem.isDirectory(project.statePath) else { return try cleanAlone(project) }
        return try await exclusively(project) { try cleanAlone(project) }
    }

    private func cleanAlone(_ project: Project) throws -> Done {
        var removed: [String] = []
        for name in FileSystem.isDirectory(project.statePath) ? try FileSystem.list(project.statePath) : []
        where !["lock", "project.lock", ".gitignore"].contains(name) && !name.hasPrefix("installed.json")
            && !name.hasPrefix("journal")
        {
            removed.append(".skvm/" + name)
            if !flags.dryRun { try FileSystem.removeTree(project.statePath + "/" + name) }
        }
        let memory = memory(of: project.root)
        if FileSystem.exists(memory) {
            removed.append(memory)
            if !flags.dryRun { try FileSystem.removeTree(memory) }
        }
        return Done(command: "clean", text: "removed \(removed.count) entries of .skvm", paths: removed)
    }

    /// Removes from the cache what was not used for `days` days; what this project's lock pins stays, and so do the copies
    /// of the repositories that its lock and its manifest name.
    package func collectGarbage(days: Int) async throws -> Done {
        let cache = try ActionCache(root: settings.cacheDirectory)
        let store = self.store
        var roots: [StoreReference] = []
        if let root = try projectRootOrNone(), let lock = try Self.project(at: root).lock() {
            roots += lock.variants.map { .tree($0.tree) } + lock.packages.compactMap { $0.tree.map { .tree($0) } }
            roots += lock.targets.flatMap { [$0.profile, $0.environment, $0.harness] }.compactMap {
                $0.map { .blob($0) }
            }
        }
        // What is installed is what an edited file will be compared with.
        for state in try installStates {
            for skill in try state.installed() {
                roots.append(.tree(skill.tree))
                roots += (skill.clashes ?? []).compactMap { $0.base.map { .blob($0) } }
            }
        }
        let today = WallClock.now() / 86_400_000_000_000
        let report = try store.collect(
            cache, usedBefore: today - Int64(days), roots: roots,
            grace: days == 0 ? 0 : ContentStore.graceSeconds, dryRun: flags.dryRun,
            onWait: { settings.progress("waiting for another skvm to end") },
            alone: { () throws(FileError) in
                if !flags.dryRun { try forgetProjects(usedBefore: today - Int64(days)) }
            },
            references: { Self.references($0, store) })
        let copies = try await repositories.collect(
            usedBefore: today - Int64(days), keeping: try repositoriesOfProject(), dryRun: flags.dryRun)
        return Done(
            command: "gc",
            text:
                "\(flags.dryRun ? "would remove" : "removed") \(report.actionsRemoved) actions, \(report.blobsRemoved) "
                + "blobs of \(report.bytesRemoved) bytes and \(counted(copies.removed, "repository", "repositories")) of "
                + "\(copies.bytesRemoved) bytes; kept \(report.blobsKept) blobs of \(report.bytesKept) bytes and "
                + "\(counted(copies.kept, "repository", "repositories")) of \(copies.bytesKept) bytes")
    }

    /// Those that the manifest and the lock of the project that this is run in name.
    private func repositoriesOfProject() throws -> [GitURL] {
        guard let root = try projectRootOrNone() else { return [] }
        let project = try Self.project(at: root)
        var texts = project.manifest.registries.values.map(\.description)
        for package in try project.lock()?.packages ?? [] {
            switch package.source {
            case .registry(let url), .git(let url, _, _): texts.append(url.description)
            case .embedded, .web, .hub, .path, .workspace: continue
            }
        }
        return texts.compactMap { text in
            guard case .git(let url, _) = try? RegistryLocation(text, relativeTo: root) else { return nil }
            return url
        }
    }

    /// What is remembered of projects that were not built since a day.
    private func forgetProjects(usedBefore day: Int64) throws(FileError) {
        for bucket in [KnownLock.bucket, Self.memoryBucket] {
            let folder = "\(settings.cacheDirectory)/\(bucket)"
            for name in FileSystem.isDirectory(folder) ? try FileSystem.list(folder) : [] {
                let path = "\(folder)/\(name)"
                guard let status = try FileSystem.status(path), status.modified / 86_400_000_000_000 < day else {
                    continue
                }
                try FileSystem.removeTree(path)
            }
        }
    }

    /// Of the project that this is run in, if any, and of the user's folders.
    private var installStates: [InstallState] {
        get throws { [try projectRootOrNone().map { state(of: $0) }, userState].compactMap { $0 } }
    }

    /// What an action's stored result leads to.
    private static func references(_ value: [UInt8], _ store: ContentStore) -> [StoreReference] {
        if let skill = SharedSkills.references(value) { return skill }
        guard let result = ActionResult(encoded: value) else { return [] }
        return result.files.flatMap { file -> [StoreReference] in
            if file.path.text.hasSuffix(".tree") { return [.tree(file.blob.digest)] }
            guard file.path.text == "link.json", let bytes = try? store.get(file.blob.digest),
                let link = try? CanonicalJSON.decode(PassResult<LinkOutput>.self, from: bytes).value
            else { return [.blob(file.blob.digest)] }
            return [.blob(file.blob.digest), .tree(link.tree)]
        }
    }

    package func cacheReport() throws -> Done {
        let cache = try ActionCache(root: settings.cacheDirectory)
        let statistics = try cache.statistics()
        let report = try store.collect(
            cache, usedBefore: 0, grace: Int64.max / 4, dryRun: true, references: { _ in [] })
        return Done(
            command: "cache",
            text: "\(settings.cacheDirectory)\n\(statistics.actions) actions, "
                + "\(report.blobsKept + report.blobsRemoved) blobs of \(report.bytesKept + report.bytesRemoved) bytes",
            paths: [settings.cacheDirectory])
    }
}

extension Lockfile {
    /// What it pins of the packages of these names.
    fileprivate func only(_ names: Set<String>) -> Lockfile {
        Lockfile(
            packages: packages.filter { names.contains($0.id.name.description) }, targets: targets,
            variants: variants.filter { names.contains($0.package.name.description) })
    }
}

extension ContentStore {
    /// Whether every blob of a tree is there and has its digest. O(bytes).
    func isWhole(_ tree: Digest) throws -> Bool {
        guard let entries = try self.tree(tree) else { return false }
        return try entries.allSatisfy { entry in
            guard let blob = entry.blob else { return true }
            return try get(blob.digest) != nil
        }
    }
}

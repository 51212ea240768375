import Basics
import BuildEngine
import Compiler
import ContentStore
import Formats
import SkillModel

/// What a build knows at its end: for the report, the lock and the installation.
struct BuildOutcome: Sendable {
    var resolved: Resolved
    var targets: [ResolvedTarget]
    /// As it was before; nil when there was none.
    var oldLock: Lockfile?
    /// `ReadLock.knownText` of that.
    var oldLockText: Digest?
    var lock: Lockfile
    /// Of its text, once it is written.
    var lockText: Digest?
    var report: BuildReport
    /// `RememberedBuild.counts` of the report.
    var diagnosticCounts: [String: Int]?
    /// Of the variants in the report, by package and target.
    var variants: [CompiledVariant]
    /// Absolute paths that custom passes are made of.
    var passFiles: [String]
}

extension Workspace {
    /// Compiles the project's packages (those of `packages`; when nothing is said, the member that this is run in, or else
    /// all) for its targets (of `targets` alone when there are any) and puts the variants below
    /// `.skvm/variants/<target>/<package>`.
    ///
    /// Faults of skills are in the report. Throws what makes a build impossible: a broken manifest or lock, a source that
    /// can't be had, a disk that is full.
    package func build(packages: PackageSelection = [], targets: [String] = []) async throws -> BuildReport {
        let root = try projectRoot()
        let configuration = memoConfiguration(
            "build", words(of: packages, root: root) + ["--"] + targets, root: root)
        let memo = memory(of: root) + "/build.memo"
        let memory = recall(memo, configuration, in: root)
        if case .whole(let report) = memory { return report }
        let project = try self.project()
        try requireTargets(project)
        return try await exclusively(project) {
            try await remembering(memory).healing(project) {
                if let changes = $0.changes,
                    let report = try await $0.edited(changes, memo, configuration, project, targets: targets)
                {
                    return report
                }
                return try await $0.buildAlone(packages, targets, memo, configuration)
            }
        }
    }

    private func buildAlone(
        _ packages: PackageSelection, _ targets: [String], _ memo: String, _ configuration: Digest
    ) async throws -> BuildReport {
        let takenAt = WallClock.now()
        let project = try self.project()
        var outcome = try await compile(project, command: "build", packages: packages, targets: targets)
        let variants = outcome.report.variants
        var stamps: [FileStatus?] = []
        if !flags.dryRun, outcome.report.ok || flags.keepGoing {
            (outcome.report.variants, stamps) = try await blocking { try materialize(variants, project) }
            let written = try write(outcome.lock, over: outcome.oldLock, project, knownText: outcome.oldLockText)
            outcome.report.lockChanges = written.changes
            outcome.lockText = written.text
        }
        if outcome.report.ok, !flags.dryRun, outcome.resolved.broken.isEmpty {
            try remember(
                memo, configuration, project, outcome, takenAt: takenAt,
                also: zip(outcome.report.variants, stamps).compactMap { variant, stamp in
                    variant.path.map { ($0, stamp) }
                },
                bases: outcome.targets.map { "\(project.variantsPath)/\($0.name)" })
        }
        return outcome.report
    }

    /// Resolves and compiles; nothing outside the cache and `.skvm/` changes. `withNeeded`: also what the packages need.
    func compile(
        _ project: Project, command: String, packages: PackageSelection, withNeeded: Bool = false, targets: [String]
    ) async throws -> BuildOutcome {
        let read = try readLock(of: project)
        let lock = read?.lock
        let shelf = try RegistryShelf(project, self)
        let resolved = try await resolve(project, lock: lock, shelf: shelf, ResolveOptions(setsApart: true))
        try project.requireAsRead()
        let faults = try resolved.faults(of: packages, self, project)
        let (resolvedTargets, warnings) = try await resolveTargets(
            project, lock: lock, names: targets, shelf: shelf, tellsKnown: false)
        var chosen = try self.chosen(packages, among: resolved, project)
        if withNeeded {
            let names = resolved.closure(of: chosen)
            chosen = resolved.packages.filter { names.contains($0.id.name) }
        }
        let packages = chosen
        return try await blocking {
            let custom = try CustomPassFiles(project, store, environment: settings.environment)
            let session = try Session(self, project, custom: custom.passes)
            let (results, skipped) = try session.compile(packages, for: resolvedTargets)
            var report = BuildReport(command: command)
            report.dryRun = flags.dryRun
            report.ran = session.ranPasses()
            report.cached = session.engine.report.cached + skipped
            report.add(warnings + resolved.diagnostics + faults.told)
            for package in packages { report.add(try demandRemarks(on: package, resolvedTargets)) }
            var counts: [String: Int] = [:]
            for (package, result) in zip(packages, results) {
                let all = result.diagnostics + result.variants.flatMap(\.diagnostics)
                let diagnostics = Self.placed(Self.distinct(all), in: package)
                report.add(diagnostics)
                if !diagnostics.isEmpty { counts[package.id.name.description] = diagnostics.count }
            }
            if report.ok { report.unmet = try unmet(packages, results, resolvedTargets, report.ran) }
            let variants = results.flatMap(\.variants).filter { $0.tree != nil }
            report.variants = variants.compactMap { variant in
                variant.tree.map {
                    .init(
                        package: variant.package, version: variant.version, target: variant.target, tree: $0, path: nil)
                }
            }
            try FileSystem.makeDirectories(memory(of: project.root))
            try resolved.index.write(to: memory(of: project.root) + "/folders")
            return BuildOutcome(
                resolved: resolved, targets: resolvedTargets, oldLock: lock,
                oldLockText: read?.knownText,
                lock: try newLock(lock, resolved, resolvedTargets, variants, project), report: report,
                diagnosticCounts: counts, variants: variants, passFiles: custom.watched)
        }
    }

    func requireTargets(_ project: Project) throws {
        if project.manifest.targets.isEmpty {
            throw DiagnosticsError([
                Diagnostic(
                    "target.none", .error, "the project has no target to compile for",
                    at: SourceLocation(file: project.manifestName),
                    hint: "add one: `skvm target add NAME --model M --harness H --environment E`; "
                        + "`skvm target list --known` shows what there is")
            ])
        }
    }

    // MARK: Lock

    private func newLock(
        _ old: Lockfile?, _ resolved: Resolved, _ targets: [ResolvedTarget], _ variants: [CompiledVariant],
        _ project: Project
    ) throws -> Lockfile {
        let names = Set(project.manifest.targets.map(\.name))
        let built = Set(targets.map(\.name))
        let apart =
            old?.records(
                of: Set(resolved.broken.map(\.path)), besides: resolved.packages.map(\.id), root: project.root) ?? []
        let ids = Set(resolved.packages.map(\.id) + apart.map(\.id))
        let idOf = Dictionary(
            resolved.packages.map { ($0.id.name.description, $0.id) }, uniquingKeysWith: { first, _ in first })
        var records = variants.compactMap { variant -> LockedVariant? in
            guard let tree = variant.tree, let target = TargetName(variant.target),
                let id = idOf[variant.package]
            else { return nil }
            return LockedVariant(package: id, target: target, tree: tree, passes: variant.passes)
        }
        // What was not asked for stays as it was, as long as it is still there.
        struct Pair: Hashable {
            var package: PackageID
            var target: TargetName
        }
        let new = Set(records.map { Pair(package: $0.package, target: $0.target) })
        records += (old?.variants ?? []).filter {
            names.contains($0.target) && ids.contains($0.package)
                && !new.contains(Pair(package: $0.package, target: $0.target))
        }
        let kept = (old?.targets ?? []).filter { names.contains($0.name) && !built.contains($0.name) }
        let lockedTargets = targets.map(\.locked) + kept
        let known = Set(lockedTargets.map(\.name))
        return Lockfile(
            wishes: resolved.wishes, packages: resolved.packages.map(\.locked) + apart, targets: lockedTargets,
            variants: records.filter { known.contains($0.target) })
    }

    // MARK: Variants on disk

    /// Puts each variant into its folder below `.skvm/variants`; folders that hold it already are left alone, and their
    /// stamps returned.
    func materialize(
        _ made: [BuildReport.Variant], _ project: Project
    ) throws -> (variants: [BuildReport.Variant], stamps: [FileStatus?]) {
        let record = VariantTrees(memory: memory(of: project.root))
        var known = record.folders()
        let before = known
        let store = self.store
        var variants: [BuildReport.Variant] = []
        var stamps: [FileStatus?] = []
        for variant in made {
            let place = "\(variant.target)/\(variant.package)"
            let path = "\(project.variantsPath)/\(place)"
            var stamp = try FileSystem.status(path)
            if stamp?.kind != .directory || known[place] != stamp.map({ .init(tree: variant.tree, $0) }) {
                stamp = nil
                try makeOwnFolders([project.variantsPath, FileSystem.parent(of: path) ?? project.variantsPath])
                let staging = FileSystem.temporaryPath(beside: path)
                try store.materialize(try store.entries(of: variant.tree), at: staging)
                try FileSystem.removeTree(path)
                try FileSystem.rename(staging, to: path)
                known[place] = try FileSystem.status(path).map { .init(tree: variant.tree, $0) }
            }
            var copy = variant
            copy.path = path
            variants.append(copy)
            stamps.append(stamp)
        }
        if known != before { try record.write(known) }
        return (variants, stamps)
    }

    /// Folders of the project's state, those above first. A link in the place of one is removed: through it, what is outside
    /// of the project would be written and removed.
    private func makeOwnFolders(_ paths: [String]) throws {
        for path in paths where try FileSystem.status(path)?.kind != .directory {
            try FileSystem.remove(path)
            try FileSystem.makeDirectory(path)
        }
    }

    // MARK: Diagnostics

    /// What a package requires, by its own manifest, and some of the targets are not known to supply.
    private func demandRemarks(on package: ResolvedPackage, _ targets: [ResolvedTarget]) throws -> [Diagnostic] {
        guard let blob = package.entries.first(where: { $0.path.text == Manifest.fileName })?.blob,
            let bytes = try store.get(blob.digest),
            let requires = try? Manifest(parsing: bytes).package?.requires, !requires.isEmpty
        else { return [] }
        return targets.map(\.supply).flatMap { target in
            target.lacks(requires).map { demand in
                Diagnostic(
                    "requires.unmet", .warning,
                    "\(package.id) requires \(demand), and target '\(target.name)' has "
                        + "\(target.levels[demand.primitive]?.description ?? "none")",
                    hint: "its agents will fail at what needs it; use another target, or another skill")
            }
                + target.unknown(requires).map { demand in
                    Diagnostic(
                        "requires.unmeasured", .note,
                        "\(package.id) requires \(demand), which was not measured for target '\(target.name)'")
                }
        }
    }

    /// Places a skill's diagnostics below its folder. Warnings about packages that somebody else wrote are kept back.
    static func placed(_ diagnostics: [Diagnostic], in package: ResolvedPackage) -> [Diagnostic] {
        diagnostics.filter { $0.severity == .error || package.source.isFolder }.map { diagnostic in
            let file = diagnostic.location?.file ?? "SKILL.md"
            return diagnostic.inFile(package.place == "." || package.place.isEmpty ? file : package.place + "/" + file)
        }
    }

    static func distinct(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        if diagnostics.count < 2 { return diagnostics }
        var seen: Set<String> = []
        return diagnostics.filter { seen.insert("\($0)").inserted }
    }
}

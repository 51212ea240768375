import Basics
import Formats
import Git
import SkillModel

/// A `skvm.lock` that git left with conflict markers, because no merge driver was there, or could not decide.
struct ConflictedLock {
    var base: [UInt8]
    var ours: [UInt8]
    var theirs: [UInt8]
}

extension Workspace {
    /// The sides of the project's lock, when it has conflict markers; nil when it has none.
    ///
    /// While a merge, a rebase or a stash is not at its end, git's index has both as they were committed, with their ancestor: what
    /// it made of them line by line is passed over. Later only the markers are left.
    func conflictedLock(_ project: Project) async throws -> ConflictedLock? {
        guard FileSystem.exists(project.lockPath) else { return nil }
        let text = try FileSystem.read(project.lockPath, limit: Lockfile.greatestSize)
        guard let markers = ConflictMarkers(text) else { return nil }
        let copy = WorkingCopy(folder: project.root, environment: settings.environment)
        func stage(_ number: Int) async -> [UInt8]? {
            let answer = try? await copy.ask("show", ":\(number):./\(Lockfile.fileName)")
            return (answer ?? nil).map { Array(($0 + "\n").utf8) }
        }
        if let ours = await stage(2), let theirs = await stage(3) {
            return ConflictedLock(base: await stage(1) ?? [], ours: ours, theirs: theirs)
        }
        return ConflictedLock(base: markers.base ?? [], ours: markers.ours, theirs: markers.theirs)
    }

    /// Merges both sides as git's merge driver does, and writes what the manifest makes of it. What the merge alone can't decide
    /// is decided by the manifest: of the two sides the one that it moves less of is taken, and each such record is told.
    ///
    /// Throws where a side can't be read, or model calls were recorded differently: then the file is as it was.
    func settle(_ conflicted: ConflictedLock, _ project: Project) async throws -> BuildReport {
        let merge = try merged(conflicted)
        try requireRecordings(merge)
        var chosen: (lock: Lockfile, new: Lockfile, resolved: Resolved, moved: Int)?
        for side in merge.isClean ? [merge.ours] : [merge.ours, merge.theirs] {
            let (new, resolved) = try await nextLock(
                ResolveOptions(readsFiles: false), over: side, project)
            let moved = merge.conflicts.compactMap(\.package).count { new.package($0) != side.package($0) }
            if chosen.map({ moved < $0.moved }) ?? true { chosen = (side, new, resolved, moved) }
        }
        guard let chosen else { return BuildReport(command: "lock") }
        var report = BuildReport(command: "lock")
        report.dryRun = flags.dryRun
        report.manifests = []
        report.mergedSides = true
        report.add(merge.conflicts.compactMap { Self.settled($0, chosen.new) } + chosen.resolved.diagnostics)
        // Told as what becomes of ours: that is what the user's branch had.
        let ours = try readLock(conflicted.ours, "\(Lockfile.fileName) of ours")
        report.lockChanges = try settle(chosen.new, over: ours, project)
        return report
    }

    private func merged(_ conflicted: ConflictedLock) throws -> LockfileMerge {
        let file = Lockfile.fileName
        do {
            return LockfileMerge(
                base: conflicted.base.isEmpty
                    ? Lockfile() : try readLock(conflicted.base, "\(file) of the common ancestor"),
                ours: try readLock(conflicted.ours, "\(file) of ours"),
                theirs: try readLock(conflicted.theirs, "\(file) of theirs"))
        } catch let error as DiagnosticsError {
            throw DiagnosticsError(
                error.diagnostics.map { diagnostic in
                    var copy = diagnostic
                    copy.notes.append("both sides of the conflict in \(file) must be locks, to be merged")
                    copy.hint =
                        "take one side as it was committed (`git checkout --ours \(file)`, or --theirs), then run `skvm lock`"
                    return copy
                })
        }
    }

    /// Recordings of model calls are never dropped unasked.
    private func requireRecordings(_ merge: LockfileMerge) throws {
        let recorded = merge.conflicts.filter { $0.isOfRecordings }
        if recorded.isEmpty { return }
        throw DiagnosticsError(
            recorded.map { conflict in
                Diagnostic(
                    "lock.merge-conflict", .error, "both sides recorded other model calls for \(conflict.record)",
                    at: SourceLocation(file: Lockfile.fileName),
                    hint:
                        "take one side (`git checkout --ours \(Lockfile.fileName)`, or --theirs), then run `skvm lock`")
            })
    }

    /// What became of a record that both sides have differently; nil for what the manifest alone says, and what is gone.
    private static func settled(_ conflict: LockfileMerge.Conflict, _ lock: Lockfile) -> Diagnostic? {
        guard let name = conflict.package else { return nil }
        let now = lock.package(name).map { "is \($0.version)" } ?? "is no longer needed"
        return Diagnostic(
            "lock.settled", .warning,
            "\(conflict.record) \(now) by skvm.toml: ours was \(conflict.ours), theirs "
                + conflict.theirs,
            at: SourceLocation(file: Lockfile.fileName), hint: "for the newest that fits: `skvm update \(name)`")
    }
}

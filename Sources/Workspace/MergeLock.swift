package import Basics
import Formats
import SkillModel

/// What became of two locks.
package struct LockMergeReport: DiagnosedReport, Codable {
    package struct Conflict: Sendable, Codable, Equatable {
        package var record: String
        package var ours: String
        package var theirs: String
    }

    package var version = 1
    package var command = "lock"
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    package var conflicts: [Conflict] = []
    /// Variants that were left out, because neither side has compiled this combination.
    package var toCompile: [String] = []
    package var text: String { "" }
}

extension Workspace {
    /// Merges two locks three ways, as git's merge driver does: the result is in the file `ours` afterwards. Where both
    /// sides changed a record differently it stands between conflict markers, and the report says so.
    ///
    /// A lock that can't be read (unmerged, or of a newer skvm) leaves both sides in the file whole. `path` is how
    /// messages call the file.
    package func mergeLock(base: String, ours: String, theirs: String, path: String?) throws -> LockMergeReport {
        let shown = path ?? Lockfile.fileName
        let files = try [base, ours, theirs].map { name in
            try FileSystem.read(
                FileSystem.absolute(name, from: settings.workingDirectory), limit: Lockfile.greatestSize)
        }
        let output = FileSystem.absolute(ours, from: settings.workingDirectory)
        var report = LockMergeReport()
        let merge: LockfileMerge
        do {
            // Git gives an empty file where there is no common ancestor.
            let locks = try zip(files, ["of the common ancestor", "of ours", "of theirs"]).enumerated().map {
                number, file in
                number == 0 && file.0.isEmpty ? Lockfile() : try readLock(file.0, "\(shown) \(file.1)")
            }
            merge = LockfileMerge(base: locks[0], ours: locks[1], theirs: locks[2])
        } catch let error as DiagnosticsError {
            report.diagnostics = error.diagnostics.map(Self.unmergeable)
            report.ok = false
            if !flags.dryRun { try FileSystem.replace(output, with: Self.sideBySide(files[1], files[2])) }
            return report
        }
        report.toCompile = merge.toCompile
        report.conflicts = merge.conflicts.map { .init(record: $0.record, ours: $0.ours, theirs: $0.theirs) }
        report.diagnostics = merge.conflicts.map { Self.diagnostic($0, shown) }
        if !merge.toCompile.isEmpty {
            report.diagnostics.append(
                Diagnostic(
                    "lock.to-compile", .warning,
                    "\(counted(merge.toCompile.count, "variant")) that neither side has compiled "
                        + "\(merge.toCompile.count == 1 ? "is" : "are") not in the merged lock",
                    at: SourceLocation(file: shown), notes: Array(merge.toCompile.prefix(20)),
                    hint: "run `skvm build` and commit skvm.lock"))
        }
        report.ok = merge.isClean
        if !flags.dryRun { try FileSystem.replace(output, with: merge.encoded()) }
        return report
    }

    func readLock(_ bytes: [UInt8], _ name: String) throws -> Lockfile {
        let lock = try Lockfile(parsing: bytes, file: name)
        let document = try TOMLDocument(parsing: bytes, file: name, limit: Lockfile.greatestSize)
        guard let revision = document["revision"]?.integer, revision > Lockfile.revision else { return lock }
        // Its unknown keys would be lost.
        throw DiagnosticsError([
            Diagnostic(
                "lock.revision", .error, "the lock has revision \(revision), this skvm writes \(Lockfile.revision)",
                at: SourceLocation(file: name), hint: "merge with the skvm that wrote it")
        ])
    }

    /// Whatever is wrong with one of the locks, to git it is a conflict.
    private static func unmergeable(_ diagnostic: Diagnostic) -> Diagnostic {
        var copy = diagnostic
        copy.fault = .build
        copy.hint = diagnostic.hint ?? "take either side, then run `skvm lock`"
        return copy
    }

    private static func diagnostic(_ conflict: LockfileMerge.Conflict, _ file: String) -> Diagnostic {
        let next = conflict.package.map { "; `skvm update \($0)` is for the newest that fits" } ?? ""
        return Diagnostic(
            "lock.merge-conflict", .error, message(conflict), at: SourceLocation(file: file),
            notes: ["ours: \(conflict.ours)", "theirs: \(conflict.theirs)"] + (conflict.reason.map { [$0] } ?? []),
            hint: "settle skvm.toml if it is in conflict, then run `skvm lock`: it takes what that asks for\(next)")
    }

    private static func message(_ conflict: LockfileMerge.Conflict) -> String {
        let apart = "was never locked together with what it goes with on the other side"
        return switch conflict.cause {
        case .both: "both sides changed \(conflict.record)"
        case .ours: "\(conflict.record), which only ours changed, \(apart)"
        case .theirs: "\(conflict.record), which only theirs changed, \(apart)"
        case .neither: "\(conflict.record) goes with packages that were never locked together"
        }
    }

    static func sideBySide(_ ours: [UInt8], _ theirs: [UInt8]) -> [UInt8] {
        func ended(_ bytes: [UInt8]) -> [UInt8] { bytes.isEmpty || bytes.last == 0x0A ? bytes : bytes + [0x0A] }
        return Array("<<<<<<< ours\n".utf8) + ended(ours) + Array("=======\n".utf8) + ended(theirs)
            + Array(">>>>>>> theirs\n".utf8)
    }
}

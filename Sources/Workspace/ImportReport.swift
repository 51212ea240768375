package import Basics

/// What `skvm import` took over from other tools, and what it could not.
package struct ImportReport: DiagnosedReport, Codable, Equatable {
    package struct Skill: Sendable, Codable, Equatable {
        /// As `skvm.toml` has it.
        package var name: String
        /// `imported`, `present` (skvm.toml had it) or `skipped`.
        package var action: String
        /// The file or folder that names it.
        package var from: String
        /// Where it comes from now, as `skvm.toml` says it; nil for what was skipped.
        package var source: String?
        /// What holds it where it was: a commit, a version, the copy, the lock alone.
        package var pinned: String?
        /// Whether its bytes are known to be those that were installed; why it was skipped.
        package var note: String?
    }

    package var version = 1
    package var command = "import"
    package var ok = true
    package var dryRun = false
    package var diagnostics: [Diagnostic] = []
    /// Files and folders that were read.
    package var read: [String] = []
    package var skills: [Skill] = []
    package var lockChanges: [String] = []
    /// Commands that are left to be run, in their order.
    package var next: [String] = []

    mutating func add(_ more: [Diagnostic]) {
        diagnostics += more
        if more.contains(where: { $0.severity == .error }) { ok = false }
    }

    package var text: String {
        var lines = dryRun ? ["dry run, nothing was changed; otherwise:"] : []
        let rows = skills.map { skill in
            [skill.action, skill.name, skill.source ?? "", skill.pinned ?? "", "from \(skill.from)", skill.note ?? ""]
        }
        lines += Table.lines(rows)
        lines += lockChanges.prefix(12).map { "skvm.lock: \($0)" }
        if lockChanges.count > 12 { lines.append("skvm.lock: and \(lockChanges.count - 12) more changes") }
        func count(_ action: String) -> Int { skills.count { $0.action == action } }
        var summary = "\(counted(count("imported"), "skill")) imported"
        if count("present") > 0 { summary += ", \(count("present")) \(count("present") == 1 ? "was" : "were") there" }
        if count("skipped") > 0 { summary += ", \(count("skipped")) skipped" }
        lines.append(summary)
        if count("imported") > 0, !dryRun {
            lines.append(
                "next: \(next.joined(separator: ", then ")). It replaces no folder that another tool installed: "
                    + "it names those to remove first.")
        }
        return lines.joined(separator: "\n")
    }
}

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
        /// Whether its bytes are known to be those that were installed; why it was skipped. Quotes other tools' files, without
        /// what may be secret in their addresses.
        package var note: String? {
            didSet { note = note.map(SecretText.withoutSecrets) }
        }

        init(
            name: String, action: String, from: String, source: String? = nil, pinned: String? = nil,
            note: String? = nil
        ) {
            (self.name, self.action, self.from) = (name, action, from)
            (self.source, self.pinned) = (source, pinned)
            self.note = note.map(SecretText.withoutSecrets)
        }
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

    /// How wide the terminal is, for the text; nil when there is none.
    package var width: Int?

    private enum CodingKeys: String, CodingKey {
        case version, command, ok, dryRun, diagnostics, read, skills, lockChanges, next
    }

    /// The skills below the file or folder that names them.
    private var table: [String] {
        var places: [String] = []
        for skill in skills where !places.contains(skill.from) { places.append(skill.from) }
        return places.flatMap { place in
            let rows = skills.filter { $0.from == place }.map { skill -> [String] in
                // What was skipped has no source: there stands why.
                guard let source = skill.source else {
                    let isTold = diagnostics.contains { $0.severity == .error && $0.message == skill.note }
                    return ["  " + skill.action, skill.name, isTold ? "see the error" : skill.note ?? ""]
                }
                return ["  " + skill.action, skill.name, source, skill.pinned ?? "", skill.note ?? ""]
            }
            // Reasons are long, and would push apart the columns of all others.
            let skipped = rows.filter { $0.count == 3 }
            let lines = Table.lines(rows.filter { $0.count > 3 }) + Table.lines(skipped)
            return ["\(place):"] + lines.map(cut)
        }
    }

    private func cut(_ line: String) -> String {
        guard let width, line.count > width else { return line }
        return line.prefix(max(1, width - 1)) + "…"
    }

    mutating func add(_ more: [Diagnostic]) {
        diagnostics += more
        if more.contains(where: { $0.severity == .error }) { ok = false }
    }

    package var text: String {
        var lines = dryRun ? ["dry run, nothing was changed; otherwise:"] : []
        lines += table
        lines += lockChanges.prefix(12).map { "skvm.lock: \($0)" }
        if lockChanges.count > 12 { lines.append("skvm.lock: and \(lockChanges.count - 12) more changes") }
        func count(_ action: String) -> Int { skills.count { $0.action == action } }
        var summary = "\(counted(count("imported"), "skill")) imported"
        if count("present") > 0 { summary += ", \(count("present")) \(count("present") == 1 ? "was" : "were") there" }
        if count("skipped") > 0 { summary += ", \(count("skipped")) skipped" }
        lines.append(summary)
        if count("imported") > 0, !dryRun {
            lines.append(
                "next: \(next.joined(separator: ", then ")). Of the folders that another tool installed it replaces those that hold "
                    + "just what the skill's author wrote, and names the others to remove first.")
        }
        return lines.joined(separator: "\n")
    }
}

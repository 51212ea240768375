package import Basics
package import SkillModel

/// What `skvm diff` shows: the edits between a skill and its variant, and what no edit did.
package struct DiffReport: Report, Codable {
    package struct Change: Sendable, Codable, Equatable {
        package var rule: String
        package var reason: String
        /// `tool.exec L1 < L2`; nil for an edit that no gap asked for.
        package var gap: String?
        /// The other gaps that the edit closes; nil when there is none.
        package var others: [String]?

        /// `, gap tool.exec L1 < L2, follow.procedure L2 < L3`; empty without a gap.
        fileprivate var gaps: String {
            let all = (gap.map { [$0] } ?? []) + (others ?? [])
            return all.isEmpty ? "" : ", \(all.count == 1 ? "gap" : "gaps") \(all.joined(separator: ", "))"
        }
    }

    package struct Hunk: Sendable, Codable {
        /// Of the source's SKILL.md.
        package var line: Int
        /// The edits in it, in the order of the text, each rule with its own gap and reason.
        package var changes: [Change]
        package var old: [String]
        package var new: [String]
    }

    /// A file that the source does not have.
    package struct AddedFile: Sendable, Codable {
        package var path: String
        package var lines: [String]
    }

    /// A gap that no edit closed.
    package struct OpenGap: Sendable, Codable {
        package var gap: String
        package var why: String
    }

    package var version = 1
    package var command = "diff"
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    package var package: String
    package var target: String
    package var hunks: [Hunk]
    package var added: [AddedFile]
    package var open: [OpenGap]
    package var tokens: VariantManifest.Tokens

    package var text: String {
        var lines = hunks.isEmpty && added.isEmpty ? ["the variant's SKILL.md is the source's"] : []
        if !hunks.isEmpty { lines += ["--- \(package)/SKILL.md", "+++ \(package)/SKILL.md for \(target)"] }
        for hunk in hunks {
            lines.append("@@ line \(hunk.line)")
            lines += hunk.changes.map { "@@ \($0.rule)\($0.gaps): \($0.reason)" }
            lines += TextDiff.lines(from: hunk.old, to: hunk.new)
        }
        for file in added {
            lines += ["--- nothing", "+++ \(package)/\(file.path) for \(target)"] + file.lines.map { "+\($0)" }
        }
        if !open.isEmpty {
            lines += ["", "not closed for \(target):"]
            for gap in open {
                lines.append("  \(gap.gap)")
                lines += gap.why.split(separator: "; ").map { "    \($0)" }
            }
        }
        let count = hunks.reduce(0) { $0 + $1.changes.count }
        let gaps = open.isEmpty ? "no gap open" : "\(counted(open.count, "gap")) open"
        return (lines + ["", "\(counted(count, "edit")), \(gaps), \(tokens.source) → \(tokens.variant) tokens"])
            .joined(separator: "\n")
    }
}

extension Gap {
    /// `tool.exec L1 < L2`.
    package var shown: String { "\(primitive.rawValue) \(supplied?.text ?? "not measured") < \(required.text)" }
}

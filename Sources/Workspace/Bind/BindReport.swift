package import Basics
import SkillModel

/// What `skvm bind` found of what skills need on this machine, and did about it.
package struct BindReport: DiagnosedReport {
    package enum State: String, Sendable, Codable {
        case ok, missing, unseen
        /// By this command: anew, or again because it was broken.
        case installed, repaired
        /// The environment of the target has it: nothing was looked for.
        case present
        /// Its name may not stand in a script: nothing was looked for.
        case refused
    }

    package struct Need: Sendable, Codable, Equatable {
        package var kind: String
        package var name: String
        package var required: Bool
        package var state: State
        /// What the script says besides; empty where it says no more.
        package var detail: String

        /// For people: that pip has `pandas` as `pandas` is no news.
        var words: String {
            detail.isEmpty || detail == "\(kind) has it as \(name)" ? "\(kind) \(name)" : "\(kind) \(name): \(detail)"
        }
    }

    package struct Skill: Sendable, Codable, Equatable {
        package var package: String
        package var version: String
        package var targets: [String]
        /// In the order of the skill's dependencies.
        package var needs: [Need]

        var lacks: [Need] { needs.filter { $0.required && $0.state == .missing } }
    }

    package var version = 1
    package var command = "bind"
    package var ok = true
    package var dryRun = false
    /// The targets' environment; empty where there are no skills.
    package var environment = ""
    package var skills: [Skill] = []
    /// What is to be installed, or with `--repair` was tried; nil where nothing is missing that can be.
    package var plan: BindPlan?
    /// With `--env`, or a command to run: a line that a shell evaluates.
    package var exports: String?
    package var diagnostics: [Diagnostic] = []

    package init() {}

    package var text: String { exports ?? table }

    /// What is required and missing, a line each.
    package var lacking: [String] {
        skills.flatMap { skill in
            skill.lacks.map { "\(skill.package) lacks \($0.words)" }
        }
    }

    /// A line or more for each skill that needs something, and under `--dry-run` what would be done.
    private var table: String {
        var lines: [String] = []
        for skill in skills where !skill.needs.isEmpty {
            lines.append("\(skill.package) \(skill.version)")
            lines += Table.lines(rows(of: skill)).map { "  " + $0 }
        }
        let idle = skills.count { $0.needs.isEmpty }
        if idle > 0 { lines.append("\(counted(idle, "skill")) \(idle == 1 ? "needs" : "need") nothing") }
        if dryRun, let plan {
            lines += ["dry run, nothing was changed; otherwise --repair would install:"] + plan.lines.map { "  " + $0 }
        }
        return lines.joined(separator: "\n")
    }

    /// What is there in one row, what is not in a row each.
    private func rows(of skill: Skill) -> [[String]] {
        func names(_ state: State) -> String {
            skill.needs.filter { $0.state == state }.map { "\($0.kind) \($0.name)" }.joined(separator: ", ")
        }
        var rows: [[String]] = []
        for (state, word) in [(State.ok, "there"), (.installed, "installed"), (.repaired, "repaired")]
        where !names(state).isEmpty {
            rows.append([word, names(state)])
        }
        if !names(.present).isEmpty { rows.append(["taken", "\(names(.present)): \(environment) has it"]) }
        for need in skill.needs {
            let what = need.required ? need.words : "(optional) \(need.words)"
            switch need.state {
            case .missing: rows.append(["missing", what])
            case .unseen: rows.append(["unseen", what])
            case .refused: rows.append(["refused", "\(what): no name for a script; install it by hand"])
            case .ok, .installed, .repaired, .present: break
            }
        }
        return rows
    }
}

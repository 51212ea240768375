import Basics
import Passes
import SkillModel

/// `skvm inspect` for a terminal: one column a fact, the words of the skill last.
enum InspectionText {
    /// `width`: the terminal's; nil where there is none.
    static func render(_ report: InspectionReport, _ document: SkillDocument, width: Int? = nil) -> String {
        var lines = [
            "\(report.id): \(report.archetype.rawValue), \(counted(document.sections.count, "section")), "
                + "\(TokenEstimate.of(document.source)) tokens"
        ]
        let lowerings = Lowerings(
            document,
            Require.run(document).value ?? RequirementSet(archetype: report.archetype, requirements: []))
        section(
            "demands, and how each can be lowered",
            report.requirementDetails.map { entry in
                [
                    entry.primitive.rawValue, entry.level.text, places(entry.lines),
                    lowerings.of(entry.primitive).joined(separator: "; "),
                ]
            }, width, &lines)
        section(
            "depends on",
            report.dependencies.map {
                [
                    $0.kind.rawValue, "\($0.name)\($0.version.map { " \($0)" } ?? "")", $0.required ? "" : "optional",
                    $0.file == "SKILL.md" ? "line \($0.line)" : "\($0.file):\($0.line)",
                ]
            }, width, &lines)
        section(
            "steps",
            report.steps.map {
                [
                    $0.id, "line \($0.line)", $0.after.isEmpty ? "" : "after \($0.after.joined(separator: ", "))",
                    $0.title,
                ]
            }, width, &lines)
        section(
            "at the same time",
            report.parallel.map { [kind($0.kind), $0.steps.joined(separator: ", "), $0.why] }, width, &lines)
        section(
            "fixed templates",
            report.templates.map { [$0.kind.rawValue, "line \($0.line)", $0.params.joined(separator: ", ")] }, width,
            &lines)
        section("own files", files(report.relativePaths), width, &lines)
        section("hazards", report.hazards.map(hazard), width, &lines)
        return lines.joined(separator: "\n")
    }

    private static func hazard(_ entry: InspectionReport.HazardEntry) -> [String] {
        let also = entry.also.isEmpty ? "" : ", also line \(entry.also.map(String.init).joined(separator: ", "))"
        return ["line \(entry.line)", entry.kind.rawValue, entry.message + also]
    }

    private static func section(_ title: String, _ rows: [[String]], _ width: Int?, _ lines: inout [String]) {
        if rows.isEmpty { return }
        lines += ["", "\(title):"] + Table.lines(rows, width: width.map { max($0, 40) - 2 }).map { "  \($0)" }
    }

    private static func places(_ lines: [Int]) -> String {
        let shown = lines.prefix(4).map(String.init).joined(separator: ", ")
        return "line\(lines.count == 1 ? "" : "s") \(shown)\(lines.count > 4 ? ", …" : "")"
    }

    /// Each file once, with its lines.
    private static func files(_ entries: [InspectionReport.PathEntry]) -> [[String]] {
        var lines: [String: [Int]] = [:]
        var order: [InspectionReport.PathEntry] = []
        for entry in entries {
            if lines[entry.path] == nil { order.append(entry) }
            lines[entry.path, default: []].append(entry.line)
        }
        return order.map { [$0.path, places(lines[$0.path] ?? []), $0.exists ? "" : "missing"] }
    }

    static func kind(_ kind: Workflow.Parallelism) -> String {
        switch kind {
        case .data: "items"
        case .instruction: "calls"
        case .thread: "sub-tasks"
        }
    }
}

import Passes
import SkillModel

/// Steps and what they wait for, as SVG: each step below all that it needs, those that run at the same time beside one
/// another, those that are done for many things as a stack.
struct WorkflowDrawing {
    let steps: [InspectionReport.StepEntry]
    let parallel: [InspectionReport.ParallelEntry]

    private static let width = 320
    private static let height = 52
    private static let gap = 34
    /// A title is two lines of so many characters at most; steps are drawn up to `most`: SKILL.md has all.
    private static let lineLength = 40
    private static let most = 60

    private struct Place {
        var column: Int
        var row: Int
        var x: Int { 10 + column * (WorkflowDrawing.width + WorkflowDrawing.gap) }
        var y: Int { 10 + row * (WorkflowDrawing.height + WorkflowDrawing.gap) }
    }

    func write(to page: inout HTMLWriter) {
        let drawn = Array(steps.prefix(Self.most))
        let places = Self.places(of: drawn)
        let kinds = kinds()
        let columns = (places.values.map(\.column).max() ?? 0) + 1
        let rows = (places.values.map(\.row).max() ?? 0) + 1
        // The last row has no gap below it.
        let size = (
            20 + columns * (Self.width + Self.gap), 24 + rows * (Self.height + Self.gap) - Self.gap
        )
        page.raw("<svg role=\"img\" viewBox=\"0 0 \(size.0) \(size.1)\" width=\"\(size.0)\" height=\"\(size.1)\">")
        page.element("title") { $0.text("\(steps.count) steps and what they wait for") }
        page.raw(
            "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0 8 4 0 8\"/></marker></defs>"
        )
        for step in drawn {
            guard let to = places[step.id] else { continue }
            for from in step.after.compactMap({ places[$0] }) { edge(from, to, &page) }
        }
        for step in drawn {
            if let place = places[step.id] { box(step, at: place, kinds[step.id], &page) }
        }
        page.raw("</svg>")
        if !kinds.isEmpty {
            page.element("p", class: "key") {
                $0.text("stacked: the same for many things; green: steps that can run at the same time")
            }
        }
        if steps.count > drawn.count {
            page.element("p", class: "key") { $0.text("and \(steps.count - drawn.count) more steps") }
        }
    }

    private func kinds() -> [String: Workflow.Parallelism] {
        var kinds: [String: Workflow.Parallelism] = [:]
        for group in parallel { for step in group.steps { kinds[step] = group.kind } }
        return kinds
    }

    private func box(
        _ step: InspectionReport.StepEntry, at place: Place, _ kind: Workflow.Parallelism?, _ page: inout HTMLWriter
    ) {
        let mark = kind.map { " class=\"\($0.rawValue)\"" } ?? ""
        page.raw("<a href=\"#L\(step.line)\">")
        page.element("title") { $0.text("\(step.id), line \(step.line): \(step.title)") }
        if kind == .data { rectangle(place.x + 5, place.y + 5, mark, &page) }
        rectangle(place.x, place.y, mark, &page)
        let lines = Self.lines(step.title)
        for (index, line) in lines.enumerated() {
            let y = place.y + (lines.count == 1 ? 31 : 22 + index * 18)
            page.raw("<text x=\"\(place.x + 12)\" y=\"\(y)\">")
            page.text(line)
            page.raw("</text>")
        }
        page.raw("<text class=\"note\" text-anchor=\"end\" x=\"\(place.x + Self.width - 7)\" y=\"\(place.y + 13)\">")
        page.text(step.id)
        page.raw("</text></a>")
    }

    /// Opaque under its tint: no edge shows through.
    private func rectangle(_ x: Int, _ y: Int, _ mark: String, _ page: inout HTMLWriter) {
        let place = "x=\"\(x)\" y=\"\(y)\" width=\"\(Self.width)\" height=\"\(Self.height)\" rx=\"6\""
        page.raw("<rect \(place) style=\"fill:Canvas;stroke:none\"/><rect \(place)\(mark)/>")
    }

    private func edge(_ from: Place, _ to: Place, _ page: inout HTMLWriter) {
        if from.column == to.column, to.row - from.row > 1 {
            // Past the steps between, on the right.
            let x = from.x + Self.width
            let bow = min(14 + 4 * (to.row - from.row), Self.gap + 8)
            let (y1, y2) = (from.y + Self.height / 2, to.y + Self.height / 2)
            page.raw(
                "<path d=\"M\(x) \(y1) C\(x + bow) \(y1) \(x + bow) \(y2) \(x) \(y2)\" marker-end=\"url(#tip)\"/>")
            return
        }
        let (x1, y1) = (from.x + Self.width / 2, from.y + Self.height)
        let (x2, y2) = (to.x + Self.width / 2, to.y)
        let bend = (y2 - y1) / 2
        page.raw(
            "<path d=\"M\(x1) \(y1) C\(x1) \(y1 + bend) \(x2) \(y2 - bend) \(x2) \(y2)\" marker-end=\"url(#tip)\"/>")
    }

    /// A step's row is one more than the greatest of those it waits for; a row is filled from the left. A step that
    /// waits for itself, or for a later one, waits for nobody here.
    private static func places(of steps: [InspectionReport.StepEntry]) -> [String: Place] {
        var places: [String: Place] = [:]
        var taken: [Int: Int] = [:]
        for step in steps where places[step.id] == nil {
            let row = step.after.compactMap { places[$0]?.row }.max().map { $0 + 1 } ?? 0
            places[step.id] = Place(column: taken[row, default: 0], row: row)
            taken[row, default: 0] += 1
        }
        return places
    }

    /// Two lines at most, cut between words where there is one.
    private static func lines(_ title: String) -> [String] {
        var lines = [""]
        for word in title.prefix(4 * lineLength).split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word.prefix(lineLength))
            } else if last.count + 1 + word.count <= lineLength {
                lines[lines.count - 1] = last + " " + word
            } else if lines.count == 2 {
                lines[1] += "…"
                return lines
            } else {
                lines.append(String(word.prefix(lineLength)))
            }
        }
        return lines
    }
}

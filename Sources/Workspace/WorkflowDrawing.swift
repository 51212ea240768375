import Passes

/// Steps and what they wait for, as SVG: each step below all that it needs.
struct WorkflowDrawing {
    let steps: [InspectionReport.StepEntry]

    private static let width = 260
    private static let height = 44
    private static let gap = 34
    /// Titles are cut at so many characters, steps and columns drawn up to these: the list in SKILL.md has all.
    private static let longestTitle = 34
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
        let columns = (places.values.map(\.column).max() ?? 0) + 1
        let rows = (places.values.map(\.row).max() ?? 0) + 1
        let size = (20 + columns * (Self.width + Self.gap), 20 + rows * (Self.height + Self.gap))
        page.raw("<svg role=\"img\" viewBox=\"0 0 \(size.0) \(size.1)\" width=\"\(size.0)\" height=\"\(size.1)\">")
        page.raw(
            "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0 8 4 0 8\"/></marker></defs>"
        )
        for step in drawn {
            guard let to = places[step.id] else { continue }
            for from in step.after.compactMap({ places[$0] }) { edge(from, to, &page) }
        }
        for step in drawn {
            guard let place = places[step.id] else { continue }
            page.raw(
                "<a href=\"#L\(step.line)\"><rect x=\"\(place.x)\" y=\"\(place.y)\" width=\"\(Self.width)\" height=\"\(Self.height)\" rx=\"6\"/>"
            )
            page.raw("<text x=\"\(place.x + 10)\" y=\"\(place.y + 27)\">")
            page.text("\(step.id)  \(Self.short(step.title))")
            page.raw("</text></a>")
        }
        page.raw("</svg>")
        if steps.count > drawn.count {
            page.element("p", class: "key") { $0.text("and \(steps.count - drawn.count) more steps") }
        }
    }

    private func edge(_ from: Place, _ to: Place, _ page: inout HTMLWriter) {
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

    private static func short(_ title: String) -> String {
        title.count > longestTitle ? title.prefix(longestTitle - 1) + "…" : title
    }
}

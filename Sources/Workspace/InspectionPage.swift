import Basics
import BuildEngine
import Passes
import Registry
import SkillModel

/// `skvm inspect --html`: one page about one skill, for its author. No script, nothing from elsewhere, and every text of
/// the skill escaped: what hides from readers in the source is shown by its code point.
struct InspectionPage {
    /// A column of the grid: what one target supplies.
    struct Target {
        var name: String
        /// Nil when nothing has measured it.
        var levels: [Primitive: Level]?
    }

    let report: InspectionReport
    let document: SkillDocument
    let diagnostics: [Diagnostic]
    let targets: [Target]
    /// What the requirements rest on: marked in the text. Sorted; they may overlap.
    let evidence: [SourceSpan]
    let lowerings: Lowerings

    init(report: InspectionReport, document: SkillDocument, diagnostics: [Diagnostic], targets: [Target]) {
        self.report = report
        self.document = document
        self.diagnostics = diagnostics
        self.targets = targets
        let requirements =
            Require.run(document).value ?? RequirementSet(archetype: report.archetype, requirements: [])
        evidence = requirements.requirements.flatMap(\.evidence).compactMap(\.span).sorted()
        lowerings = Lowerings(document, requirements)
    }

    /// The page. O(document + demands × targets + steps²).
    var html: String {
        let name = document.frontMatter.name ?? report.id
        var page = HTMLWriter()
        page.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        page.raw(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
        page.raw("<meta name=\"viewport\" content=\"width=device-width\">")
        page.element("title") { $0.text("\(name): what it demands") }
        page.raw("<style>\(Self.style)</style></head><body>")
        head(name, &page)
        section("Demands", report.requirementDetails.isEmpty, &page, demands)
        section("Steps", report.steps.isEmpty, &page) {
            WorkflowDrawing(steps: report.steps, parallel: report.parallel).write(to: &$0)
        }
        section("At the same time", report.parallel.isEmpty, &page, parallel)
        section("Depends on", report.dependencies.isEmpty, &page, dependencies)
        section("Fixed templates", report.templates.isEmpty, &page, templates)
        section("Hazards", report.hazards.isEmpty, &page, hazards)
        section("Remarks", diagnostics.isEmpty, &page, remarks)
        section("SKILL.md", false, &page, source)
        page.raw("</body></html>\n")
        return page.output
    }

    // MARK: Parts

    private func head(_ name: String, _ page: inout HTMLWriter) {
        page.raw("<header>")
        page.element("h1") { $0.text(name) }
        page.element("p", class: "lead") { $0.text(document.frontMatter.description ?? "") }
        page.element("p", class: "facts") {
            $0.text(
                "\(report.archetype.rawValue) · \(document.sections.count) sections · \(document.lines.starts.count) lines · "
                    + "about \(TokenEstimate.of(document.source)) tokens")
        }
        page.raw("</header>")
    }

    private func section(
        _ title: String, _ isEmpty: Bool, _ page: inout HTMLWriter, _ body: (inout HTMLWriter) -> Void
    ) {
        if isEmpty { return }
        page.raw("<section>")
        page.element("h2") { $0.text(title) }
        body(&page)
        page.raw("</section>")
    }

    private func demands(_ page: inout HTMLWriter) {
        page.raw(
            "<div class=\"wide\"><table class=\"grid\"><thead><tr><th>primitive</th><th>level</th><th>seen in line</th><th>what lowers it</th>"
        )
        for target in targets { page.element("th", class: "target") { $0.text(target.name) } }
        page.raw("</tr></thead><tbody>")
        for entry in report.requirementDetails {
            page.raw("<tr>")
            page.element("th") { $0.text(entry.primitive.rawValue) }
            page.element("td", class: "level") { $0.text(entry.level.text) }
            page.raw("<td class=\"seen\">")
            lines(entry.lines, &page)
            page.raw("</td>")
            page.element("td", class: "ways") { cell in
                for way in lowerings.of(entry.primitive) { cell.element("div") { $0.text(way) } }
            }
            for target in targets { cell(entry, target, &page) }
            page.raw("</tr>")
        }
        page.raw("</tbody>")
        if !targets.isEmpty { sums(&page) }
        page.raw("</table></div>")
        if !targets.isEmpty {
            page.element("p", class: "key") {
                $0.raw("<b class=\"met\">L2</b> supplied, <b class=\"gap1\">L1</b> one level short, ")
                $0.raw("<b class=\"gap2\">L0</b> two and more, <b class=\"none\">–</b> not measured")
            }
        }
    }

    /// Under each target, how many demands it does not meet as they are.
    private func sums(_ page: inout HTMLWriter) {
        page.raw("<tfoot><tr><th colspan=\"4\">demands above the target</th>")
        for target in targets {
            let short = report.requirementDetails.count { entry in
                target.levels?[entry.primitive].map { $0 < entry.level } ?? false
            }
            page.element("td", class: target.levels == nil ? "none" : short == 0 ? "met" : "") {
                $0.text(target.levels == nil ? "–" : "\(short)")
            }
        }
        page.raw("</tr></tfoot>")
    }

    private func cell(_ entry: InspectionReport.RequirementEntry, _ target: Target, _ page: inout HTMLWriter) {
        guard let level = target.levels?[entry.primitive] else {
            page.element("td", class: "none") { $0.text("–") }
            return
        }
        let short = entry.level.rawValue - level.rawValue
        page.element("td", class: short <= 0 ? "met" : short == 1 ? "gap1" : "gap2") { $0.text(level.text) }
    }

    private func lines(_ numbers: [Int], _ page: inout HTMLWriter) {
        for (index, number) in numbers.prefix(12).enumerated() {
            if index > 0 { page.text(", ") }
            page.raw("<a href=\"#L\(number)\">\(number)</a>")
        }
        if numbers.count > 12 { page.text(", …") }
    }

    private func parallel(_ page: inout HTMLWriter) {
        list(report.parallel, &page) { entry, page in
            page.text(
                "\(entry.steps.joined(separator: ", ")): \(entry.why) (\(InspectionText.kind(entry.kind))), line ")
            lines([entry.line], &page)
        }
    }

    private func dependencies(_ page: inout HTMLWriter) {
        page.raw(
            "<table><thead><tr><th>kind</th><th>name</th><th>version</th><th></th><th>seen in</th></tr></thead><tbody>")
        for entry in report.dependencies {
            page.raw("<tr>")
            page.element("td") { $0.text(entry.kind.rawValue) }
            page.element("th") { $0.text(entry.name) }
            page.element("td") { $0.text(entry.version ?? "") }
            page.element("td") { $0.text(entry.required ? "" : "optional") }
            page.raw("<td>")
            if entry.file == "SKILL.md" {
                lines([entry.line], &page)
            } else {
                page.text("\(entry.file):\(entry.line)")
            }
            page.raw("</td></tr>")
        }
        page.raw("</tbody></table>")
    }

    private func templates(_ page: inout HTMLWriter) {
        list(report.templates, &page) { entry, page in
            page.text("\(entry.kind.rawValue), line ")
            lines([entry.line], &page)
            if !entry.params.isEmpty { page.text(", with \(entry.params.joined(separator: ", "))") }
        }
    }

    private func hazards(_ page: inout HTMLWriter) {
        list(report.hazards, &page) { entry, page in
            page.element("b", class: "gap2") { $0.text(entry.kind.rawValue) }
            page.text(" \(entry.message), line ")
            lines([entry.line] + entry.also, &page)
        }
    }

    private func remarks(_ page: inout HTMLWriter) {
        list(diagnostics, &page) { diagnostic, page in
            page.text("\(diagnostic.severity.rawValue): \(diagnostic.message)")
            if let line = diagnostic.location?.line {
                page.text(", line ")
                lines([line], &page)
            }
        }
    }

    private func list<Entry>(
        _ entries: [Entry], _ page: inout HTMLWriter, _ body: (Entry, inout HTMLWriter) -> Void
    ) {
        page.raw("<ul>")
        for entry in entries {
            page.raw("<li>")
            body(entry, &page)
            page.raw("</li>")
        }
        page.raw("</ul>")
    }

    // MARK: The text

    private func source(_ page: inout HTMLWriter) {
        let marks = marks()
        page.raw("<table class=\"source\"><tbody>")
        // The end of the last line begins no line.
        let count = document.lines.starts.count - (document.source.utf8.last == 0x0A ? 1 : 0)
        for number in 1...max(count, 1) {
            let found = marks[number] ?? []
            page.raw(
                "<tr id=\"L\(number)\"\(found.isEmpty ? "" : " class=\"marked\"")><td class=\"number\">\(number)</td><td><code>"
            )
            line(number, &page)
            page.raw("</code></td><td class=\"marks\">")
            for mark in found { page.element("span", class: mark.kind) { $0.text(mark.text) } }
            page.raw("</td></tr>")
        }
        page.raw("</tbody></table>")
    }

    /// A line's text, with what the requirements rest on in marks. O(evidence + line).
    private func line(_ number: Int, _ page: inout HTMLWriter) {
        let span = document.lines.span(ofLine: number)
        let text = document.text(span).trimmingLineEnd
        let end = span.start + text.utf8.count
        var at = span.start
        for found in evidence where found.end > at && found.start < end && found.count < Self.longestMark {
            let (from, to) = (max(found.start, at), min(found.end, end))
            page.text(document.text(SourceSpan(at, from)))
            page.element("mark") { $0.text(document.text(SourceSpan(from, to))) }
            at = to
        }
        page.text(document.text(SourceSpan(at, end)))
    }

    /// A mark over more is no mark: it is the section.
    private static let longestMark = 1200

    private struct Mark {
        var kind: String
        var text: String
    }

    private func marks() -> [Int: [Mark]] {
        var marks: [Int: [Mark]] = [:]
        for step in report.steps { marks[step.line, default: []].append(Mark(kind: "step", text: step.id)) }
        for entry in report.requirementDetails {
            for line in entry.lines {
                marks[line, default: []].append(
                    Mark(kind: "demand", text: "\(entry.primitive.rawValue) \(entry.level.text)"))
            }
        }
        for entry in report.dependencies where entry.file == "SKILL.md" {
            marks[entry.line, default: []].append(
                Mark(kind: "dependency", text: "\(entry.kind.rawValue) \(entry.name)"))
        }
        for entry in report.templates {
            marks[entry.line, default: []].append(Mark(kind: "template", text: "template"))
        }
        for entry in report.relativePaths {
            marks[entry.line, default: []].append(
                Mark(kind: "path", text: entry.exists ? entry.path : "\(entry.path) is missing"))
        }
        for entry in report.hazards {
            for line in [entry.line] + entry.also {
                marks[line, default: []].append(Mark(kind: "hazard", text: entry.kind.rawValue))
            }
        }
        return marks
    }

    private static let style = """
        :root{color-scheme:light dark;--line:#8884;--soft:#8882}
        body{font:15px/1.5 system-ui,sans-serif;max-width:92rem;margin:2rem auto;padding:0 1rem}
        h1{margin:0;font-size:1.7rem}h2{margin:2.2rem 0 .6rem;font-size:1.15rem;border-bottom:1px solid var(--line)}
        .lead{margin:.3rem 0;max-width:60rem}.facts,.key{color:#888;font-size:.9rem}
        table{border-collapse:collapse}td,th{padding:.15rem .6rem;text-align:left;vertical-align:top;font-weight:normal}
        tbody th{font-family:ui-monospace,monospace;font-size:.9rem}thead th{color:#888;font-size:.85rem}
        .wide{overflow-x:auto}.grid td,.grid th{border:1px solid var(--line)}
        .grid .target{writing-mode:vertical-rl;transform:rotate(180deg);text-align:left;padding:.6rem .2rem}
        .met,.gap1,.gap2,.none{text-align:center;border-radius:3px;padding:0 .35rem;font-weight:normal}
        .met{background:#2a7d4f33}.gap1{background:#d9a40055}.gap2{background:#c4313155}.none{color:#888}
        .level{font-weight:600}a{color:inherit}tfoot th,tfoot td{color:#888;font-size:.85rem}
        .seen{min-width:9rem;max-width:14rem}.ways{min-width:15rem;max-width:22rem;font-size:.82rem}.ways div+div{border-top:1px dotted var(--line)}
        mark{background:#f5c54255;color:inherit;border-radius:2px}
        .source{width:100%;font-size:.85rem}.source td{padding:0 .5rem;border:0}
        .source code{font-family:ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
        .number{color:#888;text-align:right;user-select:none}.marked{background:var(--soft)}tr:target{outline:2px solid #3b82f6}
        .marks{width:20rem}.marks span{display:inline-block;margin:0 .25rem .1rem 0;padding:0 .4rem;border-radius:3px;font-size:.75rem;overflow-wrap:anywhere}
        .demand{background:#3b82f633}.dependency{background:#8b5cf633}.step{background:#2a7d4f33}.template{background:#0891b233}
        .path{background:#8884}.hazard{background:#c4313155}
        svg{max-width:100%;height:auto}svg text{font:13px system-ui,sans-serif;fill:currentColor}
        svg rect{fill:var(--soft);stroke:#888}svg path{fill:none;stroke:#888}
        svg .dlp{stroke:#0891b2}svg .ilp,svg .tlp{stroke:#2a7d4f;stroke-width:2}svg .note{fill:#888;font-size:11px}
        """
}

extension String {
    fileprivate var trimmingLineEnd: String {
        var bytes = Substring(self).utf8
        while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
        return String(Substring(bytes))
    }
}

extension Workspace {
    /// Writes the page about the skill at `folder` to `file`. Its columns are the project's targets, or, where there are
    /// none, every profile that the registries have. Throws `DiagnosticsError` when the skill is unusable.
    package func inspectionPage(of folder: String, to file: String) async throws -> Done {
        let (result, path) = try parseFolder(folder)
        guard let document = result.value, !result.hasErrors else { throw DiagnosticsError(result.diagnostics) }
        let name = String(path.split(separator: "/").last ?? "skill")
        let page = InspectionPage(
            report: Inspection.report(id: name, document), document: document, diagnostics: result.diagnostics,
            targets: try await pageTargets())
        let place = FileSystem.absolute(file, from: settings.workingDirectory)
        if !flags.dryRun { try FileSystem.replace(place, with: Array(page.html.utf8)) }
        return Done(command: "inspect", text: "wrote \(file)", paths: [file])
    }

    private func pageTargets() async throws -> [InspectionPage.Target] {
        let project = (try? self.project()).flatMap { $0.manifest.targets.isEmpty ? nil : $0 }
        let shelf = try RegistryShelf(
            project ?? Project(root: settings.workingDirectory, manifest: Manifest(), hasManifest: false), self)
        if let project {
            let lock = try project.lock()
            return try await resolveTargets(project, lock: lock, names: [], shelf: shelf).targets.map { target in
                .init(name: "\(target.name)", levels: target.profile?.measurements.mapValues(\.level))
            }
        }
        var targets: [InspectionPage.Target] = []
        for entry in shelf.entries {
            let snapshot = try await shelf.snapshot(entry)
            for name in try await snapshot.names(of: .profiles).sorted() {
                guard let (bytes, file) = try await snapshot.description(.profiles, name) else { continue }
                let profile = try Profile(parsing: bytes, file: file)
                targets.append(
                    .init(
                        name: "\(profile.model) on \(profile.harness)",
                        levels: profile.measurements.mapValues(\.level)))
            }
        }
        return targets
    }
}

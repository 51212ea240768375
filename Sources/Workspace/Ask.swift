package import Basics
import BuildEngine
import Compiler
import ContentStore
import Formats
import Passes
import SkillModel

/// Why the passes of one package last ran.
package struct ExplainReport: Report, Codable {
    package var version = 1
    package var command = "explain"
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    package var package: String
    package var passes: [Explanation]

    package var text: String {
        var lines: [String] = []
        var told: Set<Explanation.Cause> = []
        for pass in passes {
            if pass.changes.isEmpty {
                lines.append("\(pass.node): answered from the cache; it never ran here")
                continue
            }
            lines.append("\(pass.node) last ran because")
            for change in pass.changes { append(change, 1, &lines, &told) }
        }
        return lines.joined(separator: "\n")
    }

    /// A chain is told once: the passes after the first that it reached only point to it.
    private func append(
        _ cause: Explanation.Cause, _ depth: Int, _ lines: inout [String], _ told: inout Set<Explanation.Cause>
    ) {
        let line = String(repeating: "  ", count: depth) + cause.text
        if cause.because.isEmpty { return lines.append(line) }
        guard told.insert(cause).inserted else { return lines.append(line + ", as above") }
        lines.append(line + ", because")
        for inner in cause.because { append(inner, depth + 1, &lines, &told) }
    }
}

/// The actions of a build and what feeds what.
package struct GraphReport: Report, Codable {
    package struct GraphNode: Sendable, Codable {
        package var id: String
        package var pass: String
        package var package: String
        package var target: String?
    }
    package struct Edge: Sendable, Codable {
        package var from: String
        package var to: String
    }

    package var version = 1
    package var command = "graph"
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    package var nodes: [GraphNode]
    package var edges: [Edge]

    package var text: String {
        let sources = Dictionary(grouping: edges, by: \.to)
        return nodes.map { node in
            let from = (sources[node.id] ?? []).map(\.from)
            return node.id + (from.isEmpty ? "" : "\n" + from.map { "  ← \($0)" }.joined(separator: "\n"))
        }.joined(separator: "\n")
    }

    package var dot: String {
        let lines =
            nodes.map { "  \(quoted($0.id)) [label=\(quoted($0.pass))];" }
            + edges.map { "  \(quoted($0.from)) -> \(quoted($0.to));" }
        return "digraph skvm {\n  rankdir=LR;\n\(lines.joined(separator: "\n"))\n}"
    }

    package var mermaid: String {
        let number = Dictionary(nodes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        let lines =
            nodes.enumerated().map { "  n\($0)[\(quoted($1.id))]" }
            + edges.compactMap { edge in
                guard let from = number[edge.from], let to = number[edge.to] else { return nil }
                return "  n\(from) --> n\(to)"
            }
        return "graph LR\n" + lines.joined(separator: "\n")
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "'") + "\""
    }
}

/// Source → variant.
extension Workspace {
    /// Why each pass of a package last ran, of its target alone when one is named.
    package func explain(_ package: PackageSelection, target: String?) throws -> ExplainReport {
        let project = try self.project()
        let name = try chosenName(package, project)
        let history = History(try ActionCache(root: memory(of: project.root)))
        let explainer = Explainer(history: history, bytes: { try? store.get($0) })
        let targets = project.manifest.targets.map(\.name.description)
        if let target, !targets.contains(target) {
            throw DiagnosticsError([
                Self.unknownTarget(target, in: project)
            ])
        }
        let passes =
            PassID.allCases.flatMap { pass -> [Explanation] in
                if pass.isTargetFree { return [explainer.explain(Node(pass.rawValue, [name]))].compactMap { $0 } }
                return targets.filter { target == nil || target == $0 }.compactMap {
                    explainer.explain(Node(pass.rawValue, [name, $0]))
                }
            }
            + project.manifest.passes.flatMap { pass in
                targets.filter { target == nil || target == $0 }.compactMap {
                    explainer.explain(Node(pass.name.description, [name, $0]))
                }
            }
        if passes.isEmpty {
            throw DiagnosticsError([
                Diagnostic(
                    "explain.unknown", .error, "'\(name)' was never built here", hint: "run `skvm build`", fault: .usage
                )
            ])
        }
        return ExplainReport(package: name, passes: passes)
    }

    /// The actions of the project's last builds, from the history: those of `packages`; when nothing is said, of the member
    /// that this is run in, or else all.
    package func graph(packages: PackageSelection, target: String?) async throws -> GraphReport {
        let project = try self.project()
        let history = History(try ActionCache(root: memory(of: project.root)))
        let resolved = try await looking(project)
        let chosen = try self.chosen(packages, among: resolved, project)
        if let target, !project.manifest.targets.contains(where: { $0.name.description == target }) {
            throw DiagnosticsError([Self.unknownTarget(target, in: project)])
        }
        var report = GraphReport(nodes: [], edges: [])
        for package in chosen.map(\.id.name.description) {
            let passes =
                PassID.allCases.map { (id: $0.rawValue, isTargetFree: $0.isTargetFree) }
                + project.manifest.passes.map { (id: $0.name.description, isTargetFree: false) }
            for pass in passes {
                let subjects: [[String]] =
                    pass.isTargetFree
                    ? [[package]]
                    : project.manifest.targets.map(\.name.description).filter { target == nil || target == $0 }
                        .map { [package, $0] }
                for subject in subjects {
                    let node = Node(pass.id, subject)
                    report.nodes.append(
                        .init(
                            id: Explainer.name(node), pass: pass.id, package: package,
                            target: subject.count > 1 ? subject[1] : nil))
                    let producers = Set((history.record(of: node)?.inputs ?? []).compactMap(\.producer))
                    report.edges += producers.sorted().map { .init(from: Explainer.name($0), to: Explainer.name(node)) }
                }
            }
        }
        if report.nodes.isEmpty {
            throw DiagnosticsError([
                Diagnostic(
                    "graph.empty", .error, "the project has nothing to compile",
                    hint: "add a skill and a target first: `skvm add NAME`, `skvm target add NAME …`", fault: .usage)
            ])
        }
        return report
    }

    /// The edits that made a package's variant for a target, beside the source's text.
    package func diff(_ package: PackageSelection, target: String?) async throws -> DiffReport {
        try await healing(try self.project()) { try await $0.diffOnce(package, target: target) }
    }

    private func diffOnce(_ package: PackageSelection, target: String?) async throws -> DiffReport {
        let project = try self.project()
        let name = try chosenName(package, project)
        try requireTargets(project)
        let names = project.manifest.targets.map(\.name.description)
        guard let target = target ?? (names.count == 1 ? names[0] : nil) else {
            throw DiagnosticsError([
                Diagnostic(
                    "diff.target", .error, "the project has several targets",
                    hint: "name one with --target: \(names.joined(separator: ", "))", fault: .usage)
            ])
        }
        let outcome = try await compile(
            project, command: "diff", packages: PackageSelection([name]), targets: [target])
        guard let tree = outcome.variants.first?.tree,
            let package = outcome.resolved.packages.first(where: { $0.id.name.description == name })
        else { throw DiagnosticsError(outcome.report.diagnostics) }
        let variant = try store.entries(of: tree)
        let manifest = try CanonicalJSON.decode(
            VariantManifest.self, from: try text(".skvm/variant.json", variant))
        let passes = outcome.variants.first?.passes ?? [:]
        let lowered = try output(PassResult<EditSet>.self, passes[PassID.lower.rawValue])
        let scheduled = try output(PassResult<ScheduleResult>.self, passes[PassID.schedule.rawValue])
        // The spans count bytes of the text that the passes saw: bytes that are no UTF-8 were replaced in it.
        let source = String(decoding: try text("SKILL.md", package.entries), as: UTF8.self)
        var edits = (lowered.value?.edits ?? []) + (scheduled.value?.edits.edits ?? [])
        for pass in project.manifest.passes {
            edits += try output(PassResult<EditSet>.self, passes[pass.name.description]).value?.edits ?? []
        }
        return DiffReport(
            package: name, target: target, hunks: DiffHunks.make(edits, of: Array(source.utf8)),
            added: try manifest.added.map { path in
                let text = String(decoding: try self.text(path.text, variant), as: UTF8.self)
                return DiffReport.AddedFile(path: path.text, lines: DiffHunks.lines(Array(text.utf8)[...]))
            },
            open: manifest.open.map { DiffReport.OpenGap(gap: $0.gap.shown, why: $0.why) }, tokens: manifest.tokens)
    }

    private func output<Value: Decodable>(_ type: Value.Type, _ digest: Digest?) throws -> Value {
        guard let digest else { throw UnusableInput() }
        return try CanonicalJSON.decode(type, from: try store.bytes(of: digest))
    }

    private func text(_ path: String, _ entries: [TreeEntry]) throws -> [UInt8] {
        guard let blob = entries.first(where: { $0.path.text == path })?.blob else { throw UnusableInput() }
        return try store.bytes(of: blob.digest)
    }
}

package import Basics
import SkillModel

/// Why a package is in the project.
package struct WhyReport: Report, Codable, Equatable {
    package struct Step: Sendable, Codable, Equatable {
        /// What is required: `charts 1.0.2`.
        package var package: String
        /// In the words of the one who requires it, the step before: `^1.0`; nil where its source can't be asked.
        package var required: String?
    }
    package struct Chain: Sendable, Codable, Equatable {
        /// `skvm.toml`, or a member of the workspace.
        package var from: String
        package var steps: [Step]
    }

    package var version = 1
    package var command = "why"
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    package var package: String
    /// The shortest, at most `greatestCount`.
    package var chains: [Chain]
    package var more: Bool
    /// Where the chains were to begin, if that was said.
    package var from: String?

    static let greatestCount = 10

    package var text: String {
        var lines = [package]
        for chain in chains {
            lines.append("  " + chain.from)
            for (depth, step) in chain.steps.enumerated() {
                let indent = String(repeating: "  ", count: min(depth, 40) + 2)
                lines.append("\(indent)└ \(step.package)" + (step.required.map { ", required as \($0)" } ?? ""))
            }
        }
        if chains.isEmpty {
            lines.append(
                "  " + (from.map { "\($0) does not need it" } ?? "a member of the workspace; nothing depends on it"))
        }
        if more { lines.append("  … and further chains of that length") }
        return lines.joined(separator: "\n")
    }
}

extension Workspace {
    /// The shortest chains that lead from the manifest, or a member, to a package, with the requirement at each step; only
    /// from `packages` when there are any.
    package func why(_ name: String, packages selection: PackageSelection = []) async throws -> WhyReport {
        let project = try self.project()
        let resolved = try await looking(project)
        let wanted = try package(name, in: resolved, id: "why.unknown")
        // Without a source at hand the chains are still what the lock says.
        let requirements = (try? await resolved.requirements(project)) ?? Requirements()
        let ids = Dictionary(resolved.packages.map { ($0.id.name, $0.id) }, uniquingKeysWith: { first, _ in first })

        // Breadth first, from the roots: of each package those that lead to it in the fewest steps; nil is the manifest.
        // The skill beside the manifest requires what the manifest does.
        let isNarrow = !selection.isUnsaid && !selection.isAll
        let members =
            isNarrow
            ? try chosen(selection, among: resolved, project)
            : resolved.packages.filter { if case .workspace(.some) = $0.source { true } else { false } }
        var parents: [PackageName: [PackageName?]] = [:]
        var distance: [PackageName: Int] = [:]
        for name in project.manifest.dependencies.map(\.name) where ids[name] != nil && !isNarrow {
            parents[name, default: []].append(nil)
            distance[name] = 1
        }
        // Not from itself: of members that need each other, the chain to one begins at another.
        for member in members where distance[member.id.name] == nil && member.id.name != wanted.id.name {
            distance[member.id.name] = 0
        }
        let table = Dictionary(resolved.packages.map { ($0.id.name, $0) }, uniquingKeysWith: { first, _ in first })
        var open = distance.keys.sorted { (distance[$0] ?? 0, $0) < (distance[$1] ?? 0, $1) }
        var next = 0
        while next < open.count {
            let name = open[next]
            next += 1
            let here = distance[name] ?? 0
            for child in (table[name]?.dependencies ?? []).map(\.name) where child != name {
                if distance[child] == nil {
                    distance[child] = here + 1
                    open.append(child)
                }
                if distance[child] == here + 1 { parents[child, default: []].append(name) }
            }
        }

        var chains: [WhyReport.Chain] = []
        var paths: [[PackageName]] = [[wanted.id.name]]
        var more = false
        while let path = paths.popLast() {
            guard let first = path.first else { continue }
            for parent in (parents[first] ?? []).reversed() {
                guard let parent else {
                    chains.append(Self.chain(from: nil, path, ids, requirements))
                    continue
                }
                if distance[parent] == 0 {
                    chains.append(Self.chain(from: parent, path, ids, requirements))
                } else {
                    paths.append([parent] + path)
                }
            }
            if chains.count > WhyReport.greatestCount {
                more = true
                break
            }
        }
        return WhyReport(
            package: wanted.id.description, chains: Array(chains.prefix(WhyReport.greatestCount)), more: more,
            from: isNarrow ? members.map(\.id.description).joined(separator: ", ") : nil)
    }

    private static func chain(
        from root: PackageName?, _ path: [PackageName], _ ids: [PackageName: PackageID], _ requirements: Requirements
    ) -> WhyReport.Chain {
        var before = root
        var steps: [WhyReport.Step] = []
        for name in path {
            let edge = requirements.edges.first { $0.dependent == before && $0.name == name }
            steps.append(.init(package: ids[name]?.description ?? name.description, required: edge?.text))
            before = name
        }
        return WhyReport.Chain(from: root.flatMap { ids[$0]?.description } ?? Manifest.fileName, steps: steps)
    }
}

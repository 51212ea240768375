package import Basics
import SkillModel

/// The project's packages and what leads to what.
package struct TreeReport: Report, Codable, Equatable {
    package struct Package: Sendable, Codable, Equatable {
        /// `charts 1.0.2`: how `dependencies` and `roots` name it.
        package var id: String
        package var source: String
        /// Left out of the text: it comes from the default registry.
        package var isDefault: Bool
        package var dependencies: [String]
    }
    /// A tree that is drawn; the manifest's own has no package.
    package struct Root: Sendable, Codable, Equatable {
        package var label: String
        package var package: String?
        package var children: [String]
    }

    package var version = 1
    package var command = "tree"
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    /// What the trees hang from: the manifest and the members, or with `--invert` and `--duplicates` those packages.
    package var roots: [Root]
    /// Sorted by id.
    package var packages: [Package]
    /// Whether the branches of the text lead to dependents.
    package var inverted: Bool
    /// How many packages below a root are shown; nil for all.
    package var depth: Int?
    /// With `--invert` and `--duplicates`: the manifest's own tree, where the chains of dependents end. Nil where the skill
    /// beside the manifest has its dependencies.
    package var manifest: Root?

    package var text: String { TreeDrawing(self).text }
}

/// A tree as cargo draws it: a package that was drawn with its branches before is marked `(*)`.
private struct TreeDrawing {
    private let report: TreeReport
    private let packages: [String: TreeReport.Package]
    private let branches: [String: [String]]
    private var lines: [String] = []
    private var drawn: Set<String> = []
    /// Trees can be wide and deep; a person reads no more.
    private static let greatestLines = 50_000
    private static let greatestIndent = 40

    init(_ report: TreeReport) {
        self.report = report
        packages = Dictionary(report.packages.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        if report.inverted {
            var dependents: [String: [String]] = [:]
            for package in report.packages {
                for id in package.dependencies { dependents[id, default: []].append(package.id) }
            }
            if let manifest = report.manifest {
                for id in manifest.children { dependents[id, default: []].append(manifest.label) }
            }
            branches = dependents
        } else {
            branches = packages.mapValues(\.dependencies)
        }
        for root in report.roots {
            if !lines.isEmpty { lines.append("") }
            draw(root)
        }
    }

    var text: String { lines.joined(separator: "\n") }

    /// Without recursion: the graph may be as deep as a registry is large.
    private mutating func draw(_ root: TreeReport.Root) {
        lines.append(root.label)
        if let id = root.package { drawn.insert(id) }
        let children = report.inverted ? root.package.flatMap { branches[$0] } ?? [] : root.children
        var open = entries(children, prefix: "", depth: 1)
        while let (id, indent, isLast, depth) = open.popLast() {
            if lines.count >= Self.greatestLines { return lines.append("…") }
            let children = branches[id] ?? []
            let isKnown = !children.isEmpty && !drawn.insert(id).inserted
            lines.append(indent + (isLast ? "└── " : "├── ") + label(id) + (isKnown ? " (*)" : ""))
            if isKnown { continue }
            // Past this depth all branches have one indent: lines as long as the chain is deep would fill the memory.
            let below = depth < Self.greatestIndent ? indent + (isLast ? "    " : "│   ") : indent
            open += entries(children, prefix: below, depth: depth + 1)
        }
    }

    private func entries(_ ids: [String], prefix: String, depth: Int) -> [(String, String, Bool, Int)] {
        if let greatest = report.depth, depth > greatest { return [] }
        return ids.enumerated().reversed().map { ($1, prefix, $0 == ids.count - 1, depth) }
    }

    private func label(_ id: String) -> String {
        guard let package = packages[id], !package.isDefault else { return id }
        return "\(id) (\(package.source))"
    }
}

extension Workspace {
    /// What the project depends on, as the lock has it; with `invert`, what depends on that package; with `duplicates`, who
    /// brings in packages that are there more than once.
    ///
    /// The trees are those of `packages`; when nothing is said, of the member that this is run in, or else all.
    package func tree(
        invert: String? = nil, duplicates: Bool = false, depth: Int? = nil, packages selection: PackageSelection = []
    ) async throws -> TreeReport {
        let project = try self.project()
        let resolved = try await looking(project)
        let shelf = try RegistryShelf(project, self)
        let main = try shelf.entry(nil).source
        let packages = resolved.packages.map { package in
            TreeReport.Package(
                id: package.id.description, source: package.source.description, isDefault: package.source == main,
                dependencies: package.dependencies.map(\.description))
        }
        var report = TreeReport(roots: [], packages: packages, inverted: invert != nil || duplicates, depth: depth)
        if let invert {
            report.manifest = Self.manifestRoot(project, resolved)
            report.roots = [Self.root(try package(invert, in: resolved, id: "tree.unknown"), report)]
        } else if duplicates {
            report.manifest = Self.manifestRoot(project, resolved)
            report.roots = Self.duplicates(resolved.packages).map { Self.root($0, report) }
        } else if try selection.isAll
            || (selection.isUnsaid && project.member(at: settings.workingDirectory) == nil)
        {
            report.roots = Self.roots(project, resolved, report)
        } else {
            report.roots = try chosen(selection, among: resolved, project).map { Self.root($0, report) }
        }
        return report
    }

    private static func roots(_ project: Project, _ resolved: Resolved, _ report: TreeReport) -> [TreeReport.Root] {
        var roots: [TreeReport.Root] = []
        let members = resolved.packages.filter { if case .workspace = $0.source { true } else { false } }
        if let manifest = manifestRoot(project, resolved),
            !project.manifest.dependencies.isEmpty || members.isEmpty
        {
            roots.append(manifest)
        }
        for member in members { roots.append(root(member, report)) }
        return roots
    }

    /// Nil where the skill beside the manifest has the manifest's dependencies for its own.
    private static func manifestRoot(_ project: Project, _ resolved: Resolved) -> TreeReport.Root? {
        if resolved.packages.contains(where: { $0.source == .workspace(nil) }) { return nil }
        let ids = Dictionary(
            resolved.packages.map { ($0.id.name, $0.id.description) }, uniquingKeysWith: { first, _ in first })
        return .init(
            label: "\(Manifest.fileName) (\(project.root))", package: nil,
            children: project.manifest.dependencies.compactMap { ids[$0.name] }.sorted())
    }

    private static func root(_ package: ResolvedPackage, _ report: TreeReport) -> TreeReport.Root {
        let id = package.id.description
        let children =
            report.inverted
            ? report.packages.filter { $0.dependencies.contains(id) }.map(\.id)
            : package.dependencies.map(\.description)
        let isDefault = report.packages.first { $0.id == id }?.isDefault ?? true
        return .init(label: isDefault ? id : "\(id) (\(package.source))", package: id, children: children)
    }

    /// Packages that share their own name or their very files with another.
    private static func duplicates(_ packages: [ResolvedPackage]) -> [ResolvedPackage] {
        let names = Dictionary(grouping: packages, by: \.ownName).mapValues(\.count)
        let trees = Dictionary(grouping: packages, by: \.tree).mapValues(\.count)
        return packages.filter { names[$0.ownName] ?? 0 > 1 || trees[$0.tree] ?? 0 > 1 }
    }
}

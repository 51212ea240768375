import Basics
import SkillModel

/// The packages that a command is told to work on (`-p`, `--workspace`).
package struct PackageSelection: Sendable, Hashable, ExpressibleByArrayLiteral {
    /// Names; `*` stands for any part of one.
    package var patterns: [String]
    /// Whether all are meant, also where the command is run inside of one member.
    package var isAll: Bool

    package init(_ patterns: [String], isAll: Bool = false) {
        self.patterns = patterns
        self.isAll = isAll
    }

    package init(arrayLiteral elements: String...) { self.init(elements) }

    package static let all = PackageSelection([], isAll: true)

    /// Nothing was said: what is meant depends on where the command is run.
    var isUnsaid: Bool { patterns.isEmpty && !isAll }

    /// Those of `known` that are named.
    ///
    /// Throws `package.unknown` with the nearest name, for a pattern that none has, too.
    func names(among known: [String]) throws -> Set<String> {
        if isAll { return Set(known) }
        var names: Set<String> = []
        for pattern in patterns {
            let found =
                pattern.contains("*")
                ? known.filter { MemberPattern.matches($0, pattern) } : known.filter { $0 == pattern }
            if found.isEmpty { throw DiagnosticsError([Workspace.unknownPackage(pattern, among: known)]) }
            names.formUnion(found)
        }
        return names
    }

    /// The one that is named. Throws `package.several` when a pattern has more.
    func name(among known: [String]) throws -> String? {
        let names = try names(among: known).sorted()
        if names.count > 1 {
            throw DiagnosticsError([
                Diagnostic(
                    "package.several", .error, "this command is for one package, and -p names \(names.count)",
                    hint: "name one of \(names.prefix(10).joined(separator: ", "))", fault: .usage)
            ])
        }
        return names.first
    }
}

extension Workspace {
    /// The packages that a command works on whose default is the member that it is run in, and outside of one all.
    func chosen(
        _ selection: PackageSelection, among resolved: Resolved, _ project: Project
    ) throws -> [ResolvedPackage] {
        if selection.isAll { return resolved.packages }
        if selection.patterns.isEmpty {
            guard let folder = try project.member(at: settings.workingDirectory) else { return resolved.packages }
            return resolved.packages.filter { $0.source.isFolder && project.absolute($0.place) == folder }
        }
        let names = try selection.names(
            among: resolved.packages.map(\.id.name.description) + resolved.broken.map(\.name))
        return resolved.packages.filter { names.contains($0.id.name.description) }
    }

    /// The name of the one package that a command is for: as `selection` has it, else that of the member that this is run in,
    /// as the lock calls it. A name without `*` need not be known: nothing is resolved. Throws `package.several`, and
    /// `package.none` when nothing says which.
    func chosenName(_ selection: PackageSelection, _ project: Project) throws -> String {
        let known = try project.lock()?.packages ?? []
        if selection.patterns.count == 1, let name = selection.patterns.first, !name.contains("*") {
            return try packageName(ofFolder: name, among: known, project) ?? name
        }
        if selection.isUnsaid, let folder = try project.member(at: settings.workingDirectory) {
            let source = PackageSource.workspace(RelativePath(project.shown(folder)))
            return "\(try known.first { $0.source == source }?.id.name ?? project.skillName(in: folder))"
        }
        let names = known.map(\.id.name.description)
        if selection.isUnsaid, names.count == 1 { return names[0] }
        guard let name = try selection.name(among: names) else { throw DiagnosticsError([Self.unsaid(names)]) }
        return name
    }

    /// Whose folder is named instead of the package; nil for what is a package's name, or no skill's folder. Throws
    /// `package.folder` for a skill that the project has not.
    private func packageName(
        ofFolder text: String, among known: [LockedPackage], _ project: Project
    ) throws -> String? {
        let folder = FileSystem.absolute(text, from: settings.workingDirectory)
        let isName = known.contains { $0.id.name.description == text }
        guard !isName, FileSystem.exists(folder + "/SKILL.md") else { return nil }
        let owner = known.first { package in
            switch package.source {
            case .workspace(let path): (path.map { project.absolute($0.text) } ?? project.root) == folder
            case .path(let path): project.absolute(path) == folder
            default: false
            }
        }
        if let owner { return "\(owner.id.name)" }
        throw DiagnosticsError([
            Diagnostic(
                "package.folder", .error, "\(text) is a skill's folder, and no package of the project",
                hint: "to see what it demands: `skvm inspect \(text)`; to have it in the project: `skvm add "
                    + "\(text.contains("/") ? text : "./\(text)")`", fault: .usage)
        ])
    }

    static func unsaid(_ known: [String]) -> Diagnostic {
        Diagnostic(
            "package.none", .error, "nothing says which package is meant",
            hint: known.isEmpty
                ? "the project has none: `skvm add NAME`" : "name one: \(known.prefix(10).joined(separator: ", "))",
            fault: .usage)
    }

    /// Where a command is run is part of what it was asked, if it may mean the member that this is in.
    func words(of selection: PackageSelection, root: String) -> [String] {
        if selection.isAll { return ["--workspace"] }
        if selection.patterns.isEmpty, settings.workingDirectory != root { return ["in", settings.workingDirectory] }
        return selection.patterns
    }
}

extension Resolved {
    /// Those packages and all that they need.
    func closure(of packages: [ResolvedPackage]) -> Set<PackageName> {
        let table = Dictionary(self.packages.map { ($0.id.name, $0) }, uniquingKeysWith: { first, _ in first })
        var seen = Set(packages.map(\.id.name))
        var open = Array(seen)
        while let name = open.popLast() {
            for id in table[name]?.dependencies ?? [] where seen.insert(id.name).inserted { open.append(id.name) }
        }
        return seen
    }
}

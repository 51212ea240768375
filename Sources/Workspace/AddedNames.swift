import Basics
import SkillModel

/// The names under which `skvm add` puts skills into a manifest, some of whose names are taken.
///
/// One skill that the user named with its source takes the place of another source's, as in cargo and uv, and that is said.
/// What comes in a plugin, or after a namesake on one command line, takes nobody's place: it gets a name of its own, of its name
/// and the last word of its place that says something.
struct AddedNames {
    /// A skill's entry in `[dependencies]`, and what there is to say of it.
    struct Entry {
        var name: PackageName
        var remarks: [Diagnostic] = []
    }

    /// A name alone asks for no other source than the dependency of that name has: a package that happens to be called the
    /// same in the default registry must not take its place unasked. Nil where nothing is in the way.
    ///
    /// Throws `add.other-source` for a name with a range: that would have to be of a source that is not said.
    static func kept(_ text: String, among dependencies: [ManifestDependency]) throws -> Diagnostic? {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = PackageName(parts[0]), parts.count == 1 || VersionRange(parts[1]) != nil,
            let known = dependencies.first(where: { $0.name == name })
        else { return nil }
        if case .registry(_, nil) = known.source { return nil }
        let place = known.source.place
        if parts.count == 2 {
            throw AddSpec.fault(
                "add.other-source",
                "'\(name)' is a dependency already, from \(place): the range \(parts[1]) is of which source?",
                "say from where: skvm add \(text) --registry NAME; or change the range in skvm.toml")
        }
        return Diagnostic(
            "add.kept", .warning, "'\(name)' is a dependency already, from \(place): it stays", at: known.location,
            hint: "to take it from elsewhere, say from where: skvm add \(name) --registry NAME")
    }

    private var added: Set<PackageName> = []

    /// The entry for `spec` among `dependencies`, those that the manifest has by now. `isOne`: the user named this very skill.
    mutating func entry(
        for spec: AddSpec, isOne: Bool, among dependencies: NamedDependencies
    ) throws(DiagnosticsError) -> Entry {
        let known = dependencies.packages(of: spec.name).first { $0.source.hasOrigin(of: spec.source) }
        let entry: Entry
        if let known {
            if added.contains(known.name), known.source != spec.source {
                throw AddSpec.fault(
                    "add.twice", "'\(spec.name)' is named twice, with two versions or references",
                    "a project has one version of a package: name it once")
            }
            entry = Entry(name: known.name)
        } else {
            entry = try newEntry(spec, isOne, dependencies)
        }
        added.insert(entry.name)
        return entry
    }

    private func newEntry(
        _ spec: AddSpec, _ isOne: Bool, _ dependencies: NamedDependencies
    ) throws(DiagnosticsError) -> Entry {
        guard let other = dependencies[spec.name] else { return Entry(name: spec.name) }
        if isOne, !added.contains(spec.name) {
            return Entry(
                name: spec.name,
                remarks: [
                    Diagnostic(
                        "add.replaced", .warning,
                        "'\(spec.name)' came from \(other.source.place), and comes from \(spec.source.place) now",
                        at: other.location)
                ])
        }
        let others = InstalledNames.aliases(of: spec.name, from: spec.source.address)
        guard let name = others.first(where: { dependencies[$0] == nil }) else {
            throw AddSpec.fault(
                "add.name-taken", "there is a '\(spec.name)' from \(other.source.place) already",
                "give one of them another name in skvm.toml: NAME = { …, package = \"\(spec.name)\" }")
        }
        return Entry(
            name: name,
            remarks: [
                Diagnostic(
                    "add.renamed", .warning,
                    "'\(spec.name)' from \(spec.source.place) is called \(name) here: "
                        + "there is one from \(other.source.place)",
                    at: other.location)
            ])
    }
}

/// The dependencies of a manifest that is being edited, with what will be written into it at last: found by name in O(1).
struct NamedDependencies {
    private(set) var changes: [(name: PackageName, package: PackageName, source: ManifestDependency.Source)] = []
    private var byName: [PackageName: ManifestDependency] = [:]
    /// The names under which a package is a dependency.
    private var names: [PackageName: [PackageName]] = [:]

    init(_ dependencies: [ManifestDependency]) { for dependency in dependencies { add(dependency) } }

    subscript(name: PackageName) -> ManifestDependency? { byName[name] }

    /// In the order in which they stand.
    func packages(of name: PackageName) -> [ManifestDependency] { (names[name] ?? []).compactMap { byName[$0] } }

    mutating func set(_ name: PackageName, _ spec: AddSpec) {
        changes.append((name, spec.name, spec.source))
        add(
            ManifestDependency(
                name, package: spec.name == name ? nil : spec.name, spec.source,
                location: byName[name]?.location ?? SourceLocation(file: Manifest.fileName)))
    }

    private mutating func add(_ dependency: ManifestDependency) {
        if let old = byName.updateValue(dependency, forKey: dependency.name) {
            if old.ownName == dependency.ownName { return }
            names[old.ownName]?.removeAll { $0 == dependency.name }
        }
        names[dependency.ownName, default: []].append(dependency.name)
    }
}

extension ManifestDependency.Source {
    /// Where it comes from, for messages.
    var place: String {
        switch self {
        case .registry(_, let name): name.map { "the registry '\($0)'" } ?? "the default registry"
        case .git(let source): "\(source.url)\(source.path.map { "#\($0)" } ?? "")"
        case .web(let source, _): "\(source.url)"
        case .hub(let source, _, let registry): "@\(source.owner) of '\(registry)'"
        case .path(let path, _): "the folder \(path)"
        }
    }

    /// Where it comes from, the folder in a repository last.
    fileprivate var address: String {
        switch self {
        case .registry(_, let name): name ?? "default"
        case .git(let source):
            // `plugins/voice/skills/setup`: that it is a plugin says nothing.
            "\(source.url)/"
                + (source.path?.text ?? "").split(separator: "/").filter { $0 != "plugins" }.joined(separator: "/")
        case .web(let source, _): "\(source.url)"
        case .hub(let source, _, _): "\(source.owner)"
        case .path(let path, _): path
        }
    }

    /// Whether both name the same place, whatever the version.
    fileprivate func hasOrigin(of other: Self) -> Bool {
        switch (self, other) {
        case (.registry(_, let a), .registry(_, let b)): a == b
        case (.git(let a), .git(let b)): a.url == b.url && a.path == b.path
        // By its address: another digest is another version.
        case (.web(.file(let a, let path, _), _), .web(.file(let b, let other, _), _)): a == b && path == other
        case (.web(let a, _), .web(let b, _)): a == b
        case (.hub(let a, _, _), .hub(let b, _, _)): a == b
        case (.path(let a, _), .path(let b, _)): Self.plain(a) == Self.plain(b)
        default: false
        }
    }

    private static func plain(_ path: String) -> Substring { path.hasPrefix("./") ? path.dropFirst(2) : path[...] }
}

import Basics
import Registry
import Resolution
import SkillModel

/// Which packages a project has and what needs what, before their files are read.
struct PackageGraph: Sendable {
    struct Node: Sendable {
        enum Kind: Sendable {
            case folder(FolderSkill)
            /// As the lock has it.
            case locked(LockedPackage)
            /// Chosen now.
            case released(PackageRelease)
        }

        var kind: Kind
        /// What its author calls it, or the project's patch.
        var name: PackageName
        var source: PackageSource
        var version: Version
        var commit: CommitID?
        var patched: PackageSource?
        /// Nil where the lock answered.
        var key: PackageKey?
        /// What the project's manifest, or else a folder skill's, calls it.
        var wanted: PackageName?
        /// Places in `nodes`, each once.
        var dependencies: [Int] = []
        /// What the lock says of their versions.
        var ranges: [PackageName: LockedRange] = [:]
        /// And of the registries that they are from.
        var registries: [PackageName: [PackageSource]] = [:]

        /// Whether both are the same version of the same package, from the same commit of the same source.
        func isSamePackage(as other: Node) -> Bool {
            name == other.name && version == other.version && source == other.source && commit == other.commit
                && patched == other.patched
        }
    }

    var nodes: [Node] = []
    /// What the project's manifest names.
    var roots: [Int] = []
    /// What the members that nothing depends on need, by their folders.
    var memberNeeds: [String: [Int]] = [:]
    /// What the lock says of the versions of these.
    var memberRanges: [String: [PackageName: LockedRange]] = [:]
    /// What the lock says of what the project's manifest asks for, by the names there.
    var wishes: [PackageName: LockedRange] = [:]
    /// What is to be said of versions that would have been taken.
    var passedOver: [Diagnostic] = []

    /// From which registries what is from none takes packages; of what a patch stands in for, from which it would.
    func registries(of place: Int) -> [PackageName: [PackageSource]] {
        let node = nodes[place]
        if node.source.isRegistry || node.source.isFolder { return [:] }
        var found: [PackageName: Set<PackageSource>] = [:]
        for child in node.dependencies.map({ nodes[$0] }) {
            let source = child.patched ?? child.source
            if source.isRegistry { found[child.name, default: []].insert(source) }
        }
        return found.mapValues { $0.sorted() }
    }

    /// Everything that `start` leads to, itself included.
    func reached(from start: [Int]) -> Set<Int> {
        var seen = Set(start)
        var open = start
        while let next = open.popLast() {
            for child in nodes[next].dependencies where seen.insert(child).inserted { open.append(child) }
        }
        return seen
    }

    /// Gives the packages that `declared` (by key, in the order of precedence) names those names.
    ///
    /// Throws `resolve.two-names` when the project's own manifest has two names for one package.
    mutating func claim(_ declared: [(dependency: ManifestDependency, node: Int, isRoot: Bool)]) throws {
        var claimed: Set<PackageName> = []
        for (dependency, node, isRoot) in declared {
            if let other = nodes[node].wanted {
                guard isRoot, other != dependency.name else { continue }
                throw DiagnosticsError([
                    Diagnostic(
                        "resolve.two-names", .error,
                        "'\(other)' and '\(dependency.name)' are one package, '\(nodes[node].name)' of \(nodes[node].source)",
                        at: dependency.location, hint: "keep one of them: a source has one version of a package")
                ])
            }
            if claimed.insert(dependency.name).inserted { nodes[node].wanted = dependency.name }
        }
    }

    /// The name that each node is installed under.
    func names(main: PackageSource) -> [PackageName] {
        InstalledNames.assign(
            nodes.map { .init($0.name, $0.source, commit: $0.commit, wanted: $0.wanted) }, main: main)
    }
}

/// A folder's path seen from another folder.
enum RelativeFolder {
    /// `.` for the same; `..` where it must be. Both are absolute.
    static func path(_ path: String, from root: String) -> String {
        if path == root { return "." }
        let from = root.split(separator: "/")
        let to = path.split(separator: "/")
        let common = zip(from, to).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: from.count - common) + to.dropFirst(common).map(String.init))
            .joined(separator: "/")
    }
}

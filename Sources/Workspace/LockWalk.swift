import Basics
import Resolution
import SkillModel

/// Walks through a lock from what manifests declare, as far as it satisfies them.
struct LockWalk {
    let lock: Lockfile
    let binder: Binder
    var graph = PackageGraph()
    private var byFolder: [String: Int] = [:]
    private var byName: [PackageName: Int] = [:]
    /// Of folders, by their places.
    private var ranges: [Int: RecordedRanges] = [:]
    private var open: [(dependency: ManifestDependency, root: String, dependent: Int?)] = []
    /// The lock's packages from repositories, by their own names: of one there may be several versions.
    private let ofRepositories: [PackageName: [LockedPackage]]

    init(lock: Lockfile, binder: Binder) {
        self.lock = lock
        ofRepositories = Dictionary(
            grouping: lock.packages.filter { if case .git = $0.source { true } else { false } }, by: \.name)
        self.binder = binder
    }

    /// False when something is not in the lock.
    mutating func run(_ declared: [Resolver.Declared]) throws -> Bool {
        open = declared.map { ($0.dependency, $0.root, nil) }
        while let (dependency, root, dependent) = open.popLast() {
            let bound = try binder.bind(dependency, declaredIn: root, registry: nil)
            let place: Int
            if case .folder(let path) = bound.binding {
                guard let skill = binder.folders[path], bound.requirement.contains(skill.version) else { return false }
                place = add(skill, path, bound.key.name, bound.patched)
            } else {
                guard let record = record(for: dependency, bound), let found = add(record) else { return false }
                place = found
            }
            if let dependent {
                connect(dependent, place)
                ranges[dependent, default: RecordedRanges()].add(bound.lockedRange, of: graph.nodes[place].name)
            }
        }
        for (place, ranges) in ranges { graph.nodes[place].ranges = ranges.ranges }
        for index in graph.nodes.indices { graph.nodes[index].dependencies.sort() }
        return true
    }

    /// Where a declared dependency led.
    func place(of dependency: ManifestDependency, from root: String) throws -> Int? {
        let bound = try binder.bind(dependency, declaredIn: root, registry: nil)
        if case .folder(let path) = bound.binding { return byFolder[path] }
        return record(for: dependency, bound).flatMap { byName[$0.id.name] }
    }

    /// The lock's record that satisfies a dependency: of several, the one that is installed under its name.
    private func record(for dependency: ManifestDependency, _ bound: BoundDependency) -> LockedPackage? {
        func fits(_ record: LockedPackage) -> Bool {
            bound.isSource(of: record, binder.shelf) && bound.requirement.contains(record.version)
                && (bound.patchRange?.contains(record.version) ?? true)
        }
        if case .git = bound.binding {
            return bound.record(of: (ofRepositories[bound.key.name] ?? []).filter(fits), under: dependency.name)
        }
        if let record = lock.package(dependency.name), fits(record) { return record }
        return lock.packages.first(where: fits)
    }

    private mutating func connect(_ dependent: Int, _ place: Int) {
        if !graph.nodes[dependent].dependencies.contains(place) { graph.nodes[dependent].dependencies.append(place) }
    }

    private mutating func add(
        _ skill: FolderSkill, _ path: String, _ name: PackageName, _ patched: PackageSource?
    ) -> Int {
        if let known = byFolder[path] { return known }
        let place = graph.nodes.count
        byFolder[path] = place
        graph.nodes.append(
            PackageGraph.Node(
                kind: .folder(skill), name: name, source: .path(path), version: skill.version, patched: patched))
        open += (skill.manifest?.dependencies ?? []).map { ($0, path, place) }
        return place
    }

    /// A record with all that it leads to: what a fetched package needs was checked when it was locked, and its bytes are
    /// pinned. Nil when the lock lacks something, or a patch says otherwise now.
    private mutating func add(_ record: LockedPackage) -> Int? {
        var new: [(place: Int, record: LockedPackage)] = []
        var records = [record]
        while let record = records.popLast() {
            guard byName[record.id.name] == nil else { continue }
            byName[record.id.name] = graph.nodes.count
            new.append((graph.nodes.count, record))
            graph.nodes.append(
                PackageGraph.Node(
                    kind: .locked(record), name: record.name, source: record.source, version: record.version,
                    commit: record.source.hasCommit ? record.commit : nil, patched: record.patched,
                    ranges: record.ranges, registries: record.registries))
            for id in record.dependencies {
                guard let child = lock.package(id.name), child.version == id.version,
                    binder.isCurrent(child, of: record)
                else {
                    return nil
                }
                if !child.source.isFolder { records.append(child) }
            }
        }
        for (place, record) in new {
            for id in record.dependencies {
                guard let child = lock.package(id.name), let found = byName[id.name] ?? addFolder(child) else {
                    return nil
                }
                connect(place, found)
            }
        }
        return byName[record.id.name]
    }

    /// A folder that stands in for a package.
    private mutating func addFolder(_ record: LockedPackage) -> Int? {
        guard case .path(let path) = record.source, let patched = record.patched,
            let name = binder.patchedName(of: record, patched)
        else { return nil }
        let full = FileSystem.absolute(path, from: binder.root)
        return binder.folders[full].map { add($0, full, name, patched) }
    }
}

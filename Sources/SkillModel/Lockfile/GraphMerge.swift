/// The packages of two locks made one by what asks for them: by the ranges that a lock keeps, and from what the project and its
/// members ask for. What both sides moved is taken in the newer version where all that requires it allows that; what nothing
/// requires any more is left out.
///
/// A function of the three locks, the same with ours and theirs exchanged.
struct GraphMerge {
    private let sides: LockSides
    /// What the project asks for; of what both sides changed, nothing.
    private(set) var wishes: [PackageName: LockedRange] = [:]
    /// What is reached. Their dependencies' versions are still those of the side that each came from.
    private(set) var packages: [PackageName: LockedPackage] = [:]
    /// Packages of which one can't be had with what the other side has. Empty when the merge is right.
    private(set) var failed: Set<PackageName> = []
    /// Which range keeps a package from being the version that there would be, in words: `bb 1.0.0 takes shared ~1.0`.
    private(set) var reasons: [PackageName: String] = [:]

    /// Nil when one of the locks doesn't tell what the project asks for: it was written before locks did, or by hand.
    init?(_ sides: LockSides) {
        guard [sides.base, sides.ours, sides.theirs].allSatisfy(\.isClosed) else { return nil }
        self.sides = sides
        let merged = sides.mergedWishes()
        wishes = merged.wishes
        failed = merged.contested
        reach(from: merged)
        for package in packages.values.sorted(by: { $0.id < $1.id }) {
            for dependency in package.dependencies { check(dependency.name, of: package) }
        }
        for (name, wish) in wishes { check(name, wish) }
        checkNames()
    }

    // MARK: What there is

    private mutating func reach(from merged: LockSides.Wishes) {
        var open = Array(wishes.keys) + merged.contested + sides.members()
        while let name = open.popLast() {
            guard packages[name] == nil else { continue }
            guard let package = candidate(name) else {
                failed.insert(name)
                continue
            }
            packages[name] = package
            open += package.dependencies.map(\.name)
        }
    }

    /// The record of a package if it is in the merged lock at all; nil when the sides can't be made one.
    private func candidate(_ name: PackageName) -> LockedPackage? {
        let (base, ours, theirs) = (sides.base.packages[name], sides.ours.packages[name], sides.theirs.packages[name])
        guard let ours, let theirs else { return ours ?? theirs }
        if LockSides.same(ours, theirs) { return ours.joined(with: theirs) }
        if LockSides.same(base, ours) { return theirs }
        if LockSides.same(base, theirs) { return ours }
        return Self.newer(ours, theirs, since: base)
    }

    /// The newer of two versions of one package. Nil where not only the version is another, and where one side went back on
    /// purpose.
    private static func newer(
        _ ours: LockedPackage, _ theirs: LockedPackage, since base: LockedPackage?
    ) -> LockedPackage? {
        guard ours.isVersionOf(theirs), ours.signer == theirs.signer, ours.version != theirs.version else { return nil }
        if let base, base.isVersionOf(ours), min(ours.version, theirs.version) < base.version { return nil }
        return ours.version < theirs.version ? theirs : ours
    }

    // MARK: Whether it goes together

    private mutating func check(_ name: PackageName, of dependent: LockedPackage) {
        guard let found = packages[name] else { return }
        let holders = sides.both.filter { LockSides.same($0.packages[dependent.id.name], dependent) }
        if holders.contains(where: { $0.packages[name]?.stands(for: found) ?? false }) { return }
        let wasOfThis = holders.contains { $0.packages[name]?.isVersionOf(found) ?? false }
        let range = dependent.ranges[found.name]
        if wasOfThis, range?.allows(found.version) ?? false { return }
        failed.formUnion([dependent.id.name, name])
        if wasOfThis, case .versions? = range {
            tell(name, "\(dependent.id) takes \(name) \(range?.description ?? "")")
        }
    }

    private mutating func check(_ name: PackageName, _ wish: LockedRange) {
        guard let found = packages[name] else { return }
        if case .versions(let range) = wish, !range.contains(found.version) {
            failed.insert(name)
            tell(name, "the project takes \(name) \(range)")
            return
        }
        let holders = sides.both.filter { $0.wishes[name] == wish }
        if holders.contains(where: { $0.packages[name]?.stands(for: found) ?? false }) { return }
        let wasOfThis = holders.contains { $0.packages[name]?.isVersionOf(found) ?? false }
        if !wasOfThis || !wish.allows(found.version) { failed.insert(name) }
    }

    private mutating func tell(_ name: PackageName, _ reason: String) {
        reasons[name] = reasons[name].map { "\($0), \(reason)" } ?? reason
    }

    /// A package has an alias because another has its own name, and a project has one version of it: what is true on each side
    /// may not be of both.
    private mutating func checkNames() {
        for (name, package) in packages where package.alias != nil && wishes[name] == nil {
            let origins = sides.both.filter { LockSides.same($0.packages[name], package) }
            if packages[package.name] == nil, !origins.contains(where: { $0.packages[package.name] == nil }) {
                failed.insert(name)
            }
        }
        let twins = Dictionary(grouping: packages.values.filter { !$0.source.isFolder }) { "\($0.name) \($0.source)" }
        for (_, group) in twins where group.count > 1 {
            let names = group.map(\.id.name)
            let wasSo = sides.both.contains { side in names.allSatisfy { side.packages[$0] != nil } }
            if !wasSo { failed.formUnion(names) }
        }
    }
}

extension LockedPackage {
    /// Whether both are versions of one package that versions tell apart.
    fileprivate func isVersionOf(_ other: LockedPackage) -> Bool {
        name == other.name && alias == other.alias && source == other.source && patched == nil && other.patched == nil
            && !source.isFolder
    }

    /// Whether whoever was locked with one goes with the other: the same version from the same source.
    fileprivate func stands(for other: LockedPackage) -> Bool {
        id.description == other.id.description && name == other.name && source == other.source
    }

    /// The same record, with what either side knows of ranges.
    fileprivate func joined(with other: LockedPackage) -> LockedPackage {
        var copy = self
        copy.ranges.merge(other.ranges) { own, other in own == other ? own : .locked }
        return copy
    }
}

extension LockSides {
    struct Wishes {
        var wishes: [PackageName: LockedRange] = [:]
        /// What both sides changed, differently.
        var contested: Set<PackageName> = []
    }

    /// What the project asks for, merged three ways. O(n).
    func mergedWishes() -> Wishes {
        var merged = Wishes()
        for name in Set(base.wishes.keys).union(ours.wishes.keys).union(theirs.wishes.keys) {
            let (before, mine, other) = (base.wishes[name], ours.wishes[name], theirs.wishes[name])
            if mine != other, before != mine, before != other {
                merged.contested.insert(name)
            } else {
                merged.wishes[name] = before == mine ? other : mine
            }
        }
        return merged
    }

    /// The members of the workspace: what one side removed is gone.
    fileprivate func members() -> [PackageName] {
        Set(ours.packages.keys).union(theirs.packages.keys).filter { name in
            let (before, mine, other) = (base.packages[name], ours.packages[name], theirs.packages[name])
            guard [mine, other].contains(where: { $0?.isMember ?? false }) else { return false }
            return !(mine == nil && Self.same(before, other)) && !(other == nil && Self.same(before, mine))
        }
    }
}

extension LockSides.Table {
    /// Whether everything in it is reached from what the project and the members ask for.
    fileprivate var isClosed: Bool {
        var seen: Set<PackageName> = []
        var open = Array(wishes.keys) + packages.values.filter(\.isMember).map(\.id.name)
        while let name = open.popLast() {
            guard let package = packages[name] else { return false }
            if seen.insert(name).inserted { open += package.dependencies.map(\.name) }
        }
        return seen.count == packages.count
    }
}

extension LockedPackage {
    fileprivate var isMember: Bool { if case .workspace = source { true } else { false } }
}

/// The three locks by their keys.
struct LockSides {
    typealias Side = KeyPath<LockSides, Table>

    /// One lock.
    struct Table {
        var wishes: [PackageName: LockedRange]
        var packages: [PackageName: LockedPackage]
        var targets: [TargetName: LockedTarget]
        var variants: [VariantKey: LockedVariant]

        init(_ lock: Lockfile) {
            wishes = lock.wishes
            packages = Dictionary(lock.packages.map { ($0.id.name, $0) }, uniquingKeysWith: { first, _ in first })
            targets = Dictionary(lock.targets.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            variants = Dictionary(lock.variants.map { (VariantKey($0), $0) }, uniquingKeysWith: { first, _ in first })
        }
    }

    struct VariantKey: Hashable {
        var package: PackageName
        var target: TargetName
        init(_ variant: LockedVariant) {
            package = variant.package.name
            target = variant.target
        }
        init(_ package: PackageName, _ target: TargetName) {
            self.package = package
            self.target = target
        }
    }

    let base, ours, theirs: Table

    init(base: Lockfile, ours: Lockfile, theirs: Lockfile) {
        self.base = Table(base)
        self.ours = Table(ours)
        self.theirs = Table(theirs)
    }

    var both: [Table] { [ours, theirs] }
    private var packageNames: Set<PackageName> { Set(ours.packages.keys).union(theirs.packages.keys) }

    // MARK: Packages

    /// Packages that both sides changed, differently.
    func contested() -> Set<PackageName> {
        Set(base.packages.keys).union(packageNames).filter { name in
            let (b, o, t) = (base.packages[name], ours.packages[name], theirs.packages[name])
            return !Self.same(o, t) && !Self.same(b, o) && !Self.same(b, t)
        }
    }

    /// A package's record but for the versions of what it depends on, which follow from the other records, and what is known of
    /// their ranges.
    static func same(_ a: LockedPackage?, _ b: LockedPackage?) -> Bool {
        guard var a, var b else { return a == nil && b == nil }
        guard a.dependencies.map(\.name) == b.dependencies.map(\.name) else { return false }
        (a.dependencies, b.dependencies) = ([], [])
        (a.ranges, b.ranges) = ([:], [:])
        return a == b && a.version.description == b.version.description
    }

    /// The packages of the merge when contested ones are taken from `side`. Their dependencies' versions are still those
    /// of the side that each came from. Each package of `asked` has a record: one side may have dropped what the other began
    /// to ask for.
    private func merged(
        _ contested: Set<PackageName>, for side: Side, asked: Set<PackageName> = []
    ) -> [PackageName: LockedPackage] {
        var result: [PackageName: LockedPackage] = [:]
        for name in packageNames {
            if contested.contains(name) {
                result[name] = self[keyPath: side].packages[name]
            } else if Self.same(base.packages[name], ours.packages[name]) {
                result[name] = theirs.packages[name]
            } else {
                result[name] = ours.packages[name]
            }
        }
        for name in asked where result[name] == nil {
            let asking = ours.wishes[name] != nil ? ours : theirs
            result[name] = asking.packages[name] ?? ours.packages[name] ?? theirs.packages[name]
        }
        // What one side no longer needs, the other may have begun to need.
        var open = Array(result.values)
        while let package = open.popLast() {
            for dependency in package.dependencies where result[dependency.name] == nil {
                let holders = [self[keyPath: side], ours, theirs].filter {
                    Self.same($0.packages[package.id.name], package)
                }
                guard let back = holders.lazy.compactMap({ $0.packages[dependency.name] }).first else { continue }
                result[dependency.name] = back
                open.append(back)
            }
        }
        return result
    }

    /// Packages with a dependency at a version that neither side had locked for them, with that dependency; nil when
    /// there are none that are not contested already.
    func unwitnessed(_ contested: Set<PackageName>) -> Set<PackageName>? {
        var found: Set<PackageName> = []
        for side in [\LockSides.ours, \LockSides.theirs] {
            let packages = merged(contested, for: side)
            for package in packages.values {
                for dependency in package.dependencies {
                    let present = packages[dependency.name]
                    let isWitnessed = [ours, theirs].contains { table in
                        Self.same(table.packages[package.id.name], package)
                            && table.packages[dependency.name]?.id.description == present?.id.description
                    }
                    if !isWitnessed { found.formUnion([package.id.name, dependency.name]) }
                }
            }
        }
        return found.isSubset(of: contested) ? nil : found
    }

    // MARK: Targets

    func contestedTargets() -> Set<TargetName> {
        Set(base.targets.keys).union(ours.targets.keys).union(theirs.targets.keys).filter { name in
            let (b, o, t) = (base.targets[name], ours.targets[name], theirs.targets[name])
            return o != t && b != o && b != t
        }
    }

    private func merged(_ contested: Set<TargetName>, for side: Side) -> [TargetName: LockedTarget] {
        var result: [TargetName: LockedTarget] = [:]
        for name in Set(ours.targets.keys).union(theirs.targets.keys) {
            if contested.contains(name) {
                result[name] = self[keyPath: side].targets[name]
            } else {
                result[name] = base.targets[name] == ours.targets[name] ? theirs.targets[name] : ours.targets[name]
            }
        }
        return result
    }

    // MARK: The whole

    struct Resolution {
        var lock: Lockfile
        /// Variants that the next build makes.
        var missing: [String] = []
        /// Variants of the same package and target with other recordings: model calls are never dropped unasked.
        var recordings: [String] = []
    }

    /// Every conflict decided for one side.
    func resolved(
        _ contested: Set<PackageName>, _ contestedTargets: Set<TargetName>, for side: Side, tellsWishes: Bool
    ) -> Resolution {
        var wishes: [PackageName: LockedRange] = [:]
        if tellsWishes {
            let merged = mergedWishes()
            wishes = merged.wishes
            for name in merged.contested { wishes[name] = self[keyPath: side].wishes[name] }
        }
        return resolved(
            merged(contested, for: side, asked: Set(wishes.keys)), wishes, contestedTargets, for: side)
    }

    /// The lock of these packages.
    func resolved(
        _ packages: [PackageName: LockedPackage], _ wishes: [PackageName: LockedRange],
        _ contestedTargets: Set<TargetName>, for side: Side
    ) -> Resolution {
        let targets = merged(contestedTargets, for: side)
        var result = Resolution(lock: Lockfile())
        var variants: [LockedVariant] = []
        for key in Set(ours.variants.keys).union(theirs.variants.keys) {
            guard let package = packages[key.package], let target = targets[key.target] else { continue }
            let name = "\(package.id) for \(key.target)"
            switch variant(key, package, target) {
            case .one(let variant): variants.append(variant)
            case .removed: break
            case .none: result.missing.append(name)
            case .recorded:
                result.recordings.append(name)
                if let own = self[keyPath: side].variants[key] { variants.append(own) }
            }
        }
        // A package that one side added and a target that the other did.
        let there = Set(variants.map { VariantKey($0) })
        let compiled = Set(ours.variants.keys.map(\.package)).union(theirs.variants.keys.map(\.package))
        for package in packages.keys where compiled.contains(package) {
            for target in targets.keys where !there.contains(VariantKey(package, target)) {
                let isNew = [ours, theirs].allSatisfy { $0.packages[package] == nil || $0.targets[target] == nil }
                if isNew, let id = packages[package]?.id { result.missing.append("\(id) for \(target)") }
            }
        }
        let records = packages.values.map { package in
            var copy = package
            copy.dependencies = package.dependencies.compactMap { packages[$0.name]?.id }.sorted()
            return copy
        }
        result.lock = Lockfile(wishes: wishes, packages: records, targets: Array(targets.values), variants: variants)
        return result
    }

    private enum VariantChoice { case one(LockedVariant), removed, recorded, none }

    private func variant(_ key: VariantKey, _ package: LockedPackage, _ target: LockedTarget) -> VariantChoice {
        // A side speaks of this variant if it has the very package and target that it is made of.
        func valid(_ table: Table) -> Bool {
            Self.same(table.packages[key.package], package) && table.targets[key.target] == target
        }
        let (isOurs, isTheirs) = (valid(ours), valid(theirs))
        let (b, o, t) = (base.variants[key], ours.variants[key], theirs.variants[key])
        guard isOurs && isTheirs else {
            guard let only = isOurs ? o : isTheirs ? t : nil else { return .none }
            return .one(only)
        }
        if o == t || b == t { return o.map { .one($0) } ?? .removed }
        if b == o { return t.map { .one($0) } ?? .removed }
        // Both compiled it anew, from other states of the user's own files or by another skvm.
        guard let o, let t else { return (o ?? t).map { .one($0) } ?? .removed }
        return o.recordings == t.recordings ? .none : .recorded
    }

    // MARK: Words

    func describe(_ contested: Set<PackageName>, _ reasons: [PackageName: String]) -> [LockfileMerge.Conflict] {
        contested.sorted().map { name in
            let (o, t) = (ours.packages[name], theirs.packages[name])
            var words = (o.map { "\($0.version)" } ?? "removed", t.map { "\($0.version)" } ?? "removed")
            if words.0 == words.1 {
                words = (words.0 + Self.dependencies(o, t), words.1 + Self.dependencies(t, o))
                if words.0 == words.1, let o, let t {
                    words = ("\(o.version) from \(o.source)", "\(t.version) from \(t.source)")
                }
            }
            return LockfileMerge.Conflict(
                record: "package \(name)", ours: words.0, theirs: words.1, package: name, cause: cause(of: name),
                reason: reasons[name])
        }
    }

    private func cause(of name: PackageName) -> LockfileMerge.Conflict.Cause {
        let before = base.packages[name]
        return switch (Self.same(before, ours.packages[name]), Self.same(before, theirs.packages[name])) {
        case (false, false): .both
        case (false, true): .ours
        case (true, false): .theirs
        case (true, true): .neither
        }
    }

    private static func dependencies(_ package: LockedPackage?, _ other: LockedPackage?) -> String {
        let own = (package?.dependencies ?? []).filter { !(other?.dependencies ?? []).contains($0) }
        return own.isEmpty ? "" : " with " + own.map(\.description).joined(separator: ", ")
    }

    func describe(wishes contested: Set<PackageName>) -> [LockfileMerge.Conflict] {
        contested.sorted().map { name in
            LockfileMerge.Conflict(
                record: "range of \(name)", ours: ours.wishes[name]?.description ?? "removed",
                theirs: theirs.wishes[name]?.description ?? "removed", package: nil)
        }
    }

    func describe(_ contested: Set<TargetName>) -> [LockfileMerge.Conflict] {
        contested.sorted().map { name in
            LockfileMerge.Conflict(
                record: "target \(name)", ours: ours.targets[name] == nil ? "removed" : "other facts",
                theirs: theirs.targets[name] == nil ? "removed" : "other facts", package: nil)
        }
    }
}

/// Two locks that were changed independently, made one (`docs/formats/lockfile.md`, "Merging").
///
/// Packages and targets are facts that somebody chose: they merge record by record, three ways. What a kept package depends on
/// is kept, and each pair of a package and its dependency was locked together on one side at least, or its range allows it
/// (`GraphMerge`). Variants follow from both: one is kept if a side that has it compiled it from the very package and target
/// of the result, else left out for the next build to make.
package struct LockfileMerge: Sendable, Equatable {
    /// A record that both sides changed in ways that only a person, or the solver, can reconcile.
    package struct Conflict: Sendable, Equatable {
        /// `package charts`, `target weak`, `variant of charts 1.0.2 for weak`.
        package var record: String
        /// What each side has, in a few words: `1.0.3`, `removed`.
        package var ours: String
        package var theirs: String
        /// The package, when it is one.
        package var package: PackageName?
        /// What brought them into conflict.
        package var cause: Cause = .both

        package enum Cause: Sendable {
            /// Both sides changed it.
            case both
            /// One side alone did, or neither, and it was never locked together with what the other has of its neighbours.
            case ours, theirs, neither
        }
    }

    /// Every conflict decided for the one, and for the other side. They are equal where there is no conflict.
    package let ours: Lockfile
    package let theirs: Lockfile
    /// By kind, then by name.
    package let conflicts: [Conflict]
    /// Variants that neither side has of this combination: `charts 1.0.2 for weak`. Sorted.
    package let toCompile: [String]

    package var isClean: Bool { conflicts.isEmpty }

    /// O(n log n), and again for each round of packages whose dependencies prove to be in conflict.
    package init(base: Lockfile, ours: Lockfile, theirs: Lockfile) {
        let sides = LockSides(base: base, ours: ours, theirs: theirs)
        let graph = GraphMerge(sides)
        var contested: Set<PackageName> = []
        var wishes: Set<PackageName> = []
        let targets = sides.contestedTargets()
        let mine, other: LockSides.Resolution
        if let graph, graph.failed.isEmpty {
            mine = sides.resolved(graph.packages, graph.wishes, targets, for: \.ours)
            other = sides.resolved(graph.packages, graph.wishes, targets, for: \.theirs)
        } else {
            // Then it is for a person to say, and the same side throughout is right.
            contested = sides.contested().union(graph?.failed ?? [])
            while let more = sides.unwitnessed(contested) { contested.formUnion(more) }
            if graph != nil { wishes = sides.mergedWishes().contested }
            (mine, other) = (
                sides.resolved(contested, targets, for: \.ours, tellsWishes: graph != nil),
                sides.resolved(contested, targets, for: \.theirs, tellsWishes: graph != nil)
            )
        }
        self.ours = mine.lock
        self.theirs = other.lock
        toCompile = Set(mine.missing).union(other.missing).sorted(by: precedes)
        // What the other side's records bring back whichever side is taken is no conflict.
        let open = contested.filter { mine.lock.package($0) != other.lock.package($0) }
        conflicts =
            sides.describe(wishes: wishes) + sides.describe(open) + sides.describe(targets)
            + mine.recordings.map {
                Conflict(record: "variant of \($0)", ours: "its recordings", theirs: "other recordings", package: nil)
            }
    }

    /// The merged lock; where there are conflicts, with git's markers around both versions of each such record. To take
    /// the same side of each gives a lock that is right in itself.
    package func encoded() -> [UInt8] {
        if isClean { return ours.encoded() }
        var writer = LockfileWriter()
        writer.head(revision: max(ours.revisionNeeded, theirs.revisionNeeded))
        if !ours.wishes.isEmpty || !theirs.wishes.isEmpty {
            writer.add([ours.wishes], [theirs.wishes], { _ in "" }, { $1.isEmpty ? $0.add("\n") : $0.add($1) })
        }
        writer.add(ours.packages, theirs.packages, { $0.id.name.description }, { $0.add($1) })
        writer.add(ours.targets, theirs.targets, { $0.name.description }, { $0.add($1) })
        writer.add(
            ours.variants, theirs.variants, { "\($0.package.name) \($0.target)" }, { $0.add($1) })
        return writer.output
    }
}

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
    /// of the side that each came from.
    private func merged(_ contested: Set<PackageName>, for side: Side) -> [PackageName: LockedPackage] {
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
        return resolved(merged(contested, for: side), wishes, contestedTargets, for: side)
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

    func describe(_ contested: Set<PackageName>) -> [LockfileMerge.Conflict] {
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
                record: "package \(name)", ours: words.0, theirs: words.1, package: name, cause: cause(of: name))
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

extension LockfileWriter {
    /// Records of two versions of one lock, in the order of their keys; those that differ between conflict markers.
    fileprivate mutating func add<Record>(
        _ ours: [Record], _ theirs: [Record], _ key: (Record) -> String,
        _ write: (inout LockfileWriter, Record) -> Void
    ) {
        let mine = Dictionary(ours.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
        let other = Dictionary(theirs.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
        for name in Set(mine.keys).union(other.keys).sorted(by: precedes) {
            let versions = [mine[name], other[name]].map { record in
                var writer = LockfileWriter()
                if let record { write(&writer, record) } else { writer.add("\n") }
                return writer.output
            }
            if versions[0] == versions[1] {
                output += versions[0]
            } else {
                add("\n<<<<<<< ours")
                output += versions[0]
                add("=======")
                output += versions[1]
                add(">>>>>>> theirs\n")
            }
        }
    }
}

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
        /// Whether it is about recorded model calls.
        package var isOfRecordings = false
        /// Which ranges keep its newer version out: `bb 1.0.0 takes shared ~1.0`.
        package var reason: String?

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
            sides.describe(wishes: wishes) + sides.describe(open, graph?.reasons ?? [:]) + sides.describe(targets)
            + mine.recordings.map {
                Conflict(
                    record: "variant of \($0)", ours: "its recordings", theirs: "other recordings", package: nil,
                    isOfRecordings: true)
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

import Basics

extension Lockfile {
    /// What `new` has otherwise than `old`, a line each, in the order ranges, packages, targets, variants; empty when they say the
    /// same. For `--locked`, `update` and `diff`. O(n log n).
    package static func diff(_ old: Lockfile, _ new: Lockfile) -> [String] {
        let packages = different(old.packages, new.packages) { $0.says($1) }
        let targets = different(old.targets, new.targets, ==)
        let variants = different(old.variants, new.variants) { $0.says($1) }
        return wishes(old, new)
            + merge(packages.old, packages.new, \.id.name, "package", { "\($0.id)" }, changes)
            + merge(targets.old, targets.new, \.name, "target", { "\($0.name)" }, changes)
            + merge(
                variants.old, variants.new, { Key(package: $0.package.name, target: $0.target) }, "variant",
                { "\($0.package) for \($0.target)" }, changes)
    }

    /// Whether both have the same text: versions that differ in their build metadata alone are equal, and are written
    /// differently. O(n).
    package func says(_ other: Lockfile) -> Bool {
        wishes == other.wishes && packages.elementsEqual(other.packages) { $0.says($1) } && targets == other.targets
            && variants.elementsEqual(other.variants) { $0.says($1) }
    }

    /// What the project asks for otherwise of packages that both have: of others it is told that they came or went.
    private static func wishes(_ old: Lockfile, _ new: Lockfile) -> [String] {
        if old.wishes == new.wishes { return [] }
        if old.wishes.isEmpty { return old.packages.isEmpty ? [] : ["what the project asks for is new in it"] }
        return Set(old.wishes.keys).union(new.wishes.keys).sorted().compactMap { name in
            guard old.wishes[name] != new.wishes[name], old.package(name) != nil, new.package(name) != nil else {
                return nil
            }
            return
                "range of \(name) \(old.wishes[name]?.description ?? "none") → "
                + "\(new.wishes[name]?.description ?? "none")"
        }
    }

    /// Both without the records that begin or end them alike, or that stand at the same place of as many: an edit changes a
    /// few of thousands, and keys are unique.
    private static func different<Record>(
        _ old: [Record], _ new: [Record], _ same: (Record, Record) -> Bool
    ) -> (old: [Record], new: [Record]) {
        let shorter = min(old.count, new.count)
        let start = (0..<shorter).first { !same(old[$0], new[$0]) } ?? shorter
        let left = shorter - start
        let end = (0..<left).first { !same(old[old.count - 1 - $0], new[new.count - 1 - $0]) } ?? left
        let (a, b) = (old[start..<(old.count - end)], new[start..<(new.count - end)])
        guard a.count == b.count else { return (Array(a), Array(b)) }
        let places = a.indices.filter { !same(a[$0], b[$0]) }
        return (places.map { a[$0] }, places.map { b[$0] })
    }

    private struct Key: Hashable {
        var package: PackageName
        var target: TargetName
    }

    /// Both lists are sorted; their records are matched by `key`.
    private static func merge<Record: Equatable, Key: Hashable>(
        _ old: [Record], _ new: [Record], _ key: (Record) -> Key, _ what: String, _ name: (Record) -> String,
        _ changes: (Record, Record) -> [String]
    ) -> [String] {
        let before = Dictionary(old.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
        let kept = Set(new.map(key))
        var lines: [String] = []
        for record in old where !kept.contains(key(record)) {
            lines.append("\(what) \(name(record)) is no longer there")
        }
        for record in new {
            guard let earlier = before[key(record)] else {
                lines.append("\(what) \(name(record)) is new")
                continue
            }
            let changed = changes(earlier, record)
            if !changed.isEmpty { lines.append("\(what) \(name(earlier)): \(changed.joined(separator: ", "))") }
        }
        return lines
    }

    private static func changes(_ old: LockedPackage, _ new: LockedPackage) -> [String] {
        var changes: [String] = []
        if old.version.description != new.version.description {
            changes.append("version \(old.version) → \(new.version)")
        }
        if old.name != new.name { changes.append("package \(old.name) → \(new.name)") }
        if old.source != new.source { changes.append("source \(old.source) → \(new.source)") }
        if old.patched != new.patched {
            changes.append(
                "patch of \(old.patched?.description ?? "nothing") → \(new.patched?.description ?? "nothing")")
        }
        if old.commit != new.commit { changes.append("commit \(short(old.commit)) → \(short(new.commit))") }
        if old.tree != new.tree { changes.append("tree \(short(old.tree)) → \(short(new.tree))") }
        if old.signer != new.signer { changes.append("signer \(old.signer ?? "none") → \(new.signer ?? "none")") }
        if old.alias != new.alias {
            changes.append("alias \(old.alias?.description ?? "none") → \(new.alias?.description ?? "none")")
        }
        if old.dependencies.map(\.description) != new.dependencies.map(\.description) {
            let removed = old.dependencies.filter { !new.dependencies.contains($0) }.map { "-\($0)" }
            let added = new.dependencies.filter { !old.dependencies.contains($0) }.map { "+\($0)" }
            changes.append("dependencies \((removed + added).joined(separator: " "))")
        }
        if old.ranges != new.ranges {
            let names = Set(old.ranges.keys).union(new.ranges.keys).filter { old.ranges[$0] != new.ranges[$0] }
            changes.append("ranges of \(names.sorted().map(\.description).joined(separator: ", "))")
        }
        for name in Set(old.registries.keys).union(new.registries.keys).sorted()
        where old.registries[name] != new.registries[name] {
            let words = [old, new].map { side in
                side.registries[name].map { LockedRegistries($0).text } ?? "what the lock did not tell"
            }
            changes.append("registry of \(name) \(words[0]) → \(words[1])")
        }
        return changes
    }

    private static func changes(_ old: LockedTarget, _ new: LockedTarget) -> [String] {
        var changes: [String] = []
        if old.profile != new.profile { changes.append("profile \(short(old.profile)) → \(short(new.profile))") }
        if old.environment != new.environment {
            changes.append("environment \(short(old.environment)) → \(short(new.environment))")
        }
        if old.harness != new.harness { changes.append("harness \(short(old.harness)) → \(short(new.harness))") }
        return changes
    }

    private static func changes(_ old: LockedVariant, _ new: LockedVariant) -> [String] {
        var changes: [String] = []
        if old.package.description != new.package.description { changes.append("version → \(new.package.version)") }
        if old.tree != new.tree { changes.append("tree \(short(old.tree)) → \(short(new.tree))") }
        let passes = Set(old.passes.keys).union(new.passes.keys).filter { old.passes[$0] != new.passes[$0] }
        if !passes.isEmpty { changes.append("output of \(passes.sorted(by: precedes).joined(separator: ", "))") }
        if old.recordings != new.recordings { changes.append("recordings") }
        return changes
    }

    private static func short(_ digest: Digest?) -> String { digest.map { String($0.hex.prefix(12)) } ?? "none" }
    private static func short(_ commit: CommitID?) -> String {
        commit.map { String($0.description.prefix(12)) } ?? "none"
    }
}

extension PackageID {
    func says(_ other: PackageID) -> Bool { self == other && version.build == other.version.build }
}

extension LockedPackage {
    func says(_ other: LockedPackage) -> Bool {
        self == other && version.build == other.version.build
            && dependencies.elementsEqual(other.dependencies) { $0.says($1) }
    }
}

extension LockedVariant {
    fileprivate func says(_ other: LockedVariant) -> Bool { self == other && package.says(other.package) }
}

import Basics
import TestSupport
import Testing

@testable import SkillModel

private let registry = PackageSource.registry(RepositoryURL("https://example.org/registry.git")!)
private let weak = TargetName("weak")!

/// `bb 1.0.0`, `shared 1.0.0`, and the range of it: `^1`.
private func package(
    _ id: String, _ needs: [(id: String, range: String)] = [], source: PackageSource = registry, signer: String? = nil
) -> LockedPackage {
    let id = PackageID(id)!
    return LockedPackage(
        name: id.name, version: id.version, source: source, commit: CommitID(String(repeating: "c", count: 40)),
        tree: Digest(of: "\(id) of \(source)"), signer: signer, dependencies: needs.map { PackageID($0.id)! },
        ranges: Dictionary(uniqueKeysWithValues: needs.map { (PackageID($0.id)!.name, LockedRange($0.range)!) }))
}

private func lock(_ wishes: [String: String], _ packages: LockedPackage...) -> Lockfile {
    Lockfile(
        wishes: Dictionary(
            uniqueKeysWithValues: wishes.map { (PackageName($0.key)!, LockedRange($0.value)!) }), packages: packages,
        targets: [LockedTarget(name: weak, profile: nil, environment: Digest(of: "e"), harness: Digest(of: "h"))],
        variants: packages.map {
            LockedVariant(package: $0.id, target: weak, tree: Digest(of: "variant of \($0.id) \($0.source)"))
        })
}

/// Both ways, which must say the same.
private func merge(_ base: Lockfile, _ ours: Lockfile, _ theirs: Lockfile) -> LockfileMerge {
    let merged = LockfileMerge(base: base, ours: ours, theirs: theirs)
    let other = LockfileMerge(base: base, ours: theirs, theirs: ours)
    #expect(merged.isClean == other.isClean && merged.ours == other.theirs && merged.theirs == other.ours)
    if merged.isClean { #expect(merged.encoded() == other.encoded()) }
    return merged
}

private func names(_ lock: Lockfile) -> [String] { lock.packages.map { "\($0.id)" } }

@Suite struct `Two locks with ranges merge` {
    let base = lock(["one": "^1"], package("one 1.0.0"))

    private func side(_ name: String, _ shared: String, range: String = "^1", signer: String? = nil) -> Lockfile {
        lock(
            ["one": "^1", name: "^1"], package("one 1.0.0"), package("\(name) 1.0.0", [(shared, range)]),
            package(shared, signer: signer))
    }

    @Test func `where both added a package that needs a third, in its newer version`() {
        let merged = merge(base, side("bb", "shared 1.0.0"), side("aa", "shared 1.1.0"))
        #expect(merged.isClean && merged.toCompile.isEmpty)
        #expect(names(merged.ours) == ["aa 1.0.0", "bb 1.0.0", "one 1.0.0", "shared 1.1.0"])
        #expect(merged.ours.package(PackageName("bb")!)?.dependencies == [PackageID("shared 1.1.0")!])
        #expect(merged.ours.variants.count == 4)
        #expect(merged.ours.wishes.count == 3)
        #expect(merge(Lockfile(), side("bb", "shared 1.0.0"), side("aa", "shared 1.1.0")).ours == merged.ours)
    }

    @Test(arguments: ["~1.0", "=1.0.0", "^1, <1.1", "locked"])
    func `but not against a range`(range: String) {
        let merged = merge(base, side("bb", "shared 1.0.0", range: range), side("aa", "shared 1.1.0"))
        #expect(merged.conflicts.map(\.record) == ["package aa", "package bb", "package shared"])
        let reason = range == "locked" ? nil : "bb 1.0.0 takes shared \(VersionRange(range)!)"
        #expect(merged.conflicts.map(\.reason) == [nil, nil, reason])
    }

    @Test func `in conflict, too, each thing that is asked for has its record, and what that needs`() {
        let base = lock(
            ["b": "^1", "x": "^1"], package("b 1.0.0", [("z 1.0.0", "^1")]), package("x 1.0.0"),
            package("z 1.0.0", [("y 1.0.0", "^1")]), package("y 1.0.0"))
        // One side asks for z itself, the other needs it no longer; x is in conflict.
        let ours = lock(
            ["b": "^1", "x": "^1", "z": "^1"], package("b 1.0.0", [("z 1.0.0", "^1")]), package("x 1.1.0", signer: "a"),
            package("z 1.0.0", [("y 1.0.0", "^1")]), package("y 1.0.0"))
        let theirs = lock(["b": "^1", "x": "^1"], package("b 1.1.0"), package("x 1.2.0", signer: "b"))
        let merged = merge(base, ours, theirs)
        #expect(!merged.isClean)
        for side in [merged.ours, merged.theirs] {
            #expect(side.wishes.keys.allSatisfy { side.package($0) != nil })
            #expect(Set(names(side)).isSuperset(of: ["y 1.0.0", "z 1.0.0"]))
        }
    }

    @Test func `but not with a prerelease that one side alone asked for`() {
        let ours = side("bb", "shared 1.0.0")
        let theirs = side("aa", "shared 1.1.0-rc.1", range: "^1.1.0-rc.1")
        #expect(!merge(base, ours, theirs).isClean)
        #expect(merge(base, side("bb", "shared 1.1.0-rc.0", range: "^1.1.0-rc.0"), theirs).isClean)
    }

    @Test func `but not a signer with another, or with none`() {
        let ours = side("bb", "shared 1.0.0", signer: "alice SHA256:a")
        #expect(merge(base, ours, side("aa", "shared 1.1.0", signer: "alice SHA256:a")).isClean)
        for other in ["mallory SHA256:m", nil] {
            #expect(!merge(base, ours, side("aa", "shared 1.1.0", signer: other)).isClean)
        }
    }

    @Test func `with a signer that one side pinned of what the other has begun to need`() {
        let old = lock(["shared": "^1"], package("shared 1.0.0"))
        let pinned = lock(["shared": "^1"], package("shared 1.0.0", signer: "alice SHA256:a"))
        for range in ["^1", "locked"] {
            let theirs = lock(
                ["shared": "^1", "aa": "^1"], package("aa 1.0.0", [("shared 1.0.0", range)]), package("shared 1.0.0"))
            let merged = merge(old, pinned, theirs)
            #expect(merged.isClean && merged.ours.package(PackageName("shared")!)?.signer == "alice SHA256:a")
        }
    }

    @Test func `but not two sources, nor two trees of one version`() {
        let source = PackageSource.registry(RepositoryURL("https://example.org/other.git")!)
        let ours = side("bb", "shared 1.0.0")
        for other in ["shared 1.0.0", "shared 1.1.0"] {
            let theirs = lock(
                ["one": "^1", "aa": "^1"], package("one 1.0.0"), package("aa 1.0.0", [(other, "^1")]),
                package(other, source: source))
            #expect(!merge(base, ours, theirs).isClean)
        }
    }

    @Test func `but not forward where one side went back`() {
        let old = side("aa", "shared 1.1.0")
        #expect(!merge(old, side("aa", "shared 1.0.0"), side("aa", "shared 1.2.0")).isClean)
        #expect(names(merge(old, side("aa", "shared 1.3.0"), side("aa", "shared 1.2.0")).ours).contains("shared 1.3.0"))
        #expect(names(merge(old, side("aa", "shared 1.0.0"), old).ours).contains("shared 1.0.0"))
    }

    @Test func `with what the newer version needs, and without what only the older did`() {
        let ours = lock(
            ["one": "^1", "bb": "^1"], package("one 1.0.0"), package("bb 1.0.0", [("shared 1.0.0", "^1")]),
            package("shared 1.0.0", [("old 1.0.0", "^1")]), package("old 1.0.0"))
        let theirs = lock(
            ["one": "^1", "aa": "^1"], package("one 1.0.0"), package("aa 1.0.0", [("shared 1.1.0", "^1")]),
            package("shared 1.1.0", [("new 1.0.0", "^1")]), package("new 1.0.0"))
        let merged = merge(base, ours, theirs)
        #expect(names(merged.ours) == ["aa 1.0.0", "bb 1.0.0", "new 1.0.0", "one 1.0.0", "shared 1.1.0"])
        #expect(merged.isClean && merged.ours.variants.count == 5)
        // What the project asks for itself stays.
        let asking = Lockfile(
            wishes: ours.wishes.merging([PackageName("old")!: .any]) { $1 }, packages: ours.packages,
            targets: ours.targets, variants: ours.variants)
        #expect(names(merge(base, asking, theirs).ours).contains("old 1.0.0"))
    }

    @Test func `where both updated, as the project's own range allows it`() {
        func project(_ range: String, _ version: String) -> Lockfile {
            lock(["one": range], package("one \(version)"))
        }
        #expect(names(merge(base, project("^1", "1.1.0"), project("^1", "1.2.0")).ours) == ["one 1.2.0"])
        #expect(names(merge(base, project("any", "1.1.0"), project("any", "1.2.0")).ours) == ["one 1.2.0"])
        // One side narrowed the range, the other moved on.
        let apart = merge(base, project("~1.0", "1.0.0"), project("^1", "1.2.0"))
        #expect(apart.conflicts.map(\.record) == ["package one"])
        #expect(apart.conflicts[0].reason == "the project takes one ~1.0")
        #expect(apart.ours == project("~1.0", "1.0.0"))
        let both = merge(base, project("~1.0", "1.0.0"), project("^1.0.0", "1.0.0"))
        #expect(both.conflicts.map { "\($0.record): \($0.ours), \($0.theirs)" } == ["range of one: ~1.0, ^1.0.0"])
        #expect(throws: DiagnosticsError.self) { try Lockfile(parsing: both.encoded()) }
    }

    @Test func `where one removed what the other updated and no longer needs`() {
        let old = side("aa", "shared 1.0.0")
        #expect(names(merge(old, base, side("aa", "shared 1.1.0")).ours) == ["one 1.0.0"])
        // Another package of the other side needs it still.
        var theirs = side("aa", "shared 1.1.0")
        theirs = Lockfile(
            wishes: theirs.wishes.merging([PackageName("bb")!: .any]) { $1 },
            packages: theirs.packages + [package("bb 1.0.0", [("shared 1.1.0", "^1")])], targets: theirs.targets,
            variants: theirs.variants)
        #expect(names(merge(old, base, theirs).ours) == ["bb 1.0.0", "one 1.0.0", "shared 1.1.0"])
    }

    @Test func `and without ranges as before`() {
        func old(_ lock: Lockfile) -> Lockfile {
            Lockfile(
                packages: lock.packages.map {
                    var copy = $0
                    copy.ranges = [:]
                    return copy
                }, targets: lock.targets, variants: lock.variants)
        }
        let (ours, theirs) = (side("bb", "shared 1.0.0"), side("aa", "shared 1.1.0"))
        #expect(!merge(old(base), old(ours), old(theirs)).isClean)
        #expect(!merge(base, old(ours), theirs).isClean)
        let mixed = merge(base, old(side("bb", "shared 1.0.0")), side("aa", "shared 1.0.0"))
        #expect(mixed.isClean && mixed.ours.wishes.isEmpty)
        #expect(mixed.ours.package(PackageName("aa")!)?.ranges.count == 1)
    }
}

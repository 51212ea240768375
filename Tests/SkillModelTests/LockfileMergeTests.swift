import Basics
import TestSupport
import Testing

@testable import SkillModel

private let registry = PackageSource.registry(RepositoryURL("https://example.org/registry.git")!)
private let weak = TargetName("weak")!
private let strong = TargetName("strong")!

private func package(_ id: String, _ dependencies: String...) -> LockedPackage {
    let id = PackageID(id)!
    return LockedPackage(
        name: id.name, version: id.version, source: registry, commit: CommitID(String(repeating: "c", count: 40)),
        tree: Digest(of: "source of \(id)"),
        dependencies: dependencies.map { PackageID($0)! })
}

private func target(_ name: TargetName, _ facts: String = "facts") -> LockedTarget {
    LockedTarget(name: name, profile: nil, environment: Digest(of: facts), harness: Digest(of: "harness"))
}

private func variant(_ id: String, _ target: TargetName, _ bytes: String = "", recordings: [String] = [])
    -> LockedVariant
{
    LockedVariant(
        package: PackageID(id)!, target: target, tree: Digest(of: "\(id) \(target) \(bytes)"),
        recordings: recordings.map { Digest(of: $0) })
}

private func lock(_ packages: [LockedPackage], _ targets: [LockedTarget] = [], _ variants: [LockedVariant] = [])
    -> Lockfile
{
    Lockfile(packages: packages, targets: targets, variants: variants)
}

private func merge(_ base: Lockfile, _ ours: Lockfile, _ theirs: Lockfile) -> LockfileMerge {
    LockfileMerge(base: base, ours: ours, theirs: theirs)
}

private let start = lock(
    [package("charts 1.0.2", "palette 0.3.1"), package("palette 0.3.1")], [target(weak)],
    [variant("charts 1.0.2", weak), variant("palette 0.3.1", weak)])

@Suite struct `Two locks merge` {
    @Test func `with different packages added on both sides`() {
        let ours = lock(
            start.packages + [package("notes 2.0.0")], start.targets, start.variants + [variant("notes 2.0.0", weak)])
        let theirs = lock(
            start.packages + [package("slides 1.0.0", "palette 0.3.1")], start.targets,
            start.variants + [variant("slides 1.0.0", weak)])
        let merged = merge(start, ours, theirs)
        #expect(merged.isClean && merged.toCompile.isEmpty)
        #expect(merged.ours.packages.map { "\($0.id.name)" } == ["charts", "notes", "palette", "slides"])
        #expect(merged.ours.variants.count == 4)
        #expect(merge(start, theirs, ours).encoded() == merged.encoded())
        #expect(merge(Lockfile(), ours, theirs).encoded() == merged.encoded())
    }

    @Test func `with an update on one side, and the dependents follow`() {
        let ours = lock([package("charts 1.0.2", "palette 0.3.2"), package("palette 0.3.2")])
        let base = lock(start.packages)
        let theirs = lock(start.packages + [package("notes 1.0.0")])
        let merged = merge(base, ours, theirs)
        #expect(merged.isClean)
        #expect(merged.ours.package(PackageName("charts")!)?.dependencies == [PackageID("palette 0.3.2")!])
        #expect(merged.ours.packages.count == 3)
    }

    @Test func `but not one package in two versions`() throws {
        let ours = lock([package("charts 1.1.0")], [target(weak)], [variant("charts 1.1.0", weak)])
        let theirs = lock([package("charts 1.2.0")], [target(weak)], [variant("charts 1.2.0", weak)])
        let base = lock([package("charts 1.0.0")], [target(weak)], [variant("charts 1.0.0", weak)])
        let merged = merge(base, ours, theirs)
        #expect(merged.conflicts.map(\.record) == ["package charts"])
        #expect(merged.conflicts[0].ours == "1.1.0" && merged.conflicts[0].theirs == "1.2.0")
        // Git shows it, skvm refuses it by name, and either side is a right lock.
        let text = String(decoding: merged.encoded(), as: UTF8.self)
        let markers = text.split(separator: "\n").filter { $0.hasPrefix("<<<<<<<") || $0.hasPrefix(">>>>>>>") }
        #expect(markers == ["<<<<<<< ours", ">>>>>>> theirs", "<<<<<<< ours", ">>>>>>> theirs"])
        #expect(throws: DiagnosticsError.self) { try Lockfile(parsing: merged.encoded()) }
        #expect(try Lockfile(parsing: side(merged.encoded(), true)) == ours)
        #expect(try Lockfile(parsing: side(merged.encoded(), false)) == theirs)
    }

    @Test func `but not a package and its dependency that were never locked together`() throws {
        let base = lock(start.packages)
        let ours = lock([package("charts 1.0.2", "palette 0.4.0"), package("palette 0.4.0")])
        let theirs = lock([package("charts 1.1.0", "palette 0.3.1"), package("palette 0.3.1")])
        let merged = merge(base, ours, theirs)
        #expect(merged.conflicts.map(\.record) == ["package charts", "package palette"])
        // Nobody is told that both sides changed what one did.
        #expect(merged.conflicts.map(\.cause) == [.theirs, .ours])
        #expect(try Lockfile(parsing: side(merged.encoded(), true)) == ours)
        #expect(try Lockfile(parsing: side(merged.encoded(), false)) == theirs)
    }

    @Test func `and keep what only the other side still needs`() {
        let base = lock([package("a 1.0.0", "palette 0.3.1"), package("palette 0.3.1")])
        let ours = lock([package("b 1.0.0")])
        let theirs = lock(base.packages + [package("c 1.0.0", "palette 0.3.1")])
        let merged = merge(base, ours, theirs)
        #expect(merged.isClean)
        #expect(merged.ours.packages.map { "\($0.id)" } == ["b 1.0.0", "c 1.0.0", "palette 0.3.1"])
    }

    @Test func `with variants left out that nobody has compiled`() {
        // One side adds a package, the other changes what the target is and adds another target.
        let ours = lock(
            start.packages + [package("notes 1.0.0")], start.targets, start.variants + [variant("notes 1.0.0", weak)])
        let theirs = lock(
            start.packages, [target(weak, "new facts"), target(strong)],
            start.packages.flatMap { [variant("\($0.id)", weak, "new"), variant("\($0.id)", strong)] })
        let merged = merge(start, ours, theirs)
        #expect(merged.isClean)
        #expect(merged.toCompile == ["notes 1.0.0 for strong", "notes 1.0.0 for weak"])
        #expect(merged.ours.variants == theirs.variants)
        #expect(merged.ours.targets == theirs.targets)
    }

    @Test func `with the variants of the side that edited a member`() {
        let ours = lock(start.packages, start.targets, [variant("charts 1.0.2", weak, "edited"), start.variants[1]])
        #expect(merge(start, ours, start).ours == ours)
        #expect(merge(start, start, ours).ours == ours)
        let theirs = lock(start.packages, start.targets, [variant("charts 1.0.2", weak, "too"), start.variants[1]])
        let both = merge(start, ours, theirs)
        #expect(both.isClean && both.toCompile == ["charts 1.0.2 for weak"])
    }

    @Test func `but recordings are nobody's to drop`() {
        func recorded(_ name: String) -> Lockfile {
            lock(
                start.packages, start.targets,
                [variant("charts 1.0.2", weak, name, recordings: [name]), start.variants[1]])
        }
        let merged = merge(start, recorded("a"), recorded("b"))
        #expect(merged.conflicts.map(\.record) == ["variant of charts 1.0.2 for weak"])
    }

    @Test func `with a target's facts only when one side changed them`() {
        func with(_ facts: String) -> Lockfile { lock([], [target(weak, facts)]) }
        #expect(merge(with("a"), with("b"), with("a")).ours == with("b"))
        #expect(merge(with("a"), with("b"), with("b")).ours == with("b"))
        #expect(merge(with("a"), with("b"), with("c")).conflicts.map(\.record) == ["target weak"])
        #expect(merge(with("a"), lock([]), with("a")).ours == lock([]))
        #expect(merge(with("a"), lock([]), with("b")).conflicts.first?.ours == "removed")
    }

    @Test func `in any combination without losing or inventing a record`() {
        // Every way to have three packages at one of two versions or not at all, with `a` depending on `b`.
        func world(_ number: Int) -> Lockfile {
            let versions = [number % 3, number / 3 % 3, number / 9 % 3]
            var packages: [LockedPackage] = []
            if versions[1] > 0 { packages.append(package("b \(versions[1]).0.0")) }
            if versions[0] > 0 {
                packages.append(
                    versions[1] > 0
                        ? package("a \(versions[0]).0.0", "b \(versions[1]).0.0") : package("a \(versions[0]).0.0"))
            }
            if versions[2] > 0 { packages.append(package("c \(versions[2]).0.0")) }
            return lock(packages, [target(weak)], packages.map { variant("\($0.id)", weak) })
        }
        for base in 0..<27 {
            for ours in 0..<27 {
                #expect(merge(world(base), world(ours), world(base)).ours == world(ours))
                for theirs in 0..<27 {
                    let merged = merge(world(base), world(ours), world(theirs))
                    let (mine, other) = (world(ours), world(theirs))
                    for result in [merged.ours, merged.theirs] {
                        #expect((try? Lockfile(parsing: result.encoded())) == result)
                        for one in result.packages {
                            #expect((mine.packages + other.packages).contains { $0.id == one.id })
                        }
                    }
                    #expect(merged.isClean == (merged.ours == merged.theirs))
                    #expect((try? Lockfile(parsing: side(merged.encoded(), true))) == merged.ours)
                    #expect((try? Lockfile(parsing: side(merged.encoded(), false))) == merged.theirs)
                    #expect(merge(world(base), other, mine).theirs == merged.ours)
                }
            }
        }
    }

    /// What is left when one side of every conflict is taken.
    private func side(_ bytes: [UInt8], _ ours: Bool) -> [UInt8] {
        var lines: [Substring] = []
        var here: Bool?
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("<<<<<<<") {
                here = true
            } else if line.hasPrefix("=======") {
                here = false
            } else if line.hasPrefix(">>>>>>>") {
                here = nil
            } else if here == nil || here == ours {
                lines.append(line)
            }
        }
        return Array(lines.joined(separator: "\n").utf8)
    }
}

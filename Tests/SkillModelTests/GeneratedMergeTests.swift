import Basics
import TestSupport
import Testing

@testable import SkillModel

/// Numbers that are the same in every run.
private struct Dice {
    var state: UInt64

    mutating func roll(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(count))
    }
}

/// What could be had at some time: versions of a few packages, with what each needs.
private struct World {
    /// By name, oldest first.
    var releases: [[(version: Version, needs: [(name: Int, range: VersionRange)])]] = []

    init(_ dice: inout Dice) {
        let ranges = ["^1", "^1.1", "~1.0", "~1.1", "=1.0.0", ">=1.0.0", "^2"].map { VersionRange($0)! }
        let versions = ["1.0.0", "1.1.0", "1.1.1", "1.2.0", "2.0.0"].map { Version($0)! }
        let count = 4 + dice.roll(4)
        for name in 0..<count {
            releases.append(
                versions.prefix(1 + dice.roll(5)).map { version in
                    let needs = (0..<count).filter { $0 > name && dice.roll(3) == 0 }
                    return (version, needs.map { ($0, ranges[dice.roll(dice.roll(3) == 0 ? 7 : 2)]) })
                })
        }
    }

    static func name(_ number: Int) -> PackageName { PackageName("p\(number)")! }

    /// The newest that fits, or what `locked` has; of a package no more than its first `horizons` versions are published.
    func solve(_ wishes: [Int: VersionRange], _ locked: [Int: Version], _ horizons: [Int]) -> [Int: Version]? {
        func search(_ chosen: [Int: Version]) -> [Int: Version]? {
            var demands: [(name: Int, range: VersionRange)] = wishes.map { ($0.key, $0.value) }
            for (name, version) in chosen { demands += needs(name, version) }
            guard demands.allSatisfy({ demand in chosen[demand.name].map { demand.range.contains($0) } ?? true })
            else { return nil }
            guard let next = demands.map(\.name).filter({ chosen[$0] == nil }).min() else { return chosen }
            var versions = releases[next].prefix(horizons[next]).map(\.version).reversed() as [Version]
            if let kept = locked[next] { versions = [kept] + versions.filter { $0 != kept } }
            for version in versions {
                var more = chosen
                more[next] = version
                if let found = search(more) { return found }
            }
            return nil
        }
        return search([:])
    }

    func needs(_ name: Int, _ version: Version) -> [(name: Int, range: VersionRange)] {
        releases[name].first { $0.version == version }?.needs ?? []
    }

    func lock(_ wishes: [Int: VersionRange], _ chosen: [Int: Version]) -> Lockfile {
        let packages = chosen.map { name, version in
            let needs = needs(name, version)
            return LockedPackage(
                name: Self.name(name), version: version, source: .registry(RepositoryURL("https://h/r")!),
                commit: CommitID(String(repeating: "a", count: 40)), tree: Digest(of: "\(name) \(version)"),
                dependencies: needs.compactMap { need in chosen[need.name].map { PackageID(Self.name(need.name), $0) }
                },
                ranges: Dictionary(needs.map { (Self.name($0.name), .versions($0.range)) }) { first, _ in first })
        }
        return Lockfile(
            wishes: Dictionary(uniqueKeysWithValues: wishes.map { (Self.name($0.key), .versions($0.value)) }),
            packages: packages)
    }
}

/// One branch: what its manifest asks for, and its lock.
private struct Branch {
    var wishes: [Int: VersionRange]
    var chosen: [Int: Version]

    /// What people do on a branch: some edits of the manifest, each followed by a resolution, while more is published.
    mutating func work(_ world: World, _ horizons: [Int], _ dice: inout Dice) {
        for _ in 0..<(1 + dice.roll(3)) {
            var wanted = wishes
            var kept = chosen
            let name = dice.roll(world.releases.count)
            switch dice.roll(6) {
            case 0, 1, 2: wanted[name] = wanted[name] ?? VersionRange("^1")!
            case 3: wanted[name] = nil
            case 4: kept = [:]
            default: if wanted[name] != nil { wanted[name] = VersionRange(["~1.0", "^1.1", "*"][dice.roll(3)])! }
            }
            if let found = world.solve(wanted, kept, horizons) { (wishes, chosen) = (wanted, found) }
        }
    }
}

@Suite struct `Generated locks` {
    @Test func `merge into one that satisfies every manifest and range, or conflict`() throws {
        var dice = Dice(state: 43)
        var clean = 0
        var newer = 0
        var conflicts = 0
        for number in 0..<1_500 {
            let world = World(&dice)
            func horizons(_ dice: inout Dice) -> [Int] { world.releases.map { 1 + dice.roll($0.count) } }
            var base = Branch(wishes: [:], chosen: [:])
            let start = horizons(&dice)
            base.work(world, start, &dice)
            var (ours, theirs) = (base, base)
            ours.work(world, zip(start, horizons(&dice)).map(max), &dice)
            theirs.work(world, zip(start, horizons(&dice)).map(max), &dice)
            let locks = [base, ours, theirs].map { world.lock($0.wishes, $0.chosen) }
            let merged = LockfileMerge(base: locks[0], ours: locks[1], theirs: locks[2])
            let other = LockfileMerge(base: locks[0], ours: locks[2], theirs: locks[1])
            #expect(merged.isClean == other.isClean, "merge \(number)")
            #expect(merged.ours == other.theirs && merged.theirs == other.ours, "merge \(number)")
            guard merged.isClean else {
                conflicts += 1
                #expect(throws: DiagnosticsError.self) { try Lockfile(parsing: merged.encoded()) }
                continue
            }
            clean += 1
            #expect(merged.encoded() == other.encoded(), "merge \(number)")
            try expectRight(merged.ours, world, base, ours, theirs, "merge \(number)")
            let both = Set(ours.chosen.keys).intersection(theirs.chosen.keys)
            if both.contains(where: { name in
                let (old, mine, yours) = (base.chosen[name], ours.chosen[name], theirs.chosen[name])
                return mine != yours && old != mine && old != yours
            }) {
                newer += 1
            }
        }
        print(
            "generated merges: \(clean) clean, \(newer) of them with a package in two versions, \(conflicts) conflicts")
        #expect(clean > 1_000 && newer > 50 && conflicts > 20)
    }

    /// What an installation from it would find, worked out without the merge's own reasons.
    private func expectRight(
        _ lock: Lockfile, _ world: World, _ base: Branch, _ ours: Branch, _ theirs: Branch, _ what: String
    ) throws {
        var wishes: [Int: VersionRange] = [:]
        for name in world.releases.indices {
            let (old, mine, yours) = (base.wishes[name], ours.wishes[name], theirs.wishes[name])
            #expect(mine == yours || old == mine || old == yours, "\(what): the manifests are in conflict")
            wishes[name] = old == mine ? yours : mine
        }
        var chosen: [Int: Version] = [:]
        for name in world.releases.indices { chosen[name] = lock.package(World.name(name))?.version }
        #expect(lock == world.lock(wishes, chosen), "\(what)")
        var reached: Set<Int> = []
        var open = wishes.map { ($0.key, $0.value) }
        while let (name, range) = open.popLast() {
            let version = try #require(chosen[name], "\(what): p\(name) is missing")
            #expect(range.contains(version), "\(what): p\(name) \(version) is not \(range)")
            if reached.insert(name).inserted { open += world.needs(name, version).map { ($0.name, $0.range) } }
        }
        #expect(reached == Set(chosen.keys), "\(what): nobody needs some of it")
        for (name, version) in chosen {
            #expect([ours.chosen[name], theirs.chosen[name]].contains(version), "\(what): p\(name) \(version) is new")
        }
        #expect(try Lockfile(parsing: lock.encoded()) == lock)
    }
}

import SkillModel
import Testing

@testable import Resolution

/// SplitMix64: the same registries on every machine.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite struct `The solver against trying everything` {
    private let names = ["a", "b", "c", "d"].map { PackageName($0)! }
    private let ranges = ["*", "^1", "^2", ">=2", "<2", "=1.0.0", "~1.1", "^3", ">=1.1, <3", "^2.0.0-rc.1"]
    private let versions = ["1.0.0", "1.1.0", "2.0.0", "2.0.0-rc.1", "3.0.0"]

    private func needs(_ random: inout SeededGenerator, most: Int) -> [String] {
        (0..<Int.random(in: 0...most, using: &random)).map { _ in
            "\(names.randomElement(using: &random)!) \(ranges.randomElement(using: &random)!)"
        }
    }

    private func registry(_ random: inout SeededGenerator) -> MemoryRegistry {
        var entries: [String: [String]] = [:]
        var yanked: [String] = []
        var unsupplied: [String: String] = [:]
        for name in names {
            for version in versions.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)) {
                entries["\(name) \(version)"] = needs(&random, most: 3)
                if Int.random(in: 0..<6, using: &random) == 0 { yanked.append("\(name) \(version)") }
                if Int.random(in: 0..<5, using: &random) == 0 {
                    unsupplied["\(name) \(version)"] =
                        Bool.random(using: &random) ? "tool.exec at L2" : "tool.web at L1"
                }
            }
        }
        return MemoryRegistry(entries, yanked: yanked, unsupplied: unsupplied)
    }

    /// One with more versions and fewer needs, so that there is something to choose.
    private func looseRegistry(_ random: inout SeededGenerator) -> MemoryRegistry {
        var entries: [String: [String]] = [:]
        for name in names {
            for version in versions.shuffled(using: &random).prefix(Int.random(in: 2...4, using: &random)) {
                entries["\(name) \(version)"] = needs(&random, most: 1)
            }
        }
        return MemoryRegistry(entries)
    }

    /// One with few needs, of which a third of all versions and some packages can't be read.
    private func unreadableRegistry(_ random: inout SeededGenerator) -> MemoryRegistry {
        var registry = MemoryRegistry([:])
        for name in names {
            for version in versions.shuffled(using: &random).prefix(Int.random(in: 2...4, using: &random)) {
                let version = Version(version)!
                registry.packages[name, default: [:]][version] = needs(&random, most: 1).map(MemoryRegistry.dependency)
                if Int.random(in: 0..<3, using: &random) == 0 {
                    registry.unreadableVersions.insert(PackageID(name, version))
                }
            }
            if Int.random(in: 0..<8, using: &random) == 0 { registry.unreadable.insert(name) }
        }
        return registry
    }

    /// Whether a yanked version is chosen only where some requirement names exactly it, and every other accepts what was
    /// named: a range that is not exact does not accept what was taken back.
    private func accepts(_ need: PackageDependency, _ version: Version, _ registry: MemoryRegistry) -> Bool {
        guard need.requirement.contains(version) else { return false }
        guard registry.yanked.contains(PackageID(need.key.name, version)) else { return true }
        if case .range(let range) = need.requirement { return range.isExact }
        return false
    }

    /// Whether `selection` holds everything that is needed, in versions that fit.
    private func isSolution(
        _ selection: [PackageName: Version], _ needs: [PackageDependency], _ registry: MemoryRegistry
    ) -> Bool {
        if selection.contains(where: { registry.isUnusable(PackageID($0, $1)) }) { return false }
        let all = needs + selection.flatMap { registry.packages[$0]?[$1] ?? [] }
        return all.allSatisfy { need in selection[need.key.name].map { accepts(need, $0, registry) } ?? false }
    }

    private func hasSolution(_ needs: [PackageDependency], _ registry: MemoryRegistry) -> Bool {
        func search(_ rest: ArraySlice<PackageName>, _ selection: [PackageName: Version]) -> Bool {
            guard let name = rest.first else { return isSolution(selection, needs, registry) }
            if search(rest.dropFirst(), selection) { return true }
            return (registry.packages[name] ?? [:]).keys.contains { version in
                search(rest.dropFirst(), selection.merging([name: version]) { $1 })
            }
        }
        return search(names[...], [:])
    }

    /// Nothing is selected that nobody needs.
    private func isReached(
        _ selection: [PackageName: Version], _ needs: [PackageDependency], _ registry: MemoryRegistry
    ) -> Bool {
        var reached: Set<PackageName> = []
        var open = needs.map(\.key.name)
        while let name = open.popLast() {
            guard reached.insert(name).inserted, let version = selection[name] else { continue }
            open += (registry.packages[name]?[version] ?? []).map(\.key.name)
        }
        return reached == Set(selection.keys)
    }

    /// Every solution that selects nothing that nobody needs. O(versions to the packages' number): there are few of each.
    private func solutions(_ needs: [PackageDependency], _ registry: MemoryRegistry) -> [[PackageName: Version]] {
        var selections: [[PackageName: Version]] = [[:]]
        for name in names {
            selections += selections.flatMap { selection in
                (registry.packages[name] ?? [:]).keys.map { selection.merging([name: $0]) { $1 } }
            }
        }
        return selections.filter { isSolution($0, needs, registry) && isReached($0, needs, registry) }
    }

    /// Whether one has everything at least as new as the other, and something newer.
    private func dominates(_ one: [PackageName: Version], _ other: [PackageName: Version]) -> Bool {
        one != other && one.keys == other.keys
            && one.allSatisfy { name, version in other[name].map { $0 <= version } ?? false }
    }

    /// The same with everything that has an order in another one.
    private func shuffled(_ registry: MemoryRegistry, _ random: inout SeededGenerator) -> MemoryRegistry {
        var copy = registry
        for (name, versions) in registry.packages.sorted(by: { $0.key < $1.key }) {
            for (version, needs) in versions.sorted(by: { $0.key < $1.key }) {
                copy.packages[name]?[version] = needs.shuffled(using: &random)
            }
        }
        return copy
    }

    private func solve(
        _ needs: [PackageDependency], _ registry: MemoryRegistry
    ) async throws -> [PackageName: Version]? {
        var solver = Solver(registry)
        do {
            return Dictionary(uniqueKeysWithValues: try await solver.solve(needs).map { ($0.key.name, $0.value) })
        } catch is ResolutionFailure {
            return nil
        }
    }

    @Test func `what is taken is the newest that fits: no other solution has all as new, and something newer`()
        async throws
    {
        var random = SeededGenerator(state: 42)
        var (several, older) = (0, 0)
        for _ in 0..<800 {
            let registry = looseRegistry(&random)
            let needs = needs(&random, most: 4).map(MemoryRegistry.dependency)
            let all = solutions(needs, registry)
            let found = try await solve(needs, registry)
            #expect((found == nil) == all.isEmpty)
            guard let found else { continue }
            #expect(all.contains(found))
            let better = all.filter { dominates($0, found) }
            #expect(better.isEmpty, "\(found) is dominated by \(better): \(needs) \(registry.packages)")
            several += all.count > 1 ? 1 : 0
            older += all.contains { dominates(found, $0) } ? 1 : 0
        }
        // There was something to choose.
        #expect(several > 50)
        #expect(older > 50)
    }

    @Test func `the order in which needs are declared changes nothing`() async throws {
        var random = SeededGenerator(state: 43)
        var solved = 0
        for _ in 0..<200 {
            let registry = registry(&random)
            let needs = needs(&random, most: 4).map(MemoryRegistry.dependency)
            let first = try await solve(needs, registry)
            solved += first == nil ? 0 : 1
            for _ in 0..<3 {
                let other = try await solve(needs.shuffled(using: &random), shuffled(registry, &random))
                #expect(other == first, "\(needs) \(registry.packages)")
            }
        }
        #expect(solved > 20, "\(solved)")
    }

    @Test func `four hundred generated registries are solved when and only when they can be`() async throws {
        var random = SeededGenerator(state: 42)
        var solved = 0
        // What makes the search hard is there often enough to matter.
        var (own, cycles, yanked, unsupplied) = (0, 0, 0, 0)
        for _ in 0..<400 {
            let registry = registry(&random)
            own += dependsOnItself(registry) ? 1 : 0
            cycles += hasCycle(registry) ? 1 : 0
            yanked += registry.yanked.isEmpty ? 0 : 1
            unsupplied += registry.unsupplied.isEmpty ? 0 : 1
            let needs = needs(&random, most: 4).map(MemoryRegistry.dependency)
            var solver = Solver(registry)
            do {
                let selection = Dictionary(
                    uniqueKeysWithValues: try await solver.solve(needs).map { ($0.key.name, $0.value) })
                #expect(isSolution(selection, needs, registry), "\(needs) \(registry.packages)")
                #expect(isReached(selection, needs, registry), "\(selection)")
                // What is locked and fits is kept: asking again changes nothing.
                var locked = registry
                locked.locked = selection
                var again = Solver(locked)
                let kept = try await again.solve(needs)
                #expect(Dictionary(uniqueKeysWithValues: kept.map { ($0.key.name, $0.value) }) == selection)
                solved += 1
            } catch let failure as ResolutionFailure {
                #expect(!hasSolution(needs, registry), "\(failure)\n\(needs) \(registry.packages)")
                #expect(failure.explanation.last?.hasSuffix("there is no solution") == true, "\(failure)")
            }
        }
        #expect(solved > 50 && solved < 350, "\(solved)")
        #expect(own > 100 && cycles > 100 && yanked > 100, "\(own) \(cycles) \(yanked)")
        #expect(unsupplied > 200, "\(unsupplied)")
    }

    @Test func `what can't be read is never taken, never in the way of what can, and said where it would have been`()
        async throws
    {
        var random = SeededGenerator(state: 7)
        var (solved, failed, passedOver) = (0, 0, 0)
        for _ in 0..<400 {
            let registry = unreadableRegistry(&random)
            let needs = (needs(&random, most: 1) + ["a *"]).map(MemoryRegistry.dependency)
            var solver = Solver(registry)
            do {
                let selection = Dictionary(
                    uniqueKeysWithValues: try await solver.solve(needs).map { ($0.key.name, $0.value) })
                #expect(isSolution(selection, needs, registry), "\(needs) \(registry.packages)")
                for passed in solver.passedOver {
                    #expect(selection[passed.key.name].map { $0 < passed.version } == true)
                    passedOver += 1
                }
                solved += 1
            } catch let failure as ResolutionFailure {
                #expect(!hasSolution(needs, registry), "\(failure)\n\(needs) \(registry.packages)")
                #expect(!failure.diagnostics.isEmpty)
                failed += 1
            }
        }
        #expect(solved > 100 && failed > 100 && passedOver > 50, "\(solved) \(failed) \(passedOver)")
    }

    private func dependsOnItself(_ registry: MemoryRegistry) -> Bool {
        registry.packages.contains { name, versions in versions.values.joined().contains { $0.key.name == name } }
    }

    /// Whether two packages, in some versions, need one another.
    private func hasCycle(_ registry: MemoryRegistry) -> Bool {
        let needs = registry.packages.mapValues { Set($0.values.joined().map(\.key.name)) }
        return needs.contains { name, others in
            others.contains { $0 != name && needs[$0]?.contains(name) == true }
        }
    }
}

extension MemoryRegistry {
    fileprivate func isUnusable(_ id: PackageID) -> Bool {
        unsupplied[id] != nil || unreadableVersions.contains(id) || unreadable.contains(id.name)
    }
}

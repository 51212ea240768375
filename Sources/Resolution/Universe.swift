import SkillModel

/// The versions that the provider has told of, oldest first.
struct Universe: Sendable {
    private var packages: [PackageKey: [AvailableVersion]] = [:]
    /// How many sources have a package of that name.
    private var sources: [PackageName: Int] = [:]
    /// Why packages have no version that could be used.
    private var faults: [PackageKey: Unusable] = [:]

    func isKnown(_ key: PackageKey) -> Bool { packages[key] != nil }

    /// Of versions that differ only in build metadata the first is kept.
    mutating func add(_ key: PackageKey, _ versions: [AvailableVersion]) {
        var sorted = versions
        // Most providers have them in order.
        if !zip(versions, versions.dropFirst()).allSatisfy({ $0.version < $1.version }) {
            sorted = []
            for version in versions.sorted(by: { $0.version < $1.version })
            where sorted.last?.version != version.version { sorted.append(version) }
        }
        if packages.updateValue(sorted, forKey: key) == nil { sources[key.name, default: 0] += 1 }
    }

    /// A package that has no version, and why.
    mutating func add(_ key: PackageKey, _ fault: Unusable) {
        add(key, [])
        faults[key] = fault
    }

    func fault(of key: PackageKey) -> Unusable? { faults[key] }

    func versions(of key: PackageKey) -> [AvailableVersion] { packages[key] ?? [] }

    func count(of subject: Subject) -> Int {
        switch subject {
        case .project: 1
        case .package(let key): versions(of: key).count
        }
    }

    /// A package as sentences name it: with its source where another has one of that name.
    func words(for key: PackageKey) -> String { sources[key.name] ?? 0 > 1 ? "\(key)" : "\(key.name)" }

    /// The versions that satisfy `requirement`. A withheld one does only when the lock has it, or when it is named exactly.
    func set(of key: PackageKey, _ requirement: Requirement) -> VersionSet {
        let versions = versions(of: key)
        var set = VersionSet(emptyOf: versions.count)
        var isExact = false
        if case .range(let range) = requirement { isExact = range.isExact }
        for (index, available) in versions.enumerated() where requirement.contains(available.version) {
            if available.withheld == nil || isExact || available.isLocked || available.isLastResort {
                set.insert(index)
            }
        }
        return set
    }
}

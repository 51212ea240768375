import SkillModel

/// The versions that the provider has told of, oldest first.
struct Universe: Sendable {
    private var packages: [PackageName: [AvailableVersion]] = [:]

    func isKnown(_ name: PackageName) -> Bool { packages[name] != nil }

    /// Of versions that differ only in build metadata the first is kept.
    mutating func add(_ name: PackageName, _ versions: [AvailableVersion]) {
        var sorted: [AvailableVersion] = []
        for version in versions.sorted(by: { $0.version < $1.version }) where sorted.last?.version != version.version {
            sorted.append(version)
        }
        packages[name] = sorted
    }

    func versions(of name: PackageName) -> [AvailableVersion] { packages[name] ?? [] }

    func count(of subject: Subject) -> Int {
        switch subject {
        case .project: 1
        case .package(let name): versions(of: name).count
        }
    }

    /// The versions that satisfy `requirement`. A withheld one does only when it is locked, or named exactly.
    func set(of name: PackageName, _ requirement: Requirement, locked: Version?) -> VersionSet {
        let versions = versions(of: name)
        var set = VersionSet(emptyOf: versions.count)
        var isExact = false
        if case .range(let range) = requirement { isExact = range.isExact }
        for (index, available) in versions.enumerated() where requirement.contains(available.version) {
            if available.withheld == nil || isExact || locked == available.version { set.insert(index) }
        }
        return set
    }
}

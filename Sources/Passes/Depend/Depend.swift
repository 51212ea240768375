package import SkillModel

/// What must exist outside the model and the skill's folder for the skill's main use.
package enum Depend {
    /// Runs every rule and merges what they find: one dependency a kind and name, required when any rule says that it
    /// is, evidence joined. Pure; O(size of the document × rules).
    package static func run(_ document: SkillDocument) -> PassResult<DependencyManifest> {
        let reading = SkillReading(document)
        return PassResult(DependencyManifest(merge(rules.flatMap { $0.find(reading) })))
    }

    /// In the order in which they are listed in the documentation.
    static let rules: [any DependencyRule.Type] = [
        CommandProgramRule.self, PackageInstallRule.self, PackageRunnerRule.self, FrontMatterRequiresRule.self,
        CompatibilityRule.self, AllowedToolsRule.self, EnvironmentVariableRule.self, ServiceRule.self,
        MCPServerRule.self, ProseProgramRule.self, FragmentImportRule.self, BundledImportRule.self, FrameworkRule.self,
    ]

    private static func merge(_ found: [Dependency]) -> [Dependency] {
        struct Key: Hashable {
            var kind: Dependency.Kind
            var name: String
        }
        var merged: [Key: Dependency] = [:]
        for var dependency in found {
            let isExact = dependency.kind == .env || dependency.kind == .go
            dependency.name = isExact ? dependency.name : dependency.name.lowercased()
            let key = Key(kind: dependency.kind, name: dependency.name)
            guard var known = merged[key] else {
                merged[key] = dependency
                continue
            }
            known.required = known.required || dependency.required
            known.version = known.version ?? dependency.version
            known.evidence = Array(Set(known.evidence + dependency.evidence)).sorted()
            merged[key] = known
        }
        let order = Dictionary(uniqueKeysWithValues: Dependency.Kind.allCases.enumerated().map { ($1, $0) })
        return merged.values.sorted { a, b in
            let (left, right) = (order[a.kind] ?? 0, order[b.kind] ?? 0)
            return left != right ? left < right : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
        }
    }
}

/// One way in which a skill says that it needs something.
protocol DependencyRule: Sendable {
    /// Stable; `depend.…`.
    static var id: String { get }
    static func find(_ reading: SkillReading) -> [Dependency]
}

package import SkillModel

/// What must exist outside the model and the skill's folder for the skill's main use.
package enum Depend {
    /// Runs every rule and merges what they find: one dependency a kind and name, required when any rule says that it
    /// is, evidence joined. Pure; O(size of the document × rules).
    package static func run(_ document: SkillDocument) -> PassResult<DependencyManifest> {
        run(SkillReading(document))
    }

    package static func run(_ reading: SkillReading) -> PassResult<DependencyManifest> {
        var found: [Dependency] = []
        var run: Set<String> = []
        let alternatives = Alternatives.of(reading)
        let all = rules.map { (id: $0.id, dependencies: $0.found(in: reading)) }
        let (imports, project) = (ImportedModules(reading, all), ProjectPackages(reading))
        for (id, dependencies) in all {
            let settled = imports.settled(dependencies, of: id)
            found += project.marked(settled.filter { !alternatives.isOfTheProject($0.evidence) }, of: id)
            if id != ProseProgramRule.id, id != CompatibilityRule.id { run.formUnion(dependencies.map(\.name)) }
        }
        found = PlacesOfPackages(reading).marking(alternatives.weighed(SystemPlaces.of(reading).marked(found)))
        return PassResult(DependencyManifest(merge(found, prose: Set(found.map(\.name)).subtracting(run))))
    }

    /// In the order in which they are listed in the documentation.
    static let rules: [any DependencyRule.Type] = [
        CommandProgramRule.self, ScriptInterpreterRule.self, PackageInstallRule.self, PackageRunnerRule.self,
        FrontMatterRequiresRule.self,
        CompatibilityRule.self, AllowedToolsRule.self, EnvironmentVariableRule.self, ServiceRule.self,
        SubjectServiceRule.self, RunningServiceRule.self, MCPServerRule.self, ProseProgramRule.self,
        FragmentImportRule.self,
        BundledImportRule.self, BundledInstallRule.self, BundledManifestRule.self,
        ManifestFragmentRule.self, FrameworkRule.self, NamedPackageRule.self,
    ]

    /// Where both of two places need it: on the systems of both, unless one of them is for each, or only one needs it at all.
    private static func systems(_ a: Dependency, _ b: Dependency) -> [String]? {
        if a.required != b.required { return a.required ? a.systems : b.systems }
        guard let left = a.systems, let right = b.systems else { return nil }
        return Set(left + right).sorted()
    }

    /// `prose`: names that only running text has.
    private static func merge(_ found: [Dependency], prose: Set<String>) -> [Dependency] {
        struct Key: Hashable {
            var kind: Dependency.Kind
            var name: String
        }
        var merged: [Key: Dependency] = [:]
        for var dependency in found {
            let isExact = dependency.kind == .env || dependency.kind == .go
            dependency.name = isExact ? dependency.name : dependency.name.lowercased()
            // PyPI takes both for one name.
            if dependency.kind == .pip { dependency.name = String(dependency.name.map { $0 == "_" ? "-" : $0 }) }
            let key = Key(kind: dependency.kind, name: dependency.name)
            // Out of the table, so that its evidence is not copied with each place that is added.
            guard var known = merged.removeValue(forKey: key) else {
                merged[key] = dependency
                continue
            }
            known.systems = systems(known, dependency)
            known.required = known.required || dependency.required
            known.version = known.version ?? dependency.version
            known.mustRun = known.mustRun ?? dependency.mustRun
            known.port = known.port ?? dependency.port
            // One command that says so is enough: the bare name may be somebody else's.
            known.isElsewhere = known.isElsewhere ?? dependency.isElsewhere
            if dependency.scope == nil { known.scope = nil }
            if dependency.isGuessed != true { known.isGuessed = nil }
            known.evidence += dependency.evidence
            merged[key] = known
        }
        merged = merged.mapValues { dependency in
            var dependency = dependency
            dependency.evidence = Array(Set(dependency.evidence)).sorted()
            return dependency
        }
        // One need under two kinds: a package that is named like a demanded program is how that program gets there, and
        // prose that says "Python" means the interpreter that the commands run.
        func fold(_ key: Key, into other: Key) {
            guard key != other, let part = merged[key], var whole = merged[other] else { return }
            whole.evidence = Array(Set(whole.evidence + part.evidence)).sorted()
            whole.version = whole.version ?? part.version
            whole.isElsewhere = whole.isElsewhere ?? part.isElsewhere
            // Whoever runs it needs it here.
            if key.kind == .binary { whole.scope = nil }
            merged[other] = whole
            merged[key] = nil
        }
        // In one order: a name may be a package of pip and one of npm, and the program goes to the first.
        let order = Dictionary(uniqueKeysWithValues: Dependency.Kind.allCases.enumerated().map { ($1, $0) })
        let keys = merged.keys.sorted { a, b in
            let (left, right) = (order[a.kind] ?? 0, order[b.kind] ?? 0)
            return left != right ? left < right : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
        }
        for key in keys where key.kind == .brew || key.kind == .apt {
            fold(key, into: Key(kind: .binary, name: key.name))
        }
        // A package that brings its program: the program needs no check of its own.
        for key in keys
        where [.pip, .npm, .cargo, .gem].contains(key.kind) && !Programs.known.contains(key.name)
            && merged[key]?.isGuessed != true
        {
            fold(Key(kind: .binary, name: key.name), into: key)
        }
        if prose.contains("python3") {
            fold(Key(kind: .binary, name: "python3"), into: Key(kind: .binary, name: "python"))
        }
        return merged.values.sorted { a, b in
            let (left, right) = (order[a.kind] ?? 0, order[b.kind] ?? 0)
            return left != right ? left < right : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
        }
    }
}

/// One way in which a skill says that it needs something.
protocol DependencyRule: DescribedRule {
    static func find(_ reading: SkillReading) -> [Dependency]
}

extension DependencyRule {
    /// What `find` finds, looked for once a document: other rules ask as well.
    static func found(in reading: SkillReading) -> [Dependency] { reading.once(id) { find(reading) } }
}

import Basics
import SkillModel

/// Whose the modules are that code imports, and that no table knows.
///
/// An import names a module, and not the package that brings it; a registry may have a stranger's package of that name. So:
/// - what the text installs explains what it imports: a package whose name holds the module's (`pip install acme-sdk`,
///   `from acme import …`), or the only one that no import and no command accounts for;
/// - a module that is called like the skill is the skill's;
/// - what is left is a guess (`isGuessed`), which nothing installs by its name.
struct ImportedModules {
    /// The package that brings a module, by what an import would be taken for.
    private var explained: [String: String] = [:]
    private var guesses: Set<String> = []
    private let own: Set<String>
    /// Spans of commands that run a module (`python3 -m x`), which names no package either.
    private let moduleRuns: Set<SourceSpan>

    /// `all`: what each rule found. O(imports × packages that are named).
    init(_ reading: SkillReading, _ all: [(id: String, dependencies: [Dependency])]) {
        own = Set([reading.document.frontMatter.name ?? "", reading.title].map(Self.plain)).subtracting([""])
        moduleRuns = Set(reading.invocations.filter { Self.runsModule(Array($0.unwrapped)) }.map(\.span))
        for kind in [Dependency.Kind.pip, .gem] { explain(kind, all, Set(reading.invocations.map(\.program))) }
    }

    private mutating func explain(
        _ kind: Dependency.Kind, _ all: [(id: String, dependencies: [Dependency])], _ programs: Set<String>
    ) {
        var (imported, named): (Set<String>, Set<String>) = ([], [])
        for (id, dependencies) in all {
            for dependency in dependencies where dependency.kind == kind {
                let name = Self.normal(dependency.name)
                if isImport(dependency, id) { imported.insert(name) } else { named.insert(name) }
            }
        }
        let packages = named.sorted().prefix(Self.most)
        var unknown: [String] = []
        for module in imported.sorted() where !named.contains(module) && !Self.isKnown(module, kind) {
            if let holder = packages.first(where: { Self.holds($0, module) }) {
                explained[Self.key(kind, module)] = holder
            } else if !own.contains(Self.plain(module)) {
                unknown.append(module)
            }
        }
        let busy = imported.union(explained.values).union(programs.map(Self.normal))
        let idle = packages.filter { !busy.contains($0) && !Programs.isNamed($0) }
        if unknown.count == 1, idle.count == 1 {
            explained[Self.key(kind, unknown[0])] = idle[0]
        } else {
            guesses.formUnion(unknown.map { Self.key(kind, $0) })
        }
    }

    /// What a rule found, with the packages that its imports mean.
    func settled(_ dependencies: [Dependency], of id: String) -> [Dependency] {
        dependencies.compactMap { dependency in
            guard dependency.kind == .pip || dependency.kind == .gem, isImport(dependency, id) else {
                return dependency
            }
            var dependency = dependency
            let name = Self.normal(dependency.name)
            let key = Self.key(dependency.kind, name)
            if let package = explained[key] {
                dependency.name = package
            } else if guesses.contains(key) {
                dependency.isGuessed = true
            } else if own.contains(Self.plain(name)), !Self.isKnown(name, dependency.kind) {
                return nil
            }
            return dependency
        }
    }

    private func isImport(_ dependency: Dependency, _ id: String) -> Bool {
        switch id {
        case FragmentImportRule.id, BundledImportRule.id: true
        case PackageRunnerRule.id: dependency.evidence.contains { $0.span.map(moduleRuns.contains) ?? false }
        default: false
        }
    }

    private static func runsModule(_ words: [String]) -> Bool {
        let words = words.starts(with: ["uv", "run"]) ? Array(words.dropFirst(2)) : words
        return words.count > 2 && words[0].hasPrefix("python") && words[1] == "-m"
    }

    private static func isKnown(_ name: String, _ kind: Dependency.Kind) -> Bool {
        kind == .pip ? PythonPackages.isWellKnown(name) : RubyPackages.wellKnown.contains(name)
    }

    /// Whether the words of a package's name have those of the module's among them, side by side: `nvidia-acme-sdk` holds
    /// `acme` and `acme_sdk`, `acmeter` holds neither.
    private static func holds(_ package: String, _ module: String) -> Bool {
        let (words, wanted) = (package.split(separator: "-"), module.split(separator: "-"))
        guard !wanted.isEmpty, words.count >= wanted.count else { return false }
        return (0...(words.count - wanted.count)).contains { words[$0...].starts(with: wanted) }
            || plain(package) == plain(module)
    }

    private static func key(_ kind: Dependency.Kind, _ name: String) -> String { "\(kind.rawValue):\(name)" }

    /// PyPI takes `_`, `.` and `-` for one; extras are no part of a name.
    private static func normal(_ name: String) -> String {
        String(name.prefix { $0 != "[" }.lowercased().map { $0 == "_" || $0 == "." ? "-" : $0 })
    }

    /// Letters and digits alone.
    private static func plain(_ name: String) -> String {
        String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    private static let most = 500
}

import Basics
import ContentStore
import Formats
import Passes
import SkillModel

/// A locked skill with its bind script, which was held against what skvm itself writes of its needs.
struct BoundSkill: Sendable {
    var package: PackageID
    /// Sorted; their environments are one, and so is the script.
    var targets: [TargetName]
    var environment: EnvironmentDescription
    var dependencies: [Dependency]
    var steps: [BindStep]
    var script: [UInt8]

    /// Whether the script has anything to look for.
    var hasNeeds: Bool { steps.contains { ![.present, .refused, .skip].contains($0.action) } }
}

/// Reads bind scripts from the store, by the digests of the lock.
///
/// Neither is believed. A lock may come with a clone, and lead to any bytes that the store has; so a script is run only when
/// `bind` writes the very same of the needs that stand beside it: then no more of a skill is in it than names that `bind`
/// lets through.
struct BoundSkills {
    let lock: Lockfile
    let store: ContentStore
    /// Where variants are installed, by their trees.
    let installed: [Digest: String]
    private(set) var diagnostics: [Diagnostic] = []

    init(_ lock: Lockfile, _ store: ContentStore, installed: [Digest: String] = [:]) {
        self.lock = lock
        self.store = store
        self.installed = installed
    }

    /// Those of `names`, sorted by name; what can't be had of one is in the diagnostics.
    mutating func read(_ names: Set<String>, for targets: [TargetName]) throws -> [BoundSkill] {
        guard let first = targets.first, let digest = lock.target(first)?.environment else { return [] }
        guard let bytes = try store.get(digest),
            let environment = try? CanonicalJSON.decode(EnvironmentDescription.self, from: bytes)
        else {
            diagnostics.append(notCached(names, for: first))
            return []
        }
        var skills: [BoundSkill] = []
        for package in lock.packages where names.contains(package.id.name.description) {
            let variants = targets.compactMap { lock.variant(package.id, $0) }
            guard let variant = variants.first else {
                diagnostics.append(
                    Diagnostic(
                        "bind.not-compiled", .error,
                        "skvm.lock has no variant of \(package.id) for \(Self.named(targets))",
                        hint: "compile it: skvm install"))
                continue
            }
            if let skill = try read(variant, variants.map(\.target), environment) { skills.append(skill) }
        }
        return skills
    }

    private mutating func read(
        _ variant: LockedVariant, _ targets: [TargetName], _ environment: EnvironmentDescription
    ) throws -> BoundSkill? {
        let named = "the variant of \(variant.package) for \(variant.target)"
        guard let entries = try store.tree(variant.tree) else {
            diagnostics.append(Self.notCached(named, installed[variant.tree]))
            return nil
        }
        func file(_ path: String) throws -> [UInt8]? {
            guard let blob = entries.first(where: { $0.path.text == path })?.blob else { return nil }
            return try store.get(blob.digest)
        }
        // A tree without them is none of the compiler's, whoever wrote the lock; a file that the cache lost is made again.
        let parts = [".skvm/bind.sh", ".skvm/environment.json"]
        guard parts.allSatisfy({ part in entries.contains { $0.path.text == part } }) else {
            diagnostics.append(
                Diagnostic(
                    "bind.script", .error,
                    "\(named), which skvm.lock pins, has no bind script: no compiler of skvm wrote it",
                    notes: ["pinned \(variant.tree)"],
                    hint: "`skvm install` compiles it anew; where the lock is as it was committed, ask who wrote it",
                    fault: .integrity))
            return nil
        }
        guard let script = try file(parts[0]), let needs = try file(parts[1]) else {
            diagnostics.append(Self.notCached(named, installed[variant.tree]))
            return nil
        }
        guard let binding = try? CanonicalJSON.decode(EnvironmentBinding.self, from: needs),
            let own = Bind.run(DependencyManifest(binding.dependencies), environment: environment).value,
            Array(own.script.utf8) == script
        else {
            diagnostics.append(
                Diagnostic(
                    "bind.script", .error,
                    "the bind script that skvm.lock pins of \(variant.package) for \(variant.target) is not one that this skvm writes",
                    notes: ["pinned in \(variant.tree)"],
                    hint: "`skvm install` compiles it anew; where the lock is as it was committed, ask who wrote it",
                    fault: .integrity))
            return nil
        }
        return BoundSkill(
            package: variant.package, targets: targets, environment: environment, dependencies: binding.dependencies,
            steps: own.steps, script: script)
    }

    private static func notCached(_ what: String, _ place: String? = nil) -> Diagnostic {
        Diagnostic(
            "bind.not-cached", .error,
            place.map {
                "\(what) is locked, and installed in \($0), but not in the cache, where bind reads what it needs"
            }
                ?? "\(what), which skvm.lock pins, is not in the cache",
            hint: "`skvm install` makes it again", fault: .build)
    }

    /// Without the environment none of its skills can be looked at.
    private func notCached(_ names: Set<String>, for target: TargetName) -> Diagnostic {
        let variants = lock.variants.filter { $0.target == target && names.contains($0.package.name.description) }
        let isInstalled = !variants.isEmpty && variants.allSatisfy { installed[$0.tree] != nil }
        let skills = counted(variants.count, "skill")
        let are = variants.count == 1 ? "is" : "are"
        return Diagnostic(
            "bind.not-cached", .error,
            "nothing was looked for: \(skills) \(are) locked\(isInstalled ? ", and installed," : ""), but the cache has not the "
                + "environment of target '\(target)' that \(variants.count == 1 ? "it was" : "they were") compiled for",
            hint: "`skvm install` makes it again", fault: .build)
    }

    static func named(_ targets: [TargetName]) -> String {
        targets.map(\.description).joined(separator: ", ")
    }
}

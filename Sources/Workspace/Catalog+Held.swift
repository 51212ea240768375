import Basics
import Git
import Registry
import Resolution
import SkillModel

/// What a catalogue takes as the lock has it, so that nobody is asked for it: packages of repositories that are not to move, and
/// those of registries of which nothing is. Whoever adds a package needs nothing of the servers of the others.
///
/// It ends where it will not do: when something wants another version of such a package, and when there is no solution with it.
/// A registry's index is one for all: once anything of it must be asked for, it is asked for all of its packages.
extension Catalog {
    struct Holding {
        /// Whether anything is held; only the search for versions holds.
        var isOn = false
        /// Registries that are not asked as long as the lock has all that is wanted of them, by their names.
        var registries: Set<String> = []
        /// What was answered by the lock.
        var held: Set<PackageKey> = []
        /// Why a registry is asked after all.
        var reasons: [String: String] = [:]
        /// What the sources are to be asked for.
        var asked: Set<PackageKey> = []
    }

    /// A package was held, and something wants another version of it: the search begins anew.
    struct NoLongerHeld: Error {}

    /// Begins to hold, for a search that begins with `roots`.
    func hold(_ roots: [PackageDependency]) throws {
        holding.isOn = true
        holding.registries = registriesOfTheLock()
        try heed(roots, by: "the project")
    }

    /// The registries of which the lock has something, and has it so that nothing needs to be asked for.
    private func registriesOfTheLock() -> Set<String> {
        var found: Set<String> = []
        // The one inside skvm is always there.
        for locked in wishes.locked where locked.source != .embedded {
            guard let entry = shelf.entry(of: locked.source) else { continue }
            found.insert(entry.name)
            let isToMove = wishes.moving.contains(locked.id.name) || wishes.precise[locked.id.name] != nil
            if !isToMove, locked.tree != nil, dependencies(by: locked) != nil { continue }
            let reason = isToMove ? "\(locked.id) is to move" : "skvm.lock does not tell what \(locked.id) needs"
            holding.reasons[entry.name] = holding.reasons[entry.name] ?? reason
        }
        return found.subtracting(holding.reasons.keys)
    }

    /// Throws `NoLongerHeld` when one of `dependencies`, which are those of `dependent`, excludes what is held.
    func heed(_ dependencies: [PackageDependency], by dependent: @autoclosure () -> String) throws {
        guard holding.isOn else { return }
        var isTooTight = false
        for dependency in dependencies {
            let locked = bindings[dependency.key]?.locked
            if let locked, dependency.requirement.contains(locked.version) { continue }
            if case .registry(let name)? = binding(of: dependency.key), holding.registries.contains(name) {
                let has = locked.map { "skvm.lock has \($0.id)" } ?? "nothing of it is in skvm.lock"
                isTooTight =
                    ask(
                        name,
                        because: "\(dependent()) needs \(dependency.key.name) \(dependency.requirement), and \(has)")
                    || isTooTight
                continue
            }
            guard locked != nil, holding.asked.insert(dependency.key).inserted, holding.held.contains(dependency.key)
            else { continue }
            letGo(dependency.key)
            isTooTight = true
        }
        if isTooTight { throw NoLongerHeld() }
    }

    /// Holds nothing of a registry any more. Whether anything was.
    private func ask(_ registry: String, because reason: String) -> Bool {
        holding.registries.remove(registry)
        holding.reasons[registry] = reason
        let held = holding.held.filter { binding(of: $0) == .registry(registry) }
        for key in held { letGo(key) }
        return !held.isEmpty
    }

    /// Lets go of what a failure names and of what other versions may fit: there was no solution with the locked ones. False
    /// when nothing is left to be asked.
    func letGo(namedIn explanation: [String]) -> Bool {
        let named = holding.held.filter { key in explanation.contains { $0.contains("\(key.name) ") } }
        var isAny = false
        for key in named.sorted() {
            switch binding(of: key) {
            case .git(let source)?:
                guard case .range = source.reference, holding.asked.insert(key).inserted else { continue }
                letGo(key)
                isAny = true
            case .registry(let name)?:
                guard holding.registries.contains(name) else { continue }
                _ = ask(name, because: "with \(key.name) as skvm.lock has it there is no solution")
                isAny = true
            case .folder?, .web?, .hub?, nil: continue
            }
        }
        return isAny
    }

    private func letGo(_ key: PackageKey) {
        holding.held.remove(key)
        offers[key] = nil
    }

    func isHeld(_ package: PackageKey) -> Bool { holding.held.contains(package) }

    /// The one version that the lock has, with what it depends on there; nil for what is to be asked for.
    func held(_ package: PackageKey) -> Offers? {
        guard holding.isOn, !holding.asked.contains(package), let bound = bindings[package], let locked = bound.locked,
            wishes.precise[locked.id.name] == nil
        else { return nil }
        switch bound.dependency.binding {
        case .git(let source):
            return source.isRevision || !wishes.moving.contains(locked.id.name) ? asLocked(package) : nil
        case .registry(let name): return holding.registries.contains(name) ? asLocked(package) : nil
        case .folder, .web, .hub: return nil
        }
    }

    /// The locked version of a repository's or a registry's package by its record alone, which is all that is known of it from now
    /// on; nil where that does not tell enough, or does not fit.
    func asLocked(_ package: PackageKey) -> Offers? {
        guard let bound = bindings[package], let locked = bound.locked, let tree = locked.tree,
            bound.dependency.requirement.contains(locked.version),
            bound.dependency.patchRange?.contains(locked.version) ?? true,
            let dependencies = dependencies(by: locked)
        else { return nil }
        let known: Known
        switch (bound.dependency.binding, locked.source) {
        case (.git, .git(let address, _, let path)):
            guard let commit = locked.objectID, let url = try? GitURL(Self.absolute(address, root)) else { return nil }
            known = .release(
                PackageRelease(
                    name: locked.name, version: locked.version, origin: .git(url, commit: commit, path: path),
                    dependencies: dependencies, tree: tree))
        // Where its files are, its registry alone knows.
        case (.registry, .registry): known = .record(dependencies)
        default: return nil
        }
        holding.held.insert(package)
        return Offers([Offer(version: locked.version, known: known)])
    }

    /// What a record depends on, as its manifest would say it; nil when the lock does not tell.
    private func dependencies(by record: LockedPackage) -> [ManifestDependency]? {
        var found: [ManifestDependency] = []
        for id in record.dependencies {
            guard let needed = records[id], let source = source(of: needed, by: record) else { return nil }
            found.append(
                ManifestDependency(
                    id.name, package: needed.name == id.name ? nil : needed.name, source,
                    location: SourceLocation(file: Lockfile.fileName)))
        }
        return found
    }

    /// What a patch stands in for. No range is recorded of it: as long as the patch is there, with that very version, it was taken for what
    /// the dependent wants. Nil where it may be otherwise now.
    private func source(
        patched record: LockedPackage, _ original: PackageSource, by dependent: LockedPackage
    ) -> ManifestDependency.Source? {
        guard binder.isCurrent(record, of: dependent), binder.patchedName(of: record, original) == record.name,
            let entry = shelf.entry(of: original), let range = VersionRange("=\(record.version)")
        else { return nil }
        return .registry(range, registry: entry.name)
    }

    /// Where a record is from, as the manifest of its dependent would say it.
    private func source(of record: LockedPackage, by dependent: LockedPackage) -> ManifestDependency.Source? {
        if let original = record.patched { return source(patched: record, original, by: dependent) }
        let range = dependent.ranges[record.name]
        switch record.source {
        case .registry, .embedded:
            guard case .versions(let range)? = range, let entry = shelf.entry(of: record.source),
                dependent.source.isRegistry || dependent.takes(record.name, from: record.source)
            else { return nil }
            return .registry(range, registry: entry.name)
        case .git(let url, let reference, let path):
            let wanted: GitSource.Reference? =
                switch (reference, range) {
                case (.branch(let name)?, _): .branch(name)
                case (.tag(let name)?, _): .tag(name)
                case (nil, .versions(let range)?): .range(range)
                case (nil, .any?): .newest
                // A folder beside it is at its commit. Of others, a lock without ranges does not say what was wanted.
                case (nil, .locked?), (nil, nil):
                    record.commit == dependent.commit ? record.commit.map { .revision($0.description) } : nil
                }
            return wanted.map { .git(GitSource(url: url, path: path, reference: $0)) }
        // The lock does not say what these are called in a manifest.
        case .hub, .web, .path, .workspace: return nil
        }
    }
}

import Basics
import Git
import Registry
import Resolution
import SkillModel

/// What a catalogue takes as the lock has it, so that nobody is asked for it: packages of repositories that are not to move. Whoever
/// adds a package needs nothing of the servers of the others.
///
/// It ends where it will not do: when something wants another version of such a package, and when there is no solution with it.
extension Catalog {
    struct Holding {
        /// Whether anything is held; only the search for versions holds.
        var isOn = false
        /// What was answered by the lock.
        var held: Set<PackageKey> = []
        /// What the sources are to be asked for.
        var asked: Set<PackageKey> = []
    }

    /// A package was held, and something wants another version of it: the search begins anew.
    struct NoLongerHeld: Error {}

    /// Begins to hold, for a search that begins with `roots`.
    func hold(_ roots: [PackageDependency]) throws {
        holding.isOn = true
        try heed(roots)
    }

    /// Throws `NoLongerHeld` when one of `dependencies` excludes what is held.
    func heed(_ dependencies: [PackageDependency]) throws {
        guard holding.isOn else { return }
        var isTooTight = false
        for dependency in dependencies {
            guard let locked = bindings[dependency.key]?.locked, !dependency.requirement.contains(locked.version),
                holding.asked.insert(dependency.key).inserted, holding.held.contains(dependency.key)
            else { continue }
            letGo(dependency.key)
            isTooTight = true
        }
        if isTooTight { throw NoLongerHeld() }
    }

    /// Lets go of what a failure names and of what other versions may fit: there was no solution with the locked ones. False
    /// when nothing is left to be asked.
    func letGo(namedIn explanation: [String]) -> Bool {
        let named = holding.held.filter { key in
            guard case .git(let source)? = binding(of: key), case .range = source.reference,
                !holding.asked.contains(key)
            else { return false }
            return explanation.contains { $0.contains("\(key.name) ") }
        }
        for key in named {
            holding.asked.insert(key)
            letGo(key)
        }
        return !named.isEmpty
    }

    private func letGo(_ key: PackageKey) {
        holding.held.remove(key)
        offers[key] = nil
    }

    func isHeld(_ package: PackageKey) -> Bool { holding.held.contains(package) }

    /// The one version that the lock has, with what it depends on there; nil for what is to be asked for.
    func held(_ package: PackageKey) -> Offers? {
        guard holding.isOn, !holding.asked.contains(package), let bound = bindings[package],
            case .git(let source) = bound.dependency.binding, let locked = bound.locked,
            source.isRevision || !wishes.moving.contains(locked.id.name), wishes.precise[locked.id.name] == nil
        else { return nil }
        return asLocked(package)
    }

    /// The locked version of a repository's package by its record alone, which is all that is known of it from now on; nil
    /// where that does not tell enough, or does not fit.
    func asLocked(_ package: PackageKey) -> Offers? {
        guard let bound = bindings[package], case .git = bound.dependency.binding, let locked = bound.locked,
            let tree = locked.tree, bound.dependency.requirement.contains(locked.version),
            bound.dependency.patchRange?.contains(locked.version) ?? true,
            case .git(let address, _, let path) = locked.source, let commit = locked.objectID,
            let url = try? GitURL(Self.absolute(address, root)), let dependencies = dependencies(by: locked)
        else { return nil }
        holding.held.insert(package)
        let release = PackageRelease(
            name: locked.name, version: locked.version, origin: .git(url, commit: commit, path: path),
            dependencies: dependencies, tree: tree)
        return Offers([Offer(version: locked.version, known: .release(release))])
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

    /// Where a record is from, as the manifest of its dependent would say it.
    private func source(of record: LockedPackage, by dependent: LockedPackage) -> ManifestDependency.Source? {
        // What a patch stands in for, the project's manifest says.
        if record.patched != nil { return nil }
        let range = dependent.ranges[record.name]
        switch record.source {
        case .registry, .embedded:
            guard case .versions(let range)? = range, let entry = shelf.entry(of: record.source) else { return nil }
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

import Basics
import Git
import Registry
import Resolution
import SkillModel

/// What a catalogue asks the sources: which versions there are of a package.
extension Catalog {
    func ask(for package: PackageKey) async throws -> Offers {
        guard let bound = bindings[package] else { return Offers([]) }
        let list: [Offer]
        switch bound.dependency.binding {
        case .registry(let name):
            let entry = try shelf.entry(name)
            guard let listed = try await shelf.snapshot(entry).list(of: package.name) else {
                var unknown = try await shelf.unknownPackage(package.name, in: entry)
                if let asker = asker(of: package) { unknown = unknown.asked(by: asker, in: entry) }
                throw DiagnosticsError([unknown])
            }
            lists[package] = listed
            list = listed.items.map { Offer(version: $0.version, isYanked: $0.isYanked, known: .line) }
        case .git(let source): list = try await offered(source, package, bound)
        case .web(let source):
            let release = try await release(of: source, bound)
            list = [Offer(version: release.version, known: .release(release))]
        case .hub(let source): list = try await listed(source, package, bound)
        case .folder(let path):
            guard let skill = binder.folders[path] else { throw Self.noFolder(package, path) }
            list = [Offer(version: skill.version, known: .folder(skill.manifest))]
        }
        // An actor lets others in at each await: what they stored stands.
        if let known = offers[package] { return known }
        let sorted = Offers(list)
        offers[package] = sorted
        return sorted
    }

    /// What a repository offers. Of what is to move to the one commit that a name leads to now, it is looked at once whether
    /// the skill is still there. A release that the lock has and no tag stands for any more was taken back.
    private func offered(_ source: GitSource, _ package: PackageKey, _ bound: Bound) async throws -> [Offer] {
        guard let locked = bound.locked else {
            return try await candidates(source, package, bound).map(Self.offer)
        }
        let isMoving = wishes.moving.contains(locked.id.name) && precise(package) == nil
        do {
            let candidates = try await candidates(source, package, bound)
            if isMoving, source.moves, candidates.count == 1 {
                let release = try await git(source, package.name).release(candidates[0])
                return [Offer(version: release.version, known: .release(release))]
            }
            var offers = candidates.map(Self.offer)
            if case .range = source.reference, let commit = locked.objectID,
                !candidates.contains(where: { $0.version == locked.version }),
                bound.dependency.patchRange?.contains(locked.version) ?? true
            {
                let gone = GitPackage.Candidate(version: locked.version, commit: commit)
                if isMoving, !candidates.contains(where: { bound.dependency.requirement.contains($0.version) }) {
                    // It is all that is left: where not even its commit is, nothing is.
                    _ = try await git(source, package.name).release(gone)
                }
                offers.append(Offer(version: locked.version, isYanked: true, known: .candidate(gone)))
            }
            return offers
        } catch let error as DiagnosticsError where isMoving && Unusable(error) != nil {
            var isThere = false
            if let commit = locked.objectID {
                let last = GitPackage.Candidate(version: locked.version, commit: commit)
                isThere = (try? await git(source, package.name).release(last)) != nil
            }
            throw locked.gone(error, moving: wishes.standby == nil ? wishes.moving : [], isThere: isThere)
        }
    }

    private static func offer(_ candidate: GitPackage.Candidate) -> Offer {
        Offer(version: candidate.version, known: .candidate(candidate))
    }

    /// What a repository has. What moves (a branch, a tag, the newest) stays where the lock has it until it is asked to
    /// move: then no server is asked.
    private func candidates(
        _ source: GitSource, _ package: PackageKey, _ bound: Bound
    ) async throws -> [GitPackage.Candidate] {
        if let locked = bound.locked, let commit = locked.objectID,
            // A commit that is named, in full or by its first digits, moves for nobody.
            source.moves && !wishes.moving.contains(locked.id.name) || source.isRevision
        {
            return [.init(version: locked.version, commit: commit)]
        }
        let repository = try git(source, package.name)
        switch source.reference {
        case .range(let range):
            // Others may want other versions of it: all are offered, unless none would do.
            let all = try await repository.versions()
            if !all.contains(where: { range.contains($0.version) }) {
                if let locked = bound.locked, range.contains(locked.version) { return [] }
                return try await repository.candidates(source.reference)
            }
            guard let allowed = bound.dependency.patchRange else { return all }
            return all.filter { allowed.contains($0.version) }
        case .newest where wishes.ages != nil || precise(package) != nil:
            // All of them: the newest may be too young, or not the one that is wanted.
            let releases = try await repository.versions().filter { !$0.version.isPrerelease }
            if !releases.isEmpty { return releases }
        case .newest, .revision, .tag, .branch: break
        }
        return try await repository.candidates(source.reference)
    }

    /// What a hub offers. A version that the lock has and the hub no longer offers was withdrawn.
    private func listed(_ source: HubSource, _ package: PackageKey, _ bound: Bound) async throws -> [Offer] {
        guard let versions = try await hubs.versions(of: source, name: package.name) else {
            throw DiagnosticsError([Self.unknownPackage(package.name, source)])
        }
        var offers = versions.map { Offer(version: $0.version, known: .hub($0)) }
        if let locked = bound.locked, !versions.contains(where: { $0.version == locked.version }) {
            let gone = HubVersion(source: source, name: package.name, version: locked.version)
            offers.append(Offer(version: locked.version, isYanked: true, known: .hub(gone)))
        }
        return offers
    }

    /// What a web server has; what the lock has of it, until it is asked to move.
    private func release(of source: WebSource, _ bound: Bound) async throws -> PackageRelease {
        let name = bound.dependency.key.name
        if let locked = bound.locked, !wishes.moving.contains(locked.id.name), let tree = locked.tree,
            try wishes.isTrue(locked), let known = try await web.storedRelease(of: source, name: name, tree: tree)
        {
            return known
        }
        return try await web.release(of: source, name: name)
    }

    func git(_ source: GitSource, _ name: PackageName) throws -> GitPackage {
        GitPackage(
            url: try GitURL(Self.absolute(source.url, root)), path: source.path, name: name, cache: cache)
    }
}

import Basics
import Git
import Registry
import Resolution
import SkillModel

/// What packages there are, as the solver asks for them: in registries, git repositories, folders.
actor Catalog: PackageProvider {
    /// What the lock and the user want of the choice. Names are those that packages are installed under.
    struct Wishes: Sendable {
        /// What the lock has, as it is.
        var locked: [LockedPackage] = []
        /// Whether a record of it was found true on this machine.
        var isTrue: @Sendable (LockedPackage) throws -> Bool = { _ in false }
        /// Packages of the lock that are to move, where they can.
        var moving: Set<PackageName> = []
        /// The only version that may be chosen of a package.
        var precise: [PackageName: Version] = [:]
        /// Nil without a cooldown.
        var ages: ReleaseAges?
        /// What knows of sources what the cache has, for those that can't be reached. Nil where that may not stand in.
        var standby: Catalog?
        /// What the project's targets supply; asked for when a package requires something.
        var supply: @Sendable () async throws -> TargetSupply = { TargetSupply(targets: []) }
    }

    nonisolated let binder: Binder
    let cache: GitCache
    let web: WebSources
    let hubs: Hubs
    let wishes: Wishes
    /// What the lock has, by the packages' own names: a dependency looks at those of its name alone.
    private let locked: [PackageName: [LockedPackage]]
    /// Its records; only what is held asks for them.
    private(set) lazy var records = Dictionary(
        wishes.locked.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var shelf: RegistryShelf { binder.shelf }
    var root: String { binder.root }
    /// Versions that the cooldown passes over.
    private var young: [PackageKey: Set<Version>] = [:]
    private(set) var bindings: [PackageKey: Bound] = [:]
    /// Of what no manifest of the project names first: the package that needs it.
    private var askers: [PackageKey: PackageKey] = [:]
    var offers: [PackageKey: Offers] = [:]
    /// What is taken as the lock has it, and asked of nobody.
    var holding = Holding()
    /// What registries list of packages: of a version that nobody asks for, no more is read than which it is.
    var lists: [PackageKey: ReleaseList] = [:]
    private var supply: TargetSupply?
    /// What went wrong when it was asked for ahead: told when its turn comes.
    private var failures: [PackageKey: any Error] = [:]
    /// What can't be reached, and stays as the lock has it: why.
    private(set) var unreached: [PackageKey: [Diagnostic]] = [:]
    private let width: Int

    /// A package that something depends on.
    struct Bound {
        var dependency: BoundDependency
        /// As the first who depends on it calls it.
        var name: PackageName
        /// Its record in the lock, in the version that is locked.
        var locked: LockedPackage?
    }

    init(_ binder: Binder, _ workspace: Workspace, wishes: Wishes = Wishes()) {
        self.binder = binder
        self.wishes = wishes
        locked = Dictionary(grouping: wishes.locked, by: \.name)
        cache = workspace.repositories
        web = workspace.web
        hubs = workspace.hubs
        width = SideBySide.width(environment: workspace.settings.environment)
    }

    /// Finds a dependency's source and remembers it.
    ///
    /// - Parameters:
    ///   - folder: what its paths are relative to.
    ///   - registry: the one of a dependency that names none; nil is the project's default.
    func bind(
        _ dependency: ManifestDependency, declaredIn folder: String, registry: String?
    ) throws -> BoundDependency {
        let bound = try binder.bind(dependency, declaredIn: folder, registry: registry)
        if bindings[bound.key] == nil {
            // Of several records of one repository, the one that the name stands for.
            let records = (locked[bound.key.name] ?? []).filter { bound.isSource(of: $0, shelf) }
            bindings[bound.key] = Bound(
                dependency: bound, name: dependency.name,
                locked: bound.record(of: records, under: dependency.name))
        }
        return bound
    }

    /// Asks ahead for what will be looked at, of several servers at the same time: the index of `dependencies`, of what the
    /// lock has, and of what these need; the versions of repositories and hubs, and the likely one of them. Says nothing of
    /// what is wrong.
    func prefetch(_ dependencies: [PackageDependency]) async {
        var names: [String: Set<PackageName>] = [:]
        for dependency in dependencies {
            if case .registry(let registry)? = bindings[dependency.key]?.dependency.binding,
                !holding.registries.contains(registry)
            {
                names[registry, default: []].insert(dependency.key.name)
            }
        }
        for locked in wishes.locked {
            guard let entry = shelf.known(locked.source), !holding.registries.contains(entry.name) else { continue }
            names[entry.name, default: []].insert(locked.name)
        }
        var lanes: [String: [Ahead]] = [:]
        for (registry, names) in names {
            guard let entry = try? shelf.entry(registry) else { continue }
            lanes["\(entry.registry.location)", default: []].append(.index(entry, names.sorted()))
        }
        for dependency in dependencies {
            switch bindings[dependency.key]?.dependency.binding {
            case .git(let source)?:
                lanes[Self.absolute(source.url, root), default: []].append(.package(dependency))
            case .hub?, .web?: lanes["\(dependency.key)", default: []].append(.package(dependency))
            case .registry?, .folder?, nil: break
            }
        }
        // One package alone is as soon asked for when its turn comes.
        if lanes.count < 2 { lanes = lanes.filter { $0.value.count > 1 || $0.value.contains(where: \.isIndex) } }
        _ = await SideBySide.run(lanes.sorted { $0.key < $1.key }.map(\.value), width: width) { lane in
            await self.prefetchManifests(lane)
            for item in lane { await self.look(at: item) }
        }
    }

    /// The manifests of what will likely be looked at of one repository, together.
    private func prefetchManifests(_ lane: [Ahead]) async {
        var skills: [PackageOrigin] = []
        for case .package(let dependency) in lane where lane.count > 1 {
            guard case .git(let source)? = binding(of: dependency.key),
                let url = try? GitURL(Self.absolute(source.url, root)),
                let offers = try? await load(dependency.key), let likely = likely(dependency, offers),
                case .candidate(let candidate)? = offers[likely]?.known
            else { continue }
            skills.append(.git(url, commit: candidate.commit, path: source.path))
        }
        await cache.prefetchManifests(of: skills)
    }

    /// The version that the solver will try first, if nothing speaks against it.
    private func likely(_ dependency: PackageDependency, _ offers: Offers) -> Version? {
        precise(dependency.key) ?? keptVersion(of: dependency.key)
            ?? offers.versions.filter { dependency.requirement.contains($0) && !$0.isPrerelease }.max()
    }

    /// One thing to ask for ahead.
    private enum Ahead: Sendable {
        case index(RegistryShelf.Entry, [PackageName])
        case package(PackageDependency)

        var isIndex: Bool { if case .index = self { true } else { false } }
    }

    private func look(at item: Ahead) async {
        switch item {
        case .index(let entry, let names): await (try? shelf.snapshot(entry))?.prefetch(from: names)
        case .package(let dependency):
            let key = dependency.key
            do {
                let offers = try await load(key)
                // The solver tries the newest first; of a wrong guess only the fetching is lost.
                if let likely = likely(dependency, offers), wishes.ages == nil, offers[likely]?.isYanked == false {
                    _ = try? await offer(key, likely)
                }
            } catch {
                failures[key] = error
            }
        }
    }

    func versions(of package: PackageKey) async throws -> [AvailableVersion] {
        let offers = try await usable { try await load(package) }
        if let wanted = precise(package) {
            guard offers[wanted] != nil else {
                throw DiagnosticsError([Self.noVersion(wanted, of: package.name, offers.versions)])
            }
            return [AvailableVersion(wanted, isAskedFor: true)]
        }
        let young = try await tooYoung(package, offers)
        let kept = keptVersion(of: package)
        let held = bindings[package]?.locked?.version
        return offers.all.map { offer in
            AvailableVersion(
                offer.version,
                withheld: offer.isYanked ? .yanked : young.contains(offer.version) ? .tooYoung : nil,
                isLocked: offer.version == kept,
                isLastResort: offer.isYanked && offer.version == held && held != kept)
        }
    }

    /// Whether its author took a version back; false of what was not looked at.
    func isYanked(_ package: PackageKey, _ version: Version) -> Bool { offers[package]?[version]?.isYanked ?? false }

    /// What `work` gives. What a source that answers doesn't have or says in a way that can't be read is thrown as `Unusable`,
    /// all else that goes wrong as it is.
    private func usable<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as DiagnosticsError {
            if let fault = Unusable(error) { throw fault }
            throw error
        }
    }

    /// The name by which the user speaks of a package.
    private func name(of package: PackageKey) -> PackageName {
        let bound = bindings[package]
        return bound?.locked?.id.name ?? bound?.name ?? package.name
    }

    func precise(_ package: PackageKey) -> Version? { wishes.precise[name(of: package)] }

    /// The version that the lock holds and that is not to move.
    private func keptVersion(of package: PackageKey) -> Version? {
        bindings[package]?.locked.flatMap { wishes.moving.contains($0.id.name) ? nil : $0.version }
    }

    /// The releases after `version` that the cooldown passed over, in no order.
    func passedOver(of package: PackageKey, after version: Version) -> [Version] {
        young[package]?.filter { $0 > version && !$0.isPrerelease } ?? []
    }

    private func tooYoung(_ package: PackageKey, _ offers: Offers) async throws -> Set<Version> {
        guard let ages = wishes.ages else { return [] }
        if let known = young[package] { return known }
        var releases: [(version: Version, origin: PackageOrigin)] = []
        for offer in offers.all where !offer.isYanked {
            // What the lock has was chosen once.
            if bindings[package]?.locked?.version == offer.version { continue }
            switch offer.known {
            case .release(let release): releases.append((offer.version, release.origin))
            case .hub(let listed): releases.append((offer.version, .hub(listed)))
            case .line:
                // What can't be read is told when it is to be taken.
                do {
                    let release = try await usable { try await listed(package, offer.version) }
                    if let release { releases.append((offer.version, release.origin)) }
                } catch is Unusable {
                    continue
                }
            case .candidate(let candidate):
                guard candidate.tag != nil, case .git(let source)? = binding(of: package), source.followsVersions
                else { continue }
                let url = try GitURL(Self.absolute(source.url, root))
                releases.append((offer.version, .git(url, commit: candidate.commit, path: nil)))
            case .folder, .record: break
            }
        }
        let found = try await ages.tooYoung(releases)
        young[package] = found
        return found
    }

    func dependencies(of package: PackageKey, at version: Version) async throws -> [PackageDependency] {
        let found = try await usable { try await bound(of: package, at: version) }.map {
            PackageDependency($0.key, $0.requirement)
        }
        try heed(found, by: "\(package.name) \(version)")
        return found
    }

    /// What a version depends on, in the order of `declared`.
    func bound(of package: PackageKey, at version: Version) async throws -> [BoundDependency] {
        guard let binding = binding(of: package) else { return [] }
        let own = try await declared(of: package, at: version)
        var declared = own
        let isHeld = holding.held.contains(package)
        if case .git(let source) = binding, !isHeld {
            for index in declared.indices {
                if let beside = try await beside(declared[index], source, package, version) { declared[index] = beside }
            }
        }
        var registry: String?
        var folder = root
        switch binding {
        case .registry(let name): registry = name
        case .folder(let path): folder = path
        case .git, .web, .hub: break
        }
        return try zip(own, declared).map { written, dependency in
            let bound = try bind(dependency, declaredIn: folder, registry: registry)
            if bound.patched == nil, !isHeld { try requireReachable(written, of: package, binding) }
            askers[bound.key] = askers[bound.key] ?? package
            if case .folder(let path) = bound.binding, binder.folders[path] == nil {
                throw Self.noFolder(bound.key, path)
            }
            return bound
        }
    }

    /// What was fetched from elsewhere can't name a repository on this machine: not one beside itself, which nobody who
    /// installs it has, and none by its absolute path, which would be whatever lies there.
    private func requireReachable(
        _ dependency: ManifestDependency, of package: PackageKey, _ binding: Binding
    ) throws {
        let place: RepositoryURL
        switch dependency.source {
        case .git(let wanted): place = wanted.url
        case .registry(_, let address?):
            guard let url = RepositoryURL(address), TargetName(address) == nil else { return }
            place = url
        case .registry(_, nil), .web, .hub, .path: return
        }
        guard place.isLocal else { return }
        switch binding {
        case .folder: return
        // A repository of this machine may name another one of it.
        case .git(let own) where own.url.isLocal && Self.absolute(place, "/") == place.description: return
        case .git, .registry, .web, .hub:
            throw DiagnosticsError([
                Diagnostic(
                    "package.local-source", .error,
                    "'\(package.name)' was fetched, and depends on '\(dependency.name)' in a repository on this machine: "
                        + "\(place)",
                    notes: ["it comes from \(package.source)"],
                    hint: "ask its author for an address that others can reach, or put another in its place: [patch]",
                    fault: .build)
            ])
        }
    }

    /// A folder that a skill of a repository depends on is in that repository, too: by its own versions where there are tags
    /// in the range that stands beside the path, else at the very commit. Nil for what is no such folder.
    private func beside(
        _ dependency: ManifestDependency, _ source: GitSource, _ package: PackageKey, _ version: Version
    ) async throws -> ManifestDependency? {
        guard case .path(let text, let range) = dependency.source, !text.hasPrefix("/"),
            case .git(_, let commit, let folder)? = try await offer(package, version).release?.origin
        else { return nil }
        // Of parts, so that it can't lead out of the repository.
        var parts = folder?.components.map(String.init) ?? []
        for part in text.split(separator: "/") where part != "." {
            if part != ".." { parts.append(String(part)) } else if parts.popLast() == nil { return nil }
        }
        guard let path = RelativePath(parts.joined(separator: "/")) else { return nil }
        var moved = GitSource(url: source.url, path: path, reference: .revision(commit.hex))
        if let range, source.followsVersions,
            try await git(moved, dependency.ownName).versions().contains(where: { range.contains($0.version) })
        {
            moved.reference = .range(range)
        }
        var copy = dependency
        copy.source = .git(moved)
        return copy
    }

    /// What a version requires, as its author wrote it.
    func declared(of package: PackageKey, at version: Version) async throws -> [ManifestDependency] {
        try await offer(package, version).dependencies
    }

    func obstacle(to package: PackageKey, at version: Version) async throws -> Obstacle? {
        let requires = try await usable { try await offer(package, version).requires }
        if requires.isEmpty { return nil }
        if supply == nil {
            let found = try await wishes.supply()
            supply = supply ?? found
        }
        return supply?.obstacle(to: requires)
    }

    /// The release of a version, with its files' place. Nil for folders.
    func release(of package: PackageKey, at version: Version) async throws -> PackageRelease? {
        try await offer(package, version).release
    }

    /// What was fetched, and from no registry, and made something be looked for in a registry.
    func asker(of package: PackageKey) -> PackageKey? {
        guard let asker = askers[package] else { return nil }
        switch binding(of: asker) {
        case .git?, .web?, .hub?: return asker
        case .registry?, .folder?, nil: return nil
        }
    }

    func binding(of package: PackageKey) -> Binding? { bindings[package]?.dependency.binding }
    /// The lock's record of a package.
    func locked(_ package: PackageKey) -> LockedPackage? { bindings[package]?.locked }
    func patched(_ package: PackageKey) -> PackageSource? { bindings[package]?.dependency.patched }

    /// The packages that a patch took the place of, with their own sources, sorted.
    func patches() -> [(package: PackageKey, original: PackageSource)] {
        bindings.compactMap { key, bound in bound.dependency.patched.map { (key, $0) } }.sorted { $0.0 < $1.0 }
    }

    private func offer(_ package: PackageKey, _ version: Version) async throws -> Offer {
        guard var offer = try await load(package)[version] else {
            throw DiagnosticsError([Self.noVersion(version, of: package.name, try await load(package).versions)])
        }
        var found: PackageRelease?
        switch offer.known {
        case .line: found = try await listed(package, version)
        case .candidate(let candidate):
            guard case .git(let source)? = binding(of: package) else { break }
            found = try await git(source, package.name).release(candidate)
        case .hub(let listed):
            let locked = try bindings[package]?.locked.flatMap { try wishes.isTrue($0) ? $0 : nil }
            found = try await hubs.release(of: listed, known: locked?.version == version ? locked?.tree : nil)
        case .folder, .record, .release: break
        }
        if let found {
            offer.known = .release(found)
            offers[package]?.learn(found, of: version)
        }
        return offer
    }

    /// What a registry's line says of a version.
    private func listed(_ package: PackageKey, _ version: Version) async throws -> PackageRelease? {
        guard let list = lists[package] else { return nil }
        do {
            return try list.release(version)
        } catch {
            guard list.isKept, case .registry(let name)? = binding(of: package) else { throw error }
            // Damage of what was kept, or a line that is bad: the index itself says.
            let anew = try await shelf.snapshot(try shelf.entry(name)).list(of: package.name, isAnew: true)
            lists[package] = anew
            return try anew?.release(version)
        }
    }

    private func load(_ package: PackageKey) async throws -> Offers {
        if let known = offers[package] { return known }
        if let held = held(package) {
            offers[package] = held
            return held
        }
        do {
            if let failure = failures[package] { throw failure }
            return try await ask(for: package)
        } catch {
            if let offers = await standIn(for: package, error) { return offers }
            throw explained(error, package)
        }
    }

    /// The version that the lock has, as its record or the cache knows it, for a source that can't be reached or has nothing to
    /// move to. Nil where nothing may stand in.
    private func standIn(for package: PackageKey, _ error: any Error) async -> Offers? {
        guard let standby = wishes.standby, let bound = bindings[package], let locked = bound.locked,
            let reasons = Workspace.unreached(error) ?? gone(package, error)
        else { return nil }
        var found = asLocked(package)
        if found == nil, let offer = try? await standby.stored(package, bound, at: locked.version) {
            found = Offers([offer])
        }
        if let known = offers[package] { return known }
        guard let stored = found else { return nil }
        offers[package] = stored
        unreached[package] = reasons
        return stored
    }

    private func stored(_ package: PackageKey, _ bound: Bound, at version: Version) async throws -> Offer {
        bindings[package] = bound
        return try await offer(package, version)
    }
}

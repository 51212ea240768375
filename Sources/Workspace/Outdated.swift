package import Basics
import Git
import Registry
import Resolution
import SkillModel

/// Which packages have other versions than the lock.
package struct OutdatedReport: DiagnosedReport, Codable, Equatable {
    package struct Package: Sendable, Codable, Equatable {
        package var package: String
        package var locked: String
        /// Whether the locked version was taken back since.
        package var yanked: Bool
        /// The newest that all who require it accept: what `skvm update` takes when nothing else forbids it. Nil when its source
        /// can't be asked.
        package var matching: String?
        /// The newest that there is; nil when its source can't be asked.
        package var newest: String?
        /// What the manifest and dependents ask for, the manifest first, each once.
        package var required: [String]
        package var source: String
        /// The newest that they would accept, were it not younger than the cooldown; nil when there is none beyond `matching`.
        package var passedOver: String?
        /// Why its source can't be asked.
        package var unreachable: String?
        /// Why `skvm update` would not take what its branch leads to now: the skill is not there any more.
        package var note: String?
        /// The row in one word: the first that holds.
        package var status = Status.current

        package enum Status: String, Sendable, Codable {
            /// Its source can't be asked.
            case unreachable
            /// Its branch no longer has the skill.
            case gone
            /// Its author took the locked version back.
            case yanked
            /// There is a newer one, whether the requirements accept it or not.
            case outdated
            case current
        }

        fileprivate var found: Status {
            if unreachable != nil { return .unreachable }
            if note != nil { return .gone }
            if yanked { return .yanked }
            return locked == matching && locked == newest ? .current : .outdated
        }

        var isOutdated: Bool { status != .current }
    }

    package var version = 1
    package var command = "outdated"
    package var ok = true
    /// All packages but folders.
    package var packages: [Package] = []
    package var cooldown: String?
    package var diagnostics: [Diagnostic] = []

    package var text: String {
        let rows = packages.filter(\.isOutdated).map { package in
            [
                package.package, package.locked + (package.yanked ? " (yanked)" : ""),
                package.status == .gone ? "gone" : package.matching ?? "?", package.newest ?? "?",
                package.required.joined(separator: "; "),
            ]
        }
        if rows.isEmpty { return "everything is up to date" }
        let young = packages.compactMap { package in
            package.passedOver.map {
                "passed over \(package.package) \($0): younger than \(cooldown ?? "the cooldown")"
            }
        }
        let gone = packages.compactMap { package in
            package.note.map { "\(package.package) stays at \(package.locked): \($0)" }
        }
        return (Table.lines([["package", "locked", "matching", "newest", "required"]] + rows) + gone + young)
            .joined(separator: "\n")
    }
}

extension OutdatedReport {
    /// Whether there is something that the text lists.
    package var hasOutdated: Bool { packages.contains(where: \.isOutdated) }
}

/// Sources that can't be reached: each is asked once, and told once.
private struct UnaskedSources {
    /// By the source's place.
    var reasons: [String: [Diagnostic]] = [:]
    /// Packages of which nobody can say what they need.
    private var dependents: [(name: PackageName, reasons: [Diagnostic])] = []
    private var held: [String: [PackageID]] = [:]

    mutating func passesOver(_ name: PackageName, _ error: any Error) -> Bool {
        let unusable = (error as? DiagnosticsError).flatMap { Unusable($0) }?.diagnostics
        guard let found = Workspace.unreached(error) ?? unusable else { return false }
        dependents.append((name, found))
        return true
    }

    /// Nil when the source can't be reached, or when nobody knows which one it is, as who needs the package can't be asked.
    mutating func supply(
        of package: ResolvedPackage, _ binding: Binding?, _ ask: (ResolvedPackage, Binding?) async throws -> Supply
    ) async throws -> Supply? {
        guard let binding else {
            if dependents.isEmpty { return try await ask(package, nil) }
            return nil
        }
        if reasons[binding.place] == nil {
            do { return try await ask(package, binding) } catch {
                guard let found = Workspace.unreached(error) else { throw error }
                reasons[binding.place] = found
            }
        }
        held[binding.place, default: []].append(package.id)
        return nil
    }

    func reason(for package: ResolvedPackage, _ binding: Binding?) -> String? {
        let found = binding.flatMap { reasons[$0.place] } ?? dependents.first?.reasons
        return found?.first?.message
    }

    var diagnostics: [Diagnostic] {
        var found: [Diagnostic] = []
        for (place, all) in reasons.sorted(by: { $0.key < $1.key }) {
            // What was not to be looked at may be as it is.
            guard let packages = held[place] else { continue }
            for var reason in all {
                reason.notes.append(
                    "so nobody knows what there is of \(packages.map(\.description).joined(separator: ", "))")
                found.append(reason)
            }
        }
        for dependent in dependents {
            found += dependent.reasons.filter { reason in !found.contains { $0.message == reason.message } }
        }
        return found
    }
}

extension [String] {
    /// Each once, where it stands first.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Binding {
    /// What is asked, whichever package is wanted of it.
    fileprivate var place: String {
        switch self {
        case .registry(let name): "registry \(name)"
        case .git(let source): source.url.identity
        case .web(let source): source.description
        case .hub(let source): source.url.description
        case .folder(let path): path
        }
    }
}

/// What a source has of one package.
private struct Supply {
    /// In no order.
    var versions: [Version] = []
    var young: Set<Version> = []
    var yanked: Set<Version> = []
    /// For a source that names a commit, its version now; then ranges have no say.
    var head: Version?
    /// Why that version is the locked one, though something newer is there.
    var note: String?

    func matching(_ edges: [Requirements.Edge], _ locked: Version) -> Version {
        if let head { return head }
        return accepted(by: edges).filter { !young.contains($0) || $0 == locked }.max() ?? locked
    }

    /// The newest that only the cooldown keeps from being `matching`.
    func passedOver(_ edges: [Requirements.Edge], _ locked: Version) -> Version? {
        if head != nil { return nil }
        let matching = matching(edges, locked)
        return accepted(by: edges).filter { young.contains($0) && $0 > matching && $0 != locked }.max()
    }

    private func accepted(by edges: [Requirements.Edge]) -> [Version] {
        let ranges = edges.flatMap { [$0.range, $0.patchRange].compactMap { $0 } }
        return versions.filter { version in
            ranges.allSatisfy { $0.contains(version) } && (!version.isPrerelease || !ranges.isEmpty)
        }
    }

    func newest(_ prereleases: Bool, _ locked: Version) -> Version {
        // What has no versions has no newer one either: it has what it has.
        if versions.isEmpty, let head { return head }
        return max(
            (versions.filter { prereleases || !$0.isPrerelease } + [head].compactMap { $0 }).max() ?? locked, locked)
    }
}

extension Workspace {
    /// For each package its locked version, the newest that its requirements accept, and the newest of all, prereleases
    /// only with `prereleases`; only of `packages` and what they need when there are any. Asks the sources; changes nothing.
    package func outdated(
        prereleases: Bool = false, packages selection: PackageSelection = .all
    ) async throws -> OutdatedReport {
        let project = try self.project()
        let shelf = try RegistryShelf(project, self)
        let resolved = try await resolve(
            project, lock: try project.lock(), shelf: shelf, ResolveOptions(readsFiles: false, standsIn: true))
        await askAhead(resolved, project)
        var unasked = UnaskedSources()
        let requirements = try await resolved.requirements(project) { unasked.passesOver($0, $1) }
        for (key, reasons) in await resolved.catalog.unreached {
            if let binding = await resolved.catalog.binding(of: key) { unasked.reasons[binding.place] = reasons }
        }
        var report = OutdatedReport()
        report.cooldown = project.manifest.cooldown?.description
        let wanted = resolved.closure(
            of: selection.isUnsaid ? resolved.packages : try chosen(selection, among: resolved, project))
        for package in resolved.packages where !package.source.isFolder && wanted.contains(package.id.name) {
            let edges = requirements.on(package.id.name)
            let locked = package.id.version
            var row = OutdatedReport.Package(
                package: package.id.name.description, locked: locked.description, yanked: false,
                required: edges.map(\.text).uniqued, source: package.source.description)
            if let supply = try await unasked.supply(
                of: package, edges.first?.binding,
                { package, binding in
                    try await supply(of: package, binding, project, shelf) { supply in
                        [supply.matching(edges, locked), supply.newest(prereleases, locked)]
                    }
                })
            {
                row.yanked = supply.yanked.contains(locked)
                row.matching = supply.matching(edges, locked).description
                row.newest = supply.newest(prereleases, locked).description
                row.passedOver = supply.passedOver(edges, locked)?.description
                row.note = supply.note
            } else {
                row.unreachable = unasked.reason(for: package, edges.first?.binding)
            }
            row.status = row.found
            report.packages.append(row)
        }
        report.diagnostics = unasked.diagnostics
        report.ok = report.fault == nil
        return report
    }

    /// Asks each repository once what it has, several at the same time; what is wrong is told when a package's turn comes.
    private func askAhead(_ resolved: Resolved, _ project: Project) async {
        var skills: [GitURL: [PackageOrigin]] = [:]
        for package in resolved.packages {
            guard case .git(let address, _, let path) = package.source,
                let url = try? GitURL(Catalog.absolute(address, project.root)),
                let commit = package.commit.flatMap({ ObjectID(hex: $0.description) })
            else { continue }
            skills[url, default: []].append(.git(url, commit: commit, path: path))
        }
        if skills.isEmpty || flags.offline { return }
        settings.progress("asking \(counted(skills.count, "repository", "repositories")) for newer versions")
        let cache = repositories
        let lanes = skills.sorted { $0.key.text < $1.key.text }.map { ($0.key, $0.value) }
        _ = await SideBySide.run(lanes, width: SideBySide.width(environment: settings.environment)) { url, skills in
            guard (try? await cache.repository(url).references(.once)) != nil else { return }
            await cache.prefetchManifests(of: skills)
        }
    }

    /// - Parameter told: the versions of a supply that are shown.
    private func supply(
        of package: ResolvedPackage, _ binding: Binding?, _ project: Project, _ shelf: RegistryShelf,
        _ told: (Supply) -> [Version]
    ) async throws -> Supply {
        let name = package.ownName
        switch binding {
        case .registry(let registry)?:
            let releases = try await shelf.snapshot(try shelf.entry(registry)).releases(of: name) ?? []
            let usable = releases.filter { !$0.isYanked }
            return Supply(
                versions: usable.map(\.version),
                young: try await releaseAges(project)?.tooYoung(usable.map { ($0.version, $0.origin) }) ?? [],
                yanked: Set(releases.filter(\.isYanked).map(\.version)))
        case .git(let source)?:
            let repository = GitPackage(
                url: try GitURL(Catalog.absolute(source.url, project.root)), path: source.path, name: name,
                cache: repositories)
            return try await supply(of: source, repository, package, project, told)
        case .web(let source)?:
            let release = try await web.release(of: source, name: name)
            return Supply(head: release.version)
        case .hub(let source)?:
            let versions = try await hubs.versions(of: source, name: name) ?? []
            let locked = package.id.version
            return Supply(
                versions: versions.map(\.version),
                young: try await releaseAges(project)?.tooYoung(versions.map { ($0.version, .hub($0)) }) ?? [],
                yanked: versions.contains { $0.version == locked } ? [] : [locked])
        case .folder?, nil: return Supply()
        }
    }

    private func supply(
        of source: GitSource, _ repository: GitPackage, _ package: ResolvedPackage, _ project: Project,
        _ told: (Supply) -> [Version]
    ) async throws -> Supply {
        let tagged = try await repository.versions()
        let locked = package.id.version
        var supply = Supply(versions: tagged.map(\.version))
        switch source.reference {
        case .revision, .tag: supply.head = locked
        case .branch: (supply.head, supply.note) = try await head(of: source, repository, package)
        case .newest where !tagged.contains { !$0.version.isPrerelease }:
            (supply.head, supply.note) = try await head(of: source, repository, package)
        case .newest, .range:
            // As in `Catalog`: a release whose tag is gone was taken back.
            if case .range = source.reference, !supply.versions.contains(locked) { supply.yanked = [locked] }
            supply.young =
                try await releaseAges(project)?.tooYoung(
                    tagged.map { ($0.version, .git(repository.url, commit: $0.commit, path: nil)) }) ?? []
        }
        try await leaveOut(of: &supply, tagged, repository, package, told)
        return supply
    }

    /// What a source's branch leads to now; the locked version, and why, when the skill is not there.
    private func head(
        of source: GitSource, _ repository: GitPackage, _ package: ResolvedPackage
    ) async throws -> (Version?, note: String?) {
        do {
            let candidate = try await repository.candidates(source.reference).first
            if let candidate, candidate.commit.hex != package.commit?.description {
                try await repository.requireSkill(at: candidate.commit)
            }
            return (candidate?.version, nil)
        } catch {
            guard Unusable(error) != nil, let found = error.diagnostics.first else { throw error }
            return (package.id.version, ([found.message] + found.notes.prefix(1)).joined(separator: ", "))
        }
    }

    /// Takes the tags of a repository with several skills out that stand for a commit without this one. Only those are looked
    /// at that would be told; where so many have it not, the rest hasn't either.
    private func leaveOut(
        of supply: inout Supply, _ tagged: [GitPackage.Candidate], _ repository: GitPackage, _ package: ResolvedPackage,
        _ told: (Supply) -> [Version]
    ) async throws {
        guard case .git(_, _, .some) = package.source else { return }
        var isThere: [ObjectID: Bool] = [:]
        while true {
            let new = told(supply).compactMap { version in tagged.first { $0.version == version } }.first {
                // A tag of the skill's own says that it is there, and so does the lock.
                isThere[$0.commit] != true && $0.tag?.contains("/") == false
                    && $0.commit.hex != package.commit?.description
            }
            guard let new else { return }
            let found = try await isSkill(at: new.commit, repository)
            isThere[new.commit] = found
            if found { continue }
            let isLast = isThere.values.count { !$0 } == Self.mostWithout
            let gone = Set(
                tagged.filter { $0.commit == new.commit || isLast && $0.version > package.id.version }.map(\.version))
            supply.versions.removeAll { gone.contains($0) }
        }
    }

    private static var mostWithout: Int { 20 }

    /// Whether a commit has the skill. Offline, what the cache does not know is believed.
    private func isSkill(at commit: ObjectID, _ repository: GitPackage) async throws -> Bool {
        do {
            try await repository.requireSkill(at: commit)
            return true
        } catch {
            if error.diagnostics.allSatisfy({ $0.fault == .offline }) { return true }
            guard Unusable(error) != nil else { throw error }
            return false
        }
    }
}

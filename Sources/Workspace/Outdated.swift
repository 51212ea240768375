package import Basics
import Git
import Registry
import SkillModel

/// Which packages have other versions than the lock.
package struct OutdatedReport: DiagnosedReport, Codable, Equatable {
    package struct Package: Sendable, Codable, Equatable {
        package var package: String
        package var locked: String
        /// Whether the locked version was taken back since.
        package var yanked: Bool
        /// The newest that all who require it accept: what `skvm update` takes when nothing else forbids it.
        package var matching: String
        /// The newest that there is.
        package var newest: String
        /// What the manifest and dependents ask for, the manifest first.
        package var required: [String]
        package var source: String
        /// The newest that they would accept, were it not younger than the cooldown; nil when there is none beyond `matching`.
        package var passedOver: String?

        var isOutdated: Bool { yanked || locked != matching || locked != newest }
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
                package.package, package.locked + (package.yanked ? " (yanked)" : ""), package.matching,
                package.newest, package.required.joined(separator: "; "),
            ]
        }
        if rows.isEmpty { return "everything is up to date" }
        let young = packages.compactMap { package in
            package.passedOver.map {
                "passed over \(package.package) \($0): younger than \(cooldown ?? "the cooldown")"
            }
        }
        return (Table.lines([["package", "locked", "matching", "newest", "required"]] + rows) + young)
            .joined(separator: "\n")
    }
}

extension OutdatedReport {
    /// Whether there is something that the text lists.
    package var hasOutdated: Bool { packages.contains(where: \.isOutdated) }
}

/// What a source has of one package.
private struct Supply {
    /// In no order.
    var versions: [Version] = []
    var young: Set<Version> = []
    var yanked: Set<Version> = []
    /// For a source that names a commit, its version now; then ranges have no say.
    var head: Version?

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
        let ranges = edges.compactMap(\.range)
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
            project, lock: try project.lock(), shelf: shelf, ResolveOptions(readsFiles: false))
        let requirements = try await resolved.requirements(project)
        var report = OutdatedReport()
        report.cooldown = project.manifest.cooldown?.description
        let wanted = resolved.closure(
            of: selection.isUnsaid ? resolved.packages : try chosen(selection, among: resolved, project))
        for package in resolved.packages where !package.source.isFolder && wanted.contains(package.id.name) {
            let edges = requirements.on(package.id.name)
            let supply = try await supply(of: package, edges.first?.binding, project, shelf)
            let locked = package.id.version
            report.packages.append(
                .init(
                    package: package.id.name.description, locked: locked.description,
                    yanked: supply.yanked.contains(locked), matching: supply.matching(edges, locked).description,
                    newest: supply.newest(prereleases, locked).description, required: edges.map(\.text),
                    source: package.source.description,
                    passedOver: supply.passedOver(edges, locked)?.description))
        }
        return report
    }

    private func supply(
        of package: ResolvedPackage, _ binding: Binding?, _ project: Project, _ shelf: RegistryShelf
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
            return try await supply(
                of: source,
                GitPackage(
                    url: try GitURL(Catalog.absolute(source.url, project.root)), path: source.path, name: name,
                    cache: repositories), package.id.version, project)
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
        of source: GitSource, _ repository: GitPackage, _ locked: Version, _ project: Project
    ) async throws -> Supply {
        let tagged = try await repository.versions()
        var supply = Supply(versions: tagged.map(\.version))
        switch source.reference {
        case .revision, .tag: supply.head = locked
        case .branch: supply.head = try await repository.candidates(source.reference).first?.version
        case .newest where !tagged.contains { !$0.version.isPrerelease }:
            supply.head = try await repository.candidates(source.reference).first?.version
        case .newest, .range:
            supply.young =
                try await releaseAges(project)?.tooYoung(
                    tagged.map { ($0.version, .git(repository.url, commit: $0.commit, path: nil)) }) ?? []
        }
        return supply
    }
}

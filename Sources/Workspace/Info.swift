package import Basics
import Formats
import Git
import Harness
import Registry
import SkillModel

/// What is known of one package.
package struct InfoReport: DiagnosedReport, Codable, Equatable {
    package struct Release: Sendable, Codable, Equatable {
        package var version: String
        package var yanked: Bool
    }
    package struct Need: Sendable, Codable, Equatable {
        package var package: String
        package var required: String
    }
    package struct Compiled: Sendable, Codable, Equatable {
        package var target: String
        package var tree: Digest
    }

    package var version = 1
    package var command = "info"
    package var ok = true
    package var diagnostics: [Diagnostic] = []
    package var package: String
    /// The name that it is installed under in the project, where that is another.
    package var installedAs: String?
    /// Of the version that was asked for, that is locked, or the newest.
    package var selected: String
    package var description: String?
    package var keywords: [String] = []
    /// As the lock writes sources.
    package var source: String
    package var commit: String?
    package var tree: Digest?
    /// Newest first.
    package var versions: [Release] = []
    package var dependencies: [Need] = []
    /// In the lock of the project; nil when it isn't.
    package var locked: String?
    /// Variants in the lock.
    package var targets: [Compiled] = []
    /// Folders where it is installed.
    package var installed: [String] = []

    package var text: String {
        var lines = ["\(package) \(selected)"]
        if let description { lines.append("  " + description) }
        func add(_ label: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            lines.append("\(label): \(value)")
        }
        add("installed as", installedAs)
        add("keywords", keywords.joined(separator: ", "))
        add("source", source)
        add("commit", commit)
        add("tree", tree?.description)
        let shown = versions.prefix(20).map { $0.version + ($0.yanked ? " (yanked)" : "") }
        add("versions", shown.joined(separator: ", ") + (versions.count > 20 ? ", … \(versions.count - 20) more" : ""))
        add("needs", dependencies.map { "\($0.package) \($0.required)" }.joined(separator: ", "))
        add("locked", locked)
        add("compiled for", targets.map(\.target).joined(separator: ", "))
        for place in installed { add("installed in", place) }
        return lines.joined(separator: "\n")
    }
}

extension Workspace {
    /// Everything known of a package: of the project's own where it has one of that name, else of the registry called
    /// `registry`, or the default one. `text` is `NAME` or `NAME@VERSION`.
    package func info(_ text: String, registry: String? = nil) async throws -> InfoReport {
        if let report = try await hubInfo(text, registry) { return report }
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = PackageName(parts[0]) else {
            throw usage(
                "info.name", "'\(parts[0])' can't name a package: \(PackageName.fault(in: parts[0]) ?? "")",
                "write NAME or NAME@VERSION")
        }
        var wanted: Version?
        if parts.count == 2 {
            guard let version = Version(parts[1]) else {
                throw usage(
                    "info.version", "'\(parts[1])' is no version: \(Version.fault(in: parts[1]) ?? "")",
                    "write \(name)@1.2.3")
            }
            wanted = version
        }
        let project = try projectOrNone()
        let lock = try project.lock()
        let shelf = try RegistryShelf(project, self)
        let locked = registry == nil ? lock?.package(name) : nil
        var report: InfoReport
        if let locked, locked.source.isFolder {
            report = folder(name, locked, try await looking(project))
        } else if let locked, case .git(let url, _, let path) = locked.source {
            let package = GitPackage(
                url: try GitURL(Catalog.absolute(url, project.root)), path: path, name: locked.name,
                cache: repositories)
            report = try await repository(name, wanted, locked, package)
        } else if let locked, case .web(let source) = locked.source {
            report = try await handedOut(name, wanted, locked, source)
        } else if let locked, case .hub(let source) = locked.source {
            report = try await listed(locked.name, wanted ?? locked.version, source, locked)
        } else {
            var entry = try shelf.entry(registry ?? declaredRegistry(of: name, project))
            if let locked, let own = shelf.entry(of: locked.source) { entry = own }
            report = try await release(locked?.name ?? declaredName(of: name, project), wanted, locked, entry, shelf)
        }
        try addState(&report, name, lock, project)
        return report
    }

    private func usage(_ id: String, _ message: String, _ hint: String) -> DiagnosticsError {
        DiagnosticsError([Diagnostic(id, .error, message, hint: hint, fault: .usage)])
    }

    private func declaredRegistry(of name: PackageName, _ project: Project) -> String? {
        guard case .registry(_, let registry)? = project.manifest.dependencies.first(where: { $0.name == name })?.source
        else { return nil }
        return registry
    }

    private func declaredName(of name: PackageName, _ project: Project) -> PackageName {
        project.manifest.dependencies.first { $0.name == name }?.ownName ?? name
    }

    // MARK: Sources

    private func folder(_ name: PackageName, _ locked: LockedPackage, _ resolved: Resolved) -> InfoReport {
        let package = resolved.packages.first { $0.id.name == name }
        let manifest = resolved.folders.first { $0.tree == package?.tree && $0.name == package?.ownName }?.manifest
        var report = InfoReport(
            package: locked.name.description, selected: (package?.id.version ?? locked.version).description,
            description: manifest?.package?.description, source: locked.source.description, tree: package?.tree)
        report.versions = [.init(version: report.selected, yanked: false)]
        report.dependencies = needs(manifest?.dependencies ?? [])
        return report
    }

    private func repository(
        _ name: PackageName, _ wanted: Version?, _ locked: LockedPackage, _ package: GitPackage
    ) async throws -> InfoReport {
        let tagged = try await package.versions()
        let selected = wanted ?? locked.version
        let candidate: GitPackage.Candidate
        if selected == locked.version, let commit = locked.commit.flatMap({ ObjectID(hex: $0.description) }) {
            candidate = .init(version: selected, commit: commit)
        } else if let found = tagged.first(where: { $0.version == selected }) {
            candidate = found
        } else {
            throw noVersion(selected, name, tagged.map(\.version))
        }
        let release = try await package.release(candidate)
        var report = report(locked.name, release, source: locked.source)
        report.versions = tagged.map { .init(version: $0.version.description, yanked: false) }
        return report
    }

    /// What the lock has is told where the store has it, and what the server has now beside it.
    private func handedOut(
        _ name: PackageName, _ wanted: Version?, _ locked: LockedPackage, _ source: WebSource
    ) async throws -> InfoReport {
        let stored: PackageRelease?
        if let tree = locked.tree {
            stored = try await web.storedRelease(of: source, name: locked.name, tree: tree)
        } else {
            stored = nil
        }
        let now = flags.offline && stored != nil ? nil : try await web.release(of: source, name: locked.name)
        let there = [now, stored].compactMap { $0 }
        let selected = wanted ?? locked.version
        guard let release = there.last(where: { $0.version == selected }) ?? (wanted == nil ? now : nil) else {
            throw noVersion(selected, name, there.map(\.version))
        }
        var report = report(name, release, source: locked.source)
        var versions = there.map(\.version)
        if versions.count == 2, versions[0] == versions[1] { versions.removeLast() }
        report.versions = versions.map { .init(version: $0.description, yanked: false) }
        return report
    }

    private func release(
        _ name: PackageName, _ wanted: Version?, _ locked: LockedPackage?, _ entry: RegistryShelf.Entry,
        _ shelf: RegistryShelf
    ) async throws -> InfoReport {
        let snapshot = try await shelf.snapshot(entry)
        guard let releases = try await snapshot.releases(of: name), !releases.isEmpty else {
            throw DiagnosticsError([try await shelf.unknownPackage(name, in: entry)])
        }
        let usable = releases.filter { !$0.isYanked }
        let newest = usable.last { !$0.version.isPrerelease } ?? usable.last ?? releases.last
        let selected = wanted ?? locked?.version ?? newest?.version
        guard let release = releases.first(where: { $0.version == selected }) else {
            throw noVersion(selected ?? Version(0, 0, 0), name, releases.map(\.version))
        }
        var report = report(name, release, source: entry.source)
        report.versions = releases.reversed().map { .init(version: $0.version.description, yanked: $0.isYanked) }
        return report
    }

    private func report(_ name: PackageName, _ release: PackageRelease, source: PackageSource) -> InfoReport {
        var report = InfoReport(
            package: name.description, selected: release.version.description, description: release.summary,
            keywords: release.keywords, source: source.description, commit: release.origin.commit?.hex,
            tree: release.tree)
        report.dependencies = needs(release.dependencies)
        return report
    }

    private func needs(_ dependencies: [ManifestDependency]) -> [InfoReport.Need] {
        dependencies.map { .init(package: $0.ownName.description, required: $0.source.words) }
            .sorted { $0.package.utf8.lexicographicallyPrecedes($1.package.utf8) }
    }

    private func noVersion(_ version: Version, _ name: PackageName, _ versions: [Version]) -> DiagnosticsError {
        let newest = versions.sorted(by: >).prefix(10).map(\.description).joined(separator: ", ")
        return DiagnosticsError([
            Diagnostic(
                "info.no-version", .error, "there is no version \(version) of '\(name)'",
                notes: newest.isEmpty ? [] : ["there is \(newest)\(versions.count > 10 ? ", …" : "")"],
                hint: "leave the version out to see all")
        ])
    }

    // MARK: The project

    private func addState(
        _ report: inout InfoReport, _ name: PackageName, _ lock: Lockfile?, _ project: Project
    ) throws {
        guard let locked = lock?.package(name), report.source == locked.source.description else { return }
        report.locked = locked.version.description
        report.installedAs = locked.alias?.description
        if report.selected == report.locked {
            report.tree = report.tree ?? locked.tree
            report.targets = (lock?.variants ?? []).filter { $0.package == locked.id }.map {
                .init(target: $0.target.description, tree: $0.tree)
            }
        }
        // Another version than the locked one is not the one that is installed.
        guard report.selected == report.locked else { return }
        // What stands in the user's folders may be another project's.
        report.installed = try [state(of: project.root), userState].flatMap { try $0.installed() }.filter {
            $0.package == name.description && ($0.owners?.contains(project.root) ?? true)
        }
        .map(\.place)
    }
}

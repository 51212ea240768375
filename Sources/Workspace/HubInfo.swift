import Basics
import Registry
import SkillModel

/// `skvm info` of packages of a ClawHub.
extension Workspace {
    /// `@OWNER/NAME[@VERSION]`, or `NAME[@VERSION]` with a hub as the registry; nil for what is neither.
    func hubInfo(_ text: String, _ registry: String?) async throws -> InfoReport? {
        let project = try projectOrNone()
        let context = SpecContext(
            workingDirectory: settings.workingDirectory, root: project.root, registry: registry,
            hubs: project.manifest.hubs, workspace: self)
        guard text.hasPrefix("@") || registry.map({ context.hubs[$0] != nil }) ?? false else { return nil }
        var (owner, name, wanted) = try Self.named(text)
        let (_, url) = try HubSpec.hub(context)
        guard let skill = try await hubs.skill(name, owner: owner, at: url) else {
            throw DiagnosticsError([
                Diagnostic(
                    "clawhub.unknown-package", .error, "\(url) has no package \(owner.map { "@\($0)/" } ?? "")\(name)",
                    hint: "look for it: skvm search \(name)")
            ])
        }
        // Looking is no trust: what it is called now is shown.
        (owner, name) = (skill.owner, skill.name)
        let source = HubSource(url: url, owner: skill.owner)
        let locked = try project.lock()?.packages.first { $0.source == .hub(source) && $0.name == name }
        var report = try await listed(name, wanted ?? locked?.version, source, locked)
        report.description = report.description ?? skill.summary
        return report
    }

    /// A version of a hub's package: the wanted one, else the newest. Its files are fetched, as only they say what it needs.
    func listed(
        _ name: PackageName, _ wanted: Version?, _ source: HubSource, _ locked: LockedPackage?
    ) async throws -> InfoReport {
        guard let versions = try await hubs.versions(of: source, name: name) else {
            throw DiagnosticsError([Catalog.unknownPackage(name, source)])
        }
        let newest = versions.last { !$0.version.isPrerelease } ?? versions.last
        var chosen = versions.first { $0.version == wanted } ?? (wanted == nil ? newest : nil)
        if chosen == nil, let locked, locked.version == wanted {
            chosen = HubVersion(source: source, name: name, version: locked.version)
        }
        guard let chosen else {
            let there = versions.map(\.version).sorted(by: >).prefix(10).map(\.description).joined(separator: ", ")
            throw DiagnosticsError([
                Diagnostic(
                    "info.no-version", .error,
                    wanted.map { "there is no version \($0) of '\(name)'" } ?? "'\(name)' has no version",
                    notes: there.isEmpty ? [] : ["there is \(there)\(versions.count > 10 ? ", …" : "")"],
                    hint: "leave the version out to see all")
            ])
        }
        let release = try await hubs.release(
            of: chosen, known: locked?.version == chosen.version ? locked?.tree : nil)
        var report = InfoReport(
            package: name.description, selected: release.version.description, description: release.summary,
            source: PackageSource.hub(source).description, tree: release.tree)
        report.dependencies = release.dependencies.map {
            .init(package: $0.ownName.description, required: $0.source.words)
        }
        .sorted { $0.package.utf8.lexicographicallyPrecedes($1.package.utf8) }
        report.versions = versions.reversed().map { .init(version: $0.version.description, yanked: false) }
        report.diagnostics = await hubs.findings
        return report
    }

    private static func named(_ text: String) throws -> (HubOwner?, PackageName, Version?) {
        let parts = try HubSpec.split(text)
        guard let words = parts.rest else { return (parts.owner, parts.name, nil) }
        guard let version = Version(words) else {
            throw AddSpec.fault(
                "info.version", "'\(words.shown(limit: 80))' is no version: \(Version.fault(in: words) ?? "")",
                "write @OWNER/\(parts.name)@1.2.3")
        }
        return (parts.owner, parts.name, version)
    }
}

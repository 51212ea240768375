package import Basics
import Git
import Registry
import SkillModel

/// What `skvm registry update` did.
package struct RegistryUpdateReport: DiagnosedReport, Codable, Equatable {
    package struct Registry: Sendable, Codable, Equatable {
        package var name: String
        package var kind: RegistriesReport.Registry.Kind
        /// Where it is; nil for the one inside skvm.
        package var url: String?
        /// The commits that it was at and is at; nil where there is none, where it was not seen before, and where it did not
        /// answer.
        package var from: String?
        package var to: String?
        /// `updated`, `unchanged`, `failed`, or `skipped`: there is nothing to fetch.
        package var action: String

        var line: String {
            switch kind {
            case .embedded: return "\(name): inside skvm"
            case .folder: return "\(name): a folder, read as it is"
            case .clawhub: return "\(name): a ClawHub, asked when something is wanted of it"
            case .git: break
            }
            if action == "failed" { return "\(name): not available, \(url ?? "")" }
            let step =
                switch (from?.prefix(12), to?.prefix(12)) {
                case (let from?, let to?) where from != to: "\(from) → \(to)"
                case (nil, let to?): "at \(to)"
                case (_, let to?): "up to date at \(to)"
                case (_, nil): "empty"
                }
            return "\(name): \(step), \(url ?? "")"
        }
    }

    package var version = 1
    package var command = "registry"
    package var ok = true
    package var dryRun: Bool
    package var registries: [Registry] = []
    package var diagnostics: [Diagnostic] = []

    package var text: String {
        registries.map { (dryRun && $0.kind == .git && $0.action != "failed" ? "dry run: " : "") + $0.line }
            .joined(separator: "\n")
    }
}

extension Workspace {
    /// Fetches what is new in every registry, and says from where to where each went. What the lock pins stays pinned.
    ///
    /// Costs what changed: of the index, only what was asked for before is read, to hold it against what was seen then. All
    /// registries are tried; what is wrong with one is in the report. Under `--dry-run` their heads are asked for, and nothing
    /// is fetched: whether a history was rewritten is known only afterwards.
    package func updateRegistries() async throws -> RegistryUpdateReport {
        let project = try self.project()
        let shelf = try RegistryShelf(project, self)
        var report = RegistryUpdateReport(dryRun: flags.dryRun)
        for entry in shelf.entries {
            var registry = RegistryUpdateReport.Registry(
                name: entry.name, kind: Self.kind(of: entry), action: "skipped")
            if entry.source != .embedded { registry.url = entry.registry.location.description }
            if registry.kind == .git {
                do {
                    let before = try await entry.registry.lastSeen()
                    registry.from = before?.hex
                    let now = try await present(entry, shelf)
                    registry.to = now?.hex
                    registry.action = before == now ? "unchanged" : "updated"
                } catch {
                    guard let found = Self.diagnostics(of: error) else { throw error }
                    report.diagnostics += found
                    registry.action = "failed"
                }
            }
            report.registries.append(registry)
        }
        report.registries += project.manifest.hubs.sorted { $0.key < $1.key }.map {
            .init(name: $0.key, kind: .clawhub, url: $0.value.description, action: "skipped")
        }
        report.ok = !report.diagnostics.contains { $0.severity == .error }
        return report
    }

    /// The head of a registry, after what is new was fetched and held against what was seen.
    private func present(_ entry: RegistryShelf.Entry, _ shelf: RegistryShelf) async throws -> ObjectID? {
        if flags.dryRun { return try await entry.registry.presentHead() }
        let snapshot = try await shelf.snapshot(entry)
        try await snapshot.checkSeen()
        return snapshot.commit
    }
}

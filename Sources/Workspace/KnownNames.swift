import Basics
import Registry
import SkillModel

/// What of a project has names that a shell can offer.
package enum NameKind: Sendable, CaseIterable {
    /// What the manifest that is edited here depends on: the member's, else the project's.
    case dependencies
    /// All packages that the lock has, and what the manifest depends on.
    case packages
    /// The skills of a workspace, by the names that `-p` takes.
    case members
    case targets
    case registries
    /// Those that skvm brings along.
    case models, harnesses, environments
}

extension Workspace {
    /// The names that are there, sorted. A shell waits for them while somebody types: reads the project's manifest and lock,
    /// writes nothing, asks no network, and where something is wrong there are none.
    package func names(of kind: NameKind) -> [String] {
        Set((try? known(kind)) ?? []).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func known(_ kind: NameKind) throws -> [String] {
        switch kind {
        case .harnesses: return EmbeddedRegistry.names(below: "harnesses")
        case .environments: return EmbeddedRegistry.names(below: "environments") + ["host"]
        case .models:
            // A profile's file is `<harness>/<maker>--<model>.toml`.
            return EmbeddedRegistry.names(below: "profiles").map { name in
                String(name[(name.firstIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex)...])
                    .replacing("--", with: "/")
            }
        case .dependencies, .packages, .members, .targets, .registries: break
        }
        guard let project = try projectToName() else { return [] }
        switch kind {
        case .dependencies:
            return try editedFolders([], project).flatMap { folder in
                try project.manifest(in: folder)?.dependencies.map(\.name.description) ?? []
            }
        case .packages:
            return try (project.lock()?.packages ?? []).map(\.id.name.description)
                + project.manifest.dependencies.map(\.name.description)
        case .members:
            let own = project.manifest.package.map { [$0.name.description] } ?? []
            return try own + project.localFolders().map { try project.skillName(in: $0).description }
        case .targets: return project.manifest.targets.map(\.name.description)
        case .registries: return project.manifest.registries.map(\.key) + ["embedded"]
        case .models, .harnesses, .environments: return []
        }
    }

    private func projectToName() throws -> Project? {
        if let root = try projectRootOrNone() { return try Self.project(at: root, isUsersOwn: flags.global) }
        return try Self.project(at: settings.configDirectory)
    }
}

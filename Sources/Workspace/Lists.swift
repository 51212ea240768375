import Basics
import ContentStore
import Git
import Registry
import SkillModel

extension Workspace {
    /// The project's targets with what is known of each; with `known`, all that the registries know.
    package func targets(known: Bool) async throws -> Findings {
        let project = try? self.project()
        let manifest = project ?? Project(root: settings.workingDirectory, manifest: Manifest(), hasManifest: false)
        let shelf = try RegistryShelf(manifest, self)
        if known { return try await knownFacts(shelf) }
        let project2 = try self.project()
        let (targets, warnings) = try await resolveTargets(
            project2, lock: try project2.lock(), names: [], shelf: shelf)
        let lines = targets.map { target in
            let measured =
                target.profile.map { "\(counted($0.measurements.count, "primitive")) measured" }
                ?? "not measured: nothing is lowered"
            return
                "\(target.name): \(target.model) on \(target.harness.name) in \(target.environment.name), \(measured)"
        }
        return Findings(
            command: "target",
            lines: lines.isEmpty ? ["no targets; add one: skvm target add NAME --model M --harness H"] : lines,
            // Which are not measured, the lines say.
            diagnostics: warnings.filter { $0.id != "target.unmeasured" })
    }

    private func knownFacts(_ shelf: RegistryShelf) async throws -> Findings {
        var lines: [String] = []
        for kind in RegistrySnapshot.Kind.allCases {
            var names: Set<String> = []
            for entry in shelf.entries { names.formUnion(try await shelf.snapshot(entry).names(of: kind)) }
            lines.append("\(kind.rawValue):")
            lines += names.sorted().map { name in
                let shown = kind == .profiles ? name.replacing("--", with: "/") : name
                guard kind == .profiles, let slash = shown.firstIndex(of: "/") else { return "  \(shown)" }
                return "  \(shown[shown.index(after: slash)...]) on \(shown[..<slash])"
            }
        }
        return Findings(command: "target", lines: lines)
    }

    package func registries() async throws -> Findings {
        let project = try projectOrNone()
        let shelf = try RegistryShelf(project, self)
        var lines: [String] = []
        var diagnostics: [Diagnostic] = []
        for entry in shelf.entries {
            do {
                let snapshot = try await shelf.snapshot(entry)
                let count = try await snapshot.packageNames().count
                let place = entry.source == .embedded ? "inside skvm" : entry.registry.location.description
                lines.append("\(entry.name): \(snapshot.title), \(counted(count, "package")), \(place)")
            } catch {
                guard let found = Self.diagnostics(of: error) else { throw error }
                diagnostics += found
                lines.append("\(entry.name): \(entry.registry.location), not available")
            }
        }
        // A hub does not say how much it has.
        lines += project.manifest.hubs.sorted { $0.key < $1.key }.map { "\($0.key): a ClawHub, \($0.value)" }
        return Findings(
            command: "registry", ok: !diagnostics.contains { $0.severity == .error }, lines: lines,
            diagnostics: diagnostics)
    }
}

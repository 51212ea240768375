package import Basics
import Git
import Registry
import SkillModel

/// What `skvm target list` answers.
package struct TargetsReport: DiagnosedReport, Codable, Equatable {
    package struct Target: Sendable, Codable, Equatable {
        package var name: String
        package var model: String
        package var harness: String
        package var environment: String
        /// Whether there is a profile of the model on the harness; without one, nothing is lowered.
        package var measured: Bool
        /// How many primitives that profile has.
        package var primitives: Int
    }

    package var version = 1
    package var command = "target"
    package var ok = true
    package var targets: [Target]
    package var diagnostics: [Diagnostic] = []

    package var text: String {
        if targets.isEmpty { return "no targets; add one: skvm target add NAME --model M --harness H" }
        return targets.map { target in
            "\(target.name): \(target.model) on \(target.harness) in \(target.environment), "
                + (target.measured
                    ? "\(counted(target.primitives, "primitive")) measured" : "not measured: nothing is lowered")
        }.joined(separator: "\n")
    }
}

/// What `skvm target list --known` answers: all that a target can name.
package struct KnownFactsReport: DiagnosedReport, Codable, Equatable {
    package struct Profile: Sendable, Codable, Equatable {
        package var model: String
        package var harness: String
    }

    package var version = 1
    package var command = "target"
    package var ok = true
    package var profiles: [Profile] = []
    package var harnesses: [String] = []
    package var environments: [String] = []
    package var diagnostics: [Diagnostic] = []

    package var text: String {
        (["profiles:"] + profiles.map { "  \($0.model) on \($0.harness)" } + ["harnesses:"]
            + harnesses.map { "  \($0)" } + ["environments:"] + environments.map { "  \($0)" })
            .joined(separator: "\n")
    }
}

/// What `skvm registry list` answers.
package struct RegistriesReport: DiagnosedReport, Codable, Equatable {
    package struct Registry: Sendable, Codable, Equatable {
        package enum Kind: String, Sendable, Codable { case git, folder, clawhub, embedded }

        package var name: String
        package var kind: Kind
        /// Where it is; nil for the one inside skvm.
        package var url: String?
        /// What it calls itself; nil where it did not answer, and of a ClawHub.
        package var title: String?
        /// Nil where it did not answer; a ClawHub does not say how much it has.
        package var packages: Int?
        /// Whether it answered, or was not asked.
        package var available = true
        /// Whether plain names come from it.
        package var isDefault: Bool

        var line: String {
            let place = url ?? "inside skvm"
            if kind == .clawhub { return "\(name): a ClawHub, \(place)" }
            guard let title, let packages else { return "\(name): \(place), not available" }
            return "\(name): \(title), \(counted(packages, "package")), \(place)"
        }
    }

    package var version = 1
    package var command = "registry"
    package var ok = true
    package var registries: [Registry] = []
    package var diagnostics: [Diagnostic] = []

    package var text: String { registries.map(\.line).joined(separator: "\n") }
}

extension Workspace {
    /// The project's targets with what is known of each.
    package func targets() async throws -> TargetsReport {
        let project = try self.project()
        let (targets, warnings) = try await resolveTargets(
            project, lock: try project.lock(), names: [], shelf: try RegistryShelf(project, self))
        return TargetsReport(
            targets: targets.map { target in
                TargetsReport.Target(
                    name: target.name.description, model: target.model, harness: target.harness.name,
                    environment: target.environment.name, measured: target.profile != nil,
                    primitives: target.profile?.measurements.count ?? 0)
            },
            // Which are not measured, the list says.
            diagnostics: warnings.filter { $0.id != "target.unmeasured" })
    }

    /// All that the registries know of harnesses, models and machines.
    package func knownFacts() async throws -> KnownFactsReport {
        let project = try? self.project()
        let shelf = try RegistryShelf(
            project ?? Project(root: settings.workingDirectory, manifest: Manifest(), hasManifest: false), self)
        var report = KnownFactsReport()
        var snapshots: [RegistrySnapshot] = []
        for entry in shelf.entries {
            do { snapshots.append(try await shelf.snapshot(entry)) } catch {
                guard let found = Self.unreached(error) else { throw error }
                report.diagnostics += found
            }
        }
        report.ok = report.diagnostics.isEmpty
        let opened = snapshots
        func names(_ kind: RegistrySnapshot.Kind) async throws -> [String] {
            var names: Set<String> = []
            for snapshot in opened { names.formUnion(try await snapshot.names(of: kind)) }
            return names.sorted()
        }
        report.profiles = try await names(.profiles).compactMap { name -> KnownFactsReport.Profile? in
            // A profile's file is `<harness>/<maker>--<model>.toml`.
            guard let slash = name.firstIndex(of: "/") else { return nil }
            let model = name[name.index(after: slash)...].replacing("--", with: "/")
            return KnownFactsReport.Profile(model: String(model), harness: String(name[..<slash]))
        }
        report.harnesses = try await names(.harnesses)
        report.environments = try await names(.environments)
        return report
    }

    package func registries() async throws -> RegistriesReport {
        let project = try projectOrNone()
        let shelf = try RegistryShelf(project, self)
        let main = try shelf.entry(nil).name
        var report = RegistriesReport()
        for entry in shelf.entries {
            var registry = RegistriesReport.Registry(
                name: entry.name, kind: Self.kind(of: entry), isDefault: entry.name == main)
            if entry.source != .embedded { registry.url = entry.registry.location.description }
            do {
                let snapshot = try await shelf.snapshot(entry)
                registry.packages = try await snapshot.packageNames().count
                registry.title = snapshot.title
            } catch {
                guard let found = Self.diagnostics(of: error) else { throw error }
                report.diagnostics += found
                registry.available = false
            }
            report.registries.append(registry)
        }
        report.registries += project.manifest.hubs.sorted { $0.key < $1.key }.map {
            RegistriesReport.Registry(name: $0.key, kind: .clawhub, url: $0.value.description, isDefault: false)
        }
        report.ok = !report.diagnostics.contains { $0.severity == .error }
        return report
    }

    static func kind(of entry: RegistryShelf.Entry) -> RegistriesReport.Registry.Kind {
        if entry.source == .embedded { return .embedded }
        if case .folder = entry.registry.location { return .folder }
        return .git
    }
}

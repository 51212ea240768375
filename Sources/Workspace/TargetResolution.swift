import Basics
import Compiler
import ContentStore
import Formats
import Registry
import SkillModel

/// A target of the manifest with all that it names.
struct ResolvedTarget: Sendable {
    var name: TargetName
    /// Nil when nothing has measured the model on the harness.
    var profile: Profile?
    var harness: HarnessDescription
    var environment: EnvironmentDescription
    var locked: LockedTarget
    var model: String
    /// Absolute paths of files that it was read from.
    var files: [String]

    var supply: TargetSupply.Target {
        TargetSupply.Target(name: name.description, levels: (profile?.measurements ?? [:]).mapValues(\.level))
    }

    var facts: TargetFacts {
        TargetFacts(
            name: name.description, model: model, harness: harness.name,
            levels: (profile?.measurements ?? [:]).mapValues(\.level), support: harness.support,
            environment: environment)
    }
}

extension Workspace {
    /// The project's targets, of `names` alone when there are any, each with its facts: files from disk; the rest as the
    /// lock pins it when the store has it, from the registries otherwise.
    ///
    /// Of targets that nothing has measured it is said; where the lock has them (`tellsKnown`), it was.
    func resolveTargets(
        _ project: Project, lock: Lockfile?, names: [String], shelf: RegistryShelf, tellsKnown: Bool = true
    ) async throws -> (targets: [ResolvedTarget], diagnostics: [Diagnostic]) {
        for name in names where !project.manifest.targets.contains(where: { $0.name.description == name }) {
            throw DiagnosticsError([
                Self.unknownTarget(name, in: project)
            ])
        }
        var targets: [ResolvedTarget] = []
        var unmeasured: [Manifest.Target] = []
        for target in project.manifest.targets where names.isEmpty || names.contains(target.name.description) {
            let resolved = try await TargetReader(
                project: project, target: target, locked: lock?.target(target.name), shelf: shelf, workspace: self
            ).read()
            if resolved.profile == nil, tellsKnown || lock?.target(target.name) == nil { unmeasured.append(target) }
            targets.append(resolved)
        }
        return (targets.sorted { $0.name < $1.name }, Self.unmeasured(unmeasured).map { [$0] } ?? [])
    }

    /// One warning, however many there are.
    private static func unmeasured(_ targets: [Manifest.Target]) -> Diagnostic? {
        guard let first = targets.first else { return nil }
        let names = targets.prefix(3).map(\.name.description).joined(separator: ", ") + (targets.count > 3 ? ", …" : "")
        return Diagnostic(
            "target.unmeasured", .warning,
            targets.count == 1
                ? "no profile of \(first.model) on \(first.harness): nothing is lowered for target '\(first.name)'"
                : "no profile for \(targets.count) targets: nothing is lowered for \(names)",
            at: targets.count == 1 ? first.location : SourceLocation(file: Manifest.fileName),
            hint: "`skvm target list --known` shows what is measured; to measure it yourself, write a profile "
                + "(docs/formats/profile.md) and name it: profile = \"FILE\" in [targets.\(first.name)]")
    }
}

/// Reads what one target names.
private struct TargetReader {
    let project: Project
    let target: Manifest.Target
    let locked: LockedTarget?
    let shelf: RegistryShelf
    let workspace: Workspace

    func read() async throws -> ResolvedTarget {
        var files: [String] = []
        let (harness, digest) = try await harness()
        let environment = try await environment(&files)
        let profile = try await profile(&files)
        return ResolvedTarget(
            name: target.name, profile: profile, harness: harness, environment: environment,
            locked: LockedTarget(
                name: target.name, profile: try profile.map { try keep($0) }, environment: try keep(environment),
                harness: digest),
            model: target.model.description, files: files)
    }

    /// Puts a fact's canonical bytes into the store, so that the lock's digest leads back to it without a registry.
    private func keep(_ value: some Encodable) throws -> Digest {
        try workspace.store.put(try CanonicalJSON.encode(value)).digest
    }

    private func pinned<Value: Decodable>(_ type: Value.Type, _ digest: Digest?) -> Value? {
        guard let digest, let bytes = try? workspace.store.get(digest) else { return nil }
        return try? CanonicalJSON.decode(type, from: bytes)
    }

    /// What was locked keeps its digest, also where an earlier skvm stored more of it.
    private func harness() async throws -> (HarnessDescription, Digest) {
        let name = target.harness.description
        if let digest = locked?.harness, let pinned = pinned(HarnessDescription.self, digest), pinned.name == name {
            return (pinned, digest)
        }
        guard let (bytes, file) = try await find(.harnesses, name) else {
            throw try await unknown("harness", name, .harnesses)
        }
        let harness = try HarnessDescription(parsing: bytes, file: file)
        // Registries are asked here, and not for advice: what is known of the model is then at hand (`listingCosts`).
        for entry in shelf.entries { _ = try? await shelf.snapshot(entry).model(target.model.description) }
        return (harness, try keep(harness))
    }

    private func environment(_ files: inout [String]) async throws -> EnvironmentDescription {
        switch target.environment {
        case .file(let path):
            let full = project.absolute(path)
            files.append(full)
            return try EnvironmentDescription(parsing: try FileSystem.read(full, limit: 4 << 20), file: path)
        case .named(let name):
            if let pinned = pinned(EnvironmentDescription.self, locked?.environment), pinned.name == name {
                return pinned
            }
            guard let (bytes, file) = try await find(.environments, name) else {
                throw try await unknown("environment", name, .environments)
            }
            return try EnvironmentDescription(parsing: bytes, file: file)
        case .host:
            if let pinned = pinned(EnvironmentDescription.self, locked?.environment), pinned.name == HostCapture.name {
                return pinned
            }
            return HostCapture.capture(path: workspace.settings.environment["PATH"] ?? "")
        }
    }

    private func profile(_ files: inout [String]) async throws -> Profile? {
        let model = target.model.description
        let harness = target.harness.description
        if let path = target.profile {
            let full = project.absolute(path)
            files.append(full)
            guard FileSystem.exists(full) else {
                throw DiagnosticsError([
                    Diagnostic(
                        "target.no-profile", .error, "there is no file \(path), which target '\(target.name)' names",
                        at: target.location, hint: "correct `profile` of [targets.\(target.name)]")
                ])
            }
            let profile = try Profile(parsing: try FileSystem.read(full, limit: 4 << 20), file: path)
            guard profile.model == model, profile.harness == harness else {
                throw DiagnosticsError([
                    Diagnostic(
                        "target.other-profile", .error,
                        "\(path) is a profile of \(profile.model) on \(profile.harness), not of \(model) on \(harness)",
                        at: target.location, hint: "correct `profile` of [targets.\(target.name)]")
                ])
            }
            return profile
        }
        if let pinned = pinned(Profile.self, locked?.profile), pinned.model == model, pinned.harness == harness {
            return pinned
        }
        for entry in shelf.entries {
            do {
                if let (bytes, file) = try await shelf.snapshot(entry).profile(model: model, harness: harness) {
                    return try Profile(parsing: bytes, file: file)
                }
            } catch let error as DiagnosticsError
                where locked != nil && (error.fault == .offline || Workspace.unreached(error) != nil)
            {
                // The lock has no profile either: there was none when the registries were asked.
                continue
            }
        }
        return nil
    }

    private func find(
        _ kind: RegistrySnapshot.Kind, _ name: String
    ) async throws -> (bytes: [UInt8], file: String)? {
        for entry in shelf.entries {
            if let found = try await shelf.snapshot(entry).description(kind, name) { return found }
        }
        return nil
    }

    private func unknown(_ what: String, _ name: String, _ kind: RegistrySnapshot.Kind) async throws -> DiagnosticsError
    {
        var known: Set<String> = []
        for entry in shelf.entries { known.formUnion(try await shelf.snapshot(entry).names(of: kind)) }
        return DiagnosticsError([
            Diagnostic(
                "target.unknown-\(what)", .error, "no registry knows the \(what) '\(name)'", at: target.location,
                hint: likely(for: name, in: known.sorted() + (kind == .environments ? [HostCapture.name] : []))
                    .map { "did you mean '\($0)'?" } ?? "known are \(known.sorted().joined(separator: ", "))")
        ])
    }
}

/// Describes the machine that skvm runs on, for targets whose environment is `host`.
enum HostCapture {
    static let name = "host"

    /// Programs that skills ask for; only their presence is captured.
    private static let programs = [
        "bash", "brew", "bun", "cargo", "convert", "curl", "docker", "ffmpeg", "fd", "gh", "git", "go", "gs", "java",
        "jq", "kubectl", "magick", "make", "node", "npm", "npx", "pandoc", "pdftotext", "pip", "pip3", "pipx", "pnpm",
        "psql", "python3", "qpdf", "rg", "ruby", "sqlite3", "ssh", "tesseract", "tmux", "unzip", "uv", "wget", "yarn",
        "zip",
    ]
    private static let managers = ["apk", "apt", "brew", "cargo", "dnf", "gem", "go", "npm", "pacman", "pip", "uv"]

    /// Looks at `/etc/os-release` and at the folders of `path`; starts no program.
    static func capture(path: String) -> EnvironmentDescription {
        let folders = path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        func has(_ program: String) -> Bool { folders.contains { FileSystem.exists($0 + "/" + program) } }
        let release = (try? FileSystem.readText("/etc/os-release", limit: 1 << 16)).map(values) ?? [:]
        #if os(macOS)
            let os = "macos"
        #else
            let os = "linux"
        #endif
        #if arch(arm64)
            let architecture = "arm64"
        #else
            let architecture = "x86_64"
        #endif
        let managed =
            FileSystem.exists("/usr/lib/python3.11/EXTERNALLY-MANAGED")
            || FileSystem.exists("/usr/lib/python3.12/EXTERNALLY-MANAGED")
            || FileSystem.exists("/usr/lib/python3.13/EXTERNALLY-MANAGED")
        return EnvironmentDescription(
            name: name, os: os, distribution: release["ID"] ?? "", release: release["VERSION_ID"] ?? "",
            architecture: architecture,
            packageManagers: Dictionary(uniqueKeysWithValues: managers.filter(has).map { ($0, "") }),
            tools: Dictionary(uniqueKeysWithValues: programs.filter(has).map { ($0, "") }),
            pythonExternallyManaged: managed)
    }

    private static func values(_ text: String) -> [String: String] {
        var result: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            var value = String(parts[1])
            if value.hasPrefix("\""), value.hasSuffix("\""), value.count > 1 {
                value = String(value.dropFirst().dropLast())
            }
            result[String(parts[0])] = value
        }
        return result
    }
}

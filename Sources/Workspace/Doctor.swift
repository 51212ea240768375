package import Basics
import ContentStore
import Git
import Harness
import SkillModel

/// What `skvm doctor` found. What is missing or unfit is in the diagnostics.
package struct DoctorReport: DiagnosedReport, Codable, Equatable {
    package struct Program: Sendable, Codable, Equatable {
        package var name: String
        /// Absolute; nil where there is none on the path.
        package var path: String?
        /// What it says of itself, where it was asked.
        package var version: String?
    }

    package struct Cache: Sendable, Codable, Equatable {
        package var path: String
        package var readable: Bool
        /// How many results of passes it remembers.
        package var actions: Int
    }

    package struct Project: Sendable, Codable, Equatable {
        package var root: String
        package var targets: Int
        package var dependencies: Int
        package var locked: Bool
        /// Absent for a project's.
        package var isUsersOwn: Bool?
    }

    package var version = 1
    package var command = "doctor"
    package var ok = true
    package var programs: [Program] = []
    /// Nil where it can't be used.
    package var cache: Cache?
    /// Nil where there is none.
    package var project: Project?
    package var listings: [Listing] = []
    package var diagnostics: [Diagnostic] = []

    package var text: String {
        var lines = programs.compactMap { program in
            (program.version ?? program.path).map { "\(program.name): \($0)" }
        }
        if let cache {
            lines.append(
                cache.readable
                    ? "cache: \(cache.path), \(counted(cache.actions, "result")) of passes" : "cache: not readable")
        }
        if let project {
            lines.append(
                "\(project.isUsersOwn == true ? "your own skvm.toml" : "project"): \(project.root), \(counted(project.targets, "target")), "
                    + counted(project.dependencies, "dependency", "dependencies"))
            lines.append(project.locked ? "lock: readable" : "lock: none yet")
        } else if ok {
            lines.append("project: none here")
        }
        return (lines + listings.map(\.text)).joined(separator: "\n")
    }
}

/// Whether this machine, the cache and the project are fit for skvm.
extension Workspace {
    /// What skvm runs beside git, for what, and in which package Debian has it.
    private static let programs: [(name: String, purpose: String, package: String)] = [
        ("ssh", "registries and repositories over ssh", "openssh-client"),
        ("ssh-keygen", "signed tags and commits", "openssh-client"),
        ("bwrap", "custom passes: without it none runs", "bubblewrap"),
    ]

    /// What was found, with a warning for each thing that is missing or unfit, what it is needed for and the way out.
    package func doctor() async throws -> DoctorReport {
        var findings = DoctorReport()
        await examineGit(&findings)
        for (name, purpose, package) in Self.programs {
            let path = path(of: name)
            findings.programs.append(.init(name: name, path: path))
            if path == nil {
                findings.diagnostics.append(
                    Diagnostic(
                        "doctor.program", .warning, "there is no \(name) on the path: it is for \(purpose)",
                        hint: "install it; on Debian: apt install \(package)"))
            }
        }
        examineFolders(&findings)
        examineCache(&findings)
        await examineProject(&findings)
        if let orphans = Self.otherOrphans((try? userState.installed()) ?? []) { findings.diagnostics.append(orphans) }
        findings.ok = !findings.diagnostics.contains { $0.severity == .error }
        return findings
    }

    private func examineGit(_ findings: inout DoctorReport) async {
        let found = try? await Program("git", ["--version"], environment: settings.environment).run(limit: 1 << 16)
        guard let found, found.succeeded else {
            findings.programs.append(.init(name: "git"))
            findings.diagnostics.append(
                Diagnostic(
                    "doctor.git", .warning,
                    "there is no git on the path: repositories are fetched whole, without your credential helpers, and "
                        + "nothing can be published",
                    hint: "install git 2.31 or later; on Debian: apt install git"))
            return
        }
        let words = found.outputText.split(separator: "\n").first.map(String.init) ?? ""
        findings.programs.append(.init(name: "git", path: path(of: "git"), version: words))
        if await !repositories.hasProgram() {
            findings.diagnostics.append(
                Diagnostic(
                    "doctor.git", .warning, "this git is too old to be used: \(words)",
                    hint: "install git 2.31 or later"))
        }
        let helpers = try? await Program("git", ["--exec-path"], environment: settings.environment).run(limit: 1 << 16)
        let folder = helpers?.outputText.split(separator: "\n").first.map(String.init) ?? ""
        if !FileSystem.exists(folder + "/git-remote-https") {
            findings.diagnostics.append(
                Diagnostic(
                    "doctor.git", .warning, "this git has no git-remote-https: it can fetch nothing over http",
                    hint: "install git's package of your system, with libcurl"))
        }
    }

    /// On the path that skvm's own programs are looked for in; relative entries are passed over.
    private func path(of program: String) -> String? {
        (settings.environment["PATH"] ?? "").split(separator: ":").lazy.filter { $0.hasPrefix("/") }
            .map { "\($0)/\(program)" }.first { FileSystem.isExecutableFile($0) }
    }

    private func examineFolders(_ findings: inout DoctorReport) {
        for (what, path) in [
            ("configuration", settings.configDirectory), ("state", settings.stateDirectory),
        ] where FileSystem.exists(path) && !FileSystem.isWritable(path) {
            findings.diagnostics.append(
                Diagnostic(
                    "doctor.folder", .warning, "the \(what) folder \(path) can't be written",
                    hint: "give it back to yourself: chown, chmod u+rwx", fault: .outside))
        }
    }

    private func examineCache(_ findings: inout DoctorReport) {
        do {
            let blob = try store.put(Array("skvm doctor".utf8))
            findings.cache = DoctorReport.Cache(
                path: settings.cacheDirectory, readable: try store.get(blob.digest) != nil,
                actions: try ActionCache(root: settings.cacheDirectory).statistics().actions)
        } catch {
            findings.diagnostics += Self.diagnostics(of: error) ?? []
        }
    }

    private func examineProject(_ findings: inout DoctorReport) async {
        do {
            guard let root = try projectRootOrNone() else { return }
            let project = try Self.project(at: root, isUsersOwn: flags.global)
            findings.project = DoctorReport.Project(
                root: root, targets: project.manifest.targets.count,
                dependencies: project.manifest.dependencies.count, locked: try project.lock() != nil,
                isUsersOwn: project.isUsersOwn ? true : nil)
            if let notes = try project.lock()?.differences(from: project.manifest), !notes.isEmpty {
                findings.diagnostics.append(
                    Diagnostic(
                        "doctor.lock", .warning, "skvm.lock is not of this skvm.toml", notes: notes,
                        hint: "`skvm install` locks and installs what skvm.toml asks for; was a command interrupted?"))
            }
            if !project.manifest.targets.isEmpty {
                let (targets, unmeasured) = try await resolveTargets(
                    project, lock: try project.lock(), names: [], shelf: try RegistryShelf(project, self))
                findings.diagnostics += unmeasured
                for cost in try await listingCosts(targets, project) {
                    findings.listings.append(cost.listing)
                    findings.diagnostics += [cost.warning, cost.cutWarning].compactMap { $0 }
                }
                findings.diagnostics += try await seenTwice(
                    try installer(project).state.installed(), targets, project)
            }
            if installer(project).state.journalPaths.contains(where: FileSystem.exists) {
                findings.diagnostics.append(
                    Diagnostic(
                        "doctor.journal", .warning, "an interrupted installation waits",
                        hint: "run `skvm install`: it is completed or taken back first"))
            }
        } catch {
            findings.diagnostics += Self.diagnostics(of: error) ?? []
        }
    }
}

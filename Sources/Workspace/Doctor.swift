import Basics
import ContentStore
import Git
import Harness
import SkillModel

/// Whether this machine, the cache and the project are fit for skvm.
extension Workspace {
    /// What skvm runs beside git, for what, and in which package Debian has it.
    private static let programs: [(name: String, purpose: String, package: String)] = [
        ("ssh", "registries and repositories over ssh", "openssh-client"),
        ("ssh-keygen", "signed tags and commits", "openssh-client"),
        ("bwrap", "custom passes: without it none runs", "bubblewrap"),
    ]

    /// What was found, with a warning for each thing that is missing or unfit, what it is needed for and the way out.
    package func doctor() async throws -> Findings {
        var findings = Findings(command: "doctor", lines: [])
        await examineGit(&findings)
        for (name, purpose, package) in Self.programs {
            if let path = path(of: name) {
                findings.lines.append("\(name): \(path)")
            } else {
                findings.diagnostics.append(
                    Diagnostic(
                        "doctor.program", .warning, "there is no \(name) on the path: it is for \(purpose)",
                        hint: "install it; on Debian: apt install \(package)"))
            }
        }
        examineFolders(&findings)
        examineCache(&findings)
        await examineProject(&findings)
        findings.ok = !findings.diagnostics.contains { $0.severity == .error }
        return findings
    }

    private func examineGit(_ findings: inout Findings) async {
        let found = try? await Program("git", ["--version"], environment: settings.environment).run(limit: 1 << 16)
        guard let found, found.succeeded else {
            findings.diagnostics.append(
                Diagnostic(
                    "doctor.git", .warning,
                    "there is no git on the path: repositories are fetched whole, without your credential helpers, and "
                        + "nothing can be published",
                    hint: "install git 2.31 or later; on Debian: apt install git"))
            return
        }
        let words = found.outputText.split(separator: "\n").first.map(String.init) ?? ""
        findings.lines.append("git: \(words)")
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

    private func examineFolders(_ findings: inout Findings) {
        for (what, path) in [
            ("configuration", settings.configDirectory), ("state", settings.stateDirectory),
        ] where FileSystem.exists(path) && !FileSystem.isWritable(path) {
            findings.diagnostics.append(
                Diagnostic(
                    "doctor.folder", .warning, "the \(what) folder \(path) can't be written",
                    hint: "give it back to yourself: chown, chmod u+rwx", fault: .outside))
        }
    }

    private func examineCache(_ findings: inout Findings) {
        do {
            let blob = try store.put(Array("skvm doctor".utf8))
            findings.lines.append(
                try store.get(blob.digest) == nil ? "cache: not readable" : "cache: \(settings.cacheDirectory)")
            findings.lines.append(
                "actions: \(try ActionCache(root: settings.cacheDirectory).statistics().actions)")
        } catch {
            findings.diagnostics += Self.diagnostics(of: error) ?? []
        }
    }

    private func examineProject(_ findings: inout Findings) async {
        do {
            guard let root = try projectRootOrNone() else { return findings.lines.append("project: none here") }
            let project = try Self.project(at: root)
            findings.lines.append(
                "project: \(root), \(counted(project.manifest.targets.count, "target")), "
                    + counted(project.manifest.dependencies.count, "dependency", "dependencies"))
            findings.lines.append(try project.lock() == nil ? "lock: none yet" : "lock: readable")
            if !project.manifest.targets.isEmpty {
                let (targets, unmeasured) = try await resolveTargets(
                    project, lock: try project.lock(), names: [], shelf: try RegistryShelf(project, self))
                findings.diagnostics += unmeasured
                for cost in try listingCosts(targets, project) {
                    findings.lines.append(cost.text)
                    findings.diagnostics += [cost.warning, cost.cutWarning].compactMap { $0 }
                }
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

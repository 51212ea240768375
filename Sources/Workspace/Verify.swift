package import Basics
import ContentStore
import Harness
import SkillModel

/// What `skvm verify` rehashed.
package struct VerifyReport: DiagnosedReport, Codable {
    package var version = 1
    package var command = "verify"
    package var ok = true
    package var installed: Int
    package var cached: Int
    /// Packages in the project's vendored folder.
    package var vendored = 0
    /// How many of `installed` stand in the user's folders, for whatever project.
    package var ofUser = 0
    /// How many of the trees that the lock pins the cache does not have whole. It can make them again: that is no fault.
    package var uncached = 0
    /// With `--repair`: how many faults are gone.
    package var repaired: Int?
    /// With `--repair`: what these faults were, in the words of `verify`.
    package var mended: [String]?
    /// With `--repair --force`: of each edited file where what it held is kept, in words.
    package var setAside: [String]?
    /// With `--repair --dry-run`: what would be done, in words.
    package var planned: [String]?
    /// With `--repair`: how many trees the cache has again.
    package var restored: Int?
    /// With `--repair`: how many changed files of installed skills stay as they are.
    package var kept: Int?
    package var diagnostics: [Diagnostic]

    package var text: String {
        (mendedLines + plannedLines + (ok ? [verified] : [])).joined(separator: "\n")
    }

    private var plannedLines: [String] {
        guard let planned else { return [] }
        if planned.isEmpty { return ["dry run: there is nothing to repair"] }
        return ["dry run, nothing was changed; otherwise:"] + planned.map { "  \($0)" }
    }

    private var mendedLines: [String] {
        guard let repaired, let restored else { return [] }
        let again = restored > 0 ? ", and \(counted(restored, "tree")) put back into the cache" : ""
        let edits = kept ?? 0
        let stays =
            edits > 0
            ? "; \(counted(edits, "changed file")) \(edits == 1 ? "stays" : "stay") as \(edits == 1 ? "it is" : "they are")"
            : ""
        let faults = diagnostics.contains { $0.severity == .error && !$0.isOfEdit }
        let left = faults ? "; what is left is named" : ""
        let lines = mended ?? []
        let more = lines.count > 20 ? ["  and \(lines.count - 20) more"] : []
        let what =
            repaired == 0 && restored == 0 && !faults ? "nothing to repair" : "repaired \(counted(repaired, "fault"))"
        let told = lines.prefix(20).map { "  \($0)" } + more
        return ["\(what)\(again)\(stays)\(left)"] + told + (setAside ?? [])
    }

    private var verified: String {
        let user = ofUser > 0 ? " (\(ofUser) in the user's folders)" : ""
        let folder = vendored > 0 ? ", \(counted(vendored, "vendored package"))" : ""
        let rest =
            uncached == 0
            ? ""
            : "; \(counted(uncached, "tree")) that skvm.lock pins \(uncached == 1 ? "is" : "are") not in the cache, which is "
                + "no fault: what needs \(uncached == 1 ? "it" : "them") brings \(uncached == 1 ? "it" : "them") back, and so "
                + "does --repair"
        return
            "verified \(counted(installed, "installed skill"))\(user) and \(counted(cached, "cached tree"))\(folder)\(rest)"
    }
}

extension Workspace {
    /// Rehashes what is installed (in the project and in the user's folders) and the trees that the lock pins, and
    /// compares them with the lock; only those of `packages` when there are any. Whom the user vouches for may have changed
    /// since: signatures are held against that again, without network.
    ///
    /// A changed file may be the user's edit, which installations keep, or anybody's: it is a fault of integrity, and with
    /// `allowsEdits` a warning.
    package func verify(
        packages: PackageSelection = .all, allowsEdits: Bool = false
    ) async throws -> VerifyReport {
        let project = try self.project()
        let whole = try project.lock()
        let wanted = packages.isUnsaid ? .all : packages
        let names = try wanted.names(among: whole?.packages.map(\.id.name.description) ?? [])
        let lock = wanted.isAll ? whole : whole?.only(names)
        var report = VerifyReport(installed: 0, cached: 0, diagnostics: [])
        if lock == nil, !project.manifest.dependencies.isEmpty {
            report.diagnostics.append(
                Diagnostic(
                    "verify.no-lock", .error, "there is no skvm.lock to hold anything against",
                    hint: "bring back the one that was committed, or run `skvm install`", fault: .integrity))
        }
        let states = [state(of: project.root), userState].map { Installer(state: $0, store: self.store) }
        report.diagnostics += try states[0].state.foreignRecord().map { [$0] } ?? []
        // In the project's folders only what the lock pins may stand; the user's are shared with other projects.
        for (number, installer) in states.enumerated() {
            for verification in try await blocking({ try installer.verify() })
            where wanted.isAll || names.contains(verification.skill.package) {
                // What other projects, or the user, put there is theirs to verify.
                let isOwn = verification.skill.owners?.contains(project.root) ?? true
                guard number == 0 || isOwn else { continue }
                report.installed += 1
                report.ofUser += number
                var faults = Self.faults(verification, project, allowsEdits)
                if number == 1 {
                    let install = "`skvm install --\(flags.global ? "global" : "user")`"
                    for at in faults.indices {
                        faults[at].hint = faults[at].hint?.replacing("`skvm install`", with: install)
                    }
                }
                report.diagnostics += faults + Self.strangers(verification) + Self.clashes(verification)
                if number == 0, let lock, !faults.contains(where: { $0.severity == .error }) {
                    report.diagnostics += Self.faults(verification.skill, pinnedBy: lock)
                }
            }
        }
        if let lock, wanted.isAll {
            let ofOthers = try self.ofOthers(project, lock)
            if let fault = nothingInstalled(project, lock, report, ofOthers) {
                report.diagnostics.append(fault)
            } else {
                report.diagnostics += ofOthers.map { Diagnostic("verify.of-others", .note, $0) }
            }
        }
        if let lock {
            let store = self.store
            let cached = try await blocking { try CachedTrees(of: lock, in: store) }
            report.cached = cached.whole
            report.uncached = cached.lost
            report.diagnostics += cached.diagnostics
            report.diagnostics += try await silent.recordFaults(lock, project)
            report.diagnostics += try await signerFaults(lock, project)
        }
        let (count, faults) = try await blocking { try verifyVendored(project, lock) }
        report.vendored = count
        report.diagnostics += faults
        report.ok = !report.diagnostics.contains { $0.severity == .error }
        return report
    }

    /// A clone whose record is gone, or that was never installed into, has nothing that could be wrong; that is no proof
    /// that what stands in its harness folders is right.
    private func nothingInstalled(
        _ project: Project, _ lock: Lockfile, _ report: VerifyReport, _ ofOthers: [String]
    ) -> Diagnostic? {
        let pinned = Set(lock.variants.map(\.package.name)).count
        guard report.installed == 0, pinned > 0, !project.manifest.dependencies.isEmpty else { return nil }
        return Diagnostic(
            "verify.none-installed", .warning,
            "skvm.lock pins \(counted(pinned, "skill")), and skvm has installed none here: nothing was held against it",
            notes: ofOthers,
            hint: "run `skvm install`; what stands in the harness folders already is taken over where it is the same"
                + (ofOthers.isEmpty || flags.meansUserFolders
                    ? "" : "; to have in your own folders what another has there: `skvm install --user --take-over`"))
    }

    /// What other manifests have in the user's folders of packages that this one has nowhere: it may have had them, until the others
    /// took the places over.
    private func ofOthers(_ project: Project, _ lock: Lockfile) throws -> [String] {
        let inUse = try userState.installed()
        let own =
            try state(of: project.root).installed() + inUse.filter { $0.owners?.contains(project.root) ?? false }
        let missing = Set(lock.variants.map(\.package.name.description)).subtracting(own.map(\.package))
        return inUse.filter { missing.contains($0.package) }.compactMap { skill in
            let others = skill.livingOwners(besides: project.root)
            if others.isEmpty { return nil }
            return "\(skill.place) is as \(others.map { "\($0)/\(Manifest.fileName)" }.joined(separator: ", ")) has it"
        }
    }

    /// Whether a skill is the variant that the lock pins for a target that it stands there for.
    private static func faults(_ skill: InstalledSkill, pinnedBy lock: Lockfile) -> [Diagnostic] {
        let pinned = lock.variants.filter { variant in
            variant.package.name.description == skill.package
                && (skill.targets?.contains(variant.target.description) ?? true)
        }
        if pinned.contains(where: { $0.tree == skill.tree }) { return [] }
        let names = skill.targets.map { " for \($0.joined(separator: ", "))" } ?? ""
        return [
            Diagnostic(
                "verify.lock", .error, "\(skill.place) is not what skvm.lock pins of \(skill.package)\(names)",
                notes: ["installed \(skill.tree)"]
                    + (pinned.isEmpty ? ["pinned none"] : pinned.map { "pinned \($0.tree) for \($0.target)" }),
                hint: "run `skvm install`", fault: .integrity)
        ]
    }

    /// New versions that wait beside edited files: an edit that was accepted is not merged by that.
    private static func clashes(_ verification: Verification) -> [Diagnostic] {
        verification.clashes.map { diagnostic in
            var copy = diagnostic
            copy.id = "verify.clash"
            return copy
        }
    }

    /// What lies in a skill's folder and is not skvm's: an agent reads it with the skill.
    private static func strangers(_ verification: Verification) -> [Diagnostic] {
        let besides = Set((verification.skill.clashes ?? []).map(\.beside.path))
        let extras = verification.extras.filter { !besides.contains($0) }
        if extras.isEmpty { return [] }
        let some = extras.prefix(5).map(\.text).joined(separator: ", ") + (extras.count > 5 ? ", …" : "")
        return [
            Diagnostic(
                "verify.extra", .note,
                "\(verification.skill.place) holds \(counted(extras.count, "file")) that skvm did not put there: \(some)"
            )
        ]
    }

    /// Who signed what the lock pins, by what was verified on this machine or is vendored; nobody is asked.
    private func signerFaults(_ lock: Lockfile, _ project: Project) async throws -> [Diagnostic] {
        let signed = lock.packages.filter { !$0.source.isFolder && $0.source != .embedded }
        let check = try SignerCheck(
            self, project, lock: lock, shelf: try RegistryShelf(project, self), accepted: [])
        var found: [Diagnostic] = []
        for locked in signed {
            do {
                let signer = try await check.recheck(locked, isNew: false) {
                    throw DiagnosticsError([
                        Diagnostic("verify.not-asked", .error, "nobody is asked", fault: .offline)
                    ])
                }
                if locked.signer == nil, let signer {
                    found.append(
                        Diagnostic(
                            "verify.signer", .error, "skvm.lock does not say that \(locked.id) is signed by \(signer)",
                            at: SourceLocation(file: Lockfile.fileName),
                            hint: "`skvm install` pins it again; if the line was lost, ask who took it out",
                            fault: .integrity))
                }
            } catch {
                guard let faults = Self.diagnostics(of: error) else { throw error }
                found += faults
            }
        }
        return found
            + (await check.findings).map { diagnostic in
                var copy = diagnostic
                if copy.id == "trust.not-checked" {
                    copy.hint = "`skvm install` checks it, and asks for what is missing"
                }
                return copy
            }
    }

    private static func faults(
        _ verification: Verification, _ project: Project, _ allowsEdits: Bool
    ) -> [Diagnostic] {
        if verification.isWhole { return [] }
        let skill = verification.skill
        let count = skill.entries.count
        if let status = try? FileSystem.status(skill.place), status.kind != .directory {
            return [inTheWay(of: skill.place, with: count, of: skill, status.kind)]
        }
        if count > 1, verification.missing.count == count, verification.blocked.isEmpty {
            return [
                Diagnostic(
                    "verify.missing", .error,
                    "\(skill.place), \(skill.package) with its \(counted(count, "file")), is missing",
                    hint: "run `skvm install`", fault: .integrity)
            ]
        }
        var found = verification.modified.map { path in
            Diagnostic(
                "verify.modified", allowsEdits ? .warning : .error,
                "\(skill.place)/\(path) of \(skill.package) was changed since it was installed",
                hint: allowsEdits
                    ? nil
                    : "if the change is yours, `skvm verify --allow-edits` accepts it, and updates keep it; to be rid of it, run "
                        + "`skvm verify --repair --force`, which keeps what the file holds beside it", fault: .integrity
            )
        }
        found += verification.damaged.map { path in
            Diagnostic(
                "verify.damaged", .error,
                "\(skill.place)/\(path) of \(skill.package) is not what was installed: "
                    + (path.text.hasPrefix(".skvm/") ? "skvm made it for itself" : "it is empty"),
                hint: "run `skvm verify --repair`, which restores it", fault: .integrity)
        }
        found += verification.modes.map { path in
            Diagnostic(
                "verify.mode", .error, "the execute bit of \(skill.place)/\(path) of \(skill.package) was changed",
                hint: "run `skvm verify --repair`, which sets it as the skill has it", fault: .integrity)
        }
        let blocked = verification.blocked
        found += blocked.map { path in
            let place = "\(skill.place)/\(path)"
            let below = verification.missing.count { $0.text.hasPrefix("\(path)/") }
            return inTheWay(of: place, with: below, of: skill, (try? FileSystem.status(place))?.kind ?? .other)
        }
        func isBlocked(_ path: RelativePath) -> Bool {
            blocked.contains { path == $0 || path.text.hasPrefix("\($0)/") }
        }
        found += verification.missing.filter { !isBlocked($0) }.map { path in
            Diagnostic(
                "verify.missing", .error, "\(skill.place)/\(path) of \(skill.package) is missing",
                hint: "run `skvm install`", fault: .integrity)
        }
        if verification.isMoved {
            found.append(
                Diagnostic(
                    "verify.moved", .error,
                    "\(skill.place) names the files of \(skill.relocatedTo), where \(skill.package) was installed before its "
                        + "folder was moved", hint: "run `skvm install`", fault: .integrity))
        }
        if found.isEmpty {
            found.append(
                Diagnostic(
                    "verify.digest", .error, "\(skill.place) is not the variant \(skill.tree)",
                    notes: ["found \(verification.tree?.description ?? "no tree")"], hint: "run `skvm install`",
                    fault: .integrity))
        }
        return found
    }
}

extension Workspace {
    /// Something else stands where a skill, its folder or a file of it was.
    private static func inTheWay(
        of place: String, with files: Int, of skill: InstalledSkill, _ kind: FileStatus.Kind
    ) -> Diagnostic {
        let other =
            switch kind {
            case .symlink: "a link"
            case .file: "a file"
            case .directory: "a folder"
            case .other: "something that is no file, folder or link"
            }
        let what =
            place == skill.place
            ? ", \(skill.package) with its \(counted(files, "file"))"
            : " of \(skill.package)\(files > 0 ? ", a folder with \(counted(files, "file"))" : "")"
        let comma = files > 0 ? "," : ""
        return Diagnostic(
            "verify.missing", .error, "\(place)\(what)\(comma) is missing: \(other) is in its place",
            hint: "run `skvm verify --repair --force`, which keeps what is there where no harness looks",
            fault: .integrity)
    }
}

extension Diagnostic {
    /// Whether it speaks of a file that its user may have changed, which nothing restores.
    var isOfEdit: Bool { id == "verify.modified" || id == "verify.clash" }
}

extension Lockfile {
    /// What it pins of the packages of these names.
    fileprivate func only(_ names: Set<String>) -> Lockfile {
        Lockfile(
            wishes: wishes, packages: packages.filter { names.contains($0.id.name.description) }, targets: targets,
            variants: variants.filter { names.contains($0.package.name.description) })
    }
}

extension ContentStore {
    /// Whether every blob of a tree is there and has its digest. O(bytes).
    func isWhole(_ tree: Digest) throws -> Bool {
        guard let entries = try self.tree(tree) else { return false }
        return try entries.allSatisfy { entry in
            guard let blob = entry.blob else { return true }
            return try get(blob.digest) != nil
        }
    }
}

package import Basics
import BuildEngine
import Compiler
import ContentStore
package import Passes
import SkillModel

/// What `skvm inspect` shows of one skill.
package struct Examination: DiagnosedReport, Sendable {
    package var report: InspectionReport
    /// With errors when the skill is one that no build would take; what could be read of it was analysed all the same.
    package var diagnostics: [Diagnostic]
    /// For people.
    package var text: String
    package var ok: Bool { !diagnostics.contains { $0.severity == .error } }
}

extension Examination: Encodable {
    private enum Key: String, CodingKey { case command, ok, diagnostics }

    /// What the passes found, with the keys that all reports have.
    package func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode("inspect", forKey: .command)
        try container.encode(ok, forKey: .ok)
        try container.encode(diagnostics, forKey: .diagnostics)
    }
}

/// What `skvm check` found.
package struct CheckReport: DiagnosedReport, Codable {
    package var version = 1
    package var command = "check"
    package var ok = true
    package var skills: Int
    /// Packages of others that the project depends on, looked at for demands that no target meets.
    package var dependencies = 0
    package var diagnostics: [Diagnostic]

    package init(skills: Int, diagnostics: [Diagnostic]) {
        self.skills = skills
        self.diagnostics = diagnostics
    }

    package var text: String {
        let errors = diagnostics.filter { $0.severity == .error }.count
        let warnings = diagnostics.filter { $0.severity == .warning }.count
        let others = dependencies == 0 ? "" : " and \(counted(dependencies, "dependency", "dependencies"))"
        return "checked \(counted(skills, "skill"))\(others): \(counted(errors, "error")), "
            + counted(warnings, "warning")
    }
}

extension Workspace {
    /// What the analysis passes find in the skill at `folder`, with its faults. Throws `DiagnosticsError` when there is
    /// nothing to read: no SKILL.md, or one that is refused.
    package func inspect(_ folder: String, width: Int? = nil) throws -> Examination {
        let (result, path) = try parseFolder(folder)
        guard let document = result.value else { throw DiagnosticsError(result.diagnostics) }
        let name = String(path.split(separator: "/").last ?? "skill")
        let report = Inspection.report(id: name, document)
        return Examination(
            report: report, diagnostics: result.diagnostics, text: InspectionText.render(report, document, width: width)
        )
    }

    /// Form and contents of skills, without building: those at `folders`, else the project's own with what its targets
    /// can't meet; of these the ones of `packages`, or when nothing is said, the member that this is run in.
    package func check(_ folders: [String], packages selection: PackageSelection = []) async throws -> CheckReport {
        var report = CheckReport(skills: 0, diagnostics: [])
        if folders.isEmpty {
            let project = try self.project()
            let lock = try project.lock()
            let shelf = try RegistryShelf(project, self)
            let resolved = try await resolve(project, lock: lock, shelf: shelf, ResolveOptions(setsApart: true))
            let (targets, warnings) = try await resolveTargets(project, lock: lock, names: [], shelf: shelf)
            let ofWorkspace: Set = ["workspace.no-match", "workspace.ring"]
            report.diagnostics += warnings + resolved.diagnostics.filter { ofWorkspace.contains($0.id) }
            let faults = try resolved.faults(of: selection, self, project)
            report.diagnostics += faults.told
            report.skills += faults.asked
            let paths = try checked(selection, resolved, project)
            for skill in resolved.folders where paths?.contains(skill.path) ?? true {
                report.skills += 1
                report.diagnostics += try checkOne(skill.path, shown: project.shown(skill.path), targets)
            }
            for package in try dependencies(selection, resolved, project) {
                report.dependencies += 1
                guard let document = try parse(package).value else { continue }
                report.diagnostics += Self.placed(unmet(document, targets), of: package)
            }
            if report.skills == 0, selection.patterns.isEmpty {
                report.diagnostics += unlisted(project).map { [$0] } ?? []
            }
        } else {
            let (root, targets) = try await targetsOfFolders()
            for folder in folders {
                report.skills += 1
                // One that can't be looked at is a finding like others: the rest is checked all the same.
                do {
                    let path = FileSystem.absolute(folder, from: settings.workingDirectory)
                    let isOwn = root.map { path == $0 || path.hasPrefix($0 + "/") } ?? false
                    report.diagnostics += try checkOne(path, shown: Self.plain(folder), isOwn ? targets : [])
                } catch {
                    guard let found = Self.diagnostics(of: error) else { throw error }
                    report.diagnostics += found
                }
            }
        }
        report.ok = !report.diagnostics.contains { $0.severity == .error }
        return report
    }

    /// The folders of the packages that are to be checked; nil for all.
    private func checked(
        _ selection: PackageSelection, _ resolved: Resolved, _ project: Project
    ) throws -> Set<String>? {
        if selection.isAll { return nil }
        if selection.isUnsaid { return try project.member(at: settings.workingDirectory).map { [$0] } }
        let own = resolved.packages.filter(\.source.isFolder)
        let names = try selection.names(
            among: resolved.packages.map(\.id.name.description) + resolved.broken.map(\.name))
        return Set(own.filter { names.contains($0.id.name.description) }.map { project.absolute($0.place) })
    }

    /// The project that this is run in, if any, and its targets: what is checked by its folder is held against them, too.
    private func targetsOfFolders() async throws -> (root: String?, targets: [ResolvedTarget]) {
        guard let root = try projectRootOrNone() else { return (nil, []) }
        let project = try Self.project(at: root)
        if project.manifest.targets.isEmpty { return (root, []) }
        return (
            root,
            try await resolveTargets(
                project, lock: try project.lock(), names: [], shelf: try RegistryShelf(project, self)
            ).targets
        )
    }

    /// Packages of others whose demands are to be held against the targets: all, unless some are named.
    private func dependencies(
        _ selection: PackageSelection, _ resolved: Resolved, _ project: Project
    ) throws -> [ResolvedPackage] {
        let others = resolved.packages.filter { !$0.source.isFolder && $0.isNeeded }
        if selection.isAll { return others }
        if selection.isUnsaid { return try project.member(at: settings.workingDirectory) == nil ? others : [] }
        return others.filter { package in
            selection.patterns.contains { MemberPattern.matches(package.id.name.description, $0) }
        }
    }

    /// Skills below a project's folder that no [workspace] counts as members: nothing of them was looked at.
    private func unlisted(_ project: Project) -> Diagnostic? {
        guard let found = SkillFolders.below(project.root), !found.isEmpty else { return nil }
        return Diagnostic(
            "check.nothing", .warning,
            "none of this project's folders is a member, and \(counted(found.count, "skill")) "
                + "\(found.count == 1 ? "was" : "were") not looked at: \(SkillFolders.some(found))",
            hint: "name them: skvm check \(found[0]); or list them in [workspace]: members = [\"\(found[0])\"]")
    }

    /// Below the place of a package: `charts 1.0.2/SKILL.md`.
    private static func placed(_ diagnostics: [Diagnostic], of package: ResolvedPackage) -> [Diagnostic] {
        diagnostics.filter { $0.severity == .warning }.map { diagnostic in
            var copy = diagnostic.inFile("\(package.place)/\(diagnostic.location?.file ?? "SKILL.md")")
            copy.hint = "add a target that has it, or use another skill"
            return copy
        }
    }

    /// The folder of the one skill of the project that `selection` names, or that this is run in.
    package func skillFolder(_ selection: PackageSelection) throws -> String {
        let project = try self.project()
        if selection.isUnsaid {
            if let folder = try project.member(at: settings.workingDirectory) { return folder }
            if FileSystem.exists(project.root + "/SKILL.md") { return project.root }
        }
        let own = FileSystem.exists(project.root + "/SKILL.md") ? [project.root] : []
        let folders = try (project.localFolders() + own).map { ("\(try project.skillName(in: $0))", $0) }
        let name = try selection.name(among: folders.map(\.0))
        guard let folder = folders.first(where: { $0.0 == name })?.1 else {
            throw DiagnosticsError([Self.unsaid(folders.map(\.0))])
        }
        return folder
    }

    /// Without slashes at the end, which a shell's completion leaves there.
    private static func plain(_ folder: String) -> String {
        var text = Substring(folder)
        while text.count > 1, text.hasSuffix("/") { text.removeLast() }
        return String(text)
    }

    private func checkOne(
        _ path: String, shown: String, _ targets: [ResolvedTarget]
    ) throws -> [Diagnostic] {
        let result: PassResult<SkillDocument>
        do {
            result = try parseFolder(path).result
        } catch {
            // One folder that can't be a skill keeps nobody from hearing of the others.
            guard let found = Self.diagnostics(of: error),
                found.allSatisfy({ $0.fault != .outside && $0.fault != .internal })
            else { throw error }
            return found.map { $0.inFile(shown) }
        }
        var found = result.diagnostics
        if let document = result.value, !result.hasErrors {
            found += LinkPass.faults(of: document)
            found += missing(document)
            found += Hazards.run(document).map { hazard in
                Diagnostic(
                    "check.\(hazard.kind.rawValue)", .warning, hazard.message,
                    at: SourceLocation(file: "SKILL.md", line: hazard.line))
            }
            found += Self.longBody(document, targets).map { [$0] } ?? []
            found += unmet(document, targets)
        }
        return found.map { diagnostic in
            diagnostic.inFile(
                (shown == "." || shown.isEmpty ? "" : shown + "/") + (diagnostic.location?.file ?? "SKILL.md"))
        }
    }

    /// Links to files that are not there, one finding for each file and line however often the line has it. O(references).
    private func missing(_ document: SkillDocument) -> [Diagnostic] {
        struct Place: Hashable {
            var path: String
            var line: Int
        }
        var order: [Place] = []
        var counts: [Place: Int] = [:]
        for reference in document.references where !reference.exists && reference.form == .link {
            let place = Place(path: "\(reference.path)", line: document.line(at: reference.span.start))
            if counts[place] == nil { order.append(place) }
            counts[place, default: 0] += 1
        }
        return order.map { place in
            let count = counts[place] ?? 1
            return Diagnostic(
                "check.missing-file", .warning,
                "the skill links to \(place.path), which is not bundled"
                    + (count > 1 ? " (\(count) times in this line)" : ""),
                at: SourceLocation(file: "SKILL.md", line: place.line),
                hint: "add the file, or correct the link")
        }
    }

    /// Demands that no target of the project meets as it is: a warning where nothing lowers them for any.
    private func unmet(_ document: SkillDocument, _ targets: [ResolvedTarget]) -> [Diagnostic] {
        guard !targets.isEmpty, let requirements = Require.run(document).value else { return [] }
        var opened: [[EditSet.OpenGap]]?
        return requirements.requirements.compactMap { requirement in
            let levels = targets.map { $0.profile?.level(of: requirement.primitive) }
            // Not measured is not L0: one unmeasured target is no proof.
            guard levels.allSatisfy({ $0.map { $0 < requirement.level } ?? false }) else { return nil }
            let open = opened ?? targets.map { left(of: document, requirements, for: $0) }
            opened = open
            let place = SourceLocation(file: "SKILL.md", line: requirement.evidence.first?.line)
            let demand = "'\(requirement.primitive.rawValue)' at \(requirement.level)"
            let reasons = open.map { gaps in gaps.first { $0.gap.primitive == requirement.primitive }?.why }
            guard let why = reasons[0], reasons.allSatisfy({ $0 != nil }) else {
                return Diagnostic(
                    "gap.everywhere", .note, "no target provides \(demand); the text is lowered for it", at: place)
            }
            let has = zip(targets, levels).map { "\($0.name): \($1?.text ?? "")" }.prefix(5).joined(separator: ", ")
            return Diagnostic(
                "gap.uncloseable", .warning,
                "no target provides \(demand) (\(has)\(targets.count > 5 ? ", …" : "")), and nothing lowers it",
                at: place, notes: ["not closeable: " + Self.shortened(why)],
                hint: "give another way to the same goal, or add a target that has it")
        }
    }

    /// At the end of a part of the sentence, where it is long.
    private static func shortened(_ why: String) -> String {
        guard why.count > 1000 else { return why }
        let head = why.prefix(1000)
        let end = head.lastIndex { $0 == ";" || $0 == "," } ?? head.lastIndex(of: " ") ?? head.endIndex
        return head[..<end] + " …"
    }

    /// The gaps that stay open when the skill is compiled for a target.
    private func left(
        of document: SkillDocument, _ requirements: RequirementSet, for target: ResolvedTarget
    ) -> [EditSet.OpenGap] {
        let gaps = GapPass.run(requirements, levels: target.facts.levels)
        return Lower.run(document, requirements: requirements, gaps: gaps, support: target.facts.support).value?.open
            ?? []
    }

    /// Reads and parses a skill's folder; a folder that can't be a tree is an error that names the entry.
    func parseFolder(_ folder: String) throws -> (result: PassResult<SkillDocument>, path: String) {
        let path = FileSystem.absolute(folder, from: settings.workingDirectory)
        guard FileSystem.isDirectory(path) else { throw DiagnosticsError([noFolder(folder, path)]) }
        let found = FileSystem.exists(path + "/SKILL.md") ? nil : SkillFolders.below(path)
        if let found, !found.isEmpty {
            throw DiagnosticsError([
                Diagnostic(
                    "folder.several", .error,
                    "\(folder) is no skill: it holds \(counted(found.count, "skill")), \(SkillFolders.some(found))",
                    hint: "name one: \(folder == "." ? found[0] : Self.plain(folder) + "/" + found[0])", fault: .usage)
            ])
        }
        // Straight from the folder: looking at a skill needs no cache and leaves nothing in it.
        let limit = FolderLimits().fileBytes
        let entries = try Tree.entries(
            ofFolder: path, leavingOut: { Self.ignoredNames.contains($0.name) },
            blob: { file in
                if let size = try FileSystem.status(file)?.size, size > limit {
                    throw FileError("read", file, refused: "it has \(size) bytes, more than the limit of \(limit)")
                }
                return try FileSystem.digest(file)
            })
        _ = try Tree.build(entries)
        let files = try entries.map { entry -> SourceFile in
            switch entry.kind {
            case .symlink(let target): return SourceFile(path: entry.path, bytes: Array(target.utf8), isSymlink: true)
            case .file(let blob, let executable):
                let bytes = blob.size <= 4 << 20 ? try FileSystem.read("\(path)/\(entry.path)") : []
                return SourceFile(path: entry.path, bytes: bytes, size: Int(blob.size), isExecutable: executable)
            }
        }
        return (Parse.run(files, folderName: path.split(separator: "/").last.map(String.init)), path)
    }

    private func noFolder(_ folder: String, _ path: String) -> Diagnostic {
        let isFile = FileSystem.exists(path)
        let parent = FileSystem.parent(of: folder) ?? "."
        let name = (try? project())?.manifest.dependencies.contains { $0.name.description == folder } == true
        let members = (try? project().localFolders()) ?? []
        let member = members.first { (try? project().skillName(in: $0).description) == folder }
        return Diagnostic(
            "folder.none", .error, isFile ? "\(folder) is a file, no folder" : "there is no folder \(folder)",
            hint: member.map { "for the package of that name, give its folder: \(Self.relativeFolder($0, settings))" }
                ?? (isFile && path.hasSuffix("/SKILL.md")
                    ? "name its folder: \(parent)"
                    : name ? "it is a dependency: skvm info \(folder)" : "name a folder that holds a SKILL.md"),
            fault: .usage)
    }

    private static func relativeFolder(_ path: String, _ settings: Settings) -> String {
        AddSpec.relative(path, to: settings.workingDirectory)
    }
}

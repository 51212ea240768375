import Basics
import Registry
import SkillModel

/// Finds the project that a working directory belongs to: the nearest `skvm.toml`, or the workspace whose member that is
/// (decision 0026).
struct ProjectSearch: Sendable {
    /// The file beside an installed or built skill's own: it is made from a source, and is none.
    static let variantMark = ".skvm/variant.json"
    /// The diagnostic of a manifest that is not the user's to trust.
    static let foreign = "project.foreign"

    /// Absolute.
    private let start: String
    /// Whether the user named that folder: then the manifest in it is taken, whoever owns it.
    private let isNamed: Bool
    /// Folders with a `skvm.toml`, the nearest first, without those below what `passedOver` names.
    private let found: [String]
    /// The outermost folder that skvm wrote, and its manifests no one's to edit.
    private let passedOver: String?

    init(_ settings: Settings) {
        start = settings.workingDirectory
        isNamed = settings.namesDirectory
        var found: [String] = []
        var passedOver: String?
        var next: String? = start
        while let folder = next {
            next = FileSystem.parent(of: folder)
            if Self.isWritten(folder) {
                found = []
                passedOver = folder
            } else if let kind = try? FileSystem.status(folder + "/" + Manifest.fileName)?.kind, kind != .directory {
                found.append(folder)
            }
        }
        self.found = found
        self.passedOver = passedOver
    }

    /// Whether skvm wrote all that is in a folder: build state, a variant, vendored sources.
    private static func isWritten(_ folder: String) -> Bool {
        folder.hasSuffix("/.skvm") || FileSystem.exists(folder + "/" + variantMark)
            || FileSystem.exists(folder + "/" + VendorFolder.mark)
    }

    /// The project's folder; nil when there is none.
    ///
    /// Throws `project.foreign`, `workspace.no-member`, and what is wrong with a manifest where several are found: whether one
    /// counts depends on what the others say. A single one is not read.
    func root() throws -> String? {
        guard let near = found.first else { return nil }
        try requireOwn(near)
        if found.count == 1 { return near }
        if try Workspace.project(at: near).manifest.members != nil { return near }
        for folder in found.dropFirst() {
            guard let project = try workspace(at: folder) else { continue }
            switch Members(project).standing(of: near) {
            case .apart: continue
            case .member:
                try requireOwn(folder)
                return folder
            case .unknown, .noSkill:
                try requireOwn(folder)
                if FileSystem.exists(near + "/SKILL.md"), try project.localFolders().contains(near) { return folder }
                throw DiagnosticsError([noMember(near, of: project)])
            }
        }
        return near
    }

    /// The manifest in a folder above, if it is a workspace's. What is wrong with somebody else's is not the user's trouble.
    private func workspace(at folder: String) throws -> Project? {
        do {
            let project = try Workspace.project(at: folder)
            return project.manifest.members == nil ? nil : project
        } catch let error as DiagnosticsError {
            if try !isOwn(folder) { return nil }
            throw DiagnosticsError(error.diagnostics.map { $0.inFile(folder + "/" + Manifest.fileName) })
        }
    }

    // MARK: Whose it is

    /// Whether a manifest is the user's, the administrator's, or belongs to whom the folder belongs that the user stands in:
    /// who works there works with that user's files.
    private func isOwn(_ folder: String) throws -> Bool {
        if isNamed, folder == start { return true }
        let owner = try FileSystem.owner(of: folder + "/" + Manifest.fileName)
        return try owner == nil || owner == FileSystem.user || owner == 0 || owner == FileSystem.owner(of: start)
    }

    private func requireOwn(_ folder: String) throws {
        if try isOwn(folder) { return }
        let owner = try FileSystem.owner(of: folder + "/" + Manifest.fileName).map { "\($0)" } ?? "another"
        let isNear = folder == found.first
        throw DiagnosticsError([
            Diagnostic(
                Self.foreign, .error,
                "\(folder)/\(Manifest.fileName) belongs to another user (\(owner)), who would decide what is fetched and run here",
                hint: "to trust it, name its folder: skvm -C \(folder) …"
                    + (isNear
                        ? "" : "; to stand apart from it, give \(found[0])/\(Manifest.fileName) a [workspace] table"),
                fault: .integrity)
        ])
    }

    // MARK: What is told

    func nothing() -> Diagnostic {
        if let passedOver {
            return Diagnostic(
                "project.none", .error,
                "\(passedOver) was written by skvm and is no project, and there is none above it",
                hint: FileSystem.exists(passedOver + "/" + Self.variantMark)
                    ? "it is an installed skill; to make it a source, remove its .skvm folder"
                    : "run the command in the project's folder", fault: .usage)
        }
        return Diagnostic(
            "project.none", .error, "there is no skvm.toml in \(start) or above it",
            hint: "run `skvm init` to make this folder a project"
                + (SkillFolders.below(start)?.first.map {
                    "; a skill alone is looked at by its folder: skvm check \($0)"
                }
                    ?? ""),
            fault: .usage)
    }

    private func noMember(_ folder: String, of project: Project) -> Diagnostic {
        let path = project.shown(folder)
        let isSkill = FileSystem.exists(folder + "/SKILL.md")
        return Diagnostic(
            "workspace.no-member", .error,
            "\(path)/\(Manifest.fileName) lies in the workspace \(project.root), which does not count it as a member",
            at: SourceLocation(file: project.manifestPath),
            notes: isSkill ? [] : ["a member needs a SKILL.md, and \(path) has none"],
            hint: (isSkill ? "add \"\(path)\" to members in [workspace]" : "write \(path)/SKILL.md")
                + "; to keep it out, add it to exclude there, or give its own skvm.toml a [workspace] table",
            fault: .usage)
    }
}

extension Project {
    /// The folders below the root that are members, or that the root, a member or one of these depends on by path; sorted. As
    /// cargo has it, a local dependency inside a workspace belongs to it. Reads their manifests.
    func localFolders() throws -> [String] {
        var open = try Members(self).expand().members
        open += manifest.dependencies.compactMap { $0.folder(from: root)?.path }
        var seen: Set<String> = []
        while let folder = open.popLast() {
            guard folder.hasPrefix(root + "/"), FileSystem.exists(folder + "/SKILL.md"), seen.insert(folder).inserted
            else { continue }
            open += try manifest(in: folder)?.dependencies.compactMap { $0.folder(from: folder)?.path } ?? []
        }
        return seen.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The manifest of a folder; nil when it has none.
    func manifest(in folder: String) throws -> Manifest? {
        let file = "\(folder)/\(Manifest.fileName)"
        guard FileSystem.exists(file) else { return nil }
        return try Manifest(parsing: try FileSystem.read(file, limit: Manifest.greatestSize), file: shown(file))
    }

    /// The folder of the innermost member that `path`, absolute, is in; nil for the root and for what is no member.
    func member(at path: String) throws -> String? {
        if path == root || !path.hasPrefix(root + "/") { return nil }
        var known: Set<String>?
        var next: String? = path
        while let folder = next, folder != root {
            next = FileSystem.parent(of: folder)
            if FileSystem.exists(folder + "/" + ProjectSearch.variantMark) { return nil }
            guard FileSystem.exists(folder + "/SKILL.md") else { continue }
            if Members(self).standing(of: folder) == .member { return folder }
            let folders = try known ?? Set(manifest.members == nil ? [] : localFolders())
            known = folders
            if folders.contains(folder) { return folder }
        }
        return nil
    }
}

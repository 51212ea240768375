import Basics
import Passes
import SkillModel

/// A manifest that is being edited: the project's own, or that of one of its members.
struct ManifestEdit: Sendable {
    /// Absolute.
    var folder: String
    /// Whether it is there yet.
    let isNew: Bool
    var editor: ManifestEditor

    init(_ folder: String, of project: Project) throws {
        self.folder = folder
        let file = "\(folder)/\(Manifest.fileName)"
        isNew = !FileSystem.exists(file)
        editor = try ManifestEditor(
            isNew ? [] : try FileSystem.read(file, limit: Manifest.greatestSize), file: project.manifestName(of: folder)
        )
    }

    init(_ folder: String, isNew: Bool, _ editor: ManifestEditor) {
        self.folder = folder
        self.isNew = isNew
        self.editor = editor
    }

    var isChanged: Bool { editor.bytes != editor.original }

    /// What is different in its dependencies, in the words of the text: `added charts = "^1.0"`.
    func changes() throws -> [String] {
        let old = try Self.entries(of: editor.original)
        let new = try Self.entries(of: editor.bytes)
        let names = Set(old.keys).union(new.keys).sorted()
        return names.compactMap { name in
            switch (old[name], new[name]) {
            case (let was?, let now?): was == now ? nil : "changed \(was) to \(now)"
            case (let was?, nil): "removed \(was)"
            case (nil, let now?): "added \(now)"
            case (nil, nil): nil
            }
        }
    }

    /// The line that each dependency begins with.
    private static func entries(of bytes: [UInt8]) throws -> [PackageName: String] {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var entries: [PackageName: String] = [:]
        for dependency in try Manifest(parsing: bytes).dependencies {
            guard let line = dependency.location.line, lines.indices.contains(line - 1) else { continue }
            let text = String(decoding: lines[line - 1], as: UTF8.self)
            let isBlank: (Character) -> Bool = \.isWhitespace
            entries[dependency.name] = String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
        }
        return entries
    }

    /// A registry that a member's dependency is to name must be in its manifest: it is read without the workspace's, too.
    mutating func takeRegistry(_ name: String?, of project: Project) throws {
        guard let name, try editor.manifest().registries[name] == nil, let url = project.manifest.registries[name]
        else { return }
        let address = Catalog.absolute(url, project.root)
        let own = address == url.description ? url : RepositoryURL(AddSpec.relative(address, to: folder))
        try editor.setRegistry(name, own ?? url)
    }
}

extension Workspace {
    /// Writes the manifests, does `work`, and puts the old ones back if that fails. Under `--dry-run` nothing is written: the
    /// work's workspace has the edited manifests as drafts.
    func withEdited(
        _ project: Project, _ edits: [ManifestEdit], _ work: (Workspace) async throws -> BuildReport
    ) async throws -> BuildReport {
        let edits = edits.filter(\.isChanged)
        if flags.dryRun {
            let report = try await work(try drafted(project, edits))
            if report.isCarriedOut { try tell(edits, project) }
            return report
        }
        var written: [ManifestEdit] = []
        do {
            for edit in edits {
                try write(edit, project)
                written.append(edit)
            }
            let report = try await work(self)
            if report.isCarriedOut {
                try tell(edits, project)
            } else {
                try putBack(written, project)
            }
            return report
        } catch {
            try putBack(written, project)
            throw error
        }
    }

    /// A workspace that takes the edited manifests for those that are there.
    private func drafted(_ project: Project, _ edits: [ManifestEdit]) throws -> Workspace {
        var copy = self
        for edit in edits where edit.isChanged {
            if edit.folder == project.root {
                copy.draft = project.with(try edit.editor.manifest())
            } else {
                copy.memberDrafts[edit.folder] = try edit.editor.manifest()
            }
        }
        return copy
    }

    /// Finds out what the edited manifests come to before any is written: whoever is killed while a server takes its time, or fails,
    /// has changed nothing. Then writes them, and does what follows from it.
    func withDrafts<Found>(
        _ project: Project, _ edits: [ManifestEdit], _ find: (Workspace) async throws -> Found,
        then settle: (Found) throws -> BuildReport
    ) async throws -> BuildReport {
        let found = try await find(try drafted(project, edits))
        return try await withEdited(project, edits) { _ in try settle(found) }
    }

    /// For the project's own manifest, whether it is there yet or not.
    func editor(of project: Project) throws -> ManifestEditor {
        try ManifestEditor(
            project.hasManifest ? try FileSystem.read(project.manifestPath, limit: Manifest.greatestSize) : [],
            file: project.manifestName)
    }

    /// Writes what is changed of the manifests, in their order, and says it; under `--dry-run` says it only.
    func write(_ edits: [ManifestEdit], _ project: Project) throws {
        for edit in edits where edit.isChanged && !flags.dryRun { try write(edit, project) }
        try tell(edits, project)
    }

    /// Says what was written into which file, as seen from where the user stands: that is not always the nearest one.
    private func tell(_ edits: [ManifestEdit], _ project: Project) throws {
        for edit in edits {
            let file = "\(edit.folder)/\(Manifest.fileName)"
            let relative = AddSpec.relative(file, to: settings.workingDirectory)
            let shown = project.isUsersOwn ? file : relative.hasPrefix("./") ? String(relative.dropFirst(2)) : relative
            for change in try edit.changes() {
                settings.progress("\(flags.dryRun ? "dry run: " : "")\(shown): \(change)")
            }
        }
    }

    private func write(_ edit: ManifestEdit, _ project: Project) throws {
        // A member consists of all that lies in its folder: what a killed skvm leaves must not lie there.
        try write(
            edit.editor, to: "\(edit.folder)/\(Manifest.fileName)",
            staging: edit.folder == project.root ? nil : project.statePath)
    }

    /// Writes an edited manifest. skvm's lock keeps out no editor, and what is edited was read before the network was asked: where
    /// the file does not say any more what the edits were made in, nothing is written, and `manifest.changed` is thrown.
    func write(_ editor: ManifestEditor, to path: String, staging: String? = nil) throws {
        let now = FileSystem.exists(path) ? try FileSystem.read(path, limit: Manifest.greatestSize) : []
        guard now == editor.original else {
            throw Project.changed(path, "was left as it is")
        }
        try FileSystem.rewrite(path, with: editor.bytes, staging: staging)
    }

    /// Takes the edits back, but for a file that somebody else has written since: that is theirs, with our lines in it.
    private func putBack(_ edits: [ManifestEdit], _ project: Project) throws {
        for edit in edits.reversed() {
            let path = "\(edit.folder)/\(Manifest.fileName)"
            guard FileSystem.exists(path), try FileSystem.read(path, limit: Manifest.greatestSize) == edit.editor.bytes
            else {
                settings.progress(
                    "\(path) was changed meanwhile and stays as it is: look whether it says what you mean")
                continue
            }
            if edit.isNew {
                try FileSystem.remove(path)
            } else {
                try FileSystem.rewrite(
                    path, with: edit.editor.original, staging: edit.folder == project.root ? nil : project.statePath)
            }
        }
    }

    /// The folders whose manifests a command edits: the members that are named, else the one that it is run in, else the
    /// project's own. Throws `package.unknown`.
    func editedFolders(_ selection: PackageSelection, _ project: Project) throws -> [String] {
        if selection.isUnsaid { return [try project.member(at: settings.workingDirectory) ?? project.root] }
        var folders: [(name: String, path: String)] = []
        if let own = project.manifest.package?.name { folders.append((own.description, project.root)) }
        for folder in project.manifest.members == nil ? [] : try project.localFolders() where folder != project.root {
            folders.append((try project.skillName(in: folder).description, folder))
        }
        let names = try selection.names(among: folders.map(\.name))
        return folders.filter { names.contains($0.name) }.map(\.path)
    }
}

extension Project {
    /// What the skill in a folder is called: by its manifest, else its front matter, else the folder's name.
    func skillName(in folder: String) throws -> PackageName {
        if let name = try manifest(in: folder)?.package?.name { return name }
        let text = folder + "/SKILL.md"
        if FileSystem.exists(text),
            let name = Parse.frontMatter(of: try FileSystem.read(text, limit: Parse.maximumSize)).name
                .flatMap({ PackageName($0) })
        {
            return name
        }
        return PackageName(unnamed: folder)
    }
}

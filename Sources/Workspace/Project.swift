import Basics
import ContentStore
import SkillModel

/// A folder with a `skvm.toml`, or a skill folder without one.
struct Project: Sendable {
    /// Absolute.
    let root: String
    var manifest: Manifest
    /// The text that the manifest was read from; nil where it was not read from its file.
    var text: [UInt8]?
    /// False for a skill folder, or a folder of skills, without a manifest.
    var hasManifest: Bool
    /// Whether it is the user's own manifest, `--global`, which belongs to no folder that somebody works in.
    var isUsersOwn = false

    /// How messages call its manifest: the user's own by its whole path, for nobody stands beside it.
    var manifestName: String { isUsersOwn ? manifestPath : Manifest.fileName }
    /// Before what is said of it: which file that is about, where the user could not know.
    var place: String { isUsersOwn ? "\(manifestPath): " : "" }
    /// Likewise the manifest of a folder of it, absolute.
    func manifestName(of folder: String) -> String {
        folder == root ? manifestName : shown("\(folder)/\(Manifest.fileName)")
    }

    var manifestPath: String { root + "/" + Manifest.fileName }
    var lockPath: String { root + "/" + Lockfile.fileName }
    /// Build state; ignored by git.
    var statePath: String { Self.statePath(root) }
    static func statePath(_ root: String) -> String { root + "/.skvm" }
    var variantsPath: String { statePath + "/variants" }

    /// The same with another manifest.
    func with(_ manifest: Manifest) -> Project {
        Project(root: root, manifest: manifest, hasManifest: true, isUsersOwn: isUsersOwn)
    }

    /// Throws `manifest.changed` when the manifest's file says something else than what was read: what was found out since, of
    /// servers that took their time, is no answer to what it asks for now.
    func requireAsRead() throws {
        guard let text else { return }
        let now = FileSystem.exists(manifestPath) ? try FileSystem.read(manifestPath, limit: Manifest.greatestSize) : []
        if now != text { throw Self.changed(manifestPath, "nothing was locked or installed") }
    }

    static func changed(_ path: String, _ outcome: String) -> Diagnostic {
        Diagnostic(
            "manifest.changed", .error, "\(path) was changed while skvm was at work, and \(outcome)",
            at: SourceLocation(file: path), hint: "run the same command again")
    }

    /// A path of this project as messages show it.
    func shown(_ path: String) -> String {
        path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
    }

    /// A path of the manifest, made absolute.
    func absolute(_ path: String) -> String { FileSystem.absolute(path, from: root) }

    /// Throws when something else stands in the place of `.skvm/`. A repository could bring a link along: what is written and
    /// removed below must stay in the project.
    func requireOwnState() throws {
        guard let kind = try FileSystem.status(statePath)?.kind, kind != .directory else { return }
        throw DiagnosticsError([
            Diagnostic(
                "project.state", .error, "\(statePath) is \(kind == .symlink ? "a symlink" : "no folder")",
                hint: "remove it: skvm makes the folder itself")
        ])
    }

    /// Makes `.skvm/`, with a `.gitignore` of its own: state never lands in a commit by accident.
    func makeState() throws {
        try requireOwnState()
        if try FileSystem.status(statePath + "/.gitignore") != nil { return }
        try FileSystem.makeDirectories(statePath)
        try FileSystem.write(Array("*\n".utf8), to: statePath + "/.gitignore")
    }

    /// The lock; nil when there is none.
    func lock() throws -> Lockfile? {
        guard FileSystem.exists(lockPath) else { return nil }
        do {
            return try Lockfile(parsing: try FileSystem.read(lockPath, limit: Lockfile.greatestSize))
        } catch let error as DiagnosticsError {
            throw DiagnosticsError(error.diagnostics.map(Self.withWayOut))
        }
    }

    /// skvm writes the lock; who reads that it is broken needs no lesson in TOML.
    private static func withWayOut(_ diagnostic: Diagnostic) -> Diagnostic {
        var copy = diagnostic
        copy.hint =
            diagnostic.hint ?? "bring back the version that was committed, or delete it: the next build writes it anew"
        return copy
    }
}

extension Workspace {
    /// The project that the working directory is in, a member's workspace; with `--global` the user's own, in the
    /// configuration folder.
    func project() throws -> Project {
        let project = try draft ?? Self.project(at: try projectRoot(), isUsersOwn: flags.global)
        obeyLimits(of: project)
        return project
    }

    /// That project's folder; nothing in it is read.
    func projectRoot() throws -> String {
        if let draft { return draft.root }
        if flags.global {
            try FileSystem.makeDirectories(settings.configDirectory)
            return settings.configDirectory
        }
        let search = ProjectSearch(settings)
        if let root = try search.root() { return root }
        throw DiagnosticsError([search.nothing()])
    }

    /// For a command that works outside of projects, too: that folder, nil when there is none. Throws when a skvm.toml is
    /// there whose workspace does not count its folder.
    func projectRootOrNone() throws -> String? {
        if flags.global { return settings.configDirectory }
        do { return try ProjectSearch(settings).root() } catch let error as DiagnosticsError {
            guard error.diagnostics.contains(where: { $0.id == ProjectSearch.foreign }) else { throw error }
            for diagnostic in error.diagnostics { settings.progress("\(diagnostic.message): it is passed over") }
            return nil
        }
    }

    static func project(at root: String, isUsersOwn: Bool = false) throws -> Project {
        var project = Project(root: root, manifest: Manifest(), hasManifest: false, isUsersOwn: isUsersOwn)
        guard FileSystem.exists(project.manifestPath) else { return project }
        let bytes = try FileSystem.read(project.manifestPath, limit: Manifest.greatestSize)
        project.manifest = try Manifest(parsing: bytes, file: project.manifestName)
        project.text = bytes
        project.hasManifest = true
        return project
    }
}

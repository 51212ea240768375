import Basics
import ContentStore
import SkillModel

/// A folder with a `skvm.toml`, or a skill folder without one.
struct Project: Sendable {
    /// Absolute.
    let root: String
    let manifest: Manifest
    /// False for a skill folder, or a folder of skills, without a manifest.
    let hasManifest: Bool

    var manifestPath: String { root + "/" + Manifest.fileName }
    var lockPath: String { root + "/" + Lockfile.fileName }
    /// Build state; ignored by git.
    var statePath: String { Self.statePath(root) }
    static func statePath(_ root: String) -> String { root + "/.skvm" }
    var variantsPath: String { statePath + "/variants" }

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
    /// The project that the working directory is in, a member's workspace. With `--global` outside of any project: the
    /// user's own, in the configuration folder.
    func project() throws -> Project {
        let project = try draft ?? Self.project(at: try projectRoot())
        obeyLimits(of: project)
        return project
    }

    /// That project's folder; nothing in it is read.
    func projectRoot() throws -> String {
        if let draft { return draft.root }
        let search = ProjectSearch(settings)
        if let root = try search.root() { return root }
        if flags.global {
            try FileSystem.makeDirectories(settings.configDirectory)
            return settings.configDirectory
        }
        throw DiagnosticsError([search.nothing()])
    }

    /// For a command that works outside of projects, too: that folder, nil when there is none. Throws when a skvm.toml is
    /// there whose workspace does not count its folder.
    func projectRootOrNone() throws -> String? {
        do { return try ProjectSearch(settings).root() } catch let error as DiagnosticsError {
            guard error.diagnostics.contains(where: { $0.id == ProjectSearch.foreign }) else { throw error }
            for diagnostic in error.diagnostics { settings.progress("\(diagnostic.message): it is passed over") }
            return nil
        }
    }

    static func project(at root: String) throws -> Project {
        let path = root + "/" + Manifest.fileName
        guard FileSystem.exists(path) else { return Project(root: root, manifest: Manifest(), hasManifest: false) }
        let manifest = try Manifest(parsing: try FileSystem.read(path, limit: Manifest.greatestSize))
        return Project(root: root, manifest: manifest, hasManifest: true)
    }
}

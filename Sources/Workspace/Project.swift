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
    /// The project that the working directory is in. With `--global` outside of any project: the user's own, in the
    /// configuration folder.
    func project() throws -> Project { try draft ?? Self.project(at: try projectRoot()) }

    /// That project's folder; nothing in it is read.
    func projectRoot() throws -> String {
        if let draft { return draft.root }
        if let root = Self.root(above: settings.workingDirectory) { return root }
        if flags.global {
            try FileSystem.makeDirectories(settings.configDirectory)
            return settings.configDirectory
        }
        throw DiagnosticsError([
            Diagnostic(
                "project.none", .error, "there is no skvm.toml in \(settings.workingDirectory) or above it",
                hint: "run `skvm init` to make this folder a project", fault: .usage)
        ])
    }

    /// The nearest folder at or above `path` that has a manifest.
    static func root(above path: String) -> String? {
        var folder: String? = path
        while let here = folder {
            if let status = try? FileSystem.status(here + "/" + Manifest.fileName), status.kind != .directory {
                return here
            }
            folder = FileSystem.parent(of: here)
        }
        return nil
    }

    static func project(at root: String) throws -> Project {
        let path = root + "/" + Manifest.fileName
        guard FileSystem.exists(path) else { return Project(root: root, manifest: Manifest(), hasManifest: false) }
        let manifest = try Manifest(parsing: try FileSystem.read(path, limit: Manifest.greatestSize))
        return Project(root: root, manifest: manifest, hasManifest: true)
    }
}

/// The folders of a workspace's members, expanded.
enum Members {
    /// Absolute paths of the folders with a `SKILL.md` that the patterns name, sorted, each once; and the folders whose
    /// listing decided that.
    ///
    /// A `*` stands for any one name that does not begin with a dot. A folder that is named without `*` and has no
    /// `SKILL.md` is an error.
    static func expand(_ patterns: [String], in root: String) throws -> (members: [String], listed: [String]) {
        var members: Set<String> = []
        var listed: Set<String> = []
        for pattern in patterns {
            var folders = [root]
            for part in pattern.split(separator: "/") where part != "." {
                folders = try folders.flatMap { folder -> [String] in
                    guard part.contains("*") else { return [folder + "/" + part] }
                    listed.insert(folder)
                    guard FileSystem.isDirectory(folder) else { return [] }
                    return try FileSystem.list(folder).filter { matches($0, String(part)) && !$0.hasPrefix(".") }
                        .map { folder + "/" + $0 }.filter { FileSystem.isDirectory($0) }
                }
            }
            for folder in folders {
                // Harnesses read `skills/`, too: what skvm installed there is a variant, and no source.
                if pattern.contains("*"), FileSystem.exists(folder + "/.skvm/variant.json") { continue }
                if FileSystem.exists(folder + "/SKILL.md") {
                    members.insert(folder)
                } else if pattern.contains("*") {
                    listed.insert(folder)
                } else {
                    throw DiagnosticsError([
                        Diagnostic(
                            "workspace.no-skill", .error, "the workspace's member \(pattern) has no SKILL.md",
                            at: SourceLocation(file: Manifest.fileName),
                            hint: "write \(pattern)/SKILL.md, or take the member out of [workspace]")
                    ])
                }
            }
        }
        return (members.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, listed.sorted())
    }

    /// Whether `name` matches a pattern of one component with `*`. O(name · pattern), no backtracking into the past.
    static func matches(_ name: String, _ pattern: String) -> Bool {
        let name = Array(name.utf8)
        let pattern = Array(pattern.utf8)
        var (n, p) = (0, 0)
        var star: (p: Int, n: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = (p, n)
                p += 1
            } else if p < pattern.count, pattern[p] == name[n] {
                n += 1
                p += 1
            } else if let last = star {
                star = (last.p, last.n + 1)
                (p, n) = (last.p + 1, last.n + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

import Basics
import Compiler
import ContentStore
import SkillModel

/// The project's own passes as their keys see them: programs and files by content, variables by value. Only the manifest
/// of the project that is built is asked: a dependency's or member's passes never run.
struct CustomPassFiles: Sendable {
    var passes: [PreparedPass] = []
    /// Absolute paths that decided all this: for the null build.
    var watched: [String] = []

    private let project: Project
    private let store: ContentStore
    private let environment: [String: String]
    /// A pass's program or table is no data set.
    private static let greatestFile: Int64 = 256 << 20

    /// Puts the passes' files into the store. Throws `DiagnosticsError` for a file that is not there, is a link or leads out
    /// of the project.
    init(_ project: Project, _ store: ContentStore, environment: [String: String]) throws {
        self.project = project
        self.store = store
        self.environment = environment
        for pass in project.manifest.passes {
            passes.append(try prepare(pass, before: CustomPass.before(pass, among: project.manifest.passes)))
        }
    }

    /// Names of all variables that the passes may read, with the one that decides which programs they are.
    static func variables(of manifest: Manifest) -> [String] {
        manifest.passes.isEmpty ? [] : Set(manifest.passes.flatMap(\.variables) + ["PATH"]).sorted()
    }

    private mutating func prepare(_ pass: CustomPass, before: Set<String>) throws -> PreparedPass {
        var paths: Set<RelativePath> = []
        for (number, word) in pass.command.enumerated() {
            guard let path = Self.path(word), number > 0 || word.contains("/") else { continue }
            let kind = try FileSystem.status(project.absolute(path.text))?.kind
            // An argument that happens to be a folder's name is none.
            if kind != nil, kind != .directory { paths.insert(path) }
            if number == 0, kind == nil { throw missing(path, pass, "its program") }
            if kind == nil, isMeantAsFile(path, at: number) { throw missing(path, pass, "a file") }
            watched.append(project.absolute(path.text))
        }
        var files: [TreeEntry] = []
        for path in paths.union(pass.files).sorted() { try add(path, pass, to: &files) }
        var seen: Set<RelativePath> = []
        files = files.sorted { $0.path < $1.path }.filter { seen.insert($0.path).inserted }
        _ = try Tree.build(files)
        return PreparedPass(
            pass, files: files, program: try program(pass, files),
            variables: Dictionary(uniqueKeysWithValues: Set(pass.variables).map { ($0, environment[$0]) }),
            before: before)
    }

    /// Whether an argument that is no file was meant as one, and is misspelt: what an interpreter is to run. Any other may be
    /// what the program makes of it: a pattern, a name of its own.
    private func isMeantAsFile(_ path: RelativePath, at number: Int) -> Bool {
        let scripts = [".py", ".sh", ".js", ".mjs", ".ts", ".rb", ".pl", ".swift"]
        return number == 1 && scripts.contains { path.text.hasSuffix($0) }
    }

    /// A word of a command as a file of the project: `./` may stand before it.
    private static func path(_ word: String) -> RelativePath? {
        RelativePath(word.hasPrefix("./") ? String(word.dropFirst(2)) : word)
    }

    private mutating func add(_ path: RelativePath, _ pass: CustomPass, to files: inout [TreeEntry]) throws {
        let full = project.absolute(path.text)
        watched.append(full)
        guard let status = try FileSystem.status(full) else { throw missing(path, pass, "a file") }
        // A link would let what is read lie anywhere, and the pass be another on each machine.
        guard let root = FileSystem.realPath(project.root), FileSystem.realPath(full) == "\(root)/\(path)" else {
            throw DiagnosticsError([
                Diagnostic(
                    "pass.link", .error, "pass '\(pass.name)' uses \(path), which is or lies behind a symlink",
                    at: pass.location, hint: "put the file itself into the project")
            ])
        }
        switch status.kind {
        case .file:
            guard status.size <= Self.greatestFile else {
                throw DiagnosticsError([
                    Diagnostic(
                        "pass.file", .error, "pass '\(pass.name)' uses \(path), which has \(status.size) bytes",
                        at: pass.location, hint: "a pass's file has at most \(Self.greatestFile) bytes")
                ])
            }
            files.append(TreeEntry(path, .file(try store.importFile(full), executable: status.isExecutable)))
        case .directory:
            for entry in try store.importFolder(full, leavingOut: { Workspace.ignoredNames.contains($0.name) }).entries
            {
                files.append(TreeEntry(path.appending(entry.path), entry.kind))
                watched.append("\(full)/\(entry.path)")
                if let folder = entry.path.parent { watched.append("\(full)/\(folder)") }
            }
        case .symlink, .other:
            throw missing(path, pass, "a file")
        }
    }

    private func missing(_ path: RelativePath, _ pass: CustomPass, _ what: String) -> DiagnosticsError {
        DiagnosticsError([
            Diagnostic(
                "pass.file", .error, "pass '\(pass.name)' names \(path) as \(what), which the project does not have",
                at: pass.location, hint: "write the file, or correct [passes.\(pass.name)]")
        ])
    }

    /// The program of a command that names one on the path; nil for one of the project's.
    private mutating func program(_ pass: CustomPass, _ files: [TreeEntry]) throws -> PreparedPass.Program? {
        let word = pass.command[0]
        if word.contains("/") {
            let entry = files.first { $0.path == Self.path(word) }
            guard case .file(_, executable: true)? = entry?.kind else {
                throw DiagnosticsError([
                    Diagnostic(
                        "pass.program", .error, "pass '\(pass.name)' runs \(word), which is not executable",
                        at: pass.location, hint: "run `chmod +x \(word)`")
                ])
            }
            return nil
        }
        for folder in (environment["PATH"] ?? "").split(separator: ":") where folder.hasPrefix("/") {
            let path = "\(folder)/\(word)"
            watched.append(String(folder))
            guard let real = FileSystem.realPath(path), PassSandbox.shows(path), PassSandbox.shows(real),
                let status = try? FileSystem.status(real), status.kind == .file, status.isExecutable
            else { continue }
            watched += [path, real]
            return .init(name: word, blob: try FileSystem.digest(real), path: path)
        }
        return .init(name: word, blob: nil, path: "")
    }
}

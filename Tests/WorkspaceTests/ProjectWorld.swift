import Basics
import ContentStore
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// A project in a scratch folder with its own cache, configuration, state and home, and all that a user can ask of it.
struct ProjectWorld {
    let root: String
    var environment: [String: String]

    init(_ scratch: String) throws {
        root = try #require(FileSystem.realPath(scratch))
        environment = ["HOME": root + "/home", "PATH": "/usr/bin:/bin"]
        for folder in ["home", "project"] { try FileSystem.makeDirectories(root + "/" + folder) }
    }

    var project: String { root + "/project" }
    var lock: String { get throws { try FileSystem.readText(project + "/skvm.lock") } }
    var manifest: String { get throws { try FileSystem.readText(project + "/skvm.toml") } }
    var store: ContentStore { ContentStore(root: root + "/cache") }

    func workspace(in folder: String? = nil, _ change: (inout Flags) -> Void = { _ in }) -> Workspace {
        var flags = Flags()
        change(&flags)
        return Workspace(
            Settings(
                workingDirectory: folder ?? project, cacheDirectory: root + "/cache",
                configDirectory: root + "/config", stateDirectory: root + "/state", environment: environment,
                flags: flags))
    }

    /// Writes files of the project.
    func put(_ files: [String: String]) throws { try write(files, in: project) }

    func edit(_ file: String, _ old: String, _ new: String) throws {
        let path = project + "/" + file
        let text = try FileSystem.readText(path)
        try #require(text.contains(old), "\(file) has no '\(old)'")
        try FileSystem.write(Array(text.replacing(old, with: new).utf8), to: path)
    }

    func exists(_ path: String) -> Bool { FileSystem.exists(path.hasPrefix("/") ? path : project + "/" + path) }

    @discardableResult
    func build(_ change: (inout Flags) -> Void = { _ in }) async throws -> BuildReport {
        try await workspace(change).build()
    }

    @discardableResult
    func install(_ change: (inout Flags) -> Void = { _ in }) async throws -> BuildReport {
        try await workspace(change).install()
    }

    /// What every scenario ends with: a build that runs nothing, twice, so that the second may be the memo's.
    func expectNothingToDo(sourceLocation: Testing.SourceLocation = #_sourceLocation) async throws {
        for _ in 0..<2 {
            let report = try await build()
            #expect(report.ok && report.ran.isEmpty, "\(report.ran)", sourceLocation: sourceLocation)
            #expect(report.lockChanges == [], sourceLocation: sourceLocation)
        }
    }

    /// The diagnostics of what `work` throws.
    func failure(
        sourceLocation: Testing.SourceLocation = #_sourceLocation, _ work: () async throws -> some Sendable
    ) async -> [Diagnostic] {
        do {
            _ = try await work()
            Issue.record("nothing was thrown", sourceLocation: sourceLocation)
            return []
        } catch {
            let diagnostics = Workspace.diagnostics(of: error)
            if diagnostics == nil { Issue.record(error, sourceLocation: sourceLocation) }
            return diagnostics ?? []
        }
    }

    // MARK: Fixtures

    /// A skill's text, with one sentence that makes it its own.
    static func skill(_ name: String, _ sentence: String = "Never change a figure.") -> String {
        """
        ---
        name: \(name)
        description: Collects the week's figures with a script and writes a summary of them.
        ---

        # \(name)

        ## Steps

        1. Collect the figures:

           ```bash
           mkdir -p out && python3 scripts/collect.py data.csv > out/figures.csv && sort -u out/figures.csv
           ```

        2. Read `out/figures.csv` and check that every row has a date.
        3. Write `out/summary.md` with one paragraph for each name.

        ## Rules

        - The summary must be shorter than 200 words.
        - \(sentence)

        """
    }

    static let script = "import csv\nprint(csv.reader)\n"

    /// The files of a skill's folder.
    static func folder(
        _ name: String, version: String? = nil, dependencies: String = "", _ sentence: String = "Never change a figure."
    ) -> [String: String] {
        var files = ["SKILL.md": skill(name, sentence), "scripts/collect.py": script]
        if version != nil || !dependencies.isEmpty {
            files["skvm.toml"] =
                "[package]\nname = \"\(name)\"\nversion = \"\(version ?? "1.0.0")\"\n"
                + (dependencies.isEmpty ? "" : "\n[dependencies]\n\(dependencies)\n")
        }
        return files
    }

    func put(_ files: [String: String], at folder: String) throws {
        try write(files, in: folder.hasPrefix("/") ? folder : project + "/" + folder)
    }

    /// A target over files of the project's own: `profiles/<name>.toml` and `environments/<name>.toml`.
    func putTarget(
        _ name: String, harness: String = "bare-agent", levels: [String: String] = [:], tools: [String] = ["bash"]
    ) throws -> String {
        let table = ["tool.exec": "L3", "tool.file.write": "L3", "gen.text.prose": "L3"].merging(levels) { $1 }
        var profile = "version = 1\nmodel = \"example/\(name)\"\nharness = \"\(harness)\"\n"
        profile += "measured = \"2026-01-01T00:00:00Z\"\nsource = \"a test\"\n"
        for (primitive, level) in table.sorted(by: { $0.key < $1.key }) {
            profile +=
                "\n[primitives.\"\(primitive)\"]\nlevel = \"\(level)\"\ntrials = { \(level == "L0" ? "L1 = [0, 3]" : "\(level) = [3, 3]") }\n"
        }
        var box = "version = 1\nname = \"\(name)-box\"\nos = \"linux\"\ndistribution = \"debian\"\nrelease = \"12\"\n"
        box += "architecture = \"x86_64\"\n[package-managers]\napt = \"2.6.1\"\n[tools]\n"
        box += tools.map { "\($0) = \"\"\n" }.joined()
        try put(["profiles/\(name).toml": profile, "environments/\(name).toml": box])
        return """
            [targets.\(name)]
            model = "example/\(name)"
            harness = "\(harness)"
            environment = "./environments/\(name).toml"
            profile = "profiles/\(name).toml"

            """
    }

    /// Two skills in a workspace, two targets.
    static func workspace(_ scratch: String) throws -> ProjectWorld {
        let world = try ProjectWorld(scratch)
        try world.put(folder("alpha"), at: "skills/alpha")
        try world.put(folder("beta"), at: "skills/beta")
        let targets = try world.putTarget("one") + world.putTarget("two", tools: ["bash", "jq"])
        try world.put(["skvm.toml": "[workspace]\nmembers = [\"skills/*\"]\n\n" + targets])
        return world
    }
}

/// A registry that is a folder, made in code.
struct FolderRegistry {
    let path: String

    init(_ path: String) throws {
        self.path = path
        try write(["registry.toml": "version = 1\nname = \"test\"\n"], in: path)
    }

    /// Publishes a version: its files, and its line of the index. Returns the tree.
    @discardableResult
    func publish(
        _ name: String, _ version: String, dependencies: [String: String] = [:], requires: [String: String] = [:],
        yanked: Bool = false, _ sentence: String = "Never change a figure.", files: [String: String]? = nil
    ) throws -> Digest {
        let list = dependencies.sorted { $0.key < $1.key }
        let files =
            files
            ?? ProjectWorld.folder(
                name, version: version,
                dependencies: list.map { "\($0.key) = \"\($0.value)\"" }.joined(separator: "\n"),
                sentence)
        let folder = "skills/\(name)/\(version)"
        try write(files, in: path + "/" + folder)
        let entries = try files.map { file, text in
            TreeEntry(
                try #require(RelativePath(file)), .file(Blob(of: Array(text.utf8)), executable: false))
        }
        let tree = try Tree.build(entries).root.digest
        let wanted = list.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
        let demands = requires.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
        let line =
            "{\"name\":\"\(name)\",\"version\":\"\(version)\",\"path\":\"\(folder)\",\"tree\":\"\(tree)\","
            + "\"dependencies\":{\(wanted)},\"requires\":{\(demands)},\"yanked\":\(yanked),\"description\":\"d\"}\n"
        try append(line, name)
        return tree
    }

    func yank(_ name: String, _ version: String) throws {
        let file = index(name)
        let lines = try FileSystem.readText(file).split(separator: "\n").map { line in
            String(line).contains("\"\(version)\"")
                ? String(line).replacing("\"yanked\":false", with: "\"yanked\":true") : String(line)
        }
        try FileSystem.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: file)
    }

    private func append(_ line: String, _ name: String) throws {
        let file = index(name)
        let old = FileSystem.exists(file) ? try FileSystem.readText(file) : ""
        try write([String(file.dropFirst(path.count + 1)): old + line], in: path)
    }

    private func index(_ name: String) -> String {
        let letters = name.count < 4 ? name + String(repeating: "_", count: 4 - name.count) : name
        return "\(path)/index/\(letters.prefix(2))/\(letters.dropFirst(2).prefix(2))/\(name).jsonl"
    }
}

import Basics
import Formats
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A user with a home, a cache and a project of its own, who runs the `skvm` that was built beside the tests.
struct CommandWorld: Sendable {
    let scratch: String
    var project: String { scratch + "/project" }
    var home: String { scratch + "/home" }
    var cache: String { scratch + "/cache" }
    var variables: [String: String] = [:]

    init(_ scratch: String) throws {
        self.scratch = scratch
        for folder in [project, home] { try FileSystem.makeDirectories(folder) }
    }

    /// The whole environment: nothing of whoever runs the tests reaches skvm.
    var environment: [String: String] {
        [
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": home, "LANG": "C.UTF-8", "TMPDIR": scratch,
            "SKVM_CACHE_DIR": cache, "SKVM_CONFIG_DIR": scratch + "/config", "SKVM_STATE_DIR": scratch + "/state",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
        ].merging(variables) { $1 }
    }

    /// Runs skvm in the project, or in `directory`; `wrapper` stands before it (`strace …`).
    func skvm(
        _ arguments: String..., in directory: String? = nil, wrapper: [String] = []
    ) async throws -> ProgramResult {
        try await run(wrapper + [try Self.binary()] + arguments, in: directory)
    }

    /// Runs a program in the project with this world's environment.
    func run(_ words: [String], in directory: String? = nil) async throws -> ProgramResult {
        try await Program(
            words[0], Array(words.dropFirst()), environment: environment, directory: directory ?? project
        ).run()
    }

    /// The same, and it must succeed.
    @discardableResult
    func done(
        _ arguments: String..., in directory: String? = nil, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws -> ProgramResult {
        let result = try await run([try Self.binary()] + arguments, in: directory)
        #expect(
            result.succeeded, "skvm \(arguments.joined(separator: " ")): \(result.errorText)",
            sourceLocation: sourceLocation)
        return result
    }

    /// The built executable lies beside the test bundle.
    static func binary() throws -> String {
        let own = (try? FileSystem.readLink("/proc/self/exe")) ?? CommandLine.arguments[0]
        for folder in [own, FileSystem.absolute(CommandLine.arguments[0], from: "/")] {
            var here = FileSystem.parent(of: folder)
            for _ in 0..<5 {
                if let path = here.map({ $0 + "/skvm" }), access(path, X_OK) == 0, !FileSystem.isDirectory(path) {
                    return path
                }
                here = here.flatMap(FileSystem.parent(of:))
            }
        }
        throw TestServerError("there is no skvm beside \(own): run `swift build`")
    }
}

/// A world in memory where the machine has that: hundreds of runs that sync to a disk would wear it out.
func withCommandWorld(_ body: (CommandWorld) async throws -> Void) async throws {
    let memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : nil
    let scratch = try FileSystem.makeScratchDirectory(in: memory)
    do {
        try await body(try CommandWorld(scratch))
    } catch {
        try? FileSystem.removeTree(scratch)
        throw error
    }
    try? FileSystem.removeTree(scratch)
}

extension CommandWorld {
    /// A manifest with one target for the generic folder and, for some skills of the embedded registry, a dependency.
    func writeManifest(
        _ dependencies: [String] = ["commit-message"], extra: String = "", target: String = Self.target
    ) throws {
        let lines = dependencies.map { $0.contains("=") ? $0 : "\($0) = \"^1\"" }.joined(separator: "\n")
        try write(
            ["skvm.toml": "# mine\n[dependencies]\n\(lines)\n\n\(target)\n\(extra)"], in: project)
    }

    static let target = """
        [targets.weak]
        model = "qwen/qwen3.5-9b"
        harness = "bare-agent"
        environment = "debian-12-x86_64"

        """

    static let skill = """
        ---
        name: own
        description: Counts the lines of files when somebody asks for the number of lines.
        ---
        # Own

        1. Run `wc -l FILE`.
        2. Add the numbers of all files.
        3. Write the sum to `sum.txt`.

        """

    /// Every file below `folder` with its text, for comparing; without skvm's own state.
    func snapshot(_ folder: String) throws -> [String: String] {
        var result: [String: String] = [:]
        func visit(_ path: String, _ shown: String) throws {
            for name in try FileSystem.list(path) where name != ".skvm" {
                let full = "\(path)/\(name)"
                let status = try FileSystem.status(full)
                switch status?.kind {
                case .directory: try visit(full, shown + name + "/")
                case .symlink: result[shown + name] = "→ " + (try FileSystem.readLink(full))
                default: result[shown + name] = String(decoding: try FileSystem.read(full), as: UTF8.self)
                }
            }
        }
        if FileSystem.isDirectory(folder) { try visit(folder, "") }
        return result
    }
}

extension ProgramResult {
    /// Standard output as one JSON document and nothing else.
    func json(sourceLocation: Testing.SourceLocation = #_sourceLocation) throws -> JSONValue {
        #expect(outputText.hasSuffix("\n"), sourceLocation: sourceLocation)
        return try StrictJSON.parse(output, file: "stdout")
    }

    /// Expects an error: its exit code, its id, and words that must stand in it.
    func expectError(
        _ status: Int32, _ id: String, _ words: String..., sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) {
        #expect(self.status == status, "\(outputText)\(errorText)", sourceLocation: sourceLocation)
        #expect(errorText.contains("[\(id)]"), "\(outputText)\(errorText)", sourceLocation: sourceLocation)
        for word in words { #expect(errorText.contains(word), "\(errorText)", sourceLocation: sourceLocation) }
    }
}

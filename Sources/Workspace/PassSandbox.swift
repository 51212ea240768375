import Basics
import Compiler
import ContentStore
import Formats
import Passes
import SkillModel
import Synchronization

/// Runs custom passes in a sandbox: of the machine they see the system's programs, of the project what they declared.
final class PassSandbox: PassRunner {
    private let store: ContentStore
    /// Where bubblewrap lies; nil when the machine has none.
    private let bubblewrap: String?
    private let state = Mutex(State())

    private struct State {
        /// By pass and request: two targets that ask the same need not wait twice.
        var failures: [Digest: DiagnosticsError] = [:]
        /// How often each pass ran out of time.
        var timeouts: [String: Int] = [:]
    }

    /// A pass that hangs does so on every skill: after this many, the rest isn't waited for.
    private static let mostTimeouts = 3

    init(_ store: ContentStore, environment: [String: String]) {
        self.store = store
        bubblewrap = (environment["PATH"] ?? "").split(separator: ":").lazy.filter { $0.hasPrefix("/") }
            .map { "\($0)/bwrap" }.first { FileSystem.exists($0) }
    }

    /// Whether a program at `path` can be seen inside.
    static func shows(_ path: String) -> Bool {
        (Sandbox.systemFolders + ["/opt"]).contains { path.hasPrefix($0 + "/") }
    }

    func answer(
        of pass: PreparedPass, on skill: String, to request: [UInt8], files: [TreeEntry]?
    ) throws -> [UInt8] {
        let key = Digest(of: Array("\(pass.identity)\n".utf8) + request)
        if let known = state.withLock({ $0.failures[key] }) { throw known }
        do {
            return try run(pass, skill, request, files)
        } catch let failure as DiagnosticsError {
            state.withLock { $0.failures[key] = failure }
            throw failure
        }
    }

    private func run(
        _ pass: PreparedPass, _ skill: String, _ request: [UInt8], _ files: [TreeEntry]?
    ) throws -> [UInt8] {
        let limits = pass.pass.limits
        if state.withLock({ $0.timeouts[pass.name, default: 0] >= Self.mostTimeouts }) {
            throw fault(
                pass, skill, "time",
                "it was not run: it took longer than its time for \(Self.mostTimeouts) skills before",
                hint: "correct the pass, or raise time-limit of [passes.\(pass.name)]")
        }
        do {
            let result = try launch(pass, request, files)
            if result.succeeded { return result.output }
            throw fault(
                pass, skill, "exit", Self.ending(result.status),
                hint: (Self.complaints(result.error).isEmpty
                    ? "it wrote nothing to standard error" : "what it wrote to standard error is above")
                    + "; the limit on memory is \(limits.memory) MiB",
                notes: Self.complaints(result.error))
        } catch let error as SandboxError {
            switch error {
            case .time(let seconds):
                state.withLock { $0.timeouts[pass.name, default: 0] += 1 }
                throw fault(
                    pass, skill, "time", "it was ended after \(seconds) seconds",
                    hint: "correct the pass, or raise time-limit of [passes.\(pass.name)]")
            case .output(let bytes):
                throw fault(
                    pass, skill, "output", "it was ended after it had printed more than \(bytes) bytes",
                    hint: "a pass prints one answer to standard output, and nothing else")
            case .memory(let bytes):
                throw fault(
                    pass, skill, "memory", "it was ended: its processes together took more than \(bytes >> 20) MiB",
                    hint: "correct the pass, or raise memory-limit of [passes.\(pass.name)]")
            case .processes(let most):
                throw fault(
                    pass, skill, "processes", "it was ended: it had more than \(most) processes and threads",
                    hint: "let the pass do its work in a few processes")
            case .unavailable(let reason): throw Self.unavailable(reason)
            }
        }
    }

    private func launch(
        _ pass: PreparedPass, _ request: [UInt8], _ files: [TreeEntry]?
    ) throws -> ProgramResult {
        guard let bubblewrap else { throw Self.unavailable("there is no bwrap on the path") }
        var command = pass.pass.command
        if let program = pass.program {
            guard program.blob != nil else { throw Self.noProgram(program.name, pass) }
            command[0] = program.path
        } else {
            command[0] = "\(PassProtocol.projectFolder)/\(command[0])"
        }
        let scratch = try FileSystem.makeScratchDirectory()
        defer { try? FileSystem.removeTree(scratch) }
        var mounts = [Sandbox.Mount(scratch + "/project", at: PassProtocol.projectFolder)]
        try store.materialize(pass.files, at: scratch + "/project")
        if let files {
            try store.materialize(files, at: scratch + "/skill")
            mounts.append(Sandbox.Mount(scratch + "/skill", at: PassProtocol.skillFolder))
        }
        if command[0].hasPrefix("/opt/"), let name = command[0].split(separator: "/").dropFirst().first {
            mounts.append(Sandbox.Mount("/opt/\(name)", at: "/opt/\(name)"))
        }
        let limits = pass.pass.limits
        return try Sandbox(
            mounts: mounts, directory: PassProtocol.projectFolder, environment: Self.environment(pass),
            limits: Sandbox.Limits(seconds: limits.seconds, memory: limits.memory << 20)
        ).run(command, input: request, bubblewrap: bubblewrap)
    }

    /// The same on every machine, with the declared variables. What would make a program's output differ from run to run is
    /// fixed where that is known.
    private static func environment(_ pass: PreparedPass) -> [String: String] {
        let fixed = [
            "PATH": Sandbox.path, "HOME": "/tmp", "TMPDIR": "/tmp", "LANG": "C.UTF-8", "TZ": "UTC",
            "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1",
        ]
        return fixed.merging(pass.variables.compactMapValues { $0 }) { $1 }
    }

    // MARK: What a user is told

    private func fault(
        _ pass: PreparedPass, _ skill: String, _ id: String, _ message: String, hint: String, notes: [String] = []
    ) -> DiagnosticsError {
        DiagnosticsError([
            Diagnostic(
                "pass.\(id)", .error, "pass '\(pass.name)' on '\(skill)': \(message)",
                at: SourceLocation(file: "SKILL.md"), notes: notes, hint: hint)
        ])
    }

    private static func ending(_ status: Int32) -> String {
        switch status {
        case 126, 127: "its program could not be started (exit code \(status))"
        case 129...159: "it was ended by signal \(status - 128) (exit code \(status))"
        default: "it ended with exit code \(status)"
        }
    }

    /// The last lines of standard error, safe to show.
    private static func complaints(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes.suffix(4096), as: UTF8.self).split(whereSeparator: \.isNewline).suffix(8)
            .map { String($0.prefix(200)) }
    }

    /// Of the machine, not of a skill: one such error ends the build.
    private static func unavailable(_ reason: String) -> Diagnostic {
        #if os(Linux)
            let hint =
                "install bubblewrap (apt install bubblewrap) and allow user namespaces; in a container, start it with "
                + "--security-opt seccomp=unconfined"
        #else
            let hint = "build on Linux, where bubblewrap can confine it, and commit skvm.lock; passes never run without"
        #endif
        return Diagnostic(
            "pass.sandbox", .error, "custom passes run in a sandbox only, and there can be none here: \(reason)",
            hint: hint, fault: .outside)
    }

    private static func noProgram(_ name: String, _ pass: PreparedPass) -> Diagnostic {
        Diagnostic(
            "pass.program", .error, "pass '\(pass.name)' runs \(name.shortened), which this machine has not",
            at: pass.pass.location,
            hint: "install it below /usr or /opt: that is what a sandbox shows of the system", fault: .outside)
    }
}

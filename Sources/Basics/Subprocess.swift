import Subprocess
import SystemPackage

/// A program that ended: its exit code and what it printed.
package struct ProgramResult: Sendable {
    /// The exit code; 128 + the signal's number when a signal ended it.
    package var status: Int32
    package var output: [UInt8]
    package var error: [UInt8]

    package var succeeded: Bool { status == 0 }
    package var outputText: String { String(decoding: output, as: UTF8.self) }
    package var errorText: String { String(decoding: error, as: UTF8.self) }
}

/// A program that could not be started, or that printed more than was allowed.
package struct ProgramError: Error, Sendable, CustomStringConvertible {
    package var program: String
    package var reason: String
    /// There is no such program; otherwise there is one, and the system or the program failed.
    package var isMissing = false

    package init(program: String, reason: String) {
        self.program = program
        self.reason = reason
    }

    init(_ program: String, _ error: SubprocessError) {
        self.init(program: program, reason: "\(error)")
        isMissing = error.code == .executableNotFound
    }

    package var description: String { "cannot run \(program): \(reason)" }
}

/// A program to run, without a shell between.
package struct Program: Sendable {
    /// A name to look up in `PATH`, or an absolute path.
    package var name: String
    package var arguments: [String]
    /// The whole environment of the program; nil inherits skvm's.
    package var environment: [String: String]?
    package var directory: String?

    package init(_ name: String, _ arguments: [String], environment: [String: String]? = nil, directory: String? = nil)
    {
        self.name = name
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
    }

    /// Runs the program to its end and collects what it prints, `limit` bytes a stream at most. Cancelling the task
    /// ends the program (SIGTERM, SIGKILL after two seconds). `input` is a file to it, which it may leave unread.
    ///
    /// Throws `ProgramError` when it can't be started or prints too much; a non-zero exit is no error.
    package func run(input: [UInt8] = [], limit: Int = 64 << 20) async throws -> ProgramResult {
        try await reporting(input) { options, environment, input in
            let result = try await Subprocess.run(
                executable, arguments: Arguments(arguments), environment: environment,
                workingDirectory: directory.map { FilePath($0) }, platformOptions: options,
                input: input, output: .bytes(limit: limit), error: .bytes(limit: limit))
            return ProgramResult(
                status: Self.status(result.terminationStatus), output: result.standardOutput,
                error: result.standardError)
        }
    }

    /// As `run(input:limit:)`, but what comes on standard error is handed to `onError` as it comes, and kept nowhere:
    /// the result's `error` is empty.
    package func run(
        input: [UInt8] = [], limit: Int = 64 << 20, onError: @escaping @Sendable ([UInt8]) -> Void
    ) async throws -> ProgramResult {
        try await reporting(input) { options, environment, input in
            let result = try await Subprocess.run(
                executable, arguments: Arguments(arguments), environment: environment,
                workingDirectory: directory.map { FilePath($0) }, platformOptions: options,
                input: input, output: .bytes(limit: limit), error: .sequence
            ) { execution in
                for try await buffer in execution.standardError { onError(buffer.withUnsafeBytes { Array($0) }) }
            }
            return ProgramResult(
                status: Self.status(result.terminationStatus), output: result.standardOutput, error: [])
        }
    }

    private var executable: Executable { name.contains("/") ? .path(FilePath(name)) : .name(name) }

    private static func status(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): Int32(code)
        case .signaled(let signal): 128 + Int32(signal)
        }
    }

    /// Never through a pipe: a program that ends before it has read one is an end of ours in `Subprocess` 1.0, too.
    private func reporting(
        _ input: [UInt8], _ body: (PlatformOptions, Environment, FileDescriptorInput) async throws -> ProgramResult
    ) async throws -> ProgramResult {
        let source: FileDescriptor
        do throws(FileError) {
            source = FileDescriptor(rawValue: try FileSystem.openInput(input))
        } catch {
            throw ProgramError(program: name, reason: "\(error)")
        }
        defer { try? source.close() }
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
        let custom = environment.map { pairs in
            Environment.custom(Dictionary(uniqueKeysWithValues: pairs.map { (Environment.Key(stringLiteral: $0), $1) }))
        }
        do {
            return try await body(
                options, custom ?? .inherit, .fileDescriptor(source, closeAfterSpawningProcess: false))
        } catch let error as SubprocessError {
            throw ProgramError(name, error)
        }
    }
}

import ArgumentParser
import Basics
import Workspace

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Runs the command line and ends the process with its exit code (DESIGN's: 0 done, 1 build, 2 usage, 3 stale lock, 4 offline,
/// 5 integrity, 6 outside, 70 internal).
public func runCommandLine() async {
    // A reader that went away (`skvm graph | head`) is no fault.
    signal(SIGPIPE, SIG_DFL)
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
        var command = try SkvmCommand.parseAsRoot(arguments)
        if var asynchronous = command as? any AsyncParsableCommand {
            try await asynchronous.run()
        } else {
            try command.run()
        }
    } catch let code as ExitCode {
        exit(code.rawValue)
    } catch {
        exit(report(error, arguments: arguments))
    }
}

/// Prints what a thrown error tells a user and returns the exit code.
private func report(_ error: any Error, arguments: [String]) -> Int32 {
    let terminal = Terminal(quiet: false, json: arguments.contains("--json"))
    if let diagnostics = Workspace.diagnostics(of: error) {
        terminal.show(diagnostics)
        return diagnostics.filter { $0.severity == .error }.map(\.fault).max()?.rawValue ?? Fault.internal.rawValue
    }
    // Help, version and wrong usage are the argument parser's to word.
    let code = SkvmCommand.exitCode(for: error)
    let message = SkvmCommand.fullMessage(for: error)
    if code.isSuccess {
        print(message)
        return 0
    }
    printError(message)
    return code == .validationFailure ? Fault.usage.rawValue : Fault.internal.rawValue
}

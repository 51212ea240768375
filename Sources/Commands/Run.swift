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
    let arguments = optionsLast(Array(CommandLine.arguments.dropFirst()))
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
        if terminal.json {
            let command = arguments.first { !$0.hasPrefix("-") } ?? ""
            try? terminal.json(Failure(command: command, diagnostics: diagnostics))
        }
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

/// What `--json` prints of a command that could not give its own answer.
private struct Failure: Encodable {
    let version = 1
    let command: String
    let ok = false
    let diagnostics: [Diagnostic]
}

/// `skvm -C DIR build` as `skvm build -C DIR`: options that every command has may stand before its name.
func optionsLast(_ arguments: [String]) -> [String] {
    let flags: Set = ["--locked", "--offline", "--frozen", "--keep-going", "--dry-run", "--json", "-q", "-v"]
    var first = 0
    while first < arguments.count {
        if arguments[first] == "-C" || arguments[first] == "--jobs" || arguments[first] == "-j" {
            first += 2
        } else if flags.contains(arguments[first]) {
            first += 1
        } else {
            break
        }
    }
    guard first > 0, first < arguments.count, !arguments[first].hasPrefix("-") else { return arguments }
    let rest = arguments[first...]
    let end = rest.firstIndex(of: "--") ?? rest.endIndex
    return Array(rest[..<end]) + arguments[..<first] + rest[end...]
}

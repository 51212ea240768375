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

/// A command that works: it takes the options of all commands, and its reports have a name.
protocol SkvmSubcommand: AsyncParsableCommand {
    /// What the JSON of its reports has as `command`.
    static var reportName: String { get }
    var options: GlobalOptions { get }
}

extension SkvmSubcommand {
    static var reportName: String { configuration.commandName ?? "skvm" }

    /// Prints a report as `GlobalOptions.finish` does. What it advises is for the manifest that the command was run for; an answer
    /// is told as it is.
    func finish(_ report: some DiagnosedReport, isAnswer: Bool = false) throws {
        var report = report
        if isForUsersOwn { report.diagnostics = report.diagnostics.map(Advice.forUsersOwn) }
        try options.finish(report, isAnswer: isAnswer, words: isForUsersOwn && !isAnswer ? Advice.forUsersOwn : { $0 })
    }

    /// Prints what was done, likewise.
    func finish(_ done: Done) throws {
        var done = done
        if isForUsersOwn {
            done.text = Advice.forUsersOwn(done.text)
            done.diagnostics = done.diagnostics.map(Advice.forUsersOwn)
        }
        try options.show(done)
    }

    fileprivate var isForUsersOwn: Bool { (self as? any ManifestSubcommand)?.global ?? false }
}

/// A command that works on a project's manifest, or on the user's own (`--global`).
protocol ManifestSubcommand: SkvmSubcommand {
    var global: Bool { get }
}

/// Runs the command line and ends the process with its exit code (DESIGN's: 0 done, 1 build, 2 usage, 3 stale lock, 4 offline,
/// 5 integrity, 6 outside, 70 internal).
public func runCommandLine() async {
    // A `git` that ends before it read everything is an error to tell, not the end of skvm. What happens when the reader
    // of skvm's own output went away is `Terminal`'s to know.
    signal(SIGPIPE, SIG_IGN)
    let arguments = LeadingOptions.last(Array(CommandLine.arguments.dropFirst()))
    if arguments == ["--version"] { return print(skvmVersion) }
    // The parser prints the whole help for `help` of what is no command.
    if arguments.first == "help", let unknown = WrongUsage(Array(arguments.dropFirst())).unknownCommand {
        Terminal(quiet: false, json: false).show([unknown])
        exit(unknown.fault.rawValue)
    }
    if let fault = LeadingOptions.fault(arguments) { exit(reportUsage(fault, json: WrongUsage(arguments).wantsJSON)) }
    do {
        var command = try parsed(arguments)
        guard var working = command as? any SkvmSubcommand else {
            try command.run()
            return
        }
        do {
            try await working.run()
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch {
            exit(report(error, of: working))
        }
    } catch {
        exit(reportUsage(error, arguments))
    }
}

/// The command that the arguments stand for.
///
/// A name that stands first is parsed for by its command alone: setting up the parser for all commands costs more than many
/// commands do. What that one doesn't take as it stands (wrong usage, `--help`) is for the parser of all of them to word.
func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    let types = SkvmCommand.configuration.groupedSubcommands.flatMap(\.subcommands)
    if let name = arguments.first, let type = types.first(where: { $0.configuration.commandName == name }),
        type.configuration.subcommands.isEmpty, let command = try? type.parse(Array(arguments.dropFirst()))
    {
        return command
    }
    return try SkvmCommand.parseAsRoot(arguments)
}

/// The report of a command that threw.
private struct Failure: DiagnosedReport {
    var version = 1
    var command: String
    var ok = false
    var diagnostics: [Diagnostic]
    var text: String { "" }
}

/// Prints what an error that a command threw tells a user and returns the exit code.
private func report(_ error: any Error, of command: some SkvmSubcommand) -> Int32 {
    guard !(error is ValidationError), !(error is CleanExit) else {
        return reportUsage(error, Array(CommandLine.arguments.dropFirst()))
    }
    let diagnostics =
        Workspace.diagnostics(of: error) ?? [
            Diagnostic(
                "internal.error", .error, "skvm failed by a fault of its own: \(error)",
                hint: "please report it with what you did", fault: .internal)
        ]
    let failure = Failure(
        command: type(of: command).reportName,
        diagnostics: diagnostics.map {
            guard command is any ManifestSubcommand else { return $0 }
            return command.isForUsersOwn ? Advice.forUsersOwn($0) : Advice.withUsersOwn($0)
        })
    let fault = failure.fault ?? .internal
    do {
        if command.options.json {
            try command.options.terminal.json(failure)
        } else {
            command.options.terminal.show(failure.diagnostics)
        }
    } catch {
        return Fault.outside.rawValue
    }
    return fault.rawValue
}

/// Help, version and wrong usage are the argument parser's to word, but for a command that there is not.
private func reportUsage(_ error: any Error, _ arguments: [String]) -> Int32 {
    let code = SkvmCommand.exitCode(for: error)
    let message = Printable.line(SkvmCommand.fullMessage(for: error))
    if code.isSuccess {
        Terminal(quiet: false, json: false).data(message)
        return 0
    }
    let isUsage = code == .validationFailure
    let words = WrongUsage(arguments)
    var diagnostic =
        words.unknownCommand
        ?? Diagnostic(
            isUsage ? "usage.arguments" : "internal.error", .error, words.gist(of: message),
            hint: words.help(after: message),
            fault: isUsage ? .usage : .internal)
    if !words.wantsJSON, words.unknownCommand == nil, let usage = WrongUsage.usage(in: message) {
        diagnostic.notes = [usage]
    }
    return reportUsage(diagnostic, of: words.command, json: words.wantsJSON)
}

private func reportUsage(_ diagnostic: Diagnostic, of command: String = "skvm", json: Bool) -> Int32 {
    if json {
        let failure = Failure(command: command, diagnostics: [diagnostic])
        guard (try? Terminal(quiet: false, json: true).json(failure)) != nil else { return Fault.outside.rawValue }
    } else {
        Terminal(quiet: false, json: false).show([diagnostic])
    }
    return diagnostic.fault.rawValue
}

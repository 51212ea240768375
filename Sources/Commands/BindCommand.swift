import ArgumentParser
import Basics
import Synchronization
import Workspace

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

struct BindCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "bind",
        abstract: "Look for what skills need on this machine: programs, packages, servers, variables.",
        usage: "skvm bind [<names> ...] [--repair [--yes] | --env] [--target <target>] [-- <command> ...]",
        discussion: """
            Ends with 1 when something required is missing. --repair installs what can
            be: it shows the list and asks first. Nothing of a skill is run, and nobody
            is made root.

            What is installed goes to folders of your own. A shell or a harness sees
            them by
              eval "$(skvm bind --env)"   in its profile, or before it starts
              skvm bind -- COMMAND …      which looks, and starts COMMAND so
            """)
    @Argument(
        help: "Skills; without any, all of the project, or the member that this is run in.",
        completion: .names(of: .packages))
    var names: [String] = []
    @Option(
        name: .shortAndLong, help: "As for this target; without, those whose environment is this machine.",
        completion: .names(of: .targets))
    var target: String?
    @Flag(help: "Install what is required and missing, after a question.") var repair = false
    @Flag(name: .shortAndLong, help: "With --repair: do not ask.") var yes = false
    @Flag(help: "Print what a shell evaluates to see what was installed.") var env = false
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    /// What stands behind `--`: the parser has no list of arguments behind another, and appends it to the names.
    private var command: [String] = []

    /// Whether a question found nobody.
    private let unanswered = Unanswered()

    private enum CodingKeys: CodingKey { case names, target, repair, yes, env, global, options }

    mutating func validate() throws {
        command = Array(CommandLine.arguments.drop { $0 != "--" }.dropFirst())
        guard names.suffix(command.count) == command[...] else { throw ValidationError("a command stands behind --") }
        names.removeLast(command.count)
        if yes, !repair { throw ValidationError("--yes answers the question of --repair") }
        if env, repair || !command.isEmpty {
            throw ValidationError("--env only prints: give it without --repair and without a command")
        }
        if !command.isEmpty, options.json || options.dryRun {
            throw ValidationError("a command is run in the place of skvm: leave --json and --dry-run out")
        }
    }

    mutating func run() async throws {
        let workspace = try options.workspace(global: global)
        let selection = PackageSelection(names)
        if env { return try finish(try await workspace.bindExports(selection, target: target), isAnswer: true) }
        let consent = try consent()
        let isRoot = geteuid() == 0
        guard !command.isEmpty else {
            let report = try await workspace.bind(selection, target: target, consent: consent, isRoot: isRoot)
            return try finish(report, isAnswer: true)
        }
        let report = try await workspace.bindForCommand(selection, target: target, consent: consent, isRoot: isRoot)
        // A repair that nobody could answer for was asked for and is not done.
        if unanswered.isSet { return try finish(report, isAnswer: true) }
        // What a skill lacks is told, and keeps nobody from the others; nor does a lock or a cache that can't say.
        let told = report.diagnostics.map { Self.told($0, report.lacking) }
        options.terminal.show(global ? told.map(Advice.forUsersOwn) : told)
        try replaceProcess(report.exports ?? "")
    }

    private func consent() throws -> Workspace.Consent {
        guard repair else { return .unasked }
        if yes || options.dryRun { return .given }
        let terminal = options.terminal
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1, !options.json else {
            let unanswered = unanswered
            return .asked { plan in
                unanswered.set()
                terminal.show([Self.unanswered(plan)])
                return false
            }
        }
        return .asked { plan in
            printError(
                Printable.line((["to install for skills:"] + plan.lines.map { "  " + $0 }).joined(separator: "\n")))
            printError("install? [y/N]")
            let answer = readLine(strippingNewline: true)?.lowercased() ?? ""
            return answer == "y" || answer == "yes"
        }
    }

    private static func unanswered(_ plan: BindPlan) -> Diagnostic {
        Diagnostic(
            "bind.unanswered", .warning, "nothing was installed: there is no terminal to ask on", notes: plan.lines,
            hint: "add --yes", fault: .usage)
    }

    private static func told(_ diagnostic: Diagnostic, _ lacking: [String]) -> Diagnostic {
        var copy = diagnostic
        if copy.id == "bind.missing" { copy.notes = Array(lacking.prefix(12)) + copy.notes }
        if copy.severity == .error { copy.severity = .warning }
        return copy
    }

    /// The command takes the place of skvm, with its terminal, its signals and its exit code.
    private func replaceProcess(_ exports: String) throws {
        // What skvm ignores or holds back for itself, a program starts with as it is.
        signal(SIGPIPE, SIG_DFL)
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        let words = ["/bin/sh", "-c", "eval \"$1\"; shift; exec \"$@\"", "skvm", exports] + command
        var pointers = words.map { strdup($0) }
        pointers.append(nil)
        execv("/bin/sh", &pointers)
        throw Diagnostic(
            "bind.command", .error, "cannot start /bin/sh: \(String(cString: strerror(errno)))", fault: .outside)
    }
}

/// That a question found nobody to answer it.
private final class Unanswered: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
}

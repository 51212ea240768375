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

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
    /// Of the flag `--global`, which the commands that work on a manifest have (decision 0042).
    static let globalHelp: ArgumentHelp =
        "Your own skvm.toml in skvm's configuration folder, for all your agents; not a project's."
    /// Of the flag `--user`.
    static let userHelp: ArgumentHelp =
        "The project's skills in your own harness folders instead of the project's."

    /// Throws for two flags that each say something else.
    static func requireOne(user: Bool, global: Bool) throws {
        if user, global {
            throw ValidationError(
                "--user and --global don't go together: --user is for a project's skills, --global for your own skvm.toml's"
            )
        }
    }

    @Flag(help: "Fail when skvm.lock would have to change (exit 3).") var locked = false
    @Flag(help: "Use only what is in the cache; say what is missing (exit 4).") var offline = false
    @Flag(help: "The same as --locked --offline.") var frozen = false
    @Option(
        name: [.long, .customShort("j", allowingJoined: true)], help: "Threads; all cores by default.") var jobs: Int?
    @Flag(help: "Go on with the other skills after one failed.") var keepGoing = false
    @Flag(help: "Say what would be done, change nothing.") var dryRun = false
    @Flag(help: "Print one JSON document on stdout.") var json = false
    @Flag(name: .shortAndLong, help: "Print only errors and what was asked for.") var quiet = false
    @Flag(name: .shortAndLong, help: "Print notes and details, too.") var verbose = false
    @Option(
        name: .customShort("C"), help: ArgumentHelp("Work in this folder.", valueName: "dir"), completion: .directory)
    var directory: String?

    mutating func validate() throws {
        if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 1024") }
    }

    var terminal: Terminal { Terminal(quiet: quiet, json: json, verbose: verbose) }

    /// The parts put together for this process: folders from the environment, flags from the command line.
    func workspace(
        global: Bool = false, user: Bool = false, takesOver: Bool = false, again: String? = nil
    ) throws -> Workspace {
        var environment = processEnvironment()
        environment["HOME"] = Home.folder(environment)
        let named = FileSystem.absolute(directory ?? ".", from: currentDirectory())
        guard directory != nil || FileSystem.isDirectory(named) else {
            throw Diagnostic(
                "usage.directory", .error, "the path of the current folder can't be read: it is gone or no UTF-8",
                hint: "go to another folder, or name one with -C", fault: .usage)
        }
        guard FileSystem.isDirectory(named) else {
            throw Diagnostic(
                "usage.directory", .error, "-C names \(named), which is no folder", hint: "make it, or name another",
                fault: .usage)
        }
        // As `cd` and `getcwd` have it: a project that a link leads to is the same project, with the same claims and memory.
        let here = FileSystem.realPath(named) ?? named
        func folder(_ variable: String, _ xdg: String, _ fallback: String) throws -> String {
            try Home.place(variable, xdg, fallback, environment, workingDirectory: here)
        }
        var flags = Flags()
        flags.locked = locked || frozen
        flags.offline = offline || frozen
        flags.jobs = jobs ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        flags.keepGoing = keepGoing
        flags.dryRun = dryRun
        flags.brief = !json
        let config = try folder("SKVM_CONFIG_DIR", "XDG_CONFIG_HOME", ".config")
        // Whoever goes there to edit that manifest means by it what it means everywhere.
        flags.global = global || here == FileSystem.realPath(config)
        flags.user = user
        flags.takesOver = takesOver
        flags.again = again
        let terminal = terminal
        var settings = Settings(
            workingDirectory: here, cacheDirectory: try folder("SKVM_CACHE_DIR", "XDG_CACHE_HOME", ".cache"),
            configDirectory: config,
            stateDirectory: try folder("SKVM_STATE_DIR", "XDG_STATE_HOME", ".local/state"), environment: environment,
            flags: flags, progress: { line in if !terminal.json { terminal.note(line) } })
        settings.namesDirectory = self.directory != nil
        if !json, !quiet { settings.transfers = { PassingLine.take($0, terminal) } }
        return Workspace(settings)
    }
}

private func currentDirectory() -> String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
}

private func processEnvironment() -> [String: String] {
    var result: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
        if let pair = String(validatingCString: text), let equals = pair.firstIndex(of: "=") {
            result[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
        }
        entry += 1
    }
    return result
}

import ArgumentParser
import Basics
import Workspace

struct VerifyCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Rehash what is installed, vendored and cached; hold it against skvm.lock (exit 5 when it differs).")
    @OptionGroup var packages: PackageOptions
    @Flag(help: "Restore what is missing or damaged. Files that were changed stay, and are named.") var repair = false
    @Flag(
        help: """
            With --repair: restore changed files, too; what a FILE held is kept beside it, as FILE.orig, and what stood \
            in a folder's place in .skvm-kept beside the harness's folder.
            """)
    var force = false
    @Flag(help: "Take changed files for edits of yours: warn of them, and end with 0.") var allowEdits = false
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func validate() throws {
        if repair, !packages.package.isEmpty { throw ValidationError("--repair restores all: leave -p out") }
        if force, !repair { throw ValidationError("--force says what --repair restores: give it with --repair") }
        if force, allowEdits { throw ValidationError("--force restores what --allow-edits leaves: give one of them") }
    }

    mutating func run() async throws {
        let workspace = try options.workspace(global: global)
        let report =
            try await repair
            ? workspace.repair(allowsEdits: allowEdits, force: force)
            : workspace.verify(packages: packages.selection, allowsEdits: allowEdits)
        try finish(report)
    }
}

struct DigestCommand: SkvmSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "digest", abstract: "The digest and size of a file's blob or a folder's tree.")
    @Argument(help: "A file or folder.") var path: String
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.show(try options.workspace().digest(path))
    }
}

struct CleanCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Remove what `build` put into .skvm/ of this project. What is installed and the cache stay.")
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.show(try await options.workspace(global: global).clean())
    }
}

struct GcCommand: SkvmSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Remove from the cache what was not used for some time.")
    @Option(help: "Keep what was used within so many days.") var days = 30
    @OptionGroup var options: GlobalOptions

    mutating func validate() throws {
        if !(0...36_500).contains(days) { throw ValidationError("--days takes a number from 0 to 36500") }
    }

    mutating func run() async throws {
        try finish(try await options.workspace().collectGarbage(days: days))
    }
}

struct CacheCommand: SkvmSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "cache", abstract: "Where the cache is and what it holds.")
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.show(try options.workspace().cacheReport())
    }
}

struct DoctorCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check that this machine, the cache and the project are fit for skvm.")
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try finish(try await options.workspace(global: global).doctor(), isAnswer: true)
    }
}

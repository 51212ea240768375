import ArgumentParser
import Workspace

struct OutdatedCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "outdated",
        abstract: "Packages with newer versions: what their requirements accept, and the newest of all.")
    @OptionGroup var packages: PackageOptions
    @Flag(help: "Count prereleases among the newest.") var prereleases = false
    @Flag(help: "End with 1 when a package is outdated.") var exitCode = false
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        let workspace = try options.workspace(global: global)
        let report = try await workspace.outdated(prereleases: prereleases, packages: packages.selection)
        try finish(report, isAnswer: true)
        if exitCode, report.hasOutdated { throw ExitCode(1) }
    }
}

struct TreeCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "tree", abstract: "What the project depends on; (*) marks what was drawn before.")
    @OptionGroup var members: MemberOptions
    @Option(
        name: .shortAndLong, help: "Draw what depends on this package instead.", completion: .names(of: .packages))
    var invert: String?
    @Flag(name: .shortAndLong, help: "Only packages that are there more than once, with what depends on them.")
    var duplicates = false
    @Option(parsing: .unconditional, help: "Packages below a root that are shown.") var depth: Int?
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func validate() throws {
        if invert != nil || duplicates, members.selection != [] {
            throw ValidationError(
                "-p and --workspace choose what the trees hang from: leave --invert and --duplicates out")
        }
        if invert != nil, duplicates { throw ValidationError("--invert and --duplicates don't go together") }
        if let depth, depth < 0 { throw ValidationError("--depth takes a number from 0 on") }
    }

    mutating func run() async throws {
        let workspace = try options.workspace(global: global)
        try options.show(
            try await workspace.tree(
                invert: invert, duplicates: duplicates, depth: depth, packages: members.selection))
    }
}

struct WhyCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "The shortest chains of requirements that bring a package in.")
    @Argument(help: "A package of the project.", completion: .names(of: .packages)) var wanted: String
    @OptionGroup var packages: PackageOptions
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.show(
            try await options.workspace(global: global).why(wanted, packages: packages.selection))
    }
}

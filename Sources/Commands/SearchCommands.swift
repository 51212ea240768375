import ArgumentParser
import Workspace

struct SearchCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find packages in the registries: every word must stand in name, keywords or description.",
        discussion: "The last word may be the beginning of one. Names come first, then keywords, then descriptions. "
            + "A ClawHub is asked, and answers by its own rules. Without words, all packages are listed by name; "
            + "one that several registries have stands there once for each.")
    @Argument(help: "Words.") var words: [String] = []
    @Option(help: "Only in this registry, by its name in skvm.toml.", completion: .names(of: .registries))
    var registry: String?
    @Option(help: "Show at most so many.") var limit = 20
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func validate() throws {
        if !(1...Workspace.greatestSearch).contains(limit) {
            throw ValidationError("--limit takes a number from 1 to \(Workspace.greatestSearch)")
        }
    }

    mutating func run() async throws {
        let workspace = try options.workspace(global: global)
        var report = try await workspace.search(words, registry: registry, limit: limit)
        report.width = Terminal.columns(of: .output)
        try finish(report, isAnswer: true)
    }
}

struct InfoCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "What is known of a package: versions, source, dependencies, where it is compiled and installed.")
    @Argument(help: "NAME, NAME@VERSION, or @OWNER/NAME of a ClawHub.", completion: .names(of: .packages))
    var package: String
    @Option(help: "The registry to look in, by its name in skvm.toml.", completion: .names(of: .registries))
    var registry: String?
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        let workspace = try options.workspace(global: global)
        try finish(try await workspace.info(package, registry: registry), isAnswer: true)
    }
}

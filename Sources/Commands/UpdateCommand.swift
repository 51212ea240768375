import ArgumentParser
import Workspace

struct UpdateCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Move skvm.lock to newer versions within the manifest's ranges; install nothing.",
        discussion: """
            Without names all packages may move; with names only these, and what they need. Git branches move to their \
            heads, revisions stay. With --keep-going, what can't be reached and what its repository no longer has stays as it \
            is locked, and the rest moves. `skvm outdated` shows what there is beyond the ranges.
            """)
    @Argument(
        help: "Packages of the project; `*` stands for any part of a name.", completion: .names(of: .packages))
    var names: [String] = []
    @OptionGroup var packages: PackageOptions
    @Option(help: "The version to take of the one package named, though it be older, yanked or young.")
    var precise: String?
    @Flag(help: "Show what changed in the source files of each updated package.") var diff = false
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        let workspace = try options.workspace(global: global)
        try finish(
            try await workspace.update(
                names, packages: packages.selection, precise: precise, diff: diff), isAnswer: diff)
    }
}

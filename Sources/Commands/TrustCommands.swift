import ArgumentParser
import Basics
import Workspace

struct TrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Whose signatures count, and what to do when a package's signer changed.",
        discussion: """
            Signatures are SSH signatures of tags and commits. Who may sign is in `allowed_signers` of the registry and of \
            skvm's configuration folder. `[trust] require = "signed"` in skvm.toml refuses packages without one.
            """,
        subcommands: [List.self, Add.self, Remove.self, Accept.self], defaultSubcommand: List.self)

    struct List: ManifestSubcommand {
        static let reportName = "trust"
        static let configuration = CommandConfiguration(
            abstract: "Whom you vouch for, and who signed the project's packages.")
        @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            let report = try options.workspace(global: global).trustList()
            if !options.json { options.terminal.show(report.diagnostics) }
            try options.show(report)
        }
    }

    struct Add: SkvmSubcommand {
        static let reportName = "trust"
        static let configuration = CommandConfiguration(abstract: "Vouch for somebody's key, for all of your projects.")
        @Argument(help: "Who it is: alice@example.org") var name: String
        @Argument(help: "The public key: its file, or its text in quotes.") var key: String
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws { try options.show(try options.workspace().trustAdd(name, key: key)) }
    }

    struct Remove: SkvmSubcommand {
        static let reportName = "trust"
        static let configuration = CommandConfiguration(abstract: "No longer vouch for somebody, or for one key.")
        @Argument(help: "A name, or a key's fingerprint (SHA256:…).") var signer: String
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws { try options.show(try options.workspace().trustRemove(signer)) }
    }

    struct Accept: ManifestSubcommand {
        static let reportName = "trust"
        static let configuration = CommandConfiguration(
            abstract: "Pin in skvm.lock the signer that a package has now, or that it has none.",
            discussion: "Where the locked version is signed as before, the package is updated. Ask its author first.")
        @Argument(help: "Packages of the project.", completion: .names(of: .packages)) var packages: [String]
        @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            try options.show(try await options.workspace(global: global).trustAccept(packages))
        }
    }
}

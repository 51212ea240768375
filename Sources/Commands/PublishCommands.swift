import ArgumentParser
import Basics
import Workspace

struct PublishCommand: SkvmSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Publish skills: tag their commits and list the versions in a registry.",
        discussion: """
            The skill needs [package] in its skvm.toml, and its commit must be pushed. The tag is v1.2.0, or NAME/v1.2.0 \
            where the repository holds several skills.

            Of a workspace, inside of a member that one is published; with --workspace, or several -p, all of them whose version \
            is not listed yet: everything is looked at first, and where one is refused, none is published.
            """)
    @Option(help: "The registry, by its name in skvm.toml; `default` otherwise.") var registry: String?
    @OptionGroup var members: MemberOptions
    @Option(help: "The address that others fetch the repository from, if not its remote's.") var source: String?
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        let workspace = try options.workspace()
        let selection = members.selection
        if selection.isAll || selection.patterns.count > 1 || selection.patterns.contains(where: { $0.contains("*") }) {
            try finish(
                try await workspace.publishAll(registry: registry, packages: selection, source: source))
        } else {
            try finish(
                try await workspace.publish(
                    registry: registry, package: selection.patterns.first, source: source))
        }
    }
}

struct YankCommand: SkvmSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "yank",
        abstract: "Withdraw a published version: only locks that have it, and `=VERSION`, still get it.")
    @Argument(help: "NAME@VERSION") var package: String
    @Option(help: "The registry, by its name in skvm.toml; `default` otherwise.") var registry: String?
    @Flag(help: "Take it back.") var undo = false
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.show(try await options.workspace().yank(package, registry: registry, undo: undo))
    }
}

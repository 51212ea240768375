import ArgumentParser
import Basics
import Workspace

struct PublishCommand: SkvmSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Publish a skill: tag its commit and list the version in a registry.",
        discussion: """
            The skill needs [package] in its skvm.toml, and its commit must be pushed. The tag is v1.2.0, or NAME/v1.2.0 \
            where the repository holds several skills.
            """)
    @Option(help: "The registry, by its name in skvm.toml; `default` otherwise.") var registry: String?
    @Option(name: .shortAndLong, help: "The workspace's member.") var package: String?
    @Option(help: "The address that others fetch the repository from, if not its remote's.") var source: String?
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        let workspace = try options.workspace()
        try options.finish(try await workspace.publish(registry: registry, package: package, source: source))
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

import ArgumentParser
import Basics
import Workspace

struct LockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Write skvm.lock without compiling; merge locks.",
        discussion: """
            `skvm lock --install-driver` lets git merge skvm.lock record by record, and skvm.toml key by key, in this repository.

            A skvm.lock with git's conflict markers is merged from both its sides, as the driver does it; what skvm.toml alone can \
            decide is told.
            """,
        subcommands: [Write.self, Merge.self], defaultSubcommand: Write.self)

    struct Write: ManifestSubcommand {
        static let reportName = "lock"
        static let configuration = CommandConfiguration(
            abstract:
                "Resolve the dependencies and pin them; compile nothing. Conflict markers in skvm.lock are merged.")
        @Flag(help: "Let git merge skvm.lock and skvm.toml by skvm: .gitattributes and this clone's .git/config.")
        var installDriver = false
        @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            let workspace = try options.workspace(global: global)
            if installDriver {
                try options.show(try await workspace.installMergeDriver())
            } else {
                try finish(try await workspace.writeLock())
            }
        }
    }

    struct Merge: SkvmSubcommand {
        static let reportName = "lock"
        static let configuration = CommandConfiguration(
            abstract: "Merge two locks, or manifests, with their common ancestor, as git's merge driver.",
            discussion: "The result is written to OURS. Exit 1 leaves conflict markers in it.")
        @Argument(help: "The common ancestor; may be empty.") var base: String
        @Flag(help: "They are not locks, but manifests: skvm.toml.") var manifest = false
        @Argument(help: "Our lock; the result, too.") var ours: String
        @Argument(help: "Their lock.") var theirs: String
        @Argument(help: "How messages call the file.") var path: String?
        @OptionGroup var options: GlobalOptions

        mutating func run() async throws {
            let workspace = try options.workspace()
            try finish(
                manifest
                    ? try await workspace.mergeManifest(base: base, ours: ours, theirs: theirs, path: path)
                    : try workspace.mergeLock(base: base, ours: ours, theirs: theirs, path: path))
        }
    }
}

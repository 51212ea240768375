import ArgumentParser
import Basics
import Workspace

/// The part of `skvm registry` for those who keep one.
struct RegistryInit: SkvmSubcommand {
    static let reportName = "registry"
    static let configuration = CommandConfiguration(commandName: "init", abstract: "Make a folder a registry.")
    @Argument(help: "The folder; made when it is missing.") var folder: String
    @Option(help: "What the registry calls itself; the folder's name otherwise.") var name: String?
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.show(try options.workspace().initializeRegistry(folder, name: name))
    }
}

struct RegistryIndex: SkvmSubcommand {
    static let reportName = "registry"
    static let configuration = CommandConfiguration(
        commandName: "index", abstract: "Write the index lines of the skills that lie in a registry's folder.",
        discussion: "A version that is replaced by the next one gets the commit that held it.")
    @Argument(help: "The registry's folder; this one otherwise.") var folder: String?
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try finish(try await options.workspace().indexRegistry(folder))
    }
}

struct RegistryCheck: SkvmSubcommand {
    static let reportName = "registry"
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Read every line of a registry, fetch every version and rehash it.")
    @Argument(help: "A registry's name, folder or address; this folder otherwise.") var place: String?
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try finish(try await options.workspace().checkRegistry(place))
    }
}

struct RegistryAccept: SkvmSubcommand {
    static let reportName = "registry"
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Believe a registry or repository anew whose history was rewritten, or whose tag was moved.",
        discussion: "Ask those who keep it first. What skvm.lock pins is held against the lock all the same.")
    @Argument(help: "A registry's name in skvm.toml, or an address.") var place: String
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try options.show(try await options.workspace().acceptHistory(place))
    }
}

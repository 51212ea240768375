import ArgumentParser
import Basics
import Workspace

struct VendorCommand: SkvmSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "vendor",
        abstract: "Write what skvm.lock pins into a folder of the project, to be committed with it.",
        discussion: "`build` and `install` then need neither cache nor network: `skvm install --frozen`.")
    @Argument(help: "The folder; without it, the one of [vendor] in skvm.toml, else `vendor`.") var folder: String?
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        try finish(try await options.workspace().vendor(folder))
    }
}

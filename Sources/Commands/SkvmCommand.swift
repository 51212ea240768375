import ArgumentParser

/// The command line of skvm.
struct SkvmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "skvm")
}

/// Runs the command line and ends the process with its exit code.
public func runCommandLine() async {
    await SkvmCommand.main()
}

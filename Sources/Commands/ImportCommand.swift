import ArgumentParser
import Workspace

struct ImportCommand: ManifestSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take over skills that other tools installed: write skvm.toml and skvm.lock.",
        discussion: """
            Without --from the project is searched: skills-lock.json, apm.yml and apm.lock.yaml, toolhive.lock.yaml, \
            .clawhub/lock.json, skillfold.yaml and its lock, Claude Code's settings, and the folders of all harnesses. With \
            --global it is the user's home. What the others wrote is only read.
            """)
    @Option(help: "A file or folder of another tool; may be given several times.") var from: [String] = []
    @Flag(name: .shortAndLong, help: GlobalOptions.globalHelp) var global = false
    @OptionGroup var options: GlobalOptions

    mutating func run() async throws {
        var report = try await options.workspace(global: global).importSkills(from: from)
        report.width = Terminal.columns(of: .output)
        try finish(report)
    }
}

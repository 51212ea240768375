import ArgumentParser
import Basics
import Workspace

struct CompletionsCommand: SkvmSubcommand {
    enum Shell: String, ExpressibleByArgument, CaseIterable, Encodable { case bash, zsh, fish }

    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "Print the script by which a shell completes skvm's command line.",
        discussion: """
            bash:  skvm completions bash > ~/.local/share/bash-completion/completions/skvm
            zsh:   skvm completions zsh > "${fpath[1]}/_skvm"
            fish:  skvm completions fish > ~/.config/fish/completions/skvm.fish
            Names are completed, too: of the project's packages, members, targets and
            registries, of known models, harnesses and environments.
            """)
    @Argument(help: "bash, zsh or fish.") var shell: Shell
    @OptionGroup var options: GlobalOptions

    /// The script, as it is: a shell reads it, no person.
    private struct Script: Report {
        var version = 1
        var command = "completions"
        var ok = true
        var diagnostics: [Diagnostic] = []
        var shell: Shell
        var script: String
        var text: String { script }
    }

    mutating func run() async throws {
        let kind: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        try options.show(Script(shell: shell, script: SkvmCommand.completionScript(for: kind)))
    }
}

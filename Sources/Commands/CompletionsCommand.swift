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
        var script = SkvmCommand.completionScript(for: kind)
        if shell == .bash { script = Self.withLeadingOptions(script) }
        try options.show(Script(shell: shell, script: script))
    }

    /// The parser's script takes the first word for a command; options that every command has may stand before it.
    static func withLeadingOptions(_ script: String) -> String {
        let mark = #"    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")"# + "\n"
        guard let place = script.firstRange(of: mark) else { return script }
        let valued = LeadingOptions.valued.joined(separator: "|")
        let flags = (LeadingOptions.flags + LeadingOptions.joined.map { $0 + "?*" }).joined(separator: "|")
        // Bash splits a word at `=`.
        let passing = #"""
                # Options that every command has may stand before its name
                while [[ "${#unparsed_words[@]}" -gt 1 ]]; do
                    case "${unparsed_words[0]}" in
                    \#(valued))
                        if [[ "${unparsed_words[1]}" == "=" && "${#unparsed_words[@]}" -gt 3 ]]; then
                            unparsed_words=("${unparsed_words[@]:3}")
                            continue
                        fi
                        if [[ "${#unparsed_words[@]}" -eq 2 ]]; then
                            if [[ "${unparsed_words[0]}" == -C ]]; then
                                compopt -o filenames 2>/dev/null
                                mapfile -t COMPREPLY < <(compgen -d -- "${cur}")
                            fi
                            return
                        fi
                        unparsed_words=("${unparsed_words[@]:2}")
                        ;;
                    \#(flags))
                        unparsed_words=("${unparsed_words[@]:1}")
                        ;;
                    *)
                        break
                        ;;
                    esac
                done

            """#
        return script[..<place.upperBound] + passing + script[place.upperBound...]
    }
}

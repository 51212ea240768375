import ArgumentParser
import Basics
import Formats

/// A command line that the parser refused: which command it was meant for.
struct WrongUsage {
    /// As JSON calls it: the first of the commands that were named.
    private(set) var command = "skvm"
    private(set) var wantsJSON: Bool
    /// What to say when a word stands where a command must, and is none.
    private(set) var unknownCommand: Diagnostic?
    /// The commands that were named, from `skvm` on.
    private var path = ["skvm"]

    init(_ arguments: [String]) {
        let own = arguments.prefix { $0 != "--" }
        wantsJSON = own.contains("--json")
        var here: any ParsableCommand.Type = SkvmCommand.self
        // Options before a command's name are those of all commands; the first that takes a value is skipped with it.
        var words = own.filter { $0 != "--json" }[...]
        while let word = words.popFirst() {
            let names = Self.subcommands(of: here)
            if names.isEmpty { break }
            if word.hasPrefix("-") {
                // Members are chosen by commands alone; where one does not, that is what is to be said, not that its name is no command.
                let isOfMembers = ["-p", "--package"].contains(word)
                words = words.dropFirst(isOfMembers ? 1 : max(0, LeadingOptions.words(of: word) - 1))
                continue
            }
            guard let next = names[word] else {
                // Where a command is there to be left out, the word may be an argument of it.
                if word != "help", here.configuration.defaultSubcommand == nil || path.count > 1 {
                    unknownCommand = unknown(word, among: names.keys.sorted())
                }
                break
            }
            path.append(word)
            if command == "skvm" { command = word }
            here = next
        }
    }

    /// Where more is to be read; before it, what was most likely meant.
    func help(after message: String) -> String {
        let help = "see `\(path.joined(separator: " ")) --help`"
        return meant(by: message).map { "\($0); \(help)" } ?? help
    }

    /// What other tools call an option, and where a name is given by `-p`.
    private func meant(by message: String) -> String? {
        let others = [
            "--frozen-lockfile": "--frozen", "--immutable": "--frozen", "--no-lock": "--locked", "--prod": "--locked",
            "--filter": "-p", "--workspaces": "--workspace", "--save": "add",
            "--yes": "nothing: only `skvm bind --repair` asks",
        ]
        if let option = others.keys.first(where: { message.contains("'\($0)'") }), let ours = others[option] {
            return "skvm calls it \(ours)"
        }
        if message.contains("nknown option '-p'"), ["lock", "vendor", "clean"].contains(command) {
            return "skvm \(command) is for the whole project"
        }
        let parts = message.split(separator: "'", omittingEmptySubsequences: false)
        guard parts.count > 2, parts[0].hasSuffix("nexpected argument "),
            ["build", "outdated", "tree", "verify"].contains(command)
        else { return nil }
        let word = parts[1]
        return word.hasPrefix("-") ? nil : "for one package: skvm \(command) -p \(word)"
    }

    /// The parser's words without `Error: ` and what it says of usage.
    func gist(of message: String) -> String {
        let first = message.split(separator: "\n").first.map(String.init) ?? message
        return first.hasPrefix("Error: ") ? String(first.dropFirst(7)) : first
    }

    /// What the parser's words say of usage, in one line: `usage: skvm add <skills> …`.
    static func usage(in message: String) -> String? {
        message.split(separator: "\n").first { $0.hasPrefix("Usage: ") }.map { "usage: \($0.dropFirst(7))" }
    }

    private static func subcommands(of command: any ParsableCommand.Type) -> [String: any ParsableCommand.Type] {
        var found: [String: any ParsableCommand.Type] = [:]
        for one in command.configuration.subcommands {
            for name in [one._commandName] + one.configuration.aliases { found[name] = one }
        }
        return found
    }

    /// What other package managers call it.
    private static func meant(by word: String, among names: [String]) -> String? {
        let others = [
            "uninstall": ["remove"], "rm": ["remove"], "delete": ["remove"], "del": ["remove"], "upgrade": ["update"],
            "i": ["install"], "sync": ["install"], "get": ["install"], "ls": ["list", "tree"], "list": ["tree"],
            "find": ["search"], "show": ["info"], "view": ["info"], "create": ["new"],
        ]
        return others[word]?.first { names.contains($0) }
    }

    private func unknown(_ word: String, among names: [String]) -> Diagnostic {
        let before = path.joined(separator: " ")
        return Diagnostic(
            "usage.command", .error, "\(before) has no command '\(word.prefix(60))'",
            hint: (Self.meant(by: word, among: names) ?? nearest(to: word, in: names)).map {
                "did you mean '\(before) \($0)'?"
            } ?? "see `\(before) --help`",
            fault: .usage)
    }
}

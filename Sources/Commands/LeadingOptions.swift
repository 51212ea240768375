import ArgumentParser
import Basics
import Formats

/// The options that every command has, in all their spellings: they may stand before its name. The one table of them besides
/// `GlobalOptions` itself, which a test holds it to.
enum LeadingOptions {
    static let flags = [
        "--locked", "--offline", "--frozen", "--keep-going", "--dry-run", "--json", "-q", "--quiet", "-v", "--verbose",
    ]
    /// Those with a value in the next word.
    static let valued = ["-C", "-j", "--jobs"]
    /// Those with a value in the same word, as what they begin with.
    static let joined = ["-j", "--jobs="]

    /// How many words the option takes that `word` is or begins; 0 when it is none of these.
    static func words(of word: String) -> Int {
        if valued.contains(word) { return 2 }
        return flags.contains(word) || isCluster(word) || joined.contains { word.hasPrefix($0) && word != $0 } ? 1 : 0
    }

    /// `-qv`: flags of one letter in one word.
    private static func isCluster(_ word: String) -> Bool {
        word.hasPrefix("-") && word.utf8.count > 2 && word.dropFirst().allSatisfy { flags.contains("-\($0)") }
    }

    /// What is wrong with what stands before a command's name: an option that only some commands have, or nothing behind it. Nil
    /// where nothing is, and of what is the parser's: `--help`, `--version`, and what a shell's completion asks with.
    static func fault(_ arguments: [String]) -> Diagnostic? {
        var rest = arguments[...]
        while let word = rest.first, words(of: word) > 0 { rest = rest.dropFirst(words(of: word)) }
        guard let word = rest.first else {
            let isOption = arguments.first.map { words(of: $0) > 0 } ?? false
            return isOption
                ? Diagnostic(
                    "usage.command", .error, "there is no command behind \(arguments.joined(separator: " "))",
                    hint: "see `skvm --help`", fault: .usage) : nil
        }
        guard word.hasPrefix("-"), !["-h", "--help", "--version", "--"].contains(word),
            !word.hasPrefix("--generate-completion-script"), !word.hasPrefix("--experimental-dump-help"),
            !word.hasPrefix("---completion")
        else { return nil }
        let commands = SkvmCommand.configuration.groupedSubcommands.flatMap(\.subcommands)
        let taking = rest.dropFirst().lazy.compactMap { name in commands.first { $0._commandName == name } }.first
            .flatMap { takes($0, word) ? $0._commandName : nil }
        let hint =
            taking.map { "what only some commands have stands behind the name: `skvm \($0) \(word)`" }
            ?? (word.hasPrefix("--") ? nearest(to: word, in: flags + valued) : nil).map { "did you mean '\($0)'?" }
            ?? "see `skvm --help`"
        return Diagnostic(
            "usage.arguments", .error, "Unknown option '\(word)' before a command's name", hint: hint, fault: .usage)
    }

    /// Whether a command's help names an option.
    private static func takes(_ command: any ParsableCommand.Type, _ option: String) -> Bool {
        command.helpMessage().split { $0.isWhitespace || $0 == "," }.contains { $0 == option }
    }

    /// `skvm -C DIR build` as `skvm build -C DIR`, for the parser, which knows them behind the name alone.
    static func last(_ arguments: [String]) -> [String] {
        var first = 0
        while first < arguments.count {
            let count = words(of: arguments[first])
            if count == 0 { break }
            first += count
        }
        guard first > 0, first < arguments.count, !arguments[first].hasPrefix("-") else { return arguments }
        let rest = arguments[first...]
        let end = rest.firstIndex(of: "--") ?? rest.endIndex
        return Array(rest[..<end]) + arguments[..<first] + rest[end...]
    }
}

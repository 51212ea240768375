import ArgumentParser
import Basics

/// What a command advises, as it holds for the manifest that it was run for.
enum Advice {
    /// The commands that have `--global`, as they are written: `install`, `target add`.
    private static let commands: Set<String> = {
        var found: Set<String> = []
        for type in SkvmCommand.configuration.groupedSubcommands.flatMap(\.subcommands) {
            if type is any ManifestSubcommand.Type { found.insert(type._commandName) }
            for sub in type.configuration.subcommands where sub is any ManifestSubcommand.Type {
                found.insert("\(type._commandName) \(sub._commandName)")
                if type.configuration.defaultSubcommand == sub { found.insert(type._commandName) }
            }
        }
        return found
    }()

    /// `skvm install` becomes `skvm install --global`: without the flag it would mean a project. What speaks of the flag
    /// itself stays. O(n).
    static func forUsersOwn(_ text: String) -> String {
        if text.contains("--global") || !text.contains("skvm ") { return text }
        var result = ""
        var rest = text[...]
        while let mark = rest.firstRange(of: "skvm ") {
            result += rest[..<mark.upperBound]
            rest = rest[mark.upperBound...]
            let words = rest.prefix { $0.isLetter || $0 == "-" || $0 == " " }.split(separator: " ").prefix(2)
            let named = [words.joined(separator: " "), words.first.map(String.init) ?? ""].first {
                commands.contains($0) && rest.hasPrefix($0)
            }
            // What is for a project's skills stays so.
            guard let named, !rest.dropFirst(named.count).hasPrefix(" --user") else { continue }
            if rest.prefix(while: { $0 != "`" }).split(separator: " ").contains("-g") { continue }
            result += named + " --global"
            rest = rest.dropFirst(named.count)
        }
        return result + rest
    }

    static func forUsersOwn(_ diagnostic: Diagnostic) -> Diagnostic {
        var copy = diagnostic
        copy.hint = copy.hint.map(forUsersOwn)
        copy.message = copy.message.replacing("the project has ", with: "your own skvm.toml has ")
        return copy
    }

    /// Outside of a project: there is a manifest that needs none.
    static func withUsersOwn(_ diagnostic: Diagnostic) -> Diagnostic {
        guard diagnostic.id == "project.none", let hint = diagnostic.hint, hint.contains("skvm init") else {
            return diagnostic
        }
        var copy = diagnostic
        copy.hint = hint + "; for skills of your own, wherever you are: --global"
        return copy
    }
}

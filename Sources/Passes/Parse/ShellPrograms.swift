import Basics
import SkillModel

/// The programs that a shell script runs, each once, at its first line. Builtins and the script's own functions are none.
enum ShellPrograms {
    static let builtins: Set<String> = [
        ".", ":", "[", "[[", "alias", "bg", "bind", "break", "builtin", "caller", "cd", "command", "compgen",
        "complete",
        "continue", "declare", "dirs", "disown", "echo", "enable", "eval", "exec", "exit", "export", "false", "fc",
        "fg",
        "getopts", "hash", "help", "history", "jobs", "kill", "let", "local", "logout", "mapfile", "popd", "printf",
        "pushd", "pwd", "read", "readarray", "readonly", "return", "set", "shift", "shopt", "source", "suspend", "test",
        "times", "trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset", "wait",
    ]
    /// Programs whose first argument that is no option is the program they run.
    private static let wrappers: Set<String> = [
        "sudo", "env", "exec", "command", "nohup", "xargs", "nice", "time", "builtin", "timeout",
    ]

    static func scan(_ bytes: [UInt8]) -> [BundledFile.Import] {
        var scanner = ShellScanner(bytes, 0..<bytes.count, depth: 0, keywords: [], first: .newline)
        scanner.scan()
        let lines = LineTable(bytes)
        let own = builtins.union(scanner.functions)
        let guarded = ShellGuards.optional(scanner.commands, in: bytes)
        var places: [String: Int] = [:]
        var found: [BundledFile.Import] = []
        for (index, command) in scanner.commands.enumerated() {
            let isGuarded: Bool? = guarded.contains(index) ? true : nil
            for name in programs(of: command) where isProgram(name) && !own.contains(name) {
                if let place = places[name] {
                    if isGuarded == nil { found[place].isGuarded = nil }
                } else {
                    places[name] = found.count
                    found.append(
                        .init(name: name, line: lines.line(at: command.span.start), isGuarded: isGuarded))
                }
            }
        }
        return found
    }

    /// A script that installs more is no setup of a skill.
    private static let greatestInstalls = 64

    /// Commands that install packages, as `depend` knows them.
    static func installs(_ bytes: [UInt8]) -> [BundledFile.Install] {
        var scanner = ShellScanner(bytes, 0..<bytes.count, depth: 0, keywords: [], first: .newline)
        scanner.scan()
        let lines = LineTable(bytes)
        return scanner.commands.lazy.filter { command in
            let words = command.words.drop { $0 == "sudo" }
            return Installer.parse(words) != nil || SystemInstall.packages(words) != nil
                || ManifestInstall(words) != nil
        }.prefix(greatestInstalls).map {
            BundledFile.Install(words: Array($0.words.prefix(64)), line: lines.line(at: $0.span.start))
        }
    }

    /// The command's own program and the one that it wraps.
    private static func programs(of command: ShellCommand) -> [String] {
        guard wrappers.contains(command.name) else { return [command.name] }
        let isTimeout = command.name == "timeout"
        let arguments = command.words.dropFirst().drop { word in
            word.hasPrefix("-") || word.contains("=") || (isTimeout && word.utf8.first?.isDigit == true)
        }
        return [command.name] + arguments.prefix(1)
    }

    private static func isProgram(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 128
            && name.utf8.allSatisfy { $0.isWord || [.hyphen, .dot, .slash, 0x2B].contains($0) }
            && name.utf8.contains { $0.isLetter }
    }
}

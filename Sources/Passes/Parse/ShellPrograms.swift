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
        var seen = builtins.union(scanner.functions)
        var found: [BundledFile.Import] = []
        for command in scanner.commands {
            for name in programs(of: command) where isProgram(name) && seen.insert(name).inserted {
                found.append(.init(name: name, line: lines.line(at: command.span.start)))
            }
        }
        return found
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

import Basics
import Formats
import SkillModel

/// Values in shell code that a request may have others for: in a script that the text no longer shows they would be used for
/// every request.
///
/// A placeholder and a variable that nothing sets become arguments (`ShellParameters`). Of a literal it can't be known whether it
/// is the author's for all times or one of his examples; what is plainly neither a switch nor a name of a program's own keeps the
/// code in the text.
enum ShellLiterals {
    /// Why the code is to stay where it is read; nil when nothing in it looks like a value of one request. O(n).
    static func objection(to code: String) -> String? {
        let commands = ShellSplitter.commands(in: code)
        let temporary = temporaries(commands)
        for command in commands {
            if let deed = undoing(command, temporary) { return "`\(deed)` is to be meant, each time that it is done" }
            if let value = chosen(in: command) {
                return "a request may have another value than `\(value.shortened)`, which stands in it"
            }
        }
        return nil
    }

    private static func chosen(in command: ShellCommand) -> String? {
        var settings = command.assignments
        if ["local", "declare", "readonly", "export", "typeset"].contains(command.name) {
            settings += command.words.dropFirst()
        }
        if let setting = settings.first(where: isChosenSetting) { return setting }
        let files = command.redirections.map { redirection in
            String(redirection.drop { $0.isNumber || "<>&|".contains($0) })
        }
        if let file = files.first(where: isFileOfWork) { return file }
        if printing.contains(command.name) { return nil }
        if requesting.contains(command.name), let value = sent(by: command) { return value }
        let isProgram = programming.contains(command.name)
        return command.words.dropFirst().first { word in
            let value = word.hasPrefix("-") ? afterEquals(word) : word
            return isProgram ? isFileOfWork(value) : isChosenWord(value)
        }
    }

    /// `qty=5`, `DIR="$HOME/Box"`: set to a literal, but for what counts and switches. What is made of other variables, or by a
    /// command, is none, nor a default for the environment's.
    private static func isChosenSetting(_ setting: String) -> Bool {
        guard let equals = setting.firstIndex(of: "=") else { return false }
        let value = setting[setting.index(after: equals)...]
        if value.isEmpty || value == "()" || neutral.contains(value.asciiLowercased()) { return false }
        if value.contains("$(") || value.contains("`") || value.contains("${") && value.contains(":-") { return false }
        if holdsValues(String(value)) { return true }
        return isOfEnvironment(value)
    }

    /// Whether nothing in a text comes from the code's own variables.
    private static func isOfEnvironment(_ text: some StringProtocol) -> Bool {
        let names = text.split(separator: "$", omittingEmptySubsequences: false).dropFirst().map { part in
            String(part.drop { $0 == "{" }.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        }
        return names.allSatisfy(environment.contains)
    }

    private static let environment: Set<String> = ["HOME", "PWD", "USER", "TMPDIR", "LOGNAME", "XDG_CONFIG_HOME"]
    private static let neutral: Set<String> = ["0", "1", "true", "false", "yes", "no", "\"\"", "''", ":", " ", "\n"]

    /// What a request sends, but for what is made of variables: `-d 'a=1'`, `-F file=@x`, `https://x.dev/v1?symbol=A`.
    private static func sent(by command: ShellCommand) -> String? {
        var isData = false
        for word in command.words.dropFirst() {
            defer { isData = data.contains(word) }
            let value = data.first { word.hasPrefix($0 + "=") }.map { String(word.dropFirst($0.utf8.count + 1)) }
            if isData || value != nil, isLiteral(value ?? word) { return value ?? word }
            guard word.contains("://"), let query = word.firstIndex(of: "?") else { continue }
            let values = word[query...].dropFirst().split(separator: "&")
            if let literal = values.first(where: { isLiteral(afterEquals(String($0))) }) { return String(literal) }
        }
        return nil
    }

    private static let requesting: Set<String> = ["curl", "wget", "http", "https", "xh", "httpie"]
    private static let data: Set<String> = [
        "-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--json", "-F", "--form", "--form-string",
        "-T", "--upload-file", "--post-data", "--body-data",
    ]

    private static func isLiteral(_ value: String) -> Bool {
        !value.isEmpty && value != "@-" && !value.contains("$") && !value.contains("<") && !value.contains("`")
    }

    private static func afterEquals(_ word: String) -> String {
        word.firstIndex(of: "=").map { String(word[word.index(after: $0)...]) } ?? ""
    }

    /// A file, a folder of somebody's, free text, an address, a number of something: of one piece of work.
    private static func isChosenWord(_ word: String) -> Bool {
        if holdsValues(word) { return true }
        if word.contains("$") { return isPlaceBelowHome(word) }
        if word.contains("<") || word.contains("`") || Placeholder.occurs(in: word) || word.isEmpty { return false }
        let bytes = Array(word.utf8)
        if isFileOfWork(word) { return true }
        if bytes.split(separator: .space).count > 1 { return bytes.contains(where: \.isLetter) && isText(word) }
        let at = bytes.firstIndex(of: UInt8(ascii: "@")) ?? 0
        if at > 0, bytes[at...].contains(.dot), !word.contains("/") { return true }
        if ["example.com", "example.org", "example.net"].contains(where: word.contains) { return true }
        let digits = bytes.count(where: \.isDigit)
        let isNumber = digits > 0 && bytes.allSatisfy { $0.isDigit || $0 == .dot }
        return isNumber && (digits > 5 || bytes.contains(.dot) && digits < bytes.count)
            || word.hasPrefix("0x") && bytes.count > 9
            || bytes.count == 36 && bytes.count { $0 == .hyphen } == 4 && digits > 3
    }

    /// A file by a name that anybody's may have, or a folder of somebody's.
    private static func isFileOfWork(_ word: String) -> Bool {
        if PythonParameters.isSampleFile(word) { return !isOfProject(word) }
        return PythonParameters.isFolder(word) && !word.hasPrefix("/tmp/") && !word.hasPrefix("~/.")
    }

    /// `$HOME/Box/x`: not a program's own hidden folder.
    private static func isPlaceBelowHome(_ word: String) -> Bool {
        for home in ["$HOME/", "${HOME}/"] where word.hasPrefix(home) {
            let rest = word.dropFirst(home.utf8.count)
            return rest.utf8.first?.isLetter ?? false && isOfEnvironment(word)
        }
        return false
    }

    /// Words among which none is an operator of another language's.
    private static func isText(_ word: String) -> Bool {
        !word.utf8.contains {
            [.pipe, .openBrace, .backslash, .equals, .star, .hash, .openBracket, .semicolon].contains($0)
        }
    }

    /// `"qty": "1"`, `"qty": 1` in what is quoted for a shell.
    private static func holdsValues(_ word: String) -> Bool {
        guard word.contains("{") || word.contains("[") else { return false }
        let bytes = Array(word.utf8)
        for at in bytes.indices where bytes[at] == .colon && at > 0 && bytes[at - 1] == .doubleQuote {
            var start = at + 1
            while bytes.byte(start).isWhitespace { start += 1 }
            let next = bytes.byte(start)
            if next.isDigit || next == .hyphen { return true }
            guard next == .doubleQuote else { continue }
            let text = bytes[(start + 1)...].prefix { $0 != .doubleQuote }
            if !text.isEmpty, !text.contains(.dollar), !text.contains(.less), !text.contains(.singleQuote) {
                return true
            }
        }
        return false
    }

    private static func isOfProject(_ path: String) -> Bool {
        if path.hasPrefix("/tmp/") { return true }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return projects.contains(name) || name.utf8.first == .dot
            || name.utf8.first.map { $0 < 0x61 && $0.isLetter } ?? false
    }

    /// Files that any project has one of under this name.
    private static let projects: Set<String> = [
        "package.json", "package-lock.json", "tsconfig.json", "requirements.txt", "pyproject.toml",
        "docker-compose.yml",
        "docker-compose.yaml", "compose.yml", "compose.yaml", "pnpm-lock.yaml", "composer.json", "go.mod", "index.html",
    ]

    /// What prints or counts.
    private static let printing: Set<String> = [
        "echo", "printf", "log", "test", "[", "[[", "date", "trap", "sleep", "die", "warn", "error", "info", "tr",
        "cut", "seq",
        "set", "shopt",
    ]
    /// What takes a program of its own, or a pattern.
    private static let programming: Set<String> = [
        "grep", "egrep", "rg", "sed", "awk", "jq", "yq", "perl", "head", "tail", "sort", "python", "python3", "node",
        "bash", "sh",
        "ruby", "find", "bc",
    ]

    // MARK: What can't be undone

    private static func undoing(_ command: ShellCommand, _ temporary: Set<String>) -> String? {
        let words = command.words.map { $0.asciiLowercased() }
        guard let name = words.first, !["echo", "printf", "log", "info", "test", "[", "[["].contains(name) else {
            return nil
        }
        if ["rm", "rmdir", "unlink"].contains(name) {
            let isOwn = command.words.dropFirst().allSatisfy { word in
                word.hasPrefix("-") || word.hasPrefix("/tmp/")
                    || temporary.contains { word.hasPrefix("$" + $0) || word.hasPrefix("${" + $0 + "}") }
            }
            return isOwn ? nil : name
        }
        if name == "trap" || name == "kill" && words.dropFirst().allSatisfy({ $0.contains("$") }) { return nil }
        if programs.contains(name) { return name }
        return words.dropFirst().first { word in
            verbs.contains(String(word.drop { $0 == "-" })) || verbs.contains { word.hasPrefix($0 + "-") }
        }.map { "\(name) \($0)" }
    }

    /// Variables that `mktemp` sets.
    private static func temporaries(_ commands: [ShellCommand]) -> Set<String> {
        Set(
            commands.flatMap(\.assignments).compactMap { assignment in
                assignment.contains("mktemp") ? String(assignment.prefix { $0 != "=" }) : nil
            })
    }

    private static let programs: Set<String> = [
        "shred", "dd", "mkfs", "dropdb", "truncate", "pkill", "killall", "kill", "reboot", "shutdown", "userdel",
    ]
    private static let verbs: Set<String> = [
        "delete", "destroy", "drop", "purge", "reset", "wipe", "remove", "uninstall", "terminate", "revoke", "prune",
        "cancel", "rollback", "force", "publish", "transfer", "pay", "send-transaction",
    ]
}

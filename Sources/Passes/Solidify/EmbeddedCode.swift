import Basics
import SkillModel

/// Which words of a command are code to what it runs, and how such code takes a value without the value being part of it.
enum EmbeddedCode {
    enum Language: Sendable, Equatable {
        case python, javascript, ruby, php, r, awk, jq
        /// Code that reads no environment where it runs, or that nothing is known of.
        case shell, other
        /// Travel whole: as one argument, made by whoever has the values.
        case sql, json
    }

    /// A value would become part of code.
    struct Refusal: Error {
        var why: String
        init(_ why: String) { self.why = why }
        static let tooMany = Refusal("it takes more values than anybody gives")
        static let spliced = Refusal("a value would become part of the code that a command runs")
    }

    /// The words that are code, by their index. O(words).
    static func words(_ words: [String]) -> [Int: Language] {
        var found: [Int: Language] = [:]
        var runner: (language: Language, flags: Set<String>)?
        for (index, word) in words.enumerated() {
            if found[index] != nil { continue }
            let name = base(word)
            if let known = runners[name] {
                runner = known
            } else if let (language, flags) = runner, isFlag(word, flags) {
                if index + 1 < words.count { found[index + 1] = language }
            } else if let (language, flags) = runner, let equals = word.firstIndex(of: "="),
                flags.contains(String(word[..<equals]))
            {
                found[index] = language
            }
            if let filter = filters[name], let at = program(of: name, in: words, after: index) { found[at] = filter }
            if whole.contains(name), isProgram(index, words) {
                for rest in words.indices.dropFirst(index + 1) where !words[rest].hasPrefix("-") {
                    found[rest] = .shell
                }
            }
            if found[index] == nil, let language = form(word) { found[index] = language }
        }
        return found
    }

    static func isRunner(_ word: String) -> Bool { runners[base(word)] != nil }

    /// What a command reads as code from its input: `python3 -`, `psql "$URL"`. O(words).
    static func input(_ words: [String]) -> Language? {
        for (index, word) in words.enumerated() {
            let name = base(word)
            if whole.contains(name), isProgram(index, words) { return .shell }
            guard let (language, flags) = runners[name] else { continue }
            let rest = words.dropFirst(index + 1)
            if rest.contains(where: { isFlag($0, flags) }) { return nil }
            if queries.contains(name) { return language }
            // A script's name takes the input's place.
            return rest.first { !$0.hasPrefix("-") || $0 == "-" }.map { $0 == "-" } ?? true ? language : nil
        }
        return nil
    }

    /// A gap in the program's place is no value.
    static func checkProgram(_ word: String?) throws(Refusal) {
        if let word, ParameterReader.marks(in: word).contains(where: { $0.text == word }) {
            throw Refusal("which program runs is left open")
        }
    }

    /// Whether a command's words go into a file of code: `echo 'export X="y"' >> ~/.bashrc`.
    static func isWritten(_ words: [String], _ redirections: [String]) -> Bool {
        guard ["echo", "printf"].contains(words.first ?? ""), let file = redirections.last(where: { $0.hasPrefix(">") })
        else { return false }
        return written("", to: String(file.drop { $0 == ">" || $0 == "|" })) != nil
    }

    /// The language of a text that a command writes to a file, by the file's ending and by its own form.
    static func written(_ text: String, to file: String?) -> Language? {
        let ending = file.flatMap { $0.split(separator: "/").last }.flatMap { name in
            name.lastIndex(of: ".").map { name[name.index(after: $0)...].asciiLowercased() }
        }
        if let ending, !prose.contains(ending) { return endings[ending] ?? .other }
        return text.hasPrefix("#!") ? .other : form(text)
    }

    /// JSON and queries are known by how they look, whatever program takes them. O(length of the first word).
    static func form(_ word: String) -> Language? {
        let text = word.drop { $0.isWhitespace }
        guard let first = text.first else { return nil }
        // `{{.Names}}`, `jsonpath={.items}`: a form that the program fills in itself.
        if text.contains("{."), !text.contains("\""), !text.contains("/.") { return .other }
        if text.contains("{range ") || text.contains("{{") { return .other }
        if first == "{" || first == "[" {
            let last = word.last { !$0.isWhitespace }
            guard last == "}" || last == "]" else { return nil }
            if text.contains("\"") { return .json }
            // `{project}:{set}` are two gaps.
            let named = text.prefix { $0 != "}" && $0 != ":" }
            return first == "{" && named.count < text.count && text[named.endIndex] == ":" ? .json : nil
        }
        let start = text.prefix(400).uppercased()
        let verb = start.prefix { $0.isLetter }
        guard let follower = statements[String(verb)], text.dropFirst(verb.count).first?.isWhitespace == true else {
            return text.contains("{") && ["query", "mutation"].contains { text.hasPrefix($0) } ? .other : nil
        }
        return follower.isEmpty
            || start.split(whereSeparator: { !$0.isLetter }).dropFirst().contains {
                follower.contains(String($0))
            } ? .sql : nil
    }

    /// The expression by which code takes the value of a variable of its environment, between quotes as `quote` has them.
    static func value(_ name: String, in language: Language, quote: String) -> String? {
        switch language {
        case .python: "__import__(\(quote)os\(quote)).environ[\(quote)\(name)\(quote)]"
        case .javascript: "process.env.\(name)"
        case .ruby: "ENV[\(quote)\(name)\(quote)]"
        case .php: "getenv(\(quote)\(name)\(quote))"
        case .r: "Sys.getenv(\(quote)\(name)\(quote))"
        case .awk: quote.hasSuffix("\"") ? "ENVIRON[\(quote)\(name)\(quote)]" : nil
        case .jq: quote.hasSuffix("\"") ? "env.\(name)" : nil
        case .shell, .other, .sql, .json: nil
        }
    }

    /// `code` with each of its `values` taken from the environment. Throws where one is not the whole of a string, as the
    /// code writes strings, or may stand for more than a string. Of a shell's word as it is written (`isWord`) the outermost quotes
    /// are the shell's. O(length · values).
    static func taking(
        _ values: [(text: String, name: String)], in code: String, _ language: Language, isWord: Bool = false
    ) throws(Refusal) -> String {
        var bytes = Array(code.utf8)
        for (text, name) in values {
            let needle = Array(text.utf8)
            var at = 0
            while at + needle.count <= bytes.count {
                guard bytes[at...].starts(with: needle) else {
                    at += 1
                    continue
                }
                guard
                    let quote = ["\\\"", "\"", "'"].first(where: { quote in
                        bytes[(at + needle.count)...].starts(with: quote.utf8) && bytes[..<at].ends(with: quote.utf8)
                    })
                else { throw .spliced }
                let range = at - quote.utf8.count..<at + needle.count + quote.utf8.count
                let before = range.lowerBound > 0 ? bytes[range.lowerBound - 1] : 0x20
                let after = bytes[range.upperBound...].first { !$0.isBlank }
                // A string with a letter before it is of another kind; a key's place takes no expression everywhere.
                // Quotes beside quotes are a longer string's, or two strings'.
                let sign = quote.utf8.last
                let isOutermost = range.lowerBound == 0 || range.upperBound == bytes.count
                guard before != sign, bytes[range.upperBound...].first != sign, !isWord || !isOutermost else {
                    throw .spliced
                }
                guard !before.isWord, before != .dot, language == .python || after != UInt8(ascii: ":"),
                    let expression = value(name, in: language, quote: quote)
                else { throw .spliced }
                bytes.replaceSubrange(range, with: Array(expression.utf8))
                at = range.lowerBound + expression.utf8.count
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether nothing but wrappers and settings stands before a word.
    private static func isProgram(_ index: Int, _ words: [String]) -> Bool {
        words[..<index].allSatisfy {
            ["sudo", "env", "time", "nohup", "exec", "command"].contains($0) || $0.contains("=")
        }
    }

    private static func base(_ word: String) -> String {
        let name = word.split(separator: "/").last.map(String.init) ?? word
        // python3.12
        return name.hasPrefix("python3.") ? "python3" : name
    }

    private static func isFlag(_ word: String, _ flags: Set<String>) -> Bool {
        if flags.contains(word) { return true }
        // Short options run together: `sh -ec`, `perl -ne`.
        guard word.hasPrefix("-"), !word.hasPrefix("--"), (3...5).contains(word.utf8.count), let last = word.last else {
            return false
        }
        return flags.contains("-\(last)") && word.dropFirst().allSatisfy(\.isLetter)
    }

    /// The first word that is no option and no option's value: the program of `jq`, `awk`, `sed`.
    private static func program(of name: String, in words: [String], after index: Int) -> Int? {
        var at = index + 1
        while at < words.count {
            let word = words[at]
            if ["-e", "--expression"].contains(word), name.hasSuffix("sed") {
                return at + 1 < words.count ? at + 1 : nil
            }
            if ["-f", "--from-file", "--file"].contains(word) { return nil }
            if let values = valued[word] {
                at += values + 1
            } else if word.hasPrefix("-") || word.isEmpty {
                at += 1
            } else {
                return at
            }
        }
        return nil
    }

    private static let valued: [String: Int] = [
        "--arg": 2, "--argjson": 2, "--slurpfile": 2, "--rawfile": 2, "--indent": 1, "-F": 1, "-v": 1, "-L": 1,
    ]
    private static let filters: [String: Language] = [
        "jq": .jq, "gojq": .jq, "yq": .other, "awk": .awk, "gawk": .awk, "mawk": .awk, "sed": .other, "gsed": .other,
    ]
    /// What comes after them is one command for a shell, here or elsewhere.
    private static let whole: Set<String> = ["ssh", "eval", "watch"]

    private static let runners: [String: (language: Language, flags: Set<String>)] = {
        var table: [String: (language: Language, flags: Set<String>)] = [:]
        for name in ["python", "python3", "python2", "pypy3"] { table[name] = (.python, ["-c"]) }
        for name in ["node", "bun", "deno", "tsx"] {
            table[name] = (.javascript, ["-e", "--eval", "-p", "--print", "eval"])
        }
        for name in ["sh", "bash", "zsh", "dash", "ksh", "su", "fish"] { table[name] = (.shell, ["-c", "--command"]) }
        for name in ["pwsh", "powershell", "cmd"] { table[name] = (.other, ["-Command", "-c", "/c"]) }
        for name in ["perl", "lua", "osascript", "elixir", "julia"] { table[name] = (.other, ["-e", "-E"]) }
        table["ruby"] = (.ruby, ["-e"])
        table["php"] = (.php, ["-r"])
        for name in ["Rscript", "R"] { table[name] = (.r, ["-e"]) }
        for name in queries {
            table[name] = (.sql, ["-c", "--command", "-e", "--execute", "-q", "--query", "-Q", "-cmd"])
        }
        for name in ["mongosh", "mongo", "redis-cli"] { table[name] = (.other, ["--eval", "eval", "EVAL"]) }
        return table
    }()
    private static let queries: Set<String> = [
        "psql", "mysql", "mariadb", "sqlite3", "duckdb", "clickhouse", "clickhouse-client", "sqlcmd", "snowsql", "bq",
        "cockroach", "trino", "presto", "beeline", "cqlsh", "influx", "cypher-shell",
    ]
    private static let statements: [String: Set<String>] = [
        "SELECT": ["FROM", "COUNT", "NOW", "AS"], "INSERT": ["INTO"], "UPDATE": ["SET"], "DELETE": ["FROM"],
        "WITH": ["SELECT"], "CREATE": ["TABLE", "INDEX", "VIEW", "DATABASE", "USER", "ROLE", "EXTENSION"],
        "DROP": ["TABLE", "INDEX", "VIEW", "DATABASE", "USER", "ROLE"], "ALTER": ["TABLE", "USER", "ROLE", "DATABASE"],
        "TRUNCATE": ["TABLE"], "PRAGMA": [], "EXPLAIN": ["SELECT", "FROM"],
    ]
    private static let prose: Set<String> = [
        "txt", "md", "markdown", "log", "eml", "rst", "text", "org", "csv", "tsv", "list",
    ]
    private static let endings: [String: Language] = [
        "py": .python, "js": .javascript, "mjs": .javascript, "ts": .javascript, "rb": .ruby, "php": .php, "r": .r,
        "jq": .jq, "awk": .awk, "json": .json, "sql": .sql, "sh": .shell, "bash": .shell,
    ]
}

extension Collection where Element == UInt8 {
    fileprivate func ends(with suffix: String.UTF8View) -> Bool {
        count >= suffix.count && self.suffix(suffix.count).elementsEqual(suffix)
    }
}

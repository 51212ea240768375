import SkillModel

/// Scripts that the text runs by their bare names, again and again: `./monitor.sh digest`, `node index.js check`, and samples
/// of settings that it has copied. A skill
/// whose own program is not at hand here shows it by that alone. A script that the text writes, or runs in a folder that it
/// goes to or fetches, is another's.
enum RunScripts {
    /// A script that is run once may be the user's.
    private static let least = 2
    private static let limit = 64

    /// O(commands).
    static func names(in document: SkillDocument) -> Set<String> {
        var counts: [String: Int] = [:]
        var others: Set<String> = []
        var samples: Set<String> = []
        for fragment in document.fragments {
            var isElsewhere = false
            for command in fragment.commands {
                if movers.contains(command.name) || command.words.starts(with: ["git", "clone"]) { isElsewhere = true }
                for redirection in command.redirections where redirection.hasPrefix(">") {
                    others.insert(String(redirection.drop { $0 == ">" || $0 == " " }))
                }
                if makers.contains(command.name) { others.formUnion(command.words.dropFirst()) }
                if let sample = sample(command.words), !isElsewhere { samples.insert(sample) }
                guard let name = script(command.words), counts.count < limit else { continue }
                if isElsewhere { others.insert(name) } else { counts[name, default: 0] += 1 }
            }
        }
        return Set(counts.filter { $0.value >= least && !others.contains($0.key) }.keys).union(samples)
    }

    /// `config.example.json` of `cp config.example.json config.json`: the copy is the user's, the sample came with the skill.
    private static func sample(_ words: [String]) -> String? {
        let arguments = words.dropFirst().filter { !$0.hasPrefix("-") }
        guard words.first == "cp", arguments.count == 2 else { return nil }
        let name = arguments[0].hasPrefix("./") ? String(arguments[0].dropFirst(2)) : arguments[0]
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1 && parts.dropFirst().contains("example")
            && name.utf8.allSatisfy { $0.isWord || $0 == .hyphen || $0 == .dot } ? name : nil
    }

    /// `monitor.sh` of `./monitor.sh digest` and of `bash -e monitor.sh digest`.
    private static func script(_ words: [String]) -> String? {
        var rest = words[...]
        if rest.first == "uv", rest.dropFirst().first == "run" { rest = rest.dropFirst(2) }
        guard let first = rest.first else { return nil }
        let word =
            if interpreters.contains(first) {
                rest.dropFirst().first { !$0.hasPrefix("-") }
            } else {
                first.hasPrefix("./") ? first : nil
            }
        guard let word else { return nil }
        let name = word.hasPrefix("./") ? String(word.dropFirst(2)) : word
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex,
            endings.contains(String(name[name.index(after: dot)...])),
            name.utf8.allSatisfy({ $0.isWord || $0 == .hyphen || $0 == .dot }), !placeholders.contains(name)
        else { return nil }
        return name
    }

    private static let interpreters: Set<String> = [
        "python", "python3", "node", "bun", "deno", "tsx", "bash", "sh", "ruby",
    ]
    private static let endings: Set<String> = ["py", "sh", "js", "mjs", "cjs", "ts", "rb"]
    private static let movers: Set<String> = ["cd", "pushd"]
    private static let makers: Set<String> = ["touch", "tee", "cp", "mv", "wget", "curl", "vi", "vim", "nano", "code"]
    /// What a user's own program is called in examples.
    private static let placeholders: Set<String> = [
        "script.py", "script.sh", "script.js", "main.py", "app.py", "app.js", "app.ts", "server.js", "server.ts",
        "server.py",
        "index.ts", "manage.py", "setup.py", "install.sh", "test.py", "test.js", "train.py", "example.py",
        "your_script.py",
        "my_script.py", "gradlew.sh", "build.sh", "deploy.sh", "run.sh", "start.sh",
    ]
}

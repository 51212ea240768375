import SkillModel

/// Guesses whether text without a language is shell.
package enum ShellGuess {
    /// Programs that agent skills run; a line that begins with one is likely a command.
    private static let programs: Set<String> = [
        "apt", "apt-get", "aws", "awk", "az", "bash", "brew", "bun", "bundle", "bunx", "cargo", "cat", "cd", "chmod",
        "clawhub", "clawdhub", "cmake", "composer", "conda", "cp", "curl", "deno", "dig", "docker", "docker-compose",
        "dotnet", "echo", "export", "ffmpeg", "find", "flutter", "gcloud", "gem", "gh", "git", "glab", "go", "gradle",
        "grep", "head", "helm", "jq", "kubectl", "ln", "ls", "make", "mkdir", "mv", "mvn", "node", "npm", "npx",
        "openclaw", "openssl", "perl", "php", "pip", "pip3", "pipx", "playwright", "pnpm", "podman", "poetry", "psql",
        "pwd", "pytest", "python", "python3", "rails", "rg", "rm", "rsync", "ruby", "rustup", "scp", "sed", "sh",
        "source", "sqlite3", "ssh", "sudo", "swift", "tail", "tar", "tee", "terraform", "tmux", "touch", "tsc", "unzip",
        "uv", "uvx", "vercel", "wget", "which", "wrangler", "xargs", "yarn", "yq", "zip", "clawdbot", "hermes",
    ]

    /// Names that are English words too: alone they don't make a line a command.
    private static let words: Set<String> = [
        "find", "go", "make", "source", "touch", "which", "head", "tail", "node", "swift", "export", "cat", "echo",
    ]

    /// Whether most lines of a block without a language are commands. O(n).
    static func looksLikeShell(_ text: [UInt8]) -> Bool {
        var commands = 0
        var others = 0
        var isContinued = false
        for line in text.lines(0..<text.count) {
            let content = text.trimmed(line)
            guard !content.isEmpty, text[content.lowerBound] != .hash else { continue }
            if !isContinued {
                if isCommand(text, content) { commands += 1 } else { others += 1 }
            }
            isContinued = text[content.upperBound - 1] == .backslash
        }
        return commands > 0 && commands > others
    }

    /// Whether `text`, say of an inline code span, is a command to run: a known program or a script's path with
    /// arguments.
    package static func isCommand(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let content = bytes.trimmed(0..<bytes.count)
        return !content.isEmpty && isCommand(bytes, content)
    }

    private static func isCommand(_ text: [UInt8], _ content: Range<Int>) -> Bool {
        var start = content.lowerBound
        if text.has("$ ", at: start) { start += 2 }
        var end = start
        while end < content.upperBound, !text[end].isBlank { end += 1 }
        let word = text.text(start..<end)
        let hasArguments = end < content.upperBound
        if word.hasPrefix("./") || word.hasPrefix("~/") { return hasArguments || !word.hasSuffix("/") }
        if (word.hasSuffix(".sh") || word.hasSuffix(".py")) && word.utf8.contains(.slash) { return true }
        guard hasArguments, programs.contains(word) else { return false }
        if !words.contains(word) { return looksLikeArguments(text, end..<content.upperBound) }
        return text[end..<content.upperBound].contains {
            [.hyphen, .slash, .dollar, .dot, .equals, .doubleQuote].contains($0)
        }
    }

    /// A sentence such as "docker is a tool." has no arguments.
    private static func looksLikeArguments(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        let rest = text.trimmed(range)
        let verbs = ["is ", "are ", "was ", "has ", "can ", "will ", "and ", "or ", "for ", "→ ", "- ", "— "]
        return !verbs.contains { text[rest].starts(with: $0.utf8) }
    }
}

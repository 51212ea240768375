import Basics
import SkillModel

/// A shell loop over files or values whose turns do not need one another, and its form that runs four of them at a time.
///
///     for f in *.pdf; do pdftotext "$f" "$f.txt"; done
///     →
///     for f in *.pdf; do pdftotext "$f" "$f.txt" & n=$((n + 1)); [ $((n % 4)) -ne 0 ] || { wait $!; rc=$?; wait; }; done
///     [ $((n % 4)) -eq 0 ] || { wait $!; rc=$?; wait; }; (exit ${rc:-0})
///
/// Four: a hundred at once would be worse than one after the other. POSIX, so that no harness has to know it. As in the
/// loop itself, a turn that fails stops none of the others, and the exit status is that of the last turn: `wait` alone
/// would give 0 whatever happened, and forget the status of a turn that has ended.
struct ParallelLoop {
    /// Where `background` is inserted, and where `end` is: after the loop's command, and after `done`.
    let body: Int
    let done: Int

    static let background = " & n=$((n + 1)); [ $((n % 4)) -ne 0 ] || { wait $!; rc=$?; wait; }"
    static let end = "; [ $((n % 4)) -eq 0 ] || { wait $!; rc=$?; wait; }; (exit ${rc:-0})"

    /// Nil unless the fragment is one `for` loop over one command, pipeline or chain, each turn of which writes to a file of
    /// its own, by programs that lock nothing. O(fragment).
    init?(_ fragment: Fragment, in document: SkillDocument) {
        let commands = fragment.commands
        guard fragment.language == "bash", fragment.isClosed, let first = commands.first, let last = commands.last,
            commands.allSatisfy({ $0.keywords == ["for"] }),
            commands.dropFirst().allSatisfy({ $0.connector == .pipe || $0.connector == .and }),
            first.span.start >= fragment.content.start, last.span.end <= fragment.content.end
        else { return nil }
        let head = document.text(SourceSpan(fragment.content.start, first.span.start))
        guard let name = Self.variable(of: head), !Self.own.contains(name), Self.writesApart(commands, name) else {
            return nil
        }
        let tail = SourceSpan(last.span.end, fragment.content.end)
        guard let done = Self.done(in: tail, of: document) else { return nil }
        if !Self.own.isDisjoint(with: Self.words(fragment.text)) || fragment.text.contains("\r") { return nil }
        body = last.span.end
        self.done = done
    }

    /// The variables of the parallel form.
    private static let own: Set<String> = ["n", "rc"]

    /// The loop as it was before; nil for text that is no such form.
    static func sequential(of text: String) -> String? {
        guard let added = text.firstRange(of: background) else { return nil }
        let before = text[..<added.lowerBound]
        let after = text[added.upperBound...]
        guard let close = after.firstRange(of: "done" + end),
            after[close.upperBound...].utf8.allSatisfy(\.isWhitespace), after.firstRange(of: background) == nil
        else { return nil }
        return before + after[..<close.lowerBound] + "done" + after[close.upperBound...]
    }

    /// `f` of `for f in *.pdf; do`, with comments before it; nil for any other text.
    private static func variable(of head: String) -> String? {
        let lines = head.splitLines().map { $0.trimmingBlanks() }.filter { !$0.hasPrefix("#") && !$0.isEmpty }
        let text = lines.joined(separator: " ")
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count >= 5, parts[0] == "for", parts[2] == "in", parts.last == "do",
            parts.count(where: { ["for", "do", "done", "in"].contains($0) }) == 3,
            parts[parts.count - 2].hasSuffix(";")
                || (lines.count > 1 && lines.last == "do")
        else { return nil }
        let isName = parts[1].utf8.allSatisfy(\.isIdentifier) && !(parts[1].utf8.first.map(\.isDigit) ?? true)
        return isName && !text.contains("`") && !text.contains("$(") ? parts[1] : nil
    }

    /// The offset after `done`, when nothing else but blanks and one `;` follows the loop's command.
    private static func done(in tail: SourceSpan, of document: SkillDocument) -> Int? {
        let text = document.text(tail)
        guard let word = text.firstRange(of: "done") else { return nil }
        let before = text[..<word.lowerBound]
        guard before.utf8.allSatisfy({ $0.isWhitespace || $0 == 0x3B }), before.utf8.count(where: { $0 == 0x3B }) <= 1,
            !before.trimmingBlanks().isEmpty || before.contains("\n"),
            text[word.upperBound...].utf8.allSatisfy(\.isWhitespace)
        else { return nil }
        return tail.start + text.utf8.distance(from: text.startIndex, to: word.upperBound)
    }

    /// What a turn puts out bears the loop's name: turns that print would mix their lines.
    private static func writesApart(_ commands: [ShellCommand], _ name: String) -> Bool {
        for command in commands {
            guard let program = command.words.first, !shared.contains(program), command.assignments.isEmpty else {
                return false
            }
            let isApart = command.redirections.allSatisfy { target in
                !target.hasPrefix(">>") && !target.hasPrefix("<") && (!target.hasPrefix(">") || holds(target, name))
            }
            if !isApart || command.words.contains(where: { $0.contains("$(") || $0.contains("`") }) { return false }
        }
        guard let last = commands.last else { return false }
        if last.redirections.contains(where: { $0.hasPrefix(">") && holds($0, name) }) { return true }
        // An input and an output.
        return last.words.count(where: { holds($0, name) }) >= 2
    }

    private static func holds(_ word: String, _ name: String) -> Bool {
        word.contains("${\(name)") || words(word, after: "$").contains(name)
    }

    private static func words(_ text: String, after mark: Character? = nil) -> [String] {
        text.split(whereSeparator: { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "$")) })
            .flatMap { part -> [String] in
                guard let mark else { return part.split(separator: "$").map(String.init) }
                return part.split(separator: mark, omittingEmptySubsequences: false).dropFirst().map(String.init)
            }
    }

    /// Builtins that need the shell they stand in, and programs that lock what they work on, or reach one service.
    private static let shared = ShellUnits.stateful.union([
        "echo", "printf", "break", "continue", "exit", "return", "git", "apt", "apt-get", "dpkg", "dnf", "yum", "brew",
        "pip", "pip3", "uv", "npm", "yarn", "pnpm", "npx", "cargo", "go", "gem", "docker", "terraform", "sqlite3",
        "curl", "wget", "sudo", "ssh", "rm", "mv",
    ])
}

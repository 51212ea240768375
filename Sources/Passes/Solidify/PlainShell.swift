import Basics
import SkillModel

/// Which commands can be run as they were read. A template is the line with its values taken out: where the reader took the
/// line for something else than its author did, the template would run something else.
enum PlainShell {
    /// Whether the command stands in a block of a shell that is not POSIX, and has more than words, quotes and paths in it:
    /// its variables, escapes and operators are other ones.
    static func isOther(_ invocation: Invocation, _ reading: SkillReading) -> Bool {
        guard isOfOtherShell(invocation, reading) else { return false }
        return reading.document.text(invocation.span).utf8.contains { "$%^`@{}&();<>|!*~".utf8.contains($0) }
    }

    private static func isOfOtherShell(_ invocation: Invocation, _ reading: SkillReading) -> Bool {
        guard case .fragment(let index) = invocation.origin else { return false }
        return others.contains(reading.document.fragments[index].language)
    }

    private static let others: Set<String> = [
        "powershell", "pwsh", "ps1", "bat", "cmd", "batch", "fish", "nu", "nushell", "csh", "tcsh",
    ]

    /// Whether a shell would read the commands as they are meant. Not: a line of a crontab; `<PR number>` taken apart as
    /// redirections; a path with backslashes. Nor, where each value becomes a quoted variable and the lines are not kept
    /// `asWritten`: options in a variable, of which quotes make one word, or a program in one that the skill does not set.
    /// O(length).
    static func isRead(_ unit: [Invocation], _ reading: SkillReading, asWritten: Bool = false) -> Bool {
        guard let first = unit.first else { return true }
        let span = SourceSpan(first.span.start, unit.map(\.span.end).max() ?? first.span.end)
        let text = reading.document.text(span)
        let raw = Array(text.utf8)
        if unit.contains(where: { isScheduled($0) || hasLostGap($0) }) { return false }
        if hasPathOfBackslashes(raw), !isOfOtherShell(first, reading) { return false }
        if asWritten { return true }
        return !hasOptionsInVariable(raw)
            && !unit.contains { invocation in
                let program = invocation.unwrapped.first ?? ""
                return isVariable(program) && !ownPrograms(reading).contains(program)
                    && text.firstRange(of: "\"\(program)\"") == nil
            }
    }

    /// `$RUN`, `${RUN}` where a block of the skill has `RUN="docker run --rm image"`: whole words that stay as they are.
    static func ownPrograms(_ reading: SkillReading) -> Set<String> {
        reading.once("solidify.programs") {
            let names = ScriptTemplates.assigned(reading.invocations.filter { !$0.isInline })
            return Set(names.flatMap { ["$\($0)", "${\($0)}"] })
        }
    }

    /// A line of a crontab is no command; the command in it is one. O(words).
    static func withoutSchedule(_ invocation: Invocation) -> Invocation {
        guard isScheduled(invocation), invocation.words.first?.hasPrefix("@") == false else { return invocation }
        var command = invocation
        command.words.removeFirst(5)
        return command
    }

    /// `*/60 * * * * tool`, `@daily tool`.
    private static func isScheduled(_ invocation: Invocation) -> Bool {
        let words = invocation.words
        guard let first = words.first else { return false }
        if ["@reboot", "@hourly", "@daily", "@weekly", "@monthly", "@yearly"].contains(first) { return true }
        let fields = words.prefix(5).prefix { word in
            !word.isEmpty && word.utf8.allSatisfy { $0.isDigit || "*/,-".utf8.contains($0) }
        }
        return words.count > 5 && fields.count == 5 && fields.contains { $0.hasPrefix("*") }
    }

    /// `$DOCKER`, `${RUN}`: a whole word, which may hold a program and options. `$DIR/run.sh` is a path.
    private static func isVariable(_ word: String) -> Bool {
        guard word.hasPrefix("$") else { return false }
        let name = word.dropFirst(word.hasPrefix("${") ? 2 : 1)
        return !name.isEmpty && name.drop { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }.isEmpty
            || name.hasSuffix("}") && !name.contains("/")
    }

    /// What a redirection swallowed: `<PR #> --body` is read from `PR`, and written to `--body`.
    private static func hasLostGap(_ invocation: Invocation) -> Bool {
        let redirections = invocation.redirections
        let from = redirections.firstIndex { $0.hasPrefix("<") && !$0.hasPrefix("<<") && !$0.hasPrefix("<&") }
        if let from, redirections[from...].dropFirst().contains(where: { $0.hasPrefix(">") }) { return true }
        // In running text, words are cut at blanks alone.
        return invocation.words.contains { word in
            guard let open = word.lastIndex(of: "<"), !word[open...].contains(">") else { return false }
            return word[word.index(after: open)...].first?.isLetter == true
        }
    }

    /// `scripts\convert.py`: to a shell the backslash is no part of it.
    private static func hasPathOfBackslashes(_ raw: [UInt8]) -> Bool {
        var quote: UInt8 = 0
        for (index, byte) in raw.enumerated() {
            if quote != 0 {
                if byte == quote, index == 0 || raw[index - 1] != .backslash || quote == .singleQuote { quote = 0 }
            } else if byte == .singleQuote || byte == .doubleQuote {
                if index == 0 || raw[index - 1] != .backslash { quote = byte }
            } else if byte == .backslash, index > 0, index + 1 < raw.count,
                raw[index - 1].isWord || raw[index - 1] == .dot,
                raw[index + 1].isLetter
            {
                return true
            }
        }
        return false
    }

    /// `tool $TOOL_ARGS`: outside quotes a shell makes several words of it.
    private static func hasOptionsInVariable(_ raw: [UInt8]) -> Bool {
        var isQuoted = false
        for (index, byte) in raw.enumerated() {
            if byte == .doubleQuote, index == 0 || raw[index - 1] != .backslash { isQuoted.toggle() }
            guard byte == .dollar, !isQuoted else { continue }
            let rest = raw[(index + 1)...].drop { $0 == .openBrace }
            let name = String(decoding: rest.prefix { $0.isWord }, as: UTF8.self).uppercased()
            if ["ARGS", "OPTS", "OPTIONS", "FLAGS"].contains(where: name.hasSuffix) { return true }
        }
        return false
    }

    /// Options of the program that some command of the skill's blocks gives no value: another option comes right after
    /// them, or nothing.
    static func switches(of invocation: Invocation, _ reading: SkillReading) -> Set<String> {
        let program = invocation.unwrapped.first
        return reading.once("solidify.switches") {
            var found: [String: Set<String>] = [:]
            for other in reading.invocations where !other.isInline {
                guard let name = other.unwrapped.first else { continue }
                for (index, word) in other.words.enumerated()
                where word.hasPrefix("--") && !word.contains("=")
                    && (index + 1 == other.words.count || other.words[index + 1].hasPrefix("--"))
                {
                    found[name, default: []].insert(word)
                }
            }
            return found
        }[program ?? ""] ?? []
    }

    /// "# Option 1", "# Option 2": comments that name ways of which one is taken.
    static func hasAlternatives(_ code: String) -> Bool {
        var ways = 0
        for line in code.split(whereSeparator: \.isNewline) {
            let text = line.drop { $0 == " " || $0 == "\t" }
            guard text.hasPrefix("#") else { continue }
            let words = WordScanner.words(String(text.prefix(80)))
            guard let first = words.first?.lower, heads.contains(first), words.count > 1 else { continue }
            let mark = words[1].lower
            if mark.utf8.count <= 2, mark.first.map({ $0.isNumber || $0.isLetter }) == true { ways += 1 }
        }
        return ways > 1
    }

    private static let heads: Set<String> = [
        "option", "alternative", "method", "variant", "approach", "way", "choice", "possibility",
    ]
}

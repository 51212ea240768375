import Basics
import SkillModel

/// A shell fragment cut into the parts that can run one by one: pipelines and single commands, with their comments.
struct ShellUnits {
    enum Joint { case first, newline, and }

    struct Unit {
        /// Bytes of the source.
        var span: SourceSpan
        var joint: Joint
    }

    /// Why a fragment can't be cut without a change of meaning.
    struct Refusal: Error {
        var why: String
        init(_ why: String) { self.why = why }
    }

    let units: [Unit]
    var hasCondition: Bool { units.contains { $0.joint == .and } }

    /// Throws `Refusal`. O(fragment's bytes).
    init(_ fragment: Fragment, in document: SkillDocument) throws(Refusal) {
        let commands = fragment.commands
        guard let first = commands.first else { throw Refusal("no commands") }
        try Self.checkShape(commands)
        var units = [Unit(span: SourceSpan(fragment.content.start, first.span.end), joint: .first)]
        let lead = document.text(SourceSpan(fragment.content.start, max(fragment.content.start, first.span.start)))
        try Self.checkGap(lead)
        for (previous, command) in zip(commands, commands.dropFirst()) {
            guard command.span.start >= previous.span.end else {
                // Inside the one before it: a command substitution.
                units[units.count - 1].span.end = max(units[units.count - 1].span.end, command.span.end)
                continue
            }
            if Self.asksForTheOneBefore(document.bytes[command.span.range]) {
                throw Refusal("a command asks how the one before it ended")
            }
            let gap = SourceSpan(previous.span.end, command.span.start)
            try Self.checkGap(document.text(gap))
            switch command.connector {
            case .newline:
                let start = Self.afterLineEnd(gap, in: document.bytes)
                units[units.count - 1].span.end = start
                units.append(Unit(span: SourceSpan(start, command.span.end), joint: .newline))
            case .and, .sequence:
                let mark: [UInt8] = command.connector == .and ? [0x26, 0x26] : [0x3B]
                guard let at = Self.last(mark, in: gap, of: document.bytes) else {
                    throw Refusal("commands are joined in a way that was not understood")
                }
                units[units.count - 1].span.end = at
                units.append(
                    Unit(
                        span: SourceSpan(at + mark.count, command.span.end),
                        joint: command.connector == .and ? .and : .newline))
            case .pipe, .substitution, .or:
                units[units.count - 1].span.end = command.span.end
            case .background:
                throw Refusal("a command runs in the background")
            }
        }
        units[units.count - 1].span.end = fragment.content.end
        let tail = document.text(
            SourceSpan(min(commands[commands.count - 1].span.end, fragment.content.end), fragment.content.end))
        try Self.checkGap(tail)
        self.units = units
    }

    /// What the list of commands alone says against cutting.
    private static func checkShape(_ commands: [ShellCommand]) throws(Refusal) {
        var hasAnd = false
        var hasOr = false
        for (index, command) in commands.enumerated() {
            if !command.keywords.isEmpty || reserved.contains(command.name) {
                throw Refusal("`\(command.keywords.first ?? command.name)` holds its commands together")
            }
            if command.redirections.contains(where: { $0.hasPrefix("<<") }) { throw Refusal("a here-document") }
            if command.connector == .and { hasAnd = true }
            if command.connector == .or { hasOr = true }
            if command.name == "$" || command.name == ">" { throw Refusal("a transcript rather than commands") }
            guard index < commands.count - 1 else { continue }
            if enders.contains(command.name) {
                throw Refusal("`\(command.name)` ends the shell for what comes after it")
            }
            if command.words.isEmpty { throw Refusal("later commands use a variable that an earlier one sets") }
            if stateful.contains(command.name) {
                throw Refusal("later commands need what `\(command.name)` changes")
            }
            if sessions.contains(command.name) && command.connector != .pipe {
                throw Refusal("`\(command.name)` opens a session for the commands after it")
            }
        }
        if hasAnd && hasOr { throw Refusal("`&&` and `||` belong together") }
    }

    /// `$?`, `$!`, `$_`, `PIPESTATUS` and their forms in braces: a shell of its own knows nothing of them. Quotes are not looked
    /// at; a fragment that only shows them stays whole.
    private static func asksForTheOneBefore(_ code: ArraySlice<UInt8>) -> Bool {
        if String(decoding: code, as: UTF8.self).contains("PIPESTATUS") { return true }
        return code.indices.contains { index in
            guard code[index] == 0x24 else { return false }
            let name = code[(index + 1)...].drop { $0 == 0x7B }
            guard let first = name.first else { return false }
            if first == 0x3F || first == 0x21 { return true }
            return first == 0x5F && !(name.dropFirst().first?.isIdentifier ?? false)
        }
    }

    /// What stands between commands may be blanks, operators, redirections and comments, nothing that groups.
    private static func checkGap(_ gap: String) throws(Refusal) {
        var reader = ShellReader()
        var before: UInt8 = 0x0A
        let bytes = Array(gap.utf8)
        for (index, byte) in bytes.enumerated() where reader.step(byte) == .bare {
            defer { before = byte }
            if [0x28, 0x29, 0x7B, 0x7D, 0x60].contains(byte) { throw Refusal("commands are grouped") }
            let after: UInt8 = index + 1 < bytes.count ? bytes[index + 1] : 0x0A
            if byte == 0x26, before != 0x26, after != 0x26, before != 0x3E, before != 0x3C, after != 0x3E {
                throw Refusal("a command runs in the background")
            }
        }
    }

    /// The place after the first line end that no backslash escapes.
    private static func afterLineEnd(_ gap: SourceSpan, in bytes: [UInt8]) -> Int {
        for offset in gap.range where bytes[offset] == 0x0A {
            let beforeEnd = offset > gap.start && bytes[offset - 1] == 0x0D ? offset - 2 : offset - 1
            if beforeEnd < gap.start || bytes[beforeEnd] != 0x5C { return offset + 1 }
        }
        return gap.end
    }

    private static func last(_ mark: [UInt8], in gap: SourceSpan, of bytes: [UInt8]) -> Int? {
        var at = gap.end - mark.count
        while at >= gap.start {
            if bytes[at..<(at + mark.count)].elementsEqual(mark) { return at }
            at -= 1
        }
        return nil
    }

    /// Builtins that change the shell for what follows.
    static let stateful: Set<String> = [
        "cd", "pushd", "popd", "export", "source", ".", "set", "unset", "alias", "shopt", "trap", "umask", "eval",
        "exec", "ulimit", "declare", "typeset", "local", "readonly", "read", "wait", "nvm", "conda", "workon",
        "deactivate",
        "function", "newgrp", "activate", "mapfile",
    ]
    private static let enders: Set<String> = ["exit", "return", "break", "continue", "logout"]
    private static let sessions: Set<String> = ["ssh", "su", "tmux", "screen", "chroot"]
    private static let reserved: Set<String> = [
        "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "select", "{", "}",
        "!", "[[", "((",
    ]
}

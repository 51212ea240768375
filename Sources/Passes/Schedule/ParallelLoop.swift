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

    /// Nil unless the fragment is one `for` loop over one command, pipeline or chain, of which it is shown that each turn writes
    /// files of its own which no other turn reads. O(fragment · items).
    init?(_ fragment: Fragment, in document: SkillDocument) {
        let commands = fragment.commands
        guard fragment.language == "bash", fragment.isClosed, let first = commands.first, let last = commands.last,
            commands.allSatisfy({ $0.keywords == ["for"] }),
            commands.dropFirst().allSatisfy({ $0.connector == .pipe || $0.connector == .and }),
            first.span.start >= fragment.content.start, last.span.end <= fragment.content.end
        else { return nil }
        let head = document.text(SourceSpan(fragment.content.start, first.span.start))
        guard let name = Self.variable(of: head), !Self.own.contains(name), let items = LoopItems(Self.items(of: head)),
            Self.areApart(commands, name, items)
        else { return nil }
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

    /// The words between `in` and `do` of a head that `variable` took.
    private static func items(of head: String) -> [String] {
        let lines = head.splitLines().map { $0.trimmingBlanks() }.filter { !$0.hasPrefix("#") && !$0.isEmpty }
        let parts = lines.joined(separator: " ").split(separator: " ").map(String.init)
        return parts.dropFirst(3).dropLast().map { $0.hasSuffix(";") ? String($0.dropLast()) : $0 }.filter {
            !$0.isEmpty
        }
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

    /// Whether each turn writes files of its own alone, which no other turn reads: by programs of which it is known what they write,
    /// into files whose names hold the item whole. O(words of the commands · items).
    private static func areApart(_ commands: [ShellCommand], _ name: String, _ items: LoopItems) -> Bool {
        var outputs: [LoopItems.Name] = []
        var inputs: [LoopItems.Name] = []
        for command in commands {
            guard let program = command.words.first, let form = writers[program], command.assignments.isEmpty else {
                return false
            }
            for target in command.redirections where !["2>/dev/null", "2>&1"].contains(target) {
                guard !target.hasPrefix(">>"), !target.hasPrefix("<"), target.hasPrefix(">"),
                    let file = items.name(String(target.dropFirst().drop { $0 == "|" }), name)
                else { return false }
                outputs.append(file)
            }
            var operands: [LoopItems.Name] = []
            for word in command.words.dropFirst() {
                if !holds(word, name), word.hasPrefix("-") {
                    guard !form.refuses(word) else { return false }
                    continue
                }
                guard let operand = items.name(word, name) else { return false }
                operands.append(operand)
            }
            // The last operand is what it makes, where it makes a file by itself; another fixed one may be so, too.
            if form.makesLast {
                guard operands.allSatisfy({ $0.isOfItem || !Self.looksLikeFile($0.before) }) else { return false }
                if operands.count > 1, let last = operands.popLast() { outputs.append(last) }
            }
            inputs += operands
        }
        return !outputs.isEmpty && outputs.allSatisfy(\.isOfItem) && items.areApart(outputs, from: inputs)
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

    private static func looksLikeFile(_ word: String) -> Bool {
        guard !word.contains("/") else { return true }
        return word.split(separator: ".").dropFirst().contains { $0.first?.isLetter ?? false }
    }

    private struct Form {
        /// Whether its last operand is the file that it makes; else it writes to its output alone.
        var makesLast = false
        /// Options with which it writes somewhere else, or to a file that others share.
        var refused: Set<String> = []

        /// Whether an option of several letters after one dash is one word.
        var hasLongOptions = false

        /// Short options may stand together: `sort -uo all.txt`.
        func refuses(_ word: String) -> Bool {
            refused.contains { option in
                word.hasPrefix(option)
                    || option.utf8.count == 2 && !hasLongOptions && !word.hasPrefix("--")
                        && word.dropFirst().contains(option.last ?? "-")
            }
        }
    }

    /// Programs that write to what they name and nowhere else, by their manuals. Any other may lock, log or share something.
    private static let writers: [String: Form] = [
        "sort": Form(refused: ["-o", "--output"]), "jq": Form(), "cut": Form(), "tr": Form(), "head": Form(),
        "tail": Form(),
        "grep": Form(), "wc": Form(), "fold": Form(), "nl": Form(), "rev": Form(),
        "base64": Form(refused: ["-o", "--output"]),
        "sha256sum": Form(),
        "md5sum": Form(), "strings": Form(), "column": Form(), "iconv": Form(refused: ["-o", "--output"]),
        "cat": Form(),
        "exiftool": Form(
            refused: ["-overwrite_original", "-o", "-w", "-W", "-textOut", "-tagOut"], hasLongOptions: true),
        "ffprobe": Form(refused: ["-o"], hasLongOptions: true),
        "pdftotext": Form(makesLast: true), "pdftohtml": Form(makesLast: true),
        "convert": Form(makesLast: true, refused: ["-write"]),
        "magick": Form(makesLast: true, refused: ["-write"]),
        "ffmpeg": Form(makesLast: true, refused: ["-pass", "-report", "-progress", "-vstats", "-segment_list"]),
        "sox": Form(makesLast: true), "cp": Form(makesLast: true, refused: ["-t", "--target-directory"]),
    ]
}

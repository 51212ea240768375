import Basics
import SkillModel

/// What a pass of the project's own may change: it puts lines between the texts of the skill, or moves a text with proof
/// (`Moves`). Nothing of a text that stays is touched, not its markup either, and each line that is put there is made of
/// phrases that the project declares and, at most, one name of the skill's: a heading's title or a file's path.
///
/// The skill's words alone prove nothing: "approve", "with", "failing" and "tests" are in the skill that forbids it.
enum DeclaredCheck {
    /// O(custom edits · log blocks + what they add · phrases).
    static func run(_ comparison: GuardComparison) -> [Diagnostic] {
        let edits = comparison.application.placed.filter { !isBuiltIn($0.edit.rule) }
        guard !edits.isEmpty else { return [] }
        let top = comparison.variant.blocks.filter { $0.parent == nil }.map { trimmed($0.span, comparison.variant) }
        let lines = Lines(comparison)
        var violations: [Diagnostic] = []
        for (edit, result) in edits where violations.count < 20 {
            let line = comparison.line(edit.span)
            var added = result
            if !comparison.moves.contains(edit, in: comparison.source) {
                let (left, start, end) = change(edit, comparison.source)
                guard left.isEmpty else {
                    violations.append(
                        .guarded("text", "a pass changes the skill's text in place: “\(left.prefix(80))”", line: line))
                    continue
                }
                added = SourceSpan(result.start + start, result.start + end)
            }
            added = trimmed(added, comparison.variant)
            guard added.count > 0, added.end <= comparison.variant.bytes.count else { continue }
            if joins(added, top) {
                violations.append(
                    .guarded("addition", "what a pass adds runs into a text, a list or code of the skill", line: line))
            } else if let strange = lines.firstStrange(in: comparison.variant.text(added)) {
                violations.append(undeclared(strange, line))
            }
        }
        let strange = comparison.moves.added.lazy.compactMap(lines.firstStrange).first
        return violations + [strange.map { undeclared($0, nil) }].compactMap { $0 }
    }

    private static func undeclared(_ text: Substring, _ line: Int?) -> Diagnostic {
        .guarded(
            "addition",
            "a pass adds what the project does not declare: “\(String(text).trimmingBlanks().prefix(80))”; `phrases` in "
                + "its table of skvm.toml lists what it may say", line: line)
    }

    /// The compiler gives each rule of a custom pass that pass's name, which is none of these.
    private static func isBuiltIn(_ rule: String) -> Bool {
        ["lower.", "schedule.", "link."].contains { rule.hasPrefix($0) }
    }

    /// What an edit takes away, and the range of its replacement that it puts there: without what both have in common at
    /// their ends. O(edit).
    private static func change(_ edit: Edit, _ source: SkillDocument) -> (left: String, start: Int, end: Int) {
        let old = source.bytes[edit.span.start..<edit.span.end]
        let new = Array(edit.replacement.utf8)
        let start = zip(old, new).prefix { $0 == $1 }.count
        let most = min(old.count, new.count) - start
        let end = zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.prefix(max(most, 0)).count
        let left = old.dropFirst(start).dropLast(end)
        return (String(decoding: left, as: UTF8.self), start, new.count - end)
    }

    /// Whether `span` shares a block at the top of the text with anything else. `blocks` are sorted and disjoint.
    private static func joins(_ span: SourceSpan, _ blocks: [SourceSpan]) -> Bool {
        let first = SortedSearch.first(in: blocks.indices) { blocks[$0].end > span.start }
        return blocks[first...].prefix { $0.start < span.end }.contains { !span.contains($0) }
    }

    private static func trimmed(_ span: SourceSpan, _ document: SkillDocument) -> SourceSpan {
        var (start, end) = (span.start, min(span.end, document.bytes.count))
        while start < end, document.bytes[start].isWhitespace { start += 1 }
        while end > start, document.bytes[end - 1].isWhitespace { end -= 1 }
        return SourceSpan(min(start, end), end)
    }

    /// Which lines a custom pass may write.
    private struct Lines {
        private let phrases: [[String]]
        private let paths: Set<[String]>
        private var names: Set<[String]>
        private let longest: Int
        /// A line of more words is none of these: what it costs to read one is bounded.
        private static let mostWords = 100

        init(_ comparison: GuardComparison) {
            phrases = comparison.declared.map(AdditionCheck.plain).filter { !$0.isEmpty }
            let files = comparison.source.files.map(\.path.text) + comparison.files.map(\.path.text)
            paths = Set(files.map(AdditionCheck.plain))
            names = paths
            for file in files {
                let name = file.split(separator: "/").last.map(String.init) ?? file
                names.insert(AdditionCheck.plain(name))
                names.insert(AdditionCheck.plain(String(name.prefix { $0 != "." })))
            }
            for section in comparison.source.sections { names.insert(AdditionCheck.plain(section.title)) }
            names.remove([])
            longest = names.map(\.count).max() ?? 0
        }

        /// The first line that is not made of declared phrases and one name.
        func firstStrange(in text: String) -> Substring? {
            text.split(whereSeparator: \.isNewline).first { !isDeclared($0) }
        }

        private func isDeclared(_ line: Substring) -> Bool {
            // Tags, comments and strokes change how the text around them reads.
            if line.contains("<") || line.firstRange(of: "~~") != nil { return false }
            let words = withoutTargets(AdditionCheck.plain(String(withoutNumber(line))))
            guard words.count <= Self.mostWords else { return false }
            if areDeclared(words) { return true }
            // A skill without headings and files has no name to put in.
            guard longest > 0 else { return false }
            for start in words.indices {
                for end in start + 1...min(words.count, start + longest)
                where names.contains(Array(words[start..<end])) && areDeclared(Array(words[..<start] + words[end...])) {
                    return true
                }
            }
            return false
        }

        /// The number with which an item of a list begins is none of its words.
        private func withoutNumber(_ line: Substring) -> Substring {
            let text = line.drop { $0 == " " }
            let digits = text.prefix { $0.isASCII && $0.isNumber }
            let rest = text.dropFirst(digits.count)
            guard (1...9).contains(digits.count), rest.first == "." || rest.first == ")" else { return line }
            return rest.dropFirst()
        }

        /// Without `@@SKVM_SKILL_DIR@@/path`, where a link leads: the path is that of a file.
        private func withoutTargets(_ words: [String]) -> [String] {
            let token = AdditionCheck.plain(Relocation.token)
            var left: [String] = []
            var at = 0
            while at < words.count {
                if !token.isEmpty, words[at...].starts(with: token),
                    let path = paths.filter({ words[(at + token.count)...].starts(with: $0) }).max(by: {
                        $0.count < $1.count
                    })
                {
                    at += token.count + path.count
                } else {
                    left.append(words[at])
                    at += 1
                }
            }
            return left
        }

        /// Whether whole phrases, one after the other, make up the words. O(words · phrases).
        private func areDeclared(_ words: [String]) -> Bool {
            var isReached = [Bool](repeating: false, count: words.count + 1)
            isReached[0] = true
            for at in words.indices where isReached[at] {
                for phrase in phrases where words[at...].starts(with: phrase) { isReached[at + phrase.count] = true }
            }
            return isReached[words.count]
        }
    }
}

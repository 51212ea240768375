import Basics
import SkillModel

/// Whether the entries of a list or a table have the answers yes and no.
///
/// A question has them when it begins with an auxiliary verb and offers no choice; a check when it says what is to hold; a
/// statement only where the words before the list have it looked for. "What is the output?", an amount to look up, an
/// event, a source and a tool have other answers, and so has what is to be marked, rated or described. All entries or
/// none: one that has another answer makes the sentence untrue of it.
enum YesNoPoints {
    /// What a list's entries are taken for, by the words before it.
    enum Lead {
        /// "Look for:", "Symptoms", "Acceptance criteria".
        case findings
        /// "Checklist": boxes and checks, no bare nouns.
        case checks
        /// "Rate each", "What to extract".
        case otherAnswers
        case none
    }

    /// `text` is the sentence that leads to the list, or the title above it. O(words).
    static func lead(_ text: String) -> Lead {
        let words = Sentences.words(text.suffix(400))
        if !others.isDisjoint(with: words) || endsAtPlace(words) { return .otherAnswers }
        let pairs = zip(words, words.dropFirst()).map { "\($0) \($1)" }
        if !singles.isDisjoint(with: words) || !phrases.isDisjoint(with: pairs) { return .findings }
        return words.contains("checklist") || words.contains("checks") ? .checks : .none
    }

    /// "Look in:", "check on": what follows are places.
    private static func endsAtPlace(_ words: [String]) -> Bool {
        words.last.map { ["in", "at", "on", "from", "with", "via", "by"].contains($0) } ?? false
    }

    /// `line` is an entry's first line as it is written, with its mark.
    static func isPoint(_ line: String, after lead: Lead) -> Bool {
        guard lead != .otherAnswers else { return false }
        let body = afterLabel(line)
        if line.contains("?") { return isQuestion(body) }
        let words = Sentences.words(body.prefix(200))
        guard let first = words.first(where: { !$0.utf8.allSatisfy(\.isDigit) }) else { return false }
        if checking.contains(first) { return words.dropFirst().first.map(claims.contains) ?? false }
        let isBoxed = ["[ ]", "[x]", "[X]"].contains { line.prefix(12).contains($0) }
        guard lead == .findings || (lead == .checks && isBoxed) else { return false }
        if lacking.contains(first) { return true }
        return asking.isDisjoint(with: words) && !ImperativeVerbs.all.contains(first)
            && !["on", "when", "for", "if", "after", "before"].contains(first)
    }

    /// Each question of the text, and there is one.
    static func isQuestion(_ text: String) -> Bool {
        let parts = text.split(separator: "?", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return false }
        return parts.dropLast().allSatisfy { part in
            // Before a question may stand a sentence, or a cell of a table.
            let question = part.split { $0 == "|" || $0 == "." || $0 == "!" }.last ?? part
            let words = Sentences.words(question)
            guard let first = words.first, auxiliary.contains(first) else { return false }
            return !words.contains("or") || !open.isDisjoint(with: words)
        } && (parts.last.map { isAside($0) } ?? true)
    }

    /// What stands behind a question tells no other answer: "(One sentence.)".
    private static func isAside(_ text: Substring) -> Bool {
        let words = Sentences.words(text)
        return others.isDisjoint(with: words) && !words.contains("sentence") && !words.contains("sentences")
    }

    /// Without the list's mark, box, number and a bold label: what asks is behind them.
    private static func afterLabel(_ line: String) -> String {
        var rest = line[...]
        rest = rest.drop { ["-", "*", "+", " ", "\t"].contains($0) }
        for box in ["[ ]", "[x]", "[X]"] where rest.hasPrefix(box) { rest = rest.dropFirst(3) }
        rest = rest.drop { $0 == " " || $0 == "*" || $0 == "_" }
        guard line.contains("?"), let colon = rest.firstIndex(of: ":"),
            rest[..<colon].utf8.count <= 60, !rest[..<colon].contains("?")
        else { return String(rest) }
        return String(rest[rest.index(after: colon)...].drop { $0 == "*" || $0 == "_" || $0 == " " })
    }

    private static let auxiliary: Set<String> = [
        "is", "are", "was", "were", "does", "do", "did", "has", "have", "had", "can", "could", "will", "would",
        "should", "must", "may", "might", "any", "isn't", "aren't", "doesn't", "don't", "hasn't", "haven't",
    ]
    /// With one of these a question that joins two things asks whether there is either.
    private static let open: Set<String> = ["any", "anything", "anyone", "anywhere", "there", "either", "ever"]
    private static let checking: Set<String> = ["check", "verify", "confirm", "ensure", "make", "test"]
    private static let claims: Set<String> = [
        "that", "if", "whether", "there", "no", "all", "every", "each", "none", "sure", "nothing",
    ]
    private static let lacking: Set<String> = ["missing", "unused", "unnecessary", "no", "lack", "lacks"]

    /// Words of what has another answer than yes and no.
    private static let asking: Set<String> = [
        "what", "which", "how", "why", "who", "whom", "whose", "mark", "rate", "extract", "amount", "amounts", "source",
        "sources",
    ]
    /// With those that a lead or the aside behind a question has.
    private static let others = asking.union([
        "where", "score", "rank", "grade", "describe", "classify", "estimate", "identify", "display", "count",
        "calculate", "compute", "list", "name", "summarize", "explain", "choose", "pick", "site", "sites", "search",
        "query", "queries", "tools", "percentage", "number", "severity", "levels",
    ])
    private static let singles: Set<String> = [
        "symptom", "symptoms", "smells", "smell", "pitfalls", "anti-patterns", "antipatterns", "vulnerabilities",
        "defects", "anomalies", "mistakes",
    ]
    private static let phrases: Set<String> = [
        "look for", "looking for", "looks for", "watch for", "out for", "check for", "checks for", "scan for",
        "red flag", "red flags", "warning signs", "signs of", "acceptance criteria", "success criteria",
        "exit criteria", "failure modes", "anti patterns", "common issues", "common problems",
    ]

    // MARK: Tables

    /// `head` is a table's first row, `rows` the others.
    static func isTable(_ head: String, _ rows: [String]) -> Bool {
        guard let column = Sentences.words(head.prefix(60)).first else { return false }
        if columns.contains(column) { return rows.allSatisfy { !$0.contains("?") } }
        guard questions.contains(column) else { return false }
        return rows.allSatisfy { row in
            row.split(separator: "|").contains { cell in
                isQuestion(String(cell)) || isPoint(cell.trimmingBlanks(), after: .none)
            } && row.split(separator: "|").allSatisfy { !$0.contains("?") || isQuestion(String($0)) }
        }
    }

    /// What may be seen.
    private static let columns: Set<String> = ["symptom", "symptoms", "sign", "smell", "anti-pattern"]
    /// What is asked.
    private static let questions: Set<String> = ["check", "checks", "criterion", "question", "questions"]
}

import Basics
import SkillModel

/// What frames a procedure without being counted by it: the section before it that says what to gather first ("## Inputs":
/// "Collect these before running"), and the one after it that says what to report ("## Output": "Provide a summary").
enum ProcedureFrame {
    /// The last section before the first step whose first sentence says what to find out before the work. O(sections × log
    /// sentences).
    static func opening(_ procedure: Procedure, level: Int, _ reading: SkillReading) -> Section? {
        guard let first = procedure.steps.first else { return nil }
        let sections = reading.document.sections
        return sections.indices.last { index in
            let section = sections[index]
            guard section.span.end <= first.start, (2...max(2, level)).contains(section.level),
                mayOpen(section.title, reading.roles[index]), let sentence = firstSentence(of: section, reading)
            else { return false }
            let words = Array(sentence.words.prefix(24))
            return before.isIn(words) && gathering.isIn(words)
        }.map { sections[$0] }
    }

    /// "Before you start" is read as a list of demands, which it is not when it tells what to find out.
    private static func mayOpen(_ title: String, _ role: SectionRole) -> Bool {
        switch role {
        case .setup, .links, .troubleshooting, .background: false
        case .requirements: before.isIn(WordScanner.words(title))
        default: true
        }
    }

    /// The first section after the last step that tells to report, where no step near the end does. O(sections × log
    /// sentences).
    static func report(_ procedure: Procedure, from end: Int, level: Int, _ reading: SkillReading) -> Section? {
        guard !procedure.steps.suffix(2).contains(where: { tells.isIn(WordScanner.words($0.title)) }) else {
            return nil
        }
        return reading.document.sections.first { section in
            guard section.heading.start >= end, (2...max(2, level)).contains(section.level),
                SectionRole.named(by: section.title) == .outputs || finishes.isIn(WordScanner.words(section.title)),
                let words = firstSentence(of: section, reading)?.words.prefix(8), let lead = words.first,
                let at = words.firstIndex(where: { reporting.contains($0.lower) })
            else { return false }
            return at == words.startIndex || leads.contains(lead.lower)
        }
    }

    /// The first sentence below a heading, when it is running text. O(log sentences).
    private static func firstSentence(of section: Section, _ reading: SkillReading) -> Sentence? {
        let blocks = reading.document.blocks
        guard let first = reading.sentences(in: SourceSpan(section.heading.end, section.span.end)).first,
            blocks.indices.contains(first.block), blocks[first.block].kind == .paragraph,
            !reading.isInItem(first.block)
        else { return nil }
        return first
    }

    private static let before = PhraseTable(["before"])
    private static let gathering = PhraseTable([
        "collect", "gather", "ask", "identify", "determine", "check", "verify", "confirm",
    ])
    private static let finishes = PhraseTable(["finish", "finishing"])
    private static let leads: Set<String> = ["always", "finally", "at", "after", "when", "once", "upon", "then"]
    private static let reporting: Set<String> = [
        "report", "provide", "produce", "present", "write", "deliver", "summarize", "print", "output", "emit",
        "display", "return",
    ]
    private static let tells = PhraseTable(Array(reporting) + ["summary", "generate", "synthesize"])
}

import Basics
import SkillModel

/// Forms in which a text is followed rather than looked up.
enum Binding {
    /// `- [ ] The report opens`.
    static func isTask(_ item: Block, _ source: SkillDocument) -> Bool {
        let head = source.text(SourceSpan(item.span.start, min(item.span.end, item.span.start + 20)))
        let words = head.utf8.split(maxSplits: 3, whereSeparator: \.isWhitespace)
        guard words.count > 1 else { return false }
        return words[1].elementsEqual("[x]".utf8) || words[1].elementsEqual("[X]".utf8)
            || words.count > 2 && words[1].elementsEqual("[".utf8) && words[2].elementsEqual("]".utf8)
    }

    /// Whether a sentence tells the reader to do something: "Run it", "If it fails, run it". What a label says of itself
    /// (`search`: find pages) tells nobody to. O(n).
    static func isInstruction(_ sentence: String) -> Bool {
        let words = lowered(sentence)
        let isLabelled = sentence.contains(":") && lowered(sentence.prefix { $0 != ":" }).count == 1
        if !isLabelled, begins(words[...]) { return true }
        guard let first = words.first, ImperativeVerbs.openers.contains(first) else { return false }
        return sentence.split(separator: ",").dropFirst().contains { begins(lowered($0)[...]) }
            || words.indices.contains { words[$0] == "then" && begins(words[($0 + 1)...]) }
    }

    private static func lowered(_ text: some StringProtocol) -> [String] {
        WordScanner.words(String(text)).map(\.lower)
    }

    private static func begins(_ words: ArraySlice<String>) -> Bool {
        guard let first = words.first, let second = words.dropFirst().first else { return false }
        return ImperativeVerbs.all.contains(first) && !nounSigns.contains(second)
    }

    static let titles: Set<String> = [
        "step", "steps", "phase", "phases", "stage", "stages", "workflow", "workflows", "procedure", "procedures",
        "process", "processes", "instructions", "rules", "constraints", "checklist", "checklists", "checks",
        "verification", "validation", "audit", "acceptance", "gate", "gates", "quick", "start", "when", "before",
    ]

    /// After them what looks like a verb is a noun: "List of fields", "Name and type".
    static let nounSigns: Set<String> = ["of", "and", "or", "is", "are", "was", "were", "has", "have", "can"]
}

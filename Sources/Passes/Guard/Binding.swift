import Basics
import SkillModel

/// Which texts are to be followed rather than looked up: they stay in SKILL.md. `slim` (`registry/passes/slim.py`) goes by
/// the same words.
enum Binding {
    /// The title that says so of a block: of its section or of one around it, but for the skill's own. O(depth).
    static func followedTitle(above block: Block, _ source: SkillDocument) -> String? {
        var at = block.section
        while let index = at, source.sections.indices.contains(index) {
            let section = source.sections[index]
            if section.level > 1, !titles.isDisjoint(with: Sentences.words(section.title)) { return section.title }
            at = section.parent
        }
        return nil
    }

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
        let words = Sentences.words(sentence)
        let isLabelled = sentence.contains(":") && Sentences.words(sentence.prefix { $0 != ":" }).count == 1
        if !isLabelled, begins(words[...]) { return true }
        guard let first = words.first, ImperativeVerbs.openers.contains(first) else { return false }
        return sentence.split(separator: ",").dropFirst().contains { begins(Sentences.words($0)[...]) }
            || words.indices.contains { words[$0] == "then" && begins(words[($0 + 1)...]) }
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

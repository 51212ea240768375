import Basics
import SkillModel

/// Whether text has the agent write code.
enum CodeCreation {
    static let verbs = PhraseTable(["create", "write", "implement", "implements", "update", "generate", "build"])

    /// Whether blocks of one language are code for the agent to write. In a tool's reference one of them beside other blocks
    /// shows how the tool looks from there.
    static func isWritten(_ shown: [Fragment], _ facts: SkillFacts) -> Bool {
        guard facts.archetype == .toolReference, shown.count == 1 else { return !shown.isEmpty }
        return facts.document.fragments.count == 1
    }

    static func createsFile(_ sentence: Sentence, endings: [String], _ facts: SkillFacts) -> Bool {
        (facts.fileSpans[sentence.block] ?? []).contains { code in
            guard sentence.span.start <= code.span.start, code.span.start < sentence.span.end + 40,
                endings.contains(where: { code.text.hasSuffix($0) }), !code.text.contains(" ")
            else { return false }
            let before = sentence.words.filter { $0.span.end <= code.span.start }.suffix(6)
            return verbs.isIn(Array(before)) && !before.contains { $0.lower == "run" }
        }
    }
}

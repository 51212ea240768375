import Basics
import SkillModel

/// Whether text has the agent create a file of code.
enum CodeCreation {
    static let verbs = PhraseTable(["create", "write", "implement", "implements", "update", "generate", "build"])

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

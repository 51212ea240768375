import Basics
import SkillModel

/// A tone or persona: named once it is L1, a persona or brand voice L2.
enum StyleRule: RequirementRule {
    static let id = "require.follow.style.tone"
    static let message = "the output has a tone or a voice"
    static let primitive = Primitive.followStyle

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        guard facts.archetype == .generative else { return [] }
        var findings: [RequirementFinding] = []
        let voice = facts.sentences(voices)
        if voice.count >= 2 || facts.isAbout(voices) {
            findings.append(RequirementFinding(.l2, voice.isEmpty ? facts.descriptionEvidence : facts.evidence(voice)))
        }
        let tone = facts.sentences(tones, not: [.links, .troubleshooting]).filter { speaksOfTone($0) }
        if !tone.isEmpty { findings.append(RequirementFinding(.l1, facts.evidence(tone))) }
        return findings
    }

    /// An adjective right before a noun qualifies that, not the output: "a formal process", "casual users".
    private static func speaksOfTone(_ sentence: Sentence) -> Bool {
        let words = sentence.words
        return tones.matches(in: words).contains { range in
            guard adjectives.contains(words[range.lowerBound].lower), range.upperBound < words.count,
                words[range.upperBound].span.start - words[range.upperBound - 1].span.end == 1
            else { return true }
            return ofSpeech.contains(words[range.upperBound].lower)
        }
    }
    private static let adjectives: Set<String> = ["formal", "informal", "friendly", "casual", "conversational"]
    private static let ofSpeech: Set<String> = [
        "tone", "voice", "style", "language", "register", "wording", "writing", "manner", "and", "or", "but", "vs",
        "when", "in", "with", "for",
    ]

    private static let voices = PhraseTable([
        "persona", "brand voice", "in the voice of", "voice and tone", "stay in character",
    ])
    private static let tones = PhraseTable([
        "tone", "formal", "informal", "friendly", "casual", "encouraging", "conversational", "empathetic",
        "humor", "humorous", "playful", "professional tone", "warm tone",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ⟦Keep a friendly tone⟧.
            """,
            finds: "L1"),
        RuleExample(
            """
            ---
            name: sample
            ⟦description: Writes posts in the brand voice.⟧
            ---
            Text.
            """,
            finds: "L2"),
        .nothing(
            """
            ```bash
            tool tone --friendly
            tool list
            tool show
            ```
            """),
        .nothing(
            """
            A formal process exists.
            """),
        .nothing(
            """
            Warn the user.
            """),
    ]
}

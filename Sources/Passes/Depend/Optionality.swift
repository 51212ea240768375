import Basics
import SkillModel

/// Whether a sentence says that what it names is not needed always.
enum Optionality {
    private static let phrases = PhraseTable([
        "optional", "optionally", "if available", "if installed", "alternatively", "recommended", "or use",
        "instead of",
        "not required", "nice to have", "if you have", "if you prefer", "fallback", "fall back",
    ])
    static func isOptional(_ sentence: Sentence) -> Bool { phrases.isIn(sentence.words) }
}

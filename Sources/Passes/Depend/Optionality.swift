import Basics
import SkillModel

/// Whether a sentence says that what it names is not needed always.
enum Optionality {
    private static let phrases = PhraseTable([
        "optional", "optionally", "if available", "if installed", "alternatively", "recommended", "or use",
        "instead of",
        "not required", "nice to have", "if you have", "if you prefer", "fallback", "fall back",
        "if present", "if desired", "not mandatory", "not strictly required", "only needed for", "only needed if",
        "only needed when", "only required for", "only required if", "only required when", "for faster",
        "for best results",
    ])
    static func isOptional(_ sentence: Sentence) -> Bool {
        let words = sentence.words
        // "Node.js 18+ recommended": a version is, the program is needed in any.
        return phrases.matches(in: words).contains { place in
            let isOfVersion = place.lowerBound > 0 && words[place.lowerBound - 1].lower.first?.isNumber == true
            return !(isOfVersion && words[place.lowerBound].lower == "recommended")
        } || isIfThere(words)
    }

    /// "If `ffmpeg` is available, it is used", "when jq is installed": not "if it is not installed". O(words).
    static func isIfThere(_ words: [Word]) -> Bool {
        for (index, word) in words.enumerated() where conditions.contains(word.lower) {
            let near = words[(index + 1)..<min(words.count, index + 8)]
            guard let place = near.firstIndex(where: { presences.contains($0.lower) }) else { continue }
            let between = near[..<place]
            if between.contains(where: { copulas.contains($0.lower) }), !between.contains(where: { lacks($0.lower) }) {
                return true
            }
        }
        return false
    }

    private static let conditions: Set<String> = ["if", "when", "where", "whenever"]
    private static let presences: Set<String> = ["available", "installed", "present"]
    private static let copulas: Set<String> = ["is", "are", "it's"]
    private static func lacks(_ word: String) -> Bool {
        word.hasSuffix("n't") || ["not", "no", "isn't", "aren't", "neither"].contains(word)
    }
}

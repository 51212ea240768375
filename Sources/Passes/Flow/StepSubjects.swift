import SkillModel

/// What steps are about: the words of a step's first sentence that few steps have. A step needs one of those shortly
/// before it when the one speaks of what the other is about: what is "resolved" in step 2 is "deployed" in step 4.
struct StepSubjects {
    /// How far back a subject is taken up: what lies further off is the whole procedure's subject more often.
    private static let reach = 2
    /// A word of more steps than this is what the procedure is about.
    private static let rarity = 3

    private let heads: [Set<String>]
    private let all: [Set<String>]
    private var counts: [String: Int] = [:]

    /// O(words).
    init(_ regions: [StepRegion]) {
        all = regions.map { Set($0.words.compactMap(StepSubjects.stem)) }
        heads = regions.map { region in
            Set((WordScanner.words(region.title) + region.firstSentence).compactMap(StepSubjects.stem))
        }
        for words in all { for word in words { counts[word, default: 0] += 1 } }
    }

    /// The steps before the last one that share a subject with the step.
    func neighbours(of index: Int) -> [Int] {
        (max(0, index - StepSubjects.reach)..<max(0, index - 1)).filter { other in
            shares(heads[other], all[index]) || shares(heads[index], all[other])
        }
    }

    private func shares(_ subjects: Set<String>, _ words: Set<String>) -> Bool {
        subjects.contains { words.contains($0) && counts[$0, default: 0] <= StepSubjects.rarity }
    }

    /// The word without its ending; nil for short and for general ones.
    private static func stem(_ word: Word) -> String? {
        let lower = word.lower
        guard lower.utf8.count >= 4, lower.utf8.first.map({ $0.isLetter }) == true, !general.contains(lower) else {
            return nil
        }
        for ending in ["ation", "ing", "ed", "es", "s"]
        where lower.hasSuffix(ending) && lower.utf8.count - ending.utf8.count >= 4 {
            return String(lower.dropLast(ending.utf8.count))
        }
        return lower
    }

    private static let general: Set<String> = [
        "that", "these", "those", "when", "then", "user", "file", "files", "step", "steps", "each", "using", "your",
        "will", "should", "must", "have", "into", "more", "only", "also", "them", "they", "which", "what", "than",
        "after", "before", "same", "other", "where", "need", "needs", "with", "from", "this", "once", "make", "sure",
        "here", "there", "their", "does", "been", "were", "about", "such", "some",
    ]
}

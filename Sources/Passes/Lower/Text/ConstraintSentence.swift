/// What makes a sentence part of a skill's contract, by its own words.
enum ConstraintSentence {
    /// Whether a sentence forbids or demands: *must*, *never*, *always*, *do not*, *only*, *at least*, … O(n).
    static func isConstraint(_ words: [String]) -> Bool {
        contains(
            words,
            single: [
                "must", "never", "always", "only", "mustn't", "cannot", "don't", "shall", "required", "forbidden",
                "without", "except", "unless", "exactly",
            ])
            || pairs(words).contains {
                [
                    "do not", "at least", "at most", "no more", "up to", "may not", "should not", "not allowed",
                    "is not", "need to",
                ].contains($0)
            }
    }

    /// Whether a sentence says how to see that the work is done or right.
    static func isCheck(_ words: [String]) -> Bool {
        contains(
            words,
            single: [
                "verify", "check", "ensure", "confirm", "validate", "assert", "acceptance", "criteria", "passes",
                "verification",
            ])
            || pairs(words).contains { ["make sure", "done when", "success criteria", "double check"].contains($0) }
    }

    private static func contains(_ words: [String], single: Set<String>) -> Bool {
        words.contains { single.contains($0) }
    }

    private static func pairs(_ words: [String]) -> [String] {
        zip(words, words.dropFirst()).map { "\($0) \($1)" }
    }
}

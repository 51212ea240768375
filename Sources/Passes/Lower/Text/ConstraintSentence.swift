/// What makes a sentence part of a skill's contract, by its own words.
enum ConstraintSentence {
    /// Whether a sentence forbids or demands: *must*, *never*, *prohibited*, *at least*, *nur*, *必须*, … O(n).
    static func isConstraint(_ words: [String]) -> Bool {
        contains(words, single: single) || !pairs.isDisjoint(with: pairs(words)) || isStrong(words)
    }

    /// Whether it does so in words that mean nothing else: also in the cell of a table, where `required` is a property of a
    /// parameter. O(n).
    static func isStrong(_ words: [String]) -> Bool {
        contains(words, single: strong) || !strongPairs.isDisjoint(with: pairs(words))
            || words.contains { word in word.utf8.contains { $0 >= 0x80 } && unspaced.contains { word.contains($0) } }
    }

    static let single: Set<String> = [
        "only", "cannot", "shall", "required", "without", "except", "unless", "exactly", "limit", "limited", "maximum",
        "minimum", "refuse", "reject", "nobody", "nothing", "until", "approval", "approvals", "approved", "blocks",
        "allowed", "permitted", "unacceptable",
    ]
    private static let pairs: Set<String> = [
        "up to", "may not", "should not", "not allowed", "is not", "need to", "no one",
    ]
    static let strong: Set<String> = [
        "must", "never", "always", "don't", "mustn't", "can't", "forbidden", "prohibited", "prohibits", "mandatory",
        "obligatory", "disallowed", "banned", "muss", "müssen", "darf", "dürfen", "niemals", "verboten", "nur",
        "mindestens", "höchstens", "doit", "doivent", "jamais", "interdit", "interdite", "obligatoire", "debe", "deben",
        "nunca", "prohibido", "prohibida", "obligatorio", "obligatoria", "deve", "devono", "vietato", "sempre",
    ]
    private static let strongPairs: Set<String> = ["do not", "at least", "at most", "no more"]
    /// Chinese, Japanese, Korean, where no blank is between words.
    static let unspaced: Set<String> = [
        "必须", "必須", "不要", "不得", "不能", "不可", "禁止", "严禁", "务必", "切勿", "至少", "最多", "只能", "仅限", "必ず",
        "しないで", "いけません", "ならない", "금지", "반드시", "마세요",
    ]

    /// Whether a sentence says how to see that the work is done or right.
    static func isCheck(_ words: [String]) -> Bool {
        contains(words, single: checks)
            || pairs(words).contains { ["make sure", "done when", "success criteria", "double check"].contains($0) }
    }

    static let checks: Set<String> = [
        "verify", "check", "ensure", "confirm", "validate", "assert", "acceptance", "criteria", "passes",
        "verification",
    ]

    private static func contains(_ words: [String], single: Set<String>) -> Bool {
        words.contains { single.contains($0) }
    }

    private static func pairs(_ words: [String]) -> [String] {
        zip(words, words.dropFirst()).map { "\($0) \($1)" }
    }
}

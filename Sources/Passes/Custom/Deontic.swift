/// What gives a text a deontic or limiting sense: words that forbid, oblige, permit, bound, make a condition or a check.
///
/// A description seldom has one of them and a rule never does without, in whatever words it is put. So these tables are
/// wide on purpose: what they take for a rule wrongly stays where it is.
enum Deontic {
    /// Whether a text of names and descriptions has any such sense.
    static func isSigned(_ words: [Word]) -> Bool { signs.isIn(words) || isMeasured(words) }

    /// Whether a text that is code, a form or a sample for the rest has a rule in so many words.
    static func isStrong(_ words: [Word]) -> Bool { strong.isIn(words) }

    /// A mark that says so without words.
    static func isMarked(_ text: String) -> Bool {
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if marks.contains(scalar) { return true }
            if previous == "<" || previous == ">", scalar.isDigit || scalar == "=" { return true }
            if scalar != " " { previous = scalar }
        }
        return false
    }

    /// "3 approvals", "two approvals", "twice": a number of something.
    private static func isMeasured(_ words: [Word]) -> Bool {
        if words.contains(where: { numbers.contains($0.lower) }) { return true }
        return zip(words, words.dropFirst()).contains { number, unit in
            number.text.utf8.allSatisfy(\.isDigit) && !["of", "to", "and", "or", "in"].contains(unit.lower)
                && unit.text.unicodeScalars.allSatisfy { $0.properties.isLowercase }
        }
    }

    private static let numbers: Set<String> = [
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty", "hundred",
        "thousand", "dozen", "half", "twice", "thrice", "both",
    ]

    private static let marks = Set("❌⛔🚫✗✘✖❎⚠❗‼🛑🔒≤≥≦≧".unicodeScalars)

    private static let signs = PhraseTable(
        // It forbids.
        [
            "never", "not", "don't", "dont", "cannot", "can't", "won't", "mustn't", "shouldn't", "couldn't", "needn't",
            "isn't", "aren't", "doesn't", "didn't", "wouldn't", "no", "nobody", "nothing", "none", "neither", "nor",
            "without", "forbid*", "forbad*", "prohibit*", "disallow*", "ban", "bans", "banned", "refus*", "reject*",
            "deny", "denies", "denied", "block", "blocks", "blocked", "blocking", "refrain*", "avoid*", "stop", "stops",
            "stopped", "abort*", "halt*", "veto*", "illegal*", "unlawful*", "off limits", "taboo*",
            "exclud*", "ineligible", "invalid*", "unsafe", "unsupported", "unacceptable", "negotiable", "hands off",
            "leave alone",
            "wrong", "cease*", "frozen", "freeze*", "sacred", "untouched", "protected",
        ]
            // It obliges.
            + [
                "must", "shall", "should", "ought", "has to", "have to", "had to", "need*", "requir*", "mandat*",
                "oblig*", "compulsor*", "necessar*", "essential*", "imperative*", "enforc*", "ensur*", "guarante*",
                "insist*", "always", "every time", "each time", "regardless", "responsib*", "is to", "are to", "be to",
                "owe*", "demand*", "crucial*", "vital*", "first", "due", "expect*", "at all costs", "by all means",
            ]
            // It permits.
            + [
                "may", "can", "could", "might", "allow*", "permit*", "permission*", "approv*", "consent*", "authoriz*",
                "authoris*", "sign", "signs", "signed", "entitle*", "eligib*", "grant*", "only", "sole*",
                "exclusive*", "just", "safe", "free to", "up to you", "agree*", "accept*", "acceptable", "okay", "let",
                "lets", "clearance", "cleared", "supervis*", "discretion*",
            ]
            // It bounds.
            + [
                "limit*", "max", "maximum", "maxim*", "min", "minimum", "minim*", "most", "least", "exactly", "strict*",
                "precisely", "cap", "capped", "caps", "ceiling*", "floor", "threshold*", "quota*", "exceed*", "up to",
                "more than", "less than", "fewer", "within", "beyond", "restrict*", "bound*", "or more", "or less",
                "or fewer", "above", "below", "under", "over", "larger than", "smaller than", "longer than", "longer",
                "shorter than", "shorter", "at a time", "enough", "too", "any more", "outside", "hours", "weekend*",
                "business",
            ]
            // It makes a condition or an order.
            + [
                "if", "when", "whenever", "while", "once", "until", "till", "unless", "except*", "before", "after",
                "otherwise", "else", "provided", "providing", "as long as", "so long as", "depend*", "subject to",
                "instead", "rather", "then", "whether", "in case", "as soon as", "prior", "pending", "nobody but",
            ]
            // It checks, or calls for attention.
            + [
                "verif*", "check*", "confirm*", "validat*", "assert*", "acceptance", "criteri*", "make sure",
                "caution*",
                "warn*", "important*", "critical*", "danger*", "beware", "careful*", "irrevers*", "destruct*", "risk*",
                "attention", "you", "your", "yourself", "ask", "asks", "wait", "waits", "human", "review*", "audit*",
                "prefer*", "recommend*", "priorit*", "rule*", "polic*", "constraint*",
            ]
            // The same in other languages that are written with few accents.
            + [
                "nur", "nicht", "nie", "niemals", "kein", "keine", "keinen", "ohne", "muss", "verboten", "darf", "erst",
                "erlaubt", "mindestens", "jamais", "pas", "sans", "doit", "interdit", "interdite", "seulement", "sauf",
                "obligatoire", "uniquement", "nunca", "sin", "debe", "prohibido", "prohibida", "solo", "solamente",
                "obligatorio", "mai", "senza", "deve", "vietato", "vietata", "obbligatorio", "sem", "proibido",
                "apenas",
                "somente", "nooit", "niet", "zonder", "moet", "alleen", "verplicht", "nigdy", "nie", "bez", "tylko",
                "zakazane", "aldrig", "inte", "utan", "aldri", "ikke", "uten", "jangan", "harus", "wajib", "dilarang",
                "tanpa", "asla", "yasak", "nikdy", "nesmi", "musi",
            ])

    private static let strong = PhraseTable([
        "must", "mustn't", "never", "always", "do not", "don't", "cannot", "can't", "may not", "should not",
        "shouldn't",
        "shall", "forbid*", "prohibit*", "mandatory", "not allowed", "not permitted", "disallowed", "refuse", "unless",
        "until", "nobody", "no one", "at most", "at least", "no more than", "up to", "only if", "only when", "only the",
        "only after", "make sure", "important", "warning", "approv*", "permission", "is required",
        "are required", "requires a", "ensure", "careful", "limited to", "maximum", "minimum", "compulsory", "capped",
        "off limits", "restricted", "illegal", "essential", "avoid",
        "have to", "rejected", "exactly", "exceed", "responsible", "allowed",
    ])
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(value) }
}

/// The options that every command has, in all their spellings: they may stand before its name. The one table of them besides
/// `GlobalOptions` itself, which a test holds it to.
enum LeadingOptions {
    static let flags = [
        "--locked", "--offline", "--frozen", "--keep-going", "--dry-run", "--json", "-q", "--quiet", "-v", "--verbose",
    ]
    /// Those with a value in the next word.
    static let valued = ["-C", "-j", "--jobs"]
    /// Those with a value in the same word, as what they begin with.
    static let joined = ["-j", "--jobs="]

    /// How many words the option takes that `word` is or begins; 0 when it is none of these.
    static func words(of word: String) -> Int {
        if valued.contains(word) { return 2 }
        return flags.contains(word) || joined.contains { word.hasPrefix($0) && word != $0 } ? 1 : 0
    }

    /// `skvm -C DIR build` as `skvm build -C DIR`, for the parser, which knows them behind the name alone.
    static func last(_ arguments: [String]) -> [String] {
        var first = 0
        while first < arguments.count {
            let count = words(of: arguments[first])
            if count == 0 { break }
            first += count
        }
        guard first > 0, first < arguments.count, !arguments[first].hasPrefix("-") else { return arguments }
        let rest = arguments[first...]
        let end = rest.firstIndex(of: "--") ?? rest.endIndex
        return Array(rest[..<end]) + arguments[..<first] + rest[end...]
    }
}

/// A set of phrases of one or more lower-case words, found in a list of words in one pass.
package struct PhraseTable: Sendable {
    /// A word of a phrase; a stem matches any ending (`analy*`).
    private struct Part {
        var text: String
        var isStem: Bool

        init(_ word: String) {
            isStem = word.hasSuffix("*")
            text = isStem ? String(word.dropLast()) : word
        }

        func fits(_ word: String) -> Bool { isStem ? word.hasPrefix(text) : word == text }
    }

    /// Phrases by their first word.
    private let exact: [String: [[Part]]]
    /// Which keys of words (`Word.key`) may begin a phrase: most words begin none, and are asked after by no string.
    private let filter: KeyFilter
    private let stems: [(stem: String, rest: [Part])]
    /// The first bytes of the stems, one bit each; nil when one is not ASCII.
    private let stemBytes: FirstBytes?

    /// Each phrase is words divided by single spaces; `*` at a word's end matches any ending.
    package init(_ phrases: [String]) {
        var exact: [String: [[Part]]] = [:]
        var stems: [(stem: String, rest: [Part])] = []
        for phrase in phrases {
            let parts = phrase.split(separator: " ").map { Part(String($0)) }
            guard let first = parts.first else { continue }
            if first.isStem {
                stems.append((first.text, Array(parts.dropFirst())))
            } else {
                exact[first.text, default: []].append(Array(parts.dropFirst()))
            }
        }
        self.exact = exact
        self.stems = stems
        filter = KeyFilter(exact.keys.map(WordKey.of))
        stemBytes = FirstBytes(stems.map(\.stem))
    }

    /// The places where a phrase begins, with the phrase's last word's index. O(words × phrases of one first word).
    package func matches(in words: [Word]) -> [Range<Int>] {
        words.indices.compactMap { match(in: words, at: $0) }
    }

    package func first(in words: [Word]) -> Range<Int>? {
        for index in words.indices {
            if let range = match(in: words, at: index) { return range }
        }
        return nil
    }

    /// The words begin with a phrase.
    package func opens(_ words: [Word]) -> Bool { !words.isEmpty && match(in: words, at: 0) != nil }

    package func isIn(_ words: [Word]) -> Bool { first(in: words) != nil }

    private func match(in words: [Word], at index: Int) -> Range<Int>? {
        let word = words[index]
        if filter.mayHold(word.key) {
            for rest in exact[word.lower] ?? [] where follows(rest, words, index + 1) {
                return index..<index + 1 + rest.count
            }
        }
        if stemBytes?.holdFirst(of: word.lower) ?? true {
            for (stem, rest) in stems where word.lower.hasPrefix(stem) && follows(rest, words, index + 1) {
                return index..<index + 1 + rest.count
            }
        }
        return nil
    }

    private func follows(_ rest: [Part], _ words: [Word], _ start: Int) -> Bool {
        guard start + rest.count <= words.count else { return false }
        for (offset, wanted) in rest.enumerated() where !wanted.fits(words[start + offset].lower) { return false }
        return true
    }
}

/// Tells at once that a key is none of a set's; that it is one, only the set itself can.
struct KeyFilter: Sendable {
    private var bits: [UInt64]
    private let mask: UInt64

    init(_ keys: [UInt64]) {
        // Eight bits or more a key: one key of eight that isn't there passes at most.
        var words = 1
        while words * 8 < keys.count { words *= 2 }
        bits = Array(repeating: 0, count: words)
        mask = UInt64(words - 1)
        for key in keys { bits[Int((key >> 32) & mask)] |= 1 << (key & 63) }
    }

    /// Always true of words that are not ASCII (0).
    func mayHold(_ key: UInt64) -> Bool { key == 0 || bits[Int((key >> 32) & mask)] & (1 << (key & 63)) != 0 }
}

/// The first bytes of some ASCII words.
private struct FirstBytes {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// Nil when a word is empty or begins with something else.
    init?(_ words: [String]) {
        for word in words {
            guard let byte = word.utf8.first, byte < 0x80 else { return nil }
            if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
        }
    }

    func holdFirst(of word: String) -> Bool {
        guard let byte = word.utf8.first else { return false }
        // A word that is not ASCII may be equal to one that is, in other bytes.
        if byte >= 0x80 { return true }
        return byte < 64 ? low & (1 << UInt64(byte)) != 0 : high & (1 << UInt64(byte - 64)) != 0
    }
}

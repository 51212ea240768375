/// A set of phrases of one or more lower-case words, found in a list of words in one pass.
package struct PhraseTable: Sendable {
    /// Phrases by their first word; `*` at a word's end matches any ending (`analy*`).
    private let exact: [String: [[String]]]
    private let prefixes: [(stem: String, rest: [String])]

    /// Each phrase is words divided by single spaces.
    package init(_ phrases: [String]) {
        var exact: [String: [[String]]] = [:]
        var prefixes: [(stem: String, rest: [String])] = []
        for phrase in phrases {
            let words = phrase.split(separator: " ").map(String.init)
            guard let first = words.first else { continue }
            if first.hasSuffix("*") {
                prefixes.append((String(first.dropLast()), Array(words.dropFirst())))
            } else {
                exact[first, default: []].append(Array(words.dropFirst()))
            }
        }
        self.exact = exact
        self.prefixes = prefixes
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

    package func isIn(_ words: [Word]) -> Bool { first(in: words) != nil }

    private func match(in words: [Word], at index: Int) -> Range<Int>? {
        let word = words[index].lower
        for rest in exact[word] ?? [] where follows(rest, words, index + 1) { return index..<index + 1 + rest.count }
        for (stem, rest) in prefixes where word.hasPrefix(stem) && follows(rest, words, index + 1) {
            return index..<index + 1 + rest.count
        }
        return nil
    }

    private func follows(_ rest: [String], _ words: [Word], _ start: Int) -> Bool {
        guard start + rest.count <= words.count else { return false }
        for (offset, wanted) in rest.enumerated() {
            let word = words[start + offset].lower
            let fits = wanted.hasSuffix("*") ? word.hasPrefix(wanted.dropLast()) : word == wanted
            if !fits { return false }
        }
        return true
    }
}

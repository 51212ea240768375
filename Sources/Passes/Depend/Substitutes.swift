import Basics
import SkillModel

/// Names that a sentence joins by "or": one of them will do.
enum Substitutes {
    /// Whether the word stands in a list of names whose last joint is "or": "npm, pnpm or yarn", "Docker or Podman",
    /// "either `uv` or pip". Between the names stand commas, "or", articles and versions alone. O(length of the list).
    static func isOneOf(_ index: Int, _ sentence: Sentence, _ bytes: [UInt8]) -> Bool {
        let words = sentence.words
        var (first, last) = (index, index)
        var hasOr = false
        // To the left, then to the right, over joints to further names.
        while let before = step(from: first, by: -1, words, bytes) {
            hasOr = hasOr || before.hasOr
            first = before.index
        }
        while let after = step(from: last, by: 1, words, bytes) {
            hasOr = hasOr || after.hasOr
            last = after.index
        }
        return hasOr && first < last
    }

    /// The neighbouring name, over a comma, "or" and what belongs to a name.
    private static func step(
        from index: Int, by direction: Int, _ words: [Word], _ bytes: [UInt8]
    ) -> (index: Int, hasOr: Bool)? {
        var at = index + direction
        var hasOr = false
        var skipped = 0
        while words.indices.contains(at), skipped < 3 {
            let word = words[at]
            if word.lower == "or" {
                hasOr = true
            } else if isName(word, words, at) {
                let (left, right) = direction > 0 ? (index, at) : (at, index)
                return hasOr || isComma(words[left].span.end, words[right].span.start, bytes) ? (at, hasOr) : nil
            } else if !isPart(word) {
                return nil
            }
            skipped += 1
            at += direction
        }
        return nil
    }

    private static func isName(_ word: Word, _ words: [Word], _ index: Int) -> Bool {
        Programs.isNamed(word.lower) || Products.needed(words, at: index) != nil
    }

    /// A version, an article, and what narrows a name: "Python 3.11", "the", "CLI".
    private static func isPart(_ word: Word) -> Bool {
        word.lower.first?.isNumber == true || ["a", "an", "the", "either", "cli", "v"].contains(word.lower)
    }

    private static func isComma(_ start: Int, _ end: Int, _ bytes: [UInt8]) -> Bool {
        guard start < end, end - start < 24 else { return false }
        return bytes[start..<end].contains(UInt8(ascii: ",")) || bytes[start..<end].contains(UInt8(ascii: "/"))
    }
}

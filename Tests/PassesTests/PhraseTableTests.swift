import Basics
import SkillModel
import Testing

@testable import Passes

/// The table against the definition: each phrase is tried at each word.
struct PhraseTableTests {
    private func definition(_ phrases: [String], _ words: [String]) -> [Range<Int>] {
        let parts = phrases.map { $0.split(separator: " ").map(String.init) }
        func fits(_ wanted: String, _ word: String) -> Bool {
            wanted.hasSuffix("*") ? word.hasPrefix(wanted.dropLast()) : word == wanted
        }
        // Of several, exact first words go first, each kind in its own order.
        let ordered = parts.filter { !$0[0].hasSuffix("*") } + parts.filter { $0[0].hasSuffix("*") }
        return words.indices.compactMap { index in
            ordered.first { phrase in
                index + phrase.count <= words.count && zip(phrase, words[index...]).allSatisfy(fits)
            }.map { index..<index + $0.count }
        }
    }

    @Test func `finds what its phrases say, in texts of few and of strange words`() {
        var generator = SystemRandomNumberGenerator()
        let parts = [
            "a", "ab", "abc", "b", "don't", "é", "e\u{301}t", "\u{212A}m", "km", "über", "x1", "analyse", "analysis",
        ]
        for _ in 0..<400 {
            let phrases = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
                (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                    let word = parts.randomElement(using: &generator) ?? "a"
                    return Bool.random(using: &generator) ? word : String(word.prefix(2)) + "*"
                }.joined(separator: " ")
            }
            let words = (0..<24).map { _ in parts.randomElement(using: &generator) ?? "a" }
            let found = PhraseTable(phrases).matches(
                in: words.map { Word(text: $0, lower: $0.lowercased(), span: SourceSpan(0, 1)) })
            #expect(found == definition(phrases, words.map { $0.lowercased() }), "\(phrases) in \(words)")
        }
    }

    @Test func `words are equal by what they say, and their numbers with them`() {
        #expect(WordKey.of("abc") == WordKey.of("abc") && WordKey.of("abc") != WordKey.of("abd"))
        #expect(WordKey.of("") == 0 && WordKey.of("é") == 0)
    }
}

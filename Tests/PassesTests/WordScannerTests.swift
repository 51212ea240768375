import Basics
import SkillModel
import Testing

@testable import Passes

@Suite struct WordScannerTests {
    private func sentences(_ text: String) -> [Sentence] {
        let bytes = Array(text.utf8)
        return WordScanner.sentences(bytes, SourceSpan(0, bytes.count), block: 0)
    }

    /// Rules look through the whole sentence for each of its words.
    @Test func `a sentence without an end is cut after a thousand words, and loses none`() {
        let found = sentences(String(repeating: "Slack API ", count: 1250))
        #expect(found.map(\.words.count) == [1000, 1000, 500])
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.span.end < $1.span.start })
        #expect(sentences(String(repeating: "a ", count: 1000)).map(\.words.count) == [1000])
    }
}

import Basics
import SkillModel

/// What a text asks, it does not have done.
enum Asked {
    /// Whether the sentence ends with a question mark, quotes and brackets aside. O(1).
    static func isQuestion(_ sentence: Sentence, _ document: SkillDocument) -> Bool {
        let after = document.bytes[min(sentence.span.end, document.bytes.count)...].prefix(4)
        return after.first { !"`*\"')]_".utf8.contains($0) } == UInt8(ascii: "?")
    }
}

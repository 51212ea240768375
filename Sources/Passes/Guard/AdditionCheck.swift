import Basics
import SkillModel

/// What a variant has beyond its source is made of the source's words and of those that the passes are known to add: no
/// advice, no new demand.
enum AdditionCheck {
    static func run(_ comparison: GuardComparison, text: [String], fragments: [Int]) -> [Diagnostic] {
        let isEmpty = fragments.contains { comparison.variant.fragments[$0].text.allSatisfy(\.isWhitespace) }
        if isEmpty { return [.guarded("addition", "the variant has a code block with nothing in it")] }
        let added = text + fragments.map { comparison.variant.fragments[$0].text } + comparison.moves.added
        guard !added.isEmpty else { return [] }
        // From what costs nothing to know to what has to be read: mostly nothing is strange before the source is.
        var strange = added.flatMap(plain).filter { !builtIn.contains($0) && Int($0) == nil }
        func know(_ text: String) {
            if !strange.isEmpty {
                let known = Set(plain(text))
                strange.removeAll { known.contains($0) }
            }
        }
        for phrase in comparison.declared { know(phrase) }
        for file in comparison.files { know(file.path.text) }
        know(comparison.source.source)
        // Without markup, words may join: `nre`'s.
        for block in comparison.source.blocks { know(block.text) }
        guard let first = strange.first else { return [] }
        return [
            .guarded(
                "addition",
                "the variant says what the skill does not: “\(first.prefix(60))” and \(strange.count - 1) more words")
        ]
    }

    /// The words that the built-in passes add.
    private static let builtIn = Set((Guard.phrases + [Relocation.token]).flatMap(plain))

    /// The words of a text in lower case, without quotation marks and dashes. O(n).
    static func plain(_ text: String) -> [String] {
        var bytes = Array(text.utf8)
        var at = 0
        // “ ” ‘ ’ – — … are three bytes each, the first two alike.
        while at + 2 < bytes.count {
            if bytes[at] == 0xE2, bytes[at + 1] == 0x80, marks.contains(bytes[at + 2]) {
                for index in at...(at + 2) { bytes[index] = 0x20 }
                at += 2
            }
            at += 1
        }
        return Sentences.words(String(decoding: bytes, as: UTF8.self))
    }

    private static let marks: [UInt8] = [0x93, 0x94, 0x98, 0x99, 0x9C, 0x9D, 0xA6]
}

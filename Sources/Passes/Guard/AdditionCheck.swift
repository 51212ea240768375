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
        var known = Set(plain(comparison.source.source))
        // Without markup, words may join: `nre`'s.
        for block in comparison.source.blocks { known.formUnion(plain(block.text)) }
        for phrase in comparison.phrases { known.formUnion(plain(phrase)) }
        for file in comparison.files { known.formUnion(plain(file.path.text)) }
        known.formUnion(plain(Relocation.token))
        let strange = added.flatMap(plain).filter { !known.contains($0) && Int($0) == nil }
        guard let first = strange.first else { return [] }
        return [
            .guarded(
                "addition",
                "the variant says what the skill does not: “\(first.prefix(60))” and \(strange.count - 1) more words")
        ]
    }

    /// The words of a text in lower case, without quotation marks and dashes.
    static func plain(_ text: String) -> [String] {
        let marks = text.unicodeScalars.map { "“”‘’–—…".unicodeScalars.contains($0) ? " " : $0 }
        return Sentences.words(String(String.UnicodeScalarView(marks)))
    }
}

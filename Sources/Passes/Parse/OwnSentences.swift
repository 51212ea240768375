import Basics
import SkillModel

/// Sentences of a source that are skvm's own, word for word: a variant has them where a pass put them, and a source that has
/// them says of itself what no pass worked out. `require` believes some of them, so that whoever reads the skill should know.
enum OwnSentences {
    /// A warning for each, the first ones of the text. O(length).
    static func diagnostics(_ document: SkillDocument) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for (index, block) in document.blocks.enumerated() where found.count < most {
            guard [.paragraph, .heading, .tableRow].contains(block.kind) else { continue }
            for sentence in WordScanner.sentences(document.bytes, block.span, block: index) where found.count < most {
                let isDemand = OneAtATime.measure(sentence.words) != nil || OtherWay.way(sentence.words) != nil
                guard isDemand || isMarker(sentence.words) else { continue }
                found.append(
                    .parse(
                        "own-sentence", .warning,
                        "the skill has a sentence that skvm adds to variants: “\(document.text(sentence.span).prefix(80))”",
                        at: sentence.span.start,
                        hint: isDemand
                            ? "it lowers what the skill is taken to demand: leave it only if the agent is to work so"
                            : "is this an installed variant rather than a source? Else say it in other words"))
            }
        }
        return found
    }

    private static let most = 20

    private static func isMarker(_ words: [Word]) -> Bool {
        guard let first = words.first, let candidates = markers[first.lower] else { return false }
        return candidates.contains { marker in
            marker.count <= words.count && zip(marker, words).allSatisfy { $0 == $1.lower }
        }
    }

    /// How the lists and notes begin that `lower` and `schedule` put in: their first clause.
    static let beginnings = [
        "The steps of the work, in order", "These steps do not depend on each other",
        "The items of this step do not depend on each other", "These sub-tasks do not depend on each other",
        "To fill in while looking, one line at a time",
        "Before each action and at the end, go down this list for yourself",
        "The files of this text, in its order",
    ]

    private static let markers = Dictionary(
        grouping: beginnings.map { WordScanner.words($0).map(\.lower) }, by: { $0.first ?? "" })
}

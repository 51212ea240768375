package import SkillModel

/// What a skill can say so that the same work demands less at a time.
///
/// The levels named here count what is held together: one file or several, one rule or three to five, a single step of a sum or
/// the chain (`capabilities.md`). A skill that has the agent take them one by one demands the level below. `lower` adds such a
/// sentence where a target needs it; `require` reads it wherever it stands, for an author may have written it.
///
/// A level that says what the work *is* has no measure: files written in sequence, commands chained, loops, a cause across many
/// files are the same work one at a time (decision 0071).
package enum OneAtATime {
    /// Of all measures but `points`.
    package static let id = "require.one-at-a-time"

    package struct Measure: Sendable {
        package let primitives: Set<Primitive>
        /// The levels from which it leads to the one below.
        package let from: Set<Level>
        /// Stands among the rules of a requirement that it lowered.
        package let id: String
        /// One sentence.
        package let sentence: String
        fileprivate let words: [String]

        fileprivate init(
            _ primitives: Set<Primitive>, from: Set<Level>, _ sentence: String, id: String = OneAtATime.id
        ) {
            self.primitives = primitives
            self.from = from
            self.id = id
            self.sentence = sentence
            words = WordScanner.words(sentence).map(\.lower)
        }
    }

    package static let measures: [Measure] = [
        Measure([.toolFileRead], from: [.l2], "Read one file at a time."),
        Measure([.toolFileRead], from: [.l3], "Read a long file in parts of 200 lines, one part at a time."),
        Measure([.reasonArithmetic], from: [.l2, .l3], "Compute one step at a time."),
        Measure([.reasonLogic], from: [.l2], "Weigh one condition at a time."),
        Measure([.genTextLong], from: [.l2, .l3], "Write one section at a time."),
        Measure([.followConstraint], from: [.l2], "Check your work against each rule, one at a time."),
    ]

    /// Stands after a list of what to look for: each point is one question, not the whole.
    package static let points = Measure(
        [.reasonAnalysis, .reasonLogic], from: [.l2],
        "Answer each point above with yes or no, and note the line or output that shows it.",
        id: "require.point-by-point")

    private static let byFirstWord = Dictionary(grouping: measures + [points]) { $0.words.first ?? "" }

    /// The measure whose very words a sentence is; nil for all others. O(words).
    package static func measure(_ sentence: [Word]) -> Measure? {
        guard let first = sentence.first, let candidates = byFirstWord[first.lower] else { return nil }
        return candidates.first { measure in
            measure.words.count == sentence.count && zip(measure.words, sentence).allSatisfy { $0 == $1.lower }
        }
    }

    /// What is demanded where the measure is taken; nil when nothing is left of it.
    package static func level(below level: Level) -> Level? {
        Level(rawValue: level.rawValue - 1).flatMap { $0 == .l0 ? nil : $0 }
    }
}

import Basics
import SkillModel

/// What the steps' first sentences say of who acts and in which order.
struct ProcedureCues {
    /// Words of order ("then", "after", "finally") open a step after the first.
    var isOrdered = false
    /// A step does something with "the user": the agent acts.
    var namesUser = false
    /// The text speaks of itself ("I'll convert it"): what a conversation is like, not what to do.
    var speaksOfItself = false
    /// Share of steps that a person does with a pointer: click, open the app, sign up.
    var byHand = 0.0

    /// O(words of the steps' first sentences).
    init(_ steps: [Procedure.Step], _ reading: SkillReading) {
        var hands = 0
        for (index, step) in steps.enumerated() {
            let words = reading.sentences(in: SourceSpan(step.start, step.end)).first?.words ?? []
            let lead = words.drop { $0.lower.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }
            guard let first = lead.first?.lower else { continue }
            if index > 0, ProcedureCues.order.contains(first) { isOrdered = true }
            if ProcedureCues.selves.contains(first) { speaksOfItself = true }
            if ProcedureCues.hands.contains(first) { hands += 1 }
            if lead.dropFirst().contains(where: { $0.lower == "user" || $0.lower == "user's" }) { namesUser = true }
        }
        byHand = steps.isEmpty ? 0 : Double(hands) / Double(steps.count)
    }

    private static let order: Set<String> = ["then", "after", "finally", "once", "next", "lastly", "afterwards"]
    private static let selves: Set<String> = ["i", "i'll", "i'm", "we'll", "you'll"]
    private static let hands: Set<String> = ["click", "tap", "open", "go", "log", "sign", "scroll", "toggle", "paste"]
}

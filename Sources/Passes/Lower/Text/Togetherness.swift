import Basics
import SkillModel

/// What the text has done at once: a sentence that has the same things taken one at a time would contradict it.
enum Togetherness {
    /// Whether the text has what `measure` speaks of done at once. O(sentences) once a document.
    static func denies(_ measure: OneAtATime.Measure, in reading: SkillReading) -> Bool {
        let told = sentences(of: reading)
        return measure.primitives.contains { primitive in
            guard let things = things[primitive] else { return false }
            return told.contains { !things.isDisjoint(with: $0) }
        }
    }

    /// Whether that several run at once is a rule of the text, or what they are is no call that ends: programs in the
    /// background, sessions, agents. Calls in one turn are for speed alone, and may be made one after the other.
    static func isMeant(in reading: SkillReading) -> Bool {
        sentences(of: reading).contains { !lasting.isDisjoint(with: $0) || !granting.isDisjoint(with: $0) }
    }

    /// The words of each sentence that has things done at once.
    private static func sentences(of reading: SkillReading) -> [Set<String>] {
        reading.once("lower.togetherness") {
            reading.sentences.compactMap { sentence in
                let words = sentence.words.map(\.lower)
                let isTold =
                    !marks.isDisjoint(with: words)
                    || zip(words, words.dropFirst()).contains { pairs.contains("\($0) \($1)") }
                return isTold && refusals.isDisjoint(with: words) ? Set(words) : nil
            }
        }
    }

    private static let marks: Set<String> = [
        "parallel", "concurrently", "simultaneously", "concurrent", "simultaneous",
    ]
    private static let pairs: Set<String> = [
        "at once", "same turn", "one turn", "single turn", "one message", "single message", "same time",
    ]
    private static let refusals: Set<String> = [
        "not", "never", "no", "don't", "avoid", "without", "sequentially", "cannot", "can't", "instead", "isn't",
    ]
    private static let lasting: Set<String> = [
        "background", "process", "processes", "session", "sessions", "agent", "agents", "subagents", "sub-agents",
        "worker", "workers", "server", "servers", "thread", "threads", "instances", "daemon", "jobs",
    ]
    private static let granting: Set<String> = [
        "must", "always", "ok", "okay", "fine", "allowed", "required", "critical",
    ]

    /// What a sentence must speak of to deny a measure of the primitive.
    private static let things: [Primitive: Set<String>] = [
        .toolFileRead: ["read", "file", "files", "load", "open", "reads"],
        .genTextLong: ["write", "section", "sections"],
    ]
}

import Basics
import SkillModel

/// One step that the text does for many things ("For each page, fetch …"), or hands out to agents ("Spawn a sub-agent for each …").
struct StatedLoop {
    let kind: Workflow.Parallelism
    let span: SourceSpan
    let why: String
    /// Whether the items need nothing of one another: the text says it, or no more is done than reading.
    let isCertain: Bool

    /// The step's sentences. Nil where none says it, where the step is more than that (a phase that speaks of "for each" somewhere),
    /// and where the text wants an order. O(words).
    init?(_ sentences: ArraySlice<Sentence>) {
        guard !sentences.contains(where: { Self.orderly.isIn($0.words) }) else { return nil }
        let places = sentences.count <= Self.shortStep ? sentences.count : Self.headSentences
        for sentence in sentences.prefix(places) {
            if Self.handsOut(sentence.words) {
                kind = .thread
                span = sentence.span
                why = "the text hands sub-tasks to agents of their own"
                isCertain = true
                return
            }
            guard let loop = Self.loop(in: sentence.words) else { continue }
            kind = .data
            span = sentence.span
            why = "the same operation \(loop.items)"
            let isStated = sentences.contains { Self.saysApart($0.words) }
            isCertain = !sentences.contains { Self.gates.isIn($0.words) } && (isStated || loop.onlyReads)
            return
        }
        return nil
    }

    /// A step of so many sentences is what each of them says; a longer one is what its first ones say.
    private static let shortStep = 4
    private static let headSentences = 2

    /// "independently of the others", not "they are not independent".
    private static func saysApart(_ words: [Word]) -> Bool {
        apart.first(in: words).map { !StatedParallel.denied(Array(words[max(0, $0.lowerBound - 3)..<$0.lowerBound])) }
            ?? false
    }

    /// "Spawn a sub-agent for each …", "launch parallel agents": a verb that starts, and more than one agent.
    private static func handsOut(_ words: [Word]) -> Bool {
        guard !StatedParallel.denied(words) else { return false }
        let starts = words.indices.filter { starters.contains(words[$0].lower) }
        guard !starts.isEmpty else { return false }
        if several.isIn(words) { return true }
        // "Start the runbook …, so that an agent creates …, one for each" starts no agent.
        return each.isIn(words)
            && starts.contains { start in
                words[(start + 1)...].prefix(3).contains { ["agent", "subagent", "sub-agent"].contains($0.lower) }
            }
    }

    /// The words "for each item" of a sentence that begins with them and goes on with an instruction; nil for a loop
    /// whose turns need one another ("for each iteration"), and for one that merely describes.
    private static func loop(in words: [Word]) -> (items: String, onlyReads: Bool)? {
        guard let start = words.prefix(4).firstIndex(where: { $0.lower == "for" }), start + 2 < words.count,
            ["each", "every", "all"].contains(words[start + 1].lower)
        else { return nil }
        let rest = words[(start + 3)...]
        let noun = words[start + 2].lower
        guard !turns.contains(noun),
            let verb = rest.prefix(14).first(where: { ImperativeVerbs.all.contains($0.lower) })?.lower,
            !telling.contains(verb)
        else { return nil }
        let verbs = rest.map(\.lower).filter(ImperativeVerbs.all.contains)
        return ("for \(words[start + 1].lower) \(noun)", verbs.allSatisfy(readers.contains))
    }

    private static let starters: Set<String> = [
        "spawn", "launch", "dispatch", "delegate", "start", "run", "use", "assign", "fan",
    ]
    private static let several = PhraseTable([
        "sub-agents", "subagents", "parallel agents", "agents in parallel", "sub-agents in parallel",
    ])
    private static let each = PhraseTable(["one agent per", "for each", "for every", "per"])
    /// Each of these needs the one before it.
    private static let turns: Set<String> = ["iteration", "phase", "step", "loop", "round", "turn", "stage", "pass"]
    /// Verbs that say what an output holds, not what to do.
    private static let telling: Set<String> = ["include", "show", "note", "list", "give", "provide", "explain", "see"]
    /// Verbs that change nothing which another item's turn could see.
    private static let readers: Set<String> = [
        "fetch", "read", "retrieve", "search", "query", "look", "get", "view", "inspect", "open",
    ]
    private static let orderly = PhraseTable([
        "sequential*", "one at a time", "one by one", "one after", "in order", "in turn", "step by step", "serially",
    ])
    /// What one item's turn finds may end the others.
    private static let gates = PhraseTable(["stop*", "halt*", "abort*", "gate*", "until", "proceed*"])
    private static let apart = PhraseTable(
        StatedParallel.atOnce + [
            "at once", "independent*", "in one turn", "in a single message", "parallelize", "parallelise",
        ])
}

import Basics
import SkillModel

/// A run of blocks that may be the main procedure.
struct Procedure: Sendable {
    enum Form: Sendable {
        /// `## Step 1: …` or `### 1. …` under one parent.
        case headings
        /// Items of an ordered list.
        case list
        /// Paragraphs that begin with `Step 1`.
        case paragraphs
        /// Unnumbered sections under a heading that announces a workflow.
        case sections
        /// Comments that count in one code block.
        case comments
    }

    struct Step: Sendable {
        var start: Int
        var end: Int
        var title: String
        var block: Int
    }

    var form: Form
    var role: SectionRole
    var steps: [Step]
    /// The labels say "step" or "phase".
    var isLabelled: Bool
    /// Share of steps that begin with an instruction, 0…1.
    var imperative: Double
    /// The text right before it announces a list of demands or facts, not of actions.
    var isListOfFacts: Bool
    /// The text right before it says in which case it is done.
    var isConditional = false
    /// The section's title says that it is the procedure and nothing else: "Workflow", "Process".
    var isAnnounced = false
    /// How deep in headings it stands: a list inside a step of a greater procedure is its detail.
    var depth: Int
}

/// One shape in which skills write their steps.
protocol ProcedureShape: DescribedRule {
    /// Every run of blocks of this shape, the main procedure or not.
    static func find(_ reading: SkillReading) -> [Procedure]
}

/// Finds the candidates and picks the main one.
enum ProcedureFinder {
    static let rules: [any ProcedureShape.Type] = [
        NumberedHeadings.self, OrderedLists.self, LabelledParagraphs.self, NamedSections.self, LifecycleSections.self,
        NumberedComments.self,
    ]

    /// The best candidate that is convincing at all; of equals the first.
    static func main(of reading: SkillReading) -> Procedure? { reading.once("main procedure") { best(of: reading) } }

    private static func best(of reading: SkillReading) -> Procedure? {
        let candidates = rules.flatMap { $0.find(reading) }
        let sorted = candidates.filter { $0.steps.count >= 2 && $0.steps.count <= Flow.stepLimit }
            .sorted { ($0.steps[0].start, $0.steps.count) < ($1.steps[0].start, $1.steps.count) }
        let wholes = sorted.filter { $0.form == .headings && $0.role == .procedure && $0.steps.count >= 3 }
        let isLabelled = sorted.contains(where: \.isLabelled)
        var best: (procedure: Procedure, score: Double)?
        for (index, candidate) in sorted.enumerated() {
            var score = score(candidate) + cues(candidate, reading) - Double(min(index, 10)) * 0.1
            score += coverage(candidate, reading) * 2
            if isDetail(candidate, of: wholes) { score -= 3 }
            if candidate.form == .list, isLabelled, sums(candidate, reading) { score += 4 }
            // Where each part is an instruction, less need speak for it.
            if score >= (candidate.imperative >= 0.8 ? 3.5 : 4), score > (best?.score ?? 0) {
                best = (candidate, score)
            }
        }
        return best.map { ProcedureCompletion.complete(StepFolding.fold($0.procedure, reading), reading) }
    }

    /// The part of the body that numbered sections of instructions fill, 0…1: what a skill spends its text on is its main
    /// procedure, a list in it a detail.
    private static func coverage(_ candidate: Procedure, _ reading: SkillReading) -> Double {
        let body = reading.document.body
        guard candidate.form == .headings, candidate.imperative >= 0.5, body.end > body.start else { return 0 }
        let length = candidate.steps.reduce(0) { $0 + max(0, $1.end - $1.start) }
        return min(1, Double(length) / Double(body.end - body.start))
    }

    /// Who acts, and whether in order.
    private static func cues(_ candidate: Procedure, _ reading: SkillReading) -> Double {
        guard candidate.form == .list else { return 0 }
        let cues = ProcedureCues(candidate.steps, reading)
        var score = 0.0
        if cues.isOrdered { score += 0.5 }
        if cues.namesUser, candidate.role != .setup { score += 0.7 }
        if cues.speaksOfItself { score -= 3 }
        if cues.byHand >= 0.5 { score -= 2.5 }
        return score
    }

    /// What stands whole in one step of numbered headings under a title that names a procedure is that step's detail. `wholes` are
    /// in the order of their beginnings. O(those before the candidate · their steps).
    private static func isDetail(_ candidate: Procedure, of wholes: [Procedure]) -> Bool {
        guard let first = candidate.steps.first, let last = candidate.steps.last else { return false }
        return wholes.prefix { $0.steps[0].start < first.start }.contains { whole in
            whole.steps.contains { $0.start < first.start && last.start < $0.end }
        }
    }

    /// A list that names "Step 1" and "Step 2", or "Steps 1–4", of another procedure is the whole of which that is a part. O(its text).
    private static func sums(_ candidate: Procedure, _ reading: SkillReading) -> Bool {
        let named = candidate.steps.reduce(0) { sum, step in
            let sentences = reading.sentences(in: SourceSpan(step.start, max(step.start, step.end)))
            return sum + sentences.reduce(0) { $1.block == step.block ? $0 + stepsNamed($1) : $0 }
        }
        return named >= 2
    }

    /// 1 where a sentence has "step 3", 2 where it has "steps 3 …".
    private static func stepsNamed(_ sentence: Sentence) -> Int {
        sentence.words.indices.dropLast().reduce(0) { most, at in
            guard Int(sentence.words[at + 1].lower) != nil else { return most }
            return max(most, ["step": 1, "steps": 2][sentence.words[at].lower] ?? 0)
        }
    }

    /// What the title says weighs most, then whether the steps are instructions, then their number.
    private static func score(_ candidate: Procedure) -> Double {
        var score = 0.0
        switch candidate.role {
        case .procedure: score += 3
        case .other, .reference: score += 0.5
        case .setup: score += candidate.imperative >= 0.8 ? 0.5 : -0.2
        // "Handling the output": what is done with it is told in instructions, what it is like in nouns.
        case .outputs: score += candidate.imperative >= 0.8 ? 0.5 : -1.5
        case .example: score -= 1.5
        case .background: score -= 1
        case .advice, .rules, .troubleshooting, .inputs, .requirements, .links: score -= 4
        }
        if candidate.isLabelled { score += 3 }
        if candidate.form == .headings, !candidate.isLabelled { score += 1 }
        // A walk-through in a block is one case of what a list tells in general.
        if candidate.form == .sections || candidate.form == .comments { score -= 1 }
        score += candidate.imperative * 2.5
        score += Double(min(candidate.steps.count, 8)) * 0.2
        if candidate.steps.count < 3, !candidate.isLabelled { score -= candidate.isAnnounced ? 0 : 1.5 }
        if candidate.isAnnounced { score += 1 }
        if candidate.isListOfFacts { score -= 4 }
        if candidate.isConditional { score -= 1 }
        return score
    }

    /// Share of the blocks that begin with an instruction.
    static func imperative(_ blocks: [Int], _ reading: SkillReading) -> Double {
        guard !blocks.isEmpty else { return 0 }
        let count = blocks.count { isInstruction(reading.leadWords($0)) || isInstruction(reading.labelledWords($0)) }
        return Double(count) / Double(blocks.count)
    }

    private static let modals: Set<String> = [
        "must", "can", "should", "may", "will", "could", "might", "need", "have", "are", "were", "don't", "cannot",
    ]

    static func isInstruction(_ lead: [Word]) -> Bool {
        guard let first = lead.first else { return false }
        if ImperativeVerbs.has(first.lower) { return true }
        // "You must", "you can" state a rule or a chance.
        if first.lower == "you", lead.count > 1 { return !modals.contains(lead[1].lower) }
        if first.lower == "for" { return lead.count > 1 && ["each", "every", "all"].contains(lead[1].lower) }
        return ImperativeVerbs.openers.contains(first.lower)
    }
}

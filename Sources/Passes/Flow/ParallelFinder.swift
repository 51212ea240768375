import Basics
import SkillModel

/// Chances to run things at the same time; rather none than a false one.
enum ParallelFinder {
    static func find(
        _ regions: [StepRegion], _ steps: [Workflow.Step], _ stated: StatedParallel, _ reading: SkillReading
    ) -> [Workflow.ParallelGroup] {
        var groups: [Workflow.ParallelGroup] = []
        for (index, region) in regions.enumerated() {
            for sentence in reading.sentences(in: region.span) {
                guard let found = chance(in: sentence) else { continue }
                groups.append(
                    Workflow.ParallelGroup(
                        kind: found.kind, steps: [steps[index].id],
                        line: reading.document.line(at: sentence.span.start), why: found.why))
                break
            }
        }
        return groups + beside(regions, steps, stated, reading)
    }

    /// Groups of several steps: those of which the text says it, then neighbours by their dependences.
    private static func beside(
        _ regions: [StepRegion], _ steps: [Workflow.Step], _ stated: StatedParallel, _ reading: SkillReading
    ) -> [Workflow.ParallelGroup] {
        let said = stated.groups.filter { areApart($0.steps, steps) }.map { group in
            let isThread = group.handsOut || !group.steps.allSatisfy { isOneCall(regions[$0], reading) }
            return Workflow.ParallelGroup(
                kind: isThread ? .thread : .instruction, steps: group.steps.map { steps[$0].id },
                line: reading.document.line(at: group.span.start), why: group.why)
        }
        let taken = Set(said.flatMap(\.steps))
        return said + siblings(regions, steps).filter { taken.isDisjoint(with: $0.steps) }
    }

    /// No step needs another of them, directly or through others. O(steps + dependences); each step needs earlier ones.
    private static func areApart(_ group: [Int], _ steps: [Workflow.Step]) -> Bool {
        let ids = Set(group.map { steps[$0].id })
        var waiting: Set<String> = []
        for step in steps {
            let waits = step.after.contains { ids.contains($0) || waiting.contains($0) }
            if waits, ids.contains(step.id) { return false }
            if waits { waiting.insert(step.id) }
        }
        return true
    }

    /// A call or a command, and little to say of it: more takes several turns.
    private static func isOneCall(_ region: StepRegion, _ reading: SkillReading) -> Bool {
        region.commandCount <= 1 && reading.sentences(in: region.span).count <= 4
    }

    /// What one sentence offers: sub-tasks handed to several agents, or one instruction for each of many things.
    private static func chance(in sentence: Sentence) -> (kind: Workflow.Parallelism, why: String)? {
        let words = sentence.words
        if handsOut(words) { return (.thread, "the text hands sub-tasks to agents of their own") }
        guard let loop = loop(in: words) else { return nil }
        return (.data, "the same operation \(loop)")
    }

    /// "Spawn a sub-agent for each …", "launch parallel agents": a verb that starts, and more than one agent.
    private static func handsOut(_ words: [Word]) -> Bool {
        guard words.contains(where: { starters.contains($0.lower) }) else { return false }
        if several.isIn(words) { return true }
        return single.isIn(words) && each.isIn(words)
    }

    /// The words "for each item" of a sentence that begins with them and goes on with an instruction; nil for a loop
    /// whose turns need one another ("for each iteration"), and for one that merely describes.
    private static func loop(in words: [Word]) -> String? {
        guard let start = words.prefix(4).firstIndex(where: { $0.lower == "for" }), start + 2 < words.count,
            ["each", "every", "all"].contains(words[start + 1].lower)
        else { return nil }
        let rest = words[(start + 3)...]
        let noun = words[start + 2].lower
        guard !turns.contains(noun),
            let verb = rest.prefix(14).first(where: { ImperativeVerbs.all.contains($0.lower) })?.lower,
            !telling.contains(verb)
        else { return nil }
        return "for \(words[start + 1].lower) \(noun)"
    }

    /// Neighbouring steps that need the same steps, not one another, and are one command each.
    private static func siblings(_ regions: [StepRegion], _ steps: [Workflow.Step]) -> [Workflow.ParallelGroup] {
        var groups: [Workflow.ParallelGroup] = []
        var index = 0
        while index < steps.count {
            var end = index + 1
            while end < steps.count, !steps[index].after.isEmpty, steps[end].after == steps[index].after,
                regions[end].commandCount == 1, regions[index].commandCount == 1, !regions[end].head.isBranch
            {
                end += 1
            }
            if end - index > 1 {
                groups.append(
                    Workflow.ParallelGroup(
                        kind: .instruction, steps: steps[index..<end].map(\.id), line: steps[index].line,
                        why: "one command each, neither needs the other's result"))
            }
            index = end
        }
        return groups
    }

    private static let starters: Set<String> = [
        "spawn", "launch", "dispatch", "delegate", "start", "run", "use", "assign", "fan",
    ]
    private static let several = PhraseTable([
        "sub-agents", "subagents", "parallel agents", "agents in parallel", "sub-agents in parallel",
    ])
    private static let single = PhraseTable(["sub-agent", "subagent", "agent"])
    private static let each = PhraseTable(["one agent per", "for each", "for every", "per"])
    /// Each of these needs the one before it.
    private static let turns: Set<String> = ["iteration", "phase", "step", "loop", "round", "turn", "stage", "pass"]
    /// Verbs that say what an output holds, not what to do.
    private static let telling: Set<String> = ["include", "show", "note", "list", "give", "provide", "explain", "see"]
}

import Basics
import SkillModel

/// Says in SKILL.md which steps run together: one paragraph before the block that holds the first of them.
enum Annotations {
    static let rule = "schedule.parallel"
    /// What an annotation says beside the steps' titles.
    static let phrases = [
        "These steps do not depend on each other; make their tool calls in one turn:",
        "The items of this step do not depend on each other; make their tool calls in one turn:",
        "These sub-tasks do not depend on each other; give each to a sub-agent of its own:",
        "Task:", "Inputs:", "the result of", "what the text names", "Hand back:", "its result",
        ParallelLoop.background, ParallelLoop.end,
    ]

    private static let longestTitle = 80

    static func edits(for groups: [WorkflowPlan.Group], workflow: Workflow, in document: SkillDocument) -> [Edit] {
        let steps = Dictionary(workflow.steps.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let said = Set(document.blocks.lazy.filter { $0.kind == .paragraph }.map { Sentences.words($0.text) })
        var edits: [Edit] = []
        for group in groups where group.mode == .batch || group.mode == .subAgents {
            let members = group.steps.compactMap { steps[$0] }
            guard let first = members.min(by: { $0.span < $1.span }), isWorthSaying(group, of: first, in: document),
                let place = place(before: first.span, in: document)
            else { continue }
            let phrase = group.kind == .thread ? phrases[2] : group.kind == .data ? phrases[1] : phrases[0]
            let end = document.source.contains("\r\n") ? "\r\n" : "\n"
            let titles = members.map { "“\(oneLine($0.title))”" }.joined(separator: ", ")
            // An annotation of an earlier run is not made again.
            let sentence: String
            if group.kind == .thread {
                let tasks = members.map { task($0, steps, in: document) }
                if said.contains(Sentences.words(tasks[0])) { continue }
                sentence = ([phrase, ""] + tasks.map { "- " + $0 }).joined(separator: end)
            } else {
                sentence = "\(phrase) \(titles)."
                if said.contains(Sentences.words(sentence)) { continue }
            }
            let text = (place.needsGap ? end : "") + sentence + end + (place.hasGapAfter ? "" : end)
            edits.append(
                Edit(
                    span: SourceSpan(place.offset, place.offset), replacement: text, rule: rule, gap: nil,
                    reason: group.why))
        }
        return edits.sorted { $0.span < $1.span }
    }

    /// A sub-agent's task, what it gets, and what it is to hand back, in the skill's own names.
    private static func task(
        _ step: Workflow.Step, _ steps: [String: Workflow.Step], in document: SkillDocument
    ) -> String {
        let names = StepNames(of: step, in: document)
        let before = step.after.compactMap { steps[$0] }.map { "the result of “\(oneLine($0.title))”" }
        let inputs = before + names.uses.map { "`\($0)`" }
        let outputs = names.makes.map { "`\($0)`" }
        return "Task: “\(oneLine(step.title))”. Inputs: "
            + (inputs.isEmpty ? "what the text names" : inputs.joined(separator: ", ")) + ". Hand back: "
            + (outputs.isEmpty ? "its result" : outputs.joined(separator: ", ")) + "."
    }

    /// The four-at-a-time form of the loops of groups that run so. An insertion each: other passes may rewrite what
    /// stands in the loop.
    static func loops(
        for groups: [WorkflowPlan.Group], workflow: Workflow, in document: SkillDocument
    ) -> [Edit] {
        groups.filter { $0.mode == .shell }.flatMap { group -> [Edit] in
            guard let step = workflow.steps.first(where: { $0.id == group.steps.first }),
                let loop = Schedule.loop(of: step, in: document)?.loop
            else { return [] }
            return [(loop.body, ParallelLoop.background), (loop.done, ParallelLoop.end)].map { place, text in
                Edit(span: SourceSpan(place, place), replacement: text, rule: rule, gap: nil, reason: group.why)
            }
        }
    }

    /// Whether an author would say it. A single step that speaks of sub-agents hands its work out in its own words, or
    /// speaks of those that were handed out; and a single step over many items makes calls only where it has a command:
    /// a whole phase that says "for each" somewhere, or a step of mere thought, is not one.
    private static func isWorthSaying(
        _ group: WorkflowPlan.Group, of step: Workflow.Step, in document: SkillDocument
    ) -> Bool {
        if group.steps.count > 1 { return true }
        let holder = document.blocks.last { $0.parent == nil && $0.span.start <= step.span.start }
        guard group.kind == .data, holder?.kind != .heading else { return false }
        return document.fragments.contains { step.span.start <= $0.span.start && $0.span.end <= step.span.end }
            || document.codeSpans.contains { step.span.start <= $0.span.start && $0.span.end <= step.span.end }
    }

    /// The start of the line of the outermost block around `span`; after the heading when the step is one. Nil when no
    /// block holds it.
    private static func place(
        before span: SourceSpan, in document: SkillDocument
    ) -> (offset: Int, needsGap: Bool, hasGapAfter: Bool)? {
        guard let block = document.blocks.last(where: { $0.parent == nil && $0.span.start <= span.start }) else {
            return nil
        }
        let line = document.line(at: block.span.start)
        if block.kind == .heading {
            let last = document.line(at: max(block.span.start, block.span.end - 1))
            let after = document.lines.span(ofLine: last).end
            // A heading that ends the file without a line end: nothing follows that could run together.
            guard after > block.span.start, document.bytes[after - 1] == 0x0A else { return nil }
            let next = document.lines.span(ofLine: last + 1)
            return (after, true, next.end > after && document.text(next).trimmingBlanks().isEmpty)
        }
        let before = document.lines.span(ofLine: line - 1)
        let isApart = line < 2 || document.text(before).trimmingBlanks().isEmpty
        return (document.lines.span(ofLine: line).start, !isApart, false)
    }

    private static func oneLine(_ title: String) -> String {
        var line = ""
        // Whole words: half a word is none of the skill's.
        for word in title.utf8.split(whereSeparator: { $0 <= 0x20 }) {
            if line.utf8.count + word.count >= longestTitle { break }
            line += (line.isEmpty ? "" : " ") + String(decoding: word, as: UTF8.self)
        }
        return line
    }
}

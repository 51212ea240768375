import Basics
import SkillModel

/// Says in SKILL.md which steps run together: one paragraph before the block that holds the first of them, or behind it
/// where earlier steps stand in it, too.
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
                let place = hasStepsBefore(first, workflow, in: document)
                    ? place(after: first.span, in: document) : place(before: first.span, in: document)
            else { continue }
            let phrase = group.kind == .thread ? phrases[2] : group.kind == .data ? phrases[1] : phrases[0]
            let end = document.source.contains("\r\n") ? "\r\n" : "\n"
            let titles = members.map { "“\(oneLine($0.title))”" }.joined(separator: ", ")
            let tasks = members.map { task($0, steps, in: document) }
            // What an earlier run said of these steps is not said again, nor in another form: with its words in the text, they may
            // read as another kind of group.
            let forms = phrases[..<2].map { "\($0) \(titles)." } + [tasks[0]]
            if forms.contains(where: { said.contains(Sentences.words($0)) }) { continue }
            let sentence =
                group.kind == .thread
                ? ([phrase, ""] + tasks.map { "- " + $0 }).joined(separator: end) : "\(phrase) \(titles)."
            let text = (place.needsGap ? end : "") + sentence + (place.hasGapAfter ? end : end + end)
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
        guard group.kind == .data, holder(of: step.span, in: document)?.kind != .heading else { return false }
        return document.fragments.contains { step.span.start <= $0.span.start && $0.span.end <= step.span.end }
            || document.codeSpans.contains { step.span.start <= $0.span.start && $0.span.end <= step.span.end }
    }

    /// The start of the line of the outermost block around `span`; after the heading when the step is one. Nil when no
    /// block holds it.
    private static func place(before span: SourceSpan, in document: SkillDocument) -> Place? {
        guard let block = holder(of: span, in: document) else { return nil }
        let line = document.line(at: block.span.start)
        if block.kind == .heading {
            let last = document.line(at: max(block.span.start, block.span.end - 1))
            let after = document.lines.span(ofLine: last).end
            // A heading that ends the file without a line end: nothing follows that could run together.
            guard after > block.span.start, document.bytes[after - 1] == 0x0A else { return nil }
            let next = document.lines.span(ofLine: last + 1)
            return Place(offset: after, needsGap: true, hasGapAfter: next.end > after && isBlank(next, document))
        }
        let isApart = line < 2 || isBlank(document.lines.span(ofLine: line - 1), document)
        return Place(offset: document.lines.span(ofLine: line).start, needsGap: !isApart, hasGapAfter: false)
    }

    /// Whether the block that holds a step holds one before it: "these" would come before what they need is made.
    private static func hasStepsBefore(
        _ step: Workflow.Step, _ workflow: Workflow, in document: SkillDocument
    ) -> Bool {
        guard let block = holder(of: step.span, in: document), block.kind != .heading else { return false }
        return workflow.steps.contains { block.span.start <= $0.span.start && $0.span.start < step.span.start }
    }

    /// The outermost block that a span begins in.
    private static func holder(of span: SourceSpan, in document: SkillDocument) -> Block? {
        document.blocks.last { $0.parent == nil && $0.span.start <= span.start }
    }

    /// The start of the line behind the outermost block around `span`; nil where the text ends with it, without a line end.
    private static func place(after span: SourceSpan, in document: SkillDocument) -> Place? {
        guard let block = holder(of: span, in: document) else { return nil }
        var end = min(block.span.end, document.bytes.count)
        while end > block.span.start, document.bytes[end - 1].isWhitespace { end -= 1 }
        let line = document.line(at: max(block.span.start, end - 1))
        let after = document.lines.span(ofLine: line).end
        guard after > block.span.start, document.bytes[after - 1] == 0x0A else { return nil }
        let next = document.lines.span(ofLine: line + 1)
        return Place(offset: after, needsGap: true, hasGapAfter: next.end <= after || isBlank(next, document))
    }

    private static func isBlank(_ line: SourceSpan, _ document: SkillDocument) -> Bool {
        document.text(line).trimmingBlanks().isEmpty
    }

    /// Whole words, for half a word is none of the skill's, and without the stop of a sentence: another sentence goes on.
    private static func oneLine(_ title: String) -> String {
        var line = ""
        var isCut = false
        for word in title.utf8.split(whereSeparator: { $0 <= 0x20 }) {
            isCut = line.utf8.count + word.count >= longestTitle
            if isCut { break }
            line += (line.isEmpty ? "" : " ") + String(decoding: word, as: UTF8.self)
        }
        while let last = line.last, [".", ",", ";", ":"].contains(last) { line.removeLast() }
        return isCut ? line + " …" : line
    }

    private struct Place {
        var offset: Int
        /// An empty line has to come before it.
        var needsGap: Bool
        /// An empty line stands behind it.
        var hasGapAfter: Bool
    }
}

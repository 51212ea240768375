import Basics
package import SkillModel

/// A list of what to look for → the same list, and after it how each point is answered: yes or no, with the place.
///
/// `reason.analysis`, `reason.logic` from L2 to L1: to find faults becomes to say of one point whether it is there.
/// Precondition: the skill itself lists at least three points, each of which has the answers yes and no (`YesNoPoints`), and no
/// fewer than the sentences elsewhere that have something looked into: a list beside the work does not lower it; and
/// the target can do what L1 asks. Proof: nothing of the skill is touched, and one known sentence is added.
package struct PointByPoint: SpokenRule {
    package init() {}
    package static let id = "lower.point-by-point"
    package static let message = "had each point of the list answered by itself"
    package var primitives: [Primitive] { Primitive.allCases.filter(OneAtATime.points.primitives.contains) }
    package var phrases: [String] { [OneAtATime.points.sentence] }
    package var stepsDown: [StepDown] { primitives.map { StepDown($0, from: .l2) } }

    /// More lists than these are a catalogue; who has answered so many has learnt how.
    private static let most = 6

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        guard let gap = context.gaps.first(where: { primitives.contains($0.primitive) && $0.supplied == .l1 }) else {
            return outcome
        }
        // A form has its points answered one by one already.
        if PointForms.areFilled(context.reading) { return outcome }
        let lists = Self.lists(in: context)
        if !lists.isEmpty {
            outcome.closed = context.gaps.filter {
                primitives.contains($0.primitive) && $0.required == .l2 && $0.supplied == .l1
            }
        }
        for list in lists {
            let end = Self.end(of: context.document.blocks[list], in: context.document)
            let line = context.lineEnd
            outcome.proposals.append(
                LoweringProposal(
                    Edit(
                        span: SourceSpan(end, end), replacement: line + line + OneAtATime.points.sentence, rule: id,
                        gap: gap, reason: "the points that the list names, one at a time")))
        }
        return outcome
    }

    /// Where the sentence may stand: the ends of `lists`.
    static func places(in context: LoweringContext) -> Set<Int> {
        Set(lists(in: context).map { end(of: context.document.blocks[$0], in: context.document) })
    }

    /// The lists and tables of the text whose entries are points to look for, without those that say so already.
    static func lists(in context: LoweringContext) -> [Int] {
        let document = context.document
        let roles = SectionRole.roles(of: document.sections)
        let children = Children(document.blocks)
        var found: [Int] = []
        var points = 0
        for (index, block) in document.blocks.enumerated()
        where (block.kind == .list || block.kind == .table) && block.parent == nil && found.count < most {
            let entries = children.of(index).filter { block.kind == .list || document.blocks[$0].kind == .tableRow }
            guard (block.kind == .list ? 3 : 4)...40 ~= entries.count,
                !(block.section.map { others.contains(roles[$0]) } ?? false),
                block.kind == .list
                    ? isCriteria(index, entries, in: context)
                    : YesNoPoints.isTable(
                        document.blocks[entries[0]].text, entries.dropFirst().map { firstLine($0, in: context) }),
                !isAnswered(index, in: context)
            else { continue }
            found.append(index)
            points += entries.count
        }
        let spans = found.map { document.blocks[$0].span }
        let leads = Set(found.compactMap(context.previousSibling))
        return points >= PointForms.looked(besides: spans, leads, context.reading) ? found : []
    }

    private static let others: Set<SectionRole> = [
        .links, .requirements, .setup, .inputs, .outputs, .background, .example, .reference, .rules,
    ]

    private static func isCriteria(_ list: Int, _ items: [Int], in context: LoweringContext) -> Bool {
        let blocks = context.document.blocks
        if isWork(items, in: context) || isFields(items, in: context) { return false }
        var words = context.sectionTitle(ofBlock: list) ?? ""
        if let before = context.previousSibling(of: list), blocks[before].kind == .paragraph,
            blocks[before].text.trimmingBlanks().hasSuffix(":")
        {
            words = lastSentence(blocks[before].text)
        }
        let lead = YesNoPoints.lead(words)
        return items.allSatisfy { YesNoPoints.isPoint(firstLine($0, in: context), after: lead) }
    }

    /// What is done, or the commands to do it with, is nothing that is there or not.
    /// Of a list of boxes to tick, one item of work is enough: the boxes are for what was done.
    private static func isWork(_ items: [Int], in context: LoweringContext) -> Bool {
        let toDo = items.contains { item in
            let line = firstLine(item, in: context)
            let isBox = ["- [ ]", "* [ ]", "-   [ ]", "*   [ ]", "+ [ ]"].contains { line.hasPrefix($0) }
            guard isBox, let word = Sentences.words(line.prefix(60)).first else { return false }
            return telling.contains(word)
        }
        if toDo { return true }
        let work = items.count { item in
            let line = firstLine(item, in: context)
            if holdsCommand(line) { return true }
            return firstWord(line).map { ImperativeVerbs.all.contains($0) && !checks.contains($0) } ?? false
        }
        return work * 2 >= items.count
    }

    /// What one does with a finding: no finding.
    private static let telling: Set<String> = [
        "advise", "recommend", "tell", "notify", "escalate", "report", "suggest", "inform", "ask", "propose", "acquire",
        "collect", "gather", "document", "fix", "apply", "run", "create", "write", "update", "send", "open",
    ]

    /// An item's, as it is written, with its mark.
    private static func firstLine(_ item: Int, in context: LoweringContext) -> String {
        let bytes = context.document.bytes[context.document.blocks[item].span.range].prefix(400)
        return String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self).trimmingBlanks()
    }

    private static func firstWord(_ line: String) -> String? {
        Sentences.words(line.prefix(60)).first { !$0.utf8.allSatisfy(\.isDigit) }
    }

    /// Code of several words in backticks. O(n).
    private static func holdsCommand(_ text: String) -> Bool {
        text.utf8.split(separator: 0x60, maxSplits: 64, omittingEmptySubsequences: false).enumerated().contains {
            $0.offset % 2 == 1 && $0.element.dropFirst().dropLast().contains(0x20)
        }
    }

    /// "**Action**: …", "**Logic**: …": what a step is told by, not what to look for. Short labels of which none is a question's.
    private static func isFields(_ items: [Int], in context: LoweringContext) -> Bool {
        let labels = items.compactMap { item -> String? in
            let line = firstLine(item, in: context)[...]
            guard let open = line.range(of: "**") else { return nil }
            let rest = line[open.upperBound...]
            guard let close = rest.range(of: "**"),
                rest[close.upperBound...].hasPrefix(":") || rest[..<close.lowerBound].hasSuffix(":")
            else { return nil }
            return String(rest[..<close.lowerBound].prefix { $0 != ":" })
        }
        return labels.count == items.count && labels.contains { fields.contains($0.asciiLowercased()) }
    }

    private static let fields: Set<String> = [
        "action", "actions", "logic", "tool", "command", "query", "justification", "goal", "purpose", "input", "output",
        "why", "how", "rationale", "note", "result", "expected result", "risk", "example", "steps", "fix", "solution",
    ]

    /// Of the paragraph that leads to a list only this speaks of it.
    private static func lastSentence(_ text: String) -> String {
        let bytes = Array(text.utf8.suffix(400))
        return Sentences.split(bytes[...]).last.map { String(decoding: bytes[$0], as: UTF8.self) } ?? ""
    }

    private static func isAnswered(_ list: Int, in context: LoweringContext) -> Bool {
        guard let next = context.nextSibling(of: list) else { return false }
        return OpeningPlace.says(OneAtATime.points.sentence, context.document.blocks[next].text)
    }

    /// After the block's last byte that is no blank.
    private static func end(of block: Block, in document: SkillDocument) -> Int {
        var end = min(block.span.end, document.bytes.count)
        while end > block.span.start, document.bytes[end - 1].isWhitespace { end -= 1 }
        return end
    }

    private static let checks: Set<String> = [
        "check", "verify", "confirm", "look", "compare", "missing", "unused", "unnecessary",
    ]
    /// A skill that asks three questions, this one last.
    private static func audit(_ question: String) -> String {
        """
        ---
        name: sample
        description: Finds the root cause of faults.
        ---
        # Audit

        | Check | Questions |
        |---|---|
        | Evidence | Does it address the error? |
        | Regression | Is anything slow or wrong? |
        | Challenge | \(question) |
        """
    }

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            description: Reviews forms.
            ---
            # Forms

            Look for:

            - fields without a label
            - buttons that do nothing
            - text that is cut⟦⟧

            Then report.
            """,
            finds: OneAtATime.points.sentence, target: [.reasonAnalysis: .l1]),
        RuleExample(
            """
            ---
            name: sample
            description: Finds the root cause of faults.
            ---
            # Faults

            | Symptom | Cause |
            |---|---|
            | no answer | the port is closed |
            | half an answer | the buffer is full |
            | two answers | the lock is gone |⟦⟧
            """,
            finds: OneAtATime.points.sentence, target: [.reasonAnalysis: .l1]),
        RuleExample(
            audit("Is it the cause?") + "⟦⟧",
            finds: OneAtATime.points.sentence, target: [.reasonAnalysis: .l1]),
        .nothing(
            """
            ## Checklist

            - [ ] Check for faults.
            - [ ] Inspect the log.
            - [ ] Check the load.
            - [ ] Advise waiting for the release.
            """,
            target: [.reasonAnalysis: .l1]),
        .nothing(
            """
            ## Check the agent

            - **Action**: Ask for the log.
            - **Query**: All lines of an hour.
            - **Logic**: A fault in them confirms it.
            """,
            target: [.reasonAnalysis: .l1]),
        .nothing(audit("Root cause or symptom?"), target: [.reasonAnalysis: .l1]),
        .nothing(audit("How long has it been there?"), target: [.reasonAnalysis: .l1]),
        .nothing(
            """
            ---
            name: sample
            description: Finds the root cause of faults.
            ---
            # Faults

            Check each year:

            - The fee for a form
            - Limits of a form (by country)
            - The amount that is free
            """,
            target: [.reasonAnalysis: .l1]),
        .nothing(
            """
            ---
            name: sample
            description: Reviews forms.
            ---
            # Forms

            Look at each form with care. The command varies by language, and each must find one test:

            - Go: `go test -list .`
            - Rust: `cargo test -- --list`
            - Python: `pytest --collect-only`

            ## Checks

            - Compute the share of empty fields.
            - Compute the median of the lengths.
            - Draw both.
            """,
            target: [.reasonAnalysis: .l1]),
        .nothing(
            """
            ---
            name: sample
            description: Reviews forms.
            ---
            # Forms

            The colours are:

            - red
            - green
            - blue
            """,
            target: [.reasonAnalysis: .l1]),
        .nothing(
            """
            ---
            name: sample
            description: Reviews forms.
            ---
            # Forms

            Look for:

            - fields without a label
            - buttons that do nothing
            - text that is cut
            """,
            target: [.reasonAnalysis: .l0]),
    ]
}

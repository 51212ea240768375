import Basics
package import SkillModel

/// Steps that lie far apart in the text → a list of their titles before the first section, in their order, to tick off.
///
/// `follow.procedure`, `reason.planning`: the order need not be kept in mind, or made. Precondition: `flow` finds four to
/// twenty steps, spread over forty lines or more, each a heading of one level under one parent; together they are most of the text,
/// so that they are the work and not one of its errands; none is an alternative, optional, or for some cases only; and none
/// runs beside another. A title stands as the heading has it, with its own number: the text's "Phase 5" is the list's. What each
/// step needs is not told: a need that was not found would read as none. Proof: nothing of the skill is touched; what is
/// added are the headings' words and one known sentence.
package struct OrderOfWork: SpokenRule {
    package init() {}
    package static let id = "lower.order-of-work"
    package static let message = "listed the steps of the text in their order, to tick off"
    package var primitives: [Primitive] { [.followProcedure, .reasonPlanning] }
    package var stepsDown: [StepDown] { [StepDown(.followProcedure, from: .l3), StepDown(.reasonPlanning, from: .l2)] }
    package var phrases: [String] { [Self.sentence] }

    static let sentence = "The steps of the work, in order; tick each when it is done:"
    private static let leastLines = 40
    private static let longestTitle = 72

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        let document = context.document
        guard let gap = context.gap(among: primitives), gap.supplied ?? .l0 > .l0,
            let place = OpeningPlace(in: context, unlessSaid: Self.sentence),
            let workflow = Flow.run(document).value, workflow.parallel.allSatisfy({ $0.steps.count < 2 }),
            case let steps = workflow.steps, (4...20).contains(steps.count),
            let first = steps.first, let last = steps.last, place.span.end <= first.span.start,
            document.line(at: last.span.start) - document.line(at: first.span.start) >= Self.leastLines,
            let sections = Self.sections(of: steps, in: document)
        else { return outcome }
        let titles = sections.map { Self.title($0, in: document) }
        guard !titles.contains(""), Set(titles).count == titles.count, Self.areWork(steps, titles, document),
            !titles.contains(where: Self.isOneOfSeveral), !Self.areAlternatives(titles),
            !sections.contains(where: { Self.isConditional($0, in: document) }), !Self.stopsBetween(steps, in: document)
        else { return outcome }
        let end = context.lineEnd
        let list = titles.map { "[ ] \($0)" }
        let text = ([Self.sentence, "", "```text"] + list + ["```"]).joined(separator: end)
        outcome.proposals.append(
            LoweringProposal(
                Edit(
                    span: place.span, replacement: place.paragraph(text), rule: id, gap: gap,
                    reason: "the \(steps.count) steps that lie between line \(first.line) and line \(last.line)")))
        return outcome
    }

    /// Chapters and alternatives (`4A`, `4B`) are no list to tick off: most titles say what is done, or the text calls them
    /// steps, and none has a letter behind its number.
    private static func areWork(_ steps: [Workflow.Step], _ titles: [String], _ document: SkillDocument) -> Bool {
        var called = 0
        for step in steps {
            let line = document.lines.span(ofLine: document.line(at: step.span.start))
            let words = Sentences.words(document.text(line).prefix(80)).prefix(3)
            if words.contains(where: isLettered) { return false }
            if !Set(words).isDisjoint(with: ["step", "phase", "stage"]) { called += 1 }
        }
        let done = titles.count { Sentences.words($0.prefix(40)).first.map(ImperativeVerbs.all.contains) ?? false }
        return called == steps.count || done * 2 >= steps.count
    }

    /// `4a`: digits, then one letter.
    private static func isLettered(_ word: String) -> Bool {
        word.utf8.count >= 2 && word.utf8.dropLast().allSatisfy(\.isDigit) && word.utf8.last?.isLetter == true
    }

    /// The section of each step, where all are of one level and parent, that parent is no errand, and the steps are at least
    /// half of the text below the first heading; nil otherwise.
    private static func sections(of steps: [Workflow.Step], in document: SkillDocument) -> [Section]? {
        let found = steps.compactMap { step in
            document.sections.first { document.line(at: $0.heading.start) == document.line(at: step.span.start) }
        }
        guard found.count == steps.count, let first = found.first, let last = found.last,
            found.allSatisfy({ $0.level == first.level && $0.parent == first.parent })
        else { return nil }
        let roles = SectionRole.roles(of: document.sections)
        if let parent = first.parent, errands.contains(roles[parent]) || isOneOfMany(parent, roles, document.sections) {
            return nil
        }
        let whole = document.bytes.count - (document.sections.first?.heading.start ?? 0)
        return (last.span.end - first.heading.start) * 2 >= whole ? found : nil
    }

    private static let errands: Set<SectionRole> = [
        .setup, .requirements, .example, .troubleshooting, .links, .background, .reference, .advice, .inputs, .outputs,
    ]

    /// The heading's text as it is written; empty when it is long, or has marks that would end a fence.
    private static func title(_ section: Section, in document: SkillDocument) -> String {
        let line = document.text(document.lines.span(ofLine: document.line(at: section.heading.start)))
        var title = line.trimmingBlanks().drop { $0 == "#" }
        while title.hasSuffix("#") { title = title.dropLast() }
        let text = String(title).trimmingBlanks()
        let isPlain = line.hasPrefix("#") && text.utf8.count <= longestTitle
        return isPlain && !text.contains("```") && !text.contains("~~~") && !text.contains("](") ? text : ""
    }

    /// Whether a title says that its step is one way among several, or not always taken.
    private static func isOneOfSeveral(_ title: String) -> Bool {
        !choosing.isDisjoint(with: Sentences.words(title))
    }

    private static let choosing: Set<String> = [
        "if", "or", "optional", "optionally", "alternative", "alternatively", "option", "variant", "path", "either",
        "when", "unless", "only", "skip", "fallback", "method", "approach", "mode", "otherwise",
    ]

    /// `Install — by hand`, `Install — by script`: the same words before a dash.
    private static func areAlternatives(_ titles: [String]) -> Bool {
        let stems = titles.compactMap { title -> [String]? in
            for dash in [" — ", " – ", " - ", " ("] {
                guard let at = title[...].range(of: dash) else { continue }
                let stem = Sentences.words(title[..<at.lowerBound]).filter { word in
                    !word.utf8.allSatisfy(\.isDigit) && !["step", "phase", "stage", "part"].contains(word)
                }
                return stem.isEmpty ? nil : stem
            }
            return nil
        }
        return Set(stems).count < stems.count
    }

    /// Whether a section is one procedure among others of its level: its title is not of the work as a whole, and two sections
    /// beside it have parts of their own.
    private static func isOneOfMany(_ parent: Int, _ roles: [SectionRole], _ sections: [Section]) -> Bool {
        guard sections[parent].level > 1, SectionRole.named(by: sections[parent].title) != .procedure else {
            return false
        }
        let beside = sections.indices.filter { other in
            other != parent && sections[other].parent == sections[parent].parent
                && sections[other].level == sections[parent].level && !errands.contains(roles[other])
                && sections.contains { $0.parent == other }
        }
        return beside.count >= 2
    }

    /// Whether the first text below the heading says when the step is taken: its first sentence, or one that lets it be skipped.
    /// Of a quotation or a note the text in it is meant. O(blocks).
    private static func isConditional(_ section: Section, in document: SkillDocument) -> Bool {
        let first = document.blocks.firstIndex { block in
            block.span.start >= section.heading.end && block.span.start < section.span.end
                && [.paragraph, .code, .table].contains(block.kind)
        }
        guard let first, document.blocks[first].kind == .paragraph else { return false }
        let bytes = Array(document.blocks[first].text.utf8.prefix(600))
        let sentences = Sentences.split(bytes[...]).map { Sentences.words(String(decoding: bytes[$0], as: UTF8.self)) }
            .map { words in Array(words.drop { marks.contains($0) || $0.utf8.allSatisfy(\.isDigit) }) }
            .filter { !$0.isEmpty }
        guard let words = sentences.first else { return false }
        let isOpened = openings.contains(words[0])
        return isOpened || sentences.contains { !skipping.isDisjoint(with: $0) }
    }

    /// `[!IMPORTANT]`, `Note:`: what kind of text it is.
    private static let marks: Set<String> = ["important", "note", "warning", "tip", "caution"]
    private static let openings: Set<String> = [
        "if", "when", "only", "unless", "otherwise", "where", "skip", "for", "on", "in", "applies", "either",
    ]
    private static let skipping: Set<String> = ["skip", "skipped", "optional", "optionally", "neither"]

    /// Whether the text has the agent stop between the steps: a list of all reads as one run. Said of each step, phase or stage.
    private static func stopsBetween(_ steps: [Workflow.Step], in document: SkillDocument) -> Bool {
        document.blocks.contains { block in
            guard block.kind == .paragraph else { return false }
            let bytes = Array(block.text.utf8.prefix(2000))
            return Sentences.split(bytes[...]).contains { range in
                let words = Set(Sentences.words(String(decoding: bytes[range], as: UTF8.self)))
                return !words.isDisjoint(with: ["step", "phase", "stage", "steps", "phases", "stages"])
                    && !words.isDisjoint(with: ["each", "every", "between", "one"])
                    && !words.isDisjoint(with: ["stop", "stops", "wait", "pause", "halt", "session"])
            }
        }
    }

    private static let filler = (1...12).map { "Line \($0)." }.joined(separator: "\n\n")

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Releases

            Makes a release.

            ⟦⟧## Step 1: Read the log

            \(filler)

            ## Step 2: Write the notes

            \(filler)

            ## Step 3: Build it

            Verify that it runs; repeat until it does.

            ## Step 4: Send the notes

            Send the notes of step 2.
            """,
            finds: """
                The steps of the work, in order; tick each when it is done:

                ```text
                [ ] Step 1: Read the log
                [ ] Step 2: Write the notes
                [ ] Step 3: Build it
                [ ] Step 4: Send the notes
                ```
                """,
            target: [.followProcedure: .l2]),
        .nothing(
            """
            # Releases

            Makes a release.

            ## Step 1: Read the log

            \(filler)

            ## Step 2: Write it — by hand

            \(filler)

            ## Step 3: Write it — by the tool

            \(filler)

            ## Step 4: Send it

            Verify that it came; repeat until it did.
            """,
            target: [.followProcedure: .l2]),
        .nothing(
            """
            # Releases

            Makes a release.

            ## Step 1: Read the log

            \(filler)

            ## Step 2A: Write the notes

            \(filler)

            ## Step 2B: Write a letter

            \(filler)

            ## Step 3: Send it

            Verify that it came; repeat until it did.
            """,
            target: [.followProcedure: .l2]),
        .nothing(
            """
            # Releases

            What there is to know.

            ## Part 1: History of notes

            \(filler)

            ## Part 2: Kinds of notes

            \(filler)

            ## Part 3: Readers of notes

            \(filler)

            ## Part 4: Limits of notes

            Verify that they hold; repeat until they do.
            """,
            target: [.followProcedure: .l2]),
        .nothing(
            """
            # Releases

            ## Workflow

            1. Read the log.
            2. Write the notes.
            3. Build it; repeat until it runs.
            4. Verify the notes, and send them.
            """,
            target: [.followProcedure: .l2]),
    ]
}

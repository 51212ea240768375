import Basics
package import SkillModel

/// Steps that lie far apart in the text → a list of them before the first section, in their order, to tick off; with each
/// step the earlier ones that it needs, where that is more than the one before it.
///
/// `follow.procedure`, `reason.planning`: the order need not be kept in mind, or made. Precondition: `flow` finds four to
/// twenty steps, spread over forty lines or more, with titles of their own. Proof: nothing of the skill is touched; what is
/// added are the steps' own titles and one known sentence.
package struct OrderOfWork: SpokenRule {
    package init() {}
    package static let id = "lower.order-of-work"
    package static let message = "listed the steps of the text in their order, to tick off"
    package var primitives: [Primitive] { [.followProcedure, .reasonPlanning] }
    package var stepsDown: [StepDown] { [StepDown(.followProcedure, from: .l3), StepDown(.reasonPlanning, from: .l2)] }
    package var phrases: [String] { [Self.sentence, "with the results of"] }

    static let sentence = "The steps of the work, in order; tick each when it is done:"
    private static let leastLines = 40
    private static let longestTitle = 72

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        let document = context.document
        guard let gap = context.gap(among: primitives), gap.supplied ?? .l0 > .l0,
            let place = OpeningPlace(in: context, unlessSaid: Self.sentence),
            let steps = Flow.run(document).value?.steps, (4...20).contains(steps.count),
            let first = steps.first, let last = steps.last, place.span.end <= first.span.start,
            document.line(at: last.span.start) - document.line(at: first.span.start) >= Self.leastLines
        else { return outcome }
        let titles = steps.map { Self.title($0.title) }
        guard !titles.contains(""), Set(titles).count == titles.count, Self.areWork(steps, titles, document) else {
            return outcome
        }
        let end = context.lineEnd
        let list = zip(steps.indices, titles).map { index, title in
            "[ ] \(index + 1). \(title)\(Self.needs(steps[index], index, steps))"
        }
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

    /// Whole words of a title in one line, without marks that would end a fence or look like another's number; empty when
    /// nothing is left.
    private static func title(_ text: String) -> String {
        var line = ""
        for word in text.utf8.split(whereSeparator: { $0 <= 0x20 }) {
            if line.utf8.count + word.count >= longestTitle { break }
            line += (line.isEmpty ? "" : " ") + String(decoding: word, as: UTF8.self)
        }
        return line.contains("```") || line.contains("~~~") ? "" : line
    }

    private static func needs(_ step: Workflow.Step, _ index: Int, _ steps: [Workflow.Step]) -> String {
        let numbers = step.after.compactMap { id in steps.firstIndex { $0.id == id } }.filter { $0 < index - 1 }
            .sorted()
        return numbers.isEmpty ? "" : ", with the results of " + numbers.map { "\($0 + 1)" }.joined(separator: ", ")
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
                [ ] 1. Read the log
                [ ] 2. Write the notes
                [ ] 3. Build it
                [ ] 4. Send the notes, with the results of 2
                ```
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

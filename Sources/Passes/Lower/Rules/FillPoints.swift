import Basics
package import SkillModel

/// A list of what to look for → the same list, and behind it a form with a line for each of its points.
///
/// `reason.analysis`, one level: what was found is put down point by point, so that one thing at a time is judged. Precondition:
/// the text's own lists name what is looked for, in short words, and carry what is to be looked into (`PointForms`). Proof:
/// nothing of the skill is touched, and each line is how an entry of the list begins (`guard.copy`). The form is for the
/// looking: what the skill is to put out stays as it is, and the sentence before it says so.
package struct FillPoints: SpokenRule {
    package init() {}
    package static let id = "lower.points-to-fill"
    package static let message = "gave each point of the list a line to fill in"
    package var primitives: [Primitive] { [.reasonAnalysis] }
    package var phrases: [String] { [Self.lead] }

    static let lead = "To fill in while looking, one line at a time; what is to be put out stays as it is:"
    /// More lists than these are a catalogue.
    private static let most = 8

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        guard
            let gap = context.gaps.first(where: { primitives.contains($0.primitive) && TickedList.closes($0) })
        else { return outcome }
        let reading = context.reading
        let points = PointForms.points(reading)
        let empty = points.filter { !$0.isFilled }
        guard !empty.isEmpty, PointForms.carry(points, reading) else { return outcome }
        let forms = empty.map { Self.form(of: $0, lineEnd: context.lineEnd) }
        let size = forms.reduce(0) { $0 + $1.utf8.count }
        guard points.count <= Self.most, size <= TickedList.most(for: context.document.bytes.count) else {
            outcome.left = empty.prefix(1).map {
                .init(
                    line: context.document.line(at: context.document.blocks[$0.list].span.start),
                    why: "forms for all of the lists would be long beside the text")
            }
            return outcome
        }
        for (one, form) in zip(empty, forms) {
            outcome.proposals.append(
                LoweringProposal(
                    Edit(
                        span: Self.place(of: one, in: context.document), replacement: form, rule: id, gap: gap,
                        reason: "the points that the list names, line by line")))
        }
        outcome.closed = [gap]
        return outcome
    }

    /// After the list's last byte that is no blank.
    static func place(of points: PointForms.Points, in document: SkillDocument) -> SourceSpan {
        let block = document.blocks[points.list]
        var end = min(block.span.end, document.bytes.count)
        while end > block.span.start, document.bytes[end - 1].isWhitespace { end -= 1 }
        return SourceSpan(end, end)
    }

    static func form(of points: PointForms.Points, lineEnd: String) -> String {
        (["", "", lead, "", "```text"] + points.names.map(PointForms.line) + ["```"]).joined(separator: lineEnd)
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

            - **Labels**: a field without one
            - buttons that do nothing
            - text that is cut
            - Is a page empty?⟦⟧

            Then report.
            """,
            finds: """
                To fill in while looking, one line at a time; what is to be put out stays as it is:

                ```text
                Labels:
                buttons that do nothing:
                text that is cut:
                Is a page empty?
                ```
                """,
            target: [.reasonAnalysis: .l1]),
        // What is to be written is no finding.
        .nothing(
            """
            ---
            name: sample
            description: Reviews forms.
            ---
            # Forms

            Check the form and report:

            - the title
            - the number of fields
            - the languages
            - the author
            """,
            target: [.reasonAnalysis: .l1]),
        // Most of what is looked into stands elsewhere.
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
            - pages that are empty

            ## More

            Inspect the code. Compare it with the form. Identify the fields. Evaluate each answer. Analyze the rest.
            """,
            target: [.reasonAnalysis: .l1]),
        .nothing(
            """
            ---
            name: sample
            description: Reviews forms.
            ---
            # Forms

            Check for this:

            - Open the page.
            - Fill in the form.
            - Send it twice.
            - Read the answer.
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
            - pages that are empty
            """,
            target: [.reasonAnalysis: .l0]),
    ]
}

import Basics
package import SkillModel

/// Cases told one after the other in a paragraph → a list of the cases, with the very words.
///
/// `reason.logic`, `reason.planning`: conditions that are read as one text must be held at once; in a list each is met by
/// itself. Precondition: from its first case on, the paragraph is cases and nothing else, at least three: sentences that
/// begin with *if*, *when*, *unless*, *otherwise* or *else*. A sentence behind a case that is none might hold for all of
/// them. Proof: every word stands where it stood.
///
///     If it is new, create it. If it is old, update it. Otherwise stop.
///     →
///     - If it is new, create it.
///     - If it is old, update it.
///     - Otherwise stop.
package struct DecisionList: LoweringRule {
    package init() {}
    package static let id = "lower.decision-list"
    package static let message = "made a list of the cases told in a paragraph"
    package var primitives: [Primitive] { [.reasonLogic, .reasonPlanning] }
    package var stepsDown: [StepDown] { [StepDown(.reasonLogic, from: .l2), StepDown(.reasonPlanning, from: .l3)] }

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        guard let gap = context.gap(among: primitives) else { return outcome }
        for (index, block) in context.document.blocks.enumerated()
        where block.kind == .paragraph && block.parent == nil {
            guard let cut = Self.cut(block.span, in: context.document) else { continue }
            if Self.touchesList(index, in: context) {
                outcome.left.append(
                    .init(
                        line: context.document.line(at: block.span.start),
                        why: "the cases in the paragraph would run into the list beside it"))
                continue
            }
            let end = cut.cases.last?.end ?? block.span.end
            outcome.proposals.append(
                LoweringProposal(
                    Edit(
                        span: SourceSpan(block.span.start, end), replacement: Self.text(cut, context), rule: id,
                        gap: gap, reason: "\(cut.cases.count) cases of the paragraph, one an item")))
        }
        return outcome
    }

    struct Cut {
        var lead: SourceSpan?
        var cases: [SourceSpan]
    }

    /// Nil for a paragraph that is not cases to its end. O(span).
    private static func cut(_ span: SourceSpan, in document: SkillDocument) -> Cut? {
        let bytes = document.bytes[span.start..<min(span.end, document.bytes.count)]
        var cut = Cut(lead: nil, cases: [])
        for sentence in Sentences.split(bytes) {
            let text = String(decoding: bytes[sentence].prefix(64), as: UTF8.self)
            let part = SourceSpan(sentence.lowerBound, sentence.upperBound)
            if let first = Sentences.words(text).first, openers.contains(first) {
                cut.cases.append(part)
            } else if cut.cases.isEmpty {
                cut.lead = SourceSpan(cut.lead?.start ?? part.start, part.end)
            } else {
                return nil
            }
        }
        return cut.cases.count >= 3 ? cut : nil
    }

    private static let openers: Set<String> = ["if", "when", "unless", "otherwise", "else"]

    /// A new list beside another would become one with it.
    private static func touchesList(_ block: Int, in context: LoweringContext) -> Bool {
        [context.previousSibling(of: block), context.nextSibling(of: block)].contains { sibling in
            guard let sibling else { return false }
            return context.document.blocks[sibling].kind == .list
        }
    }

    private static func text(_ cut: Cut, _ context: LoweringContext) -> String {
        let end = context.lineEnd
        let lead = cut.lead.map { context.relocated($0) + end + end } ?? ""
        return lead
            + cut.cases.map { span in
                let lines = context.relocated(span).splitLines().map { $0.trimmingBlanks() }
                return "- " + lines.joined(separator: end + "  ")
            }.joined(separator: end)
    }

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Tickets

            ## Workflow

            1. Read the ticket.
            2. Choose what to do.
            3. Tell the user.

            ## Selection guide

            ⟦Look at the state. If it is `new`, create
            a ticket. When it is `old`, update it. Otherwise stop.⟧
            """,
            finds: """
                Look at the state.

                - If it is `new`, create
                  a ticket.
                - When it is `old`, update it.
                - Otherwise stop.
                """,
            target: [.reasonLogic: .l0]),
        .nothing(
            """
            # Tickets

            ## Workflow

            1. Read the ticket.
            2. Choose what to do.
            3. Tell the user.

            ## Selection guide

            If it is new, create a ticket. If it is old, update it. Otherwise stop. Always say which.
            """, target: [.reasonLogic: .l0]),
        .nothing(
            """
            # Tickets

            ## Workflow

            1. Read the ticket.
            2. Choose what to do.
            3. Tell the user.

            ## Selection guide

            If it is new, create a ticket. If it is old, update it. Otherwise stop.

            - Say which.
            """, target: [.reasonLogic: .l0]),
    ]
}

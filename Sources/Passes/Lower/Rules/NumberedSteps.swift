import Basics
package import SkillModel

/// Steps told in a paragraph → a numbered list with the very words.
///
/// Only where the words themselves say the order: a sentence (or a clause) with *first*, later ones with *then*, *next*,
/// *after that*, *finally*. What stands before the first keeps its place before the list; a sentence without such a word
/// stays with the step before it.
///
///     First read the log. Then find the error. Finally write the report.
///     →
///     1. First read the log.
///     2. Then find the error.
///     3. Finally write the report.
package struct NumberedSteps: LoweringRule {
    package init() {}
    package static let id = "lower.numbered-steps"
    package static let message = "made a numbered list of steps told in a sentence"
    package var primitives: [Primitive] { [.followProcedure, .reasonPlanning] }

    package var stepsDown: [StepDown] { primitives.map { StepDown($0, from: .l2) } }

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        guard let gap = context.gap(among: primitives) else { return outcome }
        for (index, block) in context.document.blocks.enumerated()
        where block.kind == .paragraph && block.parent == nil && Self.mayHoldSteps(block.text) {
            let cut = Self.cut(block.span, in: context.document)
            guard cut.steps.count >= 3 else { continue }
            if Self.touchesList(index, in: context) {
                outcome.left.append(
                    .init(
                        line: context.document.line(at: block.span.start),
                        why: "the steps in the paragraph would run into the list beside it"))
                continue
            }
            outcome.proposals.append(
                LoweringProposal(
                    Edit(
                        span: SourceSpan(block.span.start, cut.end), replacement: Self.text(cut, context), rule: id,
                        gap: gap, reason: "\(cut.steps.count) steps of the paragraph, numbered")))
        }
        return outcome
    }

    struct Cut {
        var lead: SourceSpan?
        var steps: [SourceSpan]
        var end: Int
    }

    private static func mayHoldSteps(_ text: String) -> Bool {
        let words = Set(Sentences.words(text))
        return !words.isDisjoint(with: ["first", "firstly", "start", "begin"])
            && !words.isDisjoint(with: ["then", "next", "finally", "lastly", "second", "after", "afterwards"])
    }

    /// The parts of a paragraph: sentences, and clauses that begin with a word of order.
    private static func cut(_ span: SourceSpan, in document: SkillDocument) -> Cut {
        let bytes = document.bytes[span.start..<min(span.end, document.bytes.count)]
        var cut = Cut(lead: nil, steps: [], end: span.start)
        for sentence in Sentences.split(bytes) {
            for clause in clauses(sentence, of: bytes) {
                let words = Sentences.words(String(decoding: bytes[clause].prefix(64), as: UTF8.self))
                let part = SourceSpan(clause.lowerBound, clause.upperBound)
                if cut.steps.isEmpty ? opens(words) : continues(words) {
                    cut.steps.append(part)
                } else if let last = cut.steps.indices.last {
                    cut.steps[last].end = part.end
                } else {
                    cut.lead = SourceSpan(cut.lead?.start ?? part.start, part.end)
                }
                cut.end = part.end
            }
        }
        return cut
    }

    /// A sentence cut before `, then`, `; then`, `, and finally`, … Words and marks stay where they are.
    private static func clauses(_ sentence: Range<Int>, of bytes: ArraySlice<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = sentence.lowerBound
        var isCode = false
        var depth = 0
        for at in sentence {
            if bytes[at] == 0x60 { isCode.toggle() }
            if bytes[at] == 0x28 || bytes[at] == 0x5B { depth += 1 }
            if bytes[at] == 0x29 || bytes[at] == 0x5D { depth -= 1 }
            guard !isCode, depth <= 0, bytes[at] == 0x2C || bytes[at] == 0x3B, at > start else { continue }
            var next = at + 1
            while next < sentence.upperBound, bytes[next].isWhitespace { next += 1 }
            let words = Sentences.words(
                String(decoding: bytes[next..<min(next + 32, sentence.upperBound)], as: UTF8.self))
            let word = words.first == "and" ? words.dropFirst().first : words.first
            if let word, ["then", "finally", "lastly"].contains(word) {
                found.append(start..<(at + 1))
                start = next
            }
        }
        found.append(start..<sentence.upperBound)
        return found
    }

    private static func opens(_ words: [String]) -> Bool {
        guard let word = words.first else { return false }
        return word == "first" || word == "firstly"
            || (["start", "begin"].contains(word) && words.dropFirst().first == "by")
    }

    private static func continues(_ words: [String]) -> Bool {
        var words = words[...]
        if words.first == "and" { words = words.dropFirst() }
        guard let word = words.first else { return false }
        if ["then", "next", "finally", "lastly", "second", "secondly", "third", "thirdly", "fourth", "afterwards"]
            .contains(word)
        {
            return true
        }
        return word == "after" && ["that", "this", "which"].contains(words.dropFirst().first)
    }

    /// A new list beside another would become one with it.
    private static func touchesList(_ block: Int, in context: LoweringContext) -> Bool {
        [context.previousSibling(of: block), context.nextSibling(of: block)].contains { sibling in
            guard let sibling else { return false }
            return context.document.blocks[sibling].kind == .orderedList
        }
    }

    private static func text(_ cut: Cut, _ context: LoweringContext) -> String {
        let end = context.lineEnd
        var text = cut.lead.map { context.relocated($0) + end + end } ?? ""
        let items = cut.steps.enumerated().map { index, span in
            let mark = "\(index + 1). "
            let lines = context.relocated(span).splitLines().map { $0.trimmingBlanks() }
            return mark + lines.joined(separator: end + String(repeating: " ", count: mark.utf8.count))
        }
        text += items.joined(separator: end)
        return text
    }

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            description: Makes a roadmap.
            ---
            ⟦This is quick. First read `log.txt` closely. It is short. Then find the error, and finally write the report.⟧
            """,
            finds: """
                This is quick.

                1. First read `log.txt` closely. It is short.
                2. Then find the error,
                3. and finally write the report.
                """,
            target: [.reasonPlanning: .l1]),
        .nothing(
            """
            ---
            name: sample
            description: Makes a roadmap.
            ---
            Read the log. It is short. Write the report.
            """,
            target: [.reasonPlanning: .l1]),
        .nothing(
            """
            ---
            name: sample
            description: Makes a roadmap.
            ---
            First read it. Then find the error, and finally write the report.

            1. Read it.
            2. Find the error.
            """,
            target: [.reasonPlanning: .l1]),
    ]
}

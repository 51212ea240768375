import Basics
import SkillModel

/// A list of boxes at the end of a text: what decides about it in `lower` decides in `guard`, too.
struct TickedList: Sendable {
    let id: String
    /// One sentence, which ends in a colon.
    let lead: String
    /// Whether a sentence in a list of the text brings the whole list along.
    let takesWholeLists: Bool
    /// What is to be ticked; empty when a list would not lower the demand.
    let sentences: @Sendable (SkillFacts) -> [Sentence]

    init(
        id: String, lead: String, takesWholeLists: Bool, _ sentences: @escaping @Sendable (SkillFacts) -> [Sentence]
    ) {
        self.id = id
        self.lead = lead
        self.takesWholeLists = takesWholeLists
        self.sentences = sentences
    }

    /// A list is a step down, never two.
    static func closes(_ gap: Gap) -> Bool {
        guard let supplied = gap.supplied, supplied > .l0 else { return false }
        return gap.required.rawValue - 1 == supplied.rawValue
    }

    func outcome(for gap: Gap, in context: LoweringContext, reason: String) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        switch text(in: context.source, context.relocations, lineEnd: context.lineEnd) {
        case .success(let text)?:

            let end = Self.end(of: context.document)
            outcome.proposals.append(
                LoweringProposal(
                    Edit(span: SourceSpan(end, end), replacement: text, rule: id, gap: gap, reason: reason)))
            outcome.closed = [gap]
        case .failure(let objection)?:

            outcome.left.append(.init(line: context.document.line(at: objection.span.start), why: objection.why))
        case nil: break
        }
        return outcome
    }

    /// What is put at the end of the text; nil when there is nothing to tick, or the text has such a list.
    func text(
        in source: LazyReading, _ relocations: ReferenceRelocations, lineEnd: String
    ) -> Result<String, TickedText.Objection>? {
        let document = source.document
        let sentences = sentences(SkillFacts(source.reading))
        guard sentences.count >= 2, !document.blocks.contains(where: { $0.kind == .paragraph && $0.text == lead })
        else {
            return nil
        }
        do throws(TickedText.Objection) {
            let lines = try TickedText(document, relocations, takesWholeLists: takesWholeLists).list(of: sentences)
            let size = lines.reduce(0) { $0 + $1.utf8.count + 1 }
            guard size <= Self.most(for: document.bytes.count) else {
                throw TickedText.Objection(span: sentences[0].span, why: "the list would be long beside the text")
            }
            let all = ["", "", "---", "", lead, "", "```text"] + lines + ["```"]
            return .success(all.joined(separator: lineEnd))
        } catch {
            return .failure(error)
        }
    }

    /// Bytes of a list beside a text of `size`.
    static func most(for size: Int) -> Int { max(600, size / 5) }

    /// After the last byte that is no blank.
    static func end(of document: SkillDocument) -> Int {
        var end = document.bytes.count
        while end > 0, document.bytes[end - 1].isWhitespace { end -= 1 }
        return end
    }
}

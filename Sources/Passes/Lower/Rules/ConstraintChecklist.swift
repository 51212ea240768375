import Basics
package import SkillModel

/// Constraints strewn over several sections → one list of them before the first steps, in the skill's words.
///
/// The sentences stay where they are; the list repeats at most twelve of those that say *must*, *never*, *always* or
/// *do not*, each with the title of its section.
package struct ConstraintChecklist: LoweringRule {
    package init() {}
    package var id: String { "lower.constraint-checklist" }
    package var primitives: [Primitive] { [.followConstraint] }
    package var phrases: [String] { [Self.opening] }
    private static let opening = "What must hold throughout:"
    private static let most = 12
    private static let longest = 200

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        let document = context.document
        guard let gap = context.gap(among: primitives),
            !document.blocks.contains(where: { $0.kind == .paragraph && $0.text == Self.opening }),
            let place = Self.place(in: document)
        else { return outcome }
        let found = Self.constraints(of: document)
        guard found.count >= 3, Set(found.map(\.section)).count >= 2 else { return outcome }
        let lines = found.prefix(Self.most).map { constraint in
            "- \(constraint.text)" + (constraint.section.map { " (\(document.sections[$0].title))" } ?? "")
        }
        if found.count > Self.most {
            outcome.left.append(
                .init(line: document.line(at: place), why: "\(found.count) constraints; the list holds \(Self.most)"))
        }
        // A line that stands directly before would take the opening for its own paragraph's.
        let line = document.line(at: place)
        let isApart = line < 2 || document.text(document.lines.span(ofLine: line - 1)).trimmingBlanks().isEmpty
        let text = ((isApart ? [] : [""]) + [Self.opening, ""] + lines + ["", ""]).joined(separator: context.lineEnd)
        outcome.proposals.append(
            LoweringProposal(
                Edit(
                    span: SourceSpan(place, place), replacement: text, rule: id, gap: gap,
                    reason: "\(lines.count) constraints of \(Set(found.map(\.section)).count) sections in one list")))
        return outcome
    }

    private struct Constraint {
        var text: String
        var section: Int?
    }

    private static func constraints(of document: SkillDocument) -> [Constraint] {
        var found: [Constraint] = []
        var seen: Set<String> = []
        for block in document.blocks where block.kind == .paragraph {
            let bytes = Array(block.text.utf8)
            for range in Sentences.split(bytes[...]) where range.count <= longest {
                let text = String(decoding: bytes[range], as: UTF8.self)
                let words = Sentences.words(text)
                guard words.count >= 3, !text.hasSuffix(":"), !text.hasSuffix("?"), isPlain(text),
                    ConstraintSentence.isStrong(text, words), seen.insert(text).inserted
                else { continue }
                found.append(Constraint(text: text, section: block.section))
            }
        }
        return found
    }

    /// Text that means the same in a list item: block text has lost its markup, and what looks like markup now is not.
    private static func isPlain(_ text: String) -> Bool {
        !text.utf8.contains { [0x2A, 0x5F, 0x60, 0x3C, 0x5B, 0x7C, 0x5C, 0x0A, 0x0D].contains($0) }
            && !text.contains("- [") && text.utf8.first.map { $0.isLetter || $0 >= 0x80 } ?? false
    }

    /// Before the first heading of the second level or below; nil when the skill has none.
    private static func place(in document: SkillDocument) -> Int? {
        document.sections.first { $0.level >= 2 && $0.parent.map { document.sections[$0].level == 1 } ?? true }?.heading
            .start
    }
}

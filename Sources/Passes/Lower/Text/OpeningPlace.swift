import Basics
import SkillModel

/// Where a paragraph stands that speaks of the whole skill: before the first section below the title.
struct OpeningPlace {
    let span: SourceSpan
    private let isApart: Bool
    private let lineEnd: String

    /// Nil when the skill has no body, or says `sentence` already.
    init?(in context: LoweringContext, unlessSaid sentence: String? = nil) {
        let document = context.document
        if let sentence, document.blocks.contains(where: { $0.kind == .paragraph && Self.says(sentence, $0.text) }) {
            return nil
        }
        guard let place = Self.place(in: document) else { return nil }
        span = SourceSpan(place, place)
        // A line that stands directly before would take the sentences into its paragraph.
        let line = document.line(at: place)
        isApart = line < 2 || document.text(document.lines.span(ofLine: line - 1)).trimmingBlanks().isEmpty
        lineEnd = context.lineEnd
    }

    /// What is inserted at `span`.
    func paragraph(_ text: String) -> String {
        ((isApart ? [] : [""]) + [text, "", ""]).joined(separator: lineEnd)
    }

    /// The words of `sentence`; a paragraph's text has no marks of code.
    static func says(_ sentence: String, _ text: String) -> Bool {
        text.contains(sentence.filter { $0 != "`" }) || text.contains(sentence)
    }

    /// Before the first section below the title; else where the text ends that a title has; nil when there is no body.
    private static func place(in document: SkillDocument) -> Int? {
        let below = document.sections.first {
            $0.level >= 2 && $0.parent.map { document.sections[$0].level == 1 } ?? true
        }
        if let below { return below.heading.start }
        // Without sections: before the first block that is no heading.
        return document.blocks.first { $0.kind != .heading && $0.parent == nil }?.span.start
    }
}

import Basics
import SkillModel

/// Edits of an earlier attempt that close nothing: the lowered text still demanded more than the target has.
struct IdleEdits {
    private struct Key: Hashable {
        var rule: String
        var span: SourceSpan
        var replacement: String

        init(_ edit: Edit) { (rule, span, replacement) = (edit.rule, edit.span, edit.replacement) }
    }

    /// Why each is left out, by what it is.
    private var places: [Key: LoweringOutcome.LeftAlone] = [:]
    /// Whether every edit for a gap counts as one.
    var holdsAll = false
    /// Attempts after which no edit for a gap is made any more. Each finds one idle edit at least; two or three are the rule.
    static let attempts = 6

    /// Adds the edits of a set of which every gap is open; false where there are none.
    mutating func learn(from set: EditSet, in document: SkillDocument) -> Bool {
        let open = Dictionary(set.open.map { ($0.gap.primitive, $0.why) }) { first, _ in first }
        var isNew = false
        for edit in set.edits {
            guard let gap = edit.gap, ([gap] + (edit.others ?? [])).allSatisfy({ open[$0.primitive] != nil }) else {
                continue
            }
            let place = LoweringOutcome.LeftAlone(
                line: document.line(at: edit.span.start),
                why: "\(edit.rule) would change it, and the text would demand more than the target has all the same")
            isNew = places.updateValue(place, forKey: Key(edit)) == nil || isNew
        }
        return isNew
    }

    /// The reason for which an edit is left out; nil for one that may be made.
    func place(of edit: Edit) -> LoweringOutcome.LeftAlone? {
        guard edit.gap != nil else { return nil }
        if let place = places[Key(edit)] { return place }
        return holdsAll ? .init(line: 1, why: "what can be changed in the text closes nothing") : nil
    }
}

import Basics
import SkillModel

/// A sentence that says how the work is done is true of the source: it has nothing taken one at a time that the text has done
/// at once, and asks for yes or no only where each point has these answers.
enum SpokenCheck {
    /// O(edits); reads the source when one of them says such a thing.
    static func run(_ comparison: GuardComparison) -> [Diagnostic] {
        let edits = comparison.application.placed.map(\.edit).filter { rules.contains($0.rule) }
        guard !edits.isEmpty else { return [] }
        let reading = comparison.read.reading
        lazy var places = PointByPoint.places(
            in: LoweringContext(
                comparison.read, requirements: RequirementSet(archetype: .procedural, requirements: []), gaps: [],
                support: HarnessDescription.Support()))
        return edits.compactMap { edit in
            switch edit.rule {
            case PointByPoint.id:
                return places.contains(edit.span.start)
                    ? nil
                    : .guarded(
                        "points", "yes and no are asked for where not each point has these answers",
                        line: comparison.line(edit.span))
            case CallAfterCall.id where Togetherness.isMeant(in: reading):
                return contradiction(edit, comparison)
            default:
                let denied = OneAtATime.measures.contains {
                    edit.replacement.contains($0.sentence) && Togetherness.denies($0, in: reading)
                }
                return denied ? contradiction(edit, comparison) : nil
            }
        }
    }

    private static func contradiction(_ edit: Edit, _ comparison: GuardComparison) -> Diagnostic {
        .guarded(
            "contradiction",
            "“\(edit.replacement.trimmingBlanks().prefix(80))” contradicts what the text has done at once",
            line: comparison.line(edit.span))
    }

    private static let rules: Set<String> = [PointByPoint.id, CallAfterCall.id, TakeOneAtATime.id]
}

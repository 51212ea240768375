import Basics
import SkillModel

/// What a substitution says of itself is true of the variant: its primitive is demanded at the target's level at most.
enum SubstitutionCheck {
    /// O(edits); reads the variant as `require` does when there is a substitution.
    static func run(_ comparison: GuardComparison) -> [Diagnostic] {
        let taken = comparison.application.placed.map(\.edit).filter { rules.contains($0.rule) }
        guard !taken.isEmpty else { return [] }
        let after = Require.requirements(of: Set(taken.compactMap { $0.gap?.primitive }), in: comparison.result.reading)
        return taken.compactMap { edit in
            guard let gap = edit.gap, let left = after.first(where: { $0.primitive == gap.primitive })?.level,
                left > gap.supplied ?? .l0
            else { return nil }
            return .guarded(
                "substitution", "\(edit.rule) leaves \(gap.primitive.rawValue) demanded at \(left)",
                line: comparison.line(edit.span))
        }
    }

    private static let rules = Set(Lower.substitutions.map(\.id))
}

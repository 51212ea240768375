package import SkillModel

/// A transform of the skill's text that lowers what it demands, without a model.
///
/// A rule keeps every check, constraint, required output and step, adds no advice, and finds nothing to do in what it
/// made itself: a second run over a variant is empty. `guard` holds it to the first, the tests to the last.
package protocol LoweringRule: DescribedRule {
    /// The primitives whose demand it lowers; the rule runs when the target has a gap in one of them. Empty for a rule
    /// that every target needs.
    var primitives: [Primitive] { get }
    /// The steps from a level to the one below that it can take where its precondition holds.
    var stepsDown: [StepDown] { get }
    /// Words that the rule adds of its own accord; every other word of a replacement is the skill's. `guard` refuses an
    /// edit that brings words from elsewhere.
    var phrases: [String] { get }
    func apply(in context: LoweringContext) -> LoweringOutcome
}

/// A rule that says of the whole work, or of a list, how it is done. What it can close it names in its outcome; another
/// text would give it no more places.
package protocol SpokenRule: LoweringRule {}

extension LoweringRule {
    package var id: String { Self.id }
    package var phrases: [String] { [] }
    package var stepsDown: [StepDown] { primitives.flatMap { StepDown.both(of: $0) } }
}

/// An edit, and the file that it moves text to. Both are taken, or neither.
package struct LoweringProposal: Sendable {
    package var edit: Edit
    package var file: EditSet.AddedFile?
    package init(_ edit: Edit, file: EditSet.AddedFile? = nil) {
        self.edit = edit
        self.file = file
    }
}

/// What one rule found in a skill.
package struct LoweringOutcome: Sendable {
    /// A place where the rule applies by its kind and was not safe to use.
    package struct LeftAlone: Sendable {
        /// 1-based in SKILL.md.
        package var line: Int
        package var why: String
    }

    package var proposals: [LoweringProposal] = []
    package var left: [LeftAlone] = []
    /// Gaps that its edits close whole, whatever other rules leave open.
    package var closed: [Gap] = []
    package init() {}
}

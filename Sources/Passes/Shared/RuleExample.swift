package import Basics
package import SkillModel

/// A skill that shows what a rule finds, or one that looks like it and must not be found. It is the rule's test and its
/// documentation (`docs/rules.md`): both are made from it.
package struct RuleExample: Sendable {
    /// SKILL.md, or its body alone when there is no front matter. `⟦` and `⟧` stand around each place that the rule finds;
    /// they are taken out before the skill is read.
    package var text: String
    /// What the rule says of the places, in its order. Empty: it must find nothing.
    package var finds: [String]
    /// The text of bundled files, by path.
    package var files: [String: String]
    /// For a rule of `lower`: the levels that the target has; it is measured at L3 in all else.
    package var target: [Primitive: Level]

    package init(
        _ text: String, finds: String..., files: [String: String] = [:], target: [Primitive: Level] = [:]
    ) {
        self.text = text
        self.finds = finds
        self.files = files
        self.target = target
    }

    /// A look-alike in which the rule must find nothing.
    package static func nothing(
        _ text: String, files: [String: String] = [:], target: [Primitive: Level] = [:]
    ) -> RuleExample { RuleExample(text, files: files, target: target) }
}

/// What a rule of any pass says of itself.
package protocol DescribedRule: Sendable {
    /// Stable; `<pass>.<…>`. Stands in what the pass puts out and in a variant's provenance.
    static var id: String { get }
    /// What it found, or what it did, in a line for the user.
    static var message: String { get }
    /// At least one in which it finds something and one in which it must not.
    static var examples: [RuleExample] { get }
}

/// A place in a skill that a rule found, as examples and documentation show it.
package struct RuleFinding: Sendable, Equatable {
    package var what: String
    /// In SKILL.md; places in bundled files are named in `what`.
    package var spans: [SourceSpan]
}

import Basics
import SkillModel

/// Demands on how the work is done: MUST, never, always, only, do not. Two or more hold at once: L2; eighteen, or eight
/// that go against habit ("never", "do not"), are L3; a single one is L1, and none in a tool's reference. Advice, tips and remarks on errors are no demands.
enum ConstraintRule: RequirementRule {
    static let id = "require.follow.constraint.must"
    static let message = "the work is bound by rules"
    static let primitive = Primitive.followConstraint

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let reading = facts.reading
        var demands: [Sentence] = []
        var advised: [Sentence] = []
        for sentence in reading.sentences {
            let role = reading.role(of: sentence)
            guard ![.troubleshooting, .background, .links, .requirements].contains(role) else { continue }
            if role == .advice {
                // "Guidelines" and "notes" may hold demands as firm as any.
                let isFirm = firmly.isIn(sentence.words) || isShouted(sentence)
                if isFirm, firmTitles.isIn(title(of: sentence, reading)) { advised.append(sentence) }
                continue
            }
            // That steps do not depend on each other binds nobody.
            if told.isIn(sentence.words) { continue }
            if strong.isIn(sentence.words) || isShouted(sentence) {
                demands.append(sentence)
            } else if role == .rules, reading.isInItem(sentence.block), isFirst(sentence, reading) {
                demands.append(sentence)
            }
        }
        if advised.count >= 2 { demands += advised }
        guard demands.count >= 2 else {
            let isOne = demands.count == 1 && facts.archetype != .toolReference
            return isOne ? [RequirementFinding(.l1, facts.evidence(demands))] : []
        }
        let refusals = demands.count { against.isIn($0.words) }
        let level: Level = demands.count >= 18 || refusals >= 8 ? .l3 : .l2
        return [RequirementFinding(level, facts.evidence(demands))]
    }

    private static func title(of sentence: Sentence, _ reading: SkillReading) -> [Word] {
        guard let section = reading.document.blocks[sentence.block].section else { return [] }
        return WordScanner.words(reading.document.sections[section].title)
    }

    private static func isShouted(_ sentence: Sentence) -> Bool {
        sentence.words.contains {
            ["MUST", "NEVER", "ALWAYS", "ONLY", "NOT", "REQUIRED", "CRITICAL", "MANDATORY"].contains($0.text)
        }
    }

    /// One rule an item, however many sentences it has.
    private static func isFirst(_ sentence: Sentence, _ reading: SkillReading) -> Bool {
        sentence.span.start - reading.document.blocks[sentence.block].span.start < 8
    }

    private static let told = PhraseTable(["do not depend on"])
    private static let strong = PhraseTable([
        "must", "never", "always", "do not", "don't", "only when", "only if", "only use", "strictly", "at least",
        "at most", "required to", "must not", "should not", "no more than",
    ])
    private static let firmTitles = PhraseTable([
        "guideline*", "notes", "note", "important", "anti-pattern*", "considerations",
    ])
    private static let firmly = PhraseTable(["must", "never", "always", "do not", "don't", "must not", "strictly"])
    private static let against = PhraseTable(["never", "do not", "don't", "must not"])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ⟦You must ask⟧. ⟦Never guess⟧. ⟦Always check⟧.
            """,
            finds: "L2"),
        RuleExample(
            """
            ## Important guidelines

            - ⟦Never guess⟧.
            - ⟦Always ask⟧.
            """,
            finds: "L2"),
        RuleExample(
            """
            ⟦You must ask⟧.
            """,
            finds: "L1"),
        RuleExample(
            """
            ⟦Never send without asking⟧. ⟦Always pass an account⟧.

            ```bash
            tool list
            tool send a
            tool show a
            ```
            """,
            finds: "L2"),
        .nothing(
            """
            ## Tips

            - Never rush.
            - Always smile.
            - You must rest.
            """),
    ]
}

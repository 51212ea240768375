import Basics
import SkillModel

/// The agent computes: totals, averages, durations, prices.
enum ArithmeticRule: RequirementRule {
    static let id = "require.reason.arithmetic.compute"
    static let message = "the agent computes"
    static let primitive = Primitive.reasonArithmetic

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        guard facts.archetype != .toolReference else { return [] }
        let finance = facts.sentences(compound)
        if finance.count >= 2 { return [RequirementFinding(.l3, facts.evidence(finance))] }
        let sums = facts.sentences(several, not: [.links, .troubleshooting, .example])
        // "Compute the average … and the percentage": two in one sentence are two.
        let isTwofold = sums.contains { sentence in
            computing.isIn(sentence.words)
                && Set(several.matches(in: sentence.words).map { sentence.words[$0.lowerBound].lower }).count >= 3
        }
        guard sums.count >= 2 || isTwofold || (sums.count == 1 && facts.isAbout(subjects)) || facts.isAbout(times)
        else { return [] }
        return [RequirementFinding(.l2, facts.evidence(sums))]
    }

    private static let several = PhraseTable([
        "calculate*", "average*", "totals", "weighted", "percentage*", "sum of", "ratio", "ratios", "compute the",
        "add up",
    ])
    private static let computing = PhraseTable(["compute", "calculate", "work out"])
    private static let subjects = PhraseTable([
        "trend*", "budget*", "cost*", "progress", "statistics", "metrics", "score", "scoring",
    ])
    private static let times = PhraseTable(["timezone*", "time zone*"])
    private static let compound = PhraseTable([
        "compound interest", "npv", "irr", "amortization", "discounted cash flow", "cagr",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ⟦Calculate the sum of all⟧.

            ⟦Give averages per week⟧.
            """,
            finds: "L2"),
        RuleExample(
            """
            ⟦State the NPV⟧.

            ⟦State the IRR⟧.
            """,
            finds: "L3"),
        RuleExample(
            """
            ⟦Compute the weighted average of the marks and the percentage of passes⟧.
            """,
            finds: "L2"),
        .nothing(
            """
            Calculate the sum of all.
            """),
        .nothing(
            """
            In sum, it works.
            """),
    ]
}

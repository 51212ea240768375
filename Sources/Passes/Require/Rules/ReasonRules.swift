import Basics
import SkillModel

/// The agent writes regular expressions: they are shown as such, or asked for.
enum RegexRule: RequirementRule {
    static let id = "require.gen.regex.written"
    static let primitive = Primitive.genRegex

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let fragments = facts.reading.fragments(in: ["regex", "regexp"])
        if !fragments.isEmpty { return [RequirementFinding(.l2, facts.evidence(fragments))] }
        let asked = facts.sentences(
            PhraseTable(["write a regex", "regex pattern*", "regular expression*", "regex to"]))
        guard asked.count >= 2 || facts.isAbout(PhraseTable(["regex*", "regular expression*"])) else { return [] }
        let deep = facts.sentences(PhraseTable(["lookahead", "look-ahead", "lookbehind", "named group*"]))
        return [RequirementFinding(deep.isEmpty ? .l2 : .l3, facts.evidence(asked.isEmpty ? deep : asked))]
    }
}

/// The agent computes: totals, averages, durations, prices.
enum ArithmeticRule: RequirementRule {
    static let id = "require.reason.arithmetic.compute"
    static let primitive = Primitive.reasonArithmetic

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        guard facts.archetype != .toolReference else { return [] }
        let finance = facts.sentences(compound)
        if finance.count >= 2 { return [RequirementFinding(.l3, facts.evidence(finance))] }
        let sums = facts.sentences(several, not: [.links, .troubleshooting, .example])
        guard sums.count >= 2 || (sums.count == 1 && facts.isAbout(subjects)) || facts.isAbout(times) else { return [] }
        return [RequirementFinding(.l2, facts.evidence(sums))]
    }

    private static let several = PhraseTable([
        "calculate*", "average*", "totals", "weighted", "percentage*", "sum of", "ratio", "ratios", "compute the",
        "add up",
    ])
    private static let subjects = PhraseTable([
        "trend*", "budget*", "cost*", "progress", "statistics", "metrics", "score", "scoring",
    ])
    private static let times = PhraseTable(["timezone*", "time zone*"])
    private static let compound = PhraseTable([
        "compound interest", "npv", "irr", "amortization", "discounted cash flow", "cagr",
    ])
}

/// Choices under conditions. Tables and lists of if-then to choose from are L1, several constraints at once L2.
enum LogicRule: RequirementRule {
    static let id = "require.reason.logic.choice"
    static let primitive = Primitive.reasonLogic

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let conditions = facts.sentences(conditional, not: [.links, .troubleshooting, .background, .advice, .example])
        let choosing = facts.sentences(selection, not: [.links, .troubleshooting, .background])
        let guides = facts.document.sections.filter { guide.isIn(WordScanner.words($0.title)) }
        let tables = deciding(facts)
        if !guides.isEmpty, facts.archetype != .generative {
            return [
                RequirementFinding(
                    facts.archetype == .procedural ? .l2 : .l1, guides.map { facts.document.evidence($0.heading) })
            ]
        }
        if !tables.isEmpty, facts.archetype == .procedural { return [RequirementFinding(.l2, tables)] }
        if facts.archetype == .generative, conditions.count + choosing.count >= 6 {
            return [RequirementFinding(.l2, facts.evidence(conditions + choosing))]
        }
        guard facts.archetype != .generative, conditions.count >= 6 || choosing.count >= 3 else { return [] }
        let isBusy = facts.archetype == .procedural && conditions.count + choosing.count >= 8
        return [RequirementFinding(isBusy ? .l2 : .l1, facts.evidence(conditions + choosing))]
    }

    /// Heads of tables whose first column is a condition.
    private static func deciding(_ facts: SkillFacts) -> [Evidence] {
        let blocks = facts.document.blocks
        return blocks.indices.compactMap { index in
            guard blocks[index].kind == .tableRow, index > 0, blocks[index - 1].kind != .tableRow,
                let first = facts.reading.leadWords(index, limit: 1).first, heads.contains(first.lower)
            else { return nil }
            return facts.document.evidence(blocks[index].span)
        }
    }

    private static let heads: Set<String> = ["if", "when", "condition", "situation", "scenario", "case", "signal"]
    private static let conditional = PhraseTable([
        "if the", "if a", "if you", "if no", "when the", "unless", "otherwise", "depending on", "if it",
    ])
    private static let selection = PhraseTable([
        "choose", "pick the", "select the", "which model", "decide", "prefer", "route to", "routes to",
    ])
    private static let guide = PhraseTable([
        "selection guide", "decision tree", "decision matrix", "decision guide", "choosing", "which to use",
        "selection", "when to use which", "decision table", "decision rules", "decision logic", "routing",
    ])
}

/// Layouts, coordinates, geometry.
enum SpatialRule: RequirementRule {
    static let id = "require.reason.spatial.layout"
    static let primitive = Primitive.reasonSpatial

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let placed = facts.sentences(
            PhraseTable([
                "layout", "coordinates", "bounding box*", "position*", "grid", "viewport",
                "canvas", "alignment", "rotate", "camera", "keyframe*",
            ]))
        guard
            facts.isAbout(
                PhraseTable([
                    "layout*", "coordinates", "canvas", "3d", "geometry", "map", "diagram*", "animation*", "floor plan",
                ])),
            placed.count >= 3
        else { return [] }
        return [RequirementFinding(.l2, facts.evidence(placed))]
    }
}

/// The agent makes a plan of its own: goals to cut into parts, priorities to set, phases to fill.
enum PlanningRule: RequirementRule {
    static let id = "require.reason.planning.plan"
    static let primitive = Primitive.reasonPlanning

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        guard facts.archetype != .toolReference else { return [] }
        let planned = facts.sentences(
            PhraseTable([
                "prioritize", "prioritise", "rank", "decompose", "break down", "milestones", "roadmap", "phased",
            ]), not: [.links, .advice])
        if facts.isAbout(
            PhraseTable([
                "plan", "plans", "planning", "roadmap", "strategy", "launch", "orchestrat*",
            ]))
        {
            return [RequirementFinding(.l2, planned.isEmpty ? facts.descriptionEvidence : facts.evidence(planned))]
        }
        return planned.count >= 3 ? [RequirementFinding(.l2, facts.evidence(planned))] : []
    }
}

/// The agent looks into code or output for itself: refactoring, review, migration, diagnosis. Work across a code base
/// for a cause is L3. A program that analyses for it is no demand.
enum AnalysisRule: RequirementRule {
    static let id = "require.reason.analysis.inspect"
    static let primitive = Primitive.reasonAnalysis

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let causes = facts.isAbout(PhraseTable(["root cause*", "debug*", "investigat*"]))
        if causes, facts.archetype != .toolReference { return [RequirementFinding(.l3, facts.descriptionEvidence)] }
        let shown = facts.commands.count { !$0.isInline }
        guard shown == 0 || facts.archetype == .generative || facts.steps.count >= 3 else { return [] }
        let isExamining = facts.isAbout(examining)
        let isAbout = isExamining || facts.isAbout(handling)
        let looked = facts.sentences(
            PhraseTable([
                "inspect", "verify that", "check for", "look for", "diagnose", "analyze", "identify", "compare",
            ]), not: [.links, .background, .advice])
        guard isAbout || (looked.count >= 5 && facts.archetype == .procedural) else { return [] }
        guard facts.archetype != .toolReference || shown == 0 else { return [] }
        if facts.archetype == .generative, facts.codeFragments.isEmpty, !isExamining, !facts.isAbout(code) { return [] }
        return [RequirementFinding(.l2, looked.isEmpty ? facts.descriptionEvidence : facts.evidence(looked))]
    }

    /// Finding faults is the task, in code or in anything else.
    private static let examining = PhraseTable([
        "review", "reviews", "reviewing", "audit*", "diagnos*", "troubleshoot*",
    ])
    /// What is handled is looked into first.
    private static let handling = PhraseTable([
        "refactor*", "migrat*", "analyze", "analyzes", "analysis", "existing", "anti-pattern*", "optimiz*", "convert*",
        "patterns",
    ])
    private static let code = PhraseTable([
        "code", "component*", "backend*", "database*", "api*", "procedure*", "repositor*", "migrat*", "kernel*",
        "test*",
    ])
}

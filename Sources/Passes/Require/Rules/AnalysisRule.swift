import Basics
import SkillModel

/// The agent looks into code or output for itself: refactoring, review, migration, diagnosis. Work across a code base
/// for a cause is L3. A program that analyses for it is no demand. Where the points that the text has looked for stand in forms
/// to fill in (`PointForms`), each is looked at by itself: a level less.
enum AnalysisRule: RequirementRule {
    static let id = "require.reason.analysis.inspect"
    static let message = "the agent looks into code, output or text for itself"
    static let primitive = Primitive.reasonAnalysis

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let found = demands(facts)
        // Said in a sentence, too, it is said once.
        guard !found.isEmpty, PointForms.areFilled(facts.reading),
            !facts.reading.measures.contains(where: { $0.primitives.contains(primitive) })
        else { return found }
        return found.map { RequirementFinding(OneAtATime.level(below: $0.level) ?? $0.level, $0.evidence) }
    }

    private static func demands(_ facts: SkillFacts) -> [RequirementFinding] {
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
        // Where no program is shown that does it, two sentences that have something looked into are enough.
        guard isAbout || (looked.count >= 2 && shown <= 1 && facts.archetype == .procedural) else { return [] }
        guard facts.archetype != .toolReference || shown == 0 else { return [] }
        if facts.archetype == .generative, facts.codeFragments.isEmpty, !isExamining, !facts.isAbout(code) { return [] }
        return [RequirementFinding(.l2, looked.isEmpty ? facts.descriptionEvidence : facts.evidence(looked))]
    }

    /// Finding faults is the task, in code or in anything else.
    private static let examining = PhraseTable([
        "review", "reviews", "reviewing", "audit*", "diagnos*", "troubleshoot*",
        "evaluate*", "assess*", "critique*",
    ])
    /// What is handled is looked into first.
    private static let handling = PhraseTable([
        "refactor*", "migrat*", "analyze", "analyzes", "analysis", "anti-pattern*", "optimiz*",
    ])
    private static let code = PhraseTable([
        "code", "component*", "backend*", "database*", "api*", "procedure*", "repositor*", "migrat*", "kernel*",
        "test*",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            ⟦description: Finds the root cause of faults in code.⟧
            ---
            Text.
            """,
            finds: "L3"),
        RuleExample(
            """
            ---
            name: sample
            ⟦description: Reviews code.⟧
            ---
            Text.
            """,
            finds: "L2"),
        .nothing(
            """
            ---
            name: sample
            description: Analyzes logs with a program.
            ---
            ```bash
            tool analyze a.log
            ```
            """),
        RuleExample(
            """
            ---
            name: sample
            description: Reviews forms.
            ---
            ⟦Look for⟧:

            - fields without a label
            - buttons that do nothing
            - text that is cut
            - pages that are empty

            ```text
            fields without a label:
            buttons that do nothing:
            text that is cut:
            pages that are empty:
            ```
            """,
            finds: "L1"),
        RuleExample(
            """
            # T

            ## Workflow

            1. ⟦Identify the parts⟧.
            2. ⟦Compare them with the plan⟧.
            3. Tell the user.
            """,
            finds: "L2"),
        .nothing(
            """
            Identify the file.
            """),
    ]
}

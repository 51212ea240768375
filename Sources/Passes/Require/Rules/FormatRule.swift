import Basics
import SkillModel

/// The output has a form: a template, a schema, named sections (L2); one named format (L1); several at once (L3). Of a tool's
/// reference that is a block of Markdown, or a sample of its answer.
enum FormatRule: RequirementRule {
    static let id = "require.follow.format.template"
    static let message = "the output has a form"
    static let primitive = Primitive.followFormat

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        guard facts.archetype != .toolReference else { return shown(facts) }
        let reading = facts.reading
        var findings: [RequirementFinding] = []
        let fragments = facts.document.fragments.filter { !reading.checklists.isChecklist($0.block) }
        let templates = fragments.filter { fragment in
            ["markdown", "md"].contains(fragment.language)
                || (["", "text"].contains(fragment.language) && reading.role(ofBlock: fragment.block) == .outputs)
        }
        let labelled = fragments.filter { isLabelled($0, facts) }
        if !labelled.isEmpty { findings.append(RequirementFinding(.l2, facts.evidence(labelled))) }
        if !templates.isEmpty { findings.append(RequirementFinding(.l2, facts.evidence(templates))) }
        let stated = facts.sentences(schemas, not: [.links, .troubleshooting, .background, .example])
        if !stated.isEmpty { findings.append(RequirementFinding(.l2, facts.evidence(stated))) }
        if facts.isAbout(described) { findings.append(RequirementFinding(.l2, facts.descriptionEvidence)) }
        let outputs = facts.document.sections.indices.filter { isForm(facts.document.sections[$0].title) }
        if !outputs.isEmpty {
            let isLaidOut = facts.archetype == .procedural && outputs.contains { hasParts($0, facts) }
            findings.append(
                RequirementFinding(
                    isLaidOut ? .l2 : .l1,
                    outputs.prefix(3).map { facts.document.evidence(facts.document.sections[$0].heading) }))
        }
        return findings
    }

    /// A tool's reference that says how the answer to the user looks, with a sample.
    private static func shown(_ facts: SkillFacts) -> [RequirementFinding] {
        let samples = facts.document.fragments.filter { fragment in
            if ["markdown", "md"].contains(fragment.language) {
                return ![.setup, .requirements].contains(facts.reading.role(ofBlock: fragment.block))
            }
            guard ["", "text"].contains(fragment.language), !InvocationReader.isShell(fragment),
                let section = facts.document.blocks[fragment.block].section
            else { return false }
            let words = WordScanner.words(facts.document.sections[section].title)
            return answers.isIn(words) && shapes.isIn(words)
        }
        return samples.isEmpty ? [] : [RequirementFinding(.l2, facts.evidence(samples))]
    }

    /// A block without a language right after "Format:" or "Output format:".
    private static func isLabelled(_ fragment: Fragment, _ facts: SkillFacts) -> Bool {
        guard ["", "text", "markdown", "md", "txt"].contains(fragment.language), fragment.block > 0,
            facts.document.blocks[fragment.block - 1].kind == .paragraph
        else { return false }
        let words = WordScanner.words(String(facts.document.blocks[fragment.block - 1].text.suffix(60))).suffix(3)
        return labels.isIn(Array(words))
    }

    private static let labels = PhraseTable([
        "format", "template", "structure", "output", "report", "summary", "response", "layout",
    ])
    private static let answers = PhraseTable(["summary", "report*", "response*", "answer*", "message*", "reply"])

    /// A title that announces what the result looks like, of the skill, not of one of its programs.
    private static func isForm(_ title: String) -> Bool {
        let words = WordScanner.words(title)
        guard !words.contains(where: { FileNames.isFile($0.text) }), StepLabel.number(of: title) == nil else {
            return false
        }
        return form.isIn(words) || words.count > 1 && results.isIn(words) && shapes.isIn(words)
    }

    /// The section lists parts, rows or a sample.
    private static func hasParts(_ section: Int, _ facts: SkillFacts) -> Bool {
        let blocks = facts.document.blocks
        return blocks.indices.count { index in
            blocks[index].section == section && [.item, .tableRow, .code].contains(blocks[index].kind)
                && !facts.reading.checklists.isChecklist(index)
        } >= 2
    }

    private static let results = PhraseTable([
        "output*", "report*", "summary", "response*", "deliverable*", "result*", "answer*",
    ])
    private static let shapes = PhraseTable([
        "format", "contract", "structure", "template", "schema", "shape", "sections", "layout", "report",
    ])

    private static let form = PhraseTable([
        "output format", "report format", "response format", "final response", "deliverable*", "conventions", "format",
        "formatting", "report", "output structure",
    ])
    private static let schemas = PhraseTable([
        "template", "output json", "following format", "this format", "exact format", "json schema", "output schema",
        "this schema",
        "following schema", "given schema", "the schema", "in the format",
        "the following structure", "format exactly", "must contain the following", "with these fields",
        "has these fields", "with the following fields", "use this structure",
    ])
    private static let described = PhraseTable([
        "formats", "template*", "structured",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ⟦Use this template⟧:

            ⟦```markdown
            # A
            ```⟧
            """,
            finds: "L2"),
        RuleExample(
            """
            # T

            ⟦## Output format⟧

            Text.
            """,
            finds: "L1"),
        RuleExample(
            """
            ⟦Return JSON with these fields: name, mark⟧.
            """,
            finds: "L2"),
        RuleExample(
            """
            ```bash
            tool list
            tool show a
            tool send a
            ```

            Put what it shows like this:

            ⟦```markdown
            # A
            ```⟧
            """,
            finds: "L2"),
        .nothing(
            """
            ```json
            {"a": 1}
            ```
            """),
        .nothing(
            """
            The report is long.
            """),
    ]
}

import Basics
import SkillModel

/// Sections without numbers under a heading that announces an order: "## Workflow" with "### Plan", "### Build",
/// "### Check", each an instruction.
enum NamedSections: ProcedureShape {
    static let id = "flow.named-sections"
    static let message = "sections without numbers under a heading that announces an order"

    private static let announcing = PhraseTable([
        "workflow", "process", "procedure", "steps", "phases", "pipeline", "execution order", "method", "instructions",
    ])

    static func find(_ reading: SkillReading) -> [Procedure] {
        let sections = reading.document.sections
        var childrenOf = [[Int]](repeating: [], count: sections.count)
        for (index, section) in sections.enumerated() {
            if let parent = section.parent, childrenOf.indices.contains(parent) { childrenOf[parent].append(index) }
        }
        return sections.indices.compactMap { index in
            guard announcing.isIn(WordScanner.words(sections[index].title)) else { return nil }
            let children = childrenOf[index].filter {
                reading.roles[$0] != .troubleshooting && reading.roles[$0] != .links
            }
            guard children.count >= 3, children.allSatisfy({ StepLabel.number(of: sections[$0].title) == nil }) else {
                return nil
            }
            let steps = children.map { child in
                Procedure.Step(
                    start: sections[child].heading.start, end: sections[child].span.end,
                    title: StepTitle.clean(sections[child].title),
                    block: NumberedHeadings.headingBlock(sections[child], reading))
            }
            let imperative = ProcedureFinder.imperative(steps.map(\.block), reading)
            guard imperative >= 0.5 else { return nil }
            return Procedure(
                form: .sections, role: .procedure, steps: steps, isLabelled: false, imperative: imperative,
                isListOfFacts: false, depth: sections[index].level)
        }
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            # T

            ## Workflow

            ⟦### Read the source

            x

            ⟧⟦### Change it

            x

            ⟧⟦### Write the result

            x
            ⟧
            """,
            finds: "Read the source → Change it → Write the result"),
        .nothing(
            """
            # T

            ## Commands

            ### Read the source

            x

            ### Change it

            x

            ### Write the result

            x
            """),
    ]
}

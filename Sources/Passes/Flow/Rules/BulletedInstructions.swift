import Basics
import SkillModel

/// Bullets of instructions under a title that says "instructions" and little more, where nothing else in the skill is a
/// procedure. Prohibitions among them are no steps.
enum BulletedInstructions: ProcedureShape {
    static let id = "flow.bulleted-instructions"
    static let message = "bullets of instructions under a title that names a procedure"

    static func find(_ reading: SkillReading) -> [Procedure] {
        let blocks = reading.document.blocks
        var items: [Int: [Int]] = [:]
        var lists: [Int: Int] = [:]
        for (index, block) in blocks.enumerated() {
            if block.kind == .item, let parent = block.parent { items[parent, default: []].append(index) }
            if block.kind == .list, block.parent == nil, let section = block.section {
                lists[section, default: 0] += 1
            }
        }
        return blocks.indices.compactMap { index in
            let block = blocks[index]
            guard block.kind == .list, block.parent == nil, let section = block.section, lists[section] == 1,
                isNamed(reading.document.sections[section].title)
            else { return nil }
            let steps = (items[index] ?? []).map { OrderedLists.step(ofItem: $0, blocks) }
                .filter { !forbids($0, reading) }
            let imperative = ProcedureFinder.imperative(steps.map(\.block), reading)
            guard (4...StepFolding.limit).contains(steps.count), imperative >= 0.6 else { return nil }
            return Procedure(
                form: .list, role: .procedure, steps: steps, isLabelled: false, imperative: imperative,
                isListOfFacts: false, depth: 9)
        }
    }

    private static func forbids(_ step: Procedure.Step, _ reading: SkillReading) -> Bool {
        let lead = reading.leadWords(step.block).map(\.lower)
        return ["never", "avoid", "don't"].contains(lead.first ?? "") || lead.prefix(2) == ["do", "not"]
    }

    /// "Instructions", "Specific Instructions". O(bytes).
    private static func isNamed(_ title: String) -> Bool {
        let words = WordScanner.words(String(title.prefix(80))).map(\.lower)
        return (1...2).contains(words.count) && kinds.contains(words.last ?? "")
    }

    private static let kinds: Set<String> = ["workflow", "process", "procedure", "steps", "instructions", "protocol"]

    static let examples: [RuleExample] = [
        RuleExample(
            """
            # T

            ## Specific Instructions

            ⟦- Read the scenario.⟧
            - DO NOT write code before.
            ⟦- Run each step.⟧
            ⟦- Save the test.⟧
            ⟦- Run it until it passes.⟧
            """,
            finds: "Read the scenario. → Run each step. → Save the test. → Run it until it passes."),
        .nothing(
            """
            # T

            ## Features

            - Read the scenario.
            - Run each step.
            - Save the test.
            - Run it.
            """),
    ]
}

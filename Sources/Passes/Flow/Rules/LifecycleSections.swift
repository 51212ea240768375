import Basics
import SkillModel

/// Sections that follow the life of one piece of work without a number or an announcing title: "## Base Code",
/// "## Run", "## Verify". Three at least, in that order, each with commands, and what is run is checked after it.
enum LifecycleSections: ProcedureShape {
    static let id = "flow.lifecycle-sections"
    static let message = "sections that set up, run and check one piece of work"

    static func find(_ reading: SkillReading) -> [Procedure] {
        let document = reading.document
        let commands = commandSections(reading)
        var groups: [Int: [(section: Int, stage: Stage)]] = [:]
        for (index, section) in document.sections.enumerated() where section.level > 1 {
            guard let stage = stage(of: section.title) else { continue }
            groups[section.parent ?? -1, default: []].append((index, stage))
        }
        return groups.keys.sorted().compactMap { key in
            let members = (groups[key] ?? []).filter { commands.contains($0.section) }
            guard (3...6).contains(members.count), isOrdered(members.map(\.stage)) else { return nil }
            let steps = members.flatMap { parts(of: $0.section, reading) }.map { section in
                Procedure.Step(
                    start: section.heading.start, end: section.span.end, title: StepTitle.clean(section.title),
                    block: NumberedHeadings.headingBlock(section, reading))
            }
            return Procedure(
                form: .sections, role: .procedure, steps: steps, isLabelled: false, imperative: 0.7,
                isListOfFacts: false, depth: document.sections[members[0].section].level)
        }
    }

    /// A section, or the steps that it counts ("### Step 1 — run the tests") instead of it.
    private static func parts(of index: Int, _ reading: SkillReading) -> [Section] {
        let sections = reading.document.sections
        let counted = sections.filter { $0.parent == index && StepLabel.number(of: $0.title)?.labelled == true }
        return counted.isEmpty ? [sections[index]] : counted
    }

    enum Stage: Int { case prepare, make, run, check }

    /// Sections that prepare what the section `index` runs, and stand before it.
    static func preparing(_ index: Int, _ reading: SkillReading) -> [Section] {
        let sections = reading.document.sections
        let run = sections[index]
        guard stage(of: run.title) == .run else { return [] }
        let commands = commandSections(reading)
        return sections.indices.prefix(index).filter { at in
            sections[at].parent == run.parent && stage(of: sections[at].title) == .prepare && commands.contains(at)
        }.map { sections[$0] }
    }

    /// A title of at most three words that is such a stage and nothing else.
    private static func stage(of title: String) -> Stage? {
        let words = WordScanner.words(title).map(\.lower)
        guard (1...3).contains(words.count) else { return nil }
        return stages[words.joined(separator: " ")]
    }

    private static func isOrdered(_ stages: [Stage]) -> Bool {
        zip(stages, stages.dropFirst()).allSatisfy { $0.rawValue <= $1.rawValue } && stages.last == .check
            && stages.contains { $0 == .run || $0 == .make }
    }

    /// Sections with a shell command in a block, and those above them. O(invocations + sections).
    private static func commandSections(_ reading: SkillReading) -> Set<Int> {
        var found: Set<Int> = []
        for invocation in reading.invocations {
            guard case .fragment(let index) = invocation.origin else { continue }
            var section = reading.document.blocks[reading.document.fragments[index].block].section
            while let at = section, found.insert(at).inserted {
                section = reading.document.sections[at].parent.flatMap { $0 < at ? $0 : nil }
            }
        }
        return found
    }

    private static let stages: [String: Stage] = [
        "base code": .prepare, "get the code": .prepare, "setup": .prepare, "set up": .prepare, "prepare": .prepare,
        "environment": .prepare, "clone": .prepare, "download": .prepare, "configure": .prepare, "build": .make,
        "compile": .make, "generate": .make, "convert": .make, "train": .run, "run": .run, "launch": .run,
        "execute": .run,
        "start": .run, "deploy": .run, "apply": .run, "verify": .check, "validate": .check, "verification": .check,
        "check": .check, "evaluate": .check, "confirm": .check, "validation": .check,
    ]

    static let examples: [RuleExample] = [
        RuleExample(
            """
            # T

            ⟦## Base Code

            ```bash
            git clone x
            ```

            ⟧⟦## Run

            ```bash
            docker run y
            ```

            ⟧⟦## Verify

            ```bash
            docker ps
            ```
            ⟧
            """,
            finds: "Base Code → Run → Verify"),
        RuleExample(
            """
            # T

            ⟦## Base Code

            ```bash
            git clone x
            ```

            ⟧## Run

            ⟦### Step 1 — Run the tests

            ```bash
            python3 -m unittest
            ```

            ⟧⟦## Verify

            ```bash
            grep OK x.log
            ```
            ⟧
            """,
            finds: "Base Code → Run the tests → Verify"),
        .nothing(
            """
            # T

            ## Build

            ```bash
            tool build
            ```

            ## Run

            ```bash
            tool run
            ```

            ## Deploy

            ```bash
            tool deploy
            ```
            """),
    ]
}

import Basics
import SkillModel

/// Headings of one parent and level that count: `### Step 1: Read`, `## Phase 2`, `### 3. Deploy`.
enum NumberedHeadings: ProcedureShape {
    static let id = "flow.numbered-headings"
    static let message = "headings that count the steps"

    static func find(_ reading: SkillReading) -> [Procedure] {
        let sections = reading.document.sections
        struct Group {
            var key: [Int]
            var members: [(section: Int, number: Int, labelled: Bool)]
        }
        var groups: [Group] = []
        for (index, section) in sections.enumerated() {
            guard let label = StepLabel.number(of: section.title) else { continue }
            let key = [section.parent ?? -1, section.level]
            let member = (section: index, number: label.number, labelled: label.labelled)
            if let last = groups.lastIndex(where: { $0.key == key }),
                let previous = groups[last].members.last,
                previous.number < label.number || (previous.number == label.number && isVariant(section.title))
            {
                groups[last].members.append(member)
            } else {
                groups.append(Group(key: key, members: [member]))
            }
        }
        return groups.filter { group in
            let titles = group.members.map { StepTitle.clean(sections[$0.section].title) }
            let parent = sections[group.members[0].section].parent.map { sections[$0].title } ?? ""
            let isLabelled = group.members.allSatisfy(\.labelled)
            return titles.count >= 2 && !Catalogue.lists(titles)
                && (isLabelled || !Catalogue.isAnnounced(by: parent))
        }.map { group in
            let steps = group.members.map { member in
                let section = sections[member.section]
                return Procedure.Step(
                    start: section.heading.start, end: section.span.end, title: StepTitle.clean(section.title),
                    block: headingBlock(section, reading))
            }
            let first = sections[group.members[0].section]
            let parentRole = first.parent.map { reading.roles[$0] } ?? .other
            let isLabelled = group.members.allSatisfy(\.labelled)
            let imperative = ProcedureFinder.imperative(steps.map(\.block), reading)
            let isDone = imperative >= 0.6 && (first.parent.map { isWork(sections[$0]) } ?? false)
            return Procedure(
                form: .headings, role: parentRole == .other && (isLabelled || isDone) ? .procedure : parentRole,
                steps: steps, isLabelled: isLabelled, imperative: imperative,
                isListOfFacts: false, depth: first.level)
        }
    }

    /// "Adding a Vehicle", below the document's title: the one thing that its numbered parts do.
    private static func isWork(_ section: Section) -> Bool {
        let words = WordScanner.words(section.title)
        guard section.level > 1, let first = words.first?.lower, first.hasSuffix("ing"), words.count > 1 else {
            return false
        }
        let stem = String(first.dropLast(3))
        return [stem, stem + "e", String(stem.dropLast())].contains { ImperativeVerbs.all.contains($0) }
    }

    /// `Step 4B`: another way to do step 4.
    private static func isVariant(_ title: String) -> Bool {
        let words = WordScanner.words(String(title.prefix(40)))
        guard words.count > 1, StepLabel.isLabel(words[0].lower) else { return false }
        let number = words[1].lower.utf8
        return number.count >= 2 && number.last.map { $0 > UInt8(ascii: "a") && $0 <= UInt8(ascii: "f") } == true
    }

    static func headingBlock(_ section: Section, _ reading: SkillReading) -> Int {
        let blocks = reading.document.blocks
        var index = SortedSearch.first(in: blocks.indices) { blocks[$0].span.start >= section.heading.start }
        while index < blocks.count, blocks[index].kind != .heading { index += 1 }
        return index < blocks.count ? index : 0
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            # T

            ⟦## Phase 1: Plan

            Think.

            ⟧⟦## Phase 2: Build

            Make it.

            ⟧⟦## Phase 3: Check

            Look.
            ⟧
            """,
            finds: "Plan → Build → Check"),
        .nothing(
            """
            # T

            ## Plan

            Think.

            ## Build

            Make it.
            """),
    ]
}

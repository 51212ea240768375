import Basics
import SkillModel

/// Ordered lists: "1. Read the file 2. …" under "Workflow". A list right under "It should:" or "You get:" lists facts.
enum OrderedLists: ProcedureShape {
    static let id = "flow.ordered-lists"
    static let message = "an ordered list of steps"

    static func find(_ reading: SkillReading) -> [Procedure] {
        let blocks = reading.document.blocks
        var items: [Int: [Int]] = [:]
        for (index, block) in blocks.enumerated() where block.kind == .item {
            if let parent = block.parent { items[parent, default: []].append(index) }
        }
        let outer = blocks.filter { $0.kind == .orderedList && $0.parent == nil }.map(\.span.start)
        // Those that begin to count; a list that goes on after a block of code is a part of the one before.
        let begun = blocks.indices.count { index in
            blocks[index].kind == .orderedList && blocks[index].parent == nil
                && (items[index]?.first.flatMap { blocks[$0].number } ?? 1) <= 1
        }
        var result: [Procedure] = []
        for (index, block) in blocks.enumerated() where block.kind == .orderedList {
            let members = items[index] ?? []
            guard !members.isEmpty, !isDetail(index, blocks) else { continue }
            let steps = members.map { step(ofItem: $0, blocks) }
            let imperative = ProcedureFinder.imperative(steps.map(\.block), reading)
            var role = role(of: index, imperative, reading)
            // The only list of a skill, of which the text says that it is to be worked through.
            let isTold =
                begun == 1 && (role == .other || role == .reference) && Announcement.instructs(before: index, reading)
            if isTold { role = .procedure }
            result.append(
                Procedure(
                    form: .list, role: role, steps: steps, isLabelled: false,
                    imperative: imperative,
                    isListOfFacts: announcesFacts(before: index, reading),
                    isConditional: Announcement.isCondition(before: index, reading),
                    isAnnounced: isAnnounced(index, among: outer, reading), depth: 9))
        }
        result = joined(result, reading)
        return result + parts(result, reading)
    }

    /// The lists of the parts of one section that is called a procedure ("## Instructions" with "### Setup" and
    /// "### Pilot run"), as one; "## Workflows" and "## Common tasks" are several. O(lists).
    private static func parts(_ lists: [Procedure], _ reading: SkillReading) -> [Procedure] {
        let sections = reading.document.sections
        var groups: [Int: [Procedure]] = [:]
        for list in lists where list.imperative >= 0.75 && !list.isListOfFacts {
            guard let own = list.steps.first.flatMap({ section(of: $0, reading) }), let whole = sections[own].parent,
                sections[whole].level > 1, wholes.isIn(WordScanner.words(sections[whole].title)),
                StepLabel.number(of: sections[own].title) == nil,
                ![.troubleshooting, .links, .advice].contains(list.role)
            else { continue }
            groups[whole, default: []].append(list)
        }
        return groups.keys.sorted().compactMap { key in
            guard let lists = groups[key], var whole = lists.first, lists.count > 1 else { return nil }
            whole.steps = lists.flatMap(\.steps)
            whole.role = .procedure
            whole.imperative = ProcedureFinder.imperative(whole.steps.map(\.block), reading)
            return whole.steps.count <= StepFolding.limit ? whole : nil
        }
    }

    /// The only list of a section that is called nothing but a procedure. `outer` are the places of all lists that are in no
    /// other block. O(log lists): a hostile skill has as many lists as blocks.
    private static func isAnnounced(_ list: Int, among outer: [Int], _ reading: SkillReading) -> Bool {
        let document = reading.document
        guard let index = document.blocks[list].section, document.blocks[list].parent == nil else { return false }
        let section = document.sections[index]
        guard isNamed(section.title) else { return false }
        let first = SortedSearch.first(in: outer.indices) { outer[$0] >= section.span.start }
        return SortedSearch.first(in: outer.indices) { outer[$0] >= section.span.end } == first + 1
    }

    /// A title that says "procedure" and no more. O(bytes).
    static func isNamed(_ title: String) -> Bool {
        guard title.utf8.count <= 200 else { return false }
        let words = WordScanner.words(title).map(\.lower)
        if words.count <= 1, ChineseTitles.role(of: title) == .procedure { return true }
        guard words.count <= 2, let last = words.last, kinds.contains(last) else { return false }
        return words.count == 1 || general.contains(words[0])
    }

    private static let kinds: Set<String> = ["workflow", "process", "procedure", "steps", "instructions", "protocol"]
    private static let general: Set<String> = [
        "the", "core", "main", "basic", "general", "standard", "default", "recommended",
    ]

    /// The section's role, but that a bullet's label may announce the list in it. A label in running text announces a
    /// part's own small order ("**Process:**") as often as the whole: it says nothing.
    private static func role(of list: Int, _ imperative: Double, _ reading: SkillReading) -> SectionRole {
        let role = reading.procedureRole(ofBlock: list)
        guard role != .troubleshooting, role != .links else { return role }
        guard reading.document.blocks[list].parent != nil, imperative >= 0.5 else { return role }
        return Announcement.stands(before: list, reading) ? .procedure : role
    }

    private static let wholes = PhraseTable([
        "workflow", "process", "procedure", "steps", "phases", "pipeline", "method", "instructions", "how to",
    ])

    static func step(ofItem item: Int, _ blocks: [Block]) -> Procedure.Step {
        let lead = firstText(item, blocks)
        return Procedure.Step(
            start: blocks[item].span.start, end: blocks[item].span.end,
            title: StepTitle.clean(firstSentence(blocks[lead].text)), block: lead)
    }

    /// Lists of one section that go on counting (CommonMark ends a list at an unindented code block) are one.
    private static func joined(_ lists: [Procedure], _ reading: SkillReading) -> [Procedure] {
        var result: [Procedure] = []
        for list in lists {
            let blocks = reading.document.blocks
            if var last = result.last, let first = list.steps.first, let before = last.steps.last,
                let section = section(of: before, reading), section == self.section(of: first, reading),
                let number = itemNumber(first, blocks), let previous = itemNumber(before, blocks),
                number == previous + 1
            {
                last.steps += list.steps
                last.imperative = ProcedureFinder.imperative(last.steps.map(\.block), reading)
                result[result.count - 1] = last
            } else {
                result.append(list)
            }
        }
        return result
    }

    private static func section(of step: Procedure.Step, _ reading: SkillReading) -> Int? {
        reading.document.blocks.indices.contains(step.block) ? reading.document.blocks[step.block].section : nil
    }

    private static func itemNumber(_ step: Procedure.Step, _ blocks: [Block]) -> Int? {
        var index: Int? = step.block
        while let at = index, blocks.indices.contains(at) {
            if blocks[at].kind == .item { return blocks[at].number }
            index = blocks[at].parent.flatMap { $0 < at ? $0 : nil }
        }
        return nil
    }

    /// A list in an item of another ordered list is that step's detail; in a bullet it may be the procedure, when the
    /// bullet is no more than its label.
    private static func isDetail(_ index: Int, _ blocks: [Block]) -> Bool {
        var parent = blocks[index].parent
        while let at = parent, blocks.indices.contains(at) {
            if blocks[at].kind == .orderedList { return true }
            if blocks[at].kind == .item, !(at + 1 < index && Announcement.isWorkflow(blocks[at + 1].text)) {
                return true
            }
            parent = blocks[at].parent.flatMap { $0 < at ? $0 : nil }
        }
        return false
    }

    private static func firstText(_ item: Int, _ blocks: [Block]) -> Int {
        let end = blocks[item].span.end
        var index = item + 1
        while index < blocks.count, blocks[index].span.start < end {
            if blocks[index].kind == .paragraph || blocks[index].kind == .heading { return index }
            index += 1
        }
        return item
    }

    private static func firstSentence(_ text: String) -> String {
        for stop in [". ", ": ", " — ", " - "] {
            if let at = text[...].range(of: stop) { return String(text[..<at.lowerBound]) }
        }
        return text
    }

    /// The last words of the paragraph right before the list.
    private static func announcesFacts(before index: Int, _ reading: SkillReading) -> Bool {
        let blocks = reading.document.blocks
        var at = index - 1
        while at >= 0, blocks[at].kind != .paragraph, blocks[at].kind != .heading { at -= 1 }
        guard at >= 0, blocks[at].kind == .paragraph, blocks[at].section == blocks[index].section else { return false }
        let sentences = WordScanner.sentences(reading.document.bytes, blocks[at].span, block: at)
        guard let last = sentences.last else { return false }
        if sentences.count == 1, last.words.count <= 4, shown.isIn(last.words) { return true }
        // "You must:" tells the agent what to do, "it must:" tells what a thing is like.
        return facts.isIn(Array(last.words.suffix(8))) && !duties.isIn(Array(last.words.suffix(8)))
    }

    private static let duties = PhraseTable(["you must", "you should", "you need to"])

    /// A label of what is only shown: "**Good breakdown:**".
    private static let shown = PhraseTable(["good", "bad", "example", "examples", "sample", "better", "worse"])
    private static let facts = PhraseTable([
        "should", "must", "will", "include", "includes", "including", "covers", "contains", "provides", "consists",
        "features",
        "are", "has", "supports", "means",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ## Workflow

            ⟦1. Read the source.⟧
            ⟦2. **Translate** it.⟧
            ⟦3. Write the result: one file.⟧
            """,
            finds: "Read the source. → Translate it. → Write the result"),
        RuleExample(
            """
            # Clean the data

            Work through those steps in order.

            ⟦1. Load the file:

               ```python
               rows = load("in.csv")
               ```⟧

            ⟦2. Draw the chart:

               ```python
               plot(rows)
               ```⟧

            ⟦3. Send it.⟧
            """,
            finds: "Load the file: → Draw the chart: → Send it."),
        .nothing(
            """
            ## Commands

            - `a`
            - `b`
            """),
    ]
}

import Basics
import SkillModel

/// A walk-through in one code block, whose comments count: "# 1. Start the session", "# 2. Log each set"; or a list that is
/// written in a block of plain text under a title that says "workflow" and no more.
enum NumberedComments: ProcedureShape {
    static let id = "flow.numbered-comments"
    static let message = "comments that count in a walk-through"

    /// The first: what comes after it is another use of the same.
    static func find(_ reading: SkillReading) -> [Procedure] {
        let found = reading.document.fragments.compactMap { procedure(in: $0, reading) }
        return Array(found.prefix(1))
    }

    private static let longest = 16_000

    private static func procedure(in fragment: Fragment, _ reading: SkillReading) -> Procedure? {
        let bytes = reading.document.bytes
        let end = min(fragment.content.end, bytes.count)
        guard fragment.content.count <= longest else { return nil }
        var steps: [Procedure.Step] = []
        var instructions = 0
        let isList = isPlain(fragment, reading)
        var start = fragment.content.start
        while start < end {
            let lineEnd = bytes[start..<end].firstIndex(of: 0x0A) ?? end
            let line = bytes[start..<lineEnd]
            if let comment = comment(line) ?? (isList ? text(line) : nil), let label = StepLabel.number(of: comment),
                label.number == steps.count + 1
            {
                if !steps.isEmpty { steps[steps.count - 1].end = start }
                let title = StepTitle.clean(comment)
                steps.append(Procedure.Step(start: start, end: end, title: title, block: fragment.block))
                if ProcedureFinder.isInstruction(WordScanner.words(title)) { instructions += 1 }
            }
            start = lineEnd + 1
        }
        guard steps.count >= 3, isWalk(fragment.block, reading) else { return nil }
        return Procedure(
            form: .comments, role: .procedure, steps: steps, isLabelled: false,
            imperative: Double(instructions) / Double(steps.count), isListOfFacts: false, isAnnounced: isList, depth: 9)
    }

    /// A block without a language, right under a title that announces nothing but an order.
    private static func isPlain(_ fragment: Fragment, _ reading: SkillReading) -> Bool {
        guard fragment.language.isEmpty || fragment.language == "text",
            reading.document.blocks.indices.contains(fragment.block),
            let section = reading.document.blocks[fragment.block].section
        else { return false }
        return OrderedLists.isNamed(reading.document.sections[section].title)
    }

    private static func text(_ line: ArraySlice<UInt8>) -> String {
        String(decoding: line.drop { $0 == 0x20 || $0 == 0x09 }.prefix(200), as: UTF8.self)
    }

    /// Whether the block stands where a procedure may: under a title of that role, or one that names a flow or an
    /// instruction ("Example: Full PR Flow", "Migrate to New Machine").
    private static func isWalk(_ block: Int, _ reading: SkillReading) -> Bool {
        let role = reading.procedureRole(ofBlock: block)
        if role == .procedure { return true }
        guard role != .troubleshooting, role != .links, reading.document.blocks.indices.contains(block),
            let section = reading.document.blocks[block].section
        else { return false }
        let title = WordScanner.words(reading.document.sections[section].title)
        return flows.isIn(title) || ProcedureFinder.isInstruction(title)
    }

    private static let flows = PhraseTable(["flow", "workflow", "walkthrough", "end-to-end", "start to finish"])

    /// The text of a line that is a comment and nothing else.
    private static func comment(_ line: ArraySlice<UInt8>) -> String? {
        let rest = line.drop { $0 == 0x20 || $0 == 0x09 }
        let sign = rest.prefix { $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "-") }
        guard sign.elementsEqual([UInt8(ascii: "#")]) || (sign.count == 2 && Set(sign).count == 1) else { return nil }
        return String(decoding: rest.dropFirst(sign.count).drop { $0 == 0x20 }.prefix(200), as: UTF8.self)
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            # T

            ## Typical flow

            ```bash
            ⟦# 1. Start
            tool start
            ⟧⟦# 2. Log
            tool log
            ⟧⟦# 3. Finish
            tool end
            ⟧```
            """,
            finds: "Start → Log → Finish"),
        RuleExample(
            """
            # T

            ## Example: Full PR flow

            ```bash
            ⟦# 1. Start
            tool start
            ⟧⟦# 2. Wait
            tool wait
            ⟧⟦# 3. Close
            tool end
            ⟧```
            """,
            finds: "Start → Wait → Close"),
        RuleExample(
            """
            # T

            ## Workflow

            ```
            ⟦1. BROWSER SETUP
               - Launch it
            ⟧⟦2. LOGIN
               - Ask for it
            ⟧⟦3. FILL IN
            ⟧```
            """,
            finds: "BROWSER SETUP → LOGIN → FILL IN"),
        .nothing(
            """
            # T

            ## Menu

            ```
            1. Send
            2. Buy
            3. Sell
            ```
            """),
        .nothing(
            """
            # T

            ## Typical flow

            ```bash
            # start
            tool start
            # log
            tool log
            ```
            """),
    ]
}

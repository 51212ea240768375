import Basics
package import SkillModel

/// A shell fragment of several commands → one fragment a command, in their order.
///
/// Only where each command means the same when it runs in a shell of its own: no `cd`, variable, function, loop, group or
/// here-document that another command needs; and where each comment belongs to the one command below it, and tells neither
/// a condition nor an output (`ShellComments`); nor does the line that leads to them say when they are run. `a && b` keeps its
/// condition in words. In a tool's reference, and in a section of any skill that is one, fragments list ways to call a tool:
/// there only chains are cut.
///
///     npm ci && npm test    →   npm ci
///                               If that succeeded:
///                               npm test
package struct OneCommandAStep: LoweringRule {
    package init() {}
    package static let id = "lower.one-command-a-step"
    package static let message = "gave each command a block of its own"
    package var primitives: [Primitive] { [.toolExec, .genCodeShell] }
    package var phrases: [String] { [Self.condition] }
    package var stepsDown: [StepDown] { [StepDown(.toolExec, from: .l3), StepDown(.genCodeShell, from: .l2)] }
    private static let condition = "If that succeeded:"

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        guard let gap = context.gap(among: primitives) else { return outcome }
        let roles = SectionRole.roles(of: context.document.sections)
        for fragment in context.document.fragments
        where fragment.language == "bash" && fragment.commands.contains(where: Self.startsUnit) {
            guard let shape = FragmentShape(fragment, in: context) else { continue }
            if Self.leavesChoice(fragment, context) {
                let line = context.document.line(at: fragment.span.start)
                outcome.left.append(.init(line: line, why: "its commands are ways to choose from"))
                continue
            }
            if fragment.commands.count > 1,
                let objection = ShellComments(fragment.text).objectionToCutting
                    ?? ShellComments.objectionToCutting(fragment, in: context.document)
            {
                outcome.left.append(.init(line: context.document.line(at: fragment.span.start), why: objection))
                continue
            }
            let cut: ShellUnits
            do {
                cut = try ShellUnits(fragment, in: context.document)
            } catch {
                outcome.left.append(.init(line: context.document.line(at: fragment.span.start), why: error.why))
                continue
            }
            let lists = context.requirements.archetype == .toolReference || Self.isList(fragment, roles, context)
            guard cut.units.count > 1, !lists || cut.hasCondition else { continue }
            outcome.proposals.append(
                LoweringProposal(
                    Edit(
                        span: shape.span, replacement: Self.text(cut, shape, context), rule: id, gap: gap,
                        reason: "\(cut.units.count) commands, one at a time")))
        }
        return outcome
    }

    /// A comment, an option that stands as if it were a command, or the words right before or after the fragment say that
    /// not all of its commands are to be run.
    private static func leavesChoice(_ fragment: Fragment, _ context: LoweringContext) -> Bool {
        if fragment.commands.contains(where: { $0.words.first?.hasPrefix("-") ?? false }) { return true }
        for line in fragment.text.asciiLowercased().splitLines() {
            let text = line.trimmingBlanks()
            guard text.hasPrefix("#") else { continue }
            // `# 3. Or use …`, `# b) Or …`
            let words = text.utf8.split { !($0.isIdentifier || $0 >= 0x80) }.map { String(decoding: $0, as: UTF8.self) }
            let first = words.first { $0.utf8.count > 1 && !$0.utf8.allSatisfy(\.isDigit) }
            if first == "or" || OutlinedScript.unfinished.contains(where: { text.hasPrefix($0) }) { return true }
        }
        return context.paragraphs(around: fragment.block).contains { text in
            let words = Sentences.words(text.prefix(200))
            return words.first == "or" || !choices.isDisjoint(with: words)
        }
    }

    private static let choices: Set<String> = ["options", "alternatively", "either", "flags"]

    /// Whether the section shows what can be run rather than what is: the archetype is the whole skill's, a procedure may
    /// have a section of commands, of examples, or of ways out of trouble.
    private static func isList(_ fragment: Fragment, _ roles: [SectionRole], _ context: LoweringContext) -> Bool {
        var section = context.document.blocks[fragment.block].section
        while let here = section, roles.indices.contains(here) {
            if listing.contains(roles[here]) { return true }
            // What is a procedure by its title is one, whatever is around it.
            if roles[here] == .procedure { return false }
            section = context.document.sections[here].parent
        }
        return false
    }

    private static let listing: Set<SectionRole> = [.reference, .example, .troubleshooting, .inputs, .links]

    /// Whether a fragment with this command may hold more than one unit.
    private static func startsUnit(_ command: ShellCommand) -> Bool {
        command.connector == .and || command.connector == .sequence || command.connector == .newline
    }

    private static func text(_ cut: ShellUnits, _ shape: FragmentShape, _ context: LoweringContext) -> String {
        let gap = context.lineEnd + context.lineEnd + shape.indent
        var text = ""
        for unit in cut.units {
            var code = shape.unindented(context.relocated(unit.span)).trimmingBlanks()
            // The escaped line end before an `&&` that is gone.
            while code.hasSuffix("\\") { code = String(code.dropLast()).trimmingBlanks() }
            while code.hasPrefix("\\\n") { code = String(code.dropFirst(2)).trimmingBlanks() }
            if unit.joint == .and { text += gap + condition }
            if unit.joint != .first { text += gap }
            text += shape.block(code, lineEnd: context.lineEnd)
        }
        return text
    }

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            ## Workflow

            Get it:

            ⟦```bash
            python3 get.py a && tool put a > b
            tool check b
            ```⟧
            """,
            finds: """
                ```bash
                python3 get.py a
                ```

                If that succeeded:

                ```bash
                tool put a > b
                ```

                ```bash
                tool check b
                ```
                """,
            target: [.toolExec: .l1]),
        .nothing(
            """
            ## Steps

            Get it.

            ## Commands

            ```bash
            tool get > b
            tool forget --all
            ```
            """,
            target: [.toolExec: .l1]),
        .nothing(
            """
            ## Workflow

            ```bash
            # Look at a page
            tool get a > x

            # From another program
            list | tool get - > x

            # Forget all
            tool reset
            ```
            """,
            target: [.toolExec: .l1]),
        .nothing(
            """
            Get it:

            ```bash
            cd a && tool get > b
            ```
            """,
            target: [.toolExec: .l1]),
        .nothing(
            """
            ## Workflow

            Get it:

            ```bash
            # 1. From the page
            tool get > b
            # 2. Or from the list
            tool list > a
            ```
            """,
            target: [.toolExec: .l1]),
        .nothing(
            """
            ## Workflow

            Get it:

            ```bash
            tool list > a
            # If it is not in there: make it, and put it
            tool make b > c
            tool put c
            ```
            """,
            target: [.toolExec: .l1]),
        .nothing(
            """
            Get it:

            ```bash
            tool get > b
            ```
            """,
            target: [.toolExec: .l1]),
    ]
}

import Basics
package import SkillModel

/// A long shell program in the text → a bundled script and a one-line command that runs it.
///
/// The demand moves from `gen.code.shell` to `tool.exec`; and a chain of commands that live from one another (`tool.exec` L3)
/// becomes one script to run (L2). Only for a program, whose parts belong together by control flow
/// or by a variable, never for a list of commands to choose from, nor where a comment has the reader decide what is run; and
/// only when nothing that it changes in the shell is needed after it, when it needs nothing of that shell, and when no value in it
/// may be another for another request, but for those that become arguments.
package struct OutlineShell: LoweringRule {
    package init() {}
    package static let id = "lower.outline-shell"
    package static let message = "moved the program to a script, which the text runs"
    package var primitives: [Primitive] { [.genCodeShell, .toolExec] }
    package var stepsDown: [StepDown] { StepDown.both(of: .genCodeShell) + [StepDown(.toolExec, from: .l3)] }
    package var phrases: [String] { ["bash"] }
    private static let leastLines = 6

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        // Who can't run a script with arguments gains nothing by one.
        guard let gap = context.gap(among: primitives),
            gap.primitive == .genCodeShell || gap.supplied ?? .l0 >= .l2
        else { return outcome }
        for (index, fragment) in context.document.fragments.enumerated()
        where fragment.language == "bash" && Outlining.isLong(fragment, Self.leastLines) && Self.isProgram(fragment) {
            do throws(Outlining.Refusal) {
                outcome.proposals.append(try outline(fragment, index, gap, context))
            } catch {
                outcome.left.append(.init(line: context.document.line(at: fragment.span.start), why: error.why))
            }
        }
        return outcome
    }

    private func outline(
        _ fragment: Fragment, _ index: Int, _ gap: Gap, _ context: LoweringContext
    ) throws(Outlining.Refusal) -> LoweringProposal {
        let code = try Outlining.code(of: fragment, for: gap, in: context)
        let comments = code.splitLines().map { $0.trimmingBlanks().asciiLowercased() }
        if comments.contains(where: { line in OutlinedScript.unfinished.contains { line.hasPrefix($0) } }) {
            throw .init("its comments leave a choice or a part to the reader")
        }
        if let objection = ShellComments(code).objectionToRunning { throw .init(objection) }
        if let command = fragment.commands.first(where: {
            ShellUnits.stateful.contains($0.name) && !Self.isHarmless($0)
        }) {
            throw .init("`\(command.name)` changes the shell for what follows")
        }
        if code.contains("$1") || code.contains("$@") { throw .init("it reads arguments of its own") }
        if let objection = Self.objection(to: fragment, in: context.document) { throw .init(objection) }
        if let name = usedLater(ShellVariables(code).assigned, after: fragment, in: context) {
            throw .init("a later fragment uses `\(name)`, which it sets")
        }
        let parameters: ShellParameters
        do {
            parameters = try ShellParameters(code)
        } catch {
            throw .init(error.why)
        }
        return try Outlining.proposal(
            fragment, index,
            Outlining.Script(
                text: OutlinedScript.text(code: parameters.code, head: parameters.head), suffix: "sh", runner: "bash",
                arguments: parameters.arguments),
            rule: id, gap: gap, context)
    }

    /// Why a script of the fragment's code would lack something, or do for every request what it does for one; `guard` asks the
    /// same.
    static func objection(to fragment: Fragment, in document: SkillDocument) -> String? {
        ShellNeeds.objection(fragment, in: document) ?? SampleData.objection(toShell: fragment.text)
            ?? ShellLiterals.objection(to: fragment.text)
    }

    /// `set -e`, `local`, `read`: they change only the script.
    private static func isHarmless(_ command: ShellCommand) -> Bool {
        ["set", "local", "read", "wait", "function", "declare", "readonly", "mapfile", "trap"].contains(command.name)
    }

    /// Whether the fragment's parts belong together: an interpreter line, `set -e`, or paragraphs joined by variables.
    private static func isProgram(_ fragment: Fragment) -> Bool {
        if fragment.text.hasPrefix("#!") { return true }
        if fragment.commands.contains(where: { $0.name == "set" && $0.words.dropFirst().first?.hasPrefix("-") == true })
        {
            return true
        }
        let paragraphs = fragment.text.splitLines().split { $0.utf8.allSatisfy(\.isWhitespace) }
            .map { ShellVariables($0.joined(separator: "\n") + "\n") }
        if paragraphs.count == 1 { return fragment.commands.contains { !$0.keywords.isEmpty } }
        var made: Set<String> = []
        for (index, paragraph) in paragraphs.enumerated() {
            let joins = index == 0 || !made.isDisjoint(with: paragraph.read)
            if !joins { return false }
            made.formUnion(paragraph.assigned)
        }
        return true
    }

    private func usedLater(_ names: Set<String>, after fragment: Fragment, in context: LoweringContext) -> String? {
        guard !names.isEmpty else { return nil }
        var used: Set<String> = []
        for other in context.document.fragments where other.language == "bash" && other.span.start > fragment.span.start
        {
            used.formUnion(ShellVariables(other.text).parameters)
        }
        return names.sorted().first { used.contains($0) }
    }

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            ## Pages

            Run this:

            ⟦```bash
            #!/bin/bash
            set -eu
            for page in 1 2 3; do
              pdftotext -f "$page" <file> "$OUT/page-$page.txt" > log
              echo 'done <file>' "with <file>" > log
              tool a > b
            done
            ```⟧
            """,
            finds: """
                ```bash
                bash "@@SKVM_SKILL_DIR@@/scripts/skvm-1-pages.sh" "$OUT" '<file>'
                ```
                scripts/skvm-1-pages.sh:
                #!/bin/bash
                # skvm: 2 parameter lines
                OUT=${1-${OUT-}}
                file=${2:?'<file>'}
                set -eu
                for page in 1 2 3; do
                  pdftotext -f "$page" "$file" "$OUT/page-$page.txt" > log
                  echo 'done '"$file"'' "with ${file}" > log
                  tool a > b
                done
                """,
            target: [.genCodeShell: .l1]),
        RuleExample(
            """
            # Pages

            ## Step 1: Get them

            ```bash
            tool get a
            ```

            ## Step 2: Join them

            ⟦```bash
            set -eu
            for page in 1 2 3; do
              tool join "$page" all
            done
            tool pack all
            tool check all
            ```⟧

            ## Step 3: Put them

            ```bash
            tool put all
            ```
            """,
            finds: """
                ```bash
                bash "@@SKVM_SKILL_DIR@@/scripts/skvm-2-step-2-join-them.sh"
                ```
                scripts/skvm-2-step-2-join-them.sh:
                set -eu
                for page in 1 2 3; do
                  tool join "$page" all
                done
                tool pack all
                tool check all
                """,
            target: [.toolExec: .l2]),
        .nothing(
            """
            ## Folders

            Run this:

            ```bash
            set -eu
            for name in a b; do
              tool list "$name"
            done
            # If one is not there:
            tool make a
            tool make b
            ```
            """,
            target: [.genCodeShell: .l1]),
        .nothing(
            """
            ## Signing

            ```bash
            sign() { openssl dgst -hmac "$SECRET"; }
            ```

            ## Orders

            Run this:

            ```bash
            set -eu
            for item in $ITEMS; do
              stamp=$(date +%s)
              mark=$(echo "$stamp$item" | sign)
              tool put "$item" "$stamp" "$mark"
            done
            ```
            """,
            target: [.genCodeShell: .l1]),
        .nothing(
            """
            ## Backups

            Run this:

            ```bash
            set -eu
            place="$HOME/Box/Backups"
            for name in $NAMES; do
              tool pack "$name"
              tool copy "$name" "$place"
            done
            ```
            """,
            target: [.genCodeShell: .l1]),
        .nothing(
            """
            ## Commands

            ```bash
            tool a > x
            tool b > x
            tool c > x
            tool d > x
            tool e > x
            tool f > x
            ```
            """,
            target: [.genCodeShell: .l1]),
    ]
}

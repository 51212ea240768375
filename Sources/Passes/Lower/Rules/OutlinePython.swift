import Basics
package import SkillModel

/// A long Python program in the text → a bundled script and a one-line command that runs it.
///
/// The demand moves from `gen.code.python` to `tool.exec`. Only for a whole program: it makes every name that it uses,
/// leaves nothing to fill in but whole literals, and the words around it do not say that it is something else than code
/// to run. Sample files and placeholders become arguments, with the literal as their default.
///
///     ```python                            →    ```bash
///     reader = PdfReader("in.pdf")              python3 "@@SKVM_SKILL_DIR@@/scripts/skvm-1-read.py" in.pdf
///     …                                         ```
///     ```
package struct OutlinePython: LoweringRule {
    package init() {}
    package static let id = "lower.outline-python"
    package static let message = "moved the program to a script, which the text runs"
    package var primitives: [Primitive] { [.genCodePython] }
    package var phrases: [String] { ["python3"] }
    private static let leastLines = 8

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        guard let gap = context.gap(among: primitives) else { return outcome }
        for (index, fragment) in context.document.fragments.enumerated()
        where fragment.language == "python" && Outlining.isLong(fragment, Self.leastLines) {
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
        guard let tokens = PythonTokens.read(code) else { throw .init("a string in the code never ends") }
        if let objection = PythonProgram.objection(to: tokens) { throw .init(objection) }
        let parameters: PythonParameters
        do {
            parameters = try PythonParameters(code, tokens: tokens)
        } catch {
            throw .init(error.why)
        }
        return try Outlining.proposal(
            fragment, index,
            Outlining.Script(
                text: OutlinedScript.text(code: parameters.code, head: parameters.head), suffix: "py",
                runner: "python3", arguments: parameters.arguments.map(OutlinedScript.shellWord)),
            rule: id, gap: gap, context)
    }

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            ## Count cells

            Run this:

            ⟦```python
            import csv
            rows = []
            with open("in.csv") as source:
                for row in csv.reader(source):
                    rows.append(row)
            total = sum(len(row) for row in rows)
            with open('out.txt', "w") as target:
                target.write(f"{total}")
            print(total, "in.csv")
            ```⟧
            """,
            finds: """
                ```bash
                python3 "@@SKVM_SKILL_DIR@@/scripts/skvm-1-count-cells.py" in.csv out.txt
                ```
                scripts/skvm-1-count-cells.py:
                # skvm: 2 parameter lines
                import sys
                _skvm = sys.argv[1:] + ["in.csv", 'out.txt'][len(sys.argv) - 1:]
                import csv
                rows = []
                with open(_skvm[0]) as source:
                    for row in csv.reader(source):
                        rows.append(row)
                total = sum(len(row) for row in rows)
                with open(_skvm[1], "w") as target:
                    target.write(f"{total}")
                print(total, _skvm[0])
                """,
            target: [.genCodePython: .l1]),
        .nothing(
            """
            ## Count cells

            Run this:

            ```python
            import csv
            with open("in.csv") as source:
                for row in csv.reader(source):
                    rows.append(row)
            total = sum(len(row) for row in rows)
            with open('out.txt', "w") as target:
                target.write(f"{total}")
            print(total, "in.csv")
            ```
            """,
            target: [.genCodePython: .l1]),
        .nothing(
            """
            Run this:

            ```python
            import csv
            print(1)
            ```
            """,
            target: [.genCodePython: .l1]),
    ]
}

import Basics
package import SkillModel

/// A long Python program in the text → a bundled script and a one-line command that runs it.
///
/// The demand moves from `gen.code.python` to `tool.exec`. Only for a whole program: it makes every name that it uses,
/// leaves nothing to fill in but whole literals, takes nothing from outside or from the skill's own modules, shows or keeps
/// a result, deletes and cancels nothing, makes no name that later code uses, and the words around it do not say that it is
/// something else than code to run; and only where the skill is no reference of a tool. Sample files, placeholders
/// and texts that a name is set to become arguments, with the literal as their default; at a placeholder the script stops.
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
        // What a reference shows of a library is read, and written anew for each task.
        guard let gap = context.gap(among: primitives), context.requirements.archetype != .toolReference else {
            return outcome
        }
        // Where each piece of code in the running text stands last.
        let spoken = Dictionary(
            context.document.codeSpans.map { ($0.text, $0.span.start) }, uniquingKeysWith: { max($0, $1) })
        for (index, fragment) in context.document.fragments.enumerated()
        where fragment.language == "python" && Outlining.isLong(fragment, Self.leastLines) {
            do throws(Outlining.Refusal) {
                outcome.proposals.append(try outline(fragment, index, gap, spoken, context))
            } catch {
                outcome.left.append(.init(line: context.document.line(at: fragment.span.start), why: error.why))
            }
        }
        return outcome
    }

    private func outline(
        _ fragment: Fragment, _ index: Int, _ gap: Gap, _ spoken: [String: Int], _ context: LoweringContext
    ) throws(Outlining.Refusal) -> LoweringProposal {
        let code = try Outlining.code(of: fragment, for: gap, in: context)
        guard let tokens = PythonTokens.read(code) else { throw .init("a string in the code never ends") }
        if let objection = PythonProgram.objection(to: tokens)
            ?? PythonPlace.objection(to: tokens, in: context.document)
        {
            throw .init(objection)
        }
        if let objection = Self.objection(to: fragment, tokens, spoken, in: context.document) { throw .init(objection) }
        let parameters: PythonParameters
        do {
            parameters = try PythonParameters(code, tokens: tokens)
        } catch {
            throw .init(error.why)
        }
        if let objection = SampleData.objection(to: tokens, hasArguments: !parameters.arguments.isEmpty) {
            throw .init(objection)
        }
        if parameters.arguments.isEmpty, OutlinedScript.isToBeChanged(fragment, in: context) {
            throw .init("the words around it have its values changed, and none can be an argument")
        }
        return try Outlining.proposal(
            fragment, index,
            Outlining.Script(
                text: OutlinedScript.text(code: parameters.code, head: parameters.head), suffix: "py",
                runner: "python3", arguments: parameters.arguments.map(OutlinedScript.shellWord)),
            rule: id, gap: gap, context)
    }

    /// Why the text, or who has the program run, would miss it; `guard` asks the same.
    static func objection(to fragment: Fragment, in document: SkillDocument) -> String? {
        let spoken = Dictionary(
            document.codeSpans.map { ($0.text, $0.span.start) }, uniquingKeysWith: { max($0, $1) })
        guard let tokens = PythonTokens.read(fragment.text) else { return "a string in the code never ends" }
        return objection(to: fragment, tokens, spoken, in: document)
    }

    private static func objection(
        to fragment: Fragment, _ tokens: [PythonToken], _ spoken: [String: Int], in document: SkillDocument
    ) -> String? {
        if let name = PythonNeeds.usedLater(tokens, after: fragment, spoken: spoken, in: document) {
            return "the text goes on with `\(name.prefix(40))`, which only the program has"
        }
        return PythonNeeds.undoing(tokens).map { "`\($0.prefix(40))` is to be meant, each time that it is done" }
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
            ## Count cells

            Run this:

            ```python
            import csv
            rows = []
            with open("in.csv") as source:
                for row in csv.reader(source):
                    rows.append(row)
            total = sum(len(row) for row in rows)
            with open('out.txt', "w") as target:
                target.write(f"{total}")
            print(total, "in.csv")
            ```

            ## More

            ```python
            for row in csv.reader(open("b.csv")):
                print(row)
            ```
            """,
            target: [.genCodePython: .l1]),
        .nothing(
            """
            ## Stop jobs

            Run this:

            ```python
            import jobs
            client = jobs.Client("YOUR_PROJECT")
            found = []
            for job in client.list_jobs():
                if job.waits:
                    found.append(job)
            for job in found:
                job.cancel()
            print(len(found))
            ```
            """,
            target: [.genCodePython: .l1]),
        .nothing(
            """
            ## Prepare

            Run this:

            ```python
            import csv, sys
            source, column, out = sys.argv[1:4]
            with open(source) as file:
                rows = list(csv.DictReader(file))
            for row in rows:
                row[column] = row[column].replace(",", "")
            with open(out, "w") as file:
                csv.writer(file).writerows(rows)
            ```
            """,
            target: [.genCodePython: .l1]),
        .nothing(
            """
            ## Totals

            Run this:

            ```python
            rows = [
                {"name": "Ann", "sum": 12},
                {"name": "Bob", "sum": 30},
            ]
            total = 0
            for row in rows:
                total += row["sum"]
            print(total)
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

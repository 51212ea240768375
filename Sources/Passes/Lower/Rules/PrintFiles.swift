import SkillModel

/// A tool that reads files → a command that prints them.
///
/// `tool.file.read` from L1 or L2 → `tool.exec` L1. Not from L3: what is too large for the tool is too large to print. Not where the
/// text speaks of PDFs, pictures and other files that are no text, or says not to read or print some.
package struct PrintFiles: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.printed-files"
    package static let message = "had files printed by a command"
    package static let way = OtherWay.printedFiles

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Reading

            ⟦⟧Read the log. See [a](references/a.md) and [b](references/b.md).
            """,
            finds: "Read a file by printing it with `cat`.",
            files: ["references/a.md": "A.\n", "references/b.md": "B.\n"],
            target: [.toolFileRead: .l0]),
        .nothing(
            """
            # Reading

            Convert the PDF, then read what came out. See [a](references/a.md) and [b](references/b.md).
            """, files: ["references/a.md": "A.\n", "references/b.md": "B.\n"], target: [.toolFileRead: .l0]),
        .nothing(
            """
            # Reading

            Read the log. See [a](references/a.md) and [b](references/b.md).
            """, target: [.toolFileRead: .l0, .toolExec: .l0]),
    ]
}

import SkillModel

/// A tool that writes files → a command that does.
///
/// `tool.file.write` → `tool.exec` L2 and `gen.code.shell` L2.
package struct WriteFilesByShell: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.files-by-shell"
    package static let message = "had files written by a command"
    package static let way = OtherWay.filesByShell

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Notes

            ⟦⟧Write the notes to `notes.md`.

            Save the rows to `rows.csv`.
            """,
            finds: "Write a file with `cat > FILE <<'END'`, its text, and a last line `END`.",
            target: [.toolFileWrite: .l1]),
        .nothing(
            """
            # Notes

            Write the notes to `notes.md`.

            Save the rows to `rows.csv`.
            """, target: [.toolFileWrite: .l1, .genCodeShell: .l1]),
    ]
}

import Basics
package import SkillModel

/// Files that the text has written here and there → the sentences that have them written, word for word and in their order, as
/// boxes to tick at its end.
///
/// `tool.file.write` from L3 to L2: one file after the other, where which are left need not be kept in mind. Precondition: the
/// level comes from the files that sentences name, and each can be said whole (`TickedText`). Proof: as of `TickRules`.
package struct TickFiles: SpokenRule {
    package init() {}
    package static let id = "lower.files-to-tick"
    package static let message = "listed the files to write at the text's end, to tick off"
    package var primitives: [Primitive] { [.toolFileWrite] }
    package var stepsDown: [StepDown] { [StepDown(.toolFileWrite, from: .l3)] }
    package var phrases: [String] { [Self.list.lead] }

    static let list = TickedList(
        id: id, lead: "The files of this text, in its order; tick each when it is written:", takesWholeLists: false
    ) { facts in
        let left = FileWriteRule.find(facts, isTicked: true).map(\.level).max() ?? .l0
        let named = FileWriteRule.named(facts)
        // A file of the skill's own is not to be written.
        let own = Set(facts.document.references.filter(\.exists).map(\.path))
        let isOwn = named.contains { sentence in
            FileNames.all(in: sentence, facts).contains { name in
                own.contains(name) || ownFolders.contains { name.hasPrefix($0) }
            }
        }
        return left < .l3 && !isOwn ? named : []
    }

    /// Where the specification of skills has what a skill brings along, also in a copy that is not whole.
    private static let ownFolders = ["references/", "assets/", "templates/", "scripts/"]

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        guard
            let gap = context.gaps.first(where: {
                primitives.contains($0.primitive) && $0.required == .l3 && TickedList.closes($0)
            })
        else { return LoweringOutcome() }
        return Self.list.outcome(for: gap, in: context, reason: "the files that the text names, line by line")
    }

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            # Mail

            ## Workflow

            1. Read the mail.
            2. Write the summary to `summary.md`.
            3. If one has a table, save it to `table.csv`.⟦⟧
            """,
            finds: """
                ---

                The files of this text, in its order; tick each when it is written:

                ```text
                Workflow
                  [ ] Write the summary to `summary.md`.
                  [ ] If one has a table, save it to `table.csv`.
                ```
                """,
            target: [.toolFileWrite: .l2]),
        .nothing(
            """
            # Mail

            ## Workflow

            1. Read the mail.
            2. Write the summary to `summary.md`.
            3. Save it to `table.csv`.
            """,
            target: [.toolFileWrite: .l2]),
        .nothing(
            """
            # Mail

            1. Write the summary to `summary.md`.
            2. Save the tables to `table.csv`.
            3. Write each file twice.
            """,
            target: [.toolFileWrite: .l1]),
    ]
}

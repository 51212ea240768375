package import SkillModel

/// A path to a bundled file → its absolute path. An agent runs commands in the user's project, where `scripts/x.py` is
/// not: every target needs this. Links, commands, code spans, and paths with a folder in prose; only what is bundled.
///
///     python scripts/extract.py in.pdf    →   python "@@SKVM_SKILL_DIR@@/scripts/extract.py" in.pdf
///     see [the API](references/api.md)    →   see [the API](<@@SKVM_SKILL_DIR@@/references/api.md>)
///     cd {baseDir} && make all            →   cd "@@SKVM_SKILL_DIR@@" && make all
///
/// What a path has before it to name the folder is the absolute path afterwards: the file's own, whatever the harness calls it.
/// A variable that some harness defines is the folder everywhere, one of the reader's only before a bundled file; and what the
/// text sets itself is what the text says. Decision 0069.
///
/// Whatever the folder is called: in brackets a destination may have blanks and parentheses, in double quotes a path may
/// have blanks and apostrophes.
package struct RelocateReferences: LoweringRule {
    package init() {}
    package static let id = "lower.relocate"
    package static let message = "gave the bundled file its absolute path"
    package var primitives: [Primitive] { [] }

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        for site in context.relocations.sites {
            outcome.proposals.append(
                LoweringProposal(
                    Edit(
                        span: site.span, replacement: site.replacement, rule: id, gap: nil,
                        reason: "the path of a bundled file, whatever the working folder is")))
        }
        return outcome
    }

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            See [the API](⟦references/api.md⟧).

            ```bash
            python ⟦scripts/extract.py⟧ in.pdf
            ```
            """,
            finds: "<@@SKVM_SKILL_DIR@@/references/api.md>",
            "\"@@SKVM_SKILL_DIR@@/scripts/extract.py\"",
            files: ["references/api.md": "A.\n", "scripts/extract.py": "import csv\n"]),
        RuleExample(
            """
            See `⟦{baseDir}/references/api.md⟧`.

            ```bash
            python ⟦<skill-folder>/scripts/extract.py⟧ in.pdf > ⟦{baseDir}⟧/out/*.txt
            cd ⟦{baseDir}⟧ && make all
            ```
            """,
            finds: "@@SKVM_SKILL_DIR@@/references/api.md", "\"@@SKVM_SKILL_DIR@@/scripts/extract.py\"",
            "\"@@SKVM_SKILL_DIR@@\"", "\"@@SKVM_SKILL_DIR@@\"",
            files: ["references/api.md": "A.\n", "scripts/extract.py": "import csv\n"]),
        .nothing(
            """
            The scripts lie below `{baseDir}`.

            ```bash
            SKILL_DIR=../other
            python $SKILL_DIR/scripts/extract.py > <skill-folder>/out.txt
            ```
            """,
            files: ["scripts/extract.py": "import csv\n"]),
        .nothing(
            """
            See [the API](https://example.org/api.md) and `other.py`.
            """),
    ]
}

import Basics
import SkillModel

/// Files are read: documents of the skill ("see `references/x.md`"), or the user's ("read the source"), and those that a
/// procedure changes; `allowed-tools` may say so. One is L1, several L2, "large files in pages" L3. In a tool's reference
/// it is the tool that reads, unless a file is named.
enum FileReadRule: RequirementRule {
    static let id = "require.tool.file.read.reference"
    static let message = "the agent reads files"
    static let primitive = Primitive.toolFileRead

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let permitted = facts.permits(["Read"])
        var findings = permitted.isEmpty ? [] : [RequirementFinding(.l2, permitted)]
        let own = facts.documents.filter { $0.form != .code || $0.path.hasSuffix(".md") }
        let paths = Set(own.map(\.path)).filter { !$0.hasSuffix("/") && !$0.lowercased().hasPrefix("license") }
        let evidence = own.map { facts.document.evidence($0.span) }
        // A tool's reference says itself what a call needs; a few documents beside it are for more.
        let isAside = facts.archetype == .toolReference && paths.count < 4
        if paths.count >= 2, !isAside {
            findings.append(RequirementFinding(.l2, evidence))
        } else if !paths.isEmpty, !isAside {
            findings.append(RequirementFinding(.l1, evidence))
        }
        let reads =
            facts.archetype == .toolReference
            ? []
            : facts.sentences(reading, not: [.links, .troubleshooting, .background, .advice]).filter {
                !refused.isIn($0.words)
            }
        let opened = facts.archetype == .toolReference ? told : opening
        let named = facts.sentences(opened, not: [.links, .troubleshooting, .background]).filter {
            FileNames.isNamed(in: $0, facts) && !refused.isIn($0.words)
        }
        // What is changed has been looked at.
        if facts.archetype == .procedural, let written = FileWriteRule.find(facts).first {
            findings.append(RequirementFinding(.l2, written.evidence))
        }
        if facts.isAbout(codebases), facts.archetype != .toolReference {
            findings.append(RequirementFinding(.l2, facts.descriptionEvidence))
        } else if reads.count + named.count + min(paths.count, 1) >= 3 {
            findings.append(RequirementFinding(.l2, facts.evidence(reads + named)))
        } else if !reads.isEmpty || !named.isEmpty {
            findings.append(RequirementFinding(.l1, facts.evidence(reads + named)))
        } else if facts.keepsRecords {
            findings.append(RequirementFinding(.l1, facts.descriptionEvidence))
        }
        return findings
    }

    private static let reading = PhraseTable([
        "read the", "read each", "read any", "read from", "load the", "open the file", "inspect the file", "scan the",
        "read all", "examine the",
        "review the", "review existing", "read existing", "read its", "read these", "parse the file", "read your",
    ])
    private static let opening = PhraseTable([
        "read", "load", "open", "inspect", "consult", "parse", "reads", "loads", "refer to", "look at", "check",
    ])
    /// Of a tool's reference.
    private static let told = PhraseTable(["read", "load", "open", "parse"])
    private static let refused = PhraseTable(
        ["never", "not", "don't"].flatMap { word in ["read", "open", "load"].map { "\(word) \($0)" } })
    private static let codebases = PhraseTable([
        "refactor*", "migrat*", "codebase*", "code review", "reviewing", "existing code", "source code", "repository",
        "convert*",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            See [a](⟦references/a.md⟧).
            """,
            finds: "L1",
            files: ["references/a.md": "A.\n"]),
        RuleExample(
            """
            See [a](⟦references/a.md⟧) and [b](⟦references/b.md⟧).
            """,
            finds: "L2"),
        RuleExample(
            """
            ⟦Read the source⟧.
            """,
            finds: "L1"),
        RuleExample(
            """
            # T

            ## Workflow

            1. Take the notes.
            2. Sort them.
            3. ⟦Write them to `notes.md⟧`.
            """,
            finds: "L2"),
        .nothing(
            """
            Never read the whole `out.txt`.
            """),
        .nothing(
            """
            The license is MIT.
            """),
        .nothing(
            """
            See [the site](https://example.org/a.md).
            """),
    ]
}

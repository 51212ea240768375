import Basics
import SkillModel

/// Files are written: named after a verb of writing, made as code, kept as records, or permitted by `allowed-tools`. Code and
/// documents that the skill makes are L2, several in a row L3, one short file L1. Where the text has each of those that it
/// names in a box to tick (`Checklists`), they are written one by one: L2.
enum FileWriteRule: RequirementRule {
    static let id = "require.tool.file.write.output"
    static let message = "the agent writes files"
    static let primitive = Primitive.toolFileWrite

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        find(facts, isTicked: isTicked(facts))
    }

    /// What it would find where each sentence that names a file to write is, or is not, in a box to tick.
    static func find(_ facts: SkillFacts, isTicked: Bool) -> [RequirementFinding] {
        let named = named(facts)
        let files = Set(named.flatMap { FileNames.all(in: $0, facts) })
        let redirected = facts.commands.filter { command in
            command.redirections.contains { $0.hasPrefix(">") && !$0.contains("/dev/null") && !$0.contains("&") }
        }
        let permitted = facts.permits(["Write", "Edit", "MultiEdit"])
        var findings = permitted.isEmpty ? [] : [RequirementFinding(.l2, permitted)]
        if files.count >= 2, facts.archetype != .toolReference {
            findings.append(RequirementFinding(isTicked ? .l2 : .l3, facts.evidence(named)))
        } else if !named.isEmpty {
            findings.append(RequirementFinding(.l2, facts.evidence(named)))
        } else if !redirected.isEmpty, facts.archetype == .procedural {
            findings.append(RequirementFinding(.l2, facts.evidence(redirected)))
        }
        if named.isEmpty, facts.keepsRecords { findings.append(RequirementFinding(.l1, facts.descriptionEvidence)) }
        let several = facts.sentences(each, not: [.links, .troubleshooting, .background, .example])
        let made = facts.sentences(making, not: [.links, .troubleshooting, .background, .example])
        if findings.isEmpty, !made.isEmpty, facts.archetype == .procedural {
            findings.append(RequirementFinding(.l2, facts.evidence(made)))
        }
        if facts.archetype == .generative, let tree = facts.document.fragments.first(where: { isTree($0.text) }) {
            findings.append(RequirementFinding(.l3, facts.evidence([tree])))
        }
        if facts.isAbout(repairs), facts.archetype == .procedural {
            findings.append(RequirementFinding(.l2, facts.descriptionEvidence))
        }
        if !several.isEmpty { findings.append(RequirementFinding(.l3, facts.evidence(several))) }
        let code = facts.codeFragments.filter { !["sql", "graphql"].contains($0.language) }
        let isAboutCode = facts.archetype != .toolReference && facts.isAbout(coding)
        let makesCode = facts.archetype == .generative && !code.isEmpty || isAboutCode
        if makesCode || code.count >= 3 && facts.archetype != .procedural {
            // A project is many files; a component or a call in one that is there already is one, and so is what a
            // reference is looked up for.
            let isProject =
                (isAboutCode || code.count >= 3) && facts.archetype != .toolReference && facts.isAbout(projects)
            findings.append(
                RequirementFinding(
                    isProject ? .l3 : .l2, code.isEmpty ? facts.descriptionEvidence : facts.evidence(code)))
        }
        return findings
    }

    /// Said in a sentence, too, it is said once.
    static func isTicked(_ facts: SkillFacts) -> Bool {
        let checklists = facts.reading.checklists
        return !checklists.isEmpty && named(facts).count >= 2 && named(facts).allSatisfy(checklists.hold)
            && !facts.reading.measures.contains { $0.primitives.contains(primitive) }
    }

    /// The sentences that have the agent write a file that they name.
    static func named(_ facts: SkillFacts) -> [Sentence] {
        facts.reading.once("require.file-write.named") {
            // What a tool's reference has written is its configuration, once.
            let isTool = facts.archetype == .toolReference
            return facts.sentences(writing, not: [.links, .troubleshooting, .background, .example]).filter {
                isObject($0, facts)
                    && (!isTool
                        || ![.setup, .requirements].contains(facts.reading.role(of: $0)) && isToWrite($0, facts))
            }.filter { !isTool || !FileNames.all(in: $0, facts).contains { isSetting($0) } }
        }
    }

    /// A verb of writing with a file's name after it. The subcommand of a program (`tool export`) is no such verb.
    private static func isObject(_ sentence: Sentence, _ facts: SkillFacts) -> Bool {
        let code = facts.codeSpans(of: sentence.block)
        let verb = writing.matches(in: sentence.words).lazy.map { sentence.words[$0.lowerBound].span }.first { verb in
            !code.contains { $0.span.start <= verb.start && verb.end <= $0.span.end }
        }
        guard let verb else { return false }
        return FileNames.spans(in: sentence, facts).contains { $0.start > verb.start }
            || sentence.words.contains { $0.span.start > verb.start && FileNames.isFile($0.text) }
    }

    /// An instruction to write a file that stands there by its name: what a tool's reference says of writing is mostly what
    /// the tool does, and its commands name files that they write themselves.
    private static func isToWrite(_ sentence: Sentence, _ facts: SkillFacts) -> Bool {
        writing.opens(sentence.words) && !FileNames.spans(in: sentence, facts).isEmpty
    }

    private static func isSetting(_ name: String) -> Bool {
        let lower = name.lowercased()
        return lower.hasSuffix(".env") || lower[...].range(of: "config") != nil || lower.hasSuffix(".toml")
    }
    private static let writing = PhraseTable([
        "write", "create", "save", "save*", "writes", "generate", "update", "append", "output to", "export", "store",
        "produce",
    ])
    /// A drawing of folders with three files at least.
    private static func isTree(_ text: String) -> Bool {
        text.split(whereSeparator: \.isNewline).count { line in
            (line.contains("├") || line.contains("└")) && line.contains(".")
        } >= 3
    }

    /// A verb of making with a file as its object.
    private static let making = PhraseTable(
        ["create", "write", "save", "generate", "produce", "export"].flatMap { verb in
            ["a", "the", "an", "local", "your", "its", "one"].flatMap { word in
                ["file", "html", "markdown", "json", "csv", "config", "script"].map { "\(verb) \(word) \($0)*" }
            } + ["file", "html", "markdown", "json", "csv"].map { "\(verb) \($0)*" }
        } + ["persist to", "save to disk", "write to disk", "saved to", "written to"])
    private static let repairs = PhraseTable(["fix", "fixes", "autofix*", "repair*", "remediat*"])
    private static let each = PhraseTable([
        "one file per", "one per file", "own file", "own files", "separate file*", "entire files", "several files",
        "multiple files", "each file", "a file for each",
    ])
    private static let projects = PhraseTable([
        "app", "apps", "application*", "project*", "site", "website*", "server*", "frontend", "backend*", "scaffold*",
        "artifact*", "extension*", "plugin*", "workspace*",
    ])
    private static let coding = PhraseTable([
        "refactor*", "components", "implement*", "write code", "scaffold*", "app", "apps", "backend*", "frontend",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ⟦Write the result to `report.md⟧`.
            """,
            finds: "L2"),
        RuleExample(
            """
            ⟦Write the notes to `notes.md⟧`.

            ⟦Save the rows to `rows.csv⟧`.
            """,
            finds: "L3"),
        RuleExample(
            """
            ## To do

            - [ ] ⟦Write the notes to `notes.md⟧`.
            - [ ] ⟦Save the rows to `rows.csv⟧`.
            """,
            finds: "L2"),
        RuleExample(
            """
            ---
            name: sample
            description: Keeps notes.
            ⟦allowed-tools: Read Write⟧
            ---
            Text.
            """,
            finds: "L2"),
        .nothing(
            """
            Use `tracker export` for the rows of `data.json`.
            """),
        .nothing(
            """
            Read the result from `report.md`.
            """),
        .nothing(
            """
            Write the result.
            """),
    ]
}

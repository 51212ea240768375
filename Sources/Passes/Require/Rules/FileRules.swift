import Basics
import SkillModel

/// Files are read: documents of the skill ("see `references/x.md`"), or the user's ("read the source"). One is L1, several
/// L2, "large files in pages" L3.
enum FileReadRule: RequirementRule {
    static let id = "require.tool.file.read.reference"
    static let primitive = Primitive.toolFileRead

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        var findings: [RequirementFinding] = []
        let own = facts.documents.filter { $0.form != .code || $0.path.hasSuffix(".md") }
        let paths = Set(own.map(\.path)).filter { !$0.hasSuffix("/") && !$0.lowercased().hasPrefix("license") }
        let evidence = own.map { facts.document.evidence($0.span) }
        // A tool's reference is looked up one page at a time.
        if paths.count >= 2, facts.archetype != .toolReference {
            findings.append(RequirementFinding(.l2, evidence))
        } else if !paths.isEmpty {
            findings.append(RequirementFinding(.l1, evidence))
        }
        let reads = facts.sentences(reading, not: [.links, .troubleshooting, .background, .advice])
        let named = facts.sentences(opening, not: [.links, .troubleshooting, .background]).filter {
            FileNames.isNamed(in: $0, facts)
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
    private static let codebases = PhraseTable([
        "refactor*", "migrat*", "codebase*", "code review", "reviewing", "existing code", "source code", "repository",
        "convert*",
    ])
}

/// Files are written. Code and documents that the skill makes are L2, several in a row L3, one short file L1.
enum FileWriteRule: RequirementRule {
    static let id = "require.tool.file.write.output"
    static let primitive = Primitive.toolFileWrite

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let named = facts.sentences(writing, not: [.links, .troubleshooting, .background, .example]).filter {
            FileNames.isNamed(in: $0, facts)
        }
        let files = Set(named.flatMap { FileNames.all(in: $0, facts) })
        let redirected = facts.commands.filter { command in
            command.redirections.contains { $0.hasPrefix(">") && !$0.contains("/dev/null") && !$0.contains("&") }
        }
        var findings: [RequirementFinding] = []
        if files.count >= 2, facts.archetype != .toolReference {
            findings.append(RequirementFinding(.l3, facts.evidence(named)))
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
        let makesCode = facts.archetype == .generative && !code.isEmpty || facts.isAbout(coding)
        if makesCode || code.count >= 3 {
            findings.append(RequirementFinding(.l2, code.isEmpty ? facts.descriptionEvidence : facts.evidence(code)))
        }
        return findings
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
    private static let coding = PhraseTable([
        "refactor*", "components", "implement*", "write code", "scaffold*", "app", "apps", "backend*", "frontend",
    ])
}

/// Names of files in text.
enum FileNames {
    /// The code spans of a sentence that are file names.
    static func all(in sentence: Sentence, _ facts: SkillFacts) -> [String] {
        (facts.fileSpans[sentence.block] ?? []).filter { code in
            sentence.span.start <= code.span.start && code.span.start <= sentence.span.end + 40
        }.map(\.text)
    }

    static func isNamed(in sentence: Sentence, _ facts: SkillFacts) -> Bool {
        !all(in: sentence, facts).isEmpty || sentence.words.contains { isFile($0.text) }
    }

    static func isFile(_ text: String) -> Bool {
        guard !text.contains(" "), let dot = text.lastIndex(of: "."), text.utf8.count < 200 else { return false }
        return endings.contains(text[text.index(after: dot)...].lowercased())
    }

    private static let endings: Set<String> = [
        "md", "json", "yaml", "yml", "csv", "txt", "html", "py", "js", "ts", "tsx", "sql", "xml", "toml", "sh", "docx",
        "pdf",
        "pptx", "xlsx", "parquet", "css", "svg", "env", "jsonl",
    ]
}

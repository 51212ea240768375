import Basics
import SkillModel

/// What several requirement rules look at, worked out once.
struct SkillFacts: Sendable {
    let reading: SkillReading
    let document: SkillDocument
    /// The main procedure's steps; empty for a reference.
    let steps: [StepRegion]
    /// The steps stand under a title that names a procedure.
    private let isAnnounced: Bool
    /// Commands that the agent is to run: not those under links and troubleshooting.
    let commands: [Invocation]
    /// Languages in which the skill has the agent write code, with the blocks that show it.
    let codeFragments: [Fragment]
    /// Scripts of the skill that it refers to.
    let scripts: [Reference]
    /// Documents of the skill that it refers to.
    let documents: [Reference]
    /// Code in running text that names a file, by block; at most `spanLimit` a block.
    let fileSpans: [Int: [CodeSpan]]

    /// The code of a block's running text; at most `spanLimit`.
    func codeSpans(of block: Int) -> ArraySlice<CodeSpan> {
        let spans = document.codeSpans
        let start = SortedSearch.first(in: spans.indices) { spans[$0].block >= block }
        return spans[start...].prefix(SkillFacts.spanLimit).prefix { $0.block == block }
    }

    /// Names of files beyond this in one block say nothing new.
    private static let spanLimit = 64

    init(_ document: SkillDocument) { self.init(SkillReading(document)) }

    init(_ reading: SkillReading) {
        self.reading = reading
        let document = reading.document
        self.document = document
        let procedure = ProcedureFinder.main(of: reading)
        steps = procedure.map { StepRegion.make($0, reading) } ?? []
        commands = reading.invocations.filter { $0.role != .links && $0.role != .troubleshooting }
        codeFragments = document.fragments.filter { SkillFacts.codeLanguages.contains($0.language) }
        var fileSpans: [Int: [CodeSpan]] = [:]
        for code in document.codeSpans
        where FileNames.isFile(code.text) && fileSpans[code.block, default: []].count < SkillFacts.spanLimit {
            fileSpans[code.block, default: []].append(code)
        }
        self.fileSpans = fileSpans
        scripts = document.references.filter { SkillFacts.isScript($0.path) }
        documents = document.references.filter { !SkillFacts.isScript($0.path) }
        isAnnounced = procedure?.role == .procedure
    }

    var archetype: Archetype {
        reading.once("facts.archetype") {
            ArchetypeRule.decide(
                reading: reading, steps: steps, isAnnounced: isAnnounced, commands: commands, code: codeFragments)
        }
    }

    /// A skill that logs, tracks or remembers things for its user without a program of its own keeps them in files.
    var keepsRecords: Bool { archetype == .generative && commands.isEmpty && isAbout(SkillFacts.recording) }
    private static let recording = PhraseTable([
        "track", "tracks", "tracker", "tracking", "log", "logs", "logging", "journal", "diary", "remember", "record",
        "records",
    ])

    /// Evidence in the front matter's description, or the first line.
    var descriptionEvidence: [Evidence] {
        let entry = document.frontMatter.entries.first { $0.key == "description" }
        return [entry.map { document.evidence($0.span) } ?? Evidence(line: 1)]
    }

    func evidence(_ sentences: [Sentence]) -> [Evidence] { sentences.prefix(12).map { document.evidence($0.span) } }
    func evidence(_ fragments: [Fragment]) -> [Evidence] { fragments.prefix(12).map { document.evidence($0.span) } }
    func evidence(_ invocations: [Invocation]) -> [Evidence] {
        invocations.prefix(12).map { Evidence(line: $0.line, span: $0.span) }
    }

    /// The front matter's line that permits one of a harness's own tools: `allowed-tools: Read, Bash(git:*)`; empty when
    /// none is. A skill that lists its tools lists those that it needs.
    func permits(_ tools: Set<String>) -> [Evidence] {
        document.frontMatter.entries.filter { entry in
            entry.key == "allowed-tools"
                && entry.value.utf8.split(whereSeparator: { !$0.isLetter && $0 != 0x5F }).contains {
                    tools.contains(String(decoding: $0, as: UTF8.self))
                }
        }.map { document.evidence($0.span) }
    }

    /// Sentences with a phrase of the table, outside of what is only remarks.
    func sentences(_ table: PhraseTable, not roles: Set<SectionRole> = [.links, .troubleshooting, .background])
        -> [Sentence]
    {
        reading.sentences.filter { !roles.contains(reading.role(of: $0)) && table.isIn($0.words) }
    }

    /// True when the description or the title has a phrase of the table.
    func isAbout(_ table: PhraseTable) -> Bool {
        table.isIn(reading.description) || table.isIn(WordScanner.words(reading.title))
    }

    static let codeLanguages: Set<String> = [
        "python", "javascript", "typescript", "jsx", "tsx", "vue", "svelte", "sql", "html", "css", "svg", "java", "go",
        "rust",
        "ruby", "swift", "kotlin", "csharp", "cs", "cpp", "c", "php", "powershell", "dart", "graphql", "groovy",
        "scala", "r",
    ]

    private static let scriptEndings = [
        ".py", ".sh", ".js", ".mjs", ".ts", ".cjs", ".rb", ".go", ".pl", ".ps1", ".bash",
    ]
    static func isScript(_ path: String) -> Bool { scriptEndings.contains { path.hasSuffix($0) } }
}

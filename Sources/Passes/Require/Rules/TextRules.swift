import Basics
import SkillModel

/// The agent writes JSON or YAML: request bodies, specs, manifests, records. Nested values are L2, flat ones L1.
enum StructuredTextRule: RequirementRule {
    static let id = "require.gen.text.structured.fragment"
    static let primitive = Primitive.genTextStructured

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let reading = facts.reading
        let fragments = reading.fragments(in: ["json", "yaml", "jsonc", "toml"]).filter { fragment in
            ![.setup, .outputs, .links, .troubleshooting, .requirements].contains(reading.role(ofBlock: fragment.block))
                && !isShown(fragment, facts)
        }
        var findings: [RequirementFinding] = []
        if !fragments.isEmpty {
            let nested = fragments.contains { depth($0.text) >= 3 || $0.text.utf8.count > 500 }
            findings.append(RequirementFinding(nested ? .l2 : .l1, facts.evidence(fragments)))
        }
        let written = facts.sentences(specs, not: [.links, .troubleshooting, .background, .outputs])
        if !written.isEmpty { findings.append(RequirementFinding(.l1, facts.evidence(written))) }
        let files = facts.sentences(writing, not: [.links, .troubleshooting, .background, .example, .setup]).filter {
            FileNames.all(in: $0, facts).contains { name in
                [".json", ".yaml", ".yml", ".jsonl"].contains { name.lowercased().hasSuffix($0) }
            }
        }
        if !files.isEmpty, facts.archetype != .toolReference {
            findings.append(RequirementFinding(.l1, facts.evidence(files)))
        }
        if facts.keepsRecords { findings.append(RequirementFinding(.l1, facts.descriptionEvidence)) }
        let arguments = facts.commands.filter {
            !$0.isInline && $0.words.contains { isJSON($0) } && $0.program != "curl"
        }
        if arguments.count >= 2 { findings.append(RequirementFinding(.l2, facts.evidence(arguments))) }
        return findings
    }

    /// `{"a": 1}`, `[{"a": 1}]`; not `{baseDir}/scripts/x.py` or a gap `{name}`.
    private static func isJSON(_ word: String) -> Bool {
        (word.hasPrefix("{") || word.hasPrefix("[{")) && word.contains("\"") && word.contains(":")
    }

    /// A block that shows what a program returns or keeps, or how a harness is set up.
    private static func isShown(_ fragment: Fragment, _ facts: SkillFacts) -> Bool {
        if fragment.text[...].range(of: "\"mcpServers\"") != nil { return true }
        guard fragment.block > 0 else { return false }
        let before = facts.document.blocks[fragment.block - 1]
        let title = facts.document.blocks[fragment.block].section.map { facts.document.sections[$0].title } ?? ""
        return returned.isIn(WordScanner.words(String(before.text.suffix(120))))
            || returned.isIn(WordScanner.words(title))
    }

    private static func depth(_ text: String) -> Int {
        var depth = 0
        var deepest = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { depth += 1 }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { depth -= 1 }
            deepest = max(deepest, depth)
        }
        let lines = text.split(whereSeparator: \.isNewline)
        let indents = Set(lines.map { line in line.prefix { $0 == " " }.count })
        return max(deepest, deepest == 0 ? indents.count : 0)
    }

    private static let returned = PhraseTable([
        "returns", "response", "output*", "result*", "config*", "structure", "contract", "settings", "example output",
    ])
    private static let writing = PhraseTable(["write", "create", "save", "generate", "update", "fill", "author"])
    private static let specs = PhraseTable([
        "yaml file*", "json file*", "write json", "valid json", "json object", "as json", "structured json",
        "json manifest", "yaml manifest", "frontmatter",
    ])
}

/// A long document is the result: a report, a plan, an article. A stated length decides: over 5 KB is L3.
enum LongTextRule: RequirementRule {
    static let id = "require.gen.text.long.document"
    static let primitive = Primitive.genTextLong

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        guard facts.archetype != .toolReference else { return [] }
        var findings: [RequirementFinding] = []
        let made = facts.sentences(documents, not: [.links, .troubleshooting, .background, .example, .advice])
        if makesDocument(facts.reading.description) {
            findings.append(RequirementFinding(.l3, facts.descriptionEvidence))
        }
        let written = facts.sentences(making, not: [.links, .troubleshooting, .background, .example, .advice]).filter {
            FileNames.all(in: $0, facts).contains { isDocument($0) }
        }
        if !written.isEmpty { findings.append(RequirementFinding(.l2, facts.evidence(written))) }
        if made.count >= 1 { findings.append(RequirementFinding(.l2, facts.evidence(made))) }
        return findings
    }

    private static let documents = PhraseTable([
        "write the report", "write a report", "markdown report", "final report", "comprehensive report",
        "detailed report", "full report", "design document", "design doc", "white paper", "whitepaper", "long-form",
        "summary report", "write the document", "write the plan",
    ])
    /// "Writes a testing plan", "produce the quarterly report": a verb of making, and at most four words on the document.
    private static func makesDocument(_ words: [Word]) -> Bool {
        kinds.matches(in: words).contains { range in
            making.isIn(Array(words[max(0, range.lowerBound - 5)..<range.lowerBound]))
        }
    }

    /// A Markdown file whose name says that it is a report or plan.
    private static func isDocument(_ name: String) -> Bool {
        let lower = name.lowercased()
        guard lower.hasSuffix(".md") else { return false }
        return ["report", "plan", "summary", "analysis", "design", "proposal", "spec"].contains {
            lower[...].range(of: $0) != nil
        }
    }

    private static let kinds = PhraseTable([
        "plan", "plans", "report", "reports", "specification*", "proposal*", "documentation", "strategy", "playbook*",
        "white paper*", "whitepaper*",
    ])
    private static let making = PhraseTable([
        "write*", "writing", "create*", "creating", "generate*", "generating", "produce*", "producing", "draft*",
        "compose*", "author*", "prepare*", "develop*", "build*",
    ])
}

/// The agent writes prose for people: messages, summaries, posts.
enum ProseRule: RequirementRule {
    static let id = "require.gen.text.prose.writing"
    static let primitive = Primitive.genTextProse

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        guard facts.archetype != .toolReference else { return [] }
        var findings: [RequirementFinding] = []
        if facts.isAbout(writing) { findings.append(RequirementFinding(.l2, facts.descriptionEvidence)) }
        let told = facts.sentences(telling, not: [.links, .troubleshooting, .background, .example, .advice])
        let makesCode = !facts.codeFragments.isEmpty || facts.isAbout(coded)
        if facts.archetype == .generative, findings.isEmpty, !makesCode, facts.commands.isEmpty {
            // What it makes is no code: then it is text.
            findings.append(RequirementFinding(facts.keepsRecords ? .l1 : .l2, facts.descriptionEvidence))
        }
        if told.count >= 2 { findings.append(RequirementFinding(.l1, facts.evidence(told))) }
        return findings
    }

    private static let writing = PhraseTable([
        "newsletter*", "blog", "article*", "copywriting", "marketing", "email*", "storytelling", "press release*",
        "posts", "narrative", "essay*", "letter*", "communicat*", "announcement*",
    ])
    private static let coded = PhraseTable([
        "code", "component*", "typescript", "python", "javascript", "sql", "html", "css", "app", "apps", "backend*",
        "frontend", "test",
        "tests", "api", "apis", "plugin*", "svg", "procedures", "migrat*", "server", "servers", "refactor*",
    ])
    private static let telling = PhraseTable([
        "summarize", "summarise", "explain", "present", "describe", "rationale", "in plain language",
        "report to the user", "tell the user",
    ])
}

/// The output has a form: a template, a schema, named sections (L2); one named format (L1); several at once (L3).
enum FormatRule: RequirementRule {
    static let id = "require.follow.format.template"
    static let primitive = Primitive.followFormat

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        guard facts.archetype != .toolReference else { return [] }
        let reading = facts.reading
        var findings: [RequirementFinding] = []
        let templates = facts.document.fragments.filter { fragment in
            ["markdown", "md"].contains(fragment.language)
                || (["", "text"].contains(fragment.language) && reading.role(ofBlock: fragment.block) == .outputs)
        }
        if !templates.isEmpty { findings.append(RequirementFinding(.l2, facts.evidence(templates))) }
        let stated = facts.sentences(schemas, not: [.links, .troubleshooting, .background, .example])
        if !stated.isEmpty { findings.append(RequirementFinding(.l2, facts.evidence(stated))) }
        if facts.isAbout(described) { findings.append(RequirementFinding(.l2, facts.descriptionEvidence)) }
        let outputs = facts.document.sections.indices.filter { isForm(facts.document.sections[$0].title) }
        if !outputs.isEmpty {
            let isLaidOut = facts.archetype == .procedural && outputs.contains { hasParts($0, facts) }
            findings.append(
                RequirementFinding(
                    isLaidOut ? .l2 : .l1,
                    outputs.prefix(3).map { facts.document.evidence(facts.document.sections[$0].heading) }))
        }
        return findings
    }

    /// A title that announces what the result looks like, of the skill, not of one of its programs.
    private static func isForm(_ title: String) -> Bool {
        let words = WordScanner.words(title)
        guard !words.contains(where: { FileNames.isFile($0.text) }), StepLabel.number(of: title) == nil else {
            return false
        }
        return form.isIn(words) || words.count > 1 && results.isIn(words) && shapes.isIn(words)
    }

    /// The section lists parts, rows or a sample.
    private static func hasParts(_ section: Int, _ facts: SkillFacts) -> Bool {
        facts.document.blocks.count { $0.section == section && [.item, .tableRow, .code].contains($0.kind) } >= 2
    }

    private static let results = PhraseTable([
        "output*", "report*", "summary", "response*", "deliverable*", "result*", "answer*",
    ])
    private static let shapes = PhraseTable([
        "format", "contract", "structure", "template", "schema", "shape", "sections", "layout", "report",
    ])

    private static let form = PhraseTable([
        "output format", "report format", "response format", "final response", "deliverable*", "conventions", "format",
        "formatting", "report", "output structure",
    ])
    private static let schemas = PhraseTable([
        "template", "output json", "following format", "this format", "exact format", "json schema", "output schema",
        "this schema",
        "following schema", "given schema", "the schema", "in the format",
        "the following structure", "format exactly", "must contain the following", "use this structure",
    ])
    private static let described = PhraseTable([
        "formats", "template*", "structured",
    ])
}

/// A tone or persona: named once it is L1, a persona or brand voice L2.
enum StyleRule: RequirementRule {
    static let id = "require.follow.style.tone"
    static let primitive = Primitive.followStyle

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        guard facts.archetype == .generative else { return [] }
        var findings: [RequirementFinding] = []
        let voice = facts.sentences(voices)
        if voice.count >= 2 || facts.isAbout(voices) {
            findings.append(RequirementFinding(.l2, voice.isEmpty ? facts.descriptionEvidence : facts.evidence(voice)))
        }
        let tone = facts.sentences(tones, not: [.links, .troubleshooting])
        if !tone.isEmpty { findings.append(RequirementFinding(.l1, facts.evidence(tone))) }
        return findings
    }

    private static let voices = PhraseTable([
        "persona", "brand voice", "in the voice of", "voice and tone", "stay in character",
    ])
    private static let tones = PhraseTable([
        "tone", "formal", "informal", "friendly", "casual", "encouraging", "conversational", "empathetic", "warm",
        "professional",
    ])
}

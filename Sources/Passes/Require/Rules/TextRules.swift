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
        if facts.keepsRecords { findings.append(RequirementFinding(.l1, facts.descriptionEvidence)) }
        let arguments = facts.commands.filter {
            !$0.isInline && $0.words.contains { $0.hasPrefix("{") || $0.hasPrefix("[{") } && $0.program != "curl"
        }
        if arguments.count >= 2 { findings.append(RequirementFinding(.l2, facts.evidence(arguments))) }
        return findings
    }

    /// A block that shows what a program returns or keeps.
    private static func isShown(_ fragment: Fragment, _ facts: SkillFacts) -> Bool {
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
    private static let specs = PhraseTable([
        "spec file*", "yaml file*", "json file*", "write json", "valid json", "json object", "as json",
        "structured json", "manifest", "frontmatter", "log weigh-ins",
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
        if facts.isAbout(plans) { findings.append(RequirementFinding(.l3, facts.descriptionEvidence)) }
        if made.count >= 1 { findings.append(RequirementFinding(.l2, facts.evidence(made))) }
        return findings
    }

    private static let documents = PhraseTable([
        "write the report", "write a report", "markdown report", "final report", "_report.md", "comprehensive report",
        "detailed report", "full report", "design document", "design doc", "documentation page", "whitepaper",
        "mining_report.md", "release notes", "long-form",
        "storyboard*",
    ])
    private static let plans = PhraseTable([
        "testing plan", "test plan", "implementation plan", "project plan", "launch plan", "comprehensive report",
        "research report", "specification", "proposal",
        "documentation", "business plan", "strategy document", "gtm", "white paper",
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
        "communications", "newsletter*", "blog", "article*", "copywriting", "marketing copy", "email*", "storytelling",
        "press release*", "content writing", "posts",
        "narrative", "essay*", "launch", "messaging",
    ])
    private static let coded = PhraseTable([
        "code", "component*", "typescript", "python", "javascript", "sql", "html", "css", "app", "apps", "backend*",
        "frontend", "test",
        "tests", "api", "apis", "plugin*", "svg", "procedures", "migrat*", "server", "servers", "refactor*",
    ])
    private static let telling = PhraseTable([
        "summarize", "summarise", "explain", "present", "describe", "say why", "rationale", "in plain language",
        "report to the user", "tell the user", "celebrate",
        "answer from",
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
        let outputs = facts.document.sections.indices.filter {
            form.isIn(WordScanner.words(facts.document.sections[$0].title))
        }
        if !outputs.isEmpty {
            findings.append(
                RequirementFinding(
                    .l1, outputs.prefix(3).map { facts.document.evidence(facts.document.sections[$0].heading) }))
        }
        return findings
    }

    private static let form = PhraseTable([
        "output format", "output conventions", "report format", "response format", "final response", "deliverables",
        "conventions",
        "format", "formatting", "report", "output structure",
    ])
    private static let schemas = PhraseTable([
        "template", "output json", "following format", "this format", "exact format", "schema", "in the format",
        "the following structure", "markdown plan covering",
        "format exactly", "must contain the following", "use this structure",
    ])
    private static let described = PhraseTable([
        "formats", "template*", "structured plan", "structured testing plan", "structured report", "structured output",
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
        "tone", "formal", "informal", "friendly", "casual", "encouraging", "without judgment", "conversational",
        "empathetic", "warm",
    ])
}

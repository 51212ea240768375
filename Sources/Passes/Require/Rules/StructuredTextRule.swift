import Basics
import SkillModel

/// The agent writes JSON or YAML: request bodies, specs, manifests, records. Nested values are L2, flat ones L1.
enum StructuredTextRule: RequirementRule {
    static let id = "require.gen.text.structured.fragment"
    static let message = "the agent writes JSON, YAML or TOML"
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
        // In a tool's reference such words tell of what the tool takes and returns.
        if !written.isEmpty, facts.archetype != .toolReference {
            findings.append(RequirementFinding(.l1, facts.evidence(written)))
        }
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
            !$0.isInline && $0.words.contains { isJSON($0) }
        }
        if arguments.count >= 2 {
            let nested = arguments.contains { command in
                command.words.contains { isJSON($0) && (depth($0) >= 2 || $0.utf8.count > 200) }
            }
            findings.append(RequirementFinding(nested ? .l2 : .l1, facts.evidence(arguments)))
        }
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
        "yaml file*", "json file*", "write json", "valid json", "return json", "json with", "json object", "as json",
        "structured json",
        "json manifest", "yaml manifest", "frontmatter",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ## Saving

            ⟦```json
            {"url": "x"}
            ```⟧
            """,
            finds: "L1"),
        RuleExample(
            """
            ## Saving

            ⟦```json
            {"a": {"b": {"c": [1]}}}
            ```⟧
            """,
            finds: "L2"),
        RuleExample(
            """
            ```bash
            ⟦curl -X POST "$URL" -d '{"name": "a"}'⟧
            ⟦curl -X PUT "$URL" -d '{"name": "b"}'⟧
            ```
            """,
            finds: "L1"),
        .nothing(
            """
            Saving a page returns a JSON object.

            ```bash
            tool save a
            tool list
            tool show a
            ```
            """),
        .nothing(
            """
            ## Saving

            Returns:

            ```json
            {"url": "x"}
            ```
            """),
        .nothing(
            """
            ## Install

            ```json
            {"mcpServers": {"a": {}}}
            ```
            """),
    ]
}

import Basics
import SkillModel

/// Tools of a harness or an MCP server are called by name. Objects and lists as arguments are L2.
enum CallFormatRule: RequirementRule {
    static let id = "require.tool.call.format.named"
    static let message = "the agent calls tools by name"
    static let primitive = Primitive.toolCallFormat

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        var calls: [CodeSpan] = []
        var byBlock: [Int: Bool] = [:]
        for code in facts.document.codeSpans
        where isToolName(code.text) && facts.document.blocks.indices.contains(code.block) {
            let isCall = byBlock[code.block] ?? calling.isIn(WordScanner.words(facts.document.blocks[code.block].text))
            byBlock[code.block] = isCall
            if isCall { calls.append(code) }
        }
        let servers = facts.document.codeSpans.filter { $0.text.hasPrefix("mcp__") }
        let writesServers = !facts.codeFragments.isEmpty
        let mentionsTools = !writesServers && facts.isAbout(PhraseTable(["mcp", "via mcp", "tool calls"]))
        guard calls.count >= 3 || !servers.isEmpty || mentionsTools else { return [] }
        let structured = facts.sentences(
            PhraseTable(["object", "array", "parameters", "structured", "json", "list of"]), not: [.links])
        let evidence = (calls + servers).prefix(12).map { facts.document.evidence($0.span) }
        return [
            RequirementFinding(
                structured.count >= 2 ? .l2 : .l1, evidence.isEmpty ? facts.descriptionEvidence : evidence)
        ]
    }

    private static let calling = PhraseTable(["tool", "tools", "action", "invoke", "tool call*"])

    /// `search_events`, `list_k8s_events(…)`: lower case words joined by `_`, no path, no flag.
    private static func isToolName(_ text: String) -> Bool {
        let name = text.prefix { $0 != "(" }
        guard let first = name.split(separator: "_").first, name.contains("_"), name.utf8.count < 60 else {
            return false
        }
        guard name.utf8.allSatisfy({ $0 == 0x5F || ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) }) else {
            return false
        }
        return ImperativeVerbs.all.contains(String(first)) || first == "mcp"
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            ⟦description: Reads connected calendars via MCP.⟧
            ---
            Text.
            """,
            finds: "L1"),
        RuleExample(
            """
            Use the `⟦search_events⟧` tool, then the `⟦get_event⟧` tool and the `⟦list_events⟧` tool.
            """,
            finds: "L1"),
        .nothing(
            """
            The field `created_at` is a date.
            """),
        .nothing(
            """
            Use the `search_events` tool.
            """),
    ]
}

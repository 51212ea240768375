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
        let listed = listedTools(facts)
        let demanded = MCPServerRule.found(in: facts.reading).filter { $0.required && $0.kind == .mcp }
        guard calls.count >= 3 || !servers.isEmpty || mentionsTools || !listed.isEmpty || !demanded.isEmpty else {
            return []
        }
        let structured = facts.sentences(
            PhraseTable(["object", "array", "parameters", "structured", "json", "list of"]), not: [.links])
        let evidence =
            (calls + servers + listed).prefix(12).map { facts.document.evidence($0.span) }
            + demanded.prefix(4).flatMap { $0.evidence.prefix(2) }
        return [
            RequirementFinding(
                structured.count >= 2 ? .l2 : .l1, evidence.isEmpty ? facts.descriptionEvidence : evidence)
        ]
    }

    /// Names under a title that speaks of tools, and those that a sentence calls tools, joined by `_` whatever their
    /// verb: `pb_feature_list`.
    private static func listedTools(_ facts: SkillFacts) -> [CodeSpan] {
        let sections = facts.document.sections
        let named = sections.map { tools.isIn(WordScanner.words($0.title)) }
        let spans = facts.document.codeSpans.filter { code in
            guard isSnake(code.text), facts.document.blocks.indices.contains(code.block),
                let section = facts.document.blocks[code.block].section
            else { return false }
            return named[section] || called(code, facts)
        }
        return spans.count >= 2 && !facts.commands.contains { !$0.isInline } || spans.count >= 4 ? spans : []
    }

    /// "the `message_send` tool".
    private static func called(_ code: CodeSpan, _ facts: SkillFacts) -> Bool {
        let end = min(code.span.end + 8, facts.document.bytes.count)
        guard code.span.end < end else { return false }
        return String(decoding: facts.document.bytes[code.span.end..<end], as: UTF8.self).contains(" tool")
    }

    private static func isSnake(_ text: String) -> Bool {
        let name = text.prefix { $0 != "(" }.utf8
        guard name.count >= 5, name.count < 60, name.contains(0x5F), name.first != 0x5F else { return false }
        return name.allSatisfy { $0 == 0x5F || ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) }
    }

    private static let tools = PhraseTable(["tools", "mcp tools", "available tools", "tool reference"])
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

import SkillModel

/// What `allowed-tools` permits by name: `Bash(gh:*)` → binary gh; `mcp__sentry__get_issue` → MCP server sentry.
enum AllowedToolsRule: DependencyRule {
    static let id = "depend.front-matter.allowed-tools"
    static let message = "`allowed-tools` permits it by name"

    static func find(_ reading: SkillReading) -> [Dependency] {
        guard let entry = reading.document.frontMatter.entries.first(where: { $0.key == "allowed-tools" }) else {
            return []
        }
        let evidence = reading.document.evidence(entry.span)
        var found: [Dependency] = []
        var rest = entry.value[...]
        while let open = rest.range(of: "Bash(") {
            rest = rest[open.upperBound...]
            let name = String(rest.prefix { $0 != ":" && $0 != " " && $0 != ")" && $0 != "*" })
            if CommandLine.isProgramName(name), !Programs.ubiquitous.contains(name) {
                found.append(Dependency(.binary, name, evidence: [evidence]))
            }
        }
        for server in MCPServerRule.servers(inToolNames: entry.value) {
            found.append(Dependency(.mcp, server, evidence: [evidence]))
        }
        return found
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            description: Runs it.
            ⟦allowed-tools: Bash(gh:*) mcp__sentry__get_issue⟧
            ---
            Text.
            """,
            finds: "binary gh",
            "mcp sentry"),
        .nothing(
            """
            ---
            name: sample
            description: Runs it.
            allowed-tools: Bash Read Bash(cat:*)
            ---
            Text.
            """),
    ]
}

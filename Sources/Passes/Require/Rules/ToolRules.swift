import Basics
import SkillModel

/// Tools of a harness or an MCP server are called by name. Objects and lists as arguments are L2.
enum CallFormatRule: RequirementRule {
    static let id = "require.tool.call.format.named"
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
}

/// Several calls in one turn: "in parallel", "batch of 10", "at the same time", with tools.
enum CallBatchRule: RequirementRule {
    static let id = "require.tool.call.batch.parallel"
    static let primitive = Primitive.toolCallBatch

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let batched = facts.sentences(
            PhraseTable([
                "in parallel", "parallel calls", "parallel tool calls", "simultaneously", "concurrently",
                "at the same time", "at once",
            ]), not: [.links, .background, .advice, .example])
        return batched.count >= 2 ? [RequirementFinding(.l2, facts.evidence(batched))] : []
    }
}

/// The web is read: endpoints called with parameters (L2), several of them with authorisation or pages (L3), one page (L1).
enum WebRule: RequirementRule {
    static let id = "require.tool.web.request"
    static let primitive = Primitive.toolWeb

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let requests = facts.commands.filter { ["curl", "wget", "http", "xh"].contains($0.program) && !isInstall($0) }
        if requests.count >= 2 {
            let authorised = requests.filter { command in
                command.words.contains { word in
                    word.contains("Authorization") || word.lowercased().contains("api-key") || word.contains("Bearer")
                }
            }
            return [RequirementFinding(authorised.count >= 2 ? .l3 : .l2, facts.evidence(requests))]
        }
        let searched = facts.sentences(
            PhraseTable([
                "search the web", "search web", "web search", "websearch", "webfetch", "web_search", "web_fetch",
                "fetch the page", "google for", "browse to", "fetch the url",
            ]), not: [.links, .background, .example])
        let endpoints = facts.document.fragments.filter { $0.language == "http" }
        if endpoints.count >= 2 { return [RequirementFinding(.l2, facts.evidence(endpoints))] }
        return searched.isEmpty ? [] : [RequirementFinding(.l2, facts.evidence(searched))]
    }

    private static func isInstall(_ invocation: Invocation) -> Bool {
        invocation.role == .setup && !invocation.words.contains { $0.contains("/api") || $0.contains("api.") }
    }
}

/// A browser is driven. Reading is L1, forms and clicks L2, logins and long flows L3.
enum BrowserRule: RequirementRule {
    static let id = "require.tool.browser.drive"
    static let primitive = Primitive.toolBrowser

    static func find(_ facts: SkillFacts) -> [RequirementFinding] {
        let drives = facts.isAbout(
            PhraseTable([
                "browser automation", "browser", "playwright", "puppeteer", "selenium", "headless chrome",
                "browser-use", "web automation", "screenshots",
            ]))
        let acts = facts.sentences(
            PhraseTable(["click", "fill", "navigate to", "page.goto", "take a screenshot", "snapshot", "open the page"]
            ), not: [.links, .background])
        let commands = facts.commands.filter {
            ["agent-browser", "playwright", "browser-use", "playwright-cli"].contains($0.program)
        }
        guard (drives && acts.count + commands.count >= 2) || commands.count >= 3 else { return [] }
        let login = facts.sentences(
            PhraseTable(["log in", "login", "sign in", "session", "cookies", "authenticat*"]), not: [.links])
        let evidence = facts.evidence(commands) + facts.evidence(acts)
        return [
            RequirementFinding(login.count >= 2 ? .l3 : .l2, evidence.isEmpty ? facts.descriptionEvidence : evidence)
        ]
    }
}

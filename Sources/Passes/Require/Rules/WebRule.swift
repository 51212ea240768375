import Basics
import SkillModel

/// The web is read: endpoints called with parameters (L2), several of them with authorisation or pages (L3), one page (L1).
enum WebRule: RequirementRule {
    static let id = "require.tool.web.request"
    static let message = "the agent reads the web"
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

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```bash
            ⟦curl https://x.dev/api?a=1⟧
            ⟦curl https://x.dev/api?b=1⟧
            ```
            """,
            finds: "L2"),
        RuleExample(
            """
            ```bash
            ⟦curl https://x.dev/a -H 'Authorization: Bearer $T'⟧
            ⟦curl https://x.dev/b -H 'Authorization: Bearer $T'⟧
            ```
            """,
            finds: "L3"),
        RuleExample(
            """
            ⟦Search the web for it⟧.
            """,
            finds: "L2"),
        .nothing(
            """
            ## Install

            ```bash
            curl -O https://x.dev/tool.tar
            curl -O https://x.dev/tool.sig
            ```
            """),
        .nothing(
            """
            See [the site](https://example.org).
            """),
    ]
}

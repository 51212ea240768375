import Basics
import SkillModel

/// A browser is driven. Reading is L1, forms and clicks L2, logins and long flows L3.
enum BrowserRule: RequirementRule {
    static let id = "require.tool.browser.drive"
    static let message = "the agent drives a browser"
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
        // One instruction that says where and what is enough: "Open https://… in the browser, fill in the form".
        let told =
            acts.isEmpty
            ? []
            : facts.sentences(inBrowser, not: [.links, .background, .troubleshooting]).filter {
                opening.isIn(Array($0.words.prefix(3)))
            }
        if !told.isEmpty, !drives, commands.isEmpty {
            let isForm = told.contains { forms.isIn($0.words) }
            return [RequirementFinding(isForm ? .l2 : .l1, facts.evidence(told))]
        }
        guard (drives && acts.count + commands.count >= 2) || commands.count >= 3 else { return [] }
        let login = facts.sentences(
            PhraseTable(["log in", "login", "sign in", "session", "cookies", "authenticat*"]), not: [.links])
        let evidence = facts.evidence(commands) + facts.evidence(acts)
        // A browser tool's reference names its commands for sessions; a flow through a login is another thing.
        let isLong = facts.archetype != .toolReference
        return [
            RequirementFinding(
                isLong && login.count >= 2 ? .l3 : .l2, evidence.isEmpty ? facts.descriptionEvidence : evidence)
        ]
    }

    private static let inBrowser = PhraseTable([
        "in the browser", "in a browser", "in your browser", "with the browser",
    ])
    private static let opening = PhraseTable(["open", "visit", "load", "navigate"])
    private static let forms = PhraseTable(["fill", "click", "submit", "type"])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            description: Browser automation.
            ---
            ⟦Click the button⟧.

            ⟦Fill the form⟧.
            """,
            finds: "L2"),
        RuleExample(
            """
            ⟦Open https://example.com/login in the browser, fill in the form and click Submit⟧.
            """,
            finds: "L2"),
        .nothing(
            """
            Click the button.

            Fill the form.
            """),
        .nothing(
            """
            ---
            name: sample
            description: Browser automation.
            ---
            Text.
            """),
    ]
}

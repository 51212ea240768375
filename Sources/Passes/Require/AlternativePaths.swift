import Basics
import SkillModel

/// Other ways to the same goal, when the skill's own material or the task allows them.
///
/// The classes of equal ways: a program the skill brings ↔ code the model writes; Python ↔ shell ↔ JavaScript for
/// scripts over the standard library; a browser ↔ plain requests for static pages; and
/// those that a sentence takes (`OtherWay`).
enum AlternativePaths {
    static func of(_ requirement: Requirement, _ facts: SkillFacts) -> [Requirement.Alternative] {
        let primitive = requirement.primitive
        let said = OtherWay.all.filter { way in
            way.primitives.contains(primitive) && way.from.contains(requirement.level)
                && requirement.level > way.leaves ?? .l0 && isOpen(way, primitive, facts)
        }.map { Requirement.Alternative(path: $0.path, demands: $0.demands(of: primitive)) }
        return said + rewritten(requirement, facts)
    }

    /// Ways that would take another text, not a sentence more.
    private static func rewritten(_ requirement: Requirement, _ facts: SkillFacts) -> [Requirement.Alternative] {
        let primitive = requirement.primitive
        switch primitive {
        case .genCodePython, .genCodeJavaScript:
            var ways: [Requirement.Alternative] = []
            if !facts.scripts.isEmpty { ways.append(.init(path: "bundled program", demands: [Demand(.toolExec, .l2)])) }
            if primitive == .genCodePython, facts.codeFragments.contains(where: { $0.language == "python" }) {
                ways.append(.init(path: "outlined script", demands: [Demand(.toolExec, .l2)]))
            }
            if requirement.level < .l3 {
                ways.append(.init(path: "shell", demands: [Demand(.genCodeShell, .l2), Demand(.toolExec, .l1)]))
                let other: Primitive = requirement.primitive == .genCodePython ? .genCodeJavaScript : .genCodePython
                ways.append(
                    .init(
                        path: other == .genCodePython ? "python" : "javascript",
                        demands: [Demand(other, requirement.level)]))
            }
            return ways
        case .genCodeShell:
            // Fragments that are shown whole can be kept in a script: then it is only run.
            var ways: [Requirement.Alternative] = []
            if facts.commands.contains(where: { !$0.isInline }) {
                ways.append(.init(path: "outlined script", demands: [Demand(.toolExec, .l2)]))
            }
            if requirement.level >= .l2 {
                ways.append(.init(path: "python", demands: [Demand(.genCodePython, .l2), Demand(.toolExec, .l2)]))
            }
            return ways
        case .toolBrowser where requirement.level == .l1:
            return [.init(path: "request", demands: [Demand(.toolWeb, .l1)])]
        default: return []
        }
    }

    /// Whether the skill has what a way takes for given.
    private static func isOpen(_ way: OtherWay, _ primitive: Primitive, _ facts: SkillFacts) -> Bool {
        switch way.path {
        case OtherWay.copiedCommands.path:
            return facts.document.fragments.contains { !$0.commands.isEmpty } && !Shown.commandsAreFixed(facts)
        case OtherWay.copiedCode.path: return isShown(primitive, facts)
        case OtherWay.fixedCommands.path: return Shown.commandsAreFixed(facts)
        case OtherWay.copiedPatterns.path: return Shown.patternsAreGiven(facts)
        case OtherWay.copiedCalls.path: return Shown.callsHaveArguments(facts)
        case OtherWay.placedByProgram.path: return Shown.hasFormula(facts)
        case OtherWay.madeByProgram.path:
            return !facts.reading.fragments(in: ["json", "jsonc"]).isEmpty
                && facts.reading.fragments(in: ["yaml", "toml"]).isEmpty
        case OtherWay.printedFiles.path:
            // In a tool's reference it is the tool that reads files, but for the skill's own.
            return (facts.archetype != .toolReference || !facts.documents.isEmpty) && Shown.filesAreText(facts)
        case OtherWay.shownRequests.path:
            // Requests are what the commands are for, and what is searched for is at no address that they could name.
            // And where there is code, a program of the user's is to make them.
            let shown = facts.commands.filter { !$0.isInline }
            let requests = shown.count { requesters.contains($0.program) }
            return requests >= 2 && requests * 2 >= shown.count && facts.sentences(searches).isEmpty
                && facts.codeFragments.isEmpty
        case OtherWay.shownBrowser.path:
            return facts.commands.count { browsers.contains($0.program) } >= 3
        case OtherWay.shownScripts.path:
            return Set(facts.scripts.map(\.path)).allSatisfy { path in
                facts.commands.contains { command in command.words.contains { $0.hasSuffix(path) } }
            }
        default: return true
        }
    }

    /// The skill shows code to choose from, whole: it is no lesson in writing such code, and leaves no part to the reader.
    private static func isShown(_ primitive: Primitive, _ facts: SkillFacts) -> Bool {
        guard facts.archetype == .toolReference, let languages = languages[primitive] else { return false }
        let fragments = facts.document.fragments.filter { languages.contains($0.language) }
        return !fragments.isEmpty && !fragments.contains { leavesOut($0.text) }
    }

    /// A line that is an ellipsis, bare or in a comment.
    private static func leavesOut(_ code: String) -> Bool {
        code.splitLines().contains { line in
            let text = String(line.trimmingBlanks().drop { ["#", "/", "-", "*", " "].contains($0) })
            return text.hasPrefix("...") || text.hasPrefix("…") || text == "..."
        }
    }

    private static let languages: [Primitive: Set<String>] = [
        .genCodePython: ["python"],
        .genCodeJavaScript: ["javascript", "typescript", "jsx", "tsx", "vue", "svelte"],
    ]
    private static let requesters: Set<String> = ["curl", "wget", "http", "xh"]
    private static let browsers: Set<String> = ["agent-browser", "playwright", "browser-use", "playwright-cli"]
    private static let searches = PhraseTable([
        "search the web", "search web", "web search", "websearch", "webfetch", "web_search", "web_fetch", "google for",
    ])
}

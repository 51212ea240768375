import Basics
import SkillModel

/// What kind of skill it is, by the weight of what it shows.
///
/// - tool reference: commands, endpoints or an API's calls to choose from, little order;
/// - procedural: an order of steps is the skill;
/// - generative: the agent makes text, code or a design after patterns and rules.
enum ArchetypeRule {
    /// `isAnnounced`: the steps stand under a title that names a procedure.
    static func decide(
        reading: SkillReading, steps: [StepRegion], isAnnounced: Bool, commands: [Invocation], code: [Fragment]
    ) -> Archetype {
        let description = reading.description
        let share = StepRegion.share(of: steps, in: reading)
        let shown = commands.filter { !$0.isInline }
        let inline = commands.count - shown.count
        var tool = 0.2
        tool += min(Double(shown.count) * 0.35 + Double(inline) * 0.15, 3)
        let isGenerator =
            makes(reading) && code.count > reading.document.fragments.count { InvocationReader.isShell($0) }
        if !code.isEmpty, !isGenerator, CodeTemplates.found(in: reading).count >= 3 { tool += 1.6 }
        if RequestTemplates.found(in: reading).count >= 3 { tool += 1.6 }
        tool += min(Double(reading.roles.count { $0 == .reference }) * 0.6, 1.8)
        if interfaces.isIn(description) { tool += 1 }
        if lookup.isIn(Array(WordScanner.words(reading.document.frontMatter.description ?? "").prefix(3))) {
            tool += 1.5
        }
        tool += min(Double(listed(reading)) * 0.1, 1.2) + min(Double(endpoints(reading)) * 0.3, 1.5)
        // A short list of first steps leaves a reference one; steps that are most of the text don't.
        if !FrontMatterRequiresRule.found(in: reading).filter({ $0.kind == .binary }).isEmpty { tool += 0.8 }
        let documents = Set(reading.document.references.map(\.path)).count
        if steps.isEmpty, shown.isEmpty, documents >= 4 { tool += 0.6 }
        if steps.count >= 4 { tool -= 0.6 + share * 1.8 } else if steps.count >= 2 { tool -= share * 1.2 }
        if reading.roles.contains(.example) { tool += 0.3 }
        tool += min(Double(code.count) * 0.15, 0.9)

        var procedure = 0.0
        if steps.count >= 2 { procedure = 1.2 + min(Double(steps.count), 10) * 0.2 + share * 1.6 }
        if isAnnounced, steps.count >= 3 { procedure += 0.8 }
        if steps.contains(where: { $0.commandCount > 0 }) { procedure += 0.5 }
        if processes.isIn(description) { procedure += 0.8 }

        let codeSteps = steps.count { step in code.contains { step.span.contains($0.span.start) } }
        // Steps that are short beside what the skill shows elsewhere are a detail of it.
        if !steps.isEmpty, share < 0.2, shown.count >= 2, steps.allSatisfy({ $0.commandCount == 0 }) {
            procedure -= 0.6
        }
        // Sections that each show code are patterns to write by, numbered or not.
        let arePatterns = shown.isEmpty && steps.count >= 2 && codeSteps * 2 >= steps.count && !labelled(reading)
        if arePatterns { procedure -= 1 }

        let isMaking =
            making.isIn(description) || guidance.isIn(description) || guidance.isIn(WordScanner.words(reading.title))
        var generation = 0.4
        if arePatterns { generation += 0.8 }
        if isGenerator { generation += 1.8 }
        generation += min(Double(making.matches(in: description).count) * 0.7, 1.8)
        if guidance.isIn(description) || guidance.isIn(WordScanner.words(reading.title)) { generation += 1.2 }
        // Without commands it is text that the agent makes, if it makes anything: what only tells of a subject is looked up.
        if shown.isEmpty, inline < 3 { generation += isMaking || !code.isEmpty ? 1.6 : 0.4 }
        if !code.isEmpty, shown.isEmpty { generation += 0.6 }
        generation += min(Double(reading.roles.count { $0 == .rules || $0 == .outputs || $0 == .advice }) * 0.15, 0.6)
        if steps.count >= 3, labelled(reading) { generation -= 1 }

        if tool >= procedure, tool >= generation { return .toolReference }
        return procedure >= generation ? .procedural : .generative
    }

    /// The description begins with a verb of making.
    private static func makes(_ reading: SkillReading) -> Bool {
        let lead = WordScanner.words(reading.document.frontMatter.description ?? "").prefix(1)
        return making.isIn(Array(lead))
    }

    /// Table rows and headings that begin with code: what there is to choose from. A heading weighs as four rows.
    private static func listed(_ reading: SkillReading) -> Int {
        let blocks = reading.document.blocks
        var rows: Set<Int> = []
        for code in reading.document.codeSpans where blocks.indices.contains(code.block) {
            let block = blocks[code.block]
            if code.span.start - block.span.start < 6, block.kind == .tableRow || block.kind == .heading {
                rows.insert(code.block)
            }
        }
        return rows.reduce(0) { $0 + (blocks[$1].kind == .heading ? 4 : 1) }
    }

    /// Requests written as such, in blocks or in running text.
    private static func endpoints(_ reading: SkillReading) -> Int {
        let document = reading.document
        return document.fragments.count { isRequest($0.text) } + document.codeSpans.count { isRequest($0.text) }
    }

    private static func isRequest(_ text: String) -> Bool {
        let words = text.prefix(200).split(maxSplits: 2, whereSeparator: \.isWhitespace)
        guard words.count >= 2 else { return false }
        return ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(words[0]) && words[1].contains("/")
    }

    /// The text itself counts its steps: "Step 1", "Phase 2".
    private static func labelled(_ reading: SkillReading) -> Bool {
        reading.document.blocks.count { block in
            (block.kind == .paragraph || block.kind == .heading) && StepLabel.number(of: block.text)?.labelled == true
        } >= 3
    }

    private static let interfaces = PhraseTable([
        "cli", "api", "command-line", "command", "control", "integration", "manage", "query", "search",
        "lookup", "toolkit", "reference",
    ])
    /// How the description of what is looked up begins.
    private static let lookup = PhraseTable([
        "reference", "documentation", "cheat sheet", "cheatsheet", "lookup", "docs", "catalog", "knowledge base",
    ])
    private static let processes = PhraseTable([
        "migrat*", "workflow*", "investigat*", "deploy*", "runs", "run", "step-by-step", "process", "pipeline",
        "procedure", "fix", "triage*",
        "plan", "planning", "plans", "conduct*", "debug*", "audit*", "review*", "set up", "install", "onboard*",
    ])
    private static let making = PhraseTable([
        "write", "writing", "create*", "creating", "generate*", "design*", "draft*", "compose*", "build*", "implement*",
        "author*",
        "produce*", "develop*", "craft*", "refactor*", "component*", "content", "track*", "log", "logs", "logging",
    ])
    private static let guidance = PhraseTable([
        "patterns", "best practices", "guidelines", "guide", "style", "principles", "conventions", "rules", "strategy",
        "framework*", "template*",
    ])
}

import SkillModel

/// What kind of skill it is, by the weight of what it shows.
///
/// - tool reference: commands, endpoints or an API's calls to choose from, little order;
/// - procedural: an order of steps is the skill;
/// - generative: the agent makes text, code or a design after patterns and rules.
enum ArchetypeRule {
    static func decide(reading: SkillReading, steps: [StepRegion], commands: [Invocation], code: [Fragment])
        -> Archetype
    {
        let description = reading.description
        let shown = commands.filter { !$0.isInline }
        let inline = commands.count - shown.count
        var tool = 0.0
        tool += min(Double(shown.count) * 0.35 + Double(inline) * 0.15, 3)
        if !code.isEmpty, CodeTemplates.find(reading).count >= 3 { tool += 1.6 }
        tool += min(Double(reading.roles.count { $0 == .reference }) * 0.6, 1.8)
        if interfaces.isIn(description) { tool += 1 }
        if steps.count >= 4 { tool -= 2 } else if steps.count == 3 { tool -= 0.5 }
        if reading.roles.contains(.example) { tool += 0.3 }
        tool += min(Double(code.count) * 0.15, 0.9)

        var procedure = 0.0
        if steps.count >= 2 { procedure = 1.8 + min(Double(steps.count), 10) * 0.25 }
        if steps.contains(where: { $0.commandCount > 0 }) { procedure += 0.5 }
        if processes.isIn(description) { procedure += 0.8 }

        var generation = 0.4
        generation += min(Double(making.matches(in: description).count) * 0.7, 1.8)
        if guidance.isIn(description) || guidance.isIn(WordScanner.words(reading.title)) { generation += 1.2 }
        if shown.isEmpty, inline < 3 { generation += 1.6 }
        if !code.isEmpty, shown.isEmpty { generation += 0.6 }
        if steps.count >= 3, reading.document.sections.isEmpty == false, labelled(reading) { generation -= 1 }

        if tool >= procedure, tool >= generation { return .toolReference }
        return procedure >= generation ? .procedural : .generative
    }

    /// The text itself counts its steps: "Step 1", "Phase 2".
    private static func labelled(_ reading: SkillReading) -> Bool {
        reading.document.blocks.count { block in
            (block.kind == .paragraph || block.kind == .heading) && StepLabel.number(of: block.text)?.labelled == true
        } >= 3
    }

    private static let interfaces = PhraseTable([
        "cli", "api", "command-line", "command", "control", "integration", "scanner", "manage", "query", "search",
        "lookup", "toolkit", "reference",
    ])
    private static let processes = PhraseTable([
        "migrat*", "workflow*", "investigat*", "deploy*", "runs", "run", "step-by-step", "process", "pipeline",
        "procedure", "fix", "triage*",
        "plan", "planning", "plans", "conduct*", "debug*", "audit*", "review*", "set up", "install", "onboard*",
    ])
    private static let making = PhraseTable([
        "write", "writing", "create*", "creating", "generate*", "design*", "draft*", "compose*", "build*", "implement*",
        "author*",
        "produce*", "develop*", "craft*", "refactor*", "components", "content", "copy",
    ])
    private static let guidance = PhraseTable([
        "patterns", "best practices", "guidelines", "guide", "style", "brand", "theme*", "principles", "voice",
        "conventions", "rules", "tracking",
        "communications", "copywriting", "strategy", "framework*", "journey",
    ])
}

package import SkillModel

/// What a section is for, read from its title: a numbered list under "Tips" is advice, under "Workflow" it is a
/// procedure. A section whose own title says nothing takes its parent's role.
package enum SectionRole: String, Sendable, Hashable, CaseIterable {
    case procedure, setup, requirements, reference, example, advice, rules, troubleshooting
    case inputs, outputs, background, links, other

    /// Titles' words by role, most telling first: the first role with a match decides.
    private static let table: [(role: SectionRole, phrases: PhraseTable)] = [
        (
            .troubleshooting,
            PhraseTable([
                "troubleshoot*", "error*", "common issues", "issues", "faq", "pitfall*", "gotcha*", "common mistakes",
                "debugging", "known issues", "limitations", "common problems", "failure*", "fallback*", "edge cases",
            ])
        ),
        (
            .links,
            PhraseTable([
                "links", "license", "credits", "author*", "changelog", "changes", "resources", "see also", "references",
                "related", "about", "support", "further reading", "keywords", "documentation", "learn more", "version",
                "pricing", "roadmap", "contributing",
            ])
        ),
        (
            .advice,
            PhraseTable([
                "tip", "tips", "best practice*", "advice", "recommendations", "performance", "optimization",
                "guidelines",
                "notes", "note", "dos", "anti-pattern*", "remember", "considerations", "hints",
                "philosophy",
            ])
        ),
        (
            .background,
            PhraseTable([
                "when to use", "when to apply", "when not to use", "overview", "introduction", "purpose", "features",
                "what it does", "what this does", "what you get", "why*", "how it works", "background", "use cases",
                "use when", "trigger*", "capabilities", "what is", "concepts", "concept", "when this", "vision",
                "about this", "key features", "architecture", "glossary", "objective*", "goal", "goals",
            ])
        ),
        (
            .requirements,
            PhraseTable([
                "prerequisite*", "requirement*", "dependencies", "dependency", "requires", "before you begin",
                "before you start", "you need", "needed",
            ])
        ),
        (
            .setup,
            PhraseTable([
                "setup", "set up", "install*", "configur*", "authenticat*", "credentials", "environment",
                "environment variables", "getting started", "onboarding", "api key*", "auth", "token",
            ])
        ),
        (.example, PhraseTable(["example*", "sample*", "demo", "scenarios", "use case", "patterns"])),
        (
            .procedure,
            PhraseTable([
                "workflow*", "procedure*", "instruction*", "step*", "process", "phase*", "method", "methodology",
                "execution", "execution order", "how to", "pipeline", "task*", "protocol", "runbook", "playbook",
                "approach", "flow", "order of operations", "sequence", "loop", "your job",
                "what to do", "plan",
                "actions", "creating", "building", "running", "routine", "checklist",
            ])
        ),
        (
            .rules,
            PhraseTable([
                "rule", "rules", "constraint*", "safety", "security", "must*", "do not", "don't", "principles",
                "guardrails",
                "policy", "policies", "hard rules", "critical", "important", "requirements", "restrictions", "never",
                "always", "standards", "conventions", "boundaries", "privacy", "directive*",
            ])
        ),
        (.inputs, PhraseTable(["input*", "parameters", "arguments", "options", "flags", "fields", "variables"])),
        (
            .outputs,
            PhraseTable([
                "output*", "deliverable*", "report*", "format*", "returns", "response*", "template*", "result*",
                "summary",
            ])
        ),
        (
            .reference,
            PhraseTable([
                "command*", "usage", "api", "endpoint*", "reference", "quick reference", "operations", "quick start",
                "quickstart", "cheat*", "cli", "methods", "tools", "scripts", "base url", "functions", "available*",
                "syntax", "catalog", "table", "supported", "files", "file structure", "structure",
            ])
        ),
    ]

    /// The role that a title names; nil when it names none. O(words × phrases).
    package static func named(by title: String) -> SectionRole? {
        if let role = ChineseTitles.role(of: title) { return role }
        let words = WordScanner.words(title)
        // "Links", "About this skill"; but "Querying about a repository" is no list of links.
        return table.first { $0.phrases.isIn(words) && ($0.role != .links || words.count <= 3) }?.role
    }

    /// One role for each of `sections`, in their order. A parent comes before its children.
    package static func roles(of sections: [Section]) -> [SectionRole] {
        var roles: [SectionRole] = []
        for (index, section) in sections.enumerated() {
            if index == 0, section.level == 1 {
                // The document's title is its subject: "Fix Sentry Issues" holds no list of known issues.
                let own = named(by: section.title)
                roles.append([.procedure, .setup, .reference, .rules].contains(own) ? own ?? .other : .other)
            } else if let own = named(by: section.title) {
                roles.append(own)
            } else if let parent = section.parent, roles.indices.contains(parent), sections[parent].level > 1 {
                roles.append(roles[parent])
            } else {
                roles.append(.other)
            }
        }
        return roles
    }
}

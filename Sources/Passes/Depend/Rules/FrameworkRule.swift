import SkillModel

/// A skill about writing code for a framework needs that framework: its title or description names it ("React
/// Composition Patterns" → npm react), and the skill neither installs nor runs anything else of that name.
enum FrameworkRule: DependencyRule {
    static let id = "depend.package.framework"
    static let message = "the skill is about code for this framework"

    static func find(_ reading: SkillReading) -> [Dependency] {
        guard writesCode(reading) else { return [] }
        var found: [Dependency] = []
        let heading = reading.document.sections.first
        let evidence = heading.map { reading.document.evidence($0.heading) } ?? Evidence(line: 1)
        let words =
            WordScanner.words(reading.title).map(\.lower)
            + WordScanner.words(reading.document.frontMatter.name ?? "").flatMap {
                $0.lower.split(separator: "-").map(String.init)
            }
        found += stack(reading)
        let shown = Set(reading.document.fragments.map(\.language))
        for word in reading.description.map(\.lower) {
            guard let package = Products.frameworks[word] else { continue }
            let languages: Set<String> =
                package.kind == .pip ? ["python"] : ["javascript", "typescript", "jsx", "tsx", "vue"]
            if !languages.isDisjoint(with: shown) {
                found.append(Dependency(package.kind, package.name, evidence: [evidence]))
            }
        }
        for code in reading.document.codeSpans {
            guard code.text.hasPrefix("@"), code.text.contains("/"),
                let name = NodePackages.thirdParty(module: code.text),
                name.dropFirst().utf8.allSatisfy({ $0 != 0x40 }),
                ![.troubleshooting, .links].contains(reading.role(ofBlock: code.block))
            else { continue }
            found.append(Dependency(.npm, name, required: false, evidence: [reading.document.evidence(code.span)]))
        }
        for word in words {
            let name = String(word.reversed().drop { $0.isNumber }.reversed())
            guard let package = Products.frameworks[name] ?? Products.frameworks[word] else { continue }
            found.append(Dependency(package.kind, package.name, evidence: [evidence]))
        }
        return found
    }

    /// The skill shows code or is about some.
    static func writesCode(_ reading: SkillReading) -> Bool {
        !reading.fragments(in: ["javascript", "typescript", "jsx", "tsx", "python", "css", "vue"]).isEmpty
            || codeWords.isIn(reading.description)
    }

    /// "**Stack**: React 18 + TypeScript + Vite": what the code is written for, said as a list.
    private static func stack(_ reading: SkillReading) -> [Dependency] {
        reading.sentences.filter { label.isIn(Array($0.words.prefix(2))) }.flatMap { sentence in
            sentence.words.compactMap { word in
                (Products.frameworks[word.lower] ?? Products.buildTools[word.lower]).map {
                    Dependency($0.kind, $0.name, evidence: [reading.document.evidence(word.span)])
                }
            }
        }
    }

    private static let label = PhraseTable(["stack", "tech stack", "technologies", "built with", "frameworks"])

    private static let codeWords = PhraseTable([
        "code", "component*", "refactor*", "implement*", "app", "apps", "application*", "api*", "backend*", "frontend",
        "migrat*", "framework", "librar*", "interface*", "ui",
    ])

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: patterns
            description: React component patterns for code.
            ---
            ⟦# React Patterns⟧

            Refactor components.
            """,
            finds: "npm react"),
        .nothing(
            """
            ---
            name: patterns
            description: How people react.
            ---
            # Patterns of talk

            Listen.
            """),
    ]
}

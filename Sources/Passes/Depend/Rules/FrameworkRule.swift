import SkillModel

/// A skill about writing code for a framework needs that framework: its title or description names it ("React
/// Composition Patterns" → npm react), and the skill neither installs nor runs anything else of that name.
enum FrameworkRule: DependencyRule {
    static let id = "depend.package.framework"
    static let message = "the skill is about code for this framework"

    static func find(_ reading: SkillReading) -> [Dependency] {
        guard writesCode(reading) else { return [] }
        let heading = reading.document.sections.first
        let evidence = heading.map { reading.document.evidence($0.heading) } ?? Evidence(line: 1)
        let name = WordScanner.words(
            (reading.document.frontMatter.name ?? "").split(separator: "-").joined(separator: " "))
        var found = stack(reading)
        let shown = Set(reading.document.fragments.map(\.language))
        for (package, isWord) in packages(in: reading.description, isText: true) {
            let languages: Set<String> =
                package.kind == .pip ? ["python"] : ["javascript", "typescript", "jsx", "tsx", "vue"]
            if !isWord || !languages.isDisjoint(with: shown) {
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
        for (package, _) in packages(in: WordScanner.words(reading.title), isText: false)
            + packages(in: name, isText: false)
        {
            found.append(Dependency(package.kind, package.name, evidence: [evidence]))
        }
        return found
    }

    /// The libraries that words name, the longest names first, and whether the name is a word of English. What a
    /// sentence compares or refuses is none of them.
    private static func packages(in words: [Word], isText: Bool) -> [(package: Products.Needed, isWord: Bool)] {
        var found: [(package: Products.Needed, isWord: Bool)] = []
        var next = 0
        for index in words.indices where index >= next {
            guard let (length, package) = Products.framework(words, at: index) else { continue }
            next = index + length
            let before = index > 0 ? words[index - 1].lower : ""
            if isText, comparing.contains(before) || isExample(words, index, next) { continue }
            found.append((package, length == 1 && KnownPackages.words.contains(words[index].lower)))
        }
        return found
    }

    /// "any library (React, Next.js, etc.)": one of a list that could be longer.
    private static func isExample(_ words: [Word], _ start: Int, _ end: Int) -> Bool {
        words[max(0, start - 6)..<start].contains { $0.lower == "any" || $0.lower == "like" }
            || words[min(end, words.count)..<min(end + 6, words.count)].contains {
                $0.lower == "etc" || $0.lower == "etc."
            }
    }

    private static let comparing: Set<String> = ["like", "unlike", "than", "not", "no", "or", "e.g", "from", "without"]

    /// The skill shows code or is about some.
    static func writesCode(_ reading: SkillReading) -> Bool {
        !reading.fragments(in: ["javascript", "typescript", "jsx", "tsx", "python", "css", "vue"]).isEmpty
            || codeWords.isIn(reading.description)
    }

    /// "**Stack**: React 18 + TypeScript + Vite": what the code is written for, said as a list.
    private static func stack(_ reading: SkillReading) -> [Dependency] {
        reading.sentences.filter { label.isIn(Array($0.words.prefix(2))) }.flatMap { sentence in
            sentence.words.indices.compactMap { index in
                let word = sentence.words[index]
                return (Products.framework(sentence.words, at: index)?.package ?? Products.buildTools[word.lower]).map {
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
        RuleExample(
            """
            ---
            name: single-cell
            description: Code for cells with scanpy.
            ---
            ⟦# Cells⟧

            Cluster them.
            """,
            finds: "pip scanpy"),
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

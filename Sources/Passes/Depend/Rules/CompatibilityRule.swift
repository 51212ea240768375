import SkillModel

/// Programs and packages that the front matter's `compatibility` names: "Requires docker and jq" → binary docker, jq.
enum CompatibilityRule: DependencyRule {
    static let id = "depend.front-matter.compatibility"
    static let message = "the front matter's `compatibility` names it"

    static func find(_ reading: SkillReading) -> [Dependency] {
        guard let entry = reading.document.frontMatter.entries.first(where: { $0.key == "compatibility" }) else {
            return []
        }
        let evidence = reading.document.evidence(entry.span)
        let words = WordScanner.words(entry.value)
        return words.enumerated().compactMap { index, word in
            if let product = Products.needed(words, at: index) {
                return Dependency(product.kind, product.name, evidence: [evidence])
            }
            guard Programs.known.contains(word.lower), !Products.commonWords.contains(word.lower) else { return nil }
            return Dependency(.binary, word.lower, evidence: [evidence])
        }
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            description: Runs it.
            ⟦compatibility: Requires docker and nvidia-container-toolkit⟧
            ---
            Text.
            """,
            finds: "binary docker",
            "apt nvidia-container-toolkit"),
        .nothing(
            """
            ---
            name: sample
            description: Runs it.
            compatibility: Made for agents with a network
            ---
            Text.
            """),
    ]
}

import Basics
package import SkillModel

/// Fragments whose structure stays fixed from call to call while their inputs vary.
package enum Solidify {
    /// Pure; at most `limit` candidates, the most useful ones, in the order of the text. O(size of the document).
    package static func run(_ document: SkillDocument) -> PassResult<SolidificationSet> { run(SkillReading(document)) }

    package static func run(_ reading: SkillReading) -> PassResult<SolidificationSet> {
        let found = rules.flatMap { $0.found(in: reading) }.map(checked)
        return PassResult(
            SolidificationSet(select(found.filter { $0.refusal == nil }, reading)),
            diagnostics: refusals(found, reading.document))
    }

    /// The candidate, refused where its template can't run by itself.
    private static func checked(_ found: Found) -> Found {
        guard found.refusal == nil, found.candidate.kind == .python,
            let why = WholeCode.objection(found.candidate.template)
        else { return found }
        return Found(refused: found.candidate, why: why)
    }

    /// Why fragments that vary from call to call are no candidates, the first ones of the text.
    private static func refusals(_ found: [Found], _ document: SkillDocument) -> [Diagnostic] {
        let refused = found.filter { $0.refusal != nil }.sorted { $0.candidate.span < $1.candidate.span }
        return refused.prefix(limit).map { one in
            Diagnostic(
                "solidify.refused", .note, "no template is made of this: \(one.refusal ?? "")",
                at: SourceLocation(file: "SKILL.md", line: one.candidate.line))
        }
    }

    package static let limit = 8
    /// Bytes of the longest command and the longest block that are templates, and how many values one takes: nobody gives more, and
    /// what is worked out for each value over the whole text stays small.
    static let longest = 8000
    static let parameterLimit = 40

    static let rules: [any TemplateRule.Type] = [
        ShellTemplates.self, CodeTemplates.self, DefinitionTemplates.self, ValueTemplates.self, RequestTemplates.self,
    ]

    /// A candidate, and how much of a template it is.
    struct Found: Sendable {
        var candidate: SolidificationCandidate
        /// Higher is better: parameters, and a place in the main text.
        var weight: Int
        /// What two fragments of one template have in common.
        var identity: String
        /// Why it is no candidate, though its values vary: as a template it would put them into code.
        var refusal: String?

        init(candidate: SolidificationCandidate, weight: Int, identity: String) {
            (self.candidate, self.weight, self.identity) = (candidate, weight, identity)
        }

        init(refused candidate: SolidificationCandidate, why: String) {
            self.init(candidate: candidate, weight: 0, identity: "")
            refusal = why
        }
    }

    /// The weightiest of each identity, the first of equals; of these the weightiest.
    private static func select(_ found: [Found], _ reading: SkillReading) -> [SolidificationCandidate] {
        var best: [String: Int] = [:]
        let ordered = found.sorted { $0.candidate.span < $1.candidate.span }
        for (index, one) in ordered.enumerated() {
            if let other = best[one.identity], ordered[other].weight >= one.weight { continue }
            best[one.identity] = index
        }
        let first = best.values.sorted().map { ordered[$0] }
        let chosen = first.enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
            .prefix(limit)
        return chosen.sorted { $0.offset < $1.offset }.map { finished($0.element.candidate, reading) }
    }

    /// What only the chosen ones need: keywords, the guard of a shell's template, and what runs it.
    private static func finished(_ candidate: SolidificationCandidate, _ reading: SkillReading)
        -> SolidificationCandidate
    {
        var copy = candidate
        copy.keywords = Keywords.around(candidate.span, reading)
        switch candidate.kind {
        case .shell:
            copy.template = OptionGuard.guarded(candidate.template, candidate.parameters)
            copy.runner = ShellDialect.runner(copy.template)
        case .python: copy.runner = TemplateRunner(program: "python3", ending: "py")
        // Of JavaScript the rule says it: only it knows the fence's language.
        case .javascript, .sql, .http: break
        }
        return copy
    }
}

/// One form in which skills show what they run again and again.
protocol TemplateRule: DescribedRule {
    /// Every candidate of this form, worth keeping or not, in the order of the text.
    static func find(_ reading: SkillReading) -> [Solidify.Found]
}

extension TemplateRule {
    /// What `find` finds, looked for once a document: other rules ask as well.
    static func found(in reading: SkillReading) -> [Solidify.Found] { reading.once(id) { find(reading) } }
}

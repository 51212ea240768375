import Basics
package import SkillModel

/// A rule of a pass, as tests and documentation see it.
package struct CataloguedRule: Sendable {
    /// The folder of `Sources/Passes`.
    package var pass: String
    /// The type's name, and its file's in the pass's folder `Rules`.
    package var name: String
    package var id: String
    package var message: String
    package var examples: [RuleExample]
    /// The primitive or the kind that it is about; empty when it is about any.
    package var subject: String
    private let look: @Sendable (SkillDocument, [Primitive: Level]) -> [RuleFinding]

    /// What the rule by itself finds in a skill. `target` is what `RuleExample.target` is.
    package func find(in document: SkillDocument, target: [Primitive: Level] = [:]) -> [RuleFinding] {
        look(document, target)
    }

    init(
        _ pass: String, _ rule: any DescribedRule.Type, subject: String = "",
        look: @escaping @Sendable (SkillDocument, [Primitive: Level]) -> [RuleFinding]
    ) {
        self.pass = pass
        name = "\(rule)"
        id = rule.id
        message = rule.message
        examples = rule.examples
        self.subject = subject
        self.look = look
    }
}

/// Every rule of every pass, in the order in which the passes use them.
package enum RuleCatalogue {
    package static var all: [CataloguedRule] { require + depend + flow + solidify + hazards + lower }

    private static var require: [CataloguedRule] {
        Require.rules.map { rule in
            CataloguedRule("Require", rule, subject: rule.primitive.rawValue) { document, _ in
                let found = rule.find(SkillFacts(document))
                guard let level = found.map(\.level).max() else { return [] }
                return [RuleFinding(what: level.text, found.flatMap(\.evidence))]
            }
        }
    }

    private static var depend: [CataloguedRule] {
        Depend.rules.map { rule in
            CataloguedRule("Depend", rule) { document, _ in
                rule.find(SkillReading(document)).map { dependency in
                    let version = dependency.version.map { " " + $0 } ?? ""
                    return RuleFinding(
                        what: "\(dependency.kind.rawValue) \(dependency.name)\(version)"
                            + (dependency.port.map { " on port \($0)" } ?? "")
                            + (dependency.required ? "" : ", optional"), dependency.evidence)
                }
            }
        }
    }

    private static var flow: [CataloguedRule] {
        ProcedureFinder.rules.map { rule in
            CataloguedRule("Flow", rule) { document, _ in
                rule.find(SkillReading(document)).map { procedure in
                    RuleFinding(
                        what: procedure.steps.map(\.title).joined(separator: " → "),
                        spans: procedure.steps.map { SourceSpan($0.start, $0.end) })
                }
            }
        }
    }

    private static var solidify: [CataloguedRule] {
        Solidify.rules.map { rule in
            CataloguedRule("Solidify", rule) { document, _ in
                rule.find(SkillReading(document)).map {
                    RuleFinding(what: $0.candidate.signature, spans: [$0.candidate.span])
                }
            }
        }
    }

    private static var hazards: [CataloguedRule] {
        Hazards.rules.map { rule in
            CataloguedRule("Hazards", rule) { document, _ in
                rule.find(SkillReading(document)).map { RuleFinding(what: $0.message, spans: [$0.span]) }
            }
        }
    }

    private static var lower: [CataloguedRule] {
        Lower.rules.map { rule in
            let subject = rule.primitives.map(\.rawValue).joined(separator: ", ")
            return CataloguedRule("Lower", type(of: rule), subject: subject) { document, target in
                guard let requirements = Require.run(document).value else { return [] }
                let levels = Primitive.allCases.map { ($0, target[$0] ?? .l3) }
                let gaps = GapPass.run(requirements, levels: Dictionary(uniqueKeysWithValues: levels))
                let context = LoweringContext(
                    LazyReading(document), requirements: requirements, gaps: gaps.gaps, ways: gaps.ways,
                    support: HarnessDescription.Support())
                return rule.apply(in: context).proposals.map { proposal in
                    let file = proposal.file.map { "\n\($0.path.text):\n\($0.text)" } ?? ""
                    let text = proposal.edit.replacement + file
                    return RuleFinding(what: text.trimmingLineEnds(), spans: [proposal.edit.span])
                }
            }
        }
    }
}

extension String {
    fileprivate func trimmingLineEnds() -> String {
        var rest = self[...]
        while rest.last?.isNewline == true { rest.removeLast() }
        return String(rest.drop(while: \.isNewline))
    }
}

extension RuleFinding {
    fileprivate init(what: String, _ evidence: [Evidence]) {
        let elsewhere = evidence.filter { $0.file != "SKILL.md" }.map { " (\($0.file):\($0.line))" }
        self.init(what: what + elsewhere.joined(), spans: evidence.compactMap(\.span))
    }
}

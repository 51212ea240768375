import Basics
package import SkillModel

/// What following a skill demands of a model and its harness.
package enum Require {
    /// Pure. Every rule says at which level it demands its primitive and where it saw that; a requirement is at the
    /// highest of these levels, because each is the lowest that suffices for its own evidence. O(document × rules).
    package static func run(_ document: SkillDocument) -> PassResult<RequirementSet> { run(SkillReading(document)) }

    package static func run(_ reading: SkillReading) -> PassResult<RequirementSet> {
        let facts = SkillFacts(reading)
        var byPrimitive = table(facts, of: Set(Primitive.allCases))
        for (primitive, requirement) in byPrimitive {
            byPrimitive[primitive]?.alternatives = AlternativePaths.of(requirement, facts)
        }
        let requirements = byPrimitive.values.sorted { $0.primitive < $1.primitive }
        return PassResult(RequirementSet(archetype: facts.archetype, requirements: requirements))
    }

    /// What `run` finds of `primitives`, without alternatives, for who asks of a text again and again what a few edits left:
    /// the rules of other primitives are not asked. Sorted. O(document × rules of the primitives).
    static func requirements(of primitives: Set<Primitive>, in text: SkillReading) -> [Requirement] {
        table(SkillFacts(text), of: primitives).values.filter { primitives.contains($0.primitive) }
            .sorted { $0.primitive < $1.primitive }
    }

    private static func table(_ facts: SkillFacts, of asked: Set<Primitive>) -> [Primitive: Requirement] {
        let ways = facts.reading.ways
        // A way moves a demand from one primitive to others.
        let primitives = asked.union(ways.flatMap(\.primitives))
        var byPrimitive: [Primitive: Requirement] = [:]
        for rule in rules where primitives.contains(rule.primitive) {
            for finding in rule.find(facts) { add(finding, of: rule, to: &byPrimitive) }
        }
        for way in ways { take(way, &byPrimitive) }
        for measure in facts.reading.measures { relieve(measure, &byPrimitive) }
        for (primitive, requirement) in byPrimitive {
            byPrimitive[primitive]?.evidence = Array(Set(requirement.evidence).sorted().prefix(evidenceLimit))
        }
        return byPrimitive
    }

    /// Places kept as evidence of one requirement, the first of the text.
    static let evidenceLimit = 24

    /// By primitive, in the catalogue's order.
    static let rules: [any RequirementRule.Type] = [
        PythonCodeRule.self, JavaScriptCodeRule.self, ShellFragmentRule.self, SQLCodeRule.self, HTMLCodeRule.self,
        StructuredTextRule.self, LongTextRule.self, ProseRule.self, RegexRule.self, ArithmeticRule.self, LogicRule.self,
        SpatialRule.self, PlanningRule.self, AnalysisRule.self, FileReadRule.self, FileWriteRule.self, ExecRule.self,
        CallFormatRule.self, CallBatchRule.self, WebRule.self, BrowserRule.self, FormatRule.self, ConstraintRule.self,
        ProcedureRule.self, DelegationRule.self, StyleRule.self,
    ]

    /// What a way stands in for is demanded no more, and what it takes is, with the same evidence.
    private static func take(_ way: OtherWay, _ table: inout [Primitive: Requirement]) {
        for primitive in way.primitives {
            guard let requirement = table[primitive], way.from.contains(requirement.level),
                requirement.level > way.leaves ?? .l0
            else { continue }
            table[primitive] = nil
            for demand in way.demands(of: primitive) {
                var known =
                    table[demand.primitive]
                    ?? Requirement(demand.primitive, demand.level, evidence: requirement.evidence)
                known.level = max(known.level, demand.level)
                if !known.rules.contains(OtherWay.id) { known.rules.append(OtherWay.id) }
                table[demand.primitive] = known
            }
        }
    }

    /// One level less for what the skill has the agent take one at a time, once for each measure however often it says so.
    private static func relieve(_ measure: OneAtATime.Measure, _ table: inout [Primitive: Requirement]) {
        for primitive in measure.primitives {
            guard let requirement = table[primitive], measure.from.contains(requirement.level),
                !requirement.rules.contains(measure.id)
            else { continue }
            table[primitive]?.rules.append(measure.id)
            guard let level = OneAtATime.level(below: requirement.level) else {
                table[primitive] = nil
                continue
            }
            table[primitive]?.level = level
        }
    }

    private static func add(
        _ finding: RequirementFinding, of rule: any RequirementRule.Type, to table: inout [Primitive: Requirement]
    ) {
        guard var known = table[rule.primitive] else {
            table[rule.primitive] = Requirement(
                rule.primitive, finding.level, rules: [rule.id] + [finding.taken].compactMap { $0 },
                evidence: finding.evidence)
            return
        }
        known.level = max(known.level, finding.level)
        known.evidence += finding.evidence
        if !known.rules.contains(rule.id) { known.rules.append(rule.id) }
        table[rule.primitive] = known
    }
}

/// A level with the places that demand it.
struct RequirementFinding: Sendable {
    var level: Level
    /// Never empty.
    var evidence: [Evidence]
    /// The measure whose step down the finding has taken already: a list to tick is what its sentence says.
    var taken: String?

    init(_ level: Level, _ evidence: [Evidence], taken: String? = nil) {
        self.level = level
        self.taken = taken
        self.evidence = evidence.isEmpty ? [Evidence(line: 1)] : evidence
    }
}

/// One reason why a skill demands a primitive.
protocol RequirementRule: DescribedRule {
    static var primitive: Primitive { get }
    /// What it finds; empty when the skill gives no such reason.
    static func find(_ facts: SkillFacts) -> [RequirementFinding]
}

import Basics
import Formats
package import SkillModel

/// PASS-1: document × gaps × harness → edits.
package enum Lower {
    /// In the order of priority: where two rules want the same text, the first has it. Relocation is the last, because
    /// the others relocate what they rewrite.
    package static let rules: [any LoweringRule] =
        [
            OutlinePython(), OutlineShell(), CopyPage(), OneCommandAStep(), NumberedSteps(), DecisionList(),
            FilledTemplate(), OrderOfWork(), FillPoints(), PointByPoint(), TickRules(), TickFiles(), TakeOneAtATime(),
        ] + substitutions + [RelocateReferences()]

    /// Compensation keeps more of the skill's intent: they come after it.
    package static let substitutions: [any SubstitutionRule] = [
        CopyCommands(), RunFixedCommands(), CopyCode(), CopyPatterns(), CopyCalls(), MakeByProgram(),
        AppendParts(), ComputeByProgram(), PlaceByProgram(), PrintFiles(),
        WriteFilesByShell(), CallAfterCall(), RunShownRequests(), DriveShownBrowser(),
        RunShownScripts(),
    ]

    /// The level to which work that is taken one thing at a time brings a demand; nil when it does not help.
    package static func levelOneAtATime(_ primitive: Primitive, _ level: Level) -> Level? {
        let isHelped = OneAtATime.measures.contains { $0.primitives.contains(primitive) && $0.from.contains(level) }
        return isHelped ? OneAtATime.level(below: level) : nil
    }

    /// Whether some rule rewrites text that demands the primitive, beside those that only say how the work is done.
    package static func rewrites(_ primitive: Primitive) -> Bool {
        rules.contains { $0.primitives.contains(primitive) && !($0 is any SpokenRule) }
    }

    package static func run(
        _ document: SkillDocument, requirements: RequirementSet, gaps: GapAnalysis,
        support: HarnessDescription.Support
    ) -> PassResult<EditSet> {
        run(LazyReading(document), requirements: requirements, gaps: gaps, support: support)
    }

    package static func run(
        _ source: LazyReading, requirements: RequirementSet, gaps: GapAnalysis,
        support: HarnessDescription.Support
    ) -> PassResult<EditSet> {
        run(source, requirements: requirements, gaps: gaps, support: support, rules: rules)
    }

    /// No edit stays that closes nothing: where the lowered text, read again, still demands more than the target has of all that an
    /// edit is for, the edit is a loss without a gain. It is left out, and what was in its way has its turn.
    static func run(
        _ source: LazyReading, requirements: RequirementSet, gaps: GapAnalysis,
        support: HarnessDescription.Support, rules: [any LoweringRule]
    ) -> PassResult<EditSet> {
        let context = LoweringContext(
            source, requirements: requirements, gaps: gaps.gaps, ways: gaps.ways, support: support)
        var idle = IdleEdits()
        for _ in 0..<IdleEdits.attempts {
            let result = attempt(in: context, gaps, rules, without: idle)
            guard let set = result.value, idle.learn(from: set, in: source.document) else { return result }
        }
        idle.holdsAll = true
        return attempt(in: context, gaps, rules, without: idle)
    }

    /// What the rules make of the text, but for edits that are known to be idle.
    static func attempt(
        in context: LoweringContext, _ gaps: GapAnalysis, _ rules: [any LoweringRule],
        without idle: IdleEdits = IdleEdits()
    ) -> PassResult<EditSet> {
        let source = context.source
        let document = source.document
        var selection = Selection(room: room(in: context))
        // What substitutions see, and sentences.
        var rest = context
        var diagnostics: [Diagnostic] = []
        var left: [(rule: any LoweringRule, places: [LoweringOutcome.LeftAlone])] = []
        var closing: [String: Set<Primitive>] = [:]
        for rule in rules where rule.primitives.isEmpty || context.gap(among: rule.primitives) != nil {
            let outcome: LoweringOutcome
            if let spoken = rule as? any SubstitutionRule {
                if type(of: spoken).isMoot(in: context, after: selection.edits) { continue }
                if left.last.map({ !($0.rule is any SubstitutionRule) }) ?? true {
                    rest = after(selection.edits, selection.files, context)
                }
                outcome = spoken.apply(in: rest)
            } else if rule is TakeOneAtATime || rule is PointByPoint {
                outcome = rule.apply(in: withoutTicked(selection.edits, context))
            } else {
                outcome = rule.apply(in: context)
            }
            var places = outcome.left
            for var proposal in outcome.proposals {
                let others = outcome.closed.filter { $0 != proposal.edit.gap }
                if proposal.edit.gap != nil, !others.isEmpty { proposal.edit.others = others }
                if let place = idle.place(of: proposal.edit) {
                    places.append(place)
                    continue
                }
                switch selection.take(proposal, isNeeded: rule.primitives.isEmpty) {
                case .taken: closing[rule.id, default: []].formUnion(outcome.closed.map(\.primitive))
                case .noRoom:
                    let line = document.line(at: proposal.edit.span.start)
                    places.append(.init(line: line, why: "the variant would be longer than its budget allows"))
                case .inTheWay(let other):
                    // What a wider edit holds was relocated by it.
                    if other.span.contains(proposal.edit.span) && rule.primitives.isEmpty { continue }
                    diagnostics.append(skipped(proposal.edit, for: other, in: document))
                }
            }
            left.append((rule, places))
        }
        let proof = selection.edits.contains { $0.gap != nil } ? Proof(source) : nil
        let verdict = proof?.verdict(on: selection.edits, selection.files)
        let unproven = verdict?.missing ?? []
        selection.drop(unproven)
        // What a dropped edit held was relocated by it.
        for rule in rules where rule.primitives.isEmpty && !unproven.isEmpty {
            for proposal in rule.apply(in: context).proposals { _ = selection.take(proposal, isNeeded: true) }
        }
        for edit in unproven {
            let place = LoweringOutcome.LeftAlone(
                line: document.line(at: edit.span.start), why: "what is there would not be kept as it is")
            if let index = left.firstIndex(where: { $0.rule.id == edit.rule }) { left[index].places.append(place) }
        }
        let closed = closed(closing, selection.edits)
        let variant = verdict?.whole ?? proof?.variant(selection.edits, selection.files)
        let demanded =
            variant.map { Require.requirements(of: Set(gaps.gaps.map(\.primitive)), in: $0.reading) }
            ?? context.requirements.requirements
        // No rule is believed about itself: what the lowered text still demands is open.
        let open = gaps.gaps.compactMap { gap -> EditSet.OpenGap? in
            let left =
                closed.contains(gap.primitive)
                ? nil
                : openGap(
                    gap, ways: gaps.ways[gap.primitive] ?? [], rules: rules, left: left, taken: selection.edits,
                    in: document)
            return left ?? stillOpen(gap, demanded, variant?.document ?? document)
        }
        return PassResult(
            EditSet(edits: selection.edits, files: selection.files, open: open), diagnostics: diagnostics)
    }

    /// The context with the gaps and ways that are left once `edits` are made: a sentence that speaks of what the text shows
    /// has to be true of the text that it stands in. O(document) where an edit rewrites something.
    private static func after(
        _ edits: [Edit], _ files: [EditSet.AddedFile], _ context: LoweringContext
    ) -> LoweringContext {
        guard edits.contains(where: { $0.gap != nil && ($0.span.count > 0 || ticking.contains($0.rule)) }),
            let variant = Proof(context.source)?.variant(edits, files),
            let left = Require.run(variant.reading).value?.requirements
        else { return context }
        var ways: [Primitive: [GapAnalysis.Way]] = [:]
        let gaps = context.gaps.filter { gap in
            guard let requirement = left.first(where: { $0.primitive == gap.primitive }),
                requirement.level > gap.supplied ?? .l0
            else { return false }
            let paths = Set(requirement.alternatives.map(\.path))
            ways[gap.primitive] = context.ways[gap.primitive]?.filter { paths.contains($0.path) }
            return true
        }
        return context.with(gaps: gaps, ways: ways)
    }

    /// The context without the gaps that a list to tick or a form to fill in has closed: no sentence need say it again.
    private static func withoutTicked(_ edits: [Edit], _ context: LoweringContext) -> LoweringContext {
        let ticked = Set(edits.filter { ticking.contains($0.rule) }.compactMap { $0.gap?.primitive })
        guard !ticked.isEmpty, let variant = Proof(context.source)?.variant(edits, []) else { return context }
        let left = Require.requirements(of: ticked, in: variant.reading)
        return context.with(
            gaps: context.gaps.filter { gap in
                !ticked.contains(gap.primitive)
                    || left.contains { $0.primitive == gap.primitive && $0.level > gap.supplied ?? .l0 }
            }, ways: context.ways)
    }

    private static let ticking: Set<String> = [FillPoints.id, TickRules.id, TickFiles.id]

    /// What the text after the edits has of a gap; nil when it demands no more than the target supplies.
    private static func stillOpen(
        _ gap: Gap, _ demanded: [Requirement], _ variant: SkillDocument
    ) -> EditSet.OpenGap? {
        let supplied = gap.supplied ?? .l0
        guard let rest = demanded.first(where: { $0.primitive == gap.primitive && $0.level > supplied }) else {
            return nil
        }
        let places = rest.evidence.prefix(3).map { evidence in
            evidence.span.map { "“\(oneLine(variant.text($0)))”" } ?? "line \(evidence.line) of the variant"
        }
        return EditSet.OpenGap(
            gap: gap, why: "the lowered text still demands \(rest.level): \(places.joined(separator: ", "))")
    }

    private static func oneLine(_ text: String) -> String {
        text.utf8.split(maxSplits: 40) { $0 <= 0x20 }.prefix(40).map { String(decoding: $0, as: UTF8.self) }
            .joined(separator: " ").shortened
    }

    /// What the rules whose edits are given close whole.
    private static func closed(_ closing: [String: Set<Primitive>], _ edits: [Edit]) -> Set<Primitive> {
        let given = Set(edits.map(\.rule))
        return closing.filter { given.contains($0.key) }.values.reduce(into: Set()) { $0.formUnion($1) }
    }

    /// Bytes by which the text may grow, less what relocation needs and a share for the passes that come after.
    private static func room(in context: LoweringContext) -> Int {
        let size = context.document.bytes.count
        let most = TokenBudget.tokens(forSource: TokenEstimate.of(bytes: size)) * 4
        let relocation = context.relocations.sites.reduce(0) { $0 + $1.replacement.utf8.count - $1.span.count }
        return (most - size) / 4 * 3 - relocation
    }

    /// What is said of a gap after all rules: nil when every place that a rule looked at was closed.
    private static func openGap(
        _ gap: Gap, ways: [GapAnalysis.Way], rules: [any LoweringRule],
        left: [(rule: any LoweringRule, places: [LoweringOutcome.LeftAlone])], taken: [Edit], in document: SkillDocument
    ) -> EditSet.OpenGap? {
        let candidates = rules.filter { $0.primitives.contains(gap.primitive) && !($0 is any SpokenRule) }
        let elsewhere = ways.map { other($0, rules: rules) }
        func open(_ here: [String]) -> EditSet.OpenGap {
            EditSet.OpenGap(gap: gap, why: (here + elsewhere).joined(separator: "; "))
        }
        guard !candidates.isEmpty else { return open([NotCloseable.reason(for: gap)]) }
        // A place that one rule left alone may be another's that closed it.
        let done = taken.filter { $0.gap?.primitive == gap.primitive }.map { edit in
            document.line(at: edit.span.start)...document.line(at: edit.span.end)
        }
        let places = left.filter { $0.rule.primitives.contains(gap.primitive) }.flatMap(\.places)
            .filter { place in !done.contains { $0.contains(place.line) } }
            .sorted { $0.line < $1.line }
        let isTouched = taken.contains { edit in candidates.contains { $0.id == edit.rule } }
        if isTouched && places.isEmpty { return nil }
        guard !places.isEmpty else { return open([NotCloseable.reason(for: gap)]) }
        let shown = places.prefix(5).map { "line \($0.line): \($0.why)" }
        return open(shown + (places.count > 5 ? ["and \(places.count - 5) more places"] : []))
    }

    /// Why another way was not taken.
    private static func other(_ way: GapAnalysis.Way, rules: [any LoweringRule]) -> String {
        if let lacks = way.lacks {
            let supplied = lacks.supplied.map { "has \($0)" } ?? "was not measured in it"
            return
                "another way (\(way.path)) takes \(lacks.primitive.rawValue) \(lacks.required), the target \(supplied)"
        }
        let isSaid = rules.contains { ($0 as? any SubstitutionRule).map { type(of: $0).way.path == way.path } ?? false }
        return "another way (\(way.path)) "
            + (isSaid ? "does not reach the target's level" : "would take another text")
    }

    private static func skipped(_ edit: Edit, for other: Edit, in document: SkillDocument) -> Diagnostic {
        Diagnostic(
            "lower.skipped", .note,
            "\(edit.rule) was not used here: \(other.rule) rewrites the same text",
            at: SourceLocation(file: "SKILL.md", line: document.line(at: edit.span.start)))
    }
}

/// The edits taken so far, sorted by span, none overlapping another.
private struct Selection {
    enum Answer {
        case taken, noRoom
        case inTheWay(Edit)
    }

    /// Bytes by which the text may still grow.
    var room: Int
    private(set) var edits: [Edit] = []
    private(set) var files: [EditSet.AddedFile] = []

    /// Takes edits out again, with the files that only they name.
    mutating func drop(_ unproven: [Edit]) {
        guard !unproven.isEmpty else { return }
        let gone = Set(unproven)
        edits.removeAll { gone.contains($0) }
        files.removeAll { file in !edits.contains { $0.replacement.contains(file.path.text) } }
    }

    /// Takes a proposal, unless another edit has its text or it would take more than there is room; what every target
    /// needs has its room already. O(log edits) to look up, O(edits) to insert.
    mutating func take(_ proposal: LoweringProposal, isNeeded: Bool) -> Answer {
        var low = 0
        var high = edits.count
        while low < high {
            let middle = (low + high) / 2
            if edits[middle].span <= proposal.edit.span { low = middle + 1 } else { high = middle }
        }
        // Sorted and disjoint: only the neighbours can overlap. An insertion may share its place with another.
        for neighbour in [low - 1, low] where edits.indices.contains(neighbour) {
            let other = edits[neighbour]
            if other.span.overlaps(proposal.edit.span) || (other.span == proposal.edit.span && other.span.count > 0) {
                return .inTheWay(other)
            }
        }
        let growth = proposal.edit.replacement.utf8.count - proposal.edit.span.count
        if !isNeeded {
            guard growth <= room else { return .noRoom }
            room -= growth
        }
        if let file = proposal.file {
            files.append(file)
            files.sort { $0.path < $1.path }
        }
        edits.insert(proposal.edit, at: low)
        return .taken
    }
}

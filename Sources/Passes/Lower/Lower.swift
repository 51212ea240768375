import Basics
package import SkillModel

/// PASS-1: document × gaps × harness → edits.
package enum Lower {
    /// In the order of priority: where two rules want the same text, the first has it. Relocation is the last, because
    /// the others relocate what they rewrite.
    package static let rules: [any LoweringRule] = [
        OutlinePython(), OutlineShell(), OneCommandAStep(), NumberedSteps(), FilledTemplate(), TakeOneAtATime(),
        RelocateReferences(),
    ]

    package static func run(
        _ document: SkillDocument, requirements: RequirementSet, gaps: [Gap], support: HarnessDescription.Support
    ) -> PassResult<EditSet> {
        run(document, requirements: requirements, gaps: gaps, support: support, rules: rules)
    }

    static func run(
        _ document: SkillDocument, requirements: RequirementSet, gaps: [Gap], support: HarnessDescription.Support,
        rules: [any LoweringRule]
    ) -> PassResult<EditSet> {
        let context = LoweringContext(document: document, requirements: requirements, gaps: gaps, support: support)
        var selection = Selection(room: room(in: context))
        var diagnostics: [Diagnostic] = []
        var left: [(rule: any LoweringRule, places: [LoweringOutcome.LeftAlone])] = []
        var closed: Set<Primitive> = []
        for rule in rules where rule.primitives.isEmpty || context.gap(among: rule.primitives) != nil {
            let outcome = rule.apply(in: context)
            var places = outcome.left
            for proposal in outcome.proposals {
                switch selection.take(proposal, isNeeded: rule.primitives.isEmpty) {
                case .taken: closed.formUnion(outcome.closed.map(\.primitive))
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
        let open = gaps.filter { !closed.contains($0.primitive) }.compactMap { gap in
            openGap(gap, rules: rules, left: left, taken: selection.edits)
        }
        return PassResult(
            EditSet(edits: selection.edits, files: selection.files, open: open), diagnostics: diagnostics)
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
        _ gap: Gap, rules: [any LoweringRule],
        left: [(rule: any LoweringRule, places: [LoweringOutcome.LeftAlone])], taken: [Edit]
    ) -> EditSet.OpenGap? {
        // What it can close, it has closed.
        let candidates = rules.filter { $0.primitives.contains(gap.primitive) && !($0 is TakeOneAtATime) }
        guard !candidates.isEmpty else {
            return EditSet.OpenGap(gap: gap, why: "no rewriting of the text lowers \(gap.primitive.rawValue)")
        }
        let places = left.filter { $0.rule.primitives.contains(gap.primitive) }.flatMap(\.places)
            .sorted { $0.line < $1.line }
        let isTouched = taken.contains { edit in candidates.contains { $0.id == edit.rule } }
        if isTouched && places.isEmpty { return nil }
        guard !places.isEmpty else {
            return EditSet.OpenGap(gap: gap, why: "nothing in the text that a rule could make simpler")
        }
        let shown = places.prefix(5).map { "line \($0.line): \($0.why)" }
        let more = places.count > 5 ? ["and \(places.count - 5) more places"] : []
        return EditSet.OpenGap(gap: gap, why: (shown + more).joined(separator: "; "))
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

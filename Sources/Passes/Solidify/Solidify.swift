import Basics
package import SkillModel

/// Fragments whose structure stays fixed from call to call while their inputs vary.
package enum Solidify {
    /// Pure; at most `limit` candidates, the most useful ones, in the order of the text. O(size of the document).
    package static func run(_ document: SkillDocument) -> PassResult<SolidificationSet> {
        let reading = SkillReading(document)
        let found = ShellTemplates.find(reading) + CodeTemplates.find(reading) + RequestTemplates.find(reading)
        return PassResult(SolidificationSet(select(found)))
    }

    package static let limit = 8

    /// A candidate, and how much of a template it is.
    struct Found {
        var candidate: SolidificationCandidate
        /// Higher is better: parameters, and a place in the main text.
        var weight: Int
        /// What two fragments of one template have in common.
        var identity: String
    }

    /// The first of each identity, then the weightiest.
    private static func select(_ found: [Found]) -> [SolidificationCandidate] {
        var seen: Set<String> = []
        let first = found.sorted { $0.candidate.span < $1.candidate.span }.filter { seen.insert($0.identity).inserted }
        let best = first.enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }.prefix(
            limit)
        return best.sorted { $0.offset < $1.offset }.map(\.element.candidate)
    }
}

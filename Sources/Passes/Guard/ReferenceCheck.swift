import Basics
import SkillModel

/// Links lead where they led, and every path that the variant relocates is in it.
enum ReferenceCheck {
    struct Result {
        var violations: [Diagnostic] = []
        var count = 0
    }

    static func run(_ comparison: GuardComparison) -> Result {
        var result = Result()
        var destinations: [String: Int] = [:]
        for link in comparison.variant.links {
            destinations[comparison.canonical.of(link.destination), default: 0] += 1
        }
        for link in comparison.source.links where !comparison.moves.contains(link.span) {
            let destination = comparison.canonical.of(link.destination)
            if let count = destinations[destination], count > 0 {
                destinations[destination] = count - 1
                result.count += 1
            } else {
                result.violations.append(
                    .guarded(
                        "reference", "a link is not kept: \(destination.prefix(120))", line: comparison.line(link.span))
                )
            }
        }
        let known = FolderAnchors(comparison.source, comparison.files.map(\.path))
        result.violations += added(comparison, known)
        result.violations += bare(comparison)
        let rests = rests(of: comparison.source)
        for (name, text) in [("SKILL.md", comparison.variant.source)]
            + comparison.files.map({ ($0.path.text, $0.text) })
        {
            let bytes = Array(text.utf8)
            for offset in Relocation.offsets(in: bytes) {
                result.count += 1
                let end = offset + Relocation.token.utf8.count
                if !known.resolves(bytes, after: end), !rests.contains(FolderAnchors.rest(after: end, in: bytes)) {
                    result.violations.append(
                        .guarded("reference", "\(name) refers to a bundled file that the variant does not have"))
                }
                if result.violations.count >= 20 { return result }
            }
        }
        return result
    }

    /// What the source has behind a variable that a harness defines: there the folder itself is meant. O(n).
    private static func rests(of source: SkillDocument) -> Set<String> {
        Set(
            source.body.range.lazy.compactMap { at in
                FolderVariable(at: at, in: source.bytes).flatMap {
                    $0.isDefined ? FolderAnchors.rest(after: $0.span.end, in: source.bytes) : nil
                }
            })
    }

    /// A path that had the folder before it and has none: it would be looked for in the user's project.
    private static func bare(_ comparison: GuardComparison) -> [Diagnostic] {
        func count(_ document: SkillDocument, _ isCounted: (Reference) -> Bool) -> [String: Int] {
            document.references.filter(isCounted).reduce(into: [:]) { $0[$1.target, default: 0] += 1 }
        }
        func isAnchored(_ reference: Reference) -> Bool {
            reference.path.hasSuffix(reference.target) && FolderVariable(at: 0, in: Array(reference.path.utf8)) != nil
        }
        let anchored = Set(comparison.source.references.filter { $0.exists && isAnchored($0) }.map(\.target))
        guard !anchored.isEmpty else { return [] }
        let before = count(comparison.source) { !isAnchored($0) }
        let after = count(comparison.variant) { anchored.contains($0.target) && !isAnchored($0) }
        return after.filter { $0.value > before[$0.key] ?? 0 }.keys.sorted().prefix(20).map {
            .guarded("reference", "the skill's folder is gone before the path \($0.prefix(120))")
        }
    }

    /// Links of the variant that lead neither where one of the source leads nor to a file of the variant: its words may be
    /// the skill's own, where it leads is not.
    private static func added(_ comparison: GuardComparison, _ known: FolderAnchors) -> [Diagnostic] {
        let own = Set(comparison.source.links.map { comparison.canonical.of($0.destination) })
        let strange = comparison.variant.links.lazy.map { comparison.canonical.of($0.destination) }.filter {
            !own.contains($0) && !known.isTarget($0.prefix { $0 != "#" })
        }
        return strange.prefix(20).map {
            .guarded("addition", "the variant has a link that the skill does not have: \($0.prefix(120))")
        }
    }
}

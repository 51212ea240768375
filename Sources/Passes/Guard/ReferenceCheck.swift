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
        let known = Known(comparison)
        result.violations += added(comparison, known)
        for (name, text) in [("SKILL.md", comparison.variant.source)]
            + comparison.files.map({ ($0.path.text, $0.text) })
        {
            let bytes = Array(text.utf8)
            for offset in Relocation.offsets(in: bytes) {
                result.count += 1
                if !known.resolves(bytes, after: offset + Relocation.token.utf8.count) {
                    result.violations.append(
                        .guarded("reference", "\(name) refers to a bundled file that the variant does not have"))
                }
                if result.violations.count >= 20 { return result }
            }
        }
        return result
    }

    /// Links of the variant that lead neither where one of the source leads nor to a file of the variant: its words may be
    /// the skill's own, where it leads is not.
    private static func added(_ comparison: GuardComparison, _ known: Known) -> [Diagnostic] {
        let own = Set(comparison.source.links.map { comparison.canonical.of($0.destination) })
        let strange = comparison.variant.links.lazy.map { comparison.canonical.of($0.destination) }.filter {
            !own.contains($0) && !known.isPath($0.prefix { $0 != "#" })
        }
        return strange.prefix(20).map {
            .guarded("addition", "the variant has a link that the skill does not have: \($0.prefix(120))")
        }
    }

    /// The paths of a variant: files, and the folders around them.
    private struct Known {
        private var paths: Set<String> = []
        private var lengths: [Int] = []

        init(_ comparison: GuardComparison) {
            for path in comparison.source.files.map(\.path) + comparison.files.map(\.path) {
                var path: RelativePath? = path
                while let here = path, paths.insert(here.text).inserted { path = here.parent }
            }
            // As the text writes them (`my%20file.md`, `scripts/`): `parse` has seen that they exist.
            for reference in comparison.source.references where reference.exists {
                paths.insert(comparison.canonical.of(comparison.source.text(reference.span)))
            }
            lengths = Set(paths.lazy.map(\.utf8.count)).sorted(by: >)
        }

        func isPath(_ text: Substring) -> Bool { paths.contains(String(text)) }

        /// Whether a known path follows `/` at `offset`, and ends there as a word does. O(different lengths of paths).
        func resolves(_ bytes: [UInt8], after offset: Int) -> Bool {
            guard offset < bytes.count, bytes[offset] == 0x2F else { return false }
            let start = offset + 1
            return lengths.contains { length in
                var end = start + length
                guard length > 0, end <= bytes.count else { return false }
                // A folder may be written with its slash, and with no name after it.
                if end < bytes.count, bytes[end] == 0x2F { end += 1 }
                guard end == bytes.count || !(bytes[end].isIdentifier || bytes[end] == 0x2D || bytes[end] == 0x2F)
                else { return false }
                return paths.contains(String(decoding: bytes[start..<(start + length)], as: UTF8.self))
            }
        }
    }
}

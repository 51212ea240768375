import Basics
import SkillModel

/// Every fragment of the source is in the variant unchanged, or an edit replaced it and the proof is there: the same
/// commands one by one, or the same code in a file that the text names.
enum CodeCheck {
    struct Result {
        var violations: [Diagnostic] = []
        /// Fragments of the variant that none of the source accounts for.
        var added: [Int] = []
    }

    static func run(_ comparison: GuardComparison) -> Result {
        var result = Result()
        var isUsed = [Bool](repeating: false, count: comparison.variant.fragments.count)
        let places = places(comparison)
        var at = 0
        for fragment in comparison.source.fragments where !comparison.moves.contains(fragment.span) {
            let edit = edit(of: fragment, comparison)
            if edit == nil || edit?.edit.gap == nil,
                let found = next(of: places[key(fragment, comparison)] ?? [], from: at),
                // As it was, or in the form that runs several turns at a time, where that is safe.
                comparison.variant.fragments[found].text.firstRange(of: ParallelLoop.background) == nil
                    || fragment.text.contains(ParallelLoop.background)
                    || ParallelLoop(fragment, in: comparison.source) != nil
            {
                isUsed[found] = true
                at = found + 1
                continue
            }
            if let edit {
                let region = region(edit.result, from: at, comparison.variant.fragments)
                if isProven(fragment, by: region, of: edit.edit, comparison) {
                    for index in region { isUsed[index] = true }
                    at = max(at, (region.last ?? at - 1) + 1)
                    continue
                }
            }
            result.violations.append(
                .guarded(
                    "code", "code is not kept, and no proof says where it went",
                    line: comparison.line(fragment.span)))
            if result.violations.count >= 20 { break }
        }
        result.added = isUsed.indices.filter { !isUsed[$0] }
        return result
    }

    /// The first of `places`, which are sorted, that is `at` or later. O(log places).
    private static func next(of places: [Int], from at: Int) -> Int? {
        let index = SortedSearch.first(in: places.indices) { places[$0] >= at }
        return index < places.count ? places[index] : nil
    }

    /// The fragments, from `at` on, that begin in `span`. O(log fragments + found).
    private static func region(_ span: SourceSpan, from at: Int, _ fragments: [Fragment]) -> [Int] {
        let first = SortedSearch.first(in: fragments.indices) { fragments[$0].span.start >= span.start }
        return Array(fragments.indices.dropFirst(max(first, at)).prefix { span.contains(fragments[$0].span.start) })
    }

    private static func places(_ comparison: GuardComparison) -> [String: [Int]] {
        var places: [String: [Int]] = [:]
        for (index, fragment) in comparison.variant.fragments.enumerated() {
            places[key(fragment, comparison), default: []].append(index)
            guard let text = ParallelLoop.sequential(of: fragment.text) else { continue }
            var before = fragment
            before.text = text
            places[key(before, comparison), default: []].append(index)
        }
        return places
    }

    private static func key(_ fragment: Fragment, _ comparison: GuardComparison) -> String {
        fragment.info + "\n" + comparison.canonical.of(fragment.text)
    }

    /// The edit that replaces the whole fragment.
    private static func edit(
        of fragment: Fragment, _ comparison: GuardComparison
    ) -> (edit: Edit, result: SourceSpan)? {
        let placed = comparison.application.placed
        var low = 0
        var high = placed.count
        while low < high {
            let middle = (low + high) / 2
            if placed[middle].edit.span.end <= fragment.content.start { low = middle + 1 } else { high = middle }
        }
        guard low < placed.count, placed[low].edit.span.contains(fragment.content) else { return nil }
        return placed[low]
    }

    private static func isProven(
        _ fragment: Fragment, by region: [Int], of edit: Edit, _ comparison: GuardComparison
    ) -> Bool {
        let fragments = region.map { comparison.variant.fragments[$0] }
        let comments = fragment.language == "bash" ? ShellComments(fragment.text) : nil
        if isMoved(fragment, by: fragments, comparison) {
            return comments?.objectionToRunning == nil && isWhole(fragment, in: comparison.source)
        }
        // The condition of several commands would stand above the first alone.
        return comments?.objectionToCutting == nil
            && ShellComments.objectionToCutting(fragment, in: comparison.source) == nil
            && isCut(fragment, into: fragments, edit, comparison)
    }

    /// Whether a program that was moved has all that it needs where it is now, and nothing for one request alone.
    private static func isWhole(_ fragment: Fragment, in source: SkillDocument) -> Bool {
        switch fragment.language {
        case "bash": OutlineShell.objection(to: fragment, in: source) == nil
        case "python": OutlinePython.objection(to: fragment, in: source) == nil
        default: true
        }
    }

    /// One fragment of one command, which runs a file of the variant that holds the code.
    private static func isMoved(_ fragment: Fragment, by fragments: [Fragment], _ comparison: GuardComparison) -> Bool {
        guard fragments.count == 1, fragments[0].text.splitLines().count == 1, fragments[0].language == "bash" else {
            return false
        }
        let named = comparison.files.filter { fragments[0].text.contains(Relocation.relocated($0.path.text)) }
        guard named.count == 1, let original = OutlinedScript.originalCode(of: named[0].text) else { return false }
        let ended = fragment.text.hasSuffix("\n") ? fragment.text : fragment.text + "\n"
        return original == ended
    }

    /// The same words in the same order; between two parts a line end, a `;`, or an `&&` whose condition the words
    /// between the parts keep.
    private static func isCut(
        _ fragment: Fragment, into parts: [Fragment], _ edit: Edit, _ comparison: GuardComparison
    ) -> Bool {
        guard parts.count > 1, parts.allSatisfy({ $0.info == fragment.info }) else { return false }
        let words = comparison.canonical.words(spaced(fragment.text))
        var at = 0
        var conditions = 0
        for (index, part) in parts.enumerated() {
            let wanted = comparison.canonical.words(spaced(part.text))
            while index > 0, at < words.count, ["&&", ";", "\\"].contains(words[at]), words[at] != wanted.first {
                if words[at] == "&&" { conditions += 1 }
                at += 1
            }
            guard words[at...].starts(with: wanted) else { return false }
            at += wanted.count
        }
        let kept = edit.replacement.splitLines().count { $0.trimmingBlanks() == "If that succeeded:" }
        return at == words.count && kept == conditions
    }

    /// Shell code with blanks around each `&&` and `;` that joins commands, which may stand right behind a word.
    private static func spaced(_ code: String) -> String {
        var reader = ShellReader()
        var result: [UInt8] = []
        var previous: UInt8 = 0
        for byte in code.utf8 {
            // `\;` is a word like any other.
            let isEscaped = previous == 0x5C
            let joins = reader.step(byte) == .bare && !isEscaped
            if joins, byte == 0x3B {
                result += [0x20, byte, 0x20]
            } else if joins, byte == 0x26, previous == 0x26 {
                result.removeLast()
                result += [0x20, 0x26, 0x26, 0x20]
            } else {
                result.append(byte)
            }
            previous = joins || !isEscaped && byte == 0x5C ? byte : 0
        }
        return String(decoding: result, as: UTF8.self)
    }
}

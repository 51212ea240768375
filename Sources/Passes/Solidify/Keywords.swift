import Basics
import SkillModel

/// Words of a request that make a candidate likely: those of the headings above it.
enum Keywords {
    static func around(_ span: SourceSpan, _ reading: SkillReading) -> [String] {
        var words: [String] = []
        let sections = reading.document.sections
        // The last one that begins before the text is the innermost around it.
        let after = SortedSearch.first(in: sections.indices) { sections[$0].span.start > span.start }
        var index = after > 0 && sections[after - 1].span.contains(span.start) ? after - 1 : nil
        while let at = index {
            words += WordScanner.words(sections[at].title).map(\.lower)
            index = sections[at].parent.flatMap { $0 < at ? $0 : nil }
        }
        var seen: Set<String> = []
        return Array(words.filter { $0.count > 2 && !stop.contains($0) && seen.insert($0).inserted }.prefix(8))
    }

    private static let stop: Set<String> = [
        "the", "and", "for", "with", "from", "your", "how", "use", "using", "step", "example", "examples", "usage",
        "quick", "start",
        "commands", "overview", "into", "this", "that", "via",
    ]
}

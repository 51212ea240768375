import Basics
import SkillModel

/// Words of a request that make a candidate likely: those of the headings above it.
enum Keywords {
    static func around(_ span: SourceSpan, _ reading: SkillReading) -> [String] {
        var words: [String] = []
        let sections = reading.document.sections
        var index = sections.lastIndex { $0.span.contains(span.start) }
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

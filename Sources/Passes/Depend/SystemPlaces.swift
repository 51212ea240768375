import Basics
import SkillModel

/// Places of a text that are for one operating system, where it has another place for others: commands under a comment that
/// names one (`# macOS`, `# on Ubuntu`) to the next comment or empty line, sections of that title beside each other
/// ("### Linux (systemd)"), and what stands beside such a label ("**Windows:** …"). A text that has something for one
/// system alone says nothing of the others.
struct SystemPlaces: Sendable {
    /// Sorted by their start; one may hold another.
    private var places: [(span: SourceSpan, systems: Set<String>)]

    static func of(_ reading: SkillReading) -> SystemPlaces { reading.once("systems") { SystemPlaces(reading) } }

    /// O(size of the document).
    init(_ reading: SkillReading) {
        places = Alternatives.of(reading).ofSystems + Self.sections(reading.document.sections)
        for fragment in reading.document.fragments where InvocationReader.isShell(fragment) {
            places += Self.commented(fragment, reading.document)
        }
        places.sort { $0.span < $1.span }
    }

    /// With the systems that each is for, when all its places are for some. O(dependencies × places).
    func marked(_ dependencies: [Dependency]) -> [Dependency] {
        if places.isEmpty { return dependencies }
        return dependencies.map { dependency in
            var dependency = dependency
            var systems: Set<String> = []
            for evidence in dependency.evidence {
                guard evidence.file == "SKILL.md", let span = evidence.span, let found = named(at: span) else {
                    return dependency
                }
                systems.formUnion(found)
            }
            dependency.systems = systems.sorted()
            return dependency
        }
    }

    /// Of the innermost place that holds it.
    private func named(at span: SourceSpan) -> Set<String>? {
        let after = SortedSearch.first(in: places.indices) { places[$0].span.start > span.start }
        return places[max(0, after - Self.deepest)..<after].last { span.end <= $0.span.end }?.systems
    }

    private static let deepest = 16

    private static func sections(_ sections: [Section]) -> [(span: SourceSpan, systems: Set<String>)] {
        let titled = sections.compactMap { section -> (parent: Int, span: SourceSpan, systems: Set<String>)? in
            let words = WordScanner.words(String(section.title.prefix(80))).map(\.lower)
            return words.count > 6
                ? nil : Systems.named(words).map { (section.parent ?? -1, section.span, $0) }
        }
        let groups = Dictionary(grouping: titled, by: \.parent)
        return titled.filter { isChoice((groups[$0.parent] ?? []).map(\.systems)) }.map { ($0.span, $0.systems) }
    }

    /// Whether they are not all for the same.
    private static func isChoice(_ systems: [Set<String>]) -> Bool { Set(systems).count > 1 }

    /// O(length of the fragment).
    private static func commented(
        _ fragment: Fragment, _ document: SkillDocument
    ) -> [(span: SourceSpan, systems: Set<String>)] {
        var found: [(span: SourceSpan, systems: Set<String>)] = []
        var open: (start: Int, systems: Set<String>)?
        func close(_ end: Int) {
            if let open { found.append((SourceSpan(open.start, end), open.systems)) }
            open = nil
        }
        var offset = fragment.content.start
        let end = min(fragment.content.end, document.bytes.count)
        while offset < end {
            let line = document.lines.span(ofLine: document.line(at: offset))
            let span = SourceSpan(max(line.start, offset), min(line.end, end))
            let text = document.text(span).drop { $0 == " " || $0 == "\t" }
            if text.hasPrefix("#") {
                close(span.start)
                open = named(in: text.dropFirst()).map { (span.start, $0) }
            } else if text.allSatisfy(\.isWhitespace) {
                close(span.start)
            } else if let mark = text.range(of: " # "), let systems = named(in: text[mark.upperBound...]) {
                found.append((span, systems))
            }
            offset = max(line.end, offset + 1)
        }
        close(end)
        return isChoice(found.map(\.systems)) ? found : []
    }

    /// Of a comment of a few words; one that says what is not for a system says nothing here.
    private static func named(in comment: Substring) -> Set<String>? {
        let words = WordScanner.words(String(comment.prefix(80))).map(\.lower)
        guard words.count <= 8, !words.contains(where: { ["not", "except", "no", "without"].contains($0) }) else {
            return nil
        }
        let systems = Systems.mentioned(words)
        return systems.isEmpty ? nil : systems
    }
}

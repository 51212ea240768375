import Basics
import SkillModel

/// A list of boxes, or a form, says what the source says, word for word: it is made anew from the source, each line of it is
/// looked up there, and what the variant has ticked is all that it should be.
enum CopyCheck {
    private static let lists = [TickRules.list, TickFiles.list]

    /// O(edits); reads the source when one of them is such a list.
    static func run(_ comparison: GuardComparison) -> [Diagnostic] {
        let edits = comparison.application.placed.map(\.edit)
        return forms(edits.filter { $0.rule == FillPoints.id }, comparison)
            + lists.flatMap { list in
                edits.filter { $0.rule == list.id }.compactMap { edit in
                    fault(of: edit, list, comparison).map { .guarded("copy", $0, line: comparison.line(edit.span)) }
                }
            }
    }

    /// Each form stands behind its list, and has a line for each entry, which the entry begins with.
    private static func forms(_ edits: [Edit], _ comparison: GuardComparison) -> [Diagnostic] {
        guard !edits.isEmpty else { return [] }
        let source = comparison.source
        let points = PointForms.points(comparison.read.reading)
        let children = Children(source.blocks)
        return edits.compactMap { edit in
            let lineEnd = edit.replacement.contains("\r\n") ? "\r\n" : "\n"
            let isOurs = points.contains { one in
                let texts = children.of(one.list).compactMap { children.of($0).first }.map { source.blocks[$0].text }
                return edit.span == FillPoints.place(of: one, in: source)
                    && edit.replacement == FillPoints.form(of: one, lineEnd: lineEnd)
                    && texts.count == one.names.count
                    && zip(texts, one.names).allSatisfy { $0.trimmingBlanks().hasPrefix($1) }
            }
            return isOurs
                ? nil
                : .guarded(
                    "copy", "a form to fill in is not that of the list before it", line: comparison.line(edit.span))
        }
    }

    private static func fault(of edit: Edit, _ list: TickedList, _ comparison: GuardComparison) -> String? {
        let source = comparison.source
        guard edit.span == SourceSpan(TickedList.end(of: source), TickedList.end(of: source)) else {
            return "a list to tick stands where the text goes on"
        }
        let lineEnd = edit.replacement.contains("\r\n") ? "\r\n" : "\n"
        guard
            case .success(edit.replacement)? = list.text(
                in: comparison.read, ReferenceRelocations(source), lineEnd: lineEnd)
        else { return "a list to tick is not that of the text's own sentences" }
        if let strange = firstStrange(in: edit.replacement, list, comparison) {
            return "a line to tick is no text of the skill: “\(strange.prefix(80))”"
        }
        let boxes = comparison.result.reading.checklists
        guard list.sentences(SkillFacts(comparison.read.reading)).allSatisfy(boxes.hold) else {
            return "a list to tick leaves one out"
        }
        return nil
    }

    /// The first line of the fence that is, mark for mark but for those of bold type, in no paragraph and no title.
    private static func firstStrange(
        in text: String, _ list: TickedList, _ comparison: GuardComparison
    ) -> Substring? {
        let texts = WordRuns(
            comparison.source.blocks.filter { [.paragraph, .heading, .tableRow].contains($0.kind) }
                .map { words(comparison.source.text($0.span), comparison) })
        return text.splitLines().drop { $0 != "```text" }.dropFirst().dropLast().map { line in
            let line = line.trimmingBlanks()
            return line.hasPrefix("[ ] ") ? line.dropFirst(4) : line[...]
        }.first { line in
            // A label may be several titles.
            !line.split(separator: " — ").allSatisfy { texts.hold(words(String($0), comparison)) }
        }
    }

    private static func words(_ text: String, _ comparison: GuardComparison) -> [String] {
        // Asterisks, number signs, and the brackets around a relocated destination.
        let plain = text.utf8.filter { ![0x2A, 0x23, 0x3C, 0x3E].contains($0) }
        return comparison.canonical.words(String(decoding: plain, as: UTF8.self))
    }
}

/// Texts as words, to look up whether one of them has some words in a row.
private struct WordRuns {
    private let texts: [[String]]
    /// Where each word stands.
    private var places: [String: [(text: Int, word: Int)]] = [:]

    /// O(words).
    init(_ texts: [[String]]) {
        self.texts = texts
        for (text, words) in texts.enumerated() {
            for (index, word) in words.enumerated() { places[word, default: []].append((text, index)) }
        }
    }

    /// O(places of the first word · length of the run).
    func hold(_ run: [String]) -> Bool {
        guard let first = run.first else { return false }
        return places[first, default: []].contains { texts[$0.text][$0.word...].starts(with: run) }
    }
}

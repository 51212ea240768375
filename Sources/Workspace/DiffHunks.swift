import Basics
import SkillModel

/// Edits as whole lines, old and new: what `skvm diff` prints.
enum DiffHunks {
    /// One hunk for each run of lines that edits touch, in the order of the text. O(edits · log edits + bytes).
    static func make(_ edits: [Edit], of source: [UInt8]) -> [DiffReport.Hunk] {
        let lines = LineTable(source)
        var groups: [(span: SourceSpan, edits: [Edit])] = []
        for edit in edits.sorted(by: { $0.span < $1.span }) {
            let touched = wholeLines(edit.span, lines)
            if let last = groups.last, touched.start < last.span.end {
                groups[groups.count - 1].span.end = max(last.span.end, touched.end)
                groups[groups.count - 1].edits.append(edit)
            } else {
                groups.append((touched, [edit]))
            }
        }
        return groups.map { hunk($0.span, $0.edits, source, lines) }
    }

    private static func wholeLines(_ span: SourceSpan, _ lines: LineTable) -> SourceSpan {
        let first = lines.span(ofLine: lines.line(at: span.start))
        // An insertion at the start of a line, and an edit that ends with a line, leave the next one alone.
        let last = lines.span(ofLine: lines.line(at: max(span.start, span.end - 1)))
        return SourceSpan(first.start, max(first.end, last.end))
    }

    private static func hunk(
        _ span: SourceSpan, _ edits: [Edit], _ source: [UInt8], _ lines: LineTable
    ) -> DiffReport.Hunk {
        var new: [UInt8] = []
        var done = span.start
        for edit in edits {
            let start = min(max(edit.span.start, done), source.count)
            new += source[done..<start]
            new += Array(edit.replacement.utf8)
            done = min(max(edit.span.end, start), source.count)
        }
        if done < span.end { new += source[done..<span.end] }
        // A rule that edits a line several times for one reason is said once.
        var changes: [DiffReport.Change] = []
        for edit in edits {
            let change = DiffReport.Change(
                rule: edit.rule, reason: edit.reason, gap: edit.gap?.shown, others: edit.others?.map(\.shown))
            if !changes.contains(change) { changes.append(change) }
        }
        return DiffReport.Hunk(
            line: lines.line(at: span.start), changes: changes, old: self.lines(source[span.range]),
            new: self.lines(new[...]))
    }

    /// Without their ends.
    static func lines(_ bytes: ArraySlice<UInt8>) -> [String] {
        // By bytes: CR and LF are one character.
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines.map { String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self) }
    }
}

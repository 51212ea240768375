import Basics
import SkillModel

/// A fenced code block as bytes to rewrite: its fences, and how far it stands in.
struct FragmentShape {
    /// The blanks before the opening fence: those of the list item that holds it.
    let indent: String
    /// The opening fence with its info string, without indent and line end.
    let opening: String
    let closing: String
    /// From the opening fence to the end of the closing one, without the line end.
    let span: SourceSpan

    /// Nil for a block that is indented instead of fenced, not closed, or inside a quote.
    init?(_ fragment: Fragment, in context: LoweringContext) {
        let document = context.document
        guard fragment.isClosed, fragment.content.start > fragment.span.start,
            let indent = context.indent(at: fragment.span.start)
        else { return nil }
        let opening = document.text(SourceSpan(fragment.span.start, fragment.content.start)).trimmingBlanks()
        guard let mark = opening.first, mark == "`" || mark == "~", !opening.contains("\n") else { return nil }
        let fence = String(opening.prefix { $0 == mark })
        guard fence.count >= 3 else { return nil }
        var end = fragment.span.end
        while end > fragment.content.end, [0x0A, 0x0D].contains(document.bytes[end - 1]) { end -= 1 }
        self.indent = indent
        self.opening = opening
        self.closing = fence
        self.span = SourceSpan(fragment.span.start, end)
    }

    /// A block like this one that holds `code`, which ends with a line end: the first line without indent, as it takes
    /// the old block's place.
    func block(_ code: String, opening: String? = nil, lineEnd: String) -> String {
        let lines = [opening ?? self.opening] + code.splitLines() + [closing]
        return lines.joined(separator: lineEnd + indent)
    }

    /// `text` of the source, without the container's indent on the lines after the first.
    func unindented(_ text: String) -> String {
        guard !indent.isEmpty else { return text }
        return text.splitLines().enumerated().map { index, line in
            guard index > 0 else { return line }
            let blanks = line.utf8.prefix(indent.utf8.count).prefix { $0 == 0x20 }.count
            return String(line.dropFirst(blanks))
        }.joined(separator: "\n")
    }
}

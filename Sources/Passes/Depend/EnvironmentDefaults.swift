import Basics
import SkillModel

/// Where a text shows that an environment variable need not be set.
enum EnvironmentDefaults {
    /// Whether what stands at a variable's name in code is `${NAME:-value}`, or its line has a comment that calls it optional.
    /// O(length of the line, of which some hundred bytes are looked at).
    static func hasOne(_ span: SourceSpan, _ bytes: [UInt8]) -> Bool {
        let rest = bytes[min(span.end, bytes.count)..<min(span.end + 200, bytes.count)].prefix { !$0.isLineEnd }
        let text = String(decoding: rest, as: UTF8.self)
        let isExpanded = span.start > 0 && bytes[span.start - 1] == .openBrace
        if isExpanded, [":-", ":=", "-"].contains(where: { text.hasPrefix($0) && !text.hasPrefix($0 + "}") }) {
            return true
        }
        guard let comment = text[...].range(of: "#") else { return false }
        return text[comment.upperBound...].lowercased()[...].range(of: "optional") != nil
    }

    /// Rows of tables that say "No" or "optional" in a cell of their own, where the head asks what is required. O(blocks).
    static func unneededRows(_ document: SkillDocument) -> Set<Int> {
        var found: Set<Int> = []
        var asks = false
        for (index, block) in document.blocks.enumerated() {
            guard block.kind == .tableRow else {
                asks = false
                continue
            }
            let cells = WordScanner.sentences(document.bytes, block.span, block: index).prefix(32)
            let isHead = cells.contains { cell in
                cell.words.count <= 3 && cell.words.contains { ["required", "mandatory"].contains($0.lower) }
            }
            if isHead { asks = true }
            let says = cells.contains { $0.words.count == 1 && ["no", "optional"].contains($0.words[0].lower) }
            if asks, says { found.insert(index) }
        }
        return found
    }
}

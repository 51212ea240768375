import Basics

/// Takes out of hostile Markdown what makes cmark slow or hungry, each byte for a byte, so that no position moves.
///
/// cmark (0.29.0.gfm.6) walks every open container for each line, every open bracket for each `]`, the whole paragraph
/// for each line that could begin a table, fills short table rows up, copies a reference's destination for each use, and
/// walks every mark of emphasis before it for each link. Each of these is bounded here; texts meant for reading stay far below the bounds.
struct Taming {
    static let maximumContainers = 64
    static let maximumIndent = 256
    static let maximumBrackets = 256
    static let maximumColumns = 128
    static let maximumDelimiterRows = 16
    static let maximumLinesBeforeTable = 500
    static let maximumFilledCells = 1 << 16
    static let maximumDefinition = 2048
    /// Marks of emphasis that are walked for links, in the whole text.
    static let maximumEmphasisSteps = 1 << 23

    private(set) var bytes: [UInt8]
    /// Offsets of the changed bytes, ascending but for a few.
    private(set) var changes: [Int] = []
    private var paragraph = Paragraph()
    private var emphasisSteps = 0

    /// What is known of the lines since the last blank one.
    private struct Paragraph {
        var lines = 0
        var brackets = 0
        var emphasis = 0
        var delimiterRows = 0
        var table: (columns: Int, filled: Int, hyphen: Int)?
        var definition: (colon: Int, size: Int)?
    }

    /// O(n).
    init(_ source: [UInt8]) {
        bytes = source
        for line in source.lines(0..<source.count) {
            let start = tameMarkers(line)
            let content = bytes.withoutLineEnd(start..<max(start, line.upperBound))
            if bytes.trimmed(content).isEmpty {
                paragraph = Paragraph()
                continue
            }
            paragraph.lines += 1
            tameTable(content)
            tameDefinition(content)
            tameBrackets(content)
        }
    }

    /// The markers of quotes and lists with which a line begins; the offset after them.
    private mutating func tameMarkers(_ line: Range<Int>) -> Int {
        var index = line.lowerBound
        var markers = 0
        while index < line.upperBound {
            let marker: Int
            switch bytes[index] {
            case .space, .tab:
                index += 1
                continue
            case .greater: marker = index
            case .hyphen, .star, 0x2B:
                guard index + 1 < line.upperBound, bytes[index + 1].isWhitespace else { return index }
                marker = index
            case 0x30...0x39:
                guard let end = orderedMarker(index, line.upperBound) else { return index }
                marker = end - 1
            default: return index
            }
            markers += 1
            if markers > Self.maximumContainers || marker - line.lowerBound > Self.maximumIndent { replace(marker) }
            index = marker + 1
        }
        return index
    }

    /// The end of `12.` or `12)` with a blank after it.
    private func orderedMarker(_ start: Int, _ end: Int) -> Int? {
        var index = start
        while index < end, bytes[index].isDigit, index - start < 10 { index += 1 }
        guard index + 1 < end, bytes[index] == .dot || bytes[index] == .closeParenthesis else { return nil }
        return bytes[index + 1].isWhitespace ? index + 1 : nil
    }

    private mutating func tameTable(_ content: Range<Int>) {
        if let hyphen = delimiterRow(content) {
            let columns = bars(content) + 1
            paragraph.delimiterRows += 1
            if columns > Self.maximumColumns || paragraph.delimiterRows > Self.maximumDelimiterRows
                || paragraph.lines > Self.maximumLinesBeforeTable
            {
                return replace(hyphen)
            }
            if paragraph.table == nil { paragraph.table = (columns, 0, hyphen) }
        } else if var table = paragraph.table {
            table.filled += max(0, table.columns - bars(content))
            paragraph.table = table.filled > Self.maximumFilledCells ? nil : table
            if table.filled > Self.maximumFilledCells { replace(table.hyphen) }
        }
    }

    /// The first hyphen of a line made of `|`, `:`, `-` and blanks that can stand under a table's head; else nil.
    private func delimiterRow(_ content: Range<Int>) -> Int? {
        var hyphen: Int?
        var isTable = false
        for index in content {
            switch bytes[index] {
            case .hyphen: hyphen = hyphen ?? index
            case .pipe, .colon: isTable = true
            case .space, .tab: break
            default: return nil
            }
        }
        return isTable ? hyphen : nil
    }

    private func bars(_ content: Range<Int>) -> Int {
        var count = 0
        for index in content where bytes[index] == .pipe { count += 1 }
        return count
    }

    /// A definition's destination and title may run on over the lines after it.
    private mutating func tameDefinition(_ content: Range<Int>) {
        if let place = bytes.first([.closeBracket, .colon], in: content) {
            paragraph.definition = (place + 1, 0)
        }
        guard var definition = paragraph.definition else { return }
        definition.size += content.count
        paragraph.definition = definition.size > Self.maximumDefinition ? nil : definition
        if definition.size > Self.maximumDefinition { replace(definition.colon) }
    }

    private mutating func tameBrackets(_ content: Range<Int>) {
        for index in content {
            if bytes[index] == .openBracket {
                paragraph.brackets += 1
                if paragraph.brackets > Self.maximumBrackets { replace(index) }
            } else if bytes[index] == .closeBracket {
                paragraph.brackets = max(0, paragraph.brackets - 1)
                emphasisSteps += paragraph.emphasis
                if emphasisSteps > Self.maximumEmphasisSteps { replace(index) }
            } else if bytes[index] == .star || bytes[index] == 0x5F || bytes[index] == 0x7E {
                paragraph.emphasis += 1
            }
        }
    }

    private mutating func replace(_ index: Int) {
        bytes[index] = UInt8(ascii: "x")
        changes.append(index)
    }
}

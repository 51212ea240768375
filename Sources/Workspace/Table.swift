/// Columns for people.
enum Table {
    /// The rows, each line of at most `width` characters: what is longer goes on below, where its last cell begins. A word
    /// that is longer than the room stands out.
    static func lines(_ rows: [[String]], width: Int?) -> [String] {
        guard let width else { return lines(rows) }
        return zip(rows, lines(rows)).flatMap { row, line in
            let last = row.last { !$0.isEmpty } ?? ""
            // Where the last cell begins too far to the right for its words, they hang from the middle.
            return wrapped(line, width, hanging: min(line.count - last.count, width / 2))
        }
    }

    private static func wrapped(_ line: String, _ width: Int, hanging: Int) -> [String] {
        guard line.count > width else { return [line] }
        var lines: [String] = []
        var current = Substring()
        var rest = line[...]
        while !rest.isEmpty {
            // A word with the blanks before it.
            let blanks = rest.prefix { $0 == " " }
            let word = rest[blanks.endIndex...].prefix { $0 != " " }
            rest = rest[word.endIndex...]
            if current.count + blanks.count + word.count > width, current.contains(where: { $0 != " " }) {
                lines.append(String(current))
                current = String(repeating: " ", count: hanging) + word
            } else {
                current += blanks + word
            }
        }
        lines.append(String(current))
        return lines
    }

    /// The rows with their cells padded to the widest of each column, two blanks between, none at the end. Counts
    /// characters: wide ones may stand out.
    static func lines(_ rows: [[String]]) -> [String] {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if row[(column + 1)...].contains(where: { !$0.isEmpty }) {
                    line += String(repeating: " ", count: widths[column] - cell.count + 2)
                }
            }
            return line
        }
    }
}

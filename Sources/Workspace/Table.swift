/// Columns for people.
enum Table {
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

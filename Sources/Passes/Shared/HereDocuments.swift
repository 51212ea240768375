/// Code that a shell fragment hands to an interpreter: `python3 << 'EOF'` and the lines up to `EOF`.
enum HereDocuments {
    /// The Python of each here-document. O(length).
    static func python(_ shell: String) -> [String] {
        var found: [String] = []
        var lines: [Substring] = []
        var delimiter: Substring?
        for line in shell.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if let end = delimiter {
                if line.drop(while: { $0 == "\t" || $0 == " " }) == end {
                    found.append(lines.joined(separator: "\n"))
                    lines = []
                    delimiter = nil
                } else {
                    lines.append(line)
                }
            } else if let mark = line.range(of: "<<"), runsPython(line[..<mark.lowerBound]) {
                let word = line[mark.upperBound...].drop { $0 == "-" || $0 == " " || $0 == "'" || $0 == "\"" }
                    .prefix { $0 == "_" || $0.isLetter || $0.isNumber }
                if !word.isEmpty { delimiter = word }
            }
        }
        return found
    }

    private static func runsPython(_ command: Substring) -> Bool {
        command.split(whereSeparator: { " |;&(".contains($0) }).contains { $0 == "python3" || $0 == "python" }
    }
}

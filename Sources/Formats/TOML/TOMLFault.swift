import Basics

/// Where and why a text is no TOML. The document's initialiser turns it into a diagnostic.
struct TOMLFault: Error {
    var id: String
    var offset: Int
    var message: String
    var hint: String?
    /// Where the thing stands that this one contradicts.
    var earlier: Int?

    init(_ id: String, at offset: Int, _ message: String, hint: String? = nil, earlier: Int? = nil) {
        self.id = id
        self.offset = offset
        self.message = message
        self.hint = hint
        self.earlier = earlier
    }

    /// With its place in `file`. A fault in a line that git wrote is reported as what it is: an unresolved conflict.
    func diagnostic(file: String, bytes: [UInt8]) -> Diagnostic {
        let table = LineTable(bytes)
        let position = table.position(at: min(offset, bytes.count))
        let line = bytes[table.span(ofLine: position.line).range]
        if Self.isConflictMarker(line) {
            return Diagnostic(
                "toml.conflict", .error, "unresolved git conflict",
                at: SourceLocation(file: file, line: position.line, column: 1),
                hint: "resolve the conflict between '<<<<<<<' and '>>>>>>>', and remove the marker lines")
        }
        return Diagnostic(
            id, .error, message, at: SourceLocation(file: file, line: position.line, column: position.column),
            notes: earlier.map { ["first at line \(table.line(at: $0))"] } ?? [], hint: hint)
    }

    private static func isConflictMarker(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first, "<=>|".utf8.contains(first), line.count >= 7 else { return false }
        let rest = line.dropFirst(7)
        return line.prefix(7).allSatisfy { $0 == first }
            && (rest.first.map { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D } ?? true)
    }
}

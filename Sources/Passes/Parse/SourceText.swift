import Basics

/// SKILL.md as text: valid UTF-8, with its lines.
struct SourceText {
    let string: String
    let bytes: [UInt8]
    let lines: LineTable
    let diagnostics: [Diagnostic]

    /// Bytes that are no UTF-8 become U+FFFD, with a warning that names the first one's line. O(n).
    init(_ raw: [UInt8]) {
        var diagnostics: [Diagnostic] = []
        if let string = String(validating: raw, as: UTF8.self) {
            self.string = string
            self.bytes = raw
        } else {
            let fault = Self.firstFault(raw)
            let position = LineTable(raw).position(at: fault)
            self.string = String(decoding: raw, as: UTF8.self)
            self.bytes = Array(string.utf8)
            diagnostics.append(
                Diagnostic(
                    "parse.invalid-utf8", .warning,
                    "byte 0x\([raw[fault]].hex) is not UTF-8; it is read as U+FFFD",
                    at: SourceLocation(file: "", line: position.line, column: position.column),
                    hint: "save the file as UTF-8"))
        }
        if let zero = bytes.first(0, in: 0..<bytes.count) {
            diagnostics.append(.parse("nul-byte", .warning, "the text has a NUL byte", at: zero, hint: "remove it"))
        }
        self.lines = LineTable(bytes)
        self.diagnostics = diagnostics
    }

    private static func firstFault(_ raw: [UInt8]) -> Int {
        var decoder = UTF8()
        var iterator = CountingIterator(bytes: raw)
        var start = 0
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): start += UTF8.width(scalar)
            case .emptyInput: return max(0, min(start, raw.count - 1))
            case .error: return min(start, raw.count - 1)
            }
        }
    }

    private struct CountingIterator: IteratorProtocol {
        let bytes: [UInt8]
        var index = 0
        mutating func next() -> UInt8? {
            guard index < bytes.count else { return nil }
            defer { index += 1 }
            return bytes[index]
        }
    }
}

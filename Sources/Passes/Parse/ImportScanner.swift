package import SkillModel

/// What a script needs: the modules that it imports, the programs that a shell script runs. Linear scanners that know
/// strings and comments well enough; no language is parsed.
package enum ImportScanner {
    /// In the order of the script, each as written. O(n). Empty for a language that isn't known.
    package static func imports(of bytes: [UInt8], language: String) -> [BundledFile.Import] {
        switch language {
        case "python": PythonImports.scan(bytes)
        case "javascript", "typescript": JavaScriptImports.scan(bytes)
        case "go": GoImports.scan(bytes)
        case "ruby": RubyImports.scan(bytes)
        case "bash": ShellPrograms.scan(bytes)
        default: []
        }
    }
}

/// Reads forward and counts lines.
struct ScriptCursor {
    let bytes: [UInt8]
    private(set) var index = 0
    private(set) var line = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { index >= bytes.count }
    var byte: UInt8 { bytes.byte(index) }
    func peek(_ offset: Int) -> UInt8 { bytes.byte(index + offset) }
    func has(_ text: StaticString) -> Bool { bytes.has(text, at: index) }

    mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where index < bytes.count {
            if bytes[index] == .lineFeed { line += 1 }
            index += 1
        }
    }

    mutating func skipBlanks() {
        while !isAtEnd, byte.isBlank || byte == .carriageReturn { advance() }
    }

    mutating func skipWhitespace() {
        while !isAtEnd, byte.isWhitespace { advance() }
    }

    mutating func skipLine() {
        while !isAtEnd, byte != .lineFeed { advance() }
        advance()
    }

    /// Past the next `text`, or to the end.
    mutating func skip(past text: StaticString) {
        while !isAtEnd, !has(text) { advance() }
        advance(text.utf8CodeUnitCount)
    }

    /// Past a string that began at the cursor with `quote`; it ends with its line unless `spansLines`.
    mutating func skipString(_ quote: UInt8, spansLines: Bool) {
        advance()
        while !isAtEnd, byte != quote {
            if byte == .lineFeed, !spansLines { return }
            advance(byte == .backslash ? 2 : 1)
        }
        advance()
    }

    /// The text of a string without escapes at the cursor; nil when there is none on this line. The cursor ends after it.
    mutating func string() -> String? {
        let quote = byte
        guard quote == .doubleQuote || quote == .singleQuote || quote == .backtick else { return nil }
        var end = index + 1
        while end < bytes.count, bytes[end] != quote, !bytes[end].isLineEnd { end += 1 }
        guard end < bytes.count, bytes[end] == quote else { return nil }
        let text = bytes.text(index + 1..<end)
        advance(end + 1 - index)
        return text
    }

    /// The letters, digits, `_`, and bytes of `more` at the cursor, which ends after them.
    mutating func word(_ more: [UInt8] = []) -> String {
        let start = index
        while !isAtEnd, byte.isWord || more.contains(byte) { advance() }
        return bytes.text(start..<index)
    }
}

extension StringProtocol {
    /// The text on one line, without control and invisible formatting characters, at most `limit` characters: what a
    /// server or a repository says may be shown, but must not steer the terminal.
    package func shown(limit: Int = 300) -> String {
        // Most texts are plain, and an index has some of them in every line: no generic code a byte.
        var plain = String(self)
        if plain.withUTF8({ $0.count <= limit && Self.isPlain($0) }) { return plain }
        var text = ""
        for scalar in unicodeScalars.prefix(limit) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                text += scalar == "\n" || scalar == "\t" ? " " : "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return unicodeScalars.count > limit ? text + "…" : text
    }

    private static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        for byte in bytes where byte < 0x20 || byte >= 0x7F { return false }
        return true
    }
}

extension Unicode.Scalar {
    /// Whether it makes what follows be shown in another order than it is read in: a name with one is shown as another than it
    /// is (`gpj.exe` as `exe.jpg`). Those that letters of some scripts need between them are none of these.
    package var isReordering: Bool { (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value) }
}

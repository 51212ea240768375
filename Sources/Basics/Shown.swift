extension StringProtocol {
    /// The text on one line, without control and invisible formatting characters, at most `limit` characters: what a
    /// server or a repository says may be shown, but must not steer the terminal.
    package func shown(limit: Int = 300) -> String {
        // Most texts are plain, and an index has some of them in every line.
        if utf8.count <= limit, utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return String(self) }
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
}

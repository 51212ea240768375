/// Text as one word of a POSIX shell.
package enum QuotedWord {
    /// The text in single quotes, each quote of its own ended, escaped and begun again. O(n).
    ///
    /// Goes by scalars: a quote with a combining mark behind it is another `Character`, and the same quote to a shell.
    package static func shell(_ text: String) -> String {
        var result = "'".unicodeScalars
        for scalar in text.unicodeScalars {
            if scalar == "'" { result.append(contentsOf: "'\\''".unicodeScalars) } else { result.append(scalar) }
        }
        result.append("'")
        return String(result)
    }
}

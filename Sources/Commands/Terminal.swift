import Basics
import Formats

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where a command's words go: data to stdout, all else to stderr; colour on a terminal unless `NO_COLOR` is set.
struct Terminal: Sendable {
    var quiet: Bool
    var json: Bool
    var verbose = false

    private var colours: Bool { isatty(STDERR_FILENO) == 1 && getenv("NO_COLOR") == nil }

    /// Data, with a newline.
    func data(_ text: String) {
        print(text)
    }

    /// One JSON document.
    func json(_ value: some Encodable) throws {
        print(String(decoding: try CanonicalJSON.encode(value), as: UTF8.self))
    }

    /// A line for people, unless they asked for quiet.
    func note(_ text: String) {
        if !quiet { printError(text) }
    }

    /// Diagnostics, errors last so that they are seen. Warnings and notes are kept back by `-q`.
    func show(_ diagnostics: [Diagnostic]) {
        if json && !diagnostics.contains(where: { $0.severity == .error }) { return }
        for diagnostic in diagnostics.filter({ $0.severity != .error })
        where !quiet && (verbose || diagnostic.severity != .note) {
            printError(styled(diagnostic))
        }
        for diagnostic in diagnostics where diagnostic.severity == .error { printError(styled(diagnostic)) }
    }

    private func styled(_ diagnostic: Diagnostic) -> String {
        let text = Printable.line(diagnostic.description)
        guard colours else { return text }
        let colour = diagnostic.severity == .error ? "31" : diagnostic.severity == .warning ? "33" : "36"
        let word = "\(diagnostic.severity.rawValue): "
        guard let range = text.utf8Range(of: word) else { return text }
        return text[..<range.lowerBound] + "\u{1B}[1;\(colour)m" + word + "\u{1B}[0m" + text[range.upperBound...]
    }
}

/// Text from skills and registries on its way to a terminal: control characters can't move the cursor or hide anything.
enum Printable {
    /// `text` with every control and invisible formatting character but newline and tab replaced by its escape.
    static func line(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where scalar != "\n" && scalar != "\t", .format, .surrogate, .lineSeparator,
                .paragraphSeparator:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

/// A line to stderr.
func printError(_ text: String) {
    // Not through `stderr`, a variable of C's that Swift's concurrency can't vouch for; and whole lines in one call.
    let bytes = Array((text + "\n").utf8)
    var done = 0
    while done < bytes.count {
        let wrote = bytes[done...].withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        if wrote < 0 && errno == EINTR { continue }
        if wrote <= 0 { return }
        done += wrote
    }
}

extension String {
    fileprivate func utf8Range(of word: String) -> Range<String.Index>? {
        guard let start = utf8.indices.first(where: { utf8[$0...].starts(with: word.utf8) }) else { return nil }
        return start..<utf8.index(start, offsetBy: word.utf8.count)
    }
}

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

    /// https://no-color.org: the variable counts when it is not empty.
    private var colours: Bool {
        guard isatty(STDERR_FILENO) == 1 else { return false }
        guard let wish = getenv("NO_COLOR") else { return true }
        return wish.pointee == 0
    }

    enum Stream: Int32 { case output = 1, error = 2 }

    /// How wide the terminal is that a stream goes to; nil when it goes to none.
    static func columns(of stream: Stream) -> Int? {
        var size = winsize()
        guard ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 10 else { return nil }
        return Int(size.ws_col)
    }

    /// Data for people, with a newline, made safe for a terminal.
    func data(_ text: String) {
        printData(Printable.line(text))
    }

    /// One JSON document.
    func json(_ value: some Encodable) throws {
        printData(String(decoding: try CanonicalJSON.encode(value), as: UTF8.self))
    }

    /// A line for people, unless they asked for quiet.
    func note(_ text: String) {
        if !quiet { printError(Printable.line(text)) }
    }

    /// Diagnostics, errors last so that they are seen. Warnings and notes are kept back by `-q`; the hint that many of them
    /// share stands with the first.
    func show(_ diagnostics: [Diagnostic]) {
        var hints: Set<String> = []
        for var diagnostic in diagnostics.filter({ $0.severity != .error })
        where !quiet && (verbose || diagnostic.severity != .note) {
            if let hint = diagnostic.hint, !hints.insert(hint).inserted { diagnostic.hint = nil }
            printError(styled(diagnostic))
        }
        hints = []
        for var diagnostic in diagnostics where diagnostic.severity == .error {
            if let hint = diagnostic.hint, !hints.insert(hint).inserted { diagnostic.hint = nil }
            printError(styled(diagnostic))
        }
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

/// A line to stderr. What can't be written there can't be told anywhere.
func printError(_ text: String) {
    PassingLine.clear()
    _ = writeAll(text, to: STDERR_FILENO)
}

/// A line to stdout. Ends the process when it can't be written: quietly by SIGPIPE when the reader went away
/// (`skvm graph | head`), else with an error, for half an answer must not look like a whole one.
private func printData(_ text: String) {
    PassingLine.clear()
    let code = writeAll(text, to: STDOUT_FILENO)
    if code == 0 { return }
    if code == EPIPE {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
    }
    printError("error: cannot write to standard output: \(String(cString: strerror(code))) [output.write]")
    exit(Fault.outside.rawValue)
}

/// Writes a line in whole; returns 0 or the error's number. Not through C's `stdout` and `stderr`, variables that Swift's
/// concurrency can't vouch for.
private func writeAll(_ text: String, to descriptor: Int32) -> Int32 {
    let bytes = Array((text + "\n").utf8)
    var done = 0
    while done < bytes.count {
        let wrote = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if wrote < 0 && errno == EINTR { continue }
        if wrote <= 0 { return wrote < 0 ? errno : EIO }
        done += wrote
    }
    return 0
}

extension String {
    fileprivate func utf8Range(of word: String) -> Range<String.Index>? {
        guard let start = utf8.indices.first(where: { utf8[$0...].starts(with: word.utf8) }) else { return nil }
        return start..<utf8.index(start, offsetBy: word.utf8.count)
    }
}

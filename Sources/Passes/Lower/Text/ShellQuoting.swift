import Basics
import SkillModel

/// What a byte of shell text is to the shell.
package enum ShellState: Sendable, Equatable {
    case bare, single, double, comment
}

/// Reads shell text byte by byte; knows quotes, escapes and comments, and nothing else.
package struct ShellReader: Sendable {
    package private(set) var state = ShellState.bare
    private var isEscaped = false
    private var atWordStart = true

    package init() {}

    /// The state in which `byte` stands. A quote mark itself is still in the state before it.
    package mutating func step(_ byte: UInt8) -> ShellState {
        let here = state
        defer { atWordStart = byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x3B || byte == 0x28 }
        if isEscaped {
            isEscaped = false
            return here
        }
        switch (state, byte) {
        case (.bare, 0x5C), (.double, 0x5C): isEscaped = true
        case (.bare, 0x27): state = .single
        case (.single, 0x27): state = .bare
        case (.bare, 0x22): state = .double
        case (.double, 0x22): state = .bare
        case (.bare, 0x23) where atWordStart: state = .comment
        case (.comment, 0x0A): state = .bare
        default: break
        }
        return here
    }
}

/// How bytes of a document's code are quoted: a path outside quotes in shell text must be quoted to survive a folder's
/// blanks.
struct ShellQuoting {
    /// Command text: shell fragments, and code spans that hold more than one word. In the order of the text.
    private let regions: [SourceSpan]
    /// Code of languages in which both kinds of quotes mean the same: in SQL the double ones are of a name.
    private let others: [SourceSpan]
    private let bytes: [UInt8]

    init(_ document: SkillDocument) {
        bytes = document.bytes
        let spans = document.codeSpans.filter { $0.text.utf8.contains(0x20) }.map(\.span)
        regions = (document.fragments.filter { $0.language == "bash" }.map(\.content) + spans).sorted()
        others = document.fragments.filter { Self.evenHanded.contains($0.language) }.map(\.content).sorted()
    }

    private static let evenHanded: Set<String> = [
        "python", "javascript", "typescript", "jsx", "tsx", "ruby", "php", "yaml", "toml", "html", "css",
    ]

    /// O(length of the region): called once a reference, and a region is a command or a fragment.
    func isUnquotedCommandText(_ span: SourceSpan) -> Bool {
        guard let region = Self.region(around: span.start, in: regions) else { return false }
        return state(at: span.start, in: region) == .bare
    }

    /// Whether the text is the whole of a string in single quotes, which in double quotes would be the same. O(length of the
    /// region, or of the line).
    func isInSingleQuotes(_ span: SourceSpan) -> Bool {
        guard span.start > 0, span.end < bytes.count, bytes[span.start - 1] == 0x27, bytes[span.end] == 0x27,
            !bytes[span.range].contains(where: { [0x22, 0x24, 0x27, 0x5C, 0x60].contains($0) })
        else { return false }
        if let region = Self.region(around: span.start, in: regions) {
            return span.start > region.start && state(at: span.start - 1, in: region) == .bare
        }
        guard let region = Self.region(around: span.start, in: others) else { return false }
        // In other languages a string seldom goes over lines; in a string in double quotes the single ones are text.
        var start = span.start - 1
        while start > max(region.start, span.start - 1024), bytes[start - 1] != 0x0A { start -= 1 }
        let before = bytes[start..<span.start - 1]
        return [0x22, 0x27, 0x60].allSatisfy { quote in before.count { $0 == quote } % 2 == 0 }
    }

    /// Code spans begin after the backticks; a hostile region of megabytes with thousands of references is cut short.
    private func state(at offset: Int, in region: SourceSpan) -> ShellState {
        let lineStart = Self.lineStart(of: offset, in: bytes, from: region.start)
        var reader = ShellReader()
        for at in lineStart..<min(offset, bytes.count) { _ = reader.step(bytes[at]) }
        return reader.state
    }

    private static func region(around offset: Int, in regions: [SourceSpan]) -> SourceSpan? {
        var low = 0
        var high = regions.count
        while low < high {
            let middle = (low + high) / 2
            if regions[middle].start <= offset { low = middle + 1 } else { high = middle }
        }
        guard low > 0, regions[low - 1].contains(offset) else { return nil }
        return regions[low - 1]
    }

    /// Start of the text to read for the state at `offset`: the region's, or 64 KiB before at a line's start.
    private static func lineStart(of offset: Int, in bytes: [UInt8], from start: Int) -> Int {
        guard offset - start > 65_536 else { return start }
        var at = offset
        while at > start, bytes[at - 1] != 0x0A { at -= 1 }
        return max(at, offset - 65_536)
    }
}

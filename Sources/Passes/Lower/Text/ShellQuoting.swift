import Basics
import SkillModel

/// How bytes of a document's code are quoted: a path outside quotes in shell text must be quoted to survive a folder's
/// blanks.
struct ShellQuoting {
    /// Command text: shell fragments, and code spans that hold more than one word. In the order of the text.
    private let regions: [SourceSpan]
    /// Code of languages in which both kinds of quotes mean the same: in SQL the double ones are of a name.
    private let others: [SourceSpan]
    private let bytes: [UInt8]
    /// Of each byte in `regions`; of others it says nothing.
    private let states: [ShellState]

    /// O(length of the document): each region is read once, however many references it has.
    init(_ document: SkillDocument) {
        let bytes = document.bytes
        let spans = document.codeSpans.filter { $0.text.utf8.contains(0x20) }.map(\.span)
        let regions = (document.fragments.filter { $0.language == "bash" }.map(\.content) + spans).sorted()
        var states = [ShellState](repeating: .bare, count: bytes.count)
        var done = 0
        for region in regions where region.start >= done {
            var reader = ShellReader()
            for at in region.range { states[at] = reader.step(bytes[at]) }
            done = region.end
        }
        (self.bytes, self.regions, self.states) = (bytes, regions, states)
        others = document.fragments.filter { Self.evenHanded.contains($0.language) }.map(\.content).sorted()
    }

    private static let evenHanded: Set<String> = [
        "python", "javascript", "typescript", "jsx", "tsx", "ruby", "php", "yaml", "toml", "html", "css",
    ]

    /// O(log regions).
    func isUnquotedCommandText(_ span: SourceSpan) -> Bool {
        Self.region(around: span.start, in: regions) != nil && states[span.start] == .bare
    }

    /// A path, which may hold blanks and apostrophes, in the place of `span`: in a shell's command it is in double quotes of its
    /// own, unless it stands in such already. O(log regions).
    func quoted(_ path: String, inPlaceOf span: SourceSpan) -> String {
        guard Self.region(around: span.start, in: regions) != nil else { return path }
        return switch states[span.start] {
        case .bare: "\"\(path)\""
        case .single: "'\"\(path)\"'"
        default: path
        }
    }

    /// Whether the span is the whole of a string in single quotes, which in double quotes would mean the same if it held `text`. O(log regions), and
    /// of other languages 1 KiB of the line.
    func isInSingleQuotes(_ span: SourceSpan, holding text: String) -> Bool {
        guard span.start > 0, span.end < bytes.count, bytes[span.start - 1] == 0x27, bytes[span.end] == 0x27,
            !text.utf8.contains(where: { [0x22, 0x24, 0x27, 0x5C, 0x60].contains($0) })
        else { return false }
        if let region = Self.region(around: span.start, in: regions) {
            return span.start > region.start && states[span.start - 1] == .bare
        }
        guard let region = Self.region(around: span.start, in: others) else { return false }
        // In other languages a string seldom goes over lines; in a string in double quotes the single ones are text.
        var start = span.start - 1
        while start > max(region.start, span.start - 1024), bytes[start - 1] != 0x0A { start -= 1 }
        let before = bytes[start..<span.start - 1]
        return [0x22, 0x27, 0x60].allSatisfy { quote in before.count { $0 == quote } % 2 == 0 }
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
}

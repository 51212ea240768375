import Basics
import SkillModel

/// Front matter line by line, as harnesses without a YAML library read it: `key: value`, indented lines continue the
/// value, `|` and `>` open a block.
struct LineReader {
    private let bytes: [UInt8]
    private let range: Range<Int>

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        self.range = range
    }

    /// The entries; lines that fit nowhere are left out. O(n).
    func read() -> FrontMatter {
        var entries: [FrontMatter.Entry] = []
        var pending: Pending?
        for line in bytes.lines(range) {
            let content = bytes.withoutLineEnd(line)
            if let key = Self.key(bytes, content) {
                if let done = pending { entries.append(entry(done)) }
                let value = bytes.trimmed(key.upperBound + 1..<content.upperBound)
                pending = Pending(key: key, value: value, end: value.isEmpty ? key.upperBound + 1 : value.upperBound)
            } else if pending != nil, content.isEmpty || bytes[content.lowerBound].isBlank {
                let part = bytes.trimmed(content)
                pending?.more.append(part)
                if !part.isEmpty { pending?.end = part.upperBound }
            }
        }
        if let done = pending { entries.append(entry(done)) }
        return FrontMatter(entries: entries)
    }

    /// The key with which `line` begins, followed by `: ` or `:` at its end; nil when there is none.
    static func key(_ bytes: [UInt8], _ line: Range<Int>) -> Range<Int>? {
        var index = line.lowerBound
        while index < line.upperBound, bytes[index].isWord || bytes[index] == .hyphen || bytes[index] == .dot {
            index += 1
        }
        guard index > line.lowerBound, index < line.upperBound, bytes[index] == .colon else { return nil }
        guard index + 1 == line.upperBound || bytes[index + 1].isBlank else { return nil }
        return line.lowerBound..<index
    }

    private struct Pending {
        var key: Range<Int>
        var value: Range<Int>
        var more: [Range<Int>] = []
        var end: Int
    }

    private func entry(_ pending: Pending) -> FrontMatter.Entry {
        let first = bytes.byte(pending.value.lowerBound)
        let isBlock = !pending.value.isEmpty && (first == .pipe || first == .greater) && pending.value.count <= 3
        var parts = pending.more.map { bytes.text($0) }
        while parts.last == "" { parts.removeLast() }
        if !isBlock { parts = [unquoted(pending.value)] + parts }
        let separator = isBlock && first == .pipe ? "\n" : " "
        let start = pending.value.isEmpty ? pending.key.upperBound + 1 : pending.value.lowerBound
        return FrontMatter.Entry(
            key: bytes.text(pending.key), value: parts.filter { isBlock || !$0.isEmpty }.joined(separator: separator),
            isStructured: false, span: SourceSpan(pending.key.lowerBound, pending.end),
            valueSpan: SourceSpan(min(start, pending.end), pending.end))
    }

    private func unquoted(_ value: Range<Int>) -> String {
        let first = bytes.byte(value.lowerBound)
        guard value.count >= 2, first == .doubleQuote || first == .singleQuote, bytes[value.upperBound - 1] == first
        else { return bytes.text(value) }
        return bytes.text(value.lowerBound + 1..<value.upperBound - 1)
    }
}

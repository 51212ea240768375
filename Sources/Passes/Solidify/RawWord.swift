import Basics
import SkillModel

/// A word of a command with the bytes that it takes.
struct RawWord {
    let text: String
    let range: Range<Int>

    /// The words and redirections' targets between two offsets, in order. O(length).
    static func all(in bytes: [UInt8], _ range: Range<Int>) -> [RawWord] {
        var words: [RawWord] = []
        var index = range.lowerBound
        let end = min(range.upperBound, bytes.count)
        while index < end {
            if bytes[index].isWhitespace {
                index += 1
                continue
            }
            if bytes[index] == .backslash, index + 1 < end, bytes[index + 1].isLineEnd {
                index += 2
                continue
            }
            var reader = ShellWord(bytes, at: index, end: end, depth: 0)
            reader.read(inTest: false)
            if reader.index > index { words.append(RawWord(text: reader.text, range: index..<reader.index)) }
            index = max(reader.index, index + 1)
        }
        return words
    }
}

/// The lines that a command reads as its here-document.
struct HereDocumentRange {
    let command: ShellCommand
    let range: Range<Int>
    /// Whether the shell expands nothing in it.
    let isQuoted: Bool

    /// In the order of the text. O(length).
    static func all(_ commands: [ShellCommand], _ bytes: [UInt8]) -> [HereDocumentRange] {
        var found: [HereDocumentRange] = []
        for command in commands.sorted(by: { $0.span < $1.span }) {
            for redirection in command.redirections where redirection.hasPrefix("<<") && !redirection.hasPrefix("<<<") {
                let stripsTabs = redirection.hasPrefix("<<-")
                let delimiter = Array(redirection.utf8.dropFirst(stripsTabs ? 3 : 2))
                let lineEnd =
                    bytes.first(.lineFeed, in: min(command.span.end, bytes.count)..<bytes.count) ?? bytes.count
                // A second one of the same line begins where the first ends.
                let start = max(min(lineEnd + 1, bytes.count), found.last?.next ?? 0)
                let next = ShellWord.endOfHereDocument(bytes, start, bytes.count, delimiter, stripsTabs)
                guard start < next else { continue }
                let isClosed = bytes[start..<next].contains(.lineFeed)
                let last =
                    isClosed
                    ? bytes[start..<max(start, next - 1)].lastIndex(of: .lineFeed).map { $0 + 1 } ?? start : next
                let mark = bytes.first(Array("<<".utf8), in: command.span.start..<min(command.span.end, bytes.count))
                let after = mark.map { bytes[($0 + 2)...].drop { $0 == .hyphen || $0.isBlank }.first ?? 0 } ?? 0
                found.append(
                    HereDocumentRange(
                        command: command, range: start..<max(start, last),
                        isQuoted: [.singleQuote, .doubleQuote, .backslash].contains(after), next: next))
            }
        }
        return found
    }

    private let next: Int

    private init(command: ShellCommand, range: Range<Int>, isQuoted: Bool, next: Int) {
        self.command = command
        self.range = range
        self.isQuoted = isQuoted
        self.next = next
    }
}

import Basics
import SkillModel

/// URLs in running text without markup, as GitHub links them: `http://`, `https://`, `www.`.
///
/// cmark's own extension for them takes quadratic time on hostile text, so it stays off.
struct BareLinks {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The links of a leaf block outside of `covered`, which is sorted. O(n).
    func find(in block: SourceSpan, index: Int, except covered: [SourceSpan]) -> [BodyReader.LocatedLink] {
        var found: [BodyReader.LocatedLink] = []
        var start = block.start
        for span in covered where span.start >= start {
            collect(start..<span.start, index, &found)
            start = max(start, span.end)
        }
        collect(start..<max(start, block.end), index, &found)
        return found
    }

    private func collect(_ range: Range<Int>, _ block: Int, _ found: inout [BodyReader.LocatedLink]) {
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == UInt8(ascii: "h") || bytes[index] == UInt8(ascii: "w"), startsWord(index),
                let head = head(index)
            else {
                index += 1
                continue
            }
            let end = self.end(index + head, range.upperBound)
            if end > index + head {
                let text = bytes.text(index..<end)
                let span = SourceSpan(index, end)
                let destination = head == 4 ? "http://" + text : text
                found.append(
                    .init(
                        link: Link(destination: destination, text: text, isImage: false, span: span, block: block),
                        destination: span))
            }
            index = max(end, index + head)
        }
    }

    private func startsWord(_ index: Int) -> Bool {
        let before = bytes.byte(index - 1)
        return index == 0 || before.isWhitespace || before >= 0x80
            || [.star, .underscore, .tilde, .openParenthesis, .pipe, .doubleQuote, .singleQuote, .colon, .greater]
                .contains(before)
    }

    /// Length of the scheme or `www.`; nil when there is none.
    private func head(_ index: Int) -> Int? {
        if bytes.has("https://", at: index) { return 8 }
        if bytes.has("http://", at: index) { return 7 }
        return bytes.has("www.", at: index) ? 4 : nil
    }

    /// Up to a blank, `<` or quote, without punctuation at the end and without a `)` that was never opened.
    private func end(_ start: Int, _ limit: Int) -> Int {
        var index = start
        var depth = 0
        scan: while index < limit {
            switch bytes[index] {
            case .openParenthesis: depth += 1
            case .closeParenthesis:
                if depth == 0 { break scan }
                depth -= 1
            case .less, .backtick, .doubleQuote, .pipe, 0...0x20: break scan
            default: break
            }
            index += 1
        }
        while index > start,
            [.dot, .comma, .colon, .semicolon, .star, .underscore, .tilde, .singleQuote, 0x21, 0x3F]
                .contains(bytes[index - 1])
        { index -= 1 }
        return index
    }
}

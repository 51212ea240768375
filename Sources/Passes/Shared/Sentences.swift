import Basics

/// Cuts running text into sentences, as byte ranges. Code spans, links and quotes are never cut.
enum Sentences {
    /// Ranges in `bytes`, in order, without the blanks between; together they hold every byte that is no blank. O(n).
    static func split(_ bytes: ArraySlice<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = bytes.startIndex
        var at = bytes.startIndex
        while at < bytes.endIndex {
            if bytes[at] == 0x60 {
                at = codeEnd(bytes, from: at)
                continue
            }
            if [0x2E, 0x21, 0x3F].contains(bytes[at]), ends(bytes, at) {
                var end = at + 1
                while end < bytes.endIndex, [0x22, 0x27, 0x29, 0x2A, 0x5F, 0x2E, 0x21, 0x3F].contains(bytes[end]) {
                    end += 1
                }
                append(start..<end, of: bytes, to: &found)
                start = end
                at = end
            } else {
                at += 1
            }
        }
        append(start..<bytes.endIndex, of: bytes, to: &found)
        return found
    }

    /// A stop ends a sentence when blanks and something that can begin one follow, and no abbreviation stands before.
    private static func ends(_ bytes: ArraySlice<UInt8>, _ stop: Int) -> Bool {
        var at = stop + 1
        while at < bytes.endIndex, [0x22, 0x27, 0x29, 0x2A, 0x5F].contains(bytes[at]) { at += 1 }
        guard at < bytes.endIndex else { return true }
        guard bytes[at].isWhitespace else { return false }
        while at < bytes.endIndex, bytes[at].isWhitespace { at += 1 }
        guard at < bytes.endIndex else { return true }
        let next = bytes[at]
        let canBegin =
            (next >= 0x41 && next <= 0x5A) || next.isDigit || next >= 0x80 || [0x60, 0x2A, 0x5B, 0x22].contains(next)
        var word = stop
        while word > bytes.startIndex, bytes[word - 1].isIdentifier || bytes[word - 1] == 0x2E { word -= 1 }
        let before = String(decoding: bytes[word..<stop], as: UTF8.self).asciiLowercased()
        return canBegin && !["e.g", "i.e", "etc", "vs", "cf", "approx", "no", "fig", "mr", "dr", "st"].contains(before)
    }

    /// The offset after a code span that begins at `start`, or after its marks alone when it is never closed within 4 KiB: from
    /// the rest of its marks none is opened either.
    private static func codeEnd(_ bytes: ArraySlice<UInt8>, from start: Int) -> Int {
        var open = start
        while open < bytes.endIndex, bytes[open] == 0x60 { open += 1 }
        let count = open - start
        var at = open
        var run = 0
        let limit = min(bytes.endIndex, open + 4096)
        while at < limit {
            run = bytes[at] == 0x60 ? run + 1 : 0
            at += 1
            if run == count, at == bytes.endIndex || bytes[at] != 0x60 { return at }
        }
        return open
    }

    private static func append(_ range: Range<Int>, of bytes: ArraySlice<UInt8>, to found: inout [Range<Int>]) {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start].isWhitespace { start += 1 }
        while end > start, bytes[end - 1].isWhitespace { end -= 1 }
        if start < end { found.append(start..<end) }
    }

    /// The words of a text in lower case: letters, digits and apostrophes; everything else divides. O(n).
    static func words(_ text: some StringProtocol) -> [String] {
        text.asciiLowercased().utf8.split { !($0.isIdentifier || $0 == 0x27 || $0 >= 0x80) }
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

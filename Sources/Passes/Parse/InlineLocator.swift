import Basics

/// Finds the bytes of a leaf block's code spans and links.
///
/// cmark's columns for inlines don't count the container's indent on a block's later lines, so the places are found
/// anew: in the order in which cmark reports the inlines, by what the source says. Cursors only move forward: all calls
/// together cost O(length of the block).
struct InlineLocator {
    private let bytes: [UInt8]
    private let block: SourceSpan
    private var codes: [Range<Int>]?
    private var nextCode = 0
    private var linkCursor: Int
    /// Bytes that searches may still look at: a link that isn't found costs a look at the whole block.
    private var budget: Int

    init(_ bytes: [UInt8], _ block: SourceSpan) {
        self.bytes = bytes
        self.block = block
        self.linkCursor = block.start
        self.budget = 16 * block.count + 4096
    }

    /// The content of the next code span that reads `literal`, without its backticks; nil when the source has none.
    mutating func codeSpan(_ literal: [UInt8]) -> SourceSpan? {
        let codes = self.codes ?? scanCodes()
        self.codes = codes
        var index = nextCode
        // A candidate that is no code (a backtick in a link's destination) is passed over; a few tries keep it linear.
        while index < codes.count, index < nextCode + 16 {
            if let span = match(codes[index], literal) {
                nextCode = index + 1
                return span
            }
            index += 1
        }
        return nil
    }

    /// Backtick runs paired as CommonMark pairs them: a run closes with the next of the same length.
    private func scanCodes() -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var escaped: Set<Int> = []
        var index = block.start
        while index < block.end {
            if bytes[index] == .backslash, bytes.byte(index + 1) == .backtick {
                escaped.insert(index + 1)
                index += 1
            }
            guard bytes[index] == .backtick else {
                index += 1
                continue
            }
            let start = index
            while index < block.end, bytes[index] == .backtick { index += 1 }
            runs.append(start..<index)
        }
        return pair(runs, escaped)
    }

    private func pair(_ runs: [Range<Int>], _ escaped: Set<Int>) -> [Range<Int>] {
        // For each run, the next run of its length.
        var lastOfLength: [Int: Int] = [:]
        var closer = [Int?](repeating: nil, count: runs.count)
        for index in runs.indices.reversed() {
            closer[index] = lastOfLength[runs[index].count]
            lastOfLength[runs[index].count] = index
        }
        var pairs: [Range<Int>] = []
        var index = 0
        while index < runs.count {
            // A backslash before a run takes its first backtick out: what is left opens with one less.
            if !escaped.contains(runs[index].lowerBound), let end = closer[index] {
                pairs.append(runs[index].upperBound..<runs[end].lowerBound)
                index = end + 1
            } else {
                index += 1
            }
        }
        return pairs
    }

    private func match(_ content: Range<Int>, _ literal: [UInt8]) -> SourceSpan? {
        let inner = content.count > literal.count ? bytes.trimmed(content) : content
        if bytes[content].elementsEqual(literal) { return SourceSpan(content.lowerBound, content.upperBound) }
        if bytes[inner].elementsEqual(literal) { return SourceSpan(inner.lowerBound, inner.upperBound) }
        // Over several lines, or in a table with escaped bars: compare what isn't layout.
        let isSame = significant(bytes[inner]).elementsEqual(significant(literal[...]))
        return isSame ? SourceSpan(inner.lowerBound, inner.upperBound) : nil
    }

    private func significant(_ text: ArraySlice<UInt8>) -> [UInt8] {
        text.filter { !$0.isWhitespace && $0 != .greater && $0 != .backslash && $0 != 0x1A && $0 != 0 }
    }

    /// The whole link, and its destination where that stands in the link itself. Links must be asked for in the order in
    /// which they end.
    mutating func link(_ url: [UInt8], _ label: String) -> (span: SourceSpan, destination: SourceSpan?)? {
        if !url.isEmpty, let found = inlineLink(url) { return found }
        return referenceLink(label)
    }

    private mutating func search(_ pattern: [UInt8], from start: Int) -> Int? {
        guard budget > 0, start < block.end else { return nil }
        let place = bytes.first(pattern, in: start..<block.end)
        budget -= (place ?? block.end) - start + 1
        return place
    }

    private mutating func inlineLink(_ url: [UInt8]) -> (span: SourceSpan, destination: SourceSpan?)? {
        // An autolinked `www.` or mail address has a scheme that the source doesn't.
        var sought = url
        for prefix in ["http://", "mailto:"] where url.starts(with: prefix.utf8) {
            if search(url, from: linkCursor) == nil { sought = Array(url.dropFirst(prefix.utf8.count)) }
        }
        guard !sought.isEmpty, var place = search(sought, from: linkCursor) else { return nil }
        // The text of `[a.md](a.md)` reads like the destination: prefer one after `](`.
        var tries = 0
        var candidate = place
        while !isDestination(candidate), tries < 8 {
            guard let next = search(sought, from: candidate + 1) else { break }
            (candidate, tries) = (next, tries + 1)
        }
        if isDestination(candidate) { place = candidate }
        let destination = SourceSpan(place, place + sought.count)
        linkCursor = destination.end
        guard isDestination(place) else { return (destination, destination) }
        let span = SourceSpan(opening(before: place), closing(after: destination.end))
        return (span, destination)
    }

    private func isDestination(_ place: Int) -> Bool {
        var index = place - 1
        if index > block.start, bytes[index] == .less { index -= 1 }
        while index > block.start, bytes[index].isWhitespace { index -= 1 }
        return index > block.start && bytes[index] == .openParenthesis && bytes[index - 1] == .closeBracket
    }

    /// The `[` (or `![`) that belongs to the `](` before `place`. Looks back at most 4,096 bytes.
    private func opening(before place: Int) -> Int {
        var index = place - 1
        while index > block.start, bytes[index] != .closeBracket { index -= 1 }
        var depth = 0
        let limit = max(block.start, index - 4096)
        while index >= limit {
            if bytes[index] == .closeBracket { depth += 1 }
            if bytes[index] == .openBracket {
                depth -= 1
                if depth == 0 {
                    return index > block.start && bytes[index - 1] == UInt8(ascii: "!") ? index - 1 : index
                }
            }
            index -= 1
        }
        return place
    }

    /// After the `)` that closes a link whose destination ends at `place`: a title in quotes may stand between.
    private func closing(after place: Int) -> Int {
        var index = place
        var quote: UInt8 = 0
        while index < min(block.end, place + 1024) {
            let byte = bytes[index]
            if quote == 0, byte == .closeParenthesis { return index + 1 }
            if quote == 0, byte == .doubleQuote || byte == .singleQuote {
                quote = byte
            } else if byte == quote {
                quote = 0
            }
            index += 1
        }
        return place
    }

    /// `[label]`, `[label][id]`: the first after the cursor whose text is `label`.
    private mutating func referenceLink(_ label: String) -> (span: SourceSpan, destination: SourceSpan?)? {
        let sought = [UInt8.openBracket] + Array(label.utf8) + [.closeBracket]
        guard let place = search(sought, from: linkCursor) else { return nil }
        var end = place + sought.count
        if bytes.byte(end) == .openBracket, let close = bytes.first(.closeBracket, in: end..<min(block.end, end + 1024))
        {
            end = close + 1
        }
        linkCursor = end
        return (SourceSpan(place, end), nil)
    }
}

/// A place in a file, for people: 1-based line, 1-based column in UTF-8 bytes.
package struct SourceLocation: Sendable, Hashable, Codable, CustomStringConvertible {
    package var file: String
    package var line: Int?
    package var column: Int?

    package init(file: String, line: Int? = nil, column: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
    }

    package var description: String {
        guard let line else { return file }
        guard let column else { return "\(file):\(line)" }
        return "\(file):\(line):\(column)"
    }
}

/// A half-open range of byte offsets in a source, 0-based. Spans survive any line-end convention, because they count bytes.
package struct SourceSpan: Sendable, Hashable, Codable, Comparable {
    package var start: Int
    package var end: Int

    package init(_ start: Int, _ end: Int) {
        self.start = start
        self.end = end
    }

    package var count: Int { end - start }
    package var range: Range<Int> { start..<end }
    package func contains(_ offset: Int) -> Bool { offset >= start && offset < end }
    package func contains(_ other: SourceSpan) -> Bool { other.start >= start && other.end <= end }
    package func overlaps(_ other: SourceSpan) -> Bool { start < other.end && other.start < end }

    package static func < (a: SourceSpan, b: SourceSpan) -> Bool { (a.start, a.end) < (b.start, b.end) }

    package init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        self.init(try list.decode(Int.self), try list.decode(Int.self))
    }

    /// Encoded as `[start, end]`: spans are the most frequent value in a pass's output.
    package func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        try list.encode(start)
        try list.encode(end)
    }
}

/// Where the lines of a source begin; turns byte offsets into lines and columns.
///
/// A line ends with LF, CRLF or a lone CR, as CommonMark reads them.
package struct LineTable: Sendable, Equatable {
    /// Byte offset of each line's first byte; always starts with 0.
    package let starts: [Int]
    package let byteCount: Int

    /// O(n) in the number of bytes.
    package init(_ bytes: some Collection<UInt8>) {
        // Other modules call this unspecialised: no generic code a byte.
        self =
            bytes.withContiguousStorageIfAvailable { LineTable(contiguous: $0) }
            ?? Array(bytes).withUnsafeBufferPointer { LineTable(contiguous: $0) }
    }

    private init(contiguous bytes: UnsafeBufferPointer<UInt8>) {
        var starts = [0]
        var offset = 0
        var afterCarriageReturn = false
        for byte in bytes {
            if byte == 0x0A {
                if afterCarriageReturn { starts[starts.count - 1] = offset + 1 } else { starts.append(offset + 1) }
                afterCarriageReturn = false
            } else {
                afterCarriageReturn = byte == 0x0D
                if afterCarriageReturn { starts.append(offset + 1) }
            }
            offset += 1
        }
        self.starts = starts
        self.byteCount = offset
    }

    /// The 1-based line that holds `offset`. O(log lines).
    package func line(at offset: Int) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }

    /// 1-based line and 1-based column in bytes.
    package func position(at offset: Int) -> (line: Int, column: Int) {
        let line = line(at: offset)
        return (line, offset - starts[line - 1] + 1)
    }

    /// The bytes of a 1-based line with its line end. Lines past the last are empty.
    package func span(ofLine line: Int) -> SourceSpan {
        guard line >= 1, line <= starts.count else { return SourceSpan(byteCount, byteCount) }
        return SourceSpan(starts[line - 1], line < starts.count ? starts[line] : byteCount)
    }

    /// The byte offset of a 1-based line and column, kept inside the source.
    package func offset(line: Int, column: Int) -> Int {
        let span = span(ofLine: line)
        return min(span.start + max(column - 1, 0), span.end)
    }
}

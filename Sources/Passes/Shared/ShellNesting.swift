/// Finds where a nested part of shell text ends, without recursion.
enum ShellNesting {
    private enum Context { case parenthesis, brace, quotes }

    /// The offset after the `)` that closes what begins at `start`; `end` when it is never closed. Quotes, comments and
    /// here-documents inside are passed over. O(n).
    static func end(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
        scan(bytes, start, end, .parenthesis)
    }

    /// The offset after the `}` of `${…}`.
    static func endOfBrace(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
        scan(bytes, start, end, .brace)
    }

    private static func scan(_ bytes: [UInt8], _ start: Int, _ end: Int, _ first: Context) -> Int {
        var stack = [first]
        var index = start
        var hereDocuments: [(delimiter: [UInt8], stripsTabs: Bool)] = []
        while index < end, let context = stack.last {
            let byte = bytes[index]
            index += 1
            switch (byte, context) {
            case (.backslash, _): index += 1
            case (.doubleQuote, .quotes): stack.removeLast()
            case (.doubleQuote, _): stack.append(.quotes)
            case (.singleQuote, .parenthesis), (.singleQuote, .brace):
                index = bytes.first(.singleQuote, in: index..<end).map { $0 + 1 } ?? end
            case (.dollar, _) where index < end && bytes[index] == .openParenthesis:
                stack.append(.parenthesis)
                index += 1
            case (.dollar, _) where index < end && bytes[index] == .openBrace:
                stack.append(.brace)
                index += 1
            case (.openParenthesis, .parenthesis): stack.append(.parenthesis)
            case (.closeParenthesis, .parenthesis), (.closeBrace, .brace): stack.removeLast()
            case (.hash, .parenthesis) where bytes[index - 2].isWhitespace:
                while index < end, bytes[index] != .lineFeed { index += 1 }
            case (.less, .parenthesis)
            where bytes.byte(index) == .less && bytes.byte(index + 1) != .less && index < end:
                index = hereDocument(bytes, index + 1, end, &hereDocuments)
            case (.lineFeed, .parenthesis):
                for document in hereDocuments {
                    index = ShellWord.endOfHereDocument(bytes, index, end, document.delimiter, document.stripsTabs)
                }
                hereDocuments = []
            default: break
            }
        }
        return min(index, end)
    }

    /// Notes the delimiter after `<<`; the offset after it.
    private static func hereDocument(
        _ bytes: [UInt8], _ start: Int, _ end: Int, _ documents: inout [(delimiter: [UInt8], stripsTabs: Bool)]
    ) -> Int {
        var index = start
        let stripsTabs = index < end && bytes[index] == .hyphen
        if stripsTabs { index += 1 }
        while index < end, bytes[index].isBlank { index += 1 }
        var delimiter: [UInt8] = []
        while index < end,
            bytes[index].isWord || [.singleQuote, .doubleQuote, .backslash, .hyphen].contains(bytes[index])
        {
            if bytes[index].isWord || bytes[index] == .hyphen { delimiter.append(bytes[index]) }
            index += 1
        }
        if !delimiter.isEmpty { documents.append((delimiter, stripsTabs)) }
        return index
    }
}

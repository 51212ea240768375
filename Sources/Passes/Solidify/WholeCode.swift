import SkillModel

/// Whether a fragment of Python can run by itself. A parser's work is not done here: what is no code otherwise is not seen.
enum WholeCode {
    /// Why code can't run by itself: it begins inside of something, or has at its margin what only a function may have. Nil when
    /// it can. O(length).
    static func objection(_ code: String) -> String? {
        if let tokens = PythonTokens.read(code), !isIndentedRight(tokens, Array(code.utf8)) {
            return "it is indented as no Python is"
        }
        let lines = code.splitLines().filter { !$0.allSatisfy(\.isWhitespace) }
        if lines.first?.first?.isWhitespace ?? false { return "it is the inside of something" }
        let isInside = lines.contains { line in
            guard !(line.first?.isWhitespace ?? true) else { return false }
            return ["return", "yield", "await"].contains(line.prefix { $0.isLetter })
                || line.contains("= await ") && !line.contains("\"")
        }
        return isInside ? "it is the inside of a function" : nil
    }

    /// Whether a line goes in only where the one before it opens a block, and no decorator stands alone at the end. O(length).
    private static func isIndentedRight(_ tokens: [PythonToken], _ bytes: [UInt8]) -> Bool {
        var before = 0
        var last: PythonToken?
        var startsLine = true
        var isDecorated = false
        for token in tokens where token.kind != .comment {
            if token.kind == .newline {
                startsLine = true
                continue
            }
            if startsLine {
                let start = token.range.lowerBound
                let margin = start - ((bytes[..<start].lastIndex(of: .lineFeed) ?? -1) + 1)
                if margin > before, last.map({ $0.text != ":" }) ?? true { return false }
                before = margin
                isDecorated = token.text == "@"
            }
            startsLine = false
            last = token
        }
        return !isDecorated
    }
}

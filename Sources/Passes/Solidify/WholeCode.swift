import SkillModel

/// Whether a fragment of code can run by itself. A parser's work is not done here: what is no code otherwise is not seen.
enum WholeCode {
    /// Why code can't run by itself: it begins inside of something, or has at its margin what only a function may have. Nil when
    /// it can. O(length).
    static func objection(_ code: String, _ kind: SolidificationCandidate.Kind) -> String? {
        guard kind == .python || kind == .javascript else { return nil }
        if kind == .python, let tokens = PythonTokens.read(code), !isIndentedRight(tokens, Array(code.utf8)) {
            return "it is indented as no Python is"
        }
        let lines = code.splitLines().filter { !$0.allSatisfy(\.isWhitespace) }
        if kind == .python, lines.first?.first?.isWhitespace ?? false { return "it is the inside of something" }
        let words: Set<Substring> = kind == .python ? ["return", "yield", "await"] : ["return"]
        var depth = 0
        for line in lines {
            let isAtMargin = kind == .python ? !(line.first?.isWhitespace ?? true) : depth == 0
            let isInside =
                isAtMargin
                && (words.contains(line.prefix { $0.isLetter })
                    || kind == .python && line.contains("= await ") && !line.contains("\""))
            if isInside { return "it is the inside of a function" }
            if kind == .javascript { depth += line.count { "{([".contains($0) } - line.count { "})]".contains($0) } }
        }
        return nil
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

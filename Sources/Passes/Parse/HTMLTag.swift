/// Tells markup from placeholders: `<br>` formats, `<file>` stands for a file.
enum HTMLTag {
    private static let names: Set<String> = [
        "a", "abbr", "b", "blockquote", "br", "center", "code", "dd", "del", "details", "div", "dl", "dt", "em", "font",
        "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "picture", "pre",
        "q", "s", "samp", "small", "source", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody",
        "td", "th", "thead", "tr", "tt", "u", "ul", "var", "video",
    ]

    /// Whether raw inline HTML is a comment, declaration or formatting tag.
    static func isMarkup(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 2 else { return true }
        let start = bytes[1] == .slash ? 2 : 1
        guard bytes[start].isLetter else { return true }
        var end = start
        while end < bytes.count, bytes[end].isLetter || bytes[end].isDigit, end - start < 12 { end += 1 }
        return names.contains(String(decoding: bytes[start..<end].map(\.lowercased), as: UTF8.self))
            && !(bytes.byte(end) == .hyphen || bytes.byte(end) == .underscore)
    }
}

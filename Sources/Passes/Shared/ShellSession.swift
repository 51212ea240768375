/// Shell text as documents show it: with prompts, and with output between the commands.
enum ShellSession {
    /// The code alone, as long as `text`: where a line has the prompt `$ `, prompts and all other lines become
    /// blanks, but for continued commands. Without such a line the text is code as it is. O(n).
    static func code(_ text: [UInt8]) -> [UInt8] {
        let lines = text.lines(0..<text.count)
        guard lines.contains(where: { prompt(text, $0) != nil }) else { return text }
        var code = text
        var isContinued = false
        var delimiter: [UInt8]?
        for line in lines {
            let content = text.withoutLineEnd(line)
            if let word = delimiter {
                if text[text.trimmed(content)].elementsEqual(word) { delimiter = nil }
                continue
            }
            if let end = prompt(text, line) {
                blank(&code, line.lowerBound..<end)
            } else if isContinued, text.has("> ", at: content.lowerBound) {
                blank(&code, content.lowerBound..<content.lowerBound + 2)
            } else if !isContinued {
                blank(&code, content)
                continue
            }
            isContinued = !content.isEmpty && text[content.upperBound - 1] == .backslash
            delimiter = hereDocument(text, content)
        }
        return code
    }

    private static func blank(_ code: inout [UInt8], _ range: Range<Int>) {
        for index in range { code[index] = .space }
    }

    /// The end of the prompt `$ ` (with `user@host:~` or `(venv)` before it) with which a line begins.
    private static func prompt(_ text: [UInt8], _ line: Range<Int>) -> Int? {
        var index = line.lowerBound
        while index < line.upperBound, text[index].isBlank { index += 1 }
        let start = index
        while index < line.upperBound, index - start < 60, text[index] != .dollar {
            let byte = text[index]
            guard
                byte.isWord || byte == UInt8(ascii: "@") || byte == .colon || byte == .tilde || byte == .slash
                    || byte == .hyphen || byte == .dot || byte == .openBracket || byte == .closeBracket
                    || byte == .openParenthesis || byte == .closeParenthesis || byte == .space
            else { return nil }
            index += 1
        }
        guard index + 1 < line.upperBound, text[index] == .dollar, text[index + 1] == .space else { return nil }
        let before = text[start..<index]
        let isPrompt =
            before.isEmpty || before.contains(UInt8(ascii: "@")) || before.first == .openParenthesis
            || before.elementsEqual("~ ".utf8)
        return isPrompt ? index + 2 : nil
    }

    private static func hereDocument(_ text: [UInt8], _ line: Range<Int>) -> [UInt8]? {
        guard let place = text.first([.less, .less], in: line), text.byte(place + 2) != .less else { return nil }
        let word = text[place + 2..<line.upperBound].drop { !$0.isWord }.prefix { $0.isWord }
        return word.isEmpty ? nil : Array(word)
    }
}

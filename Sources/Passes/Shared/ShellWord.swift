/// One word of shell text: quotes and backslashes removed, `$…` left as written.
struct ShellWord {
    let bytes: [UInt8]
    let end: Int
    private let depth: Int
    private(set) var index: Int
    private var value: [UInt8] = []
    private(set) var isQuoted = false
    /// Insides of `$(…)`, backticks, `<(…)`.
    private(set) var nested: [Range<Int>] = []

    var text: String { String(decoding: value, as: UTF8.self) }
    /// Digits alone, as before a redirection.
    var isNumber: Bool { !isQuoted && !value.isEmpty && value.count < 4 && value.allSatisfy(\.isDigit) }

    init(_ bytes: [UInt8], at index: Int, end: Int, depth: Int) {
        self.bytes = bytes
        self.index = index
        self.end = end
        self.depth = depth
    }

    /// Reads up to the next blank or operator. In `[[ … ]]` operators are words.
    mutating func read(inTest: Bool) {
        while index < end {
            let byte = bytes[index]
            switch byte {
            case .space, .tab, .lineFeed, .carriageReturn: return
            case .semicolon, .ampersand, .pipe, .closeParenthesis:
                if inTest, byte != .semicolon { take() } else { return }
            case .openParenthesis: if !parenthesis(inTest) { return }
            case .less, .greater: if !angle(inTest) { return }
            case .backslash: escape()
            case .singleQuote: singleQuoted()
            case .doubleQuote: doubleQuoted()
            case .backtick: backticks()
            case .dollar: dollar()
            default: take()
            }
        }
    }

    private mutating func take() {
        value.append(bytes[index])
        index += 1
    }

    private mutating func take(to place: Int) {
        value += bytes[index..<place]
        index = place
    }

    /// An array's value `a=(…)` and a pattern `@(…)` belong to the word.
    private mutating func parenthesis(_ inTest: Bool) -> Bool {
        if inTest {
            take()
            return true
        }
        let last = value.last ?? 0
        if value.isEmpty {
            take()
            return true
        }
        guard last == .equals || last == UInt8(ascii: "@") || last == UInt8(ascii: "?") || last == UInt8(ascii: "!")
        else { return value.isEmpty }
        take(to: ShellNesting.end(bytes, index + 1, end))
        return true
    }

    private mutating func angle(_ inTest: Bool) -> Bool {
        if inTest {
            take()
            return true
        }
        if bytes[index] == .less, let close = Self.placeholderEnd(bytes, index, end) {
            take(to: close)
            return true
        }
        guard bytes.byte(index + 1) == .openParenthesis, index + 1 < end, value.isEmpty || value.last == .equals else {
            return false
        }
        let close = ShellNesting.end(bytes, index + 2, end)
        nested.append(index + 2..<max(index + 2, close - 1))
        take(to: close)
        return true
    }

    private mutating func escape() {
        isQuoted = true
        index += 1
        guard index < end else { return }
        if bytes[index].isLineEnd {
            index += bytes.has("\r\n", at: index) ? 2 : 1
            index = min(index, end)
        } else {
            take()
        }
    }

    private mutating func singleQuoted() {
        isQuoted = true
        let close = bytes.first(.singleQuote, in: index + 1..<end)
        value += bytes[index + 1..<(close ?? end)]
        index = close.map { $0 + 1 } ?? end
    }

    private mutating func doubleQuoted() {
        isQuoted = true
        index += 1
        while index < end {
            switch bytes[index] {
            case .doubleQuote:
                index += 1
                return
            case .backslash:
                let next = bytes.byte(index + 1)
                if index + 1 < end, [.doubleQuote, .dollar, .backtick, .backslash].contains(next) {
                    index += 1
                    take()
                } else if next == .lineFeed, index + 1 < end {
                    index += 2
                } else {
                    take()
                }
            case .backtick: backticks()
            case .dollar: dollar()
            default: take()
            }
        }
    }

    private mutating func backticks() {
        var close = index + 1
        while close < end, bytes[close] != .backtick { close += bytes[close] == .backslash ? 2 : 1 }
        close = min(close, end)
        nested.append(index + 1..<close)
        take(to: min(close + 1, end))
    }

    private mutating func dollar() {
        let next = index + 1 < end ? bytes[index + 1] : 0
        if next == .openParenthesis {
            let isArithmetic = bytes.byte(index + 2) == .openParenthesis
            let close = ShellNesting.end(bytes, index + 2, end)
            if !isArithmetic { nested.append(index + 2..<max(index + 2, close - 1)) }
            take(to: close)
        } else if next == .openBrace {
            take(to: ShellNesting.endOfBrace(bytes, index + 2, end))
        } else if next == .singleQuote, !isQuoted {
            // `$'…'`: escapes stay as written.
            index += 1
            singleQuoted()
        } else {
            take()
        }
    }

    /// The end of `<name>`, `<your file>`, `<PR#>` or `<a|b>` at `start`; nil when it isn't a placeholder.
    static func placeholderEnd(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
        var index = start + 1
        guard index < end, bytes[index].isLetter || bytes[index] >= 0x80 else { return nil }
        while index < end, index - start < 80 {
            let byte = bytes[index]
            if byte == .greater { return bytes[index - 1].isBlank || bytes[index - 1] == .ampersand ? nil : index + 1 }
            let isName = byte.isWord || [.hyphen, .dot, .slash, .pipe, .colon, .comma, .space].contains(byte)
            // ` #` begins a comment, but for `<PR #>`.
            let isNumberSign = byte == .hash && (!bytes[index - 1].isBlank || bytes.byte(index + 1) == .greater)
            guard isName || isNumberSign else { return nil }
            // `<in 2>out`: two redirections.
            if byte.isDigit, bytes[index - 1].isBlank, bytes.byte(index + 1) == .greater { return nil }
            index += 1
        }
        return nil
    }

    /// The offset after the line that is `delimiter`; `end` when there is none.
    static func endOfHereDocument(
        _ bytes: [UInt8], _ start: Int, _ end: Int, _ delimiter: [UInt8], _ stripsTabs: Bool
    ) -> Int {
        var line = start
        while line < end {
            let next = bytes.first(.lineFeed, in: line..<end).map { $0 + 1 } ?? end
            var content = bytes.withoutLineEnd(line..<next)
            while stripsTabs, !content.isEmpty, bytes[content.lowerBound] == .tab {
                content = content.lowerBound + 1..<content.upperBound
            }
            if bytes[content].elementsEqual(delimiter) { return next }
            line = next
        }
        return end
    }
}

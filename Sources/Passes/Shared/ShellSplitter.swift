import Basics
package import SkillModel

/// Splits shell text into simple commands as a POSIX shell would: quotes and escapes removed, nothing expanded.
///
/// Never fails: what can't be parsed becomes words of one command. O(n) in the bytes, with nested substitutions read to
/// a depth of `ShellScanner.maximumDepth`.
package enum ShellSplitter {
    /// The simple commands of `text` in order. `offset` is added to their spans, which count UTF-8 bytes.
    ///
    /// A command inside `$(…)`, backticks or `<(…)` follows the one that holds it, with connector `.substitution`; what
    /// the head of a loop or a bare redirection holds stands alone.
    /// `<name>`, with which documents mark a gap to fill, is a word and no redirection.
    package static func commands(in text: String, at offset: Int = 0) -> [ShellCommand] {
        commands(in: Array(text.utf8), at: offset)
    }

    package static func commands(in bytes: [UInt8], at offset: Int = 0) -> [ShellCommand] {
        var scanner = ShellScanner(bytes, 0..<bytes.count, depth: 0, keywords: [], first: .newline)
        scanner.scan()
        guard offset != 0 else { return scanner.commands }
        return scanner.commands.map { command in
            var command = command
            command.span = SourceSpan(command.span.start + offset, command.span.end + offset)
            return command
        }
    }
}

/// One pass over a list of commands.
struct ShellScanner {
    static let maximumDepth = 12
    static let maximumKeywords = 64

    let bytes: [UInt8]
    let end: Int
    private(set) var index: Int
    private(set) var commands: [ShellCommand] = []
    /// Names of the functions that the text defines.
    private(set) var functions: Set<String> = []
    private let depth: Int

    private var keywords: [String]
    private var connector: ShellCommand.Connector
    private var current: Current?
    private var pendingHereDocuments: [(delimiter: [UInt8], stripsTabs: Bool)] = []
    /// Cases whose next text is a pattern.
    private var expectsPattern = false

    private struct Current {
        var command: ShellCommand
        /// `$(…)` and its like inside the command's words.
        var nested: [Range<Int>] = []
        /// In the head of `for`, `case` and `function` words are no command.
        var isHead = false
        var isTest = false
    }

    init(
        _ bytes: [UInt8], _ range: Range<Int>, depth: Int, keywords: [String], first: ShellCommand.Connector
    ) {
        self.bytes = bytes
        self.index = range.lowerBound
        self.end = range.upperBound
        self.depth = depth
        self.keywords = keywords
        self.connector = first
    }

    mutating func scan() {
        while index < end { step() }
        flush(next: .newline)
    }

    private mutating func step() {
        let byte = bytes[index]
        switch byte {
        case .space, .tab, .carriageReturn: index += 1
        case .backslash where bytes.byte(index + 1).isLineEnd && index + 1 < end:
            index += bytes.has("\r\n", at: index + 1) ? 3 : 2
        case .lineFeed:
            index += 1
            if continuesAfterNewline { return skipHereDocuments() }
            flush(next: .newline)
            skipHereDocuments()
        case .hash: while index < end, bytes[index] != .lineFeed { index += 1 }
        case .semicolon: semicolon()
        case .ampersand: ampersand()
        case .pipe: pipe()
        case .openParenthesis: openParenthesis()
        case .closeParenthesis: closeParenthesis()
        case .less, .greater: if !redirection(digitsFrom: index) { word() }
        case .openBrace where isAlone(index) && current == nil: open("{")
        case .closeBrace where current == nil:
            index += 1
            close("{")
        default:
            if expectsPattern { pattern() } else { word() }
        }
    }

    // MARK: Operators

    private var inTest: Bool { current?.isTest == true }

    /// After `|`, `&&` and `||` the command may stand on the next line.
    private var continuesAfterNewline: Bool {
        current == nil && (connector == .pipe || connector == .and || connector == .or)
    }

    private mutating func semicolon() {
        let isDouble = bytes.byte(index + 1) == .semicolon && index + 1 < end
        index += isDouble ? 2 : 1
        flush(next: .sequence)
        if isDouble, keywords.last == "case" { expectsPattern = true }
    }

    private mutating func ampersand() {
        if bytes.byte(index + 1) == .ampersand, index + 1 < end {
            index += 2
            if inTest { return }
            return flush(next: .and)
        }
        if bytes.byte(index + 1) == .greater, redirection(digitsFrom: index) { return }
        index += 1
        flush(next: .background)
    }

    private mutating func pipe() {
        let next = bytes.byte(index + 1)
        index += next == .pipe || next == .ampersand ? 2 : 1
        index = min(index, end)
        if inTest { return }
        flush(next: next == .pipe ? .or : .pipe)
    }

    private mutating func openParenthesis() {
        if current == nil, bytes.has("((", at: index), let close = bytes.first([0x29, 0x29], in: index..<end) {
            index = close + 2
            return
        }
        if expectsPattern || inTest {
            index += 1
            return
        }
        guard current == nil else {
            // `name()` begins a function.
            var after = index + 1
            while after < end, bytes[after].isBlank { after += 1 }
            if let current, current.command.words.count == 1, bytes.byte(after) == .closeParenthesis, after < end {
                index = after + 1
                functions.insert(current.command.words[0])
                self.current = nil
                return push("function")
            }
            return word()
        }
        index += 1
        push("(")
        connector = .newline
    }

    private mutating func closeParenthesis() {
        index += 1
        if expectsPattern {
            expectsPattern = false
            return
        }
        if inTest { return }
        flush(next: .newline)
        pop("(")
    }

    private func isAlone(_ index: Int) -> Bool { index + 1 >= end || bytes[index + 1].isWhitespace }

    private mutating func open(_ keyword: String) {
        index += 1
        if keywords.last != "function" { push(keyword) }
        connector = connector == .newline ? .newline : connector
    }

    private mutating func close(_ keyword: String) {
        if keywords.last == "function" { pop("function") } else { pop(keyword) }
    }

    private mutating func push(_ keyword: String) {
        if keywords.count < Self.maximumKeywords { keywords.append(keyword) }
    }

    private mutating func pop(_ keyword: String) {
        if let place = keywords.lastIndex(of: keyword) { keywords.removeSubrange(place...) }
    }

    // MARK: Words

    private mutating func word() {
        let start = index
        var reader = ShellWord(bytes, at: index, end: end, depth: depth)
        reader.read(inTest: inTest)
        index = max(reader.index, start + 1)
        if reader.isNumber, index < end, bytes[index] == .less || bytes[index] == .greater,
            redirection(digitsFrom: start)
        {
            return
        }
        let isPlain = !reader.isQuoted
        if current == nil, isPlain, keyword(reader.text, start) { return }
        begin(start)
        add(reader.text, isPlain: isPlain)
        current?.nested += reader.nested
        current?.command.span.end = index
        finishHead(reader.text, isPlain)
    }

    private mutating func begin(_ start: Int) {
        if current == nil {
            current = Current(
                command: ShellCommand(
                    connector: connector, words: [], keywords: keywords, span: SourceSpan(start, start)))
        }
    }

    private mutating func add(_ word: String, isPlain: Bool) {
        if current?.command.words.isEmpty == true, Self.isAssignment(word) {
            current?.command.assignments.append(word)
        } else {
            current?.command.words.append(word)
        }
    }

    /// `NAME=…` or `NAME+=…`.
    private static func isAssignment(_ word: String) -> Bool {
        var previous: UInt8 = 0
        for (offset, byte) in word.utf8.enumerated() {
            if byte == .equals { return offset > 0 && !(offset == 1 && previous == 0x2B) }
            if byte == 0x2B { (previous = byte) } else if previous == 0x2B { return false } else { previous = byte }
            guard byte.isLetter || byte == .underscore || (offset > 0 && (byte.isDigit || byte == 0x2B)) else {
                return false
            }
        }
        return false
    }

    /// Handles a reserved word at the start of a command; false when `word` is none.
    private mutating func keyword(_ word: String, _ start: Int) -> Bool {
        switch word {
        case "if", "while", "until": push(word)
        case "then", "elif", "else", "do", "!", "time", "coproc": break
        case "fi": pop("if")
        case "done":
            let loop = keywords.last { ["for", "while", "until", "select"].contains($0) }
            if let loop { pop(loop) }
        case "esac":
            pop("case")
            expectsPattern = false
        case "for", "select", "case", "function":
            push(word)
            begin(start)
            current?.isHead = true
        case "[[":
            begin(start)
            add(word, isPlain: true)
            current?.isTest = true
        default: return false
        }
        // What follows is a command of its own, but not of a new line.
        return true
    }

    private mutating func finishHead(_ word: String, _ isPlain: Bool) {
        guard isPlain else { return }
        if current?.isTest == true, word == "]]" { current?.isTest = false }
        guard current?.isHead == true else { return }
        if keywords.last == "case", word == "in" {
            flush(next: .newline)
            expectsPattern = true
        } else if keywords.last == "function" {
            flush(next: .newline)
        }
    }

    /// A pattern of `case`, up to its `)`.
    private mutating func pattern() {
        let start = index
        var reader = ShellWord(bytes, at: index, end: end, depth: Self.maximumDepth)
        reader.read(inTest: false)
        index = max(reader.index, start + 1)
        if reader.text == "esac" {
            expectsPattern = false
            pop("case")
        }
    }

    // MARK: Redirections

    /// Reads a redirection whose operator stands after the digits from `start` to `index`; false when it is a
    /// `<placeholder>` or a process substitution, which are words.
    private mutating func redirection(digitsFrom start: Int) -> Bool {
        var after = index
        if bytes[after] == .ampersand { after += 1 }
        let first = bytes[after]
        if after == index, bytes.byte(after + 1) == .openParenthesis { return false }
        if first == .less, ShellWord.placeholderEnd(bytes, after, end) != nil { return false }
        after += 1
        for follower in [UInt8.less, .greater, .ampersand, .pipe, .hyphen] where after < end && bytes[after] == follower
        {
            let isHereString = follower == .less
            if follower == .hyphen, !(bytes[after - 1] == .less && after - index >= 2) { continue }
            after += 1
            if isHereString, first == .less, after < end, bytes[after] == .less { after += 1 }
        }
        let operatorText = bytes.text(start..<after)
        while after < end, bytes[after].isBlank { after += 1 }
        var target = ShellWord(bytes, at: after, end: end, depth: depth)
        if after < end, !bytes[after].isLineEnd { target.read(inTest: false) }
        begin(start)
        index = max(target.index, after)
        current?.command.redirections.append(operatorText + target.text)
        current?.nested += target.nested
        current?.command.span.end = max(target.index, start)
        if operatorText.hasSuffix("<<") || operatorText.hasSuffix("<<-") {
            pendingHereDocuments.append((Array(target.text.utf8), operatorText.hasSuffix("-")))
        }
        return true
    }

    private mutating func skipHereDocuments() {
        for document in pendingHereDocuments {
            index = ShellWord.endOfHereDocument(bytes, index, end, document.delimiter, document.stripsTabs)
        }
        pendingHereDocuments = []
    }

    // MARK: Ends

    /// Ends the current command and reads what it has nested.
    private mutating func flush(next: ShellCommand.Connector) {
        guard let done = current else {
            // `; ;` or an empty line: what joins the next command is the last of them.
            if !(next == .newline && continuesAfterNewline) { connector = next }
            return
        }
        current = nil
        connector = next
        let isHead = done.isHead
        if isHead, done.command.keywords.last == "function" { functions.formUnion(done.command.words) }
        // `done < list` redirects the loop: no command of its own.
        if !isHead, !(done.command.words.isEmpty && done.command.assignments.isEmpty) {
            commands.append(done.command)
        }
        guard depth < Self.maximumDepth else { return }
        for range in done.nested {
            var inner = ShellScanner(
                bytes, range, depth: depth + 1, keywords: done.command.keywords, first: .substitution)
            inner.scan()
            commands += inner.commands
        }
    }
}

/// What a byte of shell text is to the shell.
package enum ShellState: Sendable, Equatable {
    case bare, single, double, comment
    /// The text of a here-document in which the shell expands, and of one in which it does not.
    case document, verbatim
}

/// Reads shell text byte by byte: quotes, escapes, comments, substitutions (in which quotes begin anew) and
/// here-documents, each inside any other. O(1) a byte.
///
/// Two things are read more simply than by a shell: the pattern of a `case` inside `$(…)` ends it, unless its parenthesis is
/// opened too; and a here-document ends at its delimiter wherever that stands alone on a line, as fences in lists and quotes are
/// indented.
package struct ShellReader: Sendable {
    private enum Frame: Sendable {
        /// `(…)` and `$(…)`.
        case parenthesis
        case backticks, single, double, comment
        /// `$'…'`
        case ansi
        /// `${…}` and `((…))`, quoted as what is around them.
        case brace(ShellState), arithmetic(ShellState)
        case document(expands: Bool)
    }

    /// The word behind `<<`.
    private struct Delimiter: Sendable {
        var bytes: [UInt8] = []
        var isQuoted = false
        var quote: UInt8?
        var hasBegun: Bool { isQuoted || !bytes.isEmpty }
    }

    private var stack: [Frame] = []
    /// How many of the frames are backticks.
    private var backticks = 0
    private var isEscaped = false
    /// The byte before, 0 for one that was escaped.
    private var previous = UInt8.lineFeed
    /// How many `<` came last.
    private var less = 0
    /// While it is read.
    private var delimiter: Delimiter?
    /// Of here-documents that begin with the next line; no shell takes more than 16.
    private var pending: [Delimiter] = []
    /// The here-documents in `stack`, of which no more than 16 stand inside each other: by what each ends, and those that were
    /// pending when it began.
    private var documents: [(delimiter: [UInt8], next: [Delimiter])] = []
    /// How the present line begins, while it may be one of these.
    private var line: [UInt8] = []
    private static let longestDelimiter = 200

    package init() {}

    package var state: ShellState {
        switch stack.last {
        case nil, .parenthesis, .backticks: .bare
        case .single, .ansi: .single
        case .double: .double
        case .comment: .comment
        case .brace(let outer), .arithmetic(let outer): outer
        case .document(let expands): expands ? .document : .verbatim
        }
    }

    /// The state in which `byte` stands. A quote mark itself is still in the state before it.
    package mutating func step(_ byte: UInt8) -> ShellState {
        let here = state
        let before = previous
        previous = byte
        if !documents.isEmpty, endsDocument(byte) { return here }
        if isEscaped {
            isEscaped = false
            previous = byte == .lineFeed ? .space : 0
            return here
        }
        if byte != .less {
            if less == 2 { delimiter = Delimiter() }
            less = 0
        }
        if readsDelimiter(byte, after: before) { return here }
        if byte == .backtick, backticks > 0 {
            closeBackticks()
            return here
        }
        switch stack.last {
        case .single: if byte == .singleQuote { pop() }
        case .ansi: if byte == .singleQuote { pop() } else if byte == .backslash { isEscaped = true }
        case .double: if byte == .doubleQuote { pop() } else { expand(byte, after: before, in: here) }
        case .comment:
            if byte == .lineFeed {
                pop()
                beginDocument()
            }
        case .document(let expands): if expands { expand(byte, after: before, in: here) }
        case .brace: if byte == .closeBrace { pop() } else { quoteOrExpand(byte, after: before, in: here) }
        case .arithmetic:
            if byte == .closeParenthesis {
                pop()
            } else if byte == .openParenthesis, before != .dollar {
                stack.append(.arithmetic(here))
            } else {
                quoteOrExpand(byte, after: before, in: here)
            }
        case nil, .parenthesis, .backticks: command(byte, after: before)
        }
        return here
    }

    // MARK: Commands

    private mutating func command(_ byte: UInt8, after before: UInt8) {
        switch byte {
        case .hash where Self.wordEnds.contains(before): stack.append(.comment)
        case .openParenthesis where before == .openParenthesis && !stack.isEmpty:
            // The parenthesis before was half of `((`.
            pop()
            let outer = state
            stack += [.arithmetic(outer), .arithmetic(outer)]
        case .openParenthesis where before != .dollar: stack.append(.parenthesis)
        case .closeParenthesis: if case .parenthesis = stack.last { pop() }
        case .lineFeed: beginDocument()
        case .less: less += 1
        default: quoteOrExpand(byte, after: before, in: .bare)
        }
    }

    /// What stands before a word's first byte.
    private static let wordEnds: Set<UInt8> = [
        .space, .tab, .lineFeed, .carriageReturn, .semicolon, .ampersand, .pipe, .openParenthesis, .closeParenthesis,
    ]

    private mutating func quoteOrExpand(_ byte: UInt8, after before: UInt8, in here: ShellState) {
        switch byte {
        case .doubleQuote: stack.append(.double)
        case .singleQuote where here == .bare: stack.append(before == .dollar ? .ansi : .single)
        default: expand(byte, after: before, in: here)
        }
    }

    /// What means something between double quotes, too.
    private mutating func expand(_ byte: UInt8, after before: UInt8, in here: ShellState) {
        switch byte {
        case .backslash: isEscaped = true
        // `$$` is whole.
        case .dollar where before == .dollar: previous = 0
        case .openParenthesis where before == .dollar: stack.append(.parenthesis)
        case .openBrace where before == .dollar: stack.append(.brace(here))
        case .backtick:
            stack.append(.backticks)
            backticks += 1
        default: break
        }
    }

    /// The first backtick that is not escaped ends what one began, whatever is open between them.
    private mutating func closeBackticks() {
        let count = backticks
        while backticks == count { pop() }
    }

    private mutating func pop() {
        switch stack.removeLast() {
        case .backticks: backticks -= 1
        case .document: documents.removeLast()
        default: break
        }
    }

    // MARK: Here-documents

    /// Whether the byte is one of `<<-'EOF'` behind its first two.
    private mutating func readsDelimiter(_ byte: UInt8, after before: UInt8) -> Bool {
        guard var word = delimiter else { return false }
        delimiter = nil
        if word.bytes.count > Self.longestDelimiter { return false }
        if let quote = word.quote, byte != .lineFeed {
            if byte == quote { word.quote = nil } else { word.bytes.append(byte) }
            delimiter = word
            return true
        }
        switch byte {
        case .singleQuote, .doubleQuote: (word.quote, word.isQuoted) = (byte, true)
        case .backslash: word.isQuoted = true
        case .hyphen where before == .less && !word.hasBegun: break
        case .space where !word.hasBegun, .tab where !word.hasBegun: break
        case .space, .tab, .carriageReturn, .lineFeed, .semicolon, .ampersand, .pipe, .openParenthesis,
            .closeParenthesis, .less, .greater:
            if word.hasBegun, word.quote == nil, pending.count + documents.count < 16 { pending.append(word) }
            return false
        default: word.bytes.append(byte)
        }
        delimiter = word
        return true
    }

    private mutating func beginDocument() {
        guard !pending.isEmpty else { return }
        let first = pending.removeFirst()
        stack.append(.document(expands: !first.isQuoted))
        documents.append((first.bytes, pending))
        (pending, line) = ([], [])
    }

    /// Whether the byte ends a line that ends a here-document: as the shell takes its lines before it looks into them, whatever is
    /// open in it.
    private mutating func endsDocument(_ byte: UInt8) -> Bool {
        guard byte == .lineFeed, !isEscaped else {
            if line.count < 2 * Self.longestDelimiter { line.append(byte) }
            return false
        }
        var text = line.drop { $0.isBlank || $0 == .greater }
        if text.last == .carriageReturn { text.removeLast() }
        line = []
        guard let ended = documents.firstIndex(where: { $0.delimiter.elementsEqual(text) }) else { return false }
        pending = documents[ended].next
        while documents.count > ended { pop() }
        beginDocument()
        return true
    }
}

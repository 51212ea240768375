import Basics
import SkillModel

/// The texts of a skill's blocks as `Movable` reads them: without names in code and without where links lead.
struct MovableText {
    private let document: SkillDocument
    /// By block: pieces of code that are one word, and links.
    private let names: [Int: [SourceSpan]]

    init(_ document: SkillDocument) {
        self.document = document
        var names: [Int: [SourceSpan]] = [:]
        for code in document.codeSpans where !code.text.contains(where: \.isWhitespace) {
            names[code.block, default: []].append(code.span)
        }
        for link in document.links {
            // A link's text is read; a bare address is a name.
            guard link.text != link.destination else {
                names[link.block, default: []].append(link.span)
                continue
            }
            let bytes = document.bytes[link.span.start..<min(link.span.end, document.bytes.count)]
            if let close = bytes.lastIndex(of: UInt8(ascii: "]")), close + 1 < link.span.end {
                names[link.block, default: []].append(SourceSpan(close, link.span.end))
            }
        }
        self.names = names
    }

    /// The source of a block with blanks for its names; `’` is `'`, and a hyphen divides. O(block).
    private func masked(_ index: Int) -> String {
        let block = document.blocks[index]
        var bytes = Array(document.bytes[block.span.start..<min(block.span.end, document.bytes.count)])
        for name in names[index] ?? [] {
            for place in max(name.start, block.span.start)..<max(name.start, min(name.end, block.span.end)) {
                bytes[place - block.span.start] = 0x20
            }
        }
        return Self.plain(String(decoding: bytes, as: UTF8.self))
    }

    static func plain(_ text: String) -> String { text.replacing("’", with: "'").replacing("-", with: " ") }

    func words(of index: Int) -> [Word] { WordScanner.words(masked(index)) }

    /// A row's cells. O(row).
    func cells(of index: Int) -> [String] {
        var cells = masked(index).split(separator: "|", omittingEmptySubsequences: false).map {
            String($0).trimmingBlanks()
        }
        if cells.first == "" { cells.removeFirst() }
        if cells.last == "" { cells.removeLast() }
        return cells
    }

    // MARK: Labels

    enum Label {
        /// Code or a link: what comes after it tells what that does.
        case code
        /// Bold; what comes after it.
        case name(String)
    }

    /// The name with which an item begins, when a sign or a bracket divides it from the rest.
    func label(of index: Int) -> Label? {
        let block = document.blocks[index]
        let raw = document.text(block.span)
        let (mark, isCode): (String, Bool) =
            raw.hasPrefix("`")
            ? ("`", true) : raw.hasPrefix("**") ? ("**", false) : raw.hasPrefix("[") ? ("]", true) : ("", false)
        guard !mark.isEmpty, let close = raw.dropFirst(mark == "]" ? 1 : mark.utf8.count).firstRange(of: mark) else {
            return nil
        }
        guard raw[..<close.lowerBound].utf8.count <= 120 else { return nil }
        var rest = raw[close.upperBound...]
        let isDividedInside = raw[..<close.lowerBound].hasSuffix(":")
        if mark == "]", rest.hasPrefix("("), let end = rest.firstIndex(of: ")") {
            rest = rest[rest.index(after: end)...]
        }
        let after = rest.drop { $0 == " " || $0 == "*" || $0 == "`" }
        guard after.isEmpty || isDividedInside || dividers.contains(where: { after.hasPrefix($0) }) else { return nil }
        if isCode || raw.dropFirst(2).hasPrefix("`") { return .code }
        return .name(String(after.drop { !$0.isLetter }))
    }

    private var dividers: [String] { [":", "—", "–", "- ", "(", "=", "→", "->", ",", "|", "/"] }

    func isBold(_ index: Int) -> Bool {
        let raw = document.text(document.blocks[index].span)
        return raw.hasPrefix("**") && (raw.hasSuffix("**") || raw.hasSuffix("**:"))
    }

    // MARK: Titles and heads

    /// Whether a title only names: no steps, checks, rules, conditions, and none in a language that nobody here reads.
    func isNeutralTitle(_ title: String) -> Bool {
        let text = Self.plain(title)
        let words = WordScanner.words(text)
        return Binding.titles.isDisjoint(with: words.map(\.lower)) && !Deontic.isSigned(words)
            && !Deontic.isMarked(title) && !isStrange(words, text)
    }

    /// Whether a column says what to do, or when.
    func isBindingHead(_ cell: String) -> Bool {
        let words = WordScanner.words(cell)
        return !Self.actions.isDisjoint(with: words.map(\.lower)) || Deontic.isSigned(words) || Deontic.isMarked(cell)
            || isStrange(words, cell)
    }

    private static let actions: Set<String> = [
        "action", "actions", "do", "response", "fix", "fixes", "solution", "solutions", "remedy", "resolution",
        "situation", "condition", "conditions", "trigger", "triggers", "scenario", "case", "task", "step", "steps",
        "phase", "check", "checks", "question", "questions", "approach", "mitigation", "recovery", "handling", "todo",
        "strategy", "symptom", "problem", "issue", "mistake", "behavior", "behaviour", "gate", "signal", "intent",
    ]

    /// A column of what something is by itself: `required` there is no demand on the reader.
    static func isProperty(_ head: String) -> Bool {
        properties.contains(head.lowercased().filter { $0.isLetter || $0 == " " })
    }

    private static let properties: Set<String> = [
        "required", "required?", "optional", "nullable", "default", "unique", "key", "type", "req", "requirement level",
        "data type", "default value", "read only",
    ]

    /// A type or a property, as cells of parameters have them.
    static func isValue(_ cell: String, under head: String) -> Bool {
        let words = WordScanner.words(cell).map { $0.lower }
        if !words.isEmpty, isProperty(head), words.allSatisfy({ flags.contains($0) || types.contains($0) }) {
            return true
        }
        return !words.isEmpty && words.allSatisfy { types.contains($0) }
    }

    private static let flags: Set<String> = ["yes", "no", "none", "y", "n", "never", "always"]
    private static let types: Set<String> = [
        "string", "integer", "int", "number", "boolean", "bool", "object", "array", "list", "text", "date", "datetime",
        "float", "double", "enum", "json", "file", "path", "url", "uri", "id", "any", "null", "default", "true",
        "false",
        "required", "optional", "bytes", "map", "of", "or", "uuid", "timestamp", "char", "long", "void",
    ]

    // MARK: Languages

    func isStrange(_ index: Int) -> Bool { isStrange(words(of: index), document.blocks[index].text) }

    /// Whether a text is in no language that is read here: another script, or mostly unknown words. Names begin with a
    /// capital and prove nothing; one or two words may be names in any case.
    func isStrange(_ words: [Word], _ text: String) -> Bool {
        if Self.isForeign(text) { return true }
        let plain = words.filter { Self.isPlain($0, amongNames: words.count <= 4) }
        return plain.count >= 3 && Self.unknown(plain) * 2 > plain.count
    }

    /// The same of a whole table, which has few words a cell.
    func isStrange(_ rows: [Int]) -> Bool {
        let plain = rows.flatMap { words(of: $0) }.filter { Self.isPlain($0, amongNames: true) }
        return plain.count >= 3 && Self.unknown(plain) * 2 > plain.count
    }

    /// No name: all letters, with a small first one.
    private static func isPlain(_ word: Word, amongNames: Bool) -> Bool {
        guard word.text.utf8.count > 1, word.text.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic || $0 == "'" })
        else { return false }
        return !amongNames || word.text.unicodeScalars.first?.properties.isLowercase == true
            || !word.text.utf8.allSatisfy { $0 < 0x80 }
    }

    private static func unknown(_ words: [Word]) -> Int { words.count { !EnglishWords.knows($0.lower) } }

    /// Letters that are not Latin ones.
    static func isForeign(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.value > 0x24F && $0.properties.isAlphabetic }
    }

    // MARK: Code

    /// What a line of code says to people: all of it where it is no program, else its comment.
    static func said(by line: String, in language: String) -> String {
        if prose.contains(language) { return line }
        let text = line.trimmingBlanks()
        if ["#", "//", "--", "/*", "*", ";", "<!--", "%", "\"\"\"", "'''", "REM"].contains(where: { text.hasPrefix($0) }
        ) {
            return text
        }
        for mark in [" # ", " // ", " -- ", "\t# ", "  #"] {
            if let found = text.firstRange(of: mark) { return String(text[found.upperBound...]) }
        }
        return ""
    }

    /// Forms, answers and data are read as text.
    private static let prose: Set<String> = [
        "", "text", "txt", "plaintext", "plain", "markdown", "md", "prompt", "none", "json", "jsonc", "json5", "yaml",
        "toml", "csv", "xml", "html", "mdx", "rst", "mermaid",
    ]
}

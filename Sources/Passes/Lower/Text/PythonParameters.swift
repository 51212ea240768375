import SkillModel

/// The parameters of outlined Python code: whole string literals that name a sample file, hold a placeholder, or are what
/// a name is set to. Each becomes an argument whose default is the literal, so that the program without arguments is the skill's own;
/// where one of them is a placeholder it stops instead, whether nothing was put in its place or it was passed on.
struct PythonParameters {
    /// The code with `_skvm[n]` where a parameter's literal was.
    let code: String
    let head: [String]
    /// What the one-line command passes: the literals' values.
    let arguments: [String]

    struct Refusal: Error {
        var why: String
    }

    /// Throws `Refusal` when a placeholder stands where it can't be replaced safely. O(n).
    init(_ source: String, tokens: [PythonToken]) throws(Refusal) {
        var literals: [String] = []
        var values: [String] = []
        var places: Set<Int> = []
        var code: [UInt8] = []
        let bytes = Array(source.utf8)
        var at = 0
        for (index, token) in tokens.enumerated() {
            if token.kind != .string {
                if token.kind != .comment, Placeholder.isWord(token.text) {
                    throw Refusal(why: "a placeholder stands in the code itself")
                }
                continue
            }
            let value = Self.plainValue(token, in: tokens, at: index)
            let isTemplate = tokens[(index + 1)...].first?.text == "."
            let isBraced = !isTemplate && Self.holdsBraces(token.text)
            let setting = Self.setting(tokens, at: index)
            let isSample =
                value.map {
                    Placeholder.isWhole($0) || Self.isSampleFile($0) || (isBraced && Self.isBraced($0))
                        || (token.depth > 0 && Self.isFolder($0))
                } ?? false
            guard let value, isSample || (setting != nil && !isBraced && value.utf8.count <= Self.longestSetting) else {
                if Placeholder.occurs(in: token.text) || isBraced {
                    throw Refusal(why: "a placeholder is part of a longer text")
                }
                continue
            }
            if !isSample, Placeholder.occurs(in: value) { throw Refusal(why: "a placeholder is part of a longer text") }
            if OutlinedScript.isSecret(setting ?? "")
                || (!Self.isSampleFile(value) && isSample && OutlinedScript.isSecret(value))
            {
                throw Refusal(why: "a secret would become an argument")
            }
            // Two names that happen to be set to one text are two values.
            let number = isSample ? literals.firstIndex(of: token.text) ?? literals.count : literals.count
            if number == literals.count {
                literals.append(token.text)
                values.append(value)
            }
            if literals.count > 9 { throw Refusal(why: "more than nine parameters") }
            code += bytes[at..<token.range.lowerBound]
            code += Array("_skvm[\(number)]".utf8)
            places.insert(index)
            at = token.range.upperBound
        }
        code += bytes[at...]
        self.code = String(decoding: code, as: UTF8.self)
        self.arguments = values
        self.head = literals.isEmpty ? [] : Self.head(literals)
        if PythonNeeds.explains(tokens, anyOf: places) {
            throw Refusal(why: "a comment explains a value that would be an argument")
        }
    }

    private static let longestSetting = 80

    /// The name that a statement at the margin sets to the literal, and to nothing else; nil for other literals.
    private static func setting(_ tokens: [PythonToken], at index: Int) -> String? {
        guard index >= 2, tokens[index - 1].text == "=", tokens[index - 2].kind == .name, tokens[index - 2].startsLine,
            tokens[index - 2].isAtMargin, [.newline, .comment].contains(tokens[index + 1].kind)
        else { return nil }
        return tokens[index - 2].text
    }

    /// `{project_id}` in a literal that formats nothing: the reader's to fill in.
    private static func holdsBraces(_ literal: String) -> Bool {
        let quote = literal.utf8.first
        guard quote == 0x22 || quote == 0x27 else { return false }
        return literal.utf8.split(separator: 0x7B).dropFirst().contains { part in
            let name = part.prefix { $0 != 0x7D }
            return name.count < part.count && name.first?.isLetter == true && name.allSatisfy(\.isIdentifier)
        }
    }

    private static func isBraced(_ value: String) -> Bool {
        value.hasPrefix("{") && value.hasSuffix("}") && value.utf8.dropFirst().dropLast().allSatisfy(\.isIdentifier)
    }

    private static func head(_ literals: [String]) -> [String] {
        let lines = ["import sys", listStart + literals.joined(separator: ", ") + listEnd]
        let gaps = literals.filter { isGap(String($0.dropFirst().dropLast())) }
        return gaps.isEmpty
            ? lines
            : lines + [
                "if {\(gaps.joined(separator: ", "))} & {*_skvm}: sys.exit(\"an argument is still a placeholder\")"
            ]
    }

    /// What stands for a value and is none.
    private static func isGap(_ value: String) -> Bool {
        Placeholder.isWhole(value) || isBraced(value) || value.hasPrefix("/path/")
    }

    private static let listStart = "_skvm = sys.argv[1:] + ["
    private static let listEnd = "][len(sys.argv) - 1:]"

    /// The code before its parameters were taken out; nil when `head` is not this type's.
    static func restore(_ code: String, head: [String]) -> String? {
        guard (2...3).contains(head.count), head[0] == "import sys", head[1].hasPrefix(listStart),
            head[1].hasSuffix(listEnd),
            let list = PythonTokens.read(String(head[1].dropFirst(listStart.count).dropLast(listEnd.count)))
        else { return nil }
        let literals = list.filter { $0.kind == .string }.map(\.text)
        guard head == Self.head(literals) else { return nil }
        guard let tokens = PythonTokens.read(code) else { return nil }
        var restored: [UInt8] = []
        let bytes = Array(code.utf8)
        var at = 0
        for (index, token) in tokens.enumerated() where token.text == "_skvm" {
            guard index + 3 < tokens.count, tokens[index + 1].text == "[", tokens[index + 3].text == "]",
                let number = Int(tokens[index + 2].text), literals.indices.contains(number)
            else { return nil }
            restored += bytes[at..<token.range.lowerBound]
            restored += Array(literals[number].utf8)
            at = tokens[index + 3].range.upperBound
        }
        restored += bytes[at...]
        return String(decoding: restored, as: UTF8.self)
    }

    /// The value of a literal that an expression may replace: no prefix, no escape, on one line, not part of an implicit
    /// concatenation, not a statement of its own.
    private static func plainValue(_ token: PythonToken, in tokens: [PythonToken], at index: Int) -> String? {
        guard let quote = token.text.utf8.first, quote == 0x22 || quote == 0x27, !token.text.contains("\\"),
            !token.text.contains("\n"), token.text.utf8.count > 2, !token.startsLine
        else { return nil }
        let value = token.text.dropFirst().dropLast()
        if value.utf8.first == quote { return nil }
        let before = tokens[..<index].last { $0.kind != .comment }
        let after = tokens[(index + 1)...].first { $0.kind != .comment }
        if before?.kind == .string || after?.kind == .string || before?.text == "case" { return nil }
        return String(value)
    }

    /// `./in`, `~/notes`, `../out/pages`: a place on the machine of whoever wrote it.
    static func isFolder(_ value: String) -> Bool {
        guard value.utf8.count <= 80, ["./", "../", "~/", "/tmp/", "/path/"].contains(where: value.hasPrefix),
            value.utf8.last?.isLetter == true || value.utf8.last?.isDigit == true || value.hasSuffix("/")
        else { return false }
        return value.utf8.contains(where: \.isLetter)
            && value.utf8.allSatisfy { $0.isIdentifier || [0x2D, 0x2E, 0x2F, 0x7E].contains($0) }
    }

    static func isSampleFile(_ value: String) -> Bool {
        guard value.utf8.count <= 80, let dot = value.lastIndex(of: "."), dot != value.startIndex,
            fileExtensions.contains(value[value.index(after: dot)...].asciiLowercased())
        else { return false }
        return value.utf8.allSatisfy { $0.isIdentifier || [0x2D, 0x2E, 0x2F, 0x7E].contains($0) }
    }

    private static let fileExtensions: Set<String> = [
        "pdf", "csv", "tsv", "txt", "json", "jsonl", "xlsx", "xls", "docx", "doc", "pptx", "odt", "png", "jpg", "jpeg",
        "gif", "svg", "webp", "tiff", "bmp", "html", "htm", "md", "xml", "yaml", "yml", "toml", "ini", "mp3", "mp4",
        "wav", "mov", "mkv", "m4a", "webm", "zip", "tar", "gz", "db", "sqlite", "parquet", "log", "epub", "ics", "eml",
        "pkl", "npy", "npz", "geojson", "gpx", "kml", "srt", "vtt", "tex", "bib", "ipynb",
    ]
}

/// Text that stands for what the reader has to put there: `<file>`, `YOUR_ID`, `your-name`.
enum Placeholder {
    static func isWhole(_ text: String) -> Bool {
        if isWord(text) { return true }
        guard text.hasPrefix("<"), text.hasSuffix(">"), text.utf8.count > 2 else { return false }
        return isAngleName(Array(text.utf8.dropFirst().dropLast()))
    }

    /// `YOUR_API_ID`, `your-project`: a word that begins with `your` and goes on.
    static func isWord(_ text: String) -> Bool {
        let lower = text.asciiLowercased()
        guard lower.hasPrefix("your_") || lower.hasPrefix("your-"), lower.utf8.count > 5 else { return false }
        return lower.utf8.allSatisfy { $0.isIdentifier || $0 == 0x2D }
    }

    /// Whether a placeholder stands anywhere in `text`. O(n).
    static func occurs(in text: String) -> Bool {
        let lower = text.asciiLowercased()
        return lower.contains("your_") || lower.contains("your-") || !angles(in: Array(text.utf8)).isEmpty
    }

    /// The ranges of `<name>` in `bytes`, with the brackets. HTML elements are none, unless they are shouted. O(n).
    static func angles(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var open: Int?
        for (index, byte) in bytes.enumerated() {
            if byte == 0x3C {
                open = index
            } else if byte == 0x3E, let start = open {
                if isAngleName(Array(bytes[(start + 1)..<index])) { found.append(start..<(index + 1)) }
                open = nil
            } else if let start = open, index - start > 40 {
                open = nil
            }
        }
        return found
    }

    private static func isAngleName(_ name: [UInt8]) -> Bool {
        guard let first = name.first, first.isLetter, name.count <= 40,
            name.allSatisfy({ $0.isIdentifier || $0 == 0x2D || $0 == 0x20 })
        else { return false }
        return !elements.contains(String(decoding: name, as: UTF8.self))
    }

    private static let elements: Set<String> = [
        "a", "b", "i", "p", "u", "s", "br", "hr", "em", "td", "tr", "th", "ul", "ol", "li", "h1", "h2", "h3", "h4",
        "h5",
        "h6", "dl", "dt", "dd", "div", "img", "nav", "pre", "svg", "html", "head", "body", "main", "meta", "link",
        "span", "code", "form", "path", "rect", "text", "title", "table", "thead", "tbody", "style", "label", "input",
        "button", "script", "strong", "footer", "header", "section", "article", "canvas", "video", "audio", "select",
        "option", "textarea", "details", "summary", "iframe", "circle", "line", "g",
    ]
}

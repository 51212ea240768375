import Basics
import SkillModel

/// Finds what varies in a word of a command.
enum ParameterReader {
    typealias ValueType = SolidificationCandidate.Parameter.ValueType

    /// A piece of a word: fixed text, or a parameter.
    enum Piece: Equatable {
        case literal(String)
        case parameter(name: String, type: ValueType, example: String)
    }

    /// The pieces of `word`; `flag` is the option right before it, without dashes, when there is one. O(length).
    static func pieces(_ word: String, flag: String?) -> [Piece] {
        if word.hasPrefix("-"), let equals = word.firstIndex(of: "="), word.utf8.count < 300 {
            let name = String(word[..<equals].drop { $0 == "-" })
            let value = String(word[word.index(after: equals)...])
            return [.literal(String(word[...equals]))] + pieces(value, flag: name)
        }
        if word.hasPrefix("-") { return [.literal(word)] }
        if flag == nil, let name = capitals(word) {
            return [.parameter(name: name, type: type(ofName: name), example: word)]
        }
        let marked = placeholders(word)
        if marked.contains(where: { if case .parameter = $0 { true } else { false } }) { return marked }
        if let (name, type) = exampleValue(word, flag: flag) {
            return [.parameter(name: name, type: type, example: word)]
        }
        return [.literal(word)]
    }

    /// `<name>`, `{name}`, `$NAME`, `${NAME}`, `YOUR_NAME`, `[name]` inside a word.
    static func placeholders(_ word: String) -> [Piece] {
        var pieces: [Piece] = []
        var literal = ""
        var rest = word[...]
        while !rest.isEmpty {
            if let (name, length) = placeholder(rest) ?? (literal.hasSuffix("/") ? routed(rest) : nil) {
                if !literal.isEmpty { pieces.append(.literal(literal)) }
                literal = ""
                pieces.append(.parameter(name: name, type: type(ofName: name), example: String(rest.prefix(length))))
                rest = rest.dropFirst(length)
            } else {
                let length = expansion(rest) ?? 1
                literal += rest.prefix(length)
                rest = rest.dropFirst(length)
            }
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        return pieces
    }

    /// How long `${X//a/b}`, `${X[key]}` at the start of a text is: what stands in its braces is the shell's, and no gap.
    private static func expansion(_ text: Substring) -> Int? {
        guard text.hasPrefix("${") else { return nil }
        let inner = text.prefix(100).prefix { $0 != "}" }
        return text.dropFirst(inner.count).first == "}" ? inner.count + 1 : nil
    }

    /// `PROJECT_ID`, `[ORGANIZATION]`: a whole word in capitals that names what comes there.
    private static func capitals(_ word: String) -> String? {
        let isBracketed = word.hasPrefix("[") && word.hasSuffix("]")
        let inner = isBracketed ? word.dropFirst().dropLast() : word[...]
        let isName = inner.utf8.allSatisfy { $0 == 0x5F || $0 >= 0x41 && $0 <= 0x5A }
        guard isName, inner.utf8.count > 2, isBracketed || inner.contains("_") else { return nil }
        return snakeCase(String(inner))
    }

    /// `:id` after a slash, as routes are written.
    private static func routed(_ text: Substring) -> (name: String, length: Int)? {
        guard text.first == ":" else { return nil }
        let name = text.dropFirst().prefix { $0 == "_" || $0 == "-" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
        guard name.first?.isLetter == true, let snake = snakeCase(String(name)) else { return nil }
        return (snake, name.count + 1)
    }

    /// `<name>` and `YOUR_NAME` in code, where braces and brackets are code's own, in order, each once. O(length).
    static func marks(in code: String) -> [(text: String, name: String)] {
        var found: [(text: String, name: String)] = []
        var known: Set<Substring> = []
        var rest = code[...]
        while let first = rest.first {
            if first == "<" || first == "Y" || first == "y", let (name, length) = placeholder(rest) {
                let text = rest.prefix(length)
                if known.insert(text).inserted { found.append((String(text), name)) }
                rest = rest.dropFirst(length)
            } else {
                rest = rest.dropFirst()
            }
        }
        return found
    }

    /// The placeholder at the start of a text, and how many characters it takes.
    private static func placeholder(_ text: Substring) -> (name: String, length: Int)? {
        let pairs: [Character: Character] = ["<": ">", "{": "}", "[": "]"]
        if let first = text.first, let close = pairs[first] {
            let inner = text.dropFirst().prefix(60).prefix { $0 != close && $0 != "\n" }
            let isName =
                !inner.isEmpty && text.dropFirst(inner.count + 1).first == close
                && inner.allSatisfy { $0.isLetter || $0.isNumber || " _-.|/#".contains($0) }
                && inner.contains(where: \.isLetter)
            guard isName, let name = snakeCase(String(inner)),
                first != "[" || inner == inner.lowercased() || isShouted(inner)
            else {
                return nil
            }
            return (name, inner.count + 2)
        }
        if text.first == "$" {
            var inner = text.dropFirst()
            let braced = inner.first == "{"
            if braced { inner = inner.dropFirst() }
            let name = inner.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
            // `${NAME:-x}` is more than a name.
            guard let first = name.first, first.isLetter || first == "_", let snake = snakeCase(String(name)),
                !braced || inner.dropFirst(name.count).first == "}"
            else { return nil }
            return (snake, name.count + 1 + (braced ? 2 : 0))
        }
        if text.hasPrefix("YOUR_") || text.hasPrefix("your_") || text.hasPrefix("your-") {
            let name = text.prefix { $0 == "_" || $0 == "-" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
            return snakeCase(String(name.dropFirst(5))).map { ($0, name.count) }
        }
        return nil
    }

    /// A value that stands for any other of its kind: a URL, a path, a quoted sentence, a number, an option's value.
    private static func exampleValue(_ word: String, flag: String?) -> (name: String, type: ValueType)? {
        let name = flag.flatMap { $0.count > 1 ? snakeCase($0) : nil }
        if word.hasPrefix("http://") || word.hasPrefix("https://") {
            // A bare endpoint is part of the structure; a query's values vary.
            let isOption = name.map { $0.utf8.count > 2 } ?? false
            return isOption || word.contains("?") || word.contains("example") || word.contains("owner")
                ? (name ?? "url", .url) : nil
        }
        if word.contains("{") && word.contains(":") { return (name == "d" ? "body" : name ?? "body", .string) }
        if word.contains(" ") { return (name ?? "text", .string) }
        if !word.isEmpty, word.allSatisfy({ $0.isNumber || $0 == "." || $0 == "-" }), word.contains(where: \.isNumber) {
            return number(word, name)
        }
        if isHost(word) { return word.contains("example") || name != nil ? (name ?? "host", .string) : nil }
        let file = word.split(separator: "/").last.map(String.init) ?? ""
        let hasEnding = file.dropFirst().contains(".") && !file.hasSuffix(".")
        if word.contains("/") || hasEnding { return (name ?? "path", .path) }
        if isReference(word) { return (name ?? "reference", .string) }
        if let name, word.first?.isLetter == true { return (name, .string) }
        return nil
    }

    /// `storage.acme.com`, `acme.io/kind`: the name of a service, a group or a label, and no file's.
    private static func isHost(_ word: String) -> Bool {
        let parts = word.prefix { $0 != "/" }.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 2 && ["com", "dev", "io", "net", "org"].contains(parts.last ?? "")
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == .hyphen }
            }
    }

    /// `@e2`, `0x7845bc5e…`, `playlist:summer:2024`: what stands for one thing among many.
    private static func isReference(_ word: String) -> Bool {
        if word.hasPrefix("0x") { return word.utf8.count > 10 && word.dropFirst(2).allSatisfy(\.isHexDigit) }
        if word.hasPrefix("@") { return word.utf8.count > 1 }
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count > 2
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == .underscore || $0 == .hyphen }
            }
    }

    /// `50`, `-1.5`; of digits too, and no number: an address (`0.0.0.0`), a version, a day.
    private static func number(_ word: String, _ name: String?) -> (name: String, type: ValueType) {
        let digits = word.hasPrefix("-") ? word.dropFirst() : word[...]
        let points = digits.count { $0 == "." }
        if digits.contains("-") { return (name ?? "date", .string) }
        if points > 1 { return (name ?? (points == 3 ? "address" : "version"), .string) }
        return (name ?? "number", points == 1 ? .number : .integer)
    }

    /// `[PROJECT_ID]`; `[A-Z]` is a pattern's.
    private static func isShouted(_ text: Substring) -> Bool {
        text.utf8.count > 3 && text.utf8.allSatisfy { $0 == 0x5F || $0 >= 0x41 && $0 <= 0x5A || $0.isDigit }
    }

    static func type(ofName name: String) -> ValueType {
        if name.hasSuffix("url") { return .url }
        if name.hasSuffix("path") || name.hasSuffix("file") || name.hasSuffix("dir") { return .path }
        if name.hasSuffix("port") || name.hasSuffix("count") || name.hasSuffix("limit") { return .integer }
        return .string
    }

    /// `Model Name`, `modelName`, `model-name` → `model_name`; nil when nothing is left.
    static func snakeCase(_ text: String) -> String? {
        var result = ""
        var previousIsLower = false
        for character in text {
            if character.isASCII, character.isLetter || character.isNumber {
                if character.isUppercase, previousIsLower { result.append("_") }
                result.append(contentsOf: character.lowercased())
                previousIsLower = character.isLowercase || character.isNumber
            } else {
                if !result.isEmpty, result.last != "_" { result.append("_") }
                previousIsLower = false
            }
        }
        while result.last == "_" { result.removeLast() }
        guard let first = result.first else { return nil }
        return String((first.isNumber ? "value_" + result : result).prefix(40))
    }
}

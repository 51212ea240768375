import Basics
import SkillModel

/// Python, JavaScript and SQL that calls something with values: a client's method with named arguments, a query with
/// literals. Not: components, definitions, configuration and code shown as good or bad style.
enum CodeTemplates: TemplateRule {
    static let id = "solidify.code"
    static let message = "a call whose values vary from one to the next"

    static func find(_ reading: SkillReading) -> [Solidify.Found] {
        reading.document.fragments.compactMap { fragment in
            let role = reading.role(ofBlock: fragment.block)
            guard role != .troubleshooting, role != .links, let kind = kinds[fragment.language],
                fragment.text.utf8.count < longest, !showsStyle(fragment.text),
                kind == .sql || callsOut(fragment.text, kind)
            else { return nil }
            let parameters = literals(fragment.text, kind)
            guard !parameters.isEmpty else { return nil }
            var candidate = SolidificationCandidate(
                kind: kind, line: firstLine(fragment, reading.document), span: fragment.content,
                keywords: [],
                signature: signature(written(fragment.text, parameters) { "$" + $0.name }), template: "",
                parameters: parameters.map { parameter in
                    .init(
                        name: parameter.name, type: parameter.type, example: parameter.value,
                        spans: ShellTemplates.occurrences(
                            of: parameter.value, in: fragment.content, reading.document.bytes))
                })
            if let why = objection(fragment.text, kind) {
                return Solidify.Found(refused: candidate, why: why)
            }
            candidate.template = written(fragment.text, parameters) { expression($0, kind) }
            if kind == .javascript {
                do throws(EmbeddedCode.Refusal) {
                    let whole = try JavaScriptCode.whole(
                        candidate.template, isTypeScript: fragment.language == "typescript")
                    (candidate.template, candidate.runner) = (whole.code, whole.runner)
                } catch {
                    return Solidify.Found(refused: candidate, why: error.why)
                }
            }
            return Solidify.Found(
                candidate: candidate, weight: min(parameters.count, 4) + 1, identity: "\(kind) \(fragment.span.start)")
        }
    }

    /// Bytes of the longest code that is a template.
    static let longest = 4000

    /// What takes a literal's place: the value of a variable of the environment, or a name for the database's driver to bind.
    private static func expression(_ literal: Literal, _ kind: SolidificationCandidate.Kind) -> String {
        guard kind != .sql else { return ":" + literal.name }
        let language: EmbeddedCode.Language = kind == .python ? .python : .javascript
        return EmbeddedCode.value(literal.name, in: language, quote: literal.quote) ?? literal.name
    }

    /// Values are bound where rows are read or written; what defines something takes none.
    private static func objection(_ code: String, _ kind: SolidificationCandidate.Kind) -> String? {
        guard kind == .sql else { return nil }
        let bound: Set<String> = [
            "SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "EXPLAIN", "MERGE", "REPLACE", "VALUES",
        ]
        let isOther = code.split(separator: ";").contains { statement in
            let lines = statement.split(whereSeparator: \.isNewline).filter { line in
                !line.drop { $0.isWhitespace }.hasPrefix("--") && !line.allSatisfy(\.isWhitespace)
            }
            let verb = lines.first?.drop { $0.isWhitespace }.prefix { $0.isLetter } ?? ""
            return !lines.isEmpty && !bound.contains(verb.uppercased())
        }
        return isOther ? "a statement that neither reads nor writes rows takes values as part of its code alone" : nil
    }

    /// The code with each literal replaced. O(length).
    static func written(_ code: String, _ literals: [Literal], _ replacement: (Literal) -> String) -> String {
        var text = ""
        var at = code.startIndex
        for literal in literals {
            text += code[at..<literal.range.lowerBound] + replacement(literal)
            at = literal.range.upperBound
        }
        return text + code[at...]
    }

    private static let kinds: [String: SolidificationCandidate.Kind] = [
        "python": .python, "javascript": .javascript, "typescript": .javascript, "sql": .sql,
    ]

    static func showsStyle(_ code: String) -> Bool {
        [
            "❌", "✅", "// Bad", "// Good", "# Bad", "# Good", "</", "/>", "export function", "export const",
            "export default", "BAD", "GOOD", "Before", "After", "interface ", "defineConfig",
        ]
        .contains { code[...].range(of: $0) != nil }
    }

    private static func callsOut(_ code: String, _ kind: SolidificationCandidate.Kind) -> Bool {
        let signs =
            kind == .python
            ? ["client", "requests.", "httpx.", "api.", ".create(", ".run(", ".get(", ".post(", ".search(", "import "]
            : ["await ", "fetch(", ".create(", "client", "require("]
        return signs.contains { code[...].range(of: $0) != nil }
    }

    struct Literal {
        var name: String
        var type: ParameterReader.ValueType
        var value: String
        var quote: String
        /// With its quotes.
        var range: Range<String.Index>
    }

    /// Quoted strings that have a name: `to="+1…"`, `friendlyName: "…"`, `city = "Paris"`. O(length).
    static func literals(_ code: String, _ kind: SolidificationCandidate.Kind) -> [Literal] {
        var found: [Literal] = []
        let strings = strings(of: code, kind)
        for line in code.split(whereSeparator: \.isNewline) where !line.drop(while: { $0 == " " }).hasPrefix("#") {
            var rest = line[...]
            while let at = rest.firstIndex(where: { $0 == "\"" || $0 == "'" }) {
                let quote = rest[at]
                let value = rest[rest.index(after: at)...].prefix { $0 != quote }
                let after = rest.index(at, offsetBy: value.count + 1, limitedBy: rest.endIndex) ?? rest.endIndex
                let name = nameBefore(rest[..<at]) ?? positional(value, after: rest[..<at])
                let isClosed = after < rest.endIndex
                let isString = strings?.contains(code.utf8.distance(from: code.startIndex, to: at)) ?? true
                if let name, !value.isEmpty, value.count < 200, found.count < 12, isClosed, isString,
                    !found.contains(where: { $0.name == name }), !value.contains("\\"),
                    !value.contains("application/"), name != "import", name != "from"
                {
                    found.append(
                        Literal(
                            name: name, type: type(String(value)), value: String(value), quote: String(quote),
                            range: at..<code.index(after: after)))
                }
                rest = isClosed ? rest[rest.index(after: after)...] : rest[rest.endIndex...]
            }
        }
        return found
    }

    /// The offsets at which strings begin that a value may stand for: of one line, joined to no other, and not what is run or loaded
    /// by its text. Nil for SQL and for code that is none.
    private static func strings(of code: String, _ kind: SolidificationCandidate.Kind) -> Set<Int>? {
        switch kind {
        case .python:
            PythonTokens.read(code).map { tokens in
                starts(tokens.map { ($0.kind == .string, $0.text, $0.range.lowerBound) })
            }
        case .javascript:
            JavaScriptTokens.read(code).map { tokens in
                starts(tokens.map { ($0.kind == .string, $0.text, $0.range.lowerBound) })
            }
        case .shell, .sql, .http: nil
        }
    }

    private static func starts(_ tokens: [(isString: Bool, text: String, start: Int)]) -> Set<Int> {
        var found: Set<Int> = []
        for (index, token) in tokens.enumerated() where token.isString && !token.text.contains("\n") {
            let isJoined =
                index > 0 && tokens[index - 1].isString || index + 1 < tokens.count && tokens[index + 1].isString
            let isRun = index > 1 && tokens[index - 1].text == "(" && runners.contains(tokens[index - 2].text)
            if !isJoined, !isRun { found.insert(token.start) }
        }
        return found
    }

    /// Functions whose argument is code, a command for a shell, or what is loaded and run.
    private static let runners: Set<String> = [
        "eval", "exec", "execfile", "compile", "__import__", "import_module", "system", "popen", "getoutput",
        "getstatusoutput", "require", "import", "Function", "execSync", "execFile", "spawn", "spawnSync", "fork",
        "setTimeout",
    ]

    /// A path or address as an argument without a name: `convert("report.docx")`.
    private static func positional(_ value: Substring, after text: Substring) -> String? {
        var before = text
        while before.last == " " { before = before.dropLast() }
        guard before.last == "(" || before.last == ",", before.contains("("), !value.contains(" ") else { return nil }
        if value.hasPrefix("http://") || value.hasPrefix("https://") { return "url" }
        guard let dot = value.lastIndex(of: "."), dot != value.startIndex else {
            return value.hasPrefix("./") || value.hasSuffix("/") ? "path" : nil
        }
        let ending = value[value.index(after: dot)...]
        let isEnding = (1...5).contains(ending.utf8.count) && ending.allSatisfy { $0.isLetter || $0.isNumber }
        return isEnding && ending.contains(where: \.isLetter) || value.hasPrefix("./") ? "path" : nil
    }

    private static func type(_ value: String) -> ParameterReader.ValueType {
        value.hasPrefix("http") ? .url : value.contains("/") ? .path : .string
    }

    /// The identifier before `=` or `:` at the end of a text.
    static func nameBefore(_ text: Substring) -> String? {
        var rest = text
        while rest.last == " " { rest = rest.dropLast() }
        guard let last = rest.last, last == "=" || last == ":" else { return nil }
        rest = rest.dropLast()
        if rest.last == "=" || rest.last == "!" { return nil }
        while let end = rest.last, end == " " || end == "\"" || end == "'" { rest = rest.dropLast() }
        let name = String(
            rest.reversed().prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }.reversed())
        return name.isEmpty ? nil : ParameterReader.snakeCase(name)
    }

    /// The template's tokens with single spaces.
    static func signature(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// 1-based line of the fragment's first line of code, comments aside. O(length).
    static func firstLine(_ fragment: Fragment, _ document: SkillDocument) -> Int {
        let first = document.line(at: fragment.content.start)
        let last = max(first, document.line(at: max(fragment.content.start, fragment.content.end - 1)))
        return (first...last).first { line in
            let text = document.text(document.lines.span(ofLine: line)).drop(while: \.isWhitespace)
            return !text.isEmpty && !["#", "//", "--"].contains(where: text.hasPrefix)
        } ?? first
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```python
            ⟦from acme import Client
            client = Client()
            client.send(to="+15550100", channel="sms")
            ⟧```
            """,
            finds: "from acme import Client client = Client() client.send(to=$to, channel=$channel)"),
        .nothing(
            """
            ```python
            def f(x):
                return x
            ```
            """),
    ]
}

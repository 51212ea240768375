import Basics
import SkillModel

/// HTTP requests written as such: `GET /api/items/:id`, `POST https://host/x?type={type}`, in a block or in text.
enum RequestTemplates: TemplateRule {
    static let id = "solidify.request"
    static let message = "a request whose path varies"

    private static let methods: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE"]

    static func find(_ reading: SkillReading) -> [Solidify.Found] {
        var found: [Solidify.Found] = []
        for fragment in reading.document.fragments where ["http", "", "rest"].contains(fragment.language) {
            let line = CodeTemplates.firstLine(fragment, reading.document)
            let text = reading.document.text(reading.document.lines.span(ofLine: line))
            if let template = template(text, line, fragment.content, reading) { found.append(template) }
        }
        for code in reading.document.codeSpans {
            let line = reading.document.line(at: code.span.start)
            guard code.text[...].range(of: "://") != nil else { continue }
            if let template = template(code.text, line, code.span, reading) { found.append(template) }
        }
        return found
    }

    private static func template(_ text: String, _ line: Int, _ span: SourceSpan, _ reading: SkillReading) -> Solidify
        .Found?
    {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count >= 2, methods.contains(words[0]), words[1].contains("/") else { return nil }
        var parameters: [SolidificationCandidate.Parameter] = []
        var url = ""
        let path = words[1].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        for (index, part) in path.enumerated() {
            if index > 0 { url += "/" }
            if part.hasPrefix(":"), part.utf8.count > 1, let name = ParameterReader.snakeCase(part) {
                parameters.append(parameter(name, part, span, reading))
                url += "$" + name
                continue
            }
            for piece in ParameterReader.pieces(part, flag: "-") {
                switch piece {
                case .parameter(let name, _, let example) where part.contains("{") || part.contains("<"):
                    parameters.append(parameter(name, example, span, reading))
                    url += "$" + name
                case .literal(let text), .parameter(_, _, let text): url += text
                }
            }
        }
        guard !parameters.isEmpty else { return nil }
        return Solidify.Found(
            candidate: SolidificationCandidate(
                kind: .http, line: line, span: span, keywords: Keywords.around(span, reading),
                signature: words[0] + " " + url,
                template: words[0] + " " + url, parameters: parameters),
            weight: min(parameters.count, 4), identity: words[0] + " " + url)
    }

    private static func parameter(
        _ name: String, _ example: String, _ span: SourceSpan, _ reading: SkillReading
    ) -> SolidificationCandidate.Parameter {
        .init(
            name: name, type: ParameterReader.type(ofName: name), example: example,
            spans: ShellTemplates.occurrences(of: example, in: span, reading.document.bytes))
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```http
            ⟦GET /api/items/:slug
            ⟧```
            """,
            finds: "GET /api/items/$slug"),
        RuleExample(
            """
            Then `⟦GET https://acme.dev/v1/{file_key}?type={type}⟧`.
            """,
            finds: "GET https://acme.dev/v1/$file_key?type=$type"),
        .nothing(
            """
            ```http
            GET /api/items
            ```
            """),
    ]
}

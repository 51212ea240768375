import Basics
import SkillModel

/// HTTP requests written as such: `GET /api/items/:id`, `POST https://host/x?type={type}`, in a block or in text; in a
/// block with the gaps of the headers and the values of the body's fields.
enum RequestTemplates: TemplateRule {
    static let id = "solidify.request"
    static let message = "a request whose path or body varies"

    private static let methods: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE"]

    static func find(_ reading: SkillReading) -> [Solidify.Found] {
        var found: [Solidify.Found] = []
        for fragment in reading.document.fragments where ["http", "", "rest"].contains(fragment.language) {
            found += requests(of: fragment, reading).compactMap { template($0, reading) }
        }
        for code in reading.document.codeSpans where code.text[...].range(of: "://") != nil {
            guard isRequest(code.text[...]) else { continue }
            if let template = template(Request(head: code.text[...], rest: [], span: code.span), reading) {
                found.append(template)
            }
        }
        return found
    }

    /// The line that names method and address, and the lines up to the next such line.
    private struct Request {
        var head: Substring
        var rest: [Substring]
        var span: SourceSpan
    }

    /// O(length of the block).
    private static func requests(of fragment: Fragment, _ reading: SkillReading) -> [Request] {
        let bytes = reading.document.bytes
        let end = min(fragment.content.end, bytes.count)
        var requests: [Request] = []
        var start = fragment.content.start
        while start < end, requests.count < requestLimit {
            let lineEnd = bytes[start..<end].firstIndex(of: 0x0A) ?? end
            let text = String(decoding: bytes[start..<lineEnd], as: UTF8.self)[...]
            if isRequest(text.drop { $0 == " " || $0 == ">" }) {
                requests.append(Request(head: text, rest: [], span: SourceSpan(start, lineEnd)))
            } else if !requests.isEmpty, requests[requests.count - 1].rest.count < lineLimit {
                requests[requests.count - 1].rest.append(text)
                requests[requests.count - 1].span.end = lineEnd
            }
            start = lineEnd + 1
        }
        return requests
    }

    private static let requestLimit = 64
    private static let lineLimit = 40

    private static func isRequest(_ text: Substring) -> Bool {
        let words = text.prefix(400).split(maxSplits: 2, whereSeparator: \.isWhitespace)
        return words.count >= 2 && methods.contains(String(words[0])) && words[1].contains("/")
    }

    private static func template(_ request: Request, _ reading: SkillReading) -> Solidify.Found? {
        let words = request.head.drop { $0 == " " || $0 == ">" }.split(whereSeparator: \.isWhitespace).map(String.init)
        var parameters: [SolidificationCandidate.Parameter] = []
        func add(_ name: String, _ example: String) {
            guard parameters.count < 12, !parameters.contains(where: { $0.name == name }) else { return }
            parameters.append(parameter(name, example, request.span, reading))
        }
        var url = ""
        for (index, part) in words[1].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            .enumerated()
        {
            if index > 0 { url += "/" }
            if part.hasPrefix(":"), part.utf8.count > 1, let name = ParameterReader.snakeCase(part) {
                add(name, part)
                url += "$" + name
            } else if let capital = capitals(part), let name = ParameterReader.snakeCase(capital) {
                add(name, capital)
                url += "$" + name
            } else {
                for piece in ParameterReader.pieces(part, flag: "-") {
                    switch piece {
                    case .parameter(let name, _, let example) where part.contains("{") || part.contains("<"):
                        add(name, example)
                        url += "$" + name
                    case .literal(let text), .parameter(_, _, let text): url += text
                    }
                }
            }
        }
        for line in request.rest {
            for field in fields(line) { add(field.name, field.value) }
        }
        guard !parameters.isEmpty else { return nil }
        return Solidify.Found(
            candidate: SolidificationCandidate(
                kind: .http, line: reading.document.line(at: request.span.start), span: request.span,
                keywords: [], signature: words[0] + " " + url,
                template: words[0] + " " + url, parameters: parameters),
            weight: min(parameters.count, 4), identity: words[0] + " " + url)
    }

    /// `NODE_ID`: a part of a path in capitals.
    private static func capitals(_ part: String) -> String? {
        part.utf8.count >= 2 && part.contains("_") && part.utf8.allSatisfy { $0 == 0x5F || $0 >= 0x41 && $0 <= 0x5A }
            ? part : nil
    }

    /// What one line after the first lets vary: the gap of a header, the value of a body's field (`"name": "x"`), the names
    /// of a body in short (`body: { name, city }`). O(length).
    private static func fields(_ line: Substring) -> [(name: String, value: String)] {
        let text = line.drop { $0 == " " || $0 == "\t" || $0 == ">" }.prefix(400)
        if let brace = text.firstIndex(of: "{"), text.hasPrefix("body"), let close = text.lastIndex(of: "}"),
            brace < close, !text.contains("\"")
        {
            return text[text.index(after: brace)..<close].split(separator: ",").compactMap { part in
                let name = part.prefix { $0 != ":" }.filter { !$0.isWhitespace }
                return ParameterReader.snakeCase(name).map { ($0, name) }
            }
        }
        guard let colon = text.firstIndex(of: ":") else { return [] }
        let name = text[..<colon]
        let value = text[text.index(after: colon)...].drop { $0 == " " }
        if name.hasPrefix("\""), name.hasSuffix("\""), name.utf8.count > 2 {
            let literal = value.prefix { $0 != "," || value.hasPrefix("\"") }
            let bare = literal.drop { $0 == "\"" }.prefix { $0 != "\"" && $0 != "," }
            guard let snake = ParameterReader.snakeCase(String(name.dropFirst().dropLast())), !bare.isEmpty,
                bare.first != "{", bare.first != "["
            else { return [] }
            return [(snake, String(bare))]
        }
        // A header; what it must be says its name, what varies is marked.
        for word in value.split(separator: " ") {
            let isGap = word.hasPrefix("<") || word.hasPrefix("{") || word.hasPrefix("YOUR_") || word.hasPrefix("$")
            guard isGap,
                let snake = ParameterReader.snakeCase(String(word.hasPrefix("YOUR_") ? word.dropFirst(5) : word))
            else { continue }
            return [(snake, String(word))]
        }
        return []
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
            ⟦GET /api/items/:slug⟧
            ```
            """,
            finds: "GET /api/items/$slug"),
        RuleExample(
            """
            Then `⟦GET https://acme.dev/v1/{file_key}?type={type}⟧`.
            """,
            finds: "GET https://acme.dev/v1/$file_key?type=$type"),
        RuleExample(
            """
            ```http
            ⟦POST /api/notes
            Authorization: Bearer YOUR_API_KEY

            {"kind": "plain"}⟧
            ⟦PUT /api/notes/NOTE_ID
            body: { title, text }⟧
            ```
            """,
            finds: "POST /api/notes", "PUT /api/notes/$note_id"),
        .nothing(
            """
            ```http
            GET /api/items
            Accept: application/json
            ```
            """),
    ]
}

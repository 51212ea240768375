import Basics
import SkillModel

/// Python that defines a function or a method with parameters: `def search(index, query, top_k=5):`. Its code stays and its
/// arguments vary: the template calls it with them. Not: a method, a declaration without a body (`...`), what takes `self` alone, and code shown as good or bad style.
enum DefinitionTemplates: TemplateRule {
    static let id = "solidify.definition"
    static let message = "a function whose arguments vary from call to call"

    static func find(_ reading: SkillReading) -> [Solidify.Found] {
        let calls = Set(CodeTemplates.found(in: reading).map(\.candidate.span))
        return reading.document.fragments.compactMap { fragment in
            let role = reading.role(ofBlock: fragment.block)
            guard fragment.language == "python", role != .troubleshooting, role != .links,
                !calls.contains(fragment.content), !CodeTemplates.showsStyle(fragment.text),
                fragment.text.utf8.count < CodeTemplates.longest,
                let call = call(fragment, reading.document)
            else { return nil }
            let candidate = SolidificationCandidate(
                kind: .python, line: CodeTemplates.firstLine(fragment, reading.document), span: fragment.content,
                keywords: [],
                signature: signature(fragment, call.parameters, reading.document),
                template: fragment.text + call.text, parameters: call.parameters)
            return Solidify.Found(
                candidate: candidate, weight: min(call.parameters.count, 4) + 1,
                identity: "definition \(fragment.span.start)")
        }
    }

    /// The definition at the fragment's margin with the most parameters, the first of equals; nil when none has any. A method needs an
    /// object, which nobody has. O(length).
    private static func call(_ fragment: Fragment, _ document: SkillDocument) -> PythonCall? {
        let bytes = document.bytes
        var best: [(name: SourceSpan, rest: String)] = []
        var function = (name: "", isAsync: false)
        let end = min(fragment.content.end, bytes.count)
        let lines = bytes.lines(fragment.content.start..<end)
        let margin = lines.compactMap { line -> Int? in
            let content = bytes.trimmed(line)
            return content.isEmpty ? nil : content.lowerBound - line.lowerBound
        }.min()
        for line in lines {
            let content = bytes.trimmed(line)
            guard content.lowerBound - line.lowerBound == margin, let open = opening(content, bytes),
                let close = bytes.first(.closeParenthesis, in: open + 1..<min(end, open + longestList)),
                !isStub(after: close, end, bytes)
            else { continue }
            let names = names(in: open + 1..<close, bytes)
            guard names.count > best.count else { continue }
            best = names
            let head = bytes.text(content.lowerBound..<open)
            function = (String(head.split(separator: " ").last ?? ""), head.hasPrefix("async "))
        }
        guard !best.isEmpty else { return nil }
        let parameters = best.prefix(12).map { span, rest in
            let name = document.text(span)
            let snake = ParameterReader.snakeCase(name) ?? "argument"
            return SolidificationCandidate.Parameter(
                name: snake, type: PythonCall.type(of: rest) ?? ParameterReader.type(ofName: snake), example: name,
                spans: [span])
        }
        return PythonCall(function: function.name, isAsync: function.isAsync, parameters: parameters)
    }

    private static let longestList = 600

    /// The parenthesis of `def name(` or `async def name(` at the start of a line.
    private static func opening(_ line: Range<Int>, _ bytes: [UInt8]) -> Int? {
        var index = line.lowerBound
        if bytes.has("async ", at: index) { index += 6 }
        guard bytes.has("def ", at: index) else { return nil }
        index += 4
        let name = index
        while index < line.upperBound, bytes[index].isWord { index += 1 }
        return index > name && index < line.upperBound && bytes[index] == .openParenthesis ? index : nil
    }

    /// `def f(x) -> int: ...` only declares.
    private static func isStub(after close: Int, _ end: Int, _ bytes: [UInt8]) -> Bool {
        let line = close + 1..<(bytes.first(.lineFeed, in: close + 1..<end) ?? end)
        let text = bytes.text(bytes.trimmed(line))
        return text.hasSuffix("...")
    }

    /// The names of `self, query: str, top_k: int = 5` with what is said of each, without `self`, `cls` and what takes any number of arguments.
    private static func names(in list: Range<Int>, _ bytes: [UInt8]) -> [(name: SourceSpan, rest: String)] {
        var found: [(name: SourceSpan, rest: String)] = []
        var start = list.lowerBound
        var depth = 0
        for index in list.lowerBound...list.upperBound {
            let isEnd = index == list.upperBound
            if !isEnd, bytes[index] == .openBracket || bytes[index] == .openBrace { depth += 1 }
            if !isEnd, bytes[index] == .closeBracket || bytes[index] == .closeBrace { depth -= 1 }
            guard isEnd || bytes[index] == .comma && depth <= 0 else { continue }
            let part = bytes.trimmed(start..<index)
            var end = part.lowerBound
            while end < part.upperBound, bytes[end].isWord { end += 1 }
            let name = SourceSpan(part.lowerBound, end)
            if name.count > 0, !["self", "cls"].contains(bytes.text(part.lowerBound..<end)) {
                found.append((name, bytes.text(end..<part.upperBound)))
            }
            start = index + 1
        }
        return found
    }

    /// The fragment's tokens, with `$name` for the parameters where they are declared.
    private static func signature(
        _ fragment: Fragment, _ parameters: [SolidificationCandidate.Parameter], _ document: SkillDocument
    ) -> String {
        var text = ""
        var start = fragment.content.start
        for parameter in parameters {
            guard let span = parameter.spans.first, span.start >= start else { continue }
            text += document.text(SourceSpan(start, span.start)) + "$" + parameter.name
            start = span.end
        }
        text += document.text(SourceSpan(start, max(start, fragment.content.end)))
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```python
            ⟦def search(index, query: str, top_k: int = 5) -> list[dict]:
                return index.query(embed(query), top_k)
            ⟧```
            """,
            finds:
                "def search($index, $query: str, $top_k: int = 5) -> list[dict]: return index.query(embed(query), top_k)"
        ),
        .nothing(
            """
            ```python
            class Token:
                def balance(self):
                    return self.amount
            ```
            """),
        .nothing(
            """
            ```python
            class Token:
                def balance(self, owner: str) -> int: ...
            ```
            """),
    ]
}

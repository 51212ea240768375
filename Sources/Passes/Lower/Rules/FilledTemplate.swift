import Basics
package import SkillModel

/// The fields of an output, told in a list → the list, and after it a skeleton to fill in.
///
/// JSON where the words before the list, or right behind it, say JSON and each item begins with a field's name; Markdown where they
/// speak of sections or headings. The values are the item's own words in angle brackets. Not where an example in that
/// language follows already.
///
///     Return JSON with these fields:
///     - `title`: the page's title        →   … and  {"title": "<the page's title>", "tags": ["<list of topics>"]}
///     - `tags`: list of topics
package struct FilledTemplate: LoweringRule {
    package init() {}
    package static let id = "lower.filled-template"
    package static let message = "put a skeleton of the answer after the list of its fields"
    package var primitives: [Primitive] { [.followFormat, .genTextStructured] }
    package var stepsDown: [StepDown] {
        [StepDown(.followFormat, from: .l3)] + StepDown.both(of: .genTextStructured)
    }
    package var phrases: [String] { ["json", "markdown", "true", "false"] }

    package func apply(in context: LoweringContext) -> LoweringOutcome {
        var outcome = LoweringOutcome()
        guard let gap = context.gap(among: primitives) else { return outcome }
        let children = Children(context.document.blocks)
        for (index, block) in context.document.blocks.enumerated()
        where (block.kind == .list || block.kind == .orderedList) && block.parent == nil {
            guard let lead = context.previousSibling(of: index), context.document.blocks[lead].kind == .paragraph,
                let form = Self.form(context.document.blocks[lead].text, after: Self.textAfter(index, in: context))
            else { continue }
            let items = children.items(of: index, in: context.document)
            guard (2...24).contains(items.count), !Self.hasExample(form, after: index, in: context) else { continue }
            guard let skeleton = form == .json ? Self.json(items) : Self.markdown(items) else {
                outcome.left.append(
                    .init(line: context.document.line(at: block.span.start), why: "not every item names a field"))
                continue
            }
            outcome.proposals.append(
                LoweringProposal(
                    Edit(
                        span: Self.insertion(after: block, in: context.document),
                        replacement: Self.block(form.rawValue, skeleton, context.lineEnd), rule: id, gap: gap,
                        reason: "the \(items.count) fields of the output, as a form to fill in")))
        }
        return outcome
    }

    private enum Form: String { case json, markdown }

    private static func textAfter(_ list: Int, in context: LoweringContext) -> String {
        guard let next = context.nextSibling(of: list), context.document.blocks[next].kind == .paragraph else {
            return ""
        }
        return String(context.document.blocks[next].text.prefix(200))
    }

    /// `after` is the paragraph behind the list: `Output JSON.` may stand there.
    private static func form(_ lead: String, after: String) -> Form? {
        let text = lead.trimmingBlanks()
        guard text.hasSuffix(":") else { return nil }
        let words = Set(Sentences.words(text))
        let isOutput = !words.isDisjoint(with: [
            "output", "return", "returns", "respond", "response", "produce", "write", "emit", "reply", "report",
            "answer", "result", "generate",
        ])
        guard isOutput else { return nil }
        if words.contains("json"),
            !words.isDisjoint(with: ["field", "fields", "key", "keys", "object", "properties", "json"])
        {
            return .json
        }
        if !words.isDisjoint(with: ["fields", "keys"]), Sentences.words(after).contains("json") { return .json }
        return words.isDisjoint(with: ["sections", "headings"]) ? nil : .markdown
    }

    private static func json(_ items: [Children.Item]) -> String? {
        var fields: [String] = []
        for item in items {
            let name = item.codeLead ?? item.lead
            guard !name.isEmpty, name.utf8.allSatisfy({ $0.isIdentifier || $0 == 0x2D })
            else {
                return nil
            }
            let words = Set(Sentences.words(item.rest))
            let hint = "\"<\(escaped(item.rest.isEmpty ? name : item.rest))>\""
            let isList = !words.isDisjoint(with: ["array", "list"])
            let isFlag = !words.isDisjoint(with: ["boolean", "bool"])
            fields.append("  \"\(name)\": \(isFlag ? "true" : isList ? "[\(hint)]" : hint)")
        }
        return "{\n" + fields.joined(separator: ",\n") + "\n}"
    }

    private static func markdown(_ items: [Children.Item]) -> String? {
        var sections: [String] = []
        for item in items {
            let title = item.lead
            guard !title.isEmpty, title.utf8.count <= 60, !title.contains("`") else { return nil }
            sections.append("## \(title)" + (item.rest.isEmpty ? "" : "\n<\(item.rest)>"))
        }
        return sections.joined(separator: "\n\n")
    }

    /// Whether a fragment in the form's language stands between the list and the next heading.
    private static func hasExample(_ form: Form, after list: Int, in context: LoweringContext) -> Bool {
        let document = context.document
        let block = document.blocks[list]
        let end = block.section.map { document.sections[$0].span.end } ?? document.bytes.count
        return document.fragments.contains { fragment in
            fragment.span.start >= block.span.start && fragment.span.start < end
                && (fragment.language == form.rawValue || fragment.text.trimmingBlanks().hasPrefix("{"))
        }
    }

    /// After the list's last byte that is no blank.
    private static func insertion(after block: Block, in document: SkillDocument) -> SourceSpan {
        var end = min(block.span.end, document.bytes.count)
        while end > block.span.start, document.bytes[end - 1].isWhitespace { end -= 1 }
        return SourceSpan(end, end)
    }

    private static func block(_ language: String, _ text: String, _ lineEnd: String) -> String {
        // Four marks: no text of three can close it.
        let lines = ["", "", "````\(language)"] + text.splitLines() + ["````"]
        return lines.joined(separator: lineEnd)
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": escaped += "\\" + String(scalar)
            case _ where scalar.value < 0x20: escaped += " "
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            Return JSON in this format, with these fields:

            - `title`: the page's "title"
            - `tags`: list of topics
            - `draft`⟦⟧

            Then stop.
            """,
            finds: """
                ````json
                {
                  "title": "<the page's \\"title\\">",
                  "tags": ["<list of topics>"],
                  "draft": "<draft>"
                }
                ````
                """,
            target: [.followFormat: .l1]),
        RuleExample(
            """
            Write a report with these fields:

            - **title**: at most 60 characters
            - **actions**: a list; each has an owner⟦⟧

            Output JSON.
            """,
            finds: """
                ````json
                {
                  "title": "<at most 60 characters>",
                  "actions": ["<a list; each has an owner>"]
                }
                ````
                """,
            target: [.followFormat: .l1]),
        .nothing(
            """
            Return JSON in this format, with these fields:

            - `title`: the page's "title"
            - `tags`: list of topics

            ```json
            {"title": "A", "tags": []}
            ```
            """,
            target: [.followFormat: .l1]),
    ]
}

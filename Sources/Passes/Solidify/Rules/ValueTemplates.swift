import Basics
import SkillModel

/// Python that gives names values: the settings of a configuration, a call's named arguments, a mapping of names to numbers:
/// `cfg.model.layers = 16`, `build(root="data", retries=3)`. What it does stays and the values vary. Not what other rules of
/// templates take, and not code shown as good or bad style.
enum ValueTemplates: TemplateRule {
    static let id = "solidify.values"
    static let message = "code whose named values vary from one use to the next"

    static func find(_ reading: SkillReading) -> [Solidify.Found] {
        let taken = Set(
            (CodeTemplates.found(in: reading) + DefinitionTemplates.found(in: reading)).map(\.candidate.span))
        return reading.document.fragments.compactMap { fragment in
            let role = reading.role(ofBlock: fragment.block)
            guard fragment.language == "python", role != .troubleshooting, role != .links,
                !taken.contains(fragment.content), !CodeTemplates.showsStyle(fragment.text),
                fragment.text.utf8.count < CodeTemplates.longest
            else { return nil }
            let values = values(fragment.text)
            guard !values.isEmpty else { return nil }
            let signature = CodeTemplates.written(fragment.text, values) { "$" + $0.name }
            return Solidify.Found(
                candidate: SolidificationCandidate(
                    kind: .python, line: CodeTemplates.firstLine(fragment, reading.document), span: fragment.content,
                    keywords: [], signature: CodeTemplates.signature(signature),
                    template: CodeTemplates.written(fragment.text, values, expression),
                    parameters: values.map { value in
                        .init(
                            name: value.name, type: value.type, example: value.value,
                            spans: ShellTemplates.occurrences(
                                of: value.value, in: fragment.content, reading.document.bytes))
                    }),
                weight: min(values.count, 4) + 1, identity: "values \(fragment.span.start)")
        }
    }

    /// What takes a value's place: that of a variable of the environment, read as what it is.
    private static func expression(_ value: CodeTemplates.Literal) -> String {
        let quote = value.quote.isEmpty ? "\"" : value.quote
        let text = EmbeddedCode.value(value.name, in: .python, quote: quote) ?? value.name
        return switch value.type {
        case .integer: "int(\(text))"
        case .number: "float(\(text))"
        case .boolean: "(\(text) == \(quote)True\(quote))"
        default: text
        }
    }

    /// Named strings, and named numbers and truth values, in the order of the text. O(length).
    private static func values(_ code: String) -> [CodeTemplates.Literal] {
        var found = CodeTemplates.literals(code, .python)
        for line in code.split(whereSeparator: \.isNewline) where !line.drop(while: { $0 == " " }).hasPrefix("#") {
            for plain in plain(in: line.prefix(longestLine)) {
                guard found.count < 12, !found.contains(where: { $0.name == plain.name }) else { continue }
                found.append(plain)
            }
        }
        return found.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    private static let longestLine = 300

    /// `layers = 16`, `retries=3`, `"epochs": 2`, `shuffle=True`. Not a slice or a comparison.
    private static func plain(in line: Substring) -> [CodeTemplates.Literal] {
        var found: [CodeTemplates.Literal] = []
        var previous: Character = " "
        for index in line.indices {
            let sign = line[index]
            defer { if sign != " " { previous = sign } }
            guard sign == "=" || sign == ":" && (previous == "\"" || previous == "'") else { continue }
            let rest = line[line.index(after: index)...].drop { $0 == " " }
            let value = rest.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_" }
            guard let type = type(value),
                let name = CodeTemplates.nameBefore(line[...index].suffix(80)), name.first?.isLetter == true
            else { continue }
            found.append(
                .init(
                    name: name, type: type, value: String(value), quote: "", range: value.startIndex..<value.endIndex))
        }
        return found
    }

    private static func type(_ value: Substring) -> ParameterReader.ValueType? {
        if value == "True" || value == "False" { return .boolean }
        guard value.contains(where: \.isNumber) else { return nil }
        if Int(value) != nil { return .integer }
        return Double(value) == nil ? nil : .number
    }

    static let examples: [RuleExample] = [
        RuleExample(
            """
            ```python
            ⟦cfg.model.offloading = True
            cfg.model.layers = 16
            ⟧```
            """,
            finds: "cfg.model.offloading = $offloading cfg.model.layers = $layers"),
        RuleExample(
            """
            ```python
            ⟦Tunnel(
                folder="~/.vpn",
                retries=3,
            )
            ⟧```
            """,
            finds: "Tunnel( folder=$folder, retries=$retries, )"),
        .nothing(
            """
            ```python
            rows = table.read()
            if rows == 3 or rows[0:2]:
                print(rows)
            ```
            """),
    ]
}

import Basics
import Formats
import SkillModel

/// Cuts the front matter off SKILL.md and reads it.
///
/// The fences are lines: `---` first, `---` or `...` at the end, blanks after them allowed. So a `---` inside a value
/// doesn't end it. A BOM before the first fence is passed over. What YAML refuses but most harnesses read (they take
/// `key: value` line by line) is read so too, with a warning.
struct FrontMatterReader {
    struct Result {
        var frontMatter = FrontMatter()
        var body: SourceSpan
        var diagnostics: [Diagnostic] = []
    }

    private let text: SourceText
    private var bytes: [UInt8] { text.bytes }

    init(_ text: SourceText) {
        self.text = text
    }

    func read() -> Result {
        let start = bytes.has("\u{FEFF}", at: 0) ? 3 : 0
        let lines = text.lines
        var opening = 1
        while opening < lines.starts.count, isBlank(line: opening, from: start) { opening += 1 }
        guard isFence(line: opening, from: start, "---") else { return missing(start) }

        var result = Result(body: SourceSpan(bytes.count, bytes.count))
        if opening > 1 {
            result.diagnostics.append(
                .parse(
                    "late-front-matter", .warning, "blank lines stand before the front matter", at: start,
                    hint: "some harnesses see no front matter then: begin the file with ---"))
        }
        let open = lines.span(ofLine: opening)
        let fenceStart = max(open.start, start)
        let closing = (opening + 1..<max(lines.starts.count + 1, opening + 1)).first {
            isFence(line: $0, from: 0, "---") || isFence(line: $0, from: 0, "...")
        }
        if let closing {
            let close = lines.span(ofLine: closing)
            result.frontMatter.span = SourceSpan(fenceStart, bytes.withoutLineEnd(close.range).upperBound)
            result.body = SourceSpan(close.end, bytes.count)
            readEntries(open.end..<close.start, into: &result)
        } else {
            readUnclosed(fenceStart, open.end, into: &result)
        }
        return result
    }

    private func missing(_ start: Int) -> Result {
        let fault = Diagnostic.parse(
            "no-front-matter", .error, "SKILL.md has no front matter", at: start,
            hint: "begin it with ---, name:, description: and ---, a line each")
        return Result(body: SourceSpan(start, bytes.count), diagnostics: [fault])
    }

    /// Without a closing fence the header ends at the first line that can't belong to it.
    private func readUnclosed(_ fenceStart: Int, _ start: Int, into result: inout Result) {
        var end = start
        for line in bytes.lines(start..<bytes.count) {
            let content = bytes.withoutLineEnd(line)
            guard !content.isEmpty, bytes[content.lowerBound].isBlank || LineReader.key(bytes, content) != nil else {
                break
            }
            end = line.upperBound
        }
        result.frontMatter = LineReader(bytes, start..<end).read()
        result.frontMatter.span = SourceSpan(fenceStart, end)
        result.body = SourceSpan(end, bytes.count)
        result.diagnostics.append(
            .parse(
                "unclosed-front-matter", .error, "the front matter has no closing ---", at: fenceStart,
                hint: "put a line --- after its last key"))
    }

    private func readEntries(_ range: Range<Int>, into result: inout Result) {
        do throws(YAMLError) {
            let yaml = bytes.text(range)
            let root = try YAML.parse(yaml)
            switch root?.value {
            case .mapping(let pairs): result.frontMatter.entries = entries(pairs, in: range)
            case nil: break
            default:
                let fault = Diagnostic.parse(
                    "front-matter-not-mapping", .error, "the front matter is not a list of 'key: value' pairs",
                    at: range.lowerBound)
                result.diagnostics.append(fault)
            }
        } catch {
            fallBack(range, error, into: &result)
        }
    }

    private func fallBack(_ range: Range<Int>, _ error: YAMLError, into result: inout Result) {
        result.frontMatter.entries = LineReader(bytes, range).read().entries
        let line = text.lines.line(at: range.lowerBound) + error.line - 1
        let offset = min(text.lines.offset(line: line, column: error.column), range.upperBound)
        switch error.kind {
        case .duplicateKey:
            result.diagnostics.append(duplicate(error, offset, result.frontMatter.entries))
        case .tooComplex:
            result.diagnostics.append(
                .parse(
                    "front-matter-bounds", .warning, "the front matter has \(error.problem); it is read line by line",
                    at: range.lowerBound, hint: "keep the front matter small and flat"))
        case .syntax:
            let isUseful = result.frontMatter.description != nil || result.frontMatter.name != nil
            result.diagnostics.append(
                .parse(
                    isUseful ? "front-matter-yaml" : "front-matter-unreadable", isUseful ? .warning : .error,
                    "the front matter is not YAML (\(error.problem))" + (isUseful ? "; it is read line by line" : ""),
                    at: offset, hint: "quote values that hold ': ', '#' or start with a special character"))
        }
    }

    private func duplicate(_ error: YAMLError, _ offset: Int, _ entries: [FrontMatter.Entry]) -> Diagnostic {
        // libyaml's mark is the first of the two; the one to remove is the second.
        let second = entries.filter { $0.key == error.problem }.dropFirst().first?.span.start ?? offset
        return .parse(
            "duplicate-key", .error, "the front matter has the key '\(error.problem.prefix(80))' twice", at: second,
            hint: "remove one of them")
    }

    private func entries(_ pairs: [YAMLNode.Pair], in range: Range<Int>) -> [FrontMatter.Entry] {
        pairs.indices.map { index in
            let pair = pairs[index]
            let start = range.lowerBound + pair.key.start
            let limit = index + 1 < pairs.count ? range.lowerBound + pairs[index + 1].key.start : range.upperBound
            let end = endOfValue(max(start, min(limit, bytes.count)), after: start)
            let valueStart = min(max(range.lowerBound + pair.value.start, start), end)
            let (value, isStructured) = Self.render(pair.value)
            return FrontMatter.Entry(
                key: pair.key.text ?? Self.render(pair.key).text, value: value, isStructured: isStructured,
                span: SourceSpan(start, end), valueSpan: SourceSpan(valueStart, end), type: Self.type(pair.value))
        }
    }

    /// Where the value before `limit` ends: comment lines, blank lines and line ends go off.
    private func endOfValue(_ limit: Int, after start: Int) -> Int {
        var lines = bytes.lines(start..<limit)
        while lines.count > 1, let last = lines.last {
            let content = bytes.trimmed(last)
            guard content.isEmpty || bytes[content.lowerBound] == .hash else { break }
            lines.removeLast()
        }
        return bytes.trimmed(start..<(lines.last?.upperBound ?? limit)).upperBound
    }

    private static func render(_ node: YAMLNode) -> (text: String, isStructured: Bool) {
        if let text = node.text { return (text, false) }
        // Encoding strings, lists and string-keyed mappings can't fail; the empty text is for the compiler.
        let json = (try? CanonicalJSON.encode(JSONValue(node))).map { String(decoding: $0, as: UTF8.self) }
        return (json ?? "", true)
    }

    private static func type(_ node: YAMLNode) -> FrontMatter.Entry.ValueType {
        switch node.value {
        case .sequence: .list
        case .mapping: .mapping
        case .scalar:
            switch node.scalarType {
            case .null: .null
            case .boolean: .boolean
            case .number: .number
            default: .string
            }
        }
    }

    private func isBlank(line: Int, from start: Int) -> Bool {
        let span = text.lines.span(ofLine: line)
        return bytes.trimmed(max(span.start, min(start, span.end))..<span.end).isEmpty
    }

    private func isFence(line: Int, from start: Int, _ fence: StaticString) -> Bool {
        let span = text.lines.span(ofLine: line)
        let first = max(span.start, min(start, span.end))
        guard bytes.has(fence, at: first), first + 3 <= span.end else { return false }
        return bytes.trimmed(first + 3..<span.end).isEmpty
    }
}

/// A YAML value on its way to canonical JSON: scalars as strings but for booleans and null.
private struct JSONValue: Encodable {
    let node: YAMLNode
    init(_ node: YAMLNode) { self.node = node }

    func encode(to encoder: any Encoder) throws {
        switch node.value {
        case .scalar(let text, _):
            var container = encoder.singleValueContainer()
            switch node.scalarType {
            case .boolean: try container.encode(text.first == "t" || text.first == "T")
            case .null: try container.encodeNil()
            default: try container.encode(text)
            }
        case .sequence(let items):
            var container = encoder.unkeyedContainer()
            for item in items { try container.encode(JSONValue(item)) }
        case .mapping(let pairs):
            var container = encoder.container(keyedBy: Key.self)
            for pair in pairs { try container.encode(JSONValue(pair.value), forKey: Key(pair.key.text ?? "")) }
        }
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ text: String) { stringValue = text }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

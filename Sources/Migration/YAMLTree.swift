import Basics
import Formats

/// YAML of other tools with the places of its values.
struct YAMLTree {
    let root: YAMLNode
    private let file: String
    private let lines: LineTable

    /// Throws `DiagnosticsError` (`import.yaml`) for what is no YAML, has duplicate keys, is empty, or too deep or large.
    init(_ bytes: [UInt8], file: String) throws(DiagnosticsError) {
        self.file = file
        lines = LineTable(bytes)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Self.fault("it is not UTF-8", SourceLocation(file: file))
        }
        let parsed: YAMLNode?
        do throws(YAMLError) {
            parsed = try YAML.parse(text, limit: ForeignSkills.greatestSize)
        } catch {
            let what =
                error.kind == .duplicateKey ? "'\(error.problem.shortened)' stands twice" : error.problem.shortened
            throw Self.fault(what, SourceLocation(file: file, line: error.line, column: error.column))
        }
        guard let parsed else { throw Self.fault("it is empty", SourceLocation(file: file)) }
        root = parsed
    }

    private static func fault(_ words: String, _ location: SourceLocation) -> DiagnosticsError {
        DiagnosticsError([Diagnostic("import.yaml", .error, "the file can't be read: \(words)", at: location)])
    }

    func location(_ node: YAMLNode) -> SourceLocation {
        let position = lines.position(at: min(node.start, lines.byteCount))
        return SourceLocation(file: file, line: position.line, column: position.column)
    }
}

extension YAMLNode {
    subscript(key: String) -> YAMLNode? { pairs?.first { $0.key.text == key }?.value }
    var pairs: [Pair]? { if case .mapping(let pairs) = value { pairs } else { nil } }
    var items: [YAMLNode]? { if case .sequence(let items) = value { items } else { nil } }
    /// A scalar that is not null.
    var word: String? { scalarType == .null ? nil : text }
}

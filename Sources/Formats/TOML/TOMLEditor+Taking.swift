package import Basics

extension TOMLEditor {
    /// Makes what stands at `path` what another document has there, as it is written there; what is new comes with the comment
    /// at the end of its line. With nil, `path` is removed.
    ///
    /// Throws `DiagnosticsError` when a part of the path is no table here.
    package mutating func take(_ value: TOMLValue?, at path: [String]) throws(DiagnosticsError) {
        guard let value else {
            try remove(path)
            return
        }
        guard let table = value.table, !value.isInlineTable else {
            let parent = document.root.value(at: Array(path.dropLast()))
            let isNew = document.root.value(at: path) == nil && parent?.isInlineTable != true
            return try set(path, to: Self.literal(value, withComment: isNew))
        }
        if document.root.value(at: path) != nil { try remove(path) }
        let lines = table.values.filter { $0.table == nil || $0.isInlineTable }
        if !lines.isEmpty || table.isEmpty {
            try setTable(path, lines.map { ($0.key, Self.literal($0, withComment: true)) })
        }
        for inner in table.values where inner.table != nil && !inner.isInlineTable {
            try take(inner, at: path + [inner.key])
        }
    }

    private static func literal(_ value: TOMLValue, withComment: Bool) -> TOMLLiteral {
        .verbatim(value.sourceText + (withComment ? value.trailingComment : ""))
    }
}

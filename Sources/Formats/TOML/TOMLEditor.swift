package import Basics

/// Changes single keys and tables of a TOML text and leaves every other byte as it is: comments, order, blank lines,
/// indentation, line ends, quoting.
///
/// After each change the text has been parsed again: it is TOML whatever was asked for.
package struct TOMLEditor: Sendable {
    package private(set) var document: TOMLDocument

    /// Throws `DiagnosticsError` when `text` isn't TOML.
    package init(_ text: [UInt8], file: String) throws(DiagnosticsError) {
        document = try TOMLDocument(parsing: text, file: file)
    }

    package init(_ text: String, file: String) throws(DiagnosticsError) {
        try self.init(Array(text.utf8), file: file)
    }

    package var bytes: [UInt8] { document.bytes }
    package var text: String { String(decoding: document.bytes, as: UTF8.self) }

    /// Gives the key at the end of `path` that value: replaces the one that is there, or adds the key to its table, which
    /// is added when it is missing. Where the table's keys are sorted, the new one is put in its place among them.
    ///
    /// Throws `DiagnosticsError` when a part of the path is no table. `path` must not be empty.
    package mutating func set(_ path: [String], to value: TOMLLiteral) throws(DiagnosticsError) {
        guard let key = path.last else { return }
        if let old = document.root.value(at: path) {
            if old.keySpan != nil, old.table == nil || isInline(old) { return try replace([(old.span, value.text)]) }
            try remove(path)
        }
        let table = Array(path.dropLast())
        try requireTable(table)
        try insert(key, value, into: table)
    }

    /// The same for many keys of one table, as if one were set after the other, but the text is parsed a few times only: O(n log n).
    package mutating func set(
        _ entries: [(key: String, value: TOMLLiteral)], in path: [String]
    ) throws(DiagnosticsError) {
        let latest = Dictionary(entries.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        var done: Set<String> = []
        var others: [(key: String, value: TOMLLiteral)] = []
        var replaced: [(span: SourceSpan, text: String)] = []
        for old in document.root.value(at: path)?.table?.values ?? [] {
            guard let value = latest[old.key], done.insert(old.key).inserted else { continue }
            if old.keySpan != nil, old.table == nil || isInline(old) {
                replaced.append((old.span, value.text))
            } else {
                // A table with a header of its own.
                others.append((old.key, value))
            }
        }
        if !replaced.isEmpty { try replace(replaced) }
        for entry in others { try set(path + [entry.key], to: entry.value) }
        var added: [(key: String, value: TOMLLiteral)] = []
        for entry in entries where done.insert(entry.key).inserted {
            if let value = latest[entry.key] { added.append((entry.key, value)) }
        }
        // The one that is the first of its table may make the table, and is what the others stand beside.
        guard let first = added.indices.min(by: { precedes(added[$0].key, added[$1].key) }) else { return }
        let opening = isSorted(path) ? added.remove(at: first) : added.removeFirst()
        try set(path + [opening.key], to: opening.value)
        try insertMany(added, into: path)
    }

    /// Adds a `[path]` table with these keys at the end of the document, or in the place of the one that is there.
    package mutating func setTable(_ path: [String], _ entries: [(key: String, value: TOMLLiteral)])
        throws(DiagnosticsError)
    {
        try requireTable(Array(path.dropLast()))
        let parent = document.root.value(at: Array(path.dropLast()))
        if let parent, parent.table != nil, isInline(parent) || isDotted(parent) {
            // A header can't reach into an inline table: the new one is inline too.
            return try set(path, to: .table(entries))
        }
        if document.root.value(at: path) != nil { try remove(path) }
        let header = "[" + path.map(TOMLLiteral.keyText).joined(separator: ".") + "]"
        let lines = [header] + entries.map { "\(TOMLLiteral.keyText($0.key)) = \($0.value.text)" }
        try replace([(SourceSpan(bytes.count, bytes.count), separator(before: bytes.count) + joined(lines))])
    }

    /// Removes the key or the whole table (with the tables below it, wherever they stand) at `path`; false when there is
    /// none. A comment on the lines before it stays: it may speak of what follows.
    @discardableResult
    package mutating func remove(_ path: [String]) throws(DiagnosticsError) -> Bool {
        guard let value = document.root.value(at: path), value.index != 0 else { return false }
        let parent = document.storage.nodes[Int(value.index)].parent
        if isInline(TOMLValue(storage: document.storage, index: parent)) {
            try replace([(inlineRemoval(of: value), "")])
        } else {
            try replace(removals(of: value).map { ($0, "") })
        }
        return true
    }
}

extension TOMLEditor {
    /// Whether a table has a header of its own, and neither a key nor a comment below it.
    package func isBlank(_ path: [String]) -> Bool {
        guard let table = document.root.value(at: path)?.table, table.values.isEmpty,
            let place = document.storage.sections.firstIndex(where: { $0.table == table.index })
        else { return false }
        let section = document.storage.sections[place]
        let next = document.storage.sections.dropFirst(place + 1).first.map { Int($0.start) } ?? bytes.count
        return section.start < section.end && Int(section.end) <= next
            && !bytes[Int(section.end)..<next].contains(UInt8(ascii: "#"))
    }

    // MARK: Adding

    private mutating func insert(_ key: String, _ value: TOMLLiteral, into path: [String]) throws(DiagnosticsError) {
        let line = "\(TOMLLiteral.keyText(key)) = \(value.text)"
        guard let table = document.root.value(at: path)?.table else {
            let header = "[" + path.map(TOMLLiteral.keyText).joined(separator: ".") + "]"
            let text = separator(before: bytes.count) + joined([header, line])
            return try replace([(SourceSpan(bytes.count, bytes.count), text)])
        }
        if isInline(table.value) { return try insertInline(line, into: table) }
        if let section = document.storage.sections.first(where: { $0.table == table.index }) {
            return try insert(line, key, into: table, section)
        }
        if isDotted(table.value), let last = leavesBeside(table.value).last {
            let prefix = dottedPrefix(of: table.value)
            return try insertLine(prefix + line, after: last.span.end, like: last)
        }
        // The table exists only through the headers of tables below it: it gets its own.
        let header = "[" + path.map(TOMLLiteral.keyText).joined(separator: ".") + "]"
        let text = separator(before: bytes.count) + joined([header, line])
        try replace([(SourceSpan(bytes.count, bytes.count), text)])
    }

    private mutating func insert(_ line: String, _ key: String, into table: TOMLTable, _ section: TOMLSection)
        throws(DiagnosticsError)
    {
        let entries = self.entries(of: table, in: section)
        let isSorted = zip(entries, entries.dropFirst()).allSatisfy { precedes($0.key, $1.key) }
        let before = isSorted ? entries.last { precedes($0.key, key) } : entries.last
        if let before {
            let end = leavesBeside(before).map(\.span.end).max() ?? before.span.end
            return try insertLine(line, after: end, like: before)
        }
        if section.start == section.end || section.end == 0 || table.index == 0 {
            // The first key of the document's head goes before everything but its opening comment.
            let start = headInsertion()
            return try replace([(SourceSpan(start, start), joined([line]))])
        }
        try insertLine(line, after: Int(section.end), like: entries.first)
    }

    /// Adds keys that are new to a table with at least one key.
    private mutating func insertMany(
        _ added: [(key: String, value: TOMLLiteral)], into path: [String]
    ) throws(DiagnosticsError) {
        guard let table = document.root.value(at: path)?.table, !isInline(table.value),
            let section = document.storage.sections.first(where: { $0.table == table.index })
        else {
            for entry in added { try set(path + [entry.key], to: entry.value) }
            return
        }
        let entries = self.entries(of: table, in: section)
        let isSorted = zip(entries, entries.dropFirst()).allSatisfy { precedes($0.key, $1.key) }
        var lines: [Int: [String]] = [:]
        for entry in isSorted ? added.sorted(by: { precedes($0.key, $1.key) }) : added {
            var place = entries.count
            if isSorted {
                var low = 0
                while low < place {
                    let middle = (low + place) / 2
                    if precedes(entries[middle].key, entry.key) { low = middle + 1 } else { place = middle }
                }
            }
            // Nothing stands before it: that is a case of its own, and of one key at most.
            if place == 0 {
                try set(path + [entry.key], to: entry.value)
                return try insertMany(added.filter { $0.key != entry.key }, into: path)
            }
            lines[place - 1, default: []].append("\(TOMLLiteral.keyText(entry.key)) = \(entry.value.text)")
        }
        let edits = lines.map { place, lines -> (span: SourceSpan, text: String) in
            let sibling = entries[place]
            let end = lineEnd(leavesBeside(sibling).map(\.span.end).max() ?? sibling.span.end)
            let indentation = sibling.keySpan.map { self.indentation(at: $0.start) } ?? ""
            let needsBreak = end == bytes.count && bytes.last != UInt8(ascii: "\n")
            return (
                SourceSpan(end, end),
                (needsBreak ? lineBreak : "") + lines.map { indentation + joined([$0]) }.joined()
            )
        }
        try replace(edits)
    }

    /// Those of a table's values that stand in one of its sections, in their order.
    private func entries(of table: TOMLTable, in section: TOMLSection) -> [TOMLValue] {
        let range = Int(section.end)...max(Int(section.end), Int(section.lastEnd))
        return table.values.filter { value in value.keySpan.map { range.contains($0.start) } ?? false }
    }

    private func isSorted(_ path: [String]) -> Bool {
        guard let table = document.root.value(at: path)?.table,
            let section = document.storage.sections.first(where: { $0.table == table.index })
        else { return false }
        let entries = self.entries(of: table, in: section)
        return zip(entries, entries.dropFirst()).allSatisfy { precedes($0.key, $1.key) }
    }

    /// Puts `line` below the line that holds `offset`, with the indentation of `sibling`'s line.
    private mutating func insertLine(_ line: String, after offset: Int, like sibling: TOMLValue?)
        throws(DiagnosticsError)
    {
        let end = lineEnd(offset)
        let indentation = sibling.flatMap(\.keySpan).map { self.indentation(at: $0.start) } ?? ""
        let needsBreak = end == bytes.count && bytes.last != UInt8(ascii: "\n")
        try replace([(SourceSpan(end, end), (needsBreak ? lineBreak : "") + indentation + joined([line]))])
    }

    private mutating func insertInline(_ line: String, into table: TOMLTable) throws(DiagnosticsError) {
        if let last = table.values.last {
            let end = leaves(of: last).map(\.span.end).max() ?? last.span.end
            return try replace([(SourceSpan(end, end), ", " + line)])
        }
        try replace([(table.value.span, "{ " + line + " }")])
    }

    /// After the opening comment block of the document and the blank line that ends it.
    private func headInsertion() -> Int {
        let lines = LineTable(bytes)
        var line = 1
        while line < lines.starts.count, bytes[lines.span(ofLine: line).range].first == UInt8(ascii: "#") { line += 1 }
        let span = lines.span(ofLine: line)
        let isBlank = bytes[span.range].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        if line > 1, isBlank, span.count > 0 { return span.end }
        return line == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : span.start
    }

    // MARK: Removing

    /// The whole lines of a key, or of everything that makes up a table.
    private func removals(of value: TOMLValue) -> [SourceSpan] {
        var spans: [SourceSpan] = []
        for (number, section) in document.storage.sections.enumerated() where number > 0 {
            if isBelow(section.table, value.index) {
                spans.append(sectionRemoval(Int(section.start), Int(section.lastEnd)))
            }
        }
        for leaf in leaves(of: value) {
            guard let key = leaf.keySpan, !spans.contains(where: { $0.contains(key.start) }) else { continue }
            spans.append(SourceSpan(lineStart(key.start), lineEnd(leaf.span.end)))
        }
        return spans
    }

    /// A section's lines, and the blank lines after it, unless it is the last one: then those before it.
    private func sectionRemoval(_ start: Int, _ end: Int) -> SourceSpan {
        var first = lineStart(start)
        var last = lineEnd(end)
        while last < bytes.count, bytes[last] == 0x0A || bytes[last] == 0x0D { last += 1 }
        if last == bytes.count {
            while first > 1, bytes[first - 1] == 0x0A, lineStart(first - 1) == first - 1 || bytes[first - 2] == 0x0D,
                isBlankLine(before: first)
            {
                first = lineStart(first - 1)
            }
        }
        return SourceSpan(first, last)
    }

    private func isBlankLine(before offset: Int) -> Bool {
        bytes[lineStart(offset - 1)..<offset].allSatisfy { $0 == 0x0A || $0 == 0x0D }
    }

    /// A key of an inline table with the comma that divides it from its neighbour.
    private func inlineRemoval(of value: TOMLValue) -> SourceSpan {
        let parent = TOMLValue(storage: document.storage, index: document.storage.nodes[Int(value.index)].parent)
        let siblings = parent.table?.values ?? []
        let last = leaves(of: value).map(\.span.end).max() ?? value.span.end
        guard let place = siblings.firstIndex(where: { $0.index == value.index }), let key = value.keySpan else {
            return SourceSpan(last, last)
        }
        if place + 1 < siblings.count, let next = siblings[place + 1].keySpan {
            return SourceSpan(key.start, next.start)
        }
        if place > 0 { return SourceSpan(siblings[place - 1].span.end, last) }
        return SourceSpan(key.start, last)
    }

    // MARK: What stands where

    private func requireTable(_ path: [String]) throws(DiagnosticsError) {
        for count in 0...path.count {
            guard let value = document.root.value(at: Array(path.prefix(count))), value.table == nil else { continue }
            throw DiagnosticsError([
                Diagnostic(
                    "toml.wrong-type", .error, "'\(value.path)' is \(value.kind.name), not a table", at: value.location,
                    hint: "change it to a table by hand first")
            ])
        }
    }

    /// The values below `value` (or itself) that stand in the text as `key = …`.
    private func leaves(of value: TOMLValue) -> [TOMLValue] {
        guard let table = value.table, !isInline(value) else {
            return document.storage.nodes[Int(value.index)].definition == .header ? [] : [value]
        }
        return table.values.flatMap(leaves)
    }

    /// Those of them that stand in the section where `value` itself does: a header further down may add to its tables.
    private func leavesBeside(_ value: TOMLValue) -> [TOMLValue] {
        let sections = document.storage.sections
        func section(_ offset: Int) -> Int { sections.lastIndex { $0.start <= offset } ?? 0 }
        let own = section(value.span.start)
        return leaves(of: value).filter { section($0.span.start) == own }.sorted { $0.span < $1.span }
    }

    private func isInline(_ value: TOMLValue) -> Bool {
        document.storage.nodes[Int(value.index)].definition == .inline && value.table != nil
    }

    private func isDotted(_ value: TOMLValue) -> Bool {
        value.table != nil && document.storage.nodes[Int(value.index)].definition.rawValue > 0
    }

    private func isBelow(_ node: Int32, _ ancestor: Int32) -> Bool {
        var node = node
        while node > 0 {
            if node == ancestor { return true }
            node = document.storage.nodes[Int(node)].parent
        }
        return false
    }

    /// `a.b.` for a table of dotted keys, from the section in which they stand.
    private func dottedPrefix(of value: TOMLValue) -> String {
        var value = value
        var prefix = ""
        while isDotted(value) {
            prefix = TOMLLiteral.keyText(value.key) + "." + prefix
            value = TOMLValue(storage: document.storage, index: document.storage.nodes[Int(value.index)].parent)
        }
        return prefix
    }

    // MARK: Lines

    private var lineBreak: String {
        guard let first = bytes.firstIndex(of: 0x0A), first > 0, bytes[first - 1] == 0x0D else { return "\n" }
        return "\r\n"
    }

    private func joined(_ lines: [String]) -> String { lines.map { $0 + lineBreak }.joined() }

    private func lineStart(_ offset: Int) -> Int {
        bytes[..<offset].lastIndex(of: 0x0A).map { $0 + 1 }
            ?? (bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? min(3, offset) : 0)
    }

    /// After the line's end, or the end of the text.
    private func lineEnd(_ offset: Int) -> Int { bytes[offset...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count }

    private func indentation(at offset: Int) -> String {
        String(decoding: bytes[lineStart(offset)..<offset].prefix { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
    }

    /// What divides a new table from the text before it: one blank line.
    private func separator(before end: Int) -> String {
        let text = bytes[..<end].filter { $0 != 0x0D }.suffix(2)
        if text.isEmpty || text.elementsEqual([0x0A, 0x0A]) { return "" }
        return text.last == 0x0A ? lineBreak : lineBreak + lineBreak
    }

    private mutating func replace(_ edits: [(span: SourceSpan, text: String)]) throws(DiagnosticsError) {
        var output: [UInt8] = []
        var position = 0
        for edit in edits.sorted(by: { $0.span < $1.span }) {
            // Removals of neighbouring tables may share the blank lines between them.
            output += bytes[position..<max(position, edit.span.start)]
            output += Array(edit.text.utf8)
            position = max(position, edit.span.end)
        }
        output += bytes[position...]
        document = try TOMLDocument(parsing: output, file: document.file)
    }
}

private func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

package import Basics

/// Two TOML documents that were changed independently, made one: three ways, by key in tables. What one side alone added,
/// removed or changed is taken; what both changed differently is a clash.
///
/// It says what must come of them, and brings both ancestor and ours so near to theirs that a merge by lines has only
/// comments, order and clashes left to decide. O(n) in the documents, and once more for each change of theirs.
package struct TOMLMerge: Sendable {
    /// What both sides changed, each in its own way.
    package struct Clash: Sendable {
        package var path: [String]
        /// Nil where that side has removed it.
        package var ours: TOMLValue?
        package var theirs: TOMLValue?
    }

    /// In the order of their keys.
    package let clashes: [Clash]
    /// The ancestor, and ours, with all that theirs alone changed.
    package let base: [UInt8]
    package let ours: [UInt8]
    private let theirs: TOMLDocument
    private let result: Shape

    /// `isWhole` says of a path of keys that its value counts as one, though it is a table.
    ///
    /// Throws `DiagnosticsError` where theirs can't be written into the others' tables.
    package init(
        base: TOMLDocument, ours: TOMLDocument, theirs: TOMLDocument, isWhole: @escaping ([String]) -> Bool
    ) throws(DiagnosticsError) {
        var comparison = Comparison(isWhole: isWhole)
        result = comparison.merge(base.root.value, ours.root.value, theirs.root.value, []) ?? .table([:])
        clashes = comparison.clashes
        var editors = [try TOMLEditor(base.bytes, file: base.file), try TOMLEditor(ours.bytes, file: ours.file)]
        for change in comparison.taken {
            for index in editors.indices { try editors[index].take(change.value, at: change.path) }
        }
        self.base = editors[0].bytes
        self.ours = editors[1].bytes
        self.theirs = theirs
    }

    /// Whether a text says what must come of the two. Where they clash no text does.
    package func isMet(by text: [UInt8]) -> Bool {
        guard clashes.isEmpty, let document = try? TOMLDocument(parsing: text, file: theirs.file) else { return false }
        return Shape(document.root.value) == result
    }

    /// Whether `text` has each line with a comment that theirs wrote.
    package func keepsComments(in text: [UInt8], since base: TOMLDocument) -> Bool {
        func comments(_ bytes: [UInt8]) -> Set<ArraySlice<UInt8>> {
            Set(bytes.split { $0 == 0x0A || $0 == 0x0D }.filter { $0.contains(UInt8(ascii: "#")) })
        }
        return comments(theirs.bytes).subtracting(comments(base.bytes)).isSubset(of: comments(text))
    }
}

/// What a value says, however it is written.
private indirect enum Shape: Equatable, Sendable {
    case table([String: Shape])
    case array([Shape])
    case value(TOMLValue.Kind, String)

    init(_ value: TOMLValue) {
        if let table = value.table {
            self = .table(Dictionary(table.values.map { ($0.key, Shape($0)) }, uniquingKeysWith: { first, _ in first }))
        } else if let array = value.array {
            self = .array(array.map { Shape($0) })
        } else {
            let text = value.string ?? value.integer.map { "\($0)" } ?? value.float.map { "\($0.bitPattern)" }
            self = .value(value.kind, text ?? value.sourceText)
        }
    }
}

private struct Comparison {
    let isWhole: ([String]) -> Bool
    var taken: [(path: [String], value: TOMLValue?)] = []
    var clashes: [TOMLMerge.Clash] = []

    init(isWhole: @escaping ([String]) -> Bool) { self.isWhole = isWhole }

    /// What comes of the three at `path`; nil for nothing.
    mutating func merge(_ base: TOMLValue?, _ ours: TOMLValue?, _ theirs: TOMLValue?, _ path: [String]) -> Shape? {
        let (b, o, t) = (base.map { Shape($0) }, ours.map { Shape($0) }, theirs.map { Shape($0) })
        if o == t || b == t { return o }
        // Key by key also where only theirs changed: that leaves the most of the text as it is.
        if let inner = ours?.table, let other = theirs?.table, base == nil || base?.table != nil, !isWhole(path) {
            var keys = inner.values.map(\.key)
            keys += other.values.map(\.key).filter { inner[$0] == nil }
            keys += (base?.table?.values ?? []).map(\.key).filter { inner[$0] == nil && other[$0] == nil }
            var result: [String: Shape] = [:]
            for key in keys {
                result[key] = merge(base?.table?[key], inner[key], other[key], path + [key])
            }
            return .table(result)
        }
        if b == o {
            taken.append((path, theirs))
            return t
        }
        clashes.append(.init(path: path, ours: ours, theirs: theirs))
        return o
    }
}

package import Basics
package import SkillModel

/// Edits applied to a text, and the way from a place in the source to its place in the result.
package struct EditApplication: Sendable {
    /// A fault of the edits themselves: a pass is broken.
    package enum Fault: Error, Sendable, Equatable {
        case overlap(Edit, Edit)
        /// The span is not inside the source, or cuts a character.
        case span(Edit)
    }

    package let text: String
    /// In the order of the text: each edit with the bytes of the result that its replacement takes.
    package let placed: [(edit: Edit, result: SourceSpan)]

    /// Edits may come in any order. Two insertions at one place are kept in the order given; anything else that shares a
    /// byte is an overlap. O(source + edits · log edits). Throws `Fault`.
    package init(_ edits: [Edit], to document: SkillDocument) throws(Fault) {
        let bytes = document.bytes
        let sorted = edits.enumerated().sorted { ($0.element.span, $0.offset) < ($1.element.span, $1.offset) }
            .map(\.element)
        var result: [UInt8] = []
        var placed: [(edit: Edit, result: SourceSpan)] = []
        result.reserveCapacity(bytes.count + bytes.count / 8)
        var at = 0
        var last: Edit?
        for edit in sorted {
            guard Self.isPlace(edit.span.start, in: bytes), Self.isPlace(edit.span.end, in: bytes),
                edit.span.start <= edit.span.end
            else { throw .span(edit) }
            if let last, edit.span.start < at || (edit.span == last.span && edit.span.count > 0) {
                throw .overlap(last, edit)
            }
            result += bytes[at..<edit.span.start]
            let start = result.count
            result += edit.replacement.utf8
            placed.append((edit, SourceSpan(start, result.count)))
            at = edit.span.end
            last = edit
        }
        result += bytes[at...]
        self.text = String(decoding: result, as: UTF8.self)
        self.placed = placed
    }

    /// Whether `offset` is in the text and between two characters' encodings.
    private static func isPlace(_ offset: Int, in bytes: [UInt8]) -> Bool {
        offset >= 0 && (offset == bytes.count || (offset < bytes.count && bytes[offset] & 0xC0 != 0x80))
    }
}

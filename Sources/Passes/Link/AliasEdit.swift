import Basics
package import SkillModel

/// A skill that is installed under another name than its own says so in its front matter: the Agent Skills specification
/// wants `name` to be the folder's.
package enum AliasEdit {
    package static let rule = "link.alias"

    /// The edit that makes `alias` the skill's name; no edit where it is already.
    package static func edits(of document: SkillDocument, alias: String) -> EditSet {
        guard let edit = edit(of: document, alias: alias) else { return EditSet() }
        return EditSet(edits: [edit])
    }

    /// The text of the front matter with that edit and no other; nil without front matter.
    static func frontMatter(of document: SkillDocument, alias: String?) -> String? {
        guard let span = document.frontMatter.span else { return nil }
        guard let alias, let edit = edit(of: document, alias: alias) else { return document.text(span) }
        return document.text(SourceSpan(span.start, edit.span.start)) + edit.replacement
            + document.text(SourceSpan(edit.span.end, span.end))
    }

    private static func edit(of document: SkillDocument, alias: String) -> Edit? {
        let entries = document.frontMatter.entries
        func edit(_ span: SourceSpan, _ text: String) -> Edit {
            Edit(span: span, replacement: text, rule: rule, gap: nil, reason: "it is installed as \(alias)")
        }
        if let name = entries.first(where: { $0.key == "name" }) {
            return name.value == alias ? nil : edit(value(of: name, in: document), alias)
        }
        return entries.first.map { edit(SourceSpan($0.span.start, $0.span.start), "name: \(alias)\n") }
    }

    /// The value without a comment behind it.
    private static func value(of entry: FrontMatter.Entry, in document: SkillDocument) -> SourceSpan {
        let span = entry.valueSpan
        let bytes = document.bytes[span.range]
        var length = span.count
        if let quote = bytes.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            if let end = bytes.dropFirst().firstIndex(of: quote) { length = end + 1 - span.start }
        } else if bytes.starts(with: entry.value.utf8) {
            length = entry.value.utf8.count
        }
        return SourceSpan(span.start, span.start + length)
    }
}

package import Basics

/// A replacement of a source span, with the rule and the gap that justify it.
package struct Edit: Sendable, Hashable, Codable {
    package var span: SourceSpan
    package var replacement: String
    /// Id of the rule, `lower.one-command-a-step`.
    package var rule: String
    /// The gap it closes; nil for an edit that every target needs (relocation) or that concurrency needs.
    package var gap: Gap?
    /// The other gaps that it closes; nil when there is none.
    package var others: [Gap]?
    /// Why, in a line for `skvm diff`.
    package var reason: String
    package init(span: SourceSpan, replacement: String, rule: String, gap: Gap?, reason: String) {
        self.span = span
        self.replacement = replacement
        self.rule = rule
        self.gap = gap
        self.reason = reason
    }
}

/// What a transforming pass (`lower`, `schedule`) puts out: edits of SKILL.md and files to add to the variant.
package struct EditSet: Sendable, Hashable, Codable {
    /// A file that the variant gets beside those of the source (an outlined script).
    package struct AddedFile: Sendable, Hashable, Codable {
        package var path: RelativePath
        package var text: String
        package var isExecutable: Bool
        package var rule: String
        package init(path: RelativePath, text: String, isExecutable: Bool, rule: String) {
            self.path = path
            self.text = text
            self.isExecutable = isExecutable
            self.rule = rule
        }
    }

    /// A gap that no transform could close, said rather than hidden.
    package struct OpenGap: Sendable, Hashable, Codable {
        package var gap: Gap
        package var why: String
        package init(gap: Gap, why: String) {
            self.gap = gap
            self.why = why
        }
    }

    /// Sorted by span; no two overlap.
    package var edits: [Edit]
    package var files: [AddedFile]
    package var open: [OpenGap]
    package init(edits: [Edit] = [], files: [AddedFile] = [], open: [OpenGap] = []) {
        self.edits = edits
        self.files = files
        self.open = open
    }
}

import Basics
import SkillModel

/// Code that is named as one of several ways: "commands like `terraform plan`", "such as `curl` or `gcloud`".
enum Mention {
    /// Looks at the text right before the span, within its line. O(1).
    static func isExample(_ span: SourceSpan, _ document: SkillDocument) -> Bool {
        let start = max(0, span.start - 40)
        guard start < span.start, span.start <= document.bytes.count else { return false }
        var before = String(decoding: document.bytes[start..<span.start], as: UTF8.self).lowercased()[...]
        if let line = before.lastIndex(where: \.isNewline) { before = before[before.index(after: line)...] }
        if let stop = before.range(of: ". ") { before = before[stop.upperBound...] }
        return phrases.contains { before.range(of: $0) != nil }
    }

    private static let phrases = [
        "such as ", " like ", "(e.g. ", "(e.g., ", "may use ", "for example ", "for example, ", "(formerly ",
    ]
}
